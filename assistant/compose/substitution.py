"""A name that stands in one sentence where another stands in a second one."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from assistant.check.days import days
from assistant.check.reading import Reading, Word, acts, read
from assistant.compose.differences import Difference, Stated, dateline

_AROUND = 3
"""Telling words around both names that are the same, where they stand in the same place."""

_ASKED = 2
"""How many of these the question must hold: it is then what was asked of the name."""


@dataclass(frozen=True, slots=True)
class _Name:
    """A name in a sentence, and the telling words before it (the last first) and after it."""

    text: str
    span: tuple[int, int]
    stems: frozenset[str]
    before: tuple[str, ...]
    after: tuple[str, ...]


def other_name(one: Stated, other: Stated, asked: frozenset[str]) -> Difference | None:
    """Return the names of which each stands in one of two sentences where the second has its own.

    `asked` are the stems of a question that asks for a name. The same words stand around both
    names, some of them asked; no name that a sentence has elsewhere differs from the other's.
    """
    names = [*_names(one, asked)], [*_names(other, asked)]
    known = [frozenset(word.stem for word in read(side.text).words) for side in (one, other)]
    apart = [
        (_alike(a, b, asked), a, b)
        for a in names[0]
        for b in names[1]
        if not a.stems & known[1] and not b.stems & known[0]
    ]
    alike, a, b = max(apart, key=lambda found: found[0], default=((0, 0), None, None))
    if a is None or b is None or alike[0] < _ASKED or alike[1] < _AROUND:
        return None
    return Difference(kind="name", one=a.span, other=b.span)


def _alike(a: _Name, b: _Name, asked: Collection[str]) -> tuple[int, int]:
    """Count the words around two names that are the same: those asked, and all."""
    same = [*_shared(a.before, b.before), *_shared(a.after, b.after)]
    return len(frozenset(same).intersection(asked)), len(same)


def _shared(one: Sequence[str], other: Sequence[str]) -> Iterator[str]:
    for a, b in zip(one, other, strict=False):
        if a != b:
            return
        yield a


def _names(stated: Stated, asked: frozenset[str]) -> Iterator[_Name]:
    """Yield the names of a sentence that the question does not hold."""
    reading = read(stated.text)
    words = reading.words
    dated = {at for day in days(words, stated.published) for at in day.words}
    begins = dateline(stated.text)
    named = [
        word.start >= begins and _named(reading, at) and at not in dated and word.stem not in asked
        for at, word in enumerate(words)
    ]
    first = 0
    while first < len(words):
        last = first
        while last < len(words) and named[last] and (last == first or _close(reading, last)):
            last += 1
        if last > first:
            yield _Name(
                text=stated.text[words[first].start : words[last - 1].end],
                span=(words[first].start, words[last - 1].end),
                stems=frozenset(word.stem for word in words[first:last]),
                before=_telling(words[:first][::-1]),
                after=_telling(words[last:]),
            )
        first = max(last, first + 1)


def _named(reading: Reading, at: int) -> bool:
    """Tell whether a word is of a name; the first of a sentence where a name or a verb follows."""
    word, after = reading.words[at], reading.words[at + 1 : at + 2]
    if at not in reading.openers:
        return reading.is_name(at)
    opens = word.capital and word.content and word.value is None and bool(after)
    return opens and _close(reading, at + 1) and (reading.is_name(at + 1) or acts(after[0].low))


def _close(reading: Reading, at: int) -> bool:
    words = reading.words
    return not reading.text[words[at - 1].end : words[at].start].strip(" \u00a0.-’'")


def _telling(words: Sequence[Word]) -> tuple[str, ...]:
    return tuple(word.stem for word in words if word.content)
