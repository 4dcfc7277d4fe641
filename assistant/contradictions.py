"""Where a claim says what its passages do not: numbers, days, negations, roles, speakers."""

import itertools
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.days import untold
from assistant.ground import Match
from assistant.reading import HEDGES, NEGATIONS, PASSIVE, UNSURE, Reading, Word, stem
from ingest.quotations import quotations
from ingest.statements import statements
from ingest.wording import verb

_COUNTS = 4
"""Words within which a number and what it counts stand."""

_CLAUSE = frozenset(",;:()–—.!?…")
"""What parts a number from what it does not count: "187 people, the coastguard said"."""

_ORDINALS = {
    word: float(n)
    for n, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split(),
        1,
    )
}

_BESIDE = 5
"""Words within which neighbours in the claim stand in a sentence that says the same."""

_COUNTABLE = frozenset(map(stem, "people year month week day time hour minute percent".split()))
"""What so many numbers count that it does not tell one from another."""

_WINDOW = 300
"""Characters around the evidence that are read for who speaks."""

_OPPOSITES = """
rise fall|rose fell|increase decrease|up down|more fewer|more less|before after|accept reject
|approve reject|support oppose|allow ban|open close|first last|north south|east west|northern
southern|eastern western|highest lowest|best worst|hire fire|buy sell|guilty innocent|arrive leave
|alive dead|kill injured|kill rescue|win lose|success failure|start end|higher lower|increase cut
|male female|man woman|boy girl|husband wife|son daughter|father mother|brother sister|pass fail
|agree refuse|confirm deny|welcome condemn|praise criticise|praise criticize|join leave|gain loss
|profit loss|early late|large small|strong weak|legal illegal|convict acquit|found missing
|increase reduce|raise lower|raise cut|friend enemy|majority minority|summer winter|morning evening
""".replace("\n", " ")


def _opposites() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for pair in _OPPOSITES.split("|"):
        one, other = map(stem, pair.split())
        found.setdefault(one, set()).add(other)
        found.setdefault(other, set()).add(one)
    return {one: frozenset(others) for one, others in found.items()}


_OPPOSITE = _opposites()


AGAINST = frozenset("number_absent number_elsewhere date negation antonym roles speaker".split())
"""Kinds of clash that contradict a claim; the others say that something is missing."""


@dataclass(frozen=True, slots=True)
class Clash:
    """What stands against a claim, at `start:end` of it."""

    kind: str
    start: int
    end: int


def clashes(
    match: Match, evidence: Sequence[int], published: date | None, dated: frozenset[int]
) -> tuple[Clash, ...]:
    """Return what in the claim its passages say otherwise or do not say, by kind."""
    beside = _Beside(match, evidence)
    if beside.printed:
        return tuple(beside.reported())
    found = [
        *_numbers(match, dated),
        *_ordinals(match),
        *_names(match, dated),
        *(_clash("date", match, day.words[0]) for day in untold(match, published, dated)),
        *beside.negations(),
        *beside.antonyms(),
        *beside.hedges(),
        *beside.roles(),
        *beside.speakers(),
    ]
    return tuple(dict.fromkeys(found))


def _clash(kind: str, match: Match, at: int) -> Clash:
    word = match.claim.words[at]
    return Clash(kind, word.start, word.end)


def _numbers(match: Match, dated: frozenset[int]) -> Iterator[Clash]:
    for at in match.content:
        word = match.claim.words[at]
        if word.value is None or at in dated:
            continue
        if not match.found[at]:
            yield _clash("number_absent", match, at)
        elif word.unit != "ordinal" and not _counts_the_same(match, at):
            yield _clash("number_elsewhere", match, at)


def _ordinals(match: Match) -> Iterator[Clash]:
    """Find what is the first here and only the tenth there: another ordinal before one noun."""
    there: dict[str, set[float]] = {}
    for reading in match.ground.readings:
        for value, nouns, _ in _ordered(reading):
            for noun in nouns:
                there.setdefault(noun, set()).add(value)
    for value, nouns, at in _ordered(match.claim):
        if nouns and value not in there.get(nouns[0], {value}):
            yield _clash("number_elsewhere", match, at)


def _ordered(reading: Reading) -> Iterator[tuple[float, list[str], int]]:
    """Yield each ordinal with the telling words after it: the first is most likely its noun.

    What stands behind a comma or a stop is no noun of it: "First Look: Season 7".
    """
    words = reading.words
    for at, word in enumerate(words):
        value = word.value if word.unit == "ordinal" else _ORDINALS.get(word.low)
        if value is None:
            continue
        nouns: list[str] = []
        for one in words[at + 1 : at + 1 + _COUNTS]:
            if _CLAUSE.intersection(reading.text[word.end : one.start]):
                break
            nouns += [one.stem] if one.content else []
        yield value, nouns, at


