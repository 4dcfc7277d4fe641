"""A table in, a table out: nothing done twice, nothing lost, no formula."""

import csv
import json
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from openpyxl import load_workbook

from assistant.doors.cli.commands import morgue
from assistant.doors.cli.console import Console
from assistant.doors.cli.options import made_table
from assistant.doors.table_job import AskedTable, Cells, TableJob, plain_cell
from ingest.archive import Archive
from ingest.errors import ArchiveError, MorgueError, ReadError, SettingsError

EVIL = '=HYPERLINK("http://evil.example")'


def upper(asked: str) -> Iterable[Cells]:
    if asked == "bad":
        raise MorgueError("it is bad", "leave it")
    return [{"said": asked.upper(), "n": len(asked)}]


def quiet(what: str, done: int, of: int) -> None:
    """Show nothing."""


def made(tmp_path: Path, text: str, name: str = "out.csv", **how: Any) -> Path:
    source, out = tmp_path / "in.csv", tmp_path / name
    source.write_text(text, encoding="utf-8")
    TableJob(source=source, out=out, work=how.pop("work", upper), how=how).run(quiet)
    return out


def read(out: Path) -> list[dict[str, str]]:
    with out.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


def test_no_cell_that_was_given_is_written_over(tmp_path: Path) -> None:
    rows = read(made(tmp_path, "question,said,said (found),error\nbad,x,y,z\nb,x,y,z\n"))
    assert [[row[name] for name in ("said", "said (found)", "error")] for row in rows] == [
        ["x", "y", "z"], ["x", "y", "z"],
    ]  # fmt: skip
    assert [row["said (found) (found)"] for row in rows] == ["", "B"]
    assert [row["error (found)"] for row in rows] == ["it is bad", ""]


def test_two_columns_of_one_name_are_both_kept(tmp_path: Path) -> None:
    rows = read(made(tmp_path, "question,note,note,note (2),,\na,x,y,z,v,w\n"))
    assert rows == [
        {"question": "a", "note": "x", "note (3)": "y", "note (2)": "z", "": "v", "(2)": "w",
         "said": "A", "n": "1"}
    ]  # fmt: skip


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_rows_keep_their_columns_and_order(tmp_path: Path, separator: str) -> None:
    rows = [["id", "question"], ["7", "a"], ["8", "größe"]]
    out = made(tmp_path, "\ufeff" + "\n".join(separator.join(row) for row in rows))
    assert read(out) == [
        {"id": "7", "question": "a", "said": "A", "n": "1"},
        {"id": "8", "question": "größe", "said": "GRÖSSE", "n": "5"},
    ]


def test_what_fails_and_what_is_empty_is_said_in_its_row(tmp_path: Path) -> None:
    out = made(tmp_path, 'name,x\nbad,1\n,2\n"two\nlines",3\n')
    assert [row["error"] for row in read(out)] == ["it is bad", "the column 'name' is empty", ""]
    assert read(out)[2]["said"] == "TWO\nLINES"


def test_a_run_that_was_killed_goes_on_and_does_nothing_twice(tmp_path: Path) -> None:
    program = (
        "import os, sys; from pathlib import Path\n"
        "from assistant.doors.table_job import TableJob\n"
        "def work(asked):\n"
        "    print(asked, flush=True)\n"
        "    if asked == sys.argv[2]: os._exit(9)\n"
        "    return [{'said': asked.upper()}]\n"
        "folder = Path(sys.argv[1])\n"
        "TableJob(source=folder / 'in.csv', out=folder / 'out.csv', work=work, how={})"
        ".run(lambda *_: None)\n"
    )
    (tmp_path / "in.csv").write_text("question\na\nb\nc\nd\n")
    asked = []
    for stop in ("c", "nothing"):
        command = [sys.executable, "-c", program, str(tmp_path), stop]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        asked.append(done.stdout.split())
        with (
            (tmp_path / "out.csv.part").open("ab")
            if stop == "c"
            else (tmp_path / "x").open("wb") as torn
        ):
            torn.write(b'[2, [{"sa')
    assert asked == [["a", "b", "c"], ["c", "d"]]
    assert [row["said"] for row in read(tmp_path / "out.csv")] == ["A", "B", "C", "D"]
    assert not (tmp_path / "out.csv.part").exists()


