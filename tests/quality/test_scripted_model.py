"""What a strong model writes reaches the screen whole where it is true, and nowhere where not.

A server on loopback writes prepared sentences over the sample archive and judges each by its
label, so that whatever is lost or let through was so between the model and the screen.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from assistant.answer import Answer, Outcome
from assistant.ask import Assistant
from assistant.check.examined_reader import ExaminedReader
from assistant.check.judge import imprint
from assistant.evaluate import gate
from assistant.history import Records
from assistant.models.prompts import as_data
from assistant.render import to_json
from assistant.settings import Settings
from benchmarks.scripted import (
    SURE,
    TOKENS,
    PreparedAnswer,
    ScriptedNewsroom,
    Told,
    metrics,
    prepared,
    told,
    words,
)
from ingest.archive import Archive
from ingest.settings import IngestSettings
from tests.openai_server import OpenAIServer

HERE = Path(__file__).parent
ANSWERS = prepared(HERE / "scripted-answers.json")
FLOORS = gate.read(HERE / "floors-scripted.json")

Run = list[tuple[PreparedAnswer, Outcome, Told]]


@pytest.fixture(scope="module")
def sample(
    tmp_path_factory: pytest.TempPathFactory, sample_into: Callable[[Path], None]
) -> Iterator[Archive]:
    folder = tmp_path_factory.mktemp("scripted") / "archive"
    sample_into(folder)
    with Archive.open(folder, settings=IngestSettings(embedder="none")) as archive:
        yield archive


@pytest.fixture(autouse=True)
def own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def desk(archive: Archive, server: OpenAIServer, records: Records, checker: str) -> Assistant:
    given = {"model": "scripted", "base_url": server.url, "checker": checker, "mode": "written",
             "sentences": 10}  # fmt: skip
    return Assistant(archive, Settings.model_validate(given), records=records)


def asked(assistant: Assistant, answers: Sequence[PreparedAnswer] = ANSWERS) -> Run:
    outcomes = [(one, assistant.ask(one.question)) for one in answers]
    return [(one, outcome, told(one, outcome)) for one, outcome in outcomes]


def test_the_prepared_sentences_are_enough_and_of_every_kind() -> None:
    sentences = [one for answer in ANSWERS for one in answer.sentences]
    assert (len(ANSWERS) >= 10, len(sentences) >= 40) == (True, True)
    false = {one.kind for one in sentences if not one.true}
    assert false >= {"hedge", "merged", "negation", "roles", "number", "date", "speaker",
                     "quotation"}  # fmt: skip
    raw = json.loads((HERE / "scripted-answers.json").read_text(encoding="utf-8"))
    cells = {(one["true"], one["far"]) for answer in raw for one in answer["sentences"]}
    assert cells >= {(True, True), (True, False), (False, False)}


@pytest.mark.slow
def test_all_that_is_true_is_shown_and_nothing_that_is_false(
    sample: Archive, tmp_path: Path
) -> None:
    script = ScriptedNewsroom(answers=ANSWERS)
    with OpenAIServer(answering=script) as server:
        assistant = desk(sample, server, Records(tmp_path / "records", most=100), "auto")
        sits(assistant)
        script.asked.clear()
        run = asked(assistant)
    found = metrics([one for _, _, one in run])
    wrong = [f for _, _, one in run for f in one.fates if f.shown is not f.sentence.true]
    assert gate.fallen(FLOORS, found) == [], wrong
    assert [extra for _, _, one in run for extra in one.extra] == []
    assert script.strange == []
    for answer, outcome, _ in run:
        assert isinstance(outcome, Answer), outcome
        kept_and_said(answer, outcome, assistant.records)
    asked_rightly(script, sample)


def sits(assistant: Assistant) -> None:
    """Let the model sit its examination; who judges by the labels passes."""
    reader = assistant.reader
    assert isinstance(reader, ExaminedReader)
    reader.begin()
    assert reader.sat(60) is not None
    assert reader.trusted


def kept_and_said(answer: PreparedAnswer, outcome: Answer, records: Records) -> None:
    """Hold that JSON and record say of each sentence who read it, how surely, and why not."""
    document = json.loads(json.dumps(to_json(outcome)))
    record = records.read(outcome.record_id or "")
    assert record.outcome == document
    assert set(record.prompts) >= {"write", "judge"}
    assert record.replies[0].count("\n") == len(answer.sentences)
    for claim in (one for one in document["claims"] if one["verdict"] != "verbatim"):
        judged = claim["judgement"]
        assert (judged["read_by"], judged["verdict"]) == ("model:scripted", "supported")
        assert judged["score"] == claim["score"] == pytest.approx(SURE)
        rests = judged["rests_on"]  # null where no word of the claim stands in its source
        assert rests is None or rests["citation"] in claim["citations"]
    for left in document["omitted"]:
        assert left["reason"]
        judged = left["judgement"]
        if judged:
            assert judged["read_by"] in {"model:scripted", "guard"}
            assert (judged["score"] < 0.5, judged["reason"]) == (True, left["reason"])
    assert document["reading"]["read_by"] == "model:scripted"
    assert document["reading"]["tokens"] == TOKENS * document["reading"]["calls"]
    assert document["reading"]["calls"] >= len(answer.sentences) / 2


def asked_rightly(script: ScriptedNewsroom, archive: Archive) -> None:
    """Hold that the judge saw a sentence, and beside it nothing but articles under their head."""
    heads = {
        as_data(imprint(one.outlet, one.date, one.title))
        for answer in ANSWERS
        for hit in Assistant(archive).search(answer.question, k=50)[0]
        for one in [hit.article]
    }
    assert script.asked
    for one in script.asked:
        parts = one.evidence.split("\n\n")
        assert any(parts[0].startswith(head) for head in heads), one
        assert len(words(one.evidence)) < 700, "a claim's own evidence, and not all that was read"


@pytest.mark.parametrize("answers", [ANSWERS[::4], pytest.param(ANSWERS, marks=pytest.mark.slow)])
def test_whatever_the_judge_says_no_quotation_is_altered_and_none_is_lost(
    sample: Archive, tmp_path: Path, answers: Sequence[PreparedAnswer]
) -> None:
    with OpenAIServer(answering=ScriptedNewsroom(answers=ANSWERS, yes=True)) as server:
        run = asked(desk(sample, server, Records(most=0), "model"), answers)
    assert [quoted for _, _, one in run for quoted in one.altered] == []
    fates = [fate for _, _, one in run for fate in one.fates]
    assert all(fate.shown for fate in fates if fate.sentence.true)
    altered = [f for f in fates if not f.sentence.true and f.sentence.kind == "quotation"]
    assert altered
    assert not any(fate.shown for fate in altered)
