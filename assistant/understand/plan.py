"""What a question wants, told by its form: sentences, a list, a number, the first or the newest.

The forms stand in a data file a language (`question_forms`). What is told is shown in the plan of
an outcome, and `literal` takes it back.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from assistant.answer import Period, Plan, Question, Wants
from assistant.understand import question_forms
from assistant.understand.outlets import outlet_of, press_of
from assistant.understand.requested_words import as_asked
from assistant.understand.sides import sides
from assistant.understand.time_expressions import since_month, without_time
from ingest.archive.query import read_query
from ingest.article import Order
from ingest.language import lexicon
from ingest.language.possessives import without_possessive
from ingest.language.speech.speaker_names import in_full

_QUOTES = " \t\"'“”„«»‘’"
_SUFFIXES = lexicon.words("titles.suffixes")
_MARKS = frozenset('"“”„«»')
_OR = re.compile(rf"\s+(?:{lexicon.any_of(question_forms.ors())})\s+", re.IGNORECASE)
_APART = re.compile(
    rf"\s*,\s+(?:(?:{lexicon.any_of(question_forms.ands())})\s+)?"
    rf"|\s+(?:{lexicon.any_of(question_forms.ands())})\s+",
    re.IGNORECASE,
)


class Shelved(NamedTuple):
    """What a plan must know of an archive: its outlets, and the days of its first and newest.

    `wrote` tells whether somebody of a name wrote an article of it.
    """

    outlets: Sequence[str] = ()
    newest: date | None = None
    oldest: date | None = None
    wrote: Callable[[str], bool] = lambda _: False


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    """What a group of forms makes of a question."""

    wants: Wants
    listed: bool = False
    order: Order = "date"
    bounded: bool = False
    """It means something only where a time or an outlet bounds it."""


_KINDS: Mapping[str, _Kind] = {
    "about_archive": _Kind(wants="about_archive", listed=True, order="newest"),
    "readers": _Kind(wants="readers"),
    "compare": _Kind(wants="compare"),
    "quote": _Kind(wants="quote"),
    "count": _Kind(wants="count", listed=True),
    "first": _Kind(wants="first", listed=True),
    "newest": _Kind(wants="latest", listed=True, order="newest"),
    "latest": _Kind(wants="latest"),
    "list": _Kind(wants="list", listed=True),
    "listed_time": _Kind(wants="list", listed=True, bounded=True),
    "browse": _Kind(wants="list", listed=True, order="news", bounded=True),
    "check": _Kind(wants="check"),
    "background": _Kind(wants="background"),
    "answer": _Kind(wants="answer"),
}


def by_form(question: Question, shelf: Shelved) -> Question:
    """Return a question with its plan, operators among its words or not.

    Of operators, quotation marks alone go with a form: they name what is to be printed. Others
    bind as they are, and the question wants what they leave.
    """
    if question.query is None:
        return planned(question, shelf)
    whole = " ".join(question.asked.split())
    if not _OPERATORS.search(whole):
        found = planned(replace(question, text=whole, query=None), shelf)
        if found.plan.listed or found.plan.wants == "check":
            return found
    return replace(question, plan=replace(_timed(question), query=question.text))


_OPERATORS = re.compile(r"(?:^|\s)-[\w\"“]|\w:\S|\bOR\b|\bAND\b|/[sp]\b|\w\*|[()~]")


def planned(question: Question, shelf: Shelved) -> Question:
    """Return a question with the plan of what it wants, its time and outlets among its filters."""
    question = _requested(_since(question, shelf))
    bare = without_time(question.text, question.period)
    for form in question_forms.fitting(question.text, bare):
        found = _planned(question, shelf, form)
        if found is not None:
            return _of_either(found)
    if name := _byline_asked(question, bare, shelf):
        question = replace(question, understood={**question.understood, "no_byline": name})
    plan = replace(_timed(question), query=bare)
    if _opens(question.period) and _bounds(question.period, shelf):
        return _answered_by([_about(question, bare)], question, replace(plan, wants="latest"))
    return replace(question, plan=plan)


def _requested(question: Question) -> Question:
    """Return a request for somebody's words as the question what they said; any other as it is."""
    asks = as_asked(question.text)
    if asks is None:
        return question
    return replace(question, text=asks, understood={**question.understood, "question": asks})


def _of_either(question: Question) -> Question:
    """Return a question about articles that mention "Ann Lee or Bo Reed" as a query for either."""
    plan = question.plan
    name = plan.names[0] if plan.listed and len(plan.names) == 1 else ""
    several = [one.strip(_QUOTES) for one in _OR.split(name)]
    if len(several) < 2 or not all(one[:1].isupper() for one in several):
        return question
    query = " OR ".join(f'"{one}"' for one in several)
    plan = replace(plan, names=(), query=query)
    return replace(question, plan=plan, query=read_query(query))


