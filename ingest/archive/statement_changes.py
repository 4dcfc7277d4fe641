"""What changed between a speaker's statement and the one before it on the same matter.

Told only where it can be told exactly: another number of the same thing, another day, a negation
that came or went, other words in an otherwise equal quotation. Of all else nothing is said.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from functools import cached_property
from typing import Literal

from ingest.archive.statement_store import Spoke
from ingest.language import lexicon
from ingest.language.date_expressions import DateAt, dates
from ingest.language.numbers import NumberAt, numbers

ChangeKind = Literal["number", "day", "negation", "words"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementChange:
    """What a statement says otherwise than the one before it on its matter, both by number.

    `before` and `now` are the words as printed; nothing where they came or went.
    """

    kind: ChangeKind
    number: int
    since: int
    before: str
    now: str


_SAME = 0.75
"""Share of two statements' words, in their order, from which they differ in what they differ in."""

_MATTER = 0.5
"""Share of the shorter one's longer words from which two statements are on one matter."""

_LEAST = 3
"""Words that two statements on one matter share at least."""

_LONG = 4
_MOST = 3
"""Places in which otherwise equal statements differ, at most, where each is told."""

_WORD = re.compile(r"[^\W_]+(?:['’ʼ.,-][^\W_]+)*")


@dataclass(frozen=True)
class _Said:
    """A statement as it is compared: its words, numbers and days."""

    number: int
    spoke: Spoke

    @property
    def day(self) -> date | None:
        return self.spoke.article.date

    @cached_property
    def text(self) -> str:
        said = self.spoke.statement
        return self.spoke.article.text[said.start : said.end]

    @cached_property
    def words(self) -> list[re.Match[str]]:
        return list(_WORD.finditer(self.text))

    @cached_property
    def plain(self) -> list[str]:
        return [lexicon.plain(word[0]) for word in self.words]

    @cached_property
    def telling(self) -> set[str]:
        return {word for word in self.plain if len(word) >= _LONG and not word[0].isdigit()}

    @cached_property
    def days(self) -> tuple[DateAt, ...]:
        return dates(self.text, self.spoke.article.language, self.day)

    @cached_property
    def numbers(self) -> list[NumberAt]:
        return [
            one
            for one in numbers(self.text, self.spoke.article.language)
            if not any(day.start < one.end and one.start < day.end for day in self.days)
        ]

    @cached_property
    def negations(self) -> frozenset[str]:
        language = self.spoke.article.language
        if not language or not lexicon.supports(language, "negations"):
            return frozenset()
        groups = ("negations.particles", "negations.contracted")
        return frozenset().union(*(lexicon.words(group, language) for group in groups))

    def counted(self, one: NumberAt) -> str:
        """Return the word after a number: what it counts."""
        after = next((w for w in self.words if w.start() >= one.end), None)
        return lexicon.plain(after[0]) if after else ""


def changes(statements: Sequence[Spoke], first: int = 1) -> tuple[StatementChange, ...]:
    """Return what changed, of statements numbered from `first`, in order of time."""
    by: dict[str, list[_Said]] = {}
    dated = [_Said(n, one) for n, one in enumerate(statements, first) if one.article.date]
    found: list[StatementChange] = []
    for said in sorted(dated, key=lambda one: (str(one.day), one.spoke.statement.start)):
        if said.spoke.speaker is None:
            continue
        earlier = by.setdefault(said.spoke.speaker, [])
        before = next((one for one in reversed(earlier) if _on_one_matter(one, said)), None)
        if before is not None and before.day != said.day:
            found += _between(before, said)
        earlier.append(said)
    return tuple(sorted(found, key=lambda one: one.number))


def _on_one_matter(one: _Said, other: _Said) -> bool:
    shared = len(one.telling & other.telling)
    least = min(len(one.telling), len(other.telling))
    return shared >= _LEAST and shared >= _MATTER * least


