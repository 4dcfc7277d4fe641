"""Where a claim says what its passages do not: numbers, days, negations, roles, speakers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from assistant.days import disagreeing
from assistant.ground import Match
from assistant.reading import HEDGES, NEGATIONS, PASSIVE, Word, stem
from ingest.statements import statements

_NEAR = 6
"""Words within which a number and what it counts stand in the passage."""

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
    found = [
        *_numbers(match, dated),
        *_names(match, dated),
        *(_clash("date", match, day.words[0]) for day in disagreeing(match, published)),
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
        elif not _counts_the_same(match, at):
            yield _clash("number_elsewhere", match, at)


def _counts_the_same(match: Match, at: int) -> bool:
    """Say whether what stands beside a number in the claim stands beside it in the ground."""
    order = match.content.index(at)
    near = [match.content[i] for i in (order + 1, order + 2) if i < len(match.content)]
    if not near:
        near = list(match.content[max(0, order - 2) : order])
    places = [place for one in near for place in match.found[one]]
    of = match.ground.sentence_of
    return not near or any(
        abs(place - spot) <= _NEAR and of[place] == of[spot]
        for spot in match.found[at]
        for place in places
        if place != spot
    )


def _names(match: Match, dated: frozenset[int]) -> Iterator[Clash]:
    for at in match.content:
        if match.claim.is_name(at) and not match.found[at] and at not in dated:
            yield _clash("name_absent", match, at)


class _Beside:
    """A claim beside the sentences it rests on."""

    def __init__(self, match: Match, evidence: Sequence[int]) -> None:
        self.match = match
        self.claim = match.claim.words
        self.places = [match.ground.sentences[one] for one in evidence]
        self.ground = match.ground.words
        inside = {at for place in self.places for at in range(place.first, place.last)}
        self.here = {at: [p for p in spots if p in inside] for at, spots in match.found.items()}
        self.lows = {self.ground[at].low for at in inside}
        self.stems = {self.ground[at].stem for at in inside}
        self.own = {word.low for word in self.claim}

    def negations(self) -> Iterator[Clash]:
        """Find what is denied here and not there, or there and not here."""
        for at in self.match.content:
            spots = self.here[at]
            if not spots or self.claim[at].value is not None or self.match.claim.is_name(at):
                continue
            mine = _marked(self.claim, at, NEGATIONS, 3)
            theirs = [_marked(self.ground, spot, NEGATIONS, 3) for spot in spots]
            denied_only_there = all(theirs) and not mine and not self.own & NEGATIONS
            denied_only_here = mine and not any(theirs) and not self.lows & NEGATIONS
            if denied_only_here or denied_only_there:
                yield _clash("negation", self.match, at)

    def antonyms(self) -> Iterator[Clash]:
        """Find words whose opposite stands in the evidence where they do not."""
        for at, word in enumerate(self.claim):
            against = _OPPOSITE.get(word.stem)
            if against and word.stem not in self.stems and against & self.stems:
                yield _clash("antonym", self.match, at)

    def hedges(self) -> Iterator[Clash]:
        """Find what the evidence calls possible or planned and the claim certain."""
        if self.own & HEDGES or not self.lows & HEDGES:
            return
        for at in self.match.content:
            spots = self.here[at]
            if spots and not self.match.claim.is_name(at) and self.claim[at].value is None:
                if all(_marked(self.ground, spot, HEDGES, 4) for spot in spots):
                    yield _clash("modality", self.match, at)

    def roles(self) -> Iterator[Clash]:
        """Find two names that stand around their verb the other way round."""
        names = [
            at
            for at in self.match.content
            if self.match.claim.is_name(at) or self.match.ground.names & set(self.here[at])
        ]
        for one, other in zip(names, names[1:], strict=False):
            between = [at for at in self.match.content if one < at < other and self.here[at]]
            if between and self._swapped(one, other, between):
                yield _clash("roles", self.match, one)

    def _swapped(self, one: int, other: int, between: Sequence[int]) -> bool:
        of = self.match.ground.sentence_of
        flips = _passive(self.claim, one, other)
        seen = []
        for a in self.here[one]:
            for b in self.here[other]:
                low, high = min(a, b), max(a, b)
                if of[a] != of[b] or not self._verb_between(between, low, high):
                    continue
                seen.append((a < b) == (flips == _passive(self.ground, low, high)))
        return bool(seen) and not any(seen)

    def _verb_between(self, between: Sequence[int], low: int, high: int) -> bool:
        return any(low < spot < high for at in between for spot in self.here[at])

    def speakers(self) -> Iterator[Clash]:
        """Find words that somebody else says in the passage, or that it only reports."""
        if not self.places:
            return
        said = statements(self.match.claim.text)
        theirs = self._speakers_there()
        if said and theirs and (at := said[0].speaker_at):
            name = said[0].speaker or self.match.claim.text[slice(*at)]
            if _named(name) and not any(_named(name) & one for one in theirs):
                yield Clash("speaker", *at)
        elif not said and theirs:
            yield Clash("attribution", 0, 0)

    def _speakers_there(self) -> list[frozenset[str]]:
        best = self.places[0]
        text = self.match.ground.readings[best.passage].text
        begin = text.rfind("\n", 0, max(0, best.start - _WINDOW)) + 1
        window = text[begin : best.end + _WINDOW].lstrip()
        begin = text.index(window, begin)
        found = []
        for said in statements(window):
            if said.start + begin < best.end and best.start < said.end + begin and said.speaker_at:
                spoken = window[slice(*said.speaker_at)]
                names = _named(f"{said.speaker or ''} {spoken}")
                if names:
                    found.append(names)
        return found


def _named(name: str) -> frozenset[str]:
    return frozenset(stem(low) for low in name.lower().split() if low not in _PRONOUNS)


_PRONOUNS = frozenset("he she it they i we the a an his her their its who that this".split())


def _marked(words: Sequence[Word], at: int, marks: frozenset[str], within: int) -> bool:
    return any(word.low in marks for word in words[max(0, at - within) : at])


def _passive(words: Sequence[Word], low: int, high: int) -> bool:
    lows = {word.low for word in words[low:high]}
    return "by" in lows and bool(lows & PASSIVE)
