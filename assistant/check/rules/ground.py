"""What a claim may rest on: the sentences of its passages, and where each word stands in them."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.check.rules.reading import Reading, Word, read

_LONGEST = 300
"""Content words of a claim that are looked up: nobody says more in a sentence."""

_ABOUT = frozenset(
    "about around roughly nearly almost approximately some over under than least most up".split()
)


@dataclass(frozen=True, slots=True)
class Place:
    """A sentence of a passage: its index, its span there, its words in `Ground.words`."""

    passage: int
    start: int
    end: int
    first: int
    last: int


class Ground:
    """The passages of a claim as one run of words, indexed by stem."""

    def __init__(self, passages: Sequence[str]) -> None:
        self.readings: list[Reading] = [read(text) for text in passages]
        self.words: list[Word] = []
        self.sentences: list[Place] = []
        self.sentence_of: list[int] = []
        self.names: set[int] = set()
        for index, reading in enumerate(self.readings):
            self._add(index, reading)
        self.places: dict[str, list[int]] = {}
        for at, word in enumerate(self.words):
            self.places.setdefault(word.stem, []).append(at)

    def _add(self, index: int, reading: Reading) -> None:
        base = len(self.words)
        for (start, end), (first, last) in zip(reading.sentences, reading.ranges, strict=True):
            self.sentence_of += [len(self.sentences)] * (last - first)
            self.sentences.append(Place(index, start, end, base + first, base + last))
        self.words += reading.words
        self.names.update(base + at for at in range(len(reading.words)) if reading.is_name(at))

    @cached_property
    def _by_prefix(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for low in self.places:
            if len(low) > 3:
                found.setdefault(low[:4], []).append(low)
        return found

    @cached_property
    def numbers(self) -> list[int]:
        """Return where numbers stand."""
        return [at for at, word in enumerate(self.words) if word.value is not None]

    @cached_property
    def initials(self) -> dict[str, list[int]]:
        """Return the initials of runs of names ("United Nations" is "un") and where they begin."""
        found: dict[str, list[int]] = {}
        for at in range(len(self.words) - 1):
            letters = ""
            for word in self.words[at : at + 6]:
                if word.capital and word.value is None:
                    letters += word.low[0]
                elif word.low not in {"of", "for", "the", "and"}:
                    break
                if len(letters) > 1:
                    found.setdefault(letters, []).append(at)
        return found

    def rarity(self, stems: Iterable[str]) -> dict[str, float]:
        """Return how telling each stem is: the fewer sentences it stands in, the more."""
        count = len(self.sentences) + 1
        return {one: math.log(1 + count / (1 + len(self.sentences_with(one)))) for one in stems}

    def sentences_with(self, one: str) -> set[int]:
        """Return the sentences in which a stem stands."""
        return {self.sentence_of[at] for at in self.places.get(one, ())}

    def matches(self, word: Word, before: Word | None, *, name: bool = False) -> list[int]:
        """Return where a word of the claim stands here: as a number, a stem, a kindred word.

        What is kin to a name is one: Paris is not in a parish.
        """
        if word.value is not None:
            return self._equal(word, before)
        found = self.places.get(word.stem)
        if found:
            return found
        if 2 <= len(word.low) <= 5 and word.low in self.initials:
            return self.initials[word.low]
        kindred = self._kindred(word.stem)
        return [at for at in kindred if self.words[at].capital] if name else kindred

    def _equal(self, word: Word, before: Word | None) -> list[int]:
        near = before is not None and before.low in _ABOUT
        return [at for at in self.numbers if _same_number(word, self.words[at], near)]

    def _kindred(self, wanted: str) -> list[int]:
        found: list[int] = []
        for low in self._by_prefix.get(wanted[:4], ()) if len(wanted) > 3 else ():
            if _kin(wanted, low):
                found += self.places[low]
        return sorted(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A claim laid beside its ground: where each of its content words stands there."""

    claim: Reading
    ground: Ground
    content: tuple[int, ...]
    found: dict[int, list[int]]
    weight: dict[int, float]

    def sentences(self, at: int) -> set[int]:
        """Return the sentences in which a word of the claim stands."""
        return {self.ground.sentence_of[place] for place in self.found[at]}


def lay(claim: Reading, ground: Ground) -> Match:
    """Find each content word of the claim in its ground; of an endless claim, the first ones."""
    content = tuple(at for at, word in enumerate(claim.words) if word.content)
    found: dict[int, list[int]] = {at: [] for at in content}
    for at in content[:_LONGEST]:
        found[at] = ground.matches(claim.words[at], _before(claim, at), name=claim.is_name(at))
    rarity = ground.rarity({claim.words[at].stem for at in content})
    weight = {at: rarity[claim.words[at].stem] for at in content}
    return Match(claim=claim, ground=ground, content=content, found=found, weight=weight)


def _before(claim: Reading, at: int) -> Word | None:
    return claim.words[at - 1] if at else None


def _same_number(word: Word, other: Word, near: bool) -> bool:
    one, two = word.value or 0.0, other.value or 0.0
    if "percent" in {word.unit, other.unit} and word.unit != other.unit:
        return False
    if one == two or (two % 1 and round(two) == one):
        return True
    return near and abs(one - two) <= 0.06 * abs(two)


def _kin(one: str, two: str) -> bool:
    """Tell kindred words by what they begin with: "resign", "resignation"."""
    shared = 0
    for a, b in zip(one, two, strict=False):
        if a != b:
            break
        shared += 1
    longest = max(len(one), len(two))
    if shared == min(len(one), len(two)) and shared >= 5:
        return shared >= 0.5 * longest
    return shared >= (4 if longest <= 6 else 5) and shared >= 0.55 * longest
