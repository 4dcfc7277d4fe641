"""A draft checked through each door: the same document, the same rights."""

import base64
import io
import json
from pathlib import Path
from typing import Any

import docx
import pytest
from click.testing import CliRunner, Result
from starlette.testclient import TestClient

from assistant.ask import Assistant
from assistant.doors.api import Rules, create_app
from assistant.doors.cli.commands import morgue
from assistant.doors.keyring import Keyring
from assistant.render import draft_to_json
from assistant.settings import Settings
from ingest.archive import Archive
from ingest.archive.papers import FolderPapers

SAID = "“It was like a door slamming under the sea,” said Berit Onsager."
WRONG = "“It was like a window slamming under the sea,” said Berit Onsager."


@pytest.fixture
def client(sample: Archive) -> TestClient:
    return TestClient(create_app(Assistant(sample, Settings(mode="quotes"))))


def timeless(found: Any) -> Any:
    return {**found, "seconds": None}


def run(sample: Archive, *arguments: str, given: bytes | None = None) -> Result:
    folder = str(sample.folder)
    command = ["check", *arguments, "--archive", folder]
    return CliRunner(env={"MORGUE_EMBEDDER": "none"}).invoke(morgue, command, input=given)


def test_every_door_answers_the_document_of_the_library(
    sample: Archive, client: TestClient
) -> None:
    expected = timeless(draft_to_json(Assistant(sample).check(WRONG)))
    over_http = client.post("/v1/check", json={"text": WRONG})
    assert timeless(over_http.json()) == expected
    printed = run(sample, "-", "--json", given=WRONG.encode())
    assert timeless(json.loads(printed.stdout)) == expected
    assert expected["quotations"][0]["verdict"] == "altered"


def test_a_word_document_comes_in_base64(client: TestClient) -> None:
    made, held = docx.Document(), io.BytesIO()
    made.add_paragraph(SAID)
    made.save(held)
    body = {"docx": base64.b64encode(held.getvalue()).decode()}
    found = client.post("/v1/check", json=body).json()
    assert [one["verdict"] for one in found["quotations"]] == ["exact"]


@pytest.mark.parametrize(
    "body", [{}, {"text": "a", "docx": "YQ=="}, {"docx": "no base64!"}, {"docx": "YWJj"}]
)
def test_what_is_no_draft_is_refused_in_words(client: TestClient, body: dict[str, str]) -> None:
    reply = client.post("/v1/check", json=body)
    assert 400 <= reply.status_code < 500
    assert reply.json()["detail"]


def test_what_a_key_may_not_see_supports_nothing(sample: Archive, tmp_path: Path) -> None:
    ring = Keyring(FolderPapers(tmp_path))
    secret, _ = ring.add("stranger", collections=("another",))
    api = create_app(Assistant(sample), Rules(keys=ring))
    headers = {"Authorization": f"Bearer {secret}"}
    reply = TestClient(api, headers=headers).post("/v1/check", json={"text": SAID})
    found = reply.json()
    assert [one["verdict"] for one in found["quotations"]] == ["absent"]
    assert "Onsager" not in json.dumps([found["claims"], found["names"][0]["usual"]])


@pytest.mark.parametrize(
    ("text", "strict", "status"), [(SAID, True, 0), (WRONG, True, 1), (WRONG, False, 0)]
)
def test_the_exit_status_tells_only_where_it_is_asked_to(
    sample: Archive, text: str, strict: bool, status: int
) -> None:
    arguments = ["--strict"] if strict else []
    assert run(sample, "-", *arguments, given=text.encode()).exit_code == status


def test_a_page_and_a_file_of_another_format_are_written(sample: Archive, tmp_path: Path) -> None:
    story, page, table = (tmp_path / name for name in ("story.md", "page.html", "table.csv"))
    story.write_text(f"# Wreck\n\n{WRONG}", encoding="utf-8")
    done = run(sample, str(story), "--html", str(page), "--as", "csv", "--out", str(table))
    assert done.exit_code == 0
    assert "<!doctype html>" in page.read_text("utf-8")
    assert "altered" in table.read_text("utf-8")


@pytest.mark.parametrize("given", [["--as", "docx"], ["--out", "x.md"], ["--as", "odt"]])
def test_wrong_usage_of_a_format_is_told(sample: Archive, given: list[str]) -> None:
    assert run(sample, "-", *given, given=b"A text.").exit_code == 2


@pytest.mark.parametrize("as_", ["markdown", "html", "docx", "csv", "csl-json", "bibtex", "ris"])
def test_an_answer_comes_as_a_file(client: TestClient, as_: str) -> None:
    body = {"question": "What did Lucan Tesh withdraw?", "as": as_}
    reply = client.post("/v1/ask", json=body)
    assert reply.status_code == 200
    assert reply.headers["content-disposition"].startswith('attachment; filename="answer.')
    assert reply.content


def test_a_file_is_not_streamed(client: TestClient) -> None:
    body = {"question": "What did Lucan Tesh withdraw?", "as": "csv", "stream": True}
    assert client.post("/v1/ask", json=body).status_code == 422


def test_the_formats_of_the_command_line_are_those_that_there_are() -> None:
    from assistant.doors.cli.export_options import FORMATS as NAMED
    from assistant.render.export import FORMATS

    assert NAMED == FORMATS
