"""A turn of a conversation into a Question that stands alone."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from assistant.answer import Period, Plan, Question, Turn
from assistant.understand import question_forms
from assistant.understand.coreference import (
    ToldOf,
    leans,
    names,
    names_back,
    points_back,
    stand_alone,
)
from assistant.understand.time_expressions import period, without_time
from ingest.archive.query import read_query
from ingest.article import Filters
from ingest.language import lexicon

_BEFORE, _ALONE, _THANKS, _THANKS_MORE, _HELLO, _HELLO_MORE = (
    f"(?:{lexicon.pattern(f'courtesy.{which}')})"
    for which in ("before", "alone", "thanks", "thanks_more", "hello", "hello_more")
)
LEANS_ON = re.compile(r"(?P<own>.*\?) (?P<about>\(.*\))")
"""A follow-up, with the earlier question that it leans on."""

_COURTESY = re.compile(
    rf"\W*(?:{_BEFORE}[\s,.!]+)*"
    rf"(?:{_ALONE}|{_THANKS}(?: {_THANKS_MORE})?|{_HELLO}(?: {_HELLO_MORE})?)\W*",
    re.IGNORECASE,
)


def understand(
    text: str,
    *,
    filters: Filters | None = None,
    history: Sequence[Turn] = (),
    today: date | None = None,
    literal: bool = False,
    told_of: ToldOf | None = None,
) -> Question:
    """Return what is asked so that it can be searched by itself.

    What was understood besides the words stands in `understood`: "question", a follow-up as it
    stands alone, with "follows", the question that it leant on; "when", the time that its words
    name, against the as-of day or else `today`. `literal` takes all of it back: the words are
    searched as they stand. `told_of` tells of an archive whether it tells of two questions in one
    place: one that leaves out what it is about keeps to the talk. Raises QueryError where its
    operators cannot be read.
    """
    asked = " ".join(text.split())
    question = Question(text=asked, asked=text, filters=filters or Filters(), literal=literal)
    if literal:
        return question
    query = read_query(text)
    if query.must:
        asked = " ".join(query.words.split())
        question = replace(question, text=asked, query=query)
        history = history if query.questioned else ()
    told = _told(question, asked, history, today, told_of)
    return replace(told, text=f"{told.text} {query.wanted}".strip())


def as_query(text: str, *, filters: Filters | None = None, literal: bool = False) -> Question:
    """Return what is searched for: words as they stand, and operators unless it is `literal`."""
    asked = " ".join(text.split())
    question = Question(text=asked, asked=text, filters=filters or Filters(), literal=literal)
    query = None if literal else read_query(text)
    return replace(question, text=query.ranking, query=query) if query and query.must else question


def _told(
    question: Question,
    asked: str,
    history: Sequence[Turn],
    today: date | None,
    told_of: ToldOf | None,
) -> Question:
    """Return a question without its operators, as it stands alone, with the time it names."""
    history = [turn for turn in history if is_question(turn.question)]
    if history and is_question(asked):
        question = replace(question, talk=tuple(history))
        by_itself = _has_a_form(asked) and not names_back(asked)
        if not by_itself and leans(asked, history, told_of):
            question = _following(question, asked, history, told_of)
    when = period(question.text, question.filters.as_of or today)
    return _dated(question, when) if when else question


def _has_a_form(asked: str) -> bool:
    """Tell whether a form, but those of somebody's words, says what a question wants."""
    fitting = question_forms.fitting(asked, without_time(asked, period(asked, None)))
    return any(form.wanted != "answer" and "who" not in form.slots for form in fitting)


def _following(
    question: Question, asked: str, history: Sequence[Turn], told_of: ToldOf | None = None
) -> Question:
    alone = stand_alone(asked, history, told_of)
    understood = {"question": alone.text, "follows": history[-1].question}
    return replace(question, text=alone.text, topic=alone.topic, understood=understood)


def otherwise(question: Question) -> Iterator[Question]:
    """Yield how else a question of a conversation may be meant, where it is not answered so.

    One that leant on what was said before it may be about the last of that alone, or stand by
    itself where nothing in it points back; one that seemed to stand by itself may lean on it after
    all, where it names nobody: "Who disagreed with the ministry?".
    """
    asked = " ".join(question.asked.split())
    if not question.talk or question.plan.wants != "answer" or question.query:
        return
    bare = replace(question, text=asked, topic="", understood={}, period=None)
    leant = question.topic or "follows" in question.understood
    if not names(own_words(question)) and not (leant and len(question.talk) == 1):
        yield _again(_following(bare, asked, question.talk[-1:]))
    if leant and not points_back(asked):
        yield _again(replace(bare, understood={"question": asked}))


def _again(question: Question) -> Question:
    when = period(question.text, question.filters.as_of)
    question = _dated(question, when) if when else question
    return replace(question, plan=Plan(query=question.text), sides=(), talk=())


def own_words(question: Question) -> str:
    """Return a question as it stands alone, without the earlier one behind it in brackets.

    "And Orlund?" asks what the question before it asked; all others ask in their own words.
    """
    alone = question.understood.get("question")
    if not isinstance(alone, str) or not question.text.startswith(alone):
        return question.asked
    leaning = LEANS_ON.fullmatch(alone)
    return leaning["own"] if leaning else alone


def _dated(question: Question, when: Period) -> Question:
    """Prefer the time that was understood, or keep to it where that was asked for."""
    filters = question.filters
    if when.only and filters.since is None and filters.until is None:
        filters = replace(filters, since=when.since, until=when.until)
    told = {"words": when.words, "from": when.since, "to": when.until, "only": when.only}
    understood = {**question.understood, "when": told}
    return replace(question, filters=filters, period=when, understood=understood)


def is_question(asked: str) -> bool:
    """Tell whether there is anything in it to search for: thanks and greetings ask nothing."""
    return bool(re.search(r"\w", asked)) and not _COURTESY.fullmatch(asked)
