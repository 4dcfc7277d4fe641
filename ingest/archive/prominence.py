"""Which events of a time come first: those that most newsrooms tell, and at greatest length.

News judgement without a model. What a time is about are the words that stand in its headlines and
leads more often than in the archive as a whole: what a newspaper prints every day (a digest, a
horoscope) is no event. Articles that share enough of such words tell one event.
"""

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ingest.archive import record
from ingest.archive.catalogue import Catalogue, open_to
from ingest.archive.words import Words
from ingest.article import Filters

_MOST = 600
"""Dispatches that are compared with each other: those of most copies, and the longest."""

_OPENING = 400
"""Characters of headline and lead that are held against each other."""

_SHARED = 0.2
"""Weight that two openings share of all that both have: tried .15, .2 and .3, and the cosine in
its place, on a day, a week, two months and a year of realtimeqa, by eye."""

_CHANCE, _GAIN = 2, 0.7
"""Articles of a time that hold a word before it may be what the time is about, and how much more
often than in all of the archive (the logarithm: twice as often)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """The article that stands for an event: how many outlets tell it, and articles besides."""

    a: int
    newsrooms: int = 1
    related: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Dispatch:
    a: int
    outlets: frozenset[str]
    length: int
    title: frozenset[str]
    stems: frozenset[str]


def ranked(
    catalogue: Catalogue, words: Words, told: Sequence[Sequence[int]], scope: Filters
) -> list[Event]:
    """Return dispatches, given as their copies' numbers, the most told event first.

    An event is told of by one article; the others that tell it come after all events. What a
    reader of the scope's collections may not see counts for nothing.
    """
    read, rest = _read(catalogue, words, told)
    weights = _telling(_frequency(catalogue, words, scope), read)
    groups = _grouped(read, weights)
    groups.sort(key=lambda group: (-len(_outlets(group)), -len(group), -_length(group)))
    heads = [
        Event(a=group[0].a, newsrooms=max(1, len(_outlets(group))), related=len(group) - 1)
        for group in groups
    ]
    others = [Event(a=one.a) for group in groups for one in group[1:]]
    return [*heads, *others, *(Event(a=a) for a in rest)]


def _read(
    catalogue: Catalogue, words: Words, told: Sequence[Sequence[int]]
) -> tuple[list[_Dispatch], list[int]]:
    """Return the dispatches that are compared, and the first copies of the others."""
    chosen = sorted(told, key=lambda those: -len(those))
    rest = [those[0] for those in chosen[_MOST:]]
    copies = {those[0]: those for those in chosen[:_MOST]}
    labels = dict(catalogue.live(a for those in copies.values() for a in those))
    read = []
    for a, those in copies.items():
        article = labels[a]
        opening = record.lead_of(article)[:_OPENING]
        read.append(
            _Dispatch(
                a=a,
                outlets=frozenset(o for n in those if (o := labels[n].outlet)),
                length=max(len(labels[n].text) for n in those),
                title=frozenset(words.terms(article.title)),
                stems=frozenset(words.terms(opening)),
            )
        )
    return read, rest


def _frequency(
    catalogue: Catalogue, words: Words, scope: Filters
) -> Callable[[str], tuple[int, int]]:
    """Return what counts the articles that hold a stem, and all, among those that may be shown."""
    without = catalogue.embargoed()
    if not without and not scope.collections:
        return words.frequency
    conditions, values = open_to(scope)
    (there,) = catalogue.connection.execute(
        f"SELECT count(*) FROM articles WHERE {' AND '.join(conditions)}",  # noqa: S608
        values,
    ).fetchone()
    return lambda stem: (words.holding_stem(stem, scope, without), int(there))


def _telling(
    frequency: Callable[[str], tuple[int, int]], read: Sequence[_Dispatch]
) -> Mapping[str, float]:
    """Return what a time is about: each word with how much more often it stands there."""
    counted = Counter(stem for one in read for stem in one.stems)
    weights: dict[str, float] = {}
    for stem, held in counted.items():
        if held >= _CHANCE:
            holding, articles = frequency(stem)
            gain = math.log(held / len(read) * (articles + 1) / (holding + 1))
            if gain > _GAIN:
                weights[stem] = gain
    return weights


def _grouped(read: Sequence[_Dispatch], weights: Mapping[str, float]) -> list[list[_Dispatch]]:
    """Return the dispatches of each event, what stands for it first.

    The one with the most telling headline begins an event and takes those that are like it; the
    one that has most in common with the others stands for it.
    """
    worth = {one.a: _worth(one.stems, weights) for one in read}
    headed = {one.a: _worth(one.title, weights) for one in read}
    ahead = sorted(read, key=lambda one: (-headed[one.a], -one.length, one.a))
    groups: list[list[_Dispatch]] = []
    while ahead:
        first, *others = ahead
        group, ahead = [first], []
        for other in others:
            shared = _worth(first.stems & other.stems, weights)
            all_of_it = worth[first.a] + worth[other.a] - shared
            (group if shared and shared >= _SHARED * all_of_it else ahead).append(other)
        groups.append(_central_first(group, weights))
    return groups


def _central_first(group: list[_Dispatch], weights: Mapping[str, float]) -> list[_Dispatch]:
    counted = Counter(stem for one in group for stem in one.title)

    def common(one: _Dispatch) -> float:
        return math.fsum(weights.get(stem, 0.0) * (counted[stem] - 1) for stem in one.title)

    return sorted(group, key=lambda one: (-common(one), -one.length, one.a))


def _worth(stems: frozenset[str], weights: Mapping[str, float]) -> float:
    # Exact: in another order of a set a sum is another number, and breaks a tie.
    return math.fsum(weights.get(stem, 0.0) for stem in stems)


def _outlets(group: Sequence[_Dispatch]) -> frozenset[str]:
    return frozenset().union(*(one.outlets for one in group))


def _length(group: Sequence[_Dispatch]) -> int:
    return sum(one.length for one in group)
