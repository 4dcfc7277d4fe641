"""Four rankings made one: words and meaning, over articles and over passages."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from ingest.archive.words import Scored
from ingest.article import By

Ranker = Literal["word_articles", "word_passages", "near_leads", "near_passages"]

DEPTH = 200
"""How far down each ranking is read."""

_WEIGHTS: Mapping[Ranker, float] = {
    "word_articles": 1.0,
    "word_passages": 1.0,
    "near_leads": 2.0,
    "near_passages": 1.0,
}
_BY: Mapping[Ranker, By] = {
    "word_articles": "words",
    "word_passages": "words",
    "near_leads": "meaning",
    "near_passages": "meaning",
}
_RANK = 60.0
_RECENT_WEIGHT, _RECENT_DAYS = 0.5, 90.0
"""What an article of the as-of day gains over an old one, and how fast that fades."""


class Ranked(NamedTuple):
    """An article that was found: how well it fits, by what, and its passages, best first."""

    a: int
    score: float
    by: tuple[By, ...]
    passages: tuple[Scored, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rankings:
    """What each ranker found, and whose the passages are: their articles, by number."""

    found: Mapping[Ranker, Sequence[Scored]]
    owners: Mapping[int, int]


def fuse(rankings: Rankings) -> list[Ranked]:
    """Return the articles that any ranker found, best first.

    Weighted reciprocal ranks (Cormack, Clarke and Buettcher 2009): each ranker adds
    weight / (60 + rank) to an article, once, for its best passage.
    """
    scores: dict[int, float] = defaultdict(float)
    by: dict[int, set[By]] = defaultdict(set)
    passages: dict[int, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for ranker, found in rankings.found.items():
        seen: set[int] = set()
        for rank, (i, _) in enumerate(found, 1):
            a = i if ranker in {"word_articles", "near_leads"} else rankings.owners.get(i)
            if a is None:
                continue
            gain = _WEIGHTS[ranker] / (_RANK + rank)
            by[a].add(_BY[ranker])
            if ranker in {"word_passages", "near_passages"}:
                passages[a][i] += gain
            if a not in seen:
                seen.add(a)
                scores[a] += gain
    return sorted(
        (
            Ranked(a, score, tuple(sorted(by[a], reverse=True)), _best_first(passages[a]))
            for a, score in scores.items()
        ),
        key=lambda ranked: (-ranked.score, ranked.a),
    )


def recency(published: date | None, asked: date) -> float:
    """Return the factor by which an article gains for being recent on the day of asking."""
    if published is None:
        return 1.0
    age = max((asked - published).days, 0)
    return 1.0 + _RECENT_WEIGHT * math.exp(-age / _RECENT_DAYS)


def _best_first(scores: Mapping[int, float]) -> tuple[Scored, ...]:
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Scored(i, score) for i, score in ranked)
