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


def test_no_part_takes_the_best_of_another_for_its_rest() -> None:
    more = replace(sentence("c", "Mill", "The mill was dry.", 3), own=0.7)
    parts = [PartRead(ASKED, [BURNT, HURT]), PartRead(ASKED, [replace(HURT, own=1.0), more])]
    assert texts(quote(parts, most=4)) == [BURNT.text, HURT.text, more.text]


def test_what_holds_little_of_the_question_is_not_quoted_beside_what_holds_it() -> None:
    stray = replace(HURT, own=0.5, whole=1.0, early=True, kind=True)
    assert texts(quote([PartRead(ASKED, [BURNT, stray])], most=4)) == [BURNT.text]
    counted = ASKED._replace(kinds=("number",))
    best = replace(BURNT, kind=True)
    assert texts(quote([PartRead(counted, [best, stray])], most=4)) == [best.text, stray.text]


def test_without_the_number_that_is_asked_for_nothing_stands_beside_a_sentence_that_has_it() -> (
    None
):
    counted = ASKED._replace(kinds=("number",))
    best, other = replace(BURNT, kind=True), replace(HURT, kind=False)
    assert texts(quote([PartRead(counted, [best, other])], most=4)) == [best.text]
    bare = replace(BURNT, kind=False)
    assert texts(quote([PartRead(counted, [bare, other])], most=4)) == [bare.text, other.text]


def test_what_whoever_is_asked_about_goes_on_to_say_is_quoted_though_it_holds_little() -> None:
    asked = ASKED._replace(speech=True)
    best = replace(BURNT, speaks=0.5)
    more, other = replace(HURT, own=0.3, speaks=0.5), replace(HURT, own=0.3, start=9, end=20)
    assert texts(quote([PartRead(asked, [best, more])], most=4)) == [best.text, more.text]
    assert texts(quote([PartRead(asked, [best, other])], most=4)) == [best.text]


def test_a_headline_is_not_quoted_beside_a_sentence_under_it() -> None:
    title = replace(BURNT, part="headline", start=0, end=9)
    assert texts(quote([PartRead(ASKED, [BURNT, title])], most=4)) == [BURNT.text]
    assert texts(quote([PartRead(ASKED, [title])], most=4)) == [title.text]
