"""Whatever a verb finds is written in every format that there is, through every door."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from fastapi.testclient import TestClient

from assistant.ask import Assistant
from assistant.doors.api import create_app
from assistant.doors.cli.commands import morgue
from assistant.render.export import FORMATS, media_types
from ingest.archive import Archive

FOUND: dict[str, tuple[list[str], dict[str, Any]]] = {
    "list": (["Lucan Tesh"], {"query": "Lucan Tesh", "sort": "relevance"}),
    "said": (["Lucan Tesh", "litre"], {"speaker": "Lucan Tesh", "words": "litre"}),
    "quote": (["not one litre of that water"], {"words": "not one litre of that water"}),
}
"""Each verb with what it is given on the command line, and over HTTP."""


def run(archive: Archive, *arguments: str) -> Result:
    return CliRunner().invoke(morgue, [*arguments, "--archive", str(archive.folder)])


@pytest.mark.parametrize("verb", FOUND)
@pytest.mark.parametrize("as_", FORMATS)
def test_what_is_found_is_the_same_file_over_http_as_on_the_command_line(
    sample: Archive, tmp_path: Path, verb: str, as_: str
) -> None:
    typed, body = FOUND[verb]
    out = tmp_path / "out"
    done = run(sample, verb, *typed, "--as", as_, "--out", str(out))
    assert (done.exit_code, done.stdout) == (0, ""), done.output
    reply = TestClient(create_app(Assistant(sample))).post(f"/v1/{verb}", json={**body, "as": as_})
    assert reply.status_code == 200
    assert reply.headers["content-type"].partition(";")[0] in media_types()
    assert reply.headers["content-disposition"].startswith(f'attachment; filename="{verb}.')
    assert len(reply.content) > 100
    if as_ != "docx":  # a Word document says when it was packed
        assert reply.content == out.read_bytes()


@pytest.mark.parametrize("verb", FOUND)
def test_a_document_is_printed_beside_the_file(sample: Archive, tmp_path: Path, verb: str) -> None:
    out = tmp_path / "out.md"
    done = run(sample, verb, *FOUND[verb][0], "--as", "markdown", "--out", str(out), "--json")
    assert json.loads(done.stdout)["schema"] == 1
    assert "[^" in out.read_text("utf-8")


@pytest.mark.parametrize("verb", FOUND)
@pytest.mark.parametrize("given", [["--as", "docx"], ["--out", "x.md"], ["--as", "odt"]])
def test_wrong_usage_of_a_format_is_told(sample: Archive, verb: str, given: list[str]) -> None:
    assert run(sample, verb, *FOUND[verb][0], *given).exit_code == 2


def test_a_list_is_written_or_counted(sample: Archive) -> None:
    assert run(sample, "list", "--as", "csv", "--facets").exit_code == 2