def test_a_run_goes_on_only_as_it_began(tmp_path: Path) -> None:
    def stop(asked: str) -> Iterable[Cells]:
        if asked == "b":
            raise KeyboardInterrupt
        return upper(asked)

    with pytest.raises(KeyboardInterrupt):
        made(tmp_path, "question\na\nb\n", work=stop, k=3)
    for text, k in (("question\na\nc\n", 3), ("question\na\nb\n", 4)):
        with pytest.raises(SettingsError, match="another table or other options"):
            made(tmp_path, text, k=k)
    assert len(read(made(tmp_path, "question\na\nb\n", k=3))) == 2


def test_no_table_is_written_over(tmp_path: Path) -> None:
    made(tmp_path, "question\na\n")
    with pytest.raises(SettingsError, match="is there already"):
        made(tmp_path, "question\nb\n")
    assert read(tmp_path / "out.csv")[0]["question"] == "a"


@pytest.mark.parametrize(
    ("cell", "shown"),
    [(EVIL, f"'{EVIL}"), ("+1-2", "'+1-2"), ("-5", "-5"), ("@SUM(1)", "'@SUM(1)"),
     ("  =1", "'  =1"), ("\t=1", "'\t=1"), ("＝1", "'＝1"), ("plain", "plain"), (-5, -5),
     (["=a", "b"], "'=a; b"), (None, "")],
)  # fmt: skip
def test_no_cell_is_a_formula(cell: object, shown: object) -> None:
    assert plain_cell(cell) == shown


def test_a_workbook_holds_words_and_no_formula(tmp_path: Path) -> None:
    long = "x" * 40_000

    def hostile(asked: str) -> Iterable[Cells]:
        return [{"said": EVIL, "odd": "a\x00\x1b[31mb", "long": long, "n": 3}]

    out = made(tmp_path, "question\na\n", "out.xlsx", work=hostile)
    head, row = load_workbook(out).active.iter_rows()
    assert [cell.value for cell in head] == ["question", "said", "odd", "long", "n"]
    assert (row[1].value, row[1].data_type) == (EVIL, "s")
    assert row[3].value.endswith("(cut)")
    assert row[4].value == 3


def test_lines_of_json_keep_what_is_a_list(tmp_path: Path) -> None:
    out = made(tmp_path, "question\na\n", "out.jsonl", work=lambda _: [{"ids": ["x", "y"]}])
    assert json.loads(out.read_text()) == {"question": "a", "ids": ["x", "y"]}


@pytest.mark.parametrize(
    ("data", "why"),
    [(b"", "names no columns"), (b"a\n\xff\n", "not UTF-8"), (b'a\n"x', "no table"),
     (b"a,b\n1,2,3\n", "more cells")],
)  # fmt: skip
def test_what_is_no_table_says_so(tmp_path: Path, data: bytes, why: str) -> None:
    (tmp_path / "in.csv").write_bytes(data)
    with pytest.raises(ReadError, match=why):
        AskedTable.read(tmp_path / "in.csv")


