"""The record of an answer: what stands in it, what never does, and how many are kept."""

import json
import stat
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from assistant.answer import Answer, Outcome, Turn
from assistant.ask import Assistant
from assistant.doors.cli.replaying import ReplayChange, differences, restored
from assistant.history import Record, Records
from assistant.models import prompts
from assistant.models.llm import load
from assistant.render import to_json
from assistant.settings import Settings
from ingest.archive import Archive
from ingest.archive.papers import FolderPapers, Papers
from ingest.errors import MorgueError, ReadError
from tests.fakes import OverlapReader, ScriptedModel
from tests.newsroom import harbour_answer, no_answer
from tests.openai_server import OpenAIServer

PERDITA = "How many people were aboard the Perdita?"
KEY = "sk-tarn-0123456789abcdef"


def record_of(outcome: Outcome, archive: Archive) -> Record:
    assert outcome.record_id is not None
    return Records(archive.papers).read(outcome.record_id)


def folder() -> Path:
    """Return where the records are that stand in files."""
    return FolderPapers().own


def file_of(record_id: str | None) -> Path:
    (file,) = folder().glob(f"{record_id}*.json")
    return file


def kept(number: int) -> Record:
    """Return a record that nobody wrote."""
    return Record.model_validate(
        {
            "id": f"20240312T0901{number:08d}-{number:08d}",
            "at": datetime(2024, 3, 12, 9, 1, number % 60, tzinfo=UTC),
            "archive": "news",
            "change": 1,
            "question": {"text": "What?", "asked": "What?"},
            "outcome": to_json(no_answer("What?")),
        }
    )


def test_a_record_says_what_was_asked_read_used_written_and_said(sample: Archive) -> None:
    model = ScriptedModel("A ferry with 187 people aboard ran on to rocks [1].\n")
    turns = [Turn(question="What sank off Skarn?", answer="The Perdita.")]
    answer = Assistant(sample, Settings(mode="written"), model).ask(PERDITA, history=turns)
    record = record_of(answer, sample)
    assert (record.question.asked, record.history) == (PERDITA, tuple(turns))
    assert (record.archive, record.change) == (sample.papers.archive, sample.status().change)
    assert (record.model, record.replies) == (
        "scripted",
        ("A ferry with 187 people aboard ran on to rocks [1].\n",),
    )
    assert record.prompts == {"write": prompts.load("write").hash}
    assert record.outcome == json.loads(json.dumps(to_json(answer)))
    assert record.passages
    for read in record.passages:
        article = sample.get(read.article_id, read.version)
        assert article is not None
        assert article.text[read.start : read.end].strip()


def test_that_the_archive_does_not_say_is_on_record_too(sample: Archive) -> None:
    outcome = Assistant(sample, Settings(model="none")).ask("Who won the 1998 World Cup?")
    assert record_of(outcome, sample).outcome["reason"] == "nothing_found"


def test_a_restored_outcome_is_the_one_that_was_given(sample: Archive) -> None:
    for question in (PERDITA, "What did Lucan Tesh withdraw?", "Who won the 1998 World Cup?"):
        given = Assistant(sample, Settings(model="none")).ask(question)
        assert restored(record_of(given, sample), sample.get) == given


def test_a_written_outcome_is_restored_with_its_judgements(sample: Archive) -> None:
    said = ScriptedModel("The Perdita carried 187 people. [1]\nIt was painted by monks. [1]\n")
    desk = Assistant(sample, Settings(mode="written"), said)
    desk.reader = OverlapReader()
    given = desk.ask(PERDITA)
    again = restored(record_of(given, sample), sample.get)
    assert to_json(again) == to_json(given)
    assert isinstance(again, Answer)
    judged = [claim.judgement for claim in again.claims]
    judged += [left.judgement for left in again.omitted]
    assert [one.read_by for one in judged if one] == ["overlap", "overlap"]


def test_no_key_stands_in_a_record_even_if_the_server_says_it(sample: Archive) -> None:
    with OpenAIServer(f"The key {KEY} opens the Perdita [1].\n") as server:
        url = server.url.replace("http://", f"http://reader:{KEY}@")
        settings = Settings(base_url=url, api_key=SecretStr(KEY), model="scripted")
        answer = Assistant(sample, settings, load(settings)).ask(f"Is {KEY} the Perdita’s key?")
    assert answer.record_id is not None
    written = (sample.papers.record(answer.record_id) or b"").decode()
    assert KEY not in written
    assert "Is [secret] the Perdita’s key?" in written


def test_the_oldest_records_go_when_there_are_too_many(papers: Papers) -> None:
    records = Records(papers, most=3)
    for number in range(5):
        records.keep(kept(number))
    assert records.ids() == [kept(number).id for number in (2, 3, 4)]


@pytest.mark.embedded
def test_dropping_and_reading_records_looks_at_their_folder_a_few_times(
    tmp_path: Path,
) -> None:
    records = Records(tmp_path / "records", most=100)
    looks: list[object] = []

    def look(event: str, about: tuple[object, ...]) -> None:
        if event in {"os.listdir", "os.scandir"} and str(tmp_path) in str(about[0]):
            looks.append(about)

    sys.addaudithook(look)
    for number in range(120):
        records.keep(kept(number))
    assert len(records.ids()) == len(list(records.newest(100)))
    assert records.forget(["nothing that any names"]) == 0
    # One when first asked, and two for each twentieth that is dropped.
    assert len(looks) < 15


