"""The quotations that stand while a model writes: open, then folded, then gone or kept."""

import pytest

from assistant.answer import Finished, Found, Meanwhile, Outcome, Said, Step
from assistant.render.talk import Exchange, follow, messages, sources
from tests.newsroom import SEARCHED, harbour_answer, no_answer, written

QUOTED = harbour_answer("What happened?")
BEGUN: tuple[Step, ...] = (Found(hits=(), searched=SEARCHED), Meanwhile(answer=QUOTED))
SAID = Said(claim=written().claims[0], citations=written().citations[:1])


def shown(*steps: Step, failure: str | None = None) -> tuple[str, str]:
    """Return the messages and the sources of an exchange that has come so far."""
    exchange = Exchange(number=1, question="What happened?", failure=failure)
    for step in (*BEGUN, *steps):
        exchange = follow(exchange, step)
    told = "".join(str(message["content"]) for message in messages((exchange,)))
    return told, sources((exchange,))


def test_they_are_open_with_their_sources_until_something_is_written() -> None:
    told, cards = shown()
    assert "A model is writing" in told
    assert "<details" not in told
    assert 'href="#quoted1-source-1"' in told
    assert 'id="quoted1-source-1"' in cards


def test_they_are_folded_beside_what_is_written_each_with_sources_of_its_own() -> None:
    told, cards = shown(SAID)
    assert '<details class="meanwhile">' in told
    assert "A model is writing" not in told
    assert 'id="answer1-source-1"' in cards
    assert 'id="quoted1-source-1"' in cards.partition("Sources of the quotations")[2]


@pytest.mark.parametrize(
    ("outcome", "kept"),
    [(written(), True), (no_answer("What happened?"), True), (QUOTED, False)],
)
def test_at_the_end_they_are_folded_unless_they_are_the_answer(
    outcome: Outcome, kept: bool
) -> None:
    told, cards = shown(Finished(outcome=outcome))
    assert ('class="meanwhile"' in told, "quoted1-source-1" in cards) == (kept, kept)


def test_a_stopped_answer_leaves_them_open_and_can_be_asked_again() -> None:
    told, _ = shown(failure='<p class="unsaid">Stopped.</p>')
    assert "A model is writing" not in told
    assert "<details" not in told
    assert 'class="again"' in told
    assert 'class="edit"' in told
