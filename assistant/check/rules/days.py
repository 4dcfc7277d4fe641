"""Days that a claim and its passages name, brought together where weekdays or years lack."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from assistant.check.rules.ground import Match
from assistant.check.rules.reading import Word

_MONTHS = {
    name: n
    for n, names in enumerate(
        "january jan|february feb|march mar|april apr|may|june jun|july jul|august aug"
        "|september sept sep|october oct|november nov|december dec".split("|"),
        1,
    )
    for name in names.split()
}
_WEEKDAYS = {
    name: n
    for n, names in enumerate(
        "monday mon|tuesday tue|wednesday wed|thursday thu|friday fri|saturday sat"
        "|sunday sun".split("|")
    )
    for name in names.split()
}
_NEAR = 6
"""Months around the day of publication in which a day without its year is looked for."""

_RELATIVE = {"today": 0, "yesterday": -1, "tomorrow": 1, "tonight": 0}


@dataclass(frozen=True, slots=True)
class Day:
    """A day as far as it is named; `words` are the indices of the words that name it."""

    year: int | None
    month: int | None
    day: int | None
    weekday: int | None
    words: tuple[int, ...]

    def agrees(self, other: "Day") -> bool:
        """Whether both may be the same day: something is named by both, nothing differs."""
        pairs = [
            (self.year, other.year),
            (self.month, other.month),
            (self.day, other.day),
            (self.weekday, other.weekday),
        ]
        both = [(a, b) for a, b in pairs if a is not None and b is not None]
        return bool(both) and all(a == b for a, b in both)

    def told_by(self, source: "Day") -> bool:
        """Whether a source names this day, and no less of it: 2017 does not tell 1 May 2017."""
        mine = [self.year, self.month, self.day]
        theirs = [source.year, source.month, source.day]
        if None in mine:
            mine, theirs = [*mine, self.weekday], [*theirs, source.weekday]
        named = [(a, b) for a, b in zip(mine, theirs, strict=True) if a is not None]
        return bool(named) and all(a == b for a, b in named)


def days(words: Sequence[Word], published: date | None) -> list[Day]:
    """Return the days that a text names; weekdays and "yesterday" as days near `published`."""
    found: list[Day] = []
    used: set[int] = set()
    for at in range(len(words)):
        if at in used:
            continue
        for day in _day_at(words, at, published):
            found.append(day)
            used.update(day.words)
    return found


def _day_at(words: Sequence[Word], at: int, published: date | None) -> Iterator[Day]:
    low = words[at].low
    if low in _MONTHS and (low not in {"may", "march", "mar", "sat", "sun"} or words[at].capital):
        if day := _with_month(words, at):
            yield day
    elif low in _WEEKDAYS and words[at].capital == words[at].low.isalpha():
        yield from _weekday(at, _WEEKDAYS[low], published)
    elif low in _RELATIVE and published:
        yield _whole(published + timedelta(days=_RELATIVE[low]), at)
    elif _is_year(words[at]):
        yield Day(int(words[at].value or 0), None, None, None, (at,))


def _with_month(words: Sequence[Word], at: int) -> Day | None:
    day, year, used = None, None, [at]
    for near in (at - 1, at + 1):
        if day is None and 0 <= near < len(words) and _is_day(words[near]):
            day = int(words[near].value or 0)
            used.append(near)
    after = max(used) + 1
    if after < len(words) and _is_year(words[after]):
        year = int(words[after].value or 0)
        used.append(after)
    if len(used) == 1 and words[at].low == "may":
        return None
    return Day(year, _MONTHS[words[at].low], day, None, tuple(used))


def _is_day(word: Word) -> bool:
    return word.unit in {"", "ordinal"} and word.value in range(1, 32)


def _is_year(word: Word) -> bool:
    plain = word.value is not None and not word.unit and word.end - word.start == 4
    return plain and 1500 <= (word.value or 0) <= 2100


def _weekday(at: int, weekday: int, published: date | None) -> Iterator[Day]:
    """Yield the last and the next such day: news says "on Monday" of both."""
    if published is None:
        yield Day(None, None, None, weekday, (at,))
        return
    back = (published.weekday() - weekday) % 7
    yield _whole(published - timedelta(days=back), at)
    yield _whole(published + timedelta(days=7 - back), at)


def _whole(day: date, at: int) -> Day:
    return Day(day.year, day.month, day.day, day.weekday(), (at,))


def agreeing(match: Match, published: date | None, evidence: Sequence[int] = ()) -> frozenset[int]:
    """Return the words of the claim that name a day which its ground names as exactly.

    The day of publication vouches for nothing that the sentences of the `evidence` date
    otherwise: what happened on Monday did not happen on the Tuesday of the paper.
    """
    own = days(match.claim.words, published)
    if not own:
        return frozenset()
    there = grounded(match, published)
    years = {day.year for day in there if day.year}
    told = [one for day in there for one in _with_year(day, published, years)]
    printed = [one for one in told if (one.year, one.month, one.day) != _parts(published)]
    places = [match.ground.sentences[at] for at in evidence]
    dated = [day for p in places for day in days(match.ground.words[p.first : p.last], published)]
    return frozenset(
        at
        for day in own
        if any(map(day.told_by, told if not _otherwise(day, dated) else printed))
        for at in day.words
    )


def _parts(day: date | None) -> tuple[int, int, int] | None:
    return (day.year, day.month, day.day) if day else None


def _otherwise(day: Day, dated: Sequence[Day]) -> bool:
    """Tell whether sentences name days of the kind of a day, and none that may be it."""
    alike = [one for one in dated if _kind(day) & _kind(one)]
    return bool(alike) and not any(map(day.agrees, alike))


def _kind(day: Day) -> set[str]:
    named = {"year": day.year, "month": day.month, "weekday": day.weekday}
    return {name for name, value in named.items() if value is not None}


def _with_year(day: Day, published: date | None, years: Collection[int]) -> Iterator[Day]:
    """Yield a day of the ground, with its year where it stands without one.

    That is the year in which it is near the day of publication, or one that the ground names.
    """
    yield day
    if day.year is None and day.month is not None:
        if published is not None:
            near = (published.year - 1, published.year, published.year + 1)
            months = 12 * published.year + published.month
            years = [y for y in near if abs(12 * y + day.month - months) <= _NEAR]
        yield from (replace(day, year=year) for year in years)


def untold(match: Match, published: date | None, told: frozenset[int]) -> list[Day]:
    """Return the days of the claim that its ground does not name, or not as exactly.

    `told` are the words that `agreeing` returned. A year alone is a number like others where the
    ground names no year.
    """
    own = [day for day in days(match.claim.words, published) if not told.intersection(day.words)]
    if not own:
        return []
    years = any(day.year for day in grounded(match, published))
    return [day for day in own if day.month or day.weekday is not None or years]


def grounded(match: Match, published: date | None) -> list[Day]:
    """Return the days that the ground names, the day of publication among them."""
    found = days(match.ground.words, published)
    return [*found, _whole(published, -1)] if published else found
