"""Whose words a claim tells, beside those whose they are."""

import re
from collections.abc import Iterator

from assistant.check.rules.beside import Beside, Clash
from assistant.check.rules.reading import stem
from ingest.language.speech import naming
from ingest.language.speech.statements import statements

_WINDOW = 300
"""Characters around the evidence that are read for who speaks."""

_WORD = re.compile(r"[^\W\d_][\w’'-]*")
_PRONOUNS = frozenset("he she it they i we the a an his her their its who that this".split())


def speakers(beside: Beside) -> Iterator[Clash]:
    """Find words that somebody else says in the passage, or that it only reports."""
    if not beside.best:
        return
    said = statements(beside.match.claim.text)
    theirs = _speaking(beside)
    if said and theirs and (at := said[0].speaker_at):
        name = said[0].speaker or beside.match.claim.text[slice(*at)]
        if name != name.lower() and _named(name) and not any(_same(name, one) for one in theirs):
            yield Clash("speaker", *at)
    elif not said and theirs:
        yield Clash("attribution", 0, 0)


def reported(beside: Beside) -> Iterator[Clash]:
    """Find that a sentence goes on with what somebody is reported to have said."""
    if not statements(beside.match.claim.text) and _speaking(beside, direct=False):
        yield Clash("attribution", 0, 0)


def same_person(one: str, other: str) -> bool:
    """Say whether two names may be one person's: Karin Vosse is not Pieter Vosse, Vosse may be."""
    names = [_capitals(one), _capitals(other)]
    if len(names[0]) < 2 or len(names[1]) < 2 or names[0][-1] != names[1][-1]:
        return True
    return bool(set(names[0][:-1]) & set(names[1][:-1])) or _initials(names[0], names[1])


def _initials(one: list[str], other: list[str]) -> bool:
    """Say whether a first name is the short form of the other: J. Smith, Jo Smith."""
    a, b = one[0].rstrip("."), other[0].rstrip(".")
    return a.startswith(b) or b.startswith(a) or (len(a) > 2 and a[:3] == b[:3])


def _capitals(name: str) -> list[str]:
    """Return the given and family names of a name, in lower case."""
    found = [word for word in _WORD.findall(name) if word[0].isupper()]
    return [word.casefold() for word in found if not naming.title(word)]


def _same(name: str, theirs: tuple[str, str]) -> bool:
    """Say whether a speaker's name and one of the source's, in full and as it stands, agree."""
    full, spoken = theirs
    if naming.institution(name) and not _capitals(naming.bare(full or spoken)):
        return True  # "the school" is how a paper goes on about a university
    return bool(_named(name) & _named(f"{full} {spoken}")) and same_person(name, full or spoken)


def _speaking(beside: Beside, *, direct: bool = True) -> list[tuple[str, str]]:
    """Return who says what the claim takes over; not `direct`, who is reported to say it.

    What somebody says elsewhere in the sentence is not theirs: half of the claim's words must
    stand in what they say.
    """
    best = beside.best
    if best is None:
        return []
    text = beside.match.ground.readings[best.passage].text
    begin = text.rfind("\n", 0, max(0, best.start - _WINDOW)) + 1
    window = text[begin : best.end + _WINDOW].lstrip()
    begin = text.index(window, begin)
    found = []
    for said in statements(window):
        if (said.direct and not direct) or not said.speaker_at:
            continue
        spoken = window[slice(*said.speaker_at)]
        there = (said.start + begin, said.end + begin)
        if _within(beside, *there) and _named(f"{said.speaker or ''} {spoken}"):
            found.append((said.speaker or "", spoken))
    return found


def _within(beside: Beside, start: int, end: int) -> bool:
    """Say whether half of the claim's words that the best sentence holds stand in a stretch."""
    ground = beside.ground
    inside = sum(
        any(start <= ground[spot].start and ground[spot].end <= end for spot in spots)
        for spots in beside.here.values()
    )
    return inside > 0 and 2 * inside >= beside.held


def _named(name: str) -> frozenset[str]:
    return frozenset(stem(low) for low in name.lower().split() if low not in _PRONOUNS)