def test_many_who_answer_at_once_keep_as_many_records_as_one(tmp_path: Path) -> None:
    records = Records(tmp_path / "records", most=40)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(records.keep, map(kept, range(200))))
    assert 38 <= len(records.ids()) <= 40


def test_records_of_many_threads_are_all_whole(sample: Archive) -> None:
    assistant = Assistant(sample, Settings(model="none"))
    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(lambda _: assistant.ask(PERDITA), range(16)))
    assert len({outcome.record_id for outcome in outcomes}) == 16
    assert [record_of(outcome, sample).question.asked for outcome in outcomes] == [PERDITA] * 16
    assert not list(folder().glob("*.part"))


def test_keeping_records_can_be_switched_off(
    sample: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MORGUE_RECORDS", "0")
    outcome = Assistant(sample, Settings(model="none")).ask(PERDITA)
    assert outcome.record_id is None
    assert not folder().exists()


@pytest.mark.embedded
def test_what_cannot_be_kept_is_answered_all_the_same(
    sample: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("not a folder")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "file"))
    outcome = Assistant(sample, Settings(model="none")).ask(PERDITA)
    assert isinstance(outcome, Answer)
    assert outcome.record_id is None


def test_a_record_is_its_readers_own() -> None:
    records = Records()
    records.keep(kept(1))
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (folder(), *folder().iterdir())]
    assert modes == [0o700, 0o600]


def test_records_that_name_a_dropped_article_are_forgotten(sample: Archive) -> None:
    assistant = Assistant(sample, Settings(model="none"))
    records = Records(sample.papers)
    records.papers.drop_records(records.ids())
    answer = assistant.ask(PERDITA)
    other = assistant.ask("What did Lucan Tesh withdraw?")
    assert records.forget([answer.citations[0].article.article_id]) == 1
    assert records.ids() == [other.record_id]


@pytest.mark.parametrize("name", ["../secret", "", "20240312T090100000001-0000000g"])
def test_a_name_that_is_no_records_is_never_a_path(name: str) -> None:
    with pytest.raises(MorgueError, match="there is no record"):
        Records().read(name)


def test_nobody_pushes_out_the_records_of_another_archive_or_key(papers: Papers) -> None:
    records = Records(papers, most=2)
    first, second = kept(1), kept(2)
    records.keep(first.model_copy(update={"asker": "quiet"}))
    records.keep(second.model_copy(update={"archive": "elsewhere"}))
    for number in range(3, 9):
        records.keep(kept(number).model_copy(update={"asker": "busy"}))
    ids = [kept(number).id for number in (1, 2, 7, 8)]
    assert records.ids() == ids
    assert [records.read(one).asker for one in ids] == ["quiet", None, "busy", "busy"]


def test_a_record_of_before_is_still_read() -> None:
    records = Records()
    folder().mkdir(parents=True)
    (folder() / f"{kept(1).id}.json").write_text(kept(1).model_dump_json())
    assert records.read(kept(1).id) == kept(1)
    assert list(records.newest(3)) == [kept(1)]


def test_a_record_is_there_for_every_host(host: Callable[[str], Papers]) -> None:
    one, other = Records(host("one")), Records(host("other"))
    mine, anothers = kept(1).model_copy(update={"asker": "k1"}), kept(2)
    one.keep(mine)
    one.keep(anothers)
    assert other.read(mine.id) == mine
    assert other.ids() == [mine.id, anothers.id]
    assert list(other.of("news", "k1", datetime(2024, 1, 1, tzinfo=UTC))) == [mine]
    assert other.forget(["no such article"]) == 0
    assert list(one.newest(3)) == [anothers, mine]


def test_a_broken_record_is_named_and_hides_no_other() -> None:
    records = Records()
    records.keep(kept(1))
    records.keep(kept(2))
    file_of(kept(1).id).write_text('{"id": ')
    with pytest.raises(ReadError, match=kept(1).id):
        records.read(kept(1).id)
    assert [record.id for record in records.newest(5)] == [kept(2).id]


def test_differences_are_told_sentence_by_sentence() -> None:
    then: dict[str, Any] = to_json(harbour_answer())
    (claim,) = harbour_answer().claims
    doubted = to_json(replace(harbour_answer(), claims=(replace(claim, verdict="partly"),)))
    place = (
        f"a1, version 1, {harbour_answer().citations[0].start}-{harbour_answer().citations[0].end}"
    )
    assert differences(then, then) == []
    assert differences(then, doubted) == [
        ReplayChange(f"verdict of {claim.text!r}", "verbatim", "partly")
    ]
    assert differences(then, to_json(no_answer("What?"))) == [
        ReplayChange("kind", "answer", "no_answer"),
        ReplayChange("reason", None, "not_enough"),
        ReplayChange("said no more", claim.text, None),
        ReplayChange("cited no more", place, None),
    ]
