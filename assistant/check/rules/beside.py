"""A claim beside the one sentence that it rests on most: which word stands where in it."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.check.rules.ground import Match, Place
from assistant.check.rules.reading import Word, acts
from ingest.language.quotations import quotations

_NEAR = 5
"""Words within which neighbours in the claim stand in a sentence that says the same."""


@dataclass(frozen=True, slots=True)
class Clash:
    """What stands against a claim, at `start:end` of it."""

    kind: str
    start: int
    end: int


def clash(kind: str, match: Match, at: int) -> Clash:
    """Return the clash of one word of a claim."""
    word = match.claim.words[at]
    return Clash(kind, word.start, word.end)


class Beside:
    """A claim beside the first sentence of its evidence.

    `here` says where in that sentence each content word of the claim stands; `parallel` that it
    holds half of them. `evidence` are all the sentences that the claim rests on, best first.
    """

    def __init__(self, match: Match, evidence: Sequence[int]) -> None:
        self.match = match
        self.claim = match.claim.words
        self.ground = match.ground.words
        self.evidence = [match.ground.sentences[at] for at in evidence]
        self.best = self.evidence[0] if evidence else None
        self.span = range(self.best.first, self.best.last) if self.best else range(0)
        self.here = {
            at: [spot for spot in spots if spot in self.span] for at, spots in match.found.items()
        }
        self.held = sum(1 for spots in self.here.values() if spots)
        self.parallel = 2 * self.held >= len(match.content)
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

    def text(self, place: Place) -> str:
        """Return a sentence of the evidence, as printed."""
        return self.match.ground.readings[place.passage].text[place.start : place.end]

    def words(self, place: Place) -> Sequence[Word]:
        """Return the words of a sentence of the evidence."""
        return self.ground[place.first : place.last]

    def spots(self, at: int) -> list[int]:
        """Return where a word that is no name and no number stands in the same place."""
        word = self.claim[at]
        if word.value is not None or self.match.claim.is_name(at):
            return []
        return [spot for spot in self.here[at] if self.aligned(at, spot)]

    def aligned(self, at: int, spot: int) -> bool:
        """Say whether a neighbour of a word of the claim stands beside its spot, too."""
        order = bisect_left(self.match.content, at)
        near = self.match.content[max(0, order - 2) : order + 3]
        return any(
            0 < abs(other - spot) <= _NEAR for one in near if one != at for other in self.here[one]
        )

    def verbal(self, at: int) -> bool:
        """Say whether a word of the claim is likely its verb."""
        word = self.claim[at]
        plain = word.value is None and not self.match.claim.is_name(at)
        verb = acts(word.low) or word.low in _PAST
        return at > 0 and plain and verb and self.claim[at - 1].low not in _BEFORE_NOUN


_BEFORE_NOUN = frozenset("the a an of his her their its in on at by for this that to".split())
_PAST = frozenset(
    "began bought broke built came chose cut drew drove fell flew fled fought found gave got grew"
    " held hid hit hurt kept knew led left lost made met paid put ran rose sank sent set shook shot"
    " shut sold spent stole struck swore took threw told tore went woke won wore wrote".split()
)
"""Verbs whose past ends like nothing else."""