def carried_out(question: Question, plan: Plan, parts: Sequence[str] = ()) -> Question:
    """Return a question with a plan that somebody else made, and what follows from it.

    `parts` are the sides of a comparison. A plan that bounds and names nothing lists nothing.
    """
    kind = _KINDS[plan.wants]
    order: Order = "relevance" if plan.query and kind.listed else kind.order
    of_time = kind.wants == "list" and not (plan.query or plan.names or plan.outlets)
    plan = replace(plan, listed=kind.listed, order="news" if of_time else order)
    if of_time and not (plan.since or plan.until):
        plan = replace(plan, wants="answer", listed=False)
    if plan.wants == "compare":
        several = [
            replace(question, asked=part, text=part, plan=Plan(query=part)) for part in parts
        ]
        return _answered_by(several, question, plan) if len(several) > 1 else question
    topic = " ".join(filter(None, [*plan.names, plan.query]))
    if plan.wants in {"readers", "latest"}:
        return _answered_by([_about(question, topic, plan.wants)], question, plan)
    if plan.wants == "background":
        return _told_of(question, replace(plan, query=topic, names=()))
    return replace(_narrowed(question, plan), plan=plan, sides=())


def _planned(
    question: Question, shelf: Shelved, form: question_forms.FittingForm
) -> Question | None:
    """Return a question of the kind that a form is of; None where it does not fit after all."""
    kind, slots = _KINDS[form.wanted], form.slots
    outlets = tuple(filter(None, [outlet_of(slots.get("who", ""), shelf.outlets)]))
    press = None if outlets else press_of(slots.get("who", ""))
    question = _of_the_press(question, press)
    whose = bool(outlets or press)
    if "who" in slots and not whose and kind.listed:
        return _by_author(question, kind, slots, shelf)
    if ("who" in slots and not whose) or (kind.bounded and not _bounded(question, outlets)):
        return None
    topic = slots.get("topic", "").strip(_QUOTES)
    plan = replace(
        _timed(question),
        wants=kind.wants,
        query=topic or slots.get("quoted", ""),
        names=_names(slots.get("name", ""), question_forms.forms_of(form.language).articles),
        outlets=outlets,
        listed=kind.listed,
        order=kind.order,
    )
    if kind.wants == "compare":
        several = sides(question, slots["rest"], topic, shelf.outlets)
        plan = replace(plan, query=slots["rest"])
        return _answered_by(several, question, plan) if several else None
    if kind.wants in {"readers", "latest"}:
        return _answered_by([_about(question, topic, kind.wants)], question, plan)
    if kind.wants == "background":
        return _told_of(question, plan)
    if kind.wants == "check":
        plan = Plan(wants="check", query=_draft(question.asked, topic))
    kept = question if kind.wants in {"quote", "check"} else _narrowed(question, plan)
    if kind.wants == "answer" and whose and topic:
        kept = replace(kept, text=topic)  # whose it is binds as a filter: no article prints it
    return replace(kept, plan=plan)


def _by_author(
    question: Question, kind: _Kind, slots: Mapping[str, str], shelf: Shelved
) -> Question | None:
    """Return a question for what somebody wrote; None where nobody of that name did."""
    name = _whose(slots)
    if not in_full(name) or not shelf.wrote(name):
        return None
    topic = slots.get("topic", "").strip(_QUOTES)
    query = read_query(f'author:"{name}" {topic}'.strip())
    plan = Plan(wants=kind.wants, query=topic, listed=True, order=kind.order)
    if question.period:
        plan = replace(plan, since=question.period.since, until=question.period.until)
    understood = {**question.understood, "must": f'author:"{name}"', "by": name}
    return replace(_narrowed(question, plan), plan=plan, query=query, understood=understood)


def _byline_asked(question: Question, bare: str, shelf: Shelved) -> str | None:
    """Return whose articles a question asks for by name; None where it asks for nobody's."""
    for form in question_forms.fitting(question.text, bare):
        name = _whose(form.slots)
        outlet = outlet_of(name, shelf.outlets) or press_of(name)
        if _KINDS[form.wanted].listed and in_full(name) and not outlet:
            return name
    return None


def _whose(slots: Mapping[str, str]) -> str:
    return without_possessive(slots.get("who", "").strip(_QUOTES))


def _of_the_press(question: Question, language: str | None) -> Question:
    """Return a question of what the press of a language printed as one of its articles alone."""
    if language is None or question.filters.languages:
        return question
    return replace(question, filters=replace(question.filters, languages=(language,)))