def _counts_the_same(match: Match, at: int) -> bool:
    """Say whether no other number counts in the ground what this one counts in the claim."""
    spots = set(match.found[at])
    one = _counted(match, at)
    if one is None or any(_copied(match, at, spot) for spot in spots):
        return True
    counts = {_number_of(match, place) for place in match.found[one]} - {None}
    return not counts or bool(counts & spots)


def _copied(match: Match, at: int, spot: int) -> bool:
    """Say whether a number stands between the same words, or before the same two."""
    claim, ground = match.claim.words, match.ground.words
    same = [
        0 <= at + step < len(claim)
        and 0 <= spot + step < len(ground)
        and claim[at + step].stem == ground[spot + step].stem
        for step in (-1, 1, 2)
    ]
    return same[1] and (same[0] or same[2])


def _counted(match: Match, at: int) -> int | None:
    """Return the first telling word after a number, before which no other number stands."""
    words = match.claim.words
    for one in range(at + 1, min(at + 1 + _COUNTS, len(words))):
        word = words[one]
        between = match.claim.text[words[one - 1].end : word.start]
        if word.value is not None or _CLAUSE.intersection(between):
            return None
        if one in match.found and word.stem not in _COUNTABLE:
            return one
    return None


def _number_of(match: Match, place: int) -> int | None:
    """Return the number that counts a word of the ground: the last before it, else the next."""
    sentence = match.ground.sentences[match.ground.sentence_of[place]]
    near = range(max(sentence.first, place - _COUNTS), min(sentence.last, place + _COUNTS + 1))
    numbers = [spot for spot in near if match.ground.words[spot].value is not None]
    before = [spot for spot in numbers if spot < place]
    return before[-1] if before else next(iter(numbers), None)


def _names(match: Match, dated: frozenset[int]) -> Iterator[Clash]:
    for at in match.content:
        if match.claim.is_name(at) and not match.found[at] and at not in dated:
            yield _clash("name_absent", match, at)


