"""Where a claim says what its passages do not: numbers, days, negations, roles, speakers."""

import itertools
import re
from collections.abc import Collection, Iterator, Sequence
from datetime import date

from assistant.check.rules import amounts, certainty, voices
from assistant.check.rules.beside import Beside, Clash, clash
from assistant.check.rules.days import untold
from assistant.check.rules.ground import Match
from assistant.check.rules.reading import NEGATIONS, PASSIVE, Word, acts, stem
from ingest.language.speech import naming
from ingest.language.speech.wording import verb

__all__ = ["AGAINST", "Clash", "clashes"]

_CLOSE = 5
"""Words between two names and their verb."""

_APPOSED = 9
"""Words between a name and the office that is said to be its bearer's."""

_TITLE = re.compile(
    r"(?P<name>(?:[A-Z][\w’'.-]+ ?){1,5}) (?:is|was|becomes|became) (?:the|a|an) "
    r"(?P<title>.+?)(?= (?:of|in|at|for|from|who|that|which|and|since|until|when) |[,.;]|$)"
)
_MAKES = PASSIVE | frozenset("became becomes named elected appointed made chosen has had".split())
"""Verbs that may stand between a name and its office."""

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


def clashes(
    match: Match, evidence: Sequence[int], published: date | None, dated: frozenset[int]
) -> tuple[Clash, ...]:
    """Return what in the claim its passages say otherwise or do not say, by kind."""
    beside = Beside(match, evidence)
    if beside.printed:
        return tuple(voices.reported(beside))
    found = [
        *amounts.numbers(match, dated),
        *amounts.ordinals(match),
        *amounts.bounds(match, dated),
        *amounts.universals(beside),
        *_names(match, dated),
        *(clash("date", match, day.words[0]) for day in untold(match, published, dated)),
        *_negations(beside),
        *_antonyms(beside),
        *_roles(beside),
        *_titles(match),
        *certainty.doubts(beside),
        *certainty.strengthened(beside),
        *certainty.asked(beside),
        *certainty.causes(beside),
        *certainty.taken_back(beside),
        *voices.speakers(beside),
    ]
    return tuple(dict.fromkeys(found))


def _names(match: Match, dated: frozenset[int]) -> Iterator[Clash]:
    for at in match.content:
        if match.claim.is_name(at) and not match.found[at] and at not in dated:
            yield clash("name_absent", match, at)
    for first, last in _runs_of_names(match):
        name = match.claim.words[first : last + 1]
        places = match.found[last]
        if places and not any(_borne(match, at, name) for at in places):
            yield Clash("other_name", name[0].start, name[-1].end)


def _runs_of_names(match: Match) -> Iterator[tuple[int, int]]:
    """Yield where two or more words of a name stand together in the claim: its first and last."""
    text, words = match.claim.text, match.claim.words
    runs: list[list[int]] = []
    for at in match.content:
        if not words[at].capital or words[at].value is not None:
            continue
        goes_on = (
            runs and runs[-1][-1] == at - 1 and text[words[at - 1].end : words[at].start] == " "
        )
        if goes_on:
            runs[-1].append(at)
        else:
            runs.append([at])
    yield from ((run[0], run[-1]) for run in runs if len(run) > 1)


def _negations(beside: Beside) -> Iterator[Clash]:
    """Find what is denied here and not there, or there and not here."""
    here, there = beside.own & NEGATIONS, beside.lows & NEGATIONS
    if not beside.parallel or bool(here) == bool(there):
        return
    for at in beside.match.content:
        spots = beside.spots(at)
        mine = _marked(beside.claim, at, NEGATIONS)
        theirs = [_marked(beside.ground, spot, NEGATIONS) for spot in spots]
        if spots and ((mine and not any(theirs)) or (all(theirs) and not mine)):
            yield clash("negation", beside.match, at)


def _antonyms(beside: Beside) -> Iterator[Clash]:
    """Find words whose opposite stands in their place."""
    if not beside.parallel:
        return
    for at, word in enumerate(beside.claim):
        against = _OPPOSITE.get(word.stem)
        if not against or word.stem in beside.stems or beside.own & NEGATIONS:
            continue
        spots = [spot for spot in beside.span if beside.ground[spot].stem in against]
        if any(beside.aligned(at, spot) for spot in spots):
            yield clash("antonym", beside.match, at)


