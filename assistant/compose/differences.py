"""Where two sentences say the same thing with another number, another day, or yes against no."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from assistant.check.contradictions import clashes
from assistant.check.days import Day, days
from assistant.check.ground import Ground, Match, lay
from assistant.check.reading import NEGATIONS, Reading, Word, read
from ingest.language.speech.wording import verb

Kind = Literal["number", "day", "yes or no", "name"]

_SAME = 0.5
"""Share of the shorter sentence's words that the longer one holds where both tell one thing."""

_DENIED = 0.7
"""The same where one denies what the other says: one "not" more is seen in many sentences."""

BESIDE = 5
"""Words within which what is said of a number stands."""

_ALIKE = 2
"""Words that must stand beside both numbers, or both days."""

_NEAR = 0.06
"""A rounded number may be so far from the exact one: "about 40" from 38, "two thirds" from 66."""

_NOT_SO = frozenset("not instead wrongly".split())
"""What stands before a number that is named only to be denied: "57 million, not the 41"."""

_DATELINE = re.compile(
    r"[^\n]{3,60}? [-–—] |(?:(?!The\b)[A-Z][\w'’.-]*,? ){1,5}\([A-Z][\w ./]{1,20}\) "
)

_FROM = frozenset("from instead rather".split())
_MORE = frozenset("more fewer less higher lower".split())
_ACCOUNT = frozenset(
    "figure number count toll estimate report said says announced claimed reported given"
    " gave".split()
)
"""What a number is compared with that somebody gave: then the two do not agree."""

_TIMELY = frozenset("last next past".split())
"""What is said of a day, not of what happened on it."""

_REACH = 8
"""Words from a number to what is asked of it: "212 people in the town had fallen ill"."""

_CLOSE = 2
"""Words from what is asked to a bare number that answers: "injuring 31"."""

_AFTER = re.compile(
    r"\b(?:when|after|before|during|while|because|according|since)\b", re.IGNORECASE
)
_COUNTED = re.compile(
    r"\bhow many\s+(.+?)(?=\s+(?:in|on|at|of|to|for|from|with|and|or|who|that|is|are|was|were"
    r"|will|would|can|could|did|do|does|has|have|had|[a-z]+ed|won|died|came|lost|fell|fall|took"
    r"|went)\b|[?,.]|$)",
    re.IGNORECASE,
)
_ROUNDED = frozenset(
    "about around roughly nearly almost approximately some over under than least most up estimated"
    " dozens hundreds thousands".split()
)


