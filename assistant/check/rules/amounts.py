"""How much and how many: a claim's numbers, bounds and "all" beside those of its passages."""

import re
from collections.abc import Iterator

from assistant.check.rules.beside import Beside, Clash, clash
from assistant.check.rules.ground import Match
from assistant.check.rules.reading import Reading, stem

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

_COUNTABLE = frozenset(map(stem, "people year month week day time hour minute percent".split()))
"""What so many numbers count that it does not tell one from another."""

_UNITS = frozenset(
    map(
        stem,
        "mile kilometre kilometer metre meter foot feet inch centimetre km knot kilo kilogram pound"
        " tonne ton gram litre liter gallon crown dollar euro peso second minute hour day week"
        " month year decade century acre hectare degree am pm".split(),
    )
)
_BOUNDS = {
    "at least": r"at least|more than|no (?:fewer|less) than|upwards of|al menos|más de",
    "at most": r"at most|up to|as (?:much|many) as|(?:less|fewer) than|no more than",
    "over": r"over",
    "under": r"under|below",
    "about": r"about|around|nearly|almost|some|roughly|approximately|an estimated|casi|unos",
}
_BOUND = re.compile(
    "|".join(f"(?P<{name.replace(' ', '_')}>{words})" for name, words in _BOUNDS.items()),
    re.IGNORECASE,
)
_READ_AS: dict[str | None, frozenset[str | None]] = {
    "over": frozenset({"at least", None}),
    "under": frozenset({"at most", None}),
}
"""Over and under are as often times and places: "over two seasons"."""

_BEFORE = 28
"""Characters before a number in which its bound stands."""

_ALL = frozenset("all every each everyone everybody entire only none".split())
_NO_LESS = _ALL | frozenset(
    "both no nobody nothing neither whole just but except whenever always throughout".split()
)


def numbers(match: Match, dated: frozenset[int]) -> Iterator[Clash]:
    """Find numbers that the passages have not, or count something else with."""
    for at in match.content:
        word = match.claim.words[at]
        if word.value is None or at in dated:
            continue
        if not match.found[at]:
            yield clash("number_absent", match, at)
        elif _other_unit(match, at) or (word.unit != "ordinal" and not _counts_the_same(match, at)):
            yield clash("number_elsewhere", match, at)


def _other_unit(match: Match, at: int) -> bool:
    """Say whether a number stands before one unit here and before others there."""
    unit = match.claim.words[at + 1 : at + 2]
    if not unit or unit[0].stem not in _UNITS:
        return False
    ground = match.ground.words
    there = {ground[spot + 1].stem for spot in match.found[at] if spot + 1 < len(ground)}
    return bool(there & _UNITS) and unit[0].stem not in there


def ordinals(match: Match) -> Iterator[Clash]:
    """Find what is the first here and only the tenth there: another ordinal before one noun."""
    there: dict[str, set[float]] = {}
    for reading in match.ground.readings:
        for value, nouns, _ in _ordered(reading):
            for noun in nouns:
                there.setdefault(noun, set()).add(value)
    for value, nouns, at in _ordered(match.claim):
        if nouns and value not in there.get(nouns[0], {value}):
            yield clash("number_elsewhere", match, at)


def bounds(match: Match, dated: frozenset[int]) -> Iterator[Clash]:
    """Find "at least 9" told as 9, or the reverse: a bound that no passage sets so."""
    for at in match.content:
        word = match.claim.words[at]
        if word.value is None or at in dated or not match.found[at]:
            continue
        mine = _read_as(_bound(match.claim.text, word.start))
        theirs = frozenset[str | None]().union(*(_bound_there(match, s) for s in match.found[at]))
        if not mine & theirs and not ("about" in mine and None in theirs):
            yield clash("bound", match, at)


def _bound_there(match: Match, spot: int) -> frozenset[str | None]:
    place = match.ground.sentences[match.ground.sentence_of[spot]]
    text = match.ground.readings[place.passage].text
    return _read_as(_bound(text, match.ground.words[spot].start))


def _read_as(bound: str | None) -> frozenset[str | None]:
    return _READ_AS.get(bound, frozenset({bound}))


def _bound(text: str, at: int) -> str | None:
    """Return what kind of bound stands right before a number, or a word before that."""
    before = text[max(0, at - _BEFORE) : at]
    last = None
    for found in _BOUND.finditer(before):
        whole = not before[: found.start()][-1:].isalnum()
        between = before[found.end() :]
        if whole and not between[:1].isalnum() and len(between.split()) <= 1:
            last = found.lastgroup
    return last.replace("_", " ") if last else None


def universals(beside: Beside) -> Iterator[Clash]:
    """Find "all", "every" and "only" where no sentence of the evidence says so."""
    there = {word.low for place in beside.evidence for word in beside.words(place)}
    if there & _NO_LESS:
        return
    for at, word in enumerate(beside.claim):
        if word.low in _ALL:
            yield clash("universal", beside.match, at)


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
    words = match.ground.words
    numbers = [n for n in near if words[n].value is not None and words[n].unit != "ordinal"]
    before = [spot for spot in numbers if spot < place]
    return before[-1] if before else next(iter(numbers), None)