def _roles(beside: Beside) -> Iterator[Clash]:
    """Find two names that stand around their verb the other way round."""
    if not beside.parallel:
        return
    names = _known_names(beside)
    for (_, one), (other, _) in itertools.pairwise(names):
        verbs = [at for at in beside.match.content if one < at < other and _acts(beside, at)]
        if verbs and other - one <= 2 * _CLOSE and _swapped(beside, one, other, verbs):
            yield clash("roles", beside.match, one)


def _known_names(beside: Beside) -> list[tuple[int, int]]:
    """Return the names of the claim that stand in the evidence, as first and last word."""
    names: list[tuple[int, int]] = []
    for at in beside.match.content:
        known = beside.match.ground.names.intersection(beside.here[at])
        if not known and not (beside.match.claim.is_name(at) and beside.here[at]):
            continue
        if names and names[-1][1] == at - 1:
            names[-1] = (names[-1][0], at)
        else:
            names.append((at, at))
    return names


def _acts(beside: Beside, at: int) -> bool:
    return verb(beside.claim[at].low) and bool(beside.here[at])


def _swapped(beside: Beside, one: int, other: int, verbs: Sequence[int]) -> bool:
    flips = _passive(beside.claim, one, other)
    seen = []
    for a in beside.here[one]:
        for b in beside.here[other]:
            low, high = min(a, b), max(a, b)
            if any(low < spot < high for at in verbs for spot in beside.here[at]):
                flipped = flips != _passive(beside.ground, low, high)
                seen.append((a < b) != flipped)
    return bool(seen) and not any(seen)


def _titles(match: Match) -> Iterator[Clash]:
    """Find "X is the R" where no passage has an R, or none has X and R side by side."""
    found = _TITLE.match(match.claim.text)
    if found is None:
        return
    words = match.claim.words
    name = [word for word in words if word.end <= found.end("name") and word.content]
    title = [at for at in match.content if found.start("title") <= words[at].start]
    title = [at for at in title if words[at].end <= found.end("title")]
    if not name or not title:
        return
    holders = match.found[title[-1]]
    if not holders:
        yield clash("predicate", match, title[-1])
        return
    bearers = [at for at in match.ground.places.get(name[-1].stem, ()) if _borne(match, at, name)]
    own = {word.stem for word in match.claim.words if word.content}
    if not any(_side_by_side(match, a, b, own) for a in bearers for b in holders):
        yield Clash("title", name[0].start, name[-1].end)


def _borne(match: Match, at: int, name: Sequence[Word]) -> bool:
    """Tell whether a family name of the ground may be that of a name: Karin is not Pieter."""
    given = {word.stem for word in name[:-1]}
    before = match.ground.words[_name_begins(match, at) : at]
    return (
        not given
        or not given.isdisjoint(word.stem for word in before)
        or all(naming.title(word.low) for word in before)
    )


def _name_begins(match: Match, at: int) -> int:
    """Return where the run of capitals begins that ends in a word of the ground."""
    words, of = match.ground.words, match.ground.sentence_of
    while at and words[at - 1].capital and words[at - 1].content:
        initial = len(words[at - 1].low) == 1  # "Niels B. Holt" is no two sentences
        if of[at - 1] != of[at] and not initial:
            break
        at -= 1
    return at


def _side_by_side(match: Match, bearer: int, holder: int, own: Collection[str]) -> bool:
    """Tell whether nothing but an apposition stands between a name and an office."""
    begins = _name_begins(match, bearer)
    if begins <= holder <= bearer:
        return True
    first, last = (bearer, holder) if bearer < holder else (holder, begins)
    of = match.ground.sentence_of
    if last - first > _APPOSED or of[first] != of[last]:
        return False
    between = match.ground.words[first + 1 : last]
    others = [word for word in between if word.content and word.stem not in own]
    return not any(word.capital or (acts(word.low) and word.low not in _MAKES) for word in others)


def _marked(words: Sequence[Word], at: int, marks: frozenset[str]) -> bool:
    return any(word.low in marks for word in words[max(0, at - 3) : at])


def _passive(words: Sequence[Word], low: int, high: int) -> bool:
    """Tell whether who comes second acts, or is given: "awarded by her", "awarded to her"."""
    lows = {word.low for word in words[low:high]}
    return bool(lows & {"by", "to"}) and bool(lows & PASSIVE)
