"""What the command line shows while it works, and that a terminal obeys none of it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from assistant.doors.cli.commands import morgue
from assistant.doors.cli.console import Console, failure, intake_line
from assistant.doors.keyring import Keyring
from ingest.archive import Archive
from ingest.archive.catalogue import papers_at
from ingest.errors import ArchiveBusy, ReadError
from ingest.language.control_characters import commands
from ingest.pipeline import ingest
from ingest.settings import IngestSettings

HOSTILE = "Echo\x1b]0;owned\x07\x1b]52;c;cGF5\x07\x1b[2J\x9b2J\x7f\u202eend\nforged line\rover"


def test_an_ingest_shows_files_articles_failures_rate_and_time_left() -> None:
    seen = {"files": (30, 120), "articles": (4500, 0), "failed": (2, 0)}
    line = intake_line(seen, 30.0)
    assert line == "files: 30 of 120  articles: 4,500  failed: 2  150/s  about 1:30 left"


def test_of_a_single_file_no_time_is_guessed() -> None:
    assert intake_line({"articles": (400, 0)}, 4.0) == "articles: 400  100/s"


@pytest.mark.parametrize(
    ("every", "lines"), [(0.0, ["leads: 1 of 9", "leads: 2 of 9"]), (60.0, [])]
)
def test_without_a_terminal_a_line_is_said_now_and_then(
    capsys: pytest.CaptureFixture[str], every: float, lines: list[str]
) -> None:
    console = Console(as_json=True, every=every)
    for done in (1, 2):
        console.progress("leads", done, 9)
    told = capsys.readouterr()
    assert (told.out, told.err.splitlines()) == ("", lines)


def obeyed(printed: str) -> set[str]:
    return {character for character in printed if character != "\n" and commands(character)}


@given(text=st.text(alphabet=st.characters(categories=["Cc", "Cf", "Cs", "L", "Zs"])))
def test_no_character_that_is_printed_commands_a_terminal(text: str) -> None:
    with pytest.MonkeyPatch.context() as changed:
        import io

        out, told = io.StringIO(), io.StringIO()
        changed.setattr("sys.stdout", out)
        changed.setattr("sys.stderr", told)
        for as_json in (False, True):
            Console(as_json=as_json).result({"name": text}, [text])
        Console(as_json=True).line({"name": text})
        Console(as_json=False).say(text)
    printed = out.getvalue()
    assert obeyed(printed + told.getvalue()) == set()
    first, *document, line = printed.removesuffix("\n").split("\n")
    assert len(first) == len(text)
    told_in_json = json.loads(json.dumps({"name": text}))  # two halves of a character are one there
    assert json.loads("\n".join(document)) == json.loads(line) == told_in_json


@pytest.mark.parametrize("how", [[], ["--json"]])
def test_no_command_passes_on_what_a_name_tells_the_terminal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: list[str]
) -> None:
    monkeypatch.setenv("MORGUE_EMBEDDER", "none")
    file = tmp_path / "in.jsonl"
    rows = [{"id": "a", "title": HOSTILE, "outlet": HOSTILE, "text": f"The mill burned. {HOSTILE}"}]
    file.write_text("".join(json.dumps(row) + "\n" for row in [*rows, {"text": 7, "id": HOSTILE}]))
    folder = tmp_path / "archive"
    with Archive.open(folder, create=True, settings=IngestSettings(embedder="none")) as archive:
        ingest([file], archive)
        (article,) = archive.newest(1)
    with papers_at(folder) as papers:
        Keyring(papers).add(HOSTILE, collections=[HOSTILE])
    for command in (
        ["status", "--failed"], ["keys", "list"], ["search", "mill"],
        ["ask", "Who burned the mill?"],
        ["show", article.article_id], ["replay"], ["doctor"], ["ingest", str(file)],
        ["ingest", "--dry-run", str(file)], ["drop", article.article_id, HOSTILE],
        ["keys", "revoke", HOSTILE], ["keys", "revoke", HOSTILE],
    ):  # fmt: skip
        place = [] if command[0] == "replay" else ["--archive", str(folder)]
        done = CliRunner().invoke(morgue, [*command, *place, *how])
        printed = done.stdout + done.stderr
        assert obeyed(printed) == set(), command
        assert "\nforged" not in printed, command


def test_a_failure_in_json_names_its_kind_its_place_and_its_detail() -> None:
    documents = [
        failure(ArchiveBusy("process 12 is writing", "wait for it").detailed("on host 3")),
        failure(ReadError("a.txt", "line 2", "not text")),
    ]
    assert documents == [
        {
            "error": {
                "kind": "ArchiveBusy",
                "message": "process 12 is writing: on host 3",
                "hint": "wait for it",
            }
        },
        {"error": {"kind": "ReadError", "message": "a.txt, line 2: not text", "hint": None}},
    ]