def _draft(asked: str, topic: str) -> str:
    """Return a draft that was pasted behind the words that ask for its check, with its marks."""
    whole = " ".join(asked.split())
    return whole[max(0, whole.find(topic)) :]


def _told_of(question: Question, plan: Plan) -> Question:
    """Return a question as one about a subject, in the time that it names."""
    subject = _untimed(plan.query, question.period) or plan.query
    plan = replace(plan, query=subject)
    filters = question.filters
    if filters.since is None and filters.until is None:
        filters = replace(filters, since=plan.since, until=plan.until)
    return replace(question, text=subject, filters=filters, plan=plan)


def _answered_by(several: Sequence[Question], question: Question, plan: Plan) -> Question:
    """Return a question that is answered by others, its sides."""
    plan = replace(plan, parts=tuple(side.asked for side in several))
    plan = replace(plan, outlets=plan.outlets or tuple(_outlets_of(several)))
    return replace(question, plan=plan, sides=tuple(several))


def _outlets_of(several: Sequence[Question]) -> Iterator[str]:
    for side in several:
        yield from side.plan.outlets


def _about(question: Question, topic: str, wants: Wants = "latest") -> Question:
    """Return a question as one about its topic alone."""
    filters = question.filters
    if wants == "readers":
        filters = replace(filters, comments=True)
    elif question.period and _opens(question.period) and filters.since is None:
        filters = replace(filters, since=question.period.since)
    plan = Plan(wants=wants, query=topic)
    return replace(question, text=topic, asked=topic, filters=filters, plan=plan)


def _timed(question: Question) -> Plan:
    when = question.period
    return Plan(since=when.since, until=when.until) if when else Plan()


def _narrowed(question: Question, plan: Plan) -> Question:
    """Return a question that keeps to the time and the outlets of its plan.

    What its filters say already holds.
    """
    filters = question.filters
    if filters.since is None and filters.until is None and plan.listed:
        filters = replace(filters, since=plan.since, until=plan.until)
    if plan.outlets and not filters.outlets:
        filters = replace(filters, outlets=plan.outlets)
    return replace(question, filters=filters)


def _bounded(question: Question, outlets: Sequence[str]) -> bool:
    filters = question.filters
    given = filters.since or filters.until or filters.outlets or filters.sections
    given = given or filters.languages
    return bool(outlets or given or question.period)


def _opens(when: Period | None) -> bool:
    """Tell whether a time goes on until now: "since March"."""
    return when is not None and when.since is not None and when.until is None


def _bounds(when: Period | None, shelf: Shelved) -> bool:
    """Tell whether a time leaves out anything of an archive: "since 1987" may be older than all."""
    since = when.since if when else None
    return since is not None and shelf.oldest is not None and since >= shelf.oldest


def _since(question: Question, shelf: Shelved) -> Question:
    """Return a question with the time since a month of no year, against the newest article."""
    when = None if question.period else since_month(question.text, shelf.newest)
    if when is None:
        return question
    told = {"words": when.words, "from": when.since, "to": when.until, "only": when.only}
    return replace(question, period=when, understood={**question.understood, "when": told})


def _untimed(subject: str, when: Period | None) -> str:
    """Return a subject without a time, whose words need not stand together in it."""
    if when is None or when.words in subject:
        return without_time(subject, when)
    timed = frozenset(when.words.split())
    return " ".join(word for word in subject.split() if word not in timed)


def _names(written: str, articles: Sequence[str]) -> tuple[str, ...]:
    """Return the names that are looked for, without the article of a language before the first.

    "Ann Lee and Bo Reed" are two, in one pair of marks one; what has small letters may be one
    thing: "law and order".
    """
    name = written.strip(_QUOTES)
    if not name:
        return ()
    if written[:1] in _MARKS and _MARKS.isdisjoint(name):
        return (name,)
    several = tuple(_nameable(one, articles) for one in names_apart(name))
    return several if all(one[:1].isupper() for one in several) else (_nameable(name, articles),)


def names_apart(name: str) -> tuple[str, ...]:
    """Return the names that "and" and commas join; one where they are not several."""
    several = tuple(one.strip(_QUOTES) for one in _APART.split(name))
    plain = [lexicon.plain(one).rstrip(".") for one in several]
    different = len(set(plain)) == len(plain) and _SUFFIXES.isdisjoint(plain)
    return several if different and all(several) else (name,)


def _nameable(name: str, articles: Sequence[str]) -> str:
    """Return a name as it is looked for: "the Tarn" without "the"; "Le Pen" is all a name."""
    for article in articles:
        joined = article if article.endswith("'") else f"{article} "
        if name.replace("’", "'").startswith(joined):
            return name[len(joined) :].strip(_QUOTES) or name
    return name