class _Beside:
    """A claim beside the one sentence it rests on most, where that holds half of its words."""

    def __init__(self, match: Match, evidence: Sequence[int]) -> None:
        self.match = match
        self.claim = match.claim.words
        self.ground = match.ground.words
        self.best = match.ground.sentences[evidence[0]] if evidence else None
        first, last = (self.best.first, self.best.last) if self.best else (0, 0)
        self.here = {
            at: [spot for spot in spots if first <= spot < last]
            for at, spots in match.found.items()
        }
        held = sum(1 for spots in self.here.values() if spots)
        self.parallel = 2 * held >= len(match.content)
        self.span = range(first, last)
        self.lows = {self.ground[at].low for at in self.span}
        self.stems = {self.ground[at].stem for at in self.span}
        self.own = {word.low for word in self.claim}

    @property
    def printed(self) -> bool:
        """Whether the claim is a whole sentence of the passage, and not one that is quoted."""
        if self.best is None:
            return False
        printed = [self.ground[at].low for at in self.span]
        if printed != [word.low for word in self.claim]:
            return False
        text = self.match.ground.readings[self.best.passage].text
        return not any(
            quoted.start < self.best.end
            and self.best.start < quoted.end
            and (quoted.start < self.best.start or self.best.end < quoted.end)
            for quoted in quotations(text)
        )

    def reported(self) -> Iterator[Clash]:
        """Find that a sentence goes on with what somebody is reported to have said."""
        if not statements(self.match.claim.text) and self._speakers_there(direct=False):
            yield Clash("attribution", 0, 0)

    def _aligned(self, at: int, spot: int) -> bool:
        """Say whether a neighbour of a word of the claim stands beside its spot, too."""
        order = bisect_left(self.match.content, at)
        near = self.match.content[max(0, order - 2) : order + 3]
        return any(
            0 < abs(other - spot) <= _BESIDE
            for one in near
            if one != at
            for other in self.here[one]
        )

    def _spots(self, at: int) -> list[int]:
        word = self.claim[at]
        if word.value is not None or self.match.claim.is_name(at):
            return []
        return [spot for spot in self.here[at] if self._aligned(at, spot)]

    def negations(self) -> Iterator[Clash]:
        """Find what is denied here and not there, or there and not here."""
        here, there = self.own & NEGATIONS, self.lows & NEGATIONS
        if not self.parallel or bool(here) == bool(there):
            return
        for at in self.match.content:
            spots = self._spots(at)
            mine = _marked(self.claim, at, NEGATIONS)
            theirs = [_marked(self.ground, spot, NEGATIONS) for spot in spots]
            if spots and ((mine and not any(theirs)) or (all(theirs) and not mine)):
                yield _clash("negation", self.match, at)

    def antonyms(self) -> Iterator[Clash]:
        """Find words whose opposite stands in their place."""
        if not self.parallel:
            return
        for at, word in enumerate(self.claim):
            against = _OPPOSITE.get(word.stem)
            if not against or word.stem in self.stems or self.own & NEGATIONS:
                continue
            spots = [spot for spot in self.span if self.ground[spot].stem in against]
            if any(self._aligned(at, spot) for spot in spots):
                yield _clash("antonym", self.match, at)

    def hedges(self) -> Iterator[Clash]:
        """Find what the evidence calls possible or planned and the claim certain."""
        if not self.parallel or self.own & HEDGES:
            return
        for at in self.match.content:
            spots = self._spots(at)
            planned = at > 0 and self.claim[at - 1].low in {"to", "of", "for"}
            if spots and not planned and all(_unsure(self.ground, spot) for spot in spots):
                yield _clash("modality", self.match, at)

    def roles(self) -> Iterator[Clash]:
        """Find two names that stand around their verb the other way round."""
        if not self.parallel:
            return
        names = self._names()
        for (_, one), (other, _) in itertools.pairwise(names):
            verbs = [at for at in self.match.content if one < at < other and self._acts(at)]
            if verbs and other - one <= 2 * _BESIDE and self._swapped(one, other, verbs):
                yield _clash("roles", self.match, one)

    def _names(self) -> list[tuple[int, int]]:
        """Return the names of the claim that stand in the evidence, as first and last word."""
        names: list[tuple[int, int]] = []
        for at in self.match.content:
            known = self.match.ground.names.intersection(self.here[at])
            if not known and not (self.match.claim.is_name(at) and self.here[at]):
                continue
            if names and names[-1][1] == at - 1:
                names[-1] = (names[-1][0], at)
            else:
                names.append((at, at))
        return names

    def _acts(self, at: int) -> bool:
        return verb(self.claim[at].low) and bool(self.here[at])

    def _swapped(self, one: int, other: int, verbs: Sequence[int]) -> bool:
        flips = _passive(self.claim, one, other)
        seen = []
        for a in self.here[one]:
            for b in self.here[other]:
                low, high = min(a, b), max(a, b)
                if any(low < spot < high for at in verbs for spot in self.here[at]):
                    flipped = flips != _passive(self.ground, low, high)
                    seen.append((a < b) != flipped)
        return bool(seen) and not any(seen)

    def speakers(self) -> Iterator[Clash]:
        """Find words that somebody else says in the passage, or that it only reports."""
        if not self.best:
            return
        said = statements(self.match.claim.text)
        theirs = self._speakers_there()
        if said and theirs and (at := said[0].speaker_at):
            name = said[0].speaker or self.match.claim.text[slice(*at)]
            if (
                name != name.lower()
                and _named(name)
                and not any(_named(name) & one for one in theirs)
            ):
                yield Clash("speaker", *at)
        elif not said and theirs:
            yield Clash("attribution", 0, 0)

    def _speakers_there(self, *, direct: bool = True) -> list[frozenset[str]]:
        """Return who says what stands in the best sentence; not `direct`, who is reported to."""
        best = self.best
        if best is None:
            return []
        text = self.match.ground.readings[best.passage].text
        begin = text.rfind("\n", 0, max(0, best.start - _WINDOW)) + 1
        window = text[begin : best.end + _WINDOW].lstrip()
        begin = text.index(window, begin)
        found = []
        for said in statements(window):
            if said.direct and not direct:
                continue
            if said.start + begin < best.end and best.start < said.end + begin and said.speaker_at:
                spoken = window[slice(*said.speaker_at)]
                names = _named(f"{said.speaker or ''} {spoken}")
                if names:
                    found.append(names)
        return found


def _named(name: str) -> frozenset[str]:
    return frozenset(stem(low) for low in name.lower().split() if low not in _PRONOUNS)


_PRONOUNS = frozenset("he she it they i we the a an his her their its who that this".split())


def _marked(words: Sequence[Word], at: int, marks: frozenset[str]) -> bool:
    return any(word.low in marks for word in words[max(0, at - 3) : at])


def _unsure(words: Sequence[Word], at: int) -> bool:
    return any(word.low in UNSURE for word in words[max(0, at - 2) : at])


def _passive(words: Sequence[Word], low: int, high: int) -> bool:
    lows = {word.low for word in words[low:high]}
    return "by" in lows and bool(lows & PASSIVE)
