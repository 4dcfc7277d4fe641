"""Of which year a sentence tells: what it prints, what stands beside it, or its article's day."""

import re
from datetime import date
from typing import NamedTuple

from assistant.answer import Period, Question
from assistant.understand.time_expressions import period, year_beside_name

PRINTED_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")

_SPAN = re.compile(r"\b((?:1[5-9]|20)\d)(\d)[-–/](\d)(\d)\b(?![-–/]?\d)")
"""A season or a school year, "2021-22": it names both."""


def years_in(text: str) -> frozenset[str]:
    """Return the years that a text prints, both where it shortens the second."""
    ends = {f"{found[1][:2]}{found[3]}{found[4]}" for found in _SPAN.finditer(text)}
    return frozenset(PRINTED_YEAR.findall(text)) | ends


def year_asked(question: Question) -> Period | None:
    """Return the time that a question names where it spells its year.

    "this week" spells none; what is asked to have been printed in a time is kept to it anyway.
    """
    when = question.period
    if when is None:
        return year_beside_name(question.text)
    return when if not when.only and PRINTED_YEAR.search(when.words) else None


def years_of(sentence: str, day: date | None) -> frozenset[str]:
    """Return the years that a sentence prints, or means by "last June" in an article of a day."""
    printed = years_in(sentence)
    meant = None if printed or day is None else period(sentence, day)
    ends = (meant.since, meant.until) if meant else ()
    return printed.union(str(end.year) for end in ends if end)


class Told(NamedTuple):
    """The `years` of a sentence and those `beside` it, with the `day` of its article.

    `marks` says whether it names more of the time asked for than its year, where more is named.
    """

    years: frozenset[str]
    beside: frozenset[str]
    day: date | None
    marks: bool


def of_another_year(asked: Period, also: frozenset[str], told: Told) -> bool:
    """Tell whether a sentence is of another time than `asked`, or the years `also`.

    One of an article of the year is not; one of a later article must be told of the year, and
    name the month or the day with it where the time is short. Where neither a year nor a day is
    known, nothing is known.
    """
    day = told.day
    if asked.holds(day) or (day and _fits(asked, also, str(day.year))):
        return False
    if any(_fits(asked, also, year) for year in told.years | told.beside):
        return asked.short and not told.marks
    return day is not None or bool(told.years)


def _fits(asked: Period, also: frozenset[str], year: str) -> bool:
    since, until = (end.year if end else None for end in (asked.since, asked.until))
    within = (since is None or since <= int(year)) and (until is None or int(year) <= until)
    return within or year in also
