"""Days written one way, in a sentence and in what it is held against.

"on Monday" in a report of 19 July 2022 and "on 18 July 2022" in a draft are one day: a reader must
not take them for two.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from ingest.language import lexicon
from ingest.language.date_expressions import DateAt, dates

_SOON_AFTER = timedelta(days=31)


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedText:
    """A text with the times that it names."""

    text: str
    named: tuple[DateAt, ...]

    @property
    def days(self) -> tuple[DateAt, ...]:
        """The times that are a day: of a weekday, one of two."""
        return tuple(one for one in self.named if one.weekday is not None or _one(one))

    def without(self) -> str:
        """Return the text without its days, and the small word before each."""
        return " ".join(_written(self, dict.fromkeys(self.days, "")).split())


def dated(text: str, language: str | None, anchor: date | None) -> DatedText:
    """Return a text with the times that it names, as of the day it was written."""
    return DatedText(text=text, named=dates(text, language, anchor))


def alike(claim: DatedText, printed: DatedText, published: date | None) -> tuple[str, str]:
    """Return both texts with each day that they share written in one way."""
    mine: dict[DateAt, str] = {}
    theirs: dict[DateAt, str] = {}
    for one in claim.days:
        for other in printed.days:
            shared = _shared(one, other)
            if shared is not None:
                mine[one] = theirs[other] = _in_full(shared)
        if one not in mine and published is not None and _holds(one, published):
            mine[one] = _in_full(published)
    return _written(claim, mine), _written(printed, theirs)


def differ(claim: DatedText, printed: DatedText, published: date | None) -> bool:
    """Tell whether the printed text names days, and none that the claim's days may be.

    What happened on the day of the paper is of that day too.
    """
    if not claim.days or not printed.days:
        return False
    return not all(
        any(_shared(one, other) for other in printed.days)
        or (published is not None and _holds(one, published))
        for one in claim.days
    )


def elsewhen(claim: DatedText, printed: DatedText, published: date | None) -> bool:
    """Tell whether a claim names a time of which nothing that is printed can be.

    What was printed within a month after a time may be about it without naming it.
    """
    return any(
        not any(_meet(one, other) for other in printed.named)
        and (published is None or not one.first_day <= published <= one.last_day + _SOON_AFTER)
        for one in claim.named
    )


def _meet(one: DateAt, other: DateAt) -> bool:
    return one.first_day <= other.last_day and other.first_day <= one.last_day


def last_day(text: DatedText) -> date | None:
    """Return the last day that a text names without a doubt."""
    sure = [one.first_day for one in text.named if one.weekday is None and _one(one)]
    return sure[-1] if sure else None


def _one(named: DateAt) -> bool:
    return named.first_day == named.last_day


def _holds(named: DateAt, day: date) -> bool:
    within = named.first_day <= day <= named.last_day
    return within and (named.weekday is None or day.weekday() == named.weekday)


def _shared(one: DateAt, other: DateAt) -> date | None:
    """Return the day that both may be, None where there is none."""
    for sure, maybe in ((one, other), (other, one)):
        if _one(sure):
            return sure.first_day if _holds(maybe, sure.first_day) else None
    if one.weekday != other.weekday:
        return None
    first, last = max(one.first_day, other.first_day), min(one.last_day, other.last_day)
    day = first
    while day <= last:
        if day.weekday() == one.weekday:
            return day
        day += timedelta(days=1)
    return None


def _in_full(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


_MONTHS = tuple(map(str.capitalize, lexicon.calendar("en").month_names))
_BEFORE = lexicon.words("dates.in") | lexicon.words("dates.free_weekday_after")
"""Small words before a day, which go with it."""


def _written(text: DatedText, instead: dict[DateAt, str]) -> str:
    """Return a text with other words in the place of some of its days."""
    pieces: list[str] = []
    at = 0
    for one in sorted(instead):
        before = text.text[at : one.start]
        if not instead[one]:
            kept, _, small = before.rstrip().rpartition(" ")
            before = f"{kept} " if small.lower() in _BEFORE else before
        pieces += [before, instead[one]]
        at = one.end
    return "".join([*pieces, text.text[at:]])