def _between(before: _Said, now: _Said) -> Iterator[StatementChange]:
    """Yield what changed from one statement to the next."""
    if before.plain == now.plain:
        if before.spoke.denied != now.spoke.denied:
            yield _change("negation", before, now, before.text, now.text)
        return
    matcher = SequenceMatcher(a=before.plain, b=now.plain, autojunk=False)
    places = [op[1:] for op in matcher.get_opcodes() if op[0] != "equal"]
    if matcher.ratio() >= _SAME and len(places) <= _MOST:
        yield from _in_places(before, now, places)
        return
    if pair := _one_of_each(before, now):
        yield _change("number", before, now, *pair)
    if pair := _other_day(before, now):
        yield _change("day", before, now, *pair)


def _in_places(
    before: _Said, now: _Said, places: Sequence[tuple[int, int, int, int]]
) -> Iterator[StatementChange]:
    """Yield what differs between two statements that are else the same."""
    quoted = before.spoke.manner == now.spoke.manner == "direct"
    for a, b, c, d in places:
        kind = _kind(before, now, (a, b), (c, d))
        if kind != "words" or quoted:
            spans = ((before, a, b), (now, c, d))
            yield _change(kind, before, now, *(_printed(*span, kind) for span in spans))


def _kind(before: _Said, now: _Said, old: tuple[int, int], new: tuple[int, int]) -> ChangeKind:
    sides = ((before, *old), (now, *new))
    if all(_within(one, start, end, one.days) for one, start, end in sides):
        return "day"
    if all(_within(one, start, end, one.numbers) for one, start, end in sides):
        return "number"
    denied = [not one.negations.isdisjoint(one.plain[start:end]) for one, start, end in sides]
    short = all(end - start <= _MOST for _, start, end in sides)
    return "negation" if short and denied[0] != denied[1] else "words"


def _within(
    said: _Said, first: int, end: int, spans: Sequence[NumberAt] | Sequence[DateAt]
) -> bool:
    """Tell whether some words of a statement are all within numbers, or days."""
    return first < end and all(
        any(one.start <= word.start() and word.end() <= one.end for one in spans)
        for word in said.words[first:end]
    )


def _printed(said: _Said, first: int, end: int, kind: ChangeKind) -> str:
    """Return words of a statement as printed, a number with all of its words."""
    if first == end:
        return ""
    start, stop = said.words[first].start(), said.words[end - 1].end()
    whole = [one for one in said.numbers if one.start < stop and start < one.end]
    if kind == "number" and whole:
        return said.text[min(one.start for one in whole) : max(one.end for one in whole)]
    return said.text[start:stop]


def _one_of_each(before: _Said, now: _Said) -> tuple[str, str] | None:
    """Return two numbers of one thing that differ, where each statement has one number of it."""
    told: list[tuple[str, str]] = []
    for old in before.numbers:
        same = [one for one in now.numbers if _of_one_thing(before, old, now, one)]
        again = [one for one in before.numbers if _of_one_thing(before, old, before, one)]
        if len(same) == 1 and len(again) == 1 and same[0].value != old.value:
            told.append((_counting(before, old), _counting(now, same[0])))
    return told[0] if len(told) == 1 else None


def _of_one_thing(one: _Said, number: NumberAt, other: _Said, against: NumberAt) -> bool:
    counted = one.counted(number)
    same = number.unit == against.unit and counted == other.counted(against)
    return same and bool(counted or number.unit)


def _counting(said: _Said, number: NumberAt) -> str:
    after = next((w for w in said.words if w.start() >= number.end), None)
    return said.text[number.start : after.end() if after else number.end]


def _other_day(before: _Said, now: _Said) -> tuple[str, str] | None:
    """Return the times that two statements name, where each names one and they are apart."""
    if len(before.days) != 1 or len(now.days) != 1:
        return None
    (old,), (new,) = before.days, now.days
    if old.weekday is not None or new.weekday is not None:
        return None
    if old.last_day < new.first_day or new.last_day < old.first_day:
        return before.text[old.start : old.end], now.text[new.start : new.end]
    return None


def _change(kind: ChangeKind, before: _Said, now: _Said, old: str, new: str) -> StatementChange:
    return StatementChange(kind=kind, number=now.number, since=before.number, before=old, now=new)
