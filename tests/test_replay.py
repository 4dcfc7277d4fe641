"""`morgue replay`, from the question to the differences a newer archive makes."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from assistant.doors.cli.commands import morgue
from assistant.render import phrasing
from ingest.archive.catalogue import papers_at
from tests.openai_server import OpenAIServer

PIER = {
    "title": "Pier reopens",
    "date": "2024-05-02",
    "outlet": "The Tarn Post",
    "url": "https://tarn-post.example/pier",
    "text": "The old pier of Oster Tarn reopened on Thursday, harbour master Ida Brandt said.",
}
QUESTION = "When did the old pier of Oster Tarn reopen?"
WRITTEN = "Harbour master Ida Brandt said the old pier of Oster Tarn reopened on Thursday [1].\n"


@pytest.fixture
def archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MORGUE_ARCHIVE", str(tmp_path / "archive"))
    monkeypatch.setenv("MORGUE_EMBEDDER", "none")
    put(tmp_path, PIER)
    return tmp_path / "archive"


def put(folder: Path, article: dict[str, str]) -> None:
    (folder / "in.jsonl").write_text(json.dumps(article) + "\n")
    run("ingest", str(folder / "in.jsonl"))


def run(*arguments: str) -> Result:
    done = CliRunner().invoke(morgue, [*arguments], catch_exceptions=False)
    assert done.exit_code == 0, (done.output, done.stderr)
    return done


def document(*arguments: str) -> Any:
    return json.loads(run(*arguments, "--json").stdout)


def test_an_answer_is_shown_again_and_answered_anew_with_its_differences(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with OpenAIServer(WRITTEN) as server:
        monkeypatch.setenv("MORGUE_BASE_URL", server.url)
        monkeypatch.setenv("MORGUE_MODEL", "scripted")
        answer = document("ask", QUESTION)
    monkeypatch.setenv("MORGUE_MODEL", "none")
    record_id = answer["record_id"]

    shown = document("replay", record_id)
    assert shown["record"]["outcome"] == answer
    assert shown["record"]["replies"] == [WRITTEN]
    assert (shown["record"]["change"], shown["gone"]) == (shown["change_now"], [])

    put(tmp_path, {**PIER, "text": PIER["text"].replace("Thursday", "Friday")})
    again = document("replay", record_id, "--again")
    assert again["change_now"] > again["record"]["change"]
    (citation,) = answer["citations"]
    told = [(each["what"], each["then"], each["now"]) for each in again["differences"]]
    newly_said = [claim["text"] for claim in again["again"]["claims"]]
    assert any("Friday" in text for text in newly_said)
    cited = f"{citation['article_id']}, version {{version}}, {{start}}-{{end}}"
    assert [each for each in told if each[0] != "faithfulness"] == [
        ("mode", "written", "quotes"),
        ("said no more", answer["claims"][0]["text"], None),
        *(("newly said", None, text) for text in newly_said),
        ("cited no more", cited.format(**citation), None),
        *(("newly cited", None, cited.format(**new)) for new in again["again"]["citations"]),
    ]
    # The old words are still those of the old version.
    text = run("replay", record_id, "--again").stdout
    assert QUESTION in text
    assert "Thursday" in text.partition("Answered again")[0]


@pytest.mark.parametrize("asked", ["When did the old pier reopen in May 2024?", "Who won in 1998?"])
def test_a_question_that_names_a_time_is_shown_again(archive: Path, asked: str) -> None:
    answer = document("ask", asked)
    assert document("replay", answer["record_id"])["record"]["outcome"] == answer
    assert document("replay", answer["record_id"], "--again")["differences"] == []
    (then,) = answer["searched"]["understood"].values()
    shown = run("replay", answer["record_id"]).stdout
    assert f"“{then['words']}” understood as {phrasing.period(*days(then))}" in shown


def days(told: Any) -> list[date]:
    return [date.fromisoformat(told[end]) for end in ("from", "to")]


def test_without_a_record_the_newest_are_listed(archive: Path) -> None:
    asked = [document("ask", question)["record_id"] for question in (QUESTION, "Who sank?")]
    listed = document("replay")["records"]
    assert [row["id"] for row in listed] == asked[::-1]
    assert [row["question"] for row in listed] == ["Who sank?", QUESTION]


def test_what_is_dropped_is_dropped_from_the_record_too(archive: Path) -> None:
    answer = document("ask", QUESTION)
    record_id = answer["record_id"]
    with papers_at(archive) as papers:
        held = papers.record(record_id)
        run("drop", answer["citations"][0]["article_id"])
        assert held
        assert papers.record(record_id) is None
        papers.keep_record(record_id, "00000000", held.decode())  # as if another reader had it
    for arguments in (["replay"], ["replay", "--again"], ["replay", "--again", "--json"]):
        done = run(*arguments, answer["record_id"])
        assert "Thursday" not in done.stdout + done.stderr
        assert answer["citations"][0]["article_id"] in done.stdout
