"""The command `morgue`: what it prints, and how it ends."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import click
import pytest
from click.testing import CliRunner

from assistant.doors.cli import commands

ARTICLES = [
    {
        "title": "Kiln closes",
        "date": "2024-05-02",
        "outlet": "The Tarn Post",
        "url": "https://tarn-post.example/kiln",
        "text": "The last brick kiln of Oster Tarn closed on Thursday.\n\n"
        "“We have no clay left,” its owner Ida Brandt said.",
    },
    {
        "title": "Kiln to become museum",
        "date": "2024-06-11",
        "outlet": "The Oster Mail",
        "url": "https://oster-mail.example/museum",
        "text": "The council of Oster Tarn will turn the old brick kiln into a museum.",
    },
]


class Ended(NamedTuple):
    """What a command printed, and its status."""

    stdout: str
    stderr: str
    returncode: int


def morgue(*arguments: str, archive: Path) -> Ended:
    # In this process: another would spend its time on importing what is here already.
    environment = {"MORGUE_EMBEDDER": "none", "MORGUE_ARCHIVE": str(archive)}
    done = CliRunner().invoke(commands.morgue, [*arguments], env=environment)
    return Ended(done.stdout, done.stderr, done.exit_code)


def process(*arguments: str, archive: Path, given: str | None = None) -> Ended:
    done = subprocess.run(
        [sys.executable, "-m", "assistant", *arguments], input=given,
        env={**os.environ, "MORGUE_EMBEDDER": "none", "MORGUE_ARCHIVE": str(archive)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return Ended(done.stdout, done.stderr, done.returncode)


def document(done: Ended) -> Any:
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli")
    file = folder / "in.jsonl"
    file.write_text("".join(json.dumps(article) + "\n" for article in ARTICLES))
    done = morgue("ingest", "--json", str(file), archive=folder / "archive")
    assert done.returncode == 0, done.stderr
    report = document(done)
    assert (report["read"], report["added"], report["failed"]) == (2, 2, [])
    return folder / "archive"


def verbs(group: click.Group) -> Iterator[click.Command]:
    for command in group.commands.values():
        if isinstance(command, click.Group):
            yield from verbs(command)
        else:
            yield command


def test_every_verb_is_told_its_archive_and_prints_json_where_it_is_asked_to() -> None:
    lacking = [
        verb.name
        for verb in verbs(commands.morgue)
        if not {"--archive", "--json"} <= {name for one in verb.params for name in one.opts}
    ]
    assert lacking == []


def test_json_is_one_document_and_nothing_else_on_standard_output(archive: Path) -> None:
    done = process("ask", "--json", "When did the brick kiln close?", archive=archive)
    answer = document(done)
    assert (answer["schema"], answer["kind"], answer["mode"]) == (1, "answer", "quotes")
    for citation in answer["citations"]:
        shown = document(morgue("show", "--json", citation["article_id"], archive=archive))
        assert shown["text"][citation["start"] : citation["end"]] == citation["text"]


def test_that_the_archive_does_not_say_is_a_result_with_status_0(archive: Path) -> None:
    done = morgue("ask", "--json", "Who painted the town hall ceiling?", archive=archive)
    assert (done.returncode, document(done)["kind"]) == (0, "no_answer")


def test_a_bad_record_is_named_the_rest_is_read_and_the_status_is_3(tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    file.write_text(json.dumps(ARTICLES[0]) + "\n{broken\n" + json.dumps(ARTICLES[1]) + "\n")
    done = morgue("ingest", "--json", str(file), archive=tmp_path / "a")
    report = document(done)
    assert (done.returncode, report["added"]) == (3, 2)
    assert [(f["file"], f["where"]) for f in report["failed"]] == [("in.jsonl", "line 2")]


def test_reading_the_same_again_changes_nothing(archive: Path, tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    file.write_text("".join(json.dumps(article) + "\n" for article in ARTICLES))
    report = document(morgue("ingest", "--json", str(file), archive=archive))
    assert (report["read"], report["unchanged"], report["added"]) == (2, 2, 0)


def test_standard_input_is_read(tmp_path: Path) -> None:
    given = json.dumps(ARTICLES[0]) + "\n"
    done = process("ingest", "--json", "-", archive=tmp_path / "a", given=given)
    assert document(done)["added"] == 1


def test_many_questions_get_a_line_each_in_their_order(archive: Path, tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    rows = [
        {"id": "kiln", "question": "When did the brick kiln close?"},
        {"id": "early", "question": "What becomes of the kiln museum?", "date": "2024-05-03"},
        {"id": "bad"},
    ]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows) + "not json\n")
    done = morgue("ask", "--questions", str(file), archive=archive)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert [line["id"] for line in lines] == ["kiln", "early", "bad", None]
    assert [line.get("kind") for line in lines] == ["answer", "no_answer", None, None]
    assert "line 3" in lines[2]["error"]["message"]
    assert done.returncode == 3


def test_dates_of_questions_can_be_ignored(archive: Path, tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    row = {
        "id": 1,
        "question": "What does the council turn the old kiln into?",
        "date": "2024-05-03",
    }
    file.write_text(json.dumps(row))
    done = morgue("ask", "--ignore-dates", "--questions", str(file), archive=archive)
    assert json.loads(done.stdout)["kind"] == "answer"


def test_search_can_be_narrowed_by_outlet_and_sorted_by_date(archive: Path) -> None:
    found = document(morgue("search", "--json", "kiln", "--sort", "date", archive=archive))
    assert [hit["outlet"] for hit in found["hits"]] == ["The Tarn Post", "The Oster Mail"]
    mail = morgue("search", "--json", "kiln", "--outlet", "The Oster Mail", archive=archive)
    assert [hit["outlet"] for hit in document(mail)["hits"]] == ["The Oster Mail"]


def test_status_counts_what_is_there(archive: Path) -> None:
    status = document(morgue("status", "--json", archive=archive))
    assert (status["articles"], status["from"], status["to"]) == (2, "2024-05-02", "2024-06-11")
    assert status["outlets"] == {"The Oster Mail": 1, "The Tarn Post": 1}
    assert status["embedder"] is None


def test_what_is_withheld_is_counted_and_told_where_a_search_finds_nothing_else(
    tmp_path: Path,
) -> None:
    file, shelf = tmp_path / "in.jsonl", tmp_path / "a"
    kept = [{**ARTICLES[0], "embargo_until": "2999-01-02T06:00:00Z"}, ARTICLES[1]]
    file.write_text("".join(json.dumps(one) + "\n" for one in kept))
    assert document(morgue("ingest", "--json", str(file), archive=shelf))["withheld"] == {
        "2999-01-02": 1
    }
    assert "withheld: 1 (1 until 2999-01-02)" in morgue("status", archive=shelf).stdout
    query = ARTICLES[0]["title"]
    found = morgue("search", "--json", query, "--outlet", ARTICLES[0]["outlet"], archive=shelf)
    assert document(found)["hits"] == []
    assert "what matches is under embargo; withheld: 1 (1 until 2999-01-02)" in found.stderr
    assert "embargo" not in morgue("search", "--json", "zeppelin", archive=shelf).stderr


def test_what_is_dropped_is_gone_and_what_is_unknown_is_said(tmp_path: Path) -> None:
    file = tmp_path / "in.jsonl"
    file.write_text(json.dumps(ARTICLES[0]) + "\n")
    morgue("ingest", str(file), archive=tmp_path / "a")
    (hit,) = document(morgue("search", "--json", "kiln", archive=tmp_path / "a"))["hits"]
    done = morgue("drop", "--json", hit["article_id"], "nobody", archive=tmp_path / "a")
    assert document(done)["dropped"] == [hit["article_id"]]
    assert document(done)["unknown"] == ["nobody"]
    assert document(morgue("search", "--json", "kiln", archive=tmp_path / "a"))["hits"] == []


def test_doctor_and_rebuild_find_an_archive_whole(archive: Path) -> None:
    for verb in ("doctor", "rebuild"):
        done = morgue(verb, "--json", archive=archive)
        assert done.returncode == 0, done.stdout
        assert all(check["ok"] for check in document(done)["checks"])


def test_a_dry_run_shows_articles_and_keeps_nothing(tmp_path: Path) -> None:
    given = json.dumps(ARTICLES[0]) + "\n"
    done = process("ingest", "--dry-run", "--json", "-", archive=tmp_path / "a", given=given)
    assert document(done)["articles"][0]["title"] == "Kiln closes"
    assert not (tmp_path / "a").exists()


def test_a_missing_archive_is_said_in_words_with_what_to_do(tmp_path: Path) -> None:
    done = morgue("status", "--json", archive=tmp_path / "none")
    assert done.returncode == 1
    error = document(done)["error"]
    assert (error["kind"], error["hint"]) == ("ArchiveMissing", "run `morgue ingest PATH` first")
    plain = morgue("status", archive=tmp_path / "none")
    assert (plain.stdout, "Traceback" in plain.stderr) == ("", False)


def test_what_somebody_said_is_shown_with_where_it_stands(archive: Path) -> None:
    (one,) = document(morgue("said", "Ida Brandt", "--json", archive=archive))["statements"]
    assert (one["speaker"], one["kind"], one["text"]) == (
        "Ida Brandt", "direct", "We have no clay left,",
    )  # fmt: skip
    told = morgue("said", "Brandt", "clay", archive=archive)
    assert (told.returncode, "We have no clay left," in told.stdout) == (0, True)
    nobody = document(morgue("said", "Odo Brey", "--json", archive=archive))
    assert (nobody["statements"], nobody["total"]) == ([], 0)


@pytest.mark.parametrize(
    ("words", "verdict", "shown"),
    [
        ("We have no clay left", "exact", "Ida Brandt"),
        ("we have no bricks left", "altered", "[-bricks-] {+clay+}"),
        ("the moon is made of cheese", "absent", "Not in this archive"),
    ],
)
def test_remembered_words_are_found_exact_altered_or_not_at_all(
    words: str, verdict: str, shown: str, archive: Path
) -> None:
    assert document(morgue("quote", words, "--json", archive=archive))["verdict"] == verdict
    assert shown in morgue("quote", words, archive=archive).stdout


def test_an_archive_that_is_not_there_is_not_served(tmp_path: Path) -> None:
    done = process("serve", "--port", "0", archive=tmp_path / "typo")
    assert (done.returncode, (tmp_path / "typo").exists()) == (1, False)
    assert "there is no archive at" in done.stderr
    assert "run `morgue ingest PATH` first" in done.stderr


@pytest.mark.parametrize(
    "wrong", [["ask"], ["ask", "x", "--from", "yesterday"], ["fly"], ["search", "x", "-k", "0"]]
)
def test_wrong_usage_ends_with_2(wrong: list[str], archive: Path) -> None:
    assert morgue(*wrong, archive=archive).returncode == 2


def test_wrong_usage_with_json_is_a_document(archive: Path) -> None:
    done = process("ask", "x", "--json", "--from", "lastweek", archive=archive)
    assert (done.returncode, document(done)) == (
        2,
        {
            "error": {
                "kind": "UsageError",
                "message": "Invalid value for '--from': 'lastweek' is not a day; "
                "write it like 2024-03-12.",
                "hint": "see `morgue ask --help`",
            }
        },
    )


def test_words_without_quotation_marks_are_told_to_take_some(archive: Path) -> None:
    done = morgue("search", "bread", "tax", archive=archive)
    assert done.returncode == 2
    assert 'put QUERY in quotation marks: "bread tax"' in done.stderr


def test_an_answer_fits_a_terminal_of_eighty_columns(archive: Path) -> None:
    done = process("ask", "When did the brick kiln close?", archive=archive)
    assert max(len(line) for line in done.stdout.splitlines()) <= 80


@pytest.mark.parametrize("command", ["ask", "search"])
def test_a_question_that_is_no_utf8_is_answered_all_the_same(command: str, archive: Path) -> None:
    done = process(command, "--json", "When did the brick kiln close?\udcff", archive=archive)
    assert (done.returncode, document(done)["schema"]) == (0, 1)


def test_a_folder_without_files_is_told_and_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    archive = tmp_path / "archive"
    for more in ([], ["--dry-run"]):
        done = morgue("ingest", str(tmp_path / "inbox"), "--no-embed", *more, archive=archive)
        assert f"nothing to read in {tmp_path / 'inbox'}: no file is there" in done.stdout
        assert done.returncode == 0
    told = morgue("ingest", str(tmp_path / "inbox"), "--no-embed", "--json", archive=archive)
    assert json.loads(told.stdout)["empty"] == [str(tmp_path / "inbox")]


def test_what_cannot_be_read_says_what_to_do_once_within_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "a.html").touch()
    (tmp_path / "b.txt").touch()
    (tmp_path / "c.bin").write_bytes(b"\x00\x01\x02\xff\xfe\x00\x00" * 9)
    archive = tmp_path / "archive"
    done = morgue("ingest", str(tmp_path), "--no-embed", "--dry-run", archive=archive)
    told = done.stdout.splitlines()
    assert [line for line in told if line.startswith("not read")] == [
        "not read: a.html: it is empty",
        "not read: b.txt: it is empty",
        "not read: c.bin: no reader knows its format",
    ]
    assert told.count("  save or export it again, or leave it out") == 1
    assert max(map(len, told)) <= 80
    assert done.returncode == 3
    missing = morgue("ingest", str(tmp_path / "gone"), "--no-embed", archive=archive)
    assert f"{tmp_path / 'gone'}: there is no such file or folder\n  see how it" in missing.stdout
    assert missing.returncode == 3
