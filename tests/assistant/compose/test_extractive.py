"""Which sentences are quoted, of a question and of each of its parts."""

from dataclasses import replace

from assistant.answer import Draft
from assistant.compose.extractive import PartRead, quote
from assistant.find.candidates import Asked, Candidate
from tests.assistant.compose.test_conflicts import sentence

ASKED = Asked(stems={"burn": 1.0}, kinds=(), speech=False)
BURNT = sentence("a", "Mill burns", "The mill burnt on Monday.", 1)
HURT = replace(sentence("b", "Fair", "Nine were hurt at the fair.", 2), own=0.9)


def of_the_mill(own: float) -> Candidate:
    told = replace(sentence("a2", "Mill burns", "Two were hurt in the mill.", 1), own=own)
    return replace(told, hit=replace(told.hit, story=BURNT.hit.story))


def texts(draft: Draft) -> list[str]:
    return [claim.text for claim in draft.claims]


def test_the_best_of_each_part_comes_before_the_rest() -> None:
    more = replace(sentence("c", "Mill", "The mill was dry.", 3), own=0.9)
    parts = [PartRead(ASKED, [BURNT, more]), PartRead(ASKED, [HURT])]
    assert texts(quote(parts, most=4)) == [BURNT.text, HURT.text, more.text]


def test_nothing_is_quoted_for_two_parts() -> None:
    parts = [PartRead(ASKED, [BURNT]), PartRead(ASKED, [BURNT, HURT])]
    assert texts(quote(parts, most=4)) == [BURNT.text, HURT.text]


def test_a_part_that_leans_is_answered_from_the_dispatch_of_the_first() -> None:
    same = of_the_mill(own=0.8)
    parts = [PartRead(ASKED, [BURNT]), PartRead(ASKED, [HURT, same], leans=True)]
    assert texts(quote(parts, most=2)) == [BURNT.text, same.text]
    assert texts(quote([parts[0], parts[1]._replace(leans=False)], most=2)) == [
        BURNT.text,
        HURT.text,
    ]


def test_a_part_that_leans_is_answered_from_elsewhere_where_the_dispatch_says_little() -> None:
    parts = [PartRead(ASKED, [BURNT]), PartRead(ASKED, [HURT, of_the_mill(own=0.1)], leans=True)]
    assert texts(quote(parts, most=2)) == [BURNT.text, HURT.text]


def test_an_article_without_a_name_of_the_question_gives_nothing_beside_one_with_it() -> None:
    stray = replace(HURT, nameless=True)
    assert texts(quote([PartRead(ASKED, [BURNT, HURT])], most=4)) == [BURNT.text, HURT.text]
    assert texts(quote([PartRead(ASKED, [BURNT, stray])], most=4)) == [BURNT.text]
    assert texts(quote([PartRead(ASKED, [stray])], most=4)) == [stray.text]