def test_a_column_is_named_or_known_or_the_first(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("id,Query,x\n1,2,3\n")
    file = tmp_path / "in.csv"
    assert [AskedTable.read(file, name).asked for name in (None, "x", "id")] == [1, 2, 0]
    with pytest.raises(SettingsError, match="no column 'y'"):
        AskedTable.read(file, "y")


def test_questions_and_queries_are_asked_from_a_table(sample: Archive, tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("id,question\n1,What did Lucan Tesh withdraw?\n2,ferry\n")
    place = ["--archive", str(sample.folder), "--csv", str(tmp_path / "in.csv"), "--json"]
    for verb, name in (("ask", "asked.csv"), ("search", "found.csv")):
        out = tmp_path / name
        done = CliRunner().invoke(morgue, [verb, *place, "--out", str(out)])
        assert (done.exit_code, json.loads(done.stdout)["rows"]) == (0, 2), done.output
    asked, found = read(tmp_path / "asked.csv"), read(tmp_path / "found.csv")
    assert "Tesh" in asked[0]["answer"]
    assert asked[0]["article_ids"]
    assert {row["id"] for row in found} == {"1", "2"}
    assert len(found) > 2


def test_a_verb_asks_its_own_column_before_the_usual_ones(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("question,name,speaker\n1,2,3\n")
    file = tmp_path / "in.csv"
    assert AskedTable.read(file, named=["speaker", "name"]).asked == 2
    assert AskedTable.read(file, "name", ["speaker"]).asked == 1


def test_speakers_and_quotations_are_looked_up_from_a_table(
    sample: Archive, tmp_path: Path
) -> None:
    quoted = "not one drop of that water"
    (tmp_path / "in.csv").write_text(f"quote,speaker\n{quoted},Lucan Tesh\nno geese flew,Zq Vx\n")
    place = ["--archive", str(sample.folder), "--csv", str(tmp_path / "in.csv"), "--json"]
    for verb, name, more in (("said", "said.csv", ["litre"]), ("quote", "quoted.xlsx", [])):
        out = tmp_path / name
        done = CliRunner().invoke(morgue, [verb, *place, "--out", str(out), *more])
        assert (done.exit_code, json.loads(done.stdout)["rows"]) == (0, 2), done.output
    said = read(tmp_path / "said.csv")
    assert {row["speaker"] for row in said} == {"Lucan Tesh", "Zq Vx"}
    assert {row["speaker (found)"] for row in said if row["text"]} == {"Lucan Tesh"}
    assert all("litre" in row["text"] for row in said if row["text"])
    assert [row["total"] for row in said][-1] == "0"
    head, *rows = load_workbook(tmp_path / "quoted.xlsx").active.iter_rows(values_only=True)
    found = [dict(zip(head, row, strict=True)) for row in rows]
    assert {(row["quote"], row["verdict"]) for row in found} == {
        (quoted, "altered"), ("no geese flew", "absent"),
    }  # fmt: skip
    assert {row["found"] for row in found if row["verdict"] == "absent"} <= {"nearest", None}
    assert all(row["difference"] for row in found if row["found"] == "altered")


@pytest.mark.parametrize("verb", ["ask", "search", "said", "quote"])
@pytest.mark.parametrize("given", [["--csv", "IN"], ["--csv", "IN", "--out", "o.csv", "x"], []])
def test_a_table_goes_with_its_name_and_without_a_question(
    tmp_path: Path, verb: str, given: list[str]
) -> None:
    if verb == "said" and "x" in given:  # words, beside the speakers of the table
        return
    (tmp_path / "IN").write_text("question\na\n")
    command = [verb, *(str(tmp_path / "IN") if one == "IN" else one for one in given)]
    assert CliRunner().invoke(morgue, command).exit_code == 2


def test_of_a_store_that_fails_the_terminal_is_told_all_once_and_the_table_less(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def gone(_: str) -> Iterable[Cells]:
        raise ArchiveError("the store is gone", "start it").detailed("at db.internal")

    (tmp_path / "in.csv").write_text("question\na\nb\n", encoding="utf-8")
    given = {"table": tmp_path / "in.csv", "out": tmp_path / "out.csv", "column": None}
    assert made_table(Console(as_json=True), given, gone, {}) == 2
    told = capsys.readouterr().err
    assert told.count("morgue: the store is gone: at db.internal\n  start it") == 1
    assert {row["error"] for row in read(tmp_path / "out.csv")} == {"the store is gone"}
