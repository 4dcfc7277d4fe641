"""How sure a claim is, beside its source: doubts, questions, causes, and what was taken back."""

import re
from collections.abc import Iterator

from assistant.check.rules.beside import Beside, Clash, clash
from assistant.check.rules.reading import HEDGES, UNSURE

_DOUBTS = HEDGES | frozenset(
    "would will shall unless whether alleges allege suspected thought predicted predict predicts"
    " forecast scheduled due asked warned warn accusing promised must hypothetical".split()
)
"""What makes unsure whatever verb follows within four words, and a claim with it careful."""

_STRONG = frozenset(
    "unanimously unprecedented never always completely entirely utterly definitely undoubtedly"
    " reluctantly deliberately knowingly illegally worst finest greatest largest biggest longest"
    " highest lowest oldest youngest fastest deadliest richest poorest smallest strongest"
    " heaviest".split()
)
_GRAVE = frozenset(
    "convicted guilty murder murderer murdered manslaughter rape raped rapist assaulted molested"
    " fraud defrauded bribe bribed bribery corrupt corruption theft embezzled laundering terrorist"
    " criminal arrested acquitted pardoned confessed suicide sacked bankrupt drunk drunkard addict"
    " liar racist blackmailed kidnapped tortured poisoned".split()
)
"""What nobody's name is printed beside unless the source prints it: guilt, crime, death, ruin."""

_PARTS = frozenset(',;:()–—.!?…“”"«»')
"""What parts a doubt from words that it is not about: "and it will,” Ada Quill told"."""

_CAUSE = re.compile(
    r"\b(?:because|due to(?! (?:take|begin|be|open|start|end))|owing to|thanks to"
    r"|as a result of)\b",
    re.IGNORECASE,
)
_CAUSES = frozenset("because due owing thanks caused cause blamed unable reason result".split())

_ASKED = re.compile(
    r"\?[”\"'’»]*\Z|\bask(?:ed|s|ing)?\b[^.]{0,20}?\b(?:if|whether)\b", re.IGNORECASE
)
_ASKS = frozenset("asked asks ask whether if question questioned wondered".split())

_TAKEN_BACK = re.compile(
    r"\b(?:earlier|previous) version|\bincorrectly\b|\bmisstated\b|\bwrongly (?:gave|said|stated)\b"
    r"|\bour (?:report|article|story)\b|\bwe (?:recommended|said|wrote|reported)\b"
    r"|\bgave (?:the|its|her|his) \w+ (?:as|of)\b",
    re.IGNORECASE,
)
_TELLS_SO = re.compile(r"correct|earlier|previous|recommend|report|wrong|mistake", re.IGNORECASE)


def doubts(beside: Beside) -> Iterator[Clash]:
    """Find what the evidence calls possible, planned or alleged and the claim certain."""
    words = beside.words(beside.best) if beside.best else ()
    mine, theirs = (sum(w.low in HEDGES for w in side) for side in (beside.claim, words))
    if mine and mine >= theirs:
        return
    careful = beside.own & _DOUBTS
    for at in beside.match.content:
        planned = at > 0 and beside.claim[at - 1].low in {"to", "of", "for"}
        near = beside.spots(at) if beside.parallel and not planned else []
        verb = beside.here[at] if beside.verbal(at) and not careful else []
        verb = [spot for spot in verb if spot not in beside.match.ground.names]
        if _all_after(beside, near, UNSURE, 2) or _all_after(beside, verb, _DOUBTS, 4):
            yield clash("modality", beside.match, at)


def _all_after(beside: Beside, spots: list[int], marks: frozenset[str], most: int) -> bool:
    """Say whether each spot stands at most so many words after a mark, in its clause."""
    return bool(spots) and all(
        any(beside.ground[at].low in marks for at in _before(beside, spot, most)) for spot in spots
    )


def _before(beside: Beside, spot: int, most: int) -> Iterator[int]:
    """Yield the words before a spot of the best sentence, as far as no mark parts them."""
    assert beside.best is not None
    text = beside.match.ground.readings[beside.best.passage].text
    for at in range(spot - 1, max(beside.span.start, spot - most) - 1, -1):
        if not _PARTS.isdisjoint(text[beside.ground[at].end : beside.ground[at + 1].start]):
            return
        yield at


def strengthened(beside: Beside) -> Iterator[Clash]:
    """Find superlatives, and words of guilt and death, that no passage has."""
    for at in beside.match.content:
        if beside.claim[at].low in _STRONG | _GRAVE and not beside.match.found[at]:
            yield clash("strength", beside.match, at)


def asked(beside: Beside) -> Iterator[Clash]:
    """Find what is only asked in the sentence that a claim rests on."""
    if beside.best is None or beside.own & _ASKS:
        return
    if _ASKED.search(beside.text(beside.best)):
        yield Clash("asked", 0, 0)


def causes(beside: Beside) -> Iterator[Clash]:
    """Find a "because" that stands the other way round in the evidence."""
    found = _CAUSE.search(beside.match.claim.text)
    if not found:
        return
    before = {w.stem for w in beside.claim if w.content and w.end <= found.start()}
    after = {w.stem for w in beside.claim if w.content and w.start >= found.end()}
    turned = []
    for place in beside.evidence:
        words = beside.words(place)
        for at in [n for n, word in enumerate(words) if word.low in _CAUSES]:
            left = {word.stem for word in words[:at] if word.content}
            right = {word.stem for word in words[at:] if word.content}
            same = len(before & left) + len(after & right)
            turned.append(bool(left) and same < len(before & right) + len(after & left))
    if turned and all(turned):
        yield Clash("cause", found.start(), found.end())


def taken_back(beside: Beside) -> Iterator[Clash]:
    """Find what stands only in a correction, as what was wrong."""
    if beside.best is None or _TELLS_SO.search(beside.match.claim.text):
        return
    if _TAKEN_BACK.search(beside.text(beside.best)):
        yield Clash("taken_back", 0, 0)
