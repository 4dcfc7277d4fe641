"""A model reads the claims of an answer: what it lets out, what that costs, how it is ended."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from assistant.answer import Answer, Finished, NoAnswer, Outcome, Said, Step
from assistant.ask import Assistant
from assistant.check import readers
from assistant.models import deadline
from assistant.render import to_json
from assistant.settings import Settings
from ingest.archive import Archive
from tests.openai_server import OpenAIServer, Reply

PERDITA = "How many people were aboard the Perdita?"
TRUE = "The Perdita had 187 people on her."
FALSE = "Monks painted the Norburg tram green on Sunday."
LATER = Reply(status=503, headers={"Retry-After": "3600"})

Body = Mapping[str, Any]


@pytest.fixture(autouse=True)
def own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def writes(
    judge: Callable[[str], Reply], *said: str, pause: float = 0.0
) -> Callable[[Body], Reply]:
    """Answer as one model that writes some sentences, and judges each as it is told to."""
    text = "".join(f"{sentence} [1]\n" for sentence in said)

    def answer(body: Body) -> Reply:
        if body.get("stream"):
            return Reply(text=text, pause=pause)
        return judge(str(body["messages"][-1]["content"]).split("The sentence: ")[1])

    return answer


def by_label(claim: str) -> Reply:
    word, other = ("yes", "no") if claim.startswith(TRUE) else ("no", "yes")
    return Reply(text=word, odds={word: 0.8, other: 0.2}, tokens=100)


def small() -> str:
    return readers.small().name


def desk(sample: Archive, server: OpenAIServer, checker: str = "model") -> Assistant:
    given = {"model": "scripted", "base_url": server.url, "checker": checker, "mode": "written"}
    return Assistant(sample, Settings.model_validate(given))


def answered(outcome: Outcome) -> Answer:
    assert isinstance(outcome, Answer), outcome
    return outcome


def test_a_model_lets_out_what_it_says_yes_to_and_its_calls_are_told(sample: Archive) -> None:
    with OpenAIServer(answering=writes(by_label, TRUE, FALSE)) as server:
        assistant = desk(sample, server)
        answer = answered(assistant.ask(PERDITA))
        calls = sum("The sentence: " in json.dumps(request.body) for request in server.chats)
    (claim,) = answer.claims
    assert claim.judgement is not None
    assert (claim.text, claim.score, claim.judgement.read_by) == (TRUE, 0.8, "model:scripted")
    assert {left.text for left in answer.omitted} == {FALSE}
    told = to_json(answer)["reading"]
    assert isinstance(told, dict)
    assert set(told) == {"read_by", "calls", "tokens", "ms", "sentences", "a_sentence"}
    assert (told["read_by"], told["tokens"]) == ("model:scripted", 100 * told["calls"])
    assert 2 <= told["calls"] <= calls
    cost = told["a_sentence"]
    assert (told["sentences"], cost["tokens"]) == (2, 100 * cost["calls"])
    assert 0 < cost["ms"] <= told["ms"]
    assert cost["calls"] == told["calls"] / 2
    record = assistant.records.read(answer.record_id or "")
    assert record.outcome["reading"] == told


def test_until_it_has_passed_the_small_reader_reads_and_the_first_answer_does_not_wait(
    sample: Archive,
) -> None:
    judging = threading.Event()

    def waits(claim: str) -> Reply:
        judging.wait(20)
        return LATER

    with OpenAIServer(answering=writes(waits, TRUE)) as server:
        assistant = desk(sample, server, "auto")
        answer = answered(assistant.ask(PERDITA))
        judging.set()
    assert answer.reading is not None
    assert (answer.reading.read_by, answer.reading.calls) == (small(), 0)
    assert all(notice.code != "reader" for notice in answer.warnings)


def test_a_model_that_failed_its_examination_is_told_of_with_the_answer(sample: Archive) -> None:
    yes = writes(lambda _: Reply(text="yes"), TRUE)
    with OpenAIServer(answering=yes) as server:
        assistant = desk(sample, server, "auto")
        assistant.ask(PERDITA)
        assistant.reader.sat(60)  # type: ignore[attr-defined]
        answer = answered(assistant.ask(PERDITA))
    assert [notice.code for notice in answer.warnings].count("reader") == 1
    assert answer.reading is not None
    assert answer.reading.read_by == small()


def test_a_model_that_fails_in_the_middle_leaves_the_claim_to_the_small_reader(
    sample: Archive,
) -> None:
    def fails(claim: str) -> Reply:
        return by_label(claim) if claim.startswith(TRUE) else LATER

    with OpenAIServer(answering=writes(fails, TRUE, FALSE)) as server:
        answer = answered(desk(sample, server).ask(PERDITA))
    assert [claim.text for claim in answer.claims] == [TRUE]
    (left,) = answer.omitted
    assert left.judgement is not None
    assert left.judgement.read_by == small()
    assert answer.reading is not None
    assert answer.reading.read_by == ", ".join(["model:scripted", small()])


def ours() -> list[str]:
    return [one.name for one in threading.enumerate() if one.name.startswith("morgue-judges")]


def gone_in(seconds: float) -> bool:
    until = time.monotonic() + seconds
    while ours() and time.monotonic() < until:
        time.sleep(0.02)
    return not ours()


def until_said(steps: Iterator[Step]) -> Said:
    return next(step for step in steps if isinstance(step, Said))


def slowly(claim: str) -> Reply:
    return Reply(text="yes", delay=60) if claim.startswith(FALSE) else by_label(claim)


def test_a_claim_is_said_while_the_model_writes_and_leaving_ends_all_at_once(
    sample: Archive, caplog: pytest.LogCaptureFixture
) -> None:
    writing = writes(slowly, TRUE, FALSE, *["And so it went on and on and on."] * 9, pause=0.2)
    with OpenAIServer(answering=writing) as server:
        steps = desk(sample, server).steps(PERDITA)
        assert until_said(steps).claim.text == TRUE
        stream = next(request for request in server.chats if request.body.get("stream"))
        assert not stream.left.is_set()
        assert ours()
        steps.close()  # type: ignore[attr-defined]
        assert stream.left.wait(10)
        assert gone_in(10)
    assert "reads in its place" not in caplog.text, "nobody reads for nobody"


@pytest.mark.parametrize("writing", [True, False])
def test_a_model_that_nobody_waits_for_any_more_is_ended_at_once_and_did_not_fail(
    sample: Archive, writing: bool, caplog: pytest.LogCaptureFixture
) -> None:
    left, under_way = threading.Event(), threading.Event()
    outcomes: list[Outcome] = []

    def ask(assistant: Assistant) -> None:
        deadline.until(left)
        for step in assistant.steps(PERDITA):
            if isinstance(step, Said):
                under_way.set()
            if isinstance(step, Finished):
                outcomes.append(step.outcome)

    def answering(body: Body) -> Reply:
        if writing and body.get("stream"):
            under_way.set()
            return Reply(text="late", delay=60)
        return writes(slowly, TRUE, FALSE)(body)

    with OpenAIServer(answering=answering) as server:
        asking = threading.Thread(target=ask, args=(desk(sample, server),))
        asking.start()
        assert under_way.wait(60)
        left.set()
        asking.join(20)
        assert not asking.is_alive()
        assert gone_in(10)
    said = [claim.text for claim in answered(outcomes[0]).claims]
    assert (said[0] == TRUE) != writing
    of_it = [one for one in caplog.records if one.thread == asking.ident]  # others sit examinations
    assert [record.message for record in of_it] == []


FAR = "How did the share of the herring quota change between the Compact offers of 2022 and 2024?"
WHOLE = "It fell from a third of the herring to fifteen per cent."


def yes(_: str) -> Reply:
    return Reply(text="yes")


def test_where_a_model_reads_it_says_whether_what_was_found_answers(sample: Archive) -> None:
    with OpenAIServer(answering=writes(yes, WHOLE)) as server:
        answer = answered(desk(sample, server).ask(FAR))
        assert (answer.mode, [claim.text for claim in answer.claims]) == ("written", [WHOLE])
        quotes = desk(sample, server).ask(FAR, mode="quotes")
        written = [request for request in server.chats if request.body.get("stream")]
        assert (isinstance(quotes, NoAnswer), len(written)) == (True, 1)


def test_a_model_that_nobody_trusts_to_read_is_not_asked_beyond_what_the_words_say(
    sample: Archive,
) -> None:
    with OpenAIServer(answering=writes(lambda _: LATER, WHOLE)) as server:
        outcome = desk(sample, server, "auto").ask(FAR)
        assert (isinstance(outcome, NoAnswer), server.chats) == (True, [])


@pytest.mark.parametrize(
    ("said", "judged", "warned"),
    [
        ("NOT IN THE ARCHIVE", yes, []),
        (FALSE, by_label, ["model_failed"]),
        (LATER, yes, ["model_failed"]),
    ],
)
def test_where_it_refuses_or_fails_or_nothing_stands_the_archive_does_not_say(
    sample: Archive, said: str | Reply, judged: Callable[[str], Reply], warned: list[str]
) -> None:
    def answer(body: Body) -> Reply:
        if body.get("stream") and isinstance(said, Reply):
            return said
        return writes(judged, str(said))(body)

    with OpenAIServer(answering=answer) as server:
        outcome = desk(sample, server).ask(FAR)
    by_words = Assistant(sample, Settings(model="none")).ask(FAR)
    assert isinstance(outcome, NoAnswer), outcome
    assert isinstance(by_words, NoAnswer), by_words
    assert outcome.reason == by_words.reason
    assert [n.code for n in outcome.warnings if n not in by_words.warnings] == warned