_UNIT = re.compile(
    r"\s?(?:%|(?!and\b|for\b|the\b|from\b|that\b|with\b|who\b|were\b|was\b)[a-z]{3,})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A sentence as it was printed, and the day it was printed on."""

    text: str
    published: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What two sentences do not agree on; `one` and `other` are the spans that differ in each."""

    kind: Kind
    one: tuple[int, int]
    other: tuple[int, int]


def difference(one: Stated, other: Stated) -> Difference | None:
    """Return what two sentences that tell the same do not agree on, None where they agree.

    Sentences that tell different things differ in nothing.
    """
    if len(read(one.text).words) > len(read(other.text).words):
        found = difference(other, one)
        return found and Difference(kind=found.kind, one=found.other, other=found.one)
    pair = _Pair(one, other)
    if pair.held < _SAME:
        return None
    return next(pair.differences(), None)


class _Pair:
    """The shorter of two sentences laid beside the longer."""

    def __init__(self, one: Stated, other: Stated) -> None:
        self.match: Match = lay(read(one.text), Ground([other.text]))
        self.words = self.match.claim.words
        self.there_reading = read(other.text)
        self.there = self.there_reading.words
        named, named_there = days(self.words, one.published), days(self.there, other.published)
        self.days, self.days_there = _told(one, named), _told(other, named_there)
        self.published = other.published
        self.dated = frozenset(at for day in named for at in day.words)
        self.dated_there = frozenset(at for day in named_there for at in day.words)
        self.plain = [
            at for at in self.match.content if self.words[at].value is None and at not in self.dated
        ]
        found = sum(1 for at in self.plain if self.match.found[at])
        self.held = found / len(self.plain) if len(self.plain) > 1 else 0.0

    def differences(self) -> Iterator[Difference]:
        """Find numbers, then days, then denials."""
        yield from self._numbers()
        yield from self._days()
        if self.held >= _DENIED:
            yield from self._denials()

    def _numbers(self) -> Iterator[Difference]:
        mine = [at for at in self.match.content if self._counts(self.words, at, self.dated)]
        theirs = [
            at for at in range(len(self.there)) if self._counts(self.there, at, self.dated_there)
        ]
        for at in mine:
            if any(equal(self.words, at, self.there, spot) for spot in theirs):
                continue
            spots = [
                spot
                for spot in theirs
                if self.there[spot].unit == self.words[at].unit
                and moves(self.words, at) == moves(self.there, spot)
                and names(self.words, at) == names(self.there, spot)
                and same_noun(self.match.claim, at, self.there_reading, spot)
                and not any(equal(self.words, one, self.there, spot) for one in mine)
            ]
            spot = max(spots, key=lambda spot: self._alike(at, spot), default=None)
            if spot is not None and self._alike(at, spot) >= self._needed(at, spot):
                yield self._difference("number", (at,), (spot,))

    def _needed(self, at: int, spot: int) -> int:
        """Return how many words must stand beside both: one more where no noun is counted."""
        counted = noun(self.match.claim, at) or self.words[at].unit == "percent"
        return _ALIKE if counted and (noun(self.there_reading, spot) or counted) else _ALIKE + 1

    @staticmethod
    def _counts(words: Sequence[Word], at: int, dated: frozenset[int]) -> bool:
        word = words[at]
        plain = word.value is not None and word.unit != "ordinal" and at not in dated
        return plain and not denied(words, at)

    def _alike(self, at: int, spot: int) -> int:
        """Count the words that stand beside a word here and beside a spot there."""
        near = range(max(0, at - BESIDE), min(len(self.words), at + BESIDE + 1))
        return sum(
            1
            for one in near
            if one != at
            and one in self.plain
            and not (at in self.dated and self.words[one].low in _TIMELY)
            and any(0 < abs(other - spot) <= BESIDE for other in self.match.found[one])
        )

    def _days(self) -> Iterator[Difference]:
        for day in self.days:
            if any(day.agrees(other) for other in self.days_there):
                continue
            for other in self.days_there:
                alike = self._alike(day.words[0], other.words[0])
                if _comparable(day, other) and alike >= _ALIKE:
                    yield self._difference("day", day.words, other.words)

    def _denials(self) -> Iterator[Difference]:
        best = max(
            range(len(self.match.ground.sentences)),
            key=lambda n: sum(1 for at in self.plain if n in self.match.sentences(at)),
            default=None,
        )
        if best is None:
            return
        for clash in clashes(self.match, (best,), self.published, self.dated):
            if clash.kind in {"negation", "antonym"}:
                place = self.match.ground.sentences[best]
                yield Difference(
                    kind="yes or no",
                    one=(clash.start, clash.end),
                    other=(place.start, place.end),
                )

    def _difference(self, kind: Kind, at: Sequence[int], spot: Sequence[int]) -> Difference:
        return Difference(kind=kind, one=_span(self.words, at), other=_span(self.there, spot))


def _told(stated: Stated, named: Sequence[Day]) -> list[Day]:
    """Leave out the day of a dateline: it says when the report was sent."""
    words = read(stated.text).words
    return [day for day in named if words[day.words[0]].start >= dateline(stated.text)]


def dateline(text: str) -> int:
    """Return where the words of a report begin, after "OSTROVA, 9 June (Wire) - " if it has one."""
    line = _DATELINE.match(text)
    return line.end() if line else 0


def noun(sentence: Reading, at: int) -> str | None:
    """Return the stem of what a number counts: the word after it, where that is no verb."""
    after = sentence.words[at + 1 : at + 2]
    close = after and not sentence.text[sentence.words[at].end : after[0].start].strip(" -")
    plain = close and after[0].content and after[0].value is None and not verb(after[0].low)
    return after[0].stem if plain else None


def counted(sentence: Reading, at: int) -> tuple[str, ...]:
    """Return the stems that follow a number up to the next light word: "seven new cases"."""
    run: list[str] = []
    last = sentence.words[at]
    for word in sentence.words[at + 1 : at + 4]:
        between = sentence.text[last.end : word.start].strip(" -")
        if between or not word.content or word.value is not None:
            break
        run.append(word.stem)
        last = word
    return tuple(run)


def same_noun(one: Reading, at: int, other: Reading, spot: int) -> bool:
    """Tell whether two numbers may count the same: the nouns are, or one has none."""
    here, there = noun(one, at), noun(other, spot)
    return here is None or there is None or here == there


def _span(words: Sequence[Word], at: Sequence[int]) -> tuple[int, int]:
    return min(words[n].start for n in at), max(words[n].end for n in at)


def equal(words: Sequence[Word], at: int, there: Sequence[Word], spot: int) -> bool:
    """Tell whether two numbers may be one: the same, or one of them rounded."""
    one, other = words[at].value or 0.0, there[spot].value or 0.0
    if one == other or round(other) == one or round(one) == other:
        return True
    rounded = _rounded(words, at) or _rounded(there, spot)
    return rounded and abs(one - other) <= _NEAR * max(abs(one), abs(other))


def denied(words: Sequence[Word], at: int) -> bool:
    """Tell whether a number is named only to say that it is not the one."""
    return any(word.low in _NOT_SO for word in words[max(0, at - 3) : at])


def names(words: Sequence[Word], at: int, counted: str | None = None) -> bool:
    """Tell whether a number only names one of several: "No. 41", and "sample 41" of samples."""
    before = words[at - 1] if at else None
    if before is None or words[at].unit:
        return False
    return before.low == "number" or (counted is not None and before.stem == counted)


def moves(words: Sequence[Word], at: int) -> bool:
    """Tell whether a number says how far something moved, not where it stands."""
    after = words[at + 1 : at + 2]
    more = bool(after) and after[0].low in {"more", "fewer", "less"}
    return more or any(word.low in {"by", "down", "up"} for word in words[max(0, at - 1) : at])


def tells_change(said: Reading, at: int, before: float) -> bool:
    """Tell whether a sentence says how its number came from the one `before`.

    "815 million, 175 million more than was voted" and "12, up from 9" tell of a rise, not of
    another account; "seven more than the number given" and "57, not the 41 announced" do.
    """
    words = said.words
    rise = abs((words[at].value or 0.0) - before)
    for spot, word in enumerate(words):
        if spot == at or word.value is None:
            continue
        stop = word.end + len(said.text[word.end :].partition(",")[0])
        after = [near.low for near in words[spot + 1 : spot + 7] if near.start < stop]
        ahead = {near.low for near in words[max(0, spot - 3) : spot]}
        from_it = word.value == before and not _FROM.isdisjoint(ahead)
        more = "than" in after[1:4] and not _MORE.isdisjoint(after[: after.index("than")])
        if (from_it or (more and word.value == rise)) and _ACCOUNT.isdisjoint(after):
            return True
    return False


def _rounded(words: Sequence[Word], at: int) -> bool:
    return any(word.low in _ROUNDED for word in words[max(0, at - 2) : at])


def _comparable(day: Day, other: Day) -> bool:
    """Tell whether two days are named alike, so that one may stand against the other."""
    if day.month is not None and other.month is not None:
        return True
    if day.weekday is not None and other.weekday is not None:
        return True
    bare = day.month is None and other.month is None
    return bare and day.year is not None and other.year is not None


def in_values(apart: Difference, one: str, other: str) -> tuple[str, str]:
    """Return what each of two sentences says of what they differ on, in words."""
    if apart.kind == "number":
        return in_words(one, apart.one), in_words(other, apart.other)
    if apart.kind in {"day", "name"}:
        return one[slice(*apart.one)], other[slice(*apart.other)]
    denies = [any(w.low in NEGATIONS for w in read(side).words) for side in (one, other)]
    if denies[0] == denies[1]:
        return "the one", "the opposite"
    return ("no", "yes") if denies[0] else ("yes", "no")


def in_words(text: str, span: tuple[int, int]) -> str:
    """Return a number with the words that it counts by: "41 million crowns", "38 people"."""
    start, end = span
    unit = _UNIT.match(text, end)
    return text[start : unit.end() if unit else end]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """The number that a question asks for: what stands beside it, and what it counts, as stems.

    "Injured" and "people" of "how many people were injured when ...": no names among the first.
    """

    about: frozenset[str]
    counted: str | None

    @classmethod
    def by(cls, question: str) -> "Sought":
        """Read what a question asks a number of."""
        main = _AFTER.split(question, maxsplit=1)[0]
        found = _COUNTED.search(main)
        reading = read(main[found.start() :] if found else main)
        noun = None
        if found:
            run = [word.stem for word in read(found[1]).words if word.content]
            noun = run[-1] if run else None
        about = (
            root(word.stem)
            for at, word in enumerate(reading.words)
            if word.content and word.value is None and not reading.is_name(at) and word.stem != noun
        )
        return cls(about=frozenset(about), counted=noun)

    def answering(self, sentence: Reading) -> int | None:
        """Return the number that answers: it counts what is asked, beside what is asked of it."""
        dated = {at for day in days(sentence.words, None) for at in day.words}
        best = (0, 0, -1)
        for at, word in enumerate(sentence.words):
            plain = word.value is not None and word.unit != "ordinal" and at not in dated
            named = names(sentence.words, at, self.counted) or denied(sentence.words, at)
            if plain and not named and self._may_count(sentence, at):
                best = max(best, (len(self.beside(sentence, at)), -self._far(sentence, at), -at))
        needed = 2 if len(self.about) > 2 else 1
        return -best[2] if best[0] >= needed else None

    def _far(self, sentence: Reading, at: int) -> int:
        """Count the words to the nearest that is asked of the number: "injuring 31"."""
        asked = (n for n, word in enumerate(sentence.words) if root(word.stem) in self.about)
        return min((abs(n - at) for n in asked), default=0)

    def _may_count(self, sentence: Reading, at: int) -> bool:
        """Tell whether a number may count what is asked: it says so, or says nothing else."""
        counts = counted(sentence, at)
        unit = sentence.words[at].unit
        if self.counted is None:
            return bool(unit or counts)
        if unit:
            return False
        near = sentence.words[max(0, at - _CLOSE) : at + _CLOSE + 1]
        return self.counted in counts or (
            not counts and any(root(word.stem) in self.about for word in near)
        )

    def beside(self, sentence: Reading, at: int) -> frozenset[str]:
        """Return what is asked of the number that stands beside the word `at`."""
        near = sentence.words[max(0, at - _REACH) : at + _REACH + 1]
        return self.about.intersection(root(word.stem) for word in near)


def root(stem: str) -> str:
    """Return what "injuring" and "injured" have in common."""
    return stem.rstrip("e")
