"""Search: four rankings made one, and every hit looked up before it leaves.

By words and by meaning, over whole articles (their leads, by meaning) and over passages.
"""

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import chain
from typing import Literal, NamedTuple

from ingest import spans as tracing
from ingest.archive import copies, notices, record
from ingest.archive.catalogue import Catalogue
from ingest.archive.conditions import Span
from ingest.archive.queried import Queried
from ingest.archive.query import Condition, wanted
from ingest.archive.words import Scored, Words
from ingest.article import By as Found
from ingest.article import Filters, Hit, Passage

By = Literal["both", "words", "meaning"]
Ranker = Literal["word_articles", "word_passages", "near_leads", "near_passages"]
Near = Callable[[Literal["leads", "passages"], Filters, int], list[Scored]]
"""What is nearest in meaning to the query: leads (by article) or passages."""

DEPTH = 200
"""How far down each ranking is read."""

_DEEPER = 10
"""Passages an article that are ranked where only its text tells whether it fits."""

_AT_FIRST, _FURTHER = 2000, 8
"""Passages that are ranked at first where many articles may fit, and how many times as many next:
a word of every article would have all of them ranked for the ten that are wanted."""

_WEIGHTS: Mapping[Ranker, float] = {
    "word_articles": 0.3,
    "word_passages": 1.0,
    "near_leads": 2.0,
    "near_passages": 1.0,
}
_RANK = 60.0
"""Weights and constant of the fusion: tried on the 86 questions of realtimeqa with gold, over
600 and over all articles, with constants of 3, 10, 30 and 60, leads at 1 to 6 times the
passages, and whole articles by words at 0 to 1. Below twice the passages leads lose their first
places; beside leads, whole articles by words win nothing and are not asked."""

_ALIKE = 1e-5
"""Cosines so near are the same: a product rounds otherwise when more vectors stand beside it."""

_RECENT_WEIGHT, _RECENT_DAYS = 0.5, 90.0
"""What an article of the as-of day gains over an old one, and how fast that fades."""

Spans = Mapping[int, tuple[int, Passage]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What is searched for: words, by which rankers, what is left out, how much is wanted.

    `must` is what an article has to hold exactly, whatever its place by words or meaning.
    `missed` takes, in words, what could not be searched by meaning: whose server does not answer.
    """

    text: str
    must: Condition | None = None
    k: int = 10
    by: By = "both"
    filters: Filters = field(default_factory=Filters)
    per_article: int = 1
    missed: set[str] = field(default_factory=set, compare=False, repr=False)


class Ranked(NamedTuple):
    """An article that was found: how well it fits, by what, and its passages, best first."""

    a: int
    score: float
    by: tuple[Found, ...]
    passages: tuple[int, ...]


def find(catalogue: Catalogue, words: Words, near: Near | None, search: Search) -> list[Hit]:
    """Return the hits of a search, best first, each looked up in the catalogue."""
    held = Queried(catalogue, words, search.must, search.filters) if search.must else None
    if held is None or held.proven:
        return _found(catalogue, words, near, search, held, DEPTH)[0]
    most = max(DEPTH, _DEEPER * len(held.among))
    depth = min(most, _AT_FIRST)
    while True:
        hits, more = _found(catalogue, words, near, search, held, depth)
        if len(hits) >= search.k or not more or depth >= most:
            return hits
        depth *= _FURTHER


def _found(
    catalogue: Catalogue,
    words: Words,
    near: Near | None,
    search: Search,
    held: Queried | None,
    depth: int,
) -> tuple[list[Hit], bool]:
    """Return the hits among what stands so far up, and whether what stands lower may fit, too."""
    among = held.among if held else None
    without = catalogue.embargoed()
    rankings = _rankings(words, near, search, _Reach(depth, without, among))
    named = {i for ranker, found in rankings.items() if _of_passages(ranker) for i, _ in found}
    spans = {
        p: (a, passage)
        for p, (a, passage) in catalogue.passages(named).items()
        if search.filters.comments or passage.part != "comment"
    }
    with tracing.span("fuse"):
        days = catalogue.findable(_articles_of(rankings, spans), search.filters)
        # What may not be shown goes before places are counted: it takes none.
        if held is not None:
            days = {a: days[a] for a in days.keys() & held.may_fit}
        spans = {p: (a, passage) for p, (a, passage) in spans.items() if a in days}
        ranked = _recent_first(fuse(_showable(rankings, days), spans), days, search)
    nearness = dict(rankings.get("near_leads", ()))
    if held:
        # Without words of its own but those that it must hold, all that fit are found.
        own = set(words.terms(search.text)) - set(words.terms(" ".join(wanted(held.condition))))
        others = [] if own else held.among
        chosen = _fitting(catalogue, held, ranked, others, spans, search)
        more = bool(own) and any(len(found) >= depth for found in rankings.values())
        return _hits(catalogue, chosen, nearness, search), more
    chosen = [
        _Choice(r, passage)
        for r in ranked[: search.k]
        for passage in _chosen(catalogue, r, spans, search.per_article)
    ]
    return _hits(catalogue, chosen[: search.k], nearness, search), False


class _Reach(NamedTuple):
    """How far down rankings are read, and which articles they may not or may only name."""

    depth: int
    without: Sequence[int]
    among: Sequence[int] | None


class _Choice(NamedTuple):
    """A passage of an article that was found, and what of it was asked for exactly."""

    r: Ranked
    passage: Passage
    marks: tuple[Span, ...] = ()


def _fitting(
    catalogue: Catalogue,
    held: Queried,
    ranked: Sequence[Ranked],
    others: Sequence[int],
    spans: Spans,
    search: Search,
) -> list[_Choice]:
    """Return the passages of the articles that fit a query: the ranked ones, then the others.

    A passage that holds what was asked for exactly goes before one that ranks well.
    """
    places = {r.a: r for r in ranked}
    order = chain(places, (a for a in others if a not in places))
    chosen: list[_Choice] = []
    for a, article in held.fitting(order):
        r = places.get(a) or Ranked(a, 0.0, ("words",), ())
        marks, most = held.marks(article), search.per_article
        marked = [
            passage
            for _, passage in catalogue.passages_of(a)
            if _within(marks, passage) and (search.filters.comments or passage.part != "comment")
        ]
        passages = marked[:most] or _chosen(catalogue, r, spans, most)
        chosen += [_Choice(r, passage, _within(marks, passage)) for passage in passages]
        if len(chosen) >= search.k:
            break
    return chosen[: search.k]


def _within(marks: Sequence[Span], passage: Passage) -> tuple[Span, ...]:
    return tuple(mark for mark in marks if mark[0] < passage.end and passage.start < mark[1])


def _hits(
    catalogue: Catalogue,
    chosen: Sequence[_Choice],
    nearness: Mapping[int, float],
    search: Search,
) -> list[Hit]:
    """Look up what is told of each article that is kept: its text, its story, its notices."""
    within = search.filters.collections
    articles = dict(catalogue.live({one.r.a for one in chosen}))
    stories = copies.stories(catalogue, articles, within)
    told = notices.of_articles(catalogue, articles, within)
    return [
        Hit(
            article=articles[r.a],
            passage=passage,
            score=r.score,
            by=r.by,
            story=stories[r.a],
            notices=told[r.a],
            nearness=nearness.get(r.a),
            marks=marks,
        )
        for r, passage, marks in chosen
    ]


def _articles_of(rankings: Mapping[Ranker, Sequence[Scored]], spans: Spans) -> set[int]:
    """Return the articles that any ranker found."""
    found = {a for a, _ in spans.values()}
    for ranker, scored in rankings.items():
        if not _of_passages(ranker):
            found.update(a for a, _ in scored)
    return found


def _showable(
    rankings: Mapping[Ranker, Sequence[Scored]], days: Mapping[int, int | None]
) -> dict[Ranker, list[Scored]]:
    """Return the rankings without the articles that may not be shown."""
    return {
        ranker: [one for one in found if _of_passages(ranker) or one.id in days]
        for ranker, found in rankings.items()
    }


def _rankings(
    words: Words, near: Near | None, search: Search, reach: _Reach
) -> dict[Ranker, list[Scored]]:
    found: dict[Ranker, list[Scored]] = {}
    filters = search.filters
    if search.by != "meaning":
        terms = words.terms(search.text)
        if near is None:
            found["word_articles"] = words.search(terms, "articles", filters, *reach)
        found["word_passages"] = words.search(terms, "passages", filters, *reach)
    if near is not None:
        found["near_leads"] = near("leads", filters, DEPTH)
        found["near_passages"] = near("passages", filters, DEPTH)
    return found


def fuse(rankings: Mapping[Ranker, Sequence[Scored]], spans: Spans) -> list[Ranked]:
    """Return the articles that any ranker found, best first.

    Weighted reciprocal ranks (Cormack, Clarke and Buettcher 2009): each ranker adds
    weight / (constant + place) to an article, once, for its best passage. Places count
    articles, not passages: a long article must not push the next one down.
    """
    scores: dict[int, float] = defaultdict(float)
    by: dict[int, set[Found]] = defaultdict(set)
    passages: dict[int, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    leads = sorted(-score for _, score in rankings.get("near_leads", ()))
    for ranker, found in rankings.items():
        gains: dict[int, float] = {}
        of_passages, weight = _of_passages(ranker), _WEIGHTS[ranker]
        way: Found = "words" if ranker.startswith("word") else "meaning"
        for i, score in found:
            if of_passages and i not in spans:
                continue
            a = spans[i][0] if of_passages else i
            # While few passages are embedded yet, the nearest of them must not count as near:
            # a passage's place is the one among leads and passages together.
            ahead = bisect_left(leads, -score - _ALIKE) if ranker == "near_passages" else 0
            gain = weight / (_RANK + len(gains) + 1 + ahead)
            gains.setdefault(a, gain)
            by[a].add(way)
            if of_passages:
                passages[a][i] += gain
        for a, gain in gains.items():
            scores[a] += gain
    ranked = (
        Ranked(a, score, tuple(sorted(by[a], reverse=True)), _best_first(passages[a]))
        for a, score in scores.items()
    )
    return sorted(ranked, key=lambda r: (-r.score, r.a))


def _of_passages(ranker: Ranker) -> bool:
    return ranker in {"word_passages", "near_passages"}


def _best_first(scores: Mapping[int, float]) -> tuple[int, ...]:
    return tuple(sorted(scores, key=lambda p: (-scores[p], p)))


def _recent_first(
    ranked: Sequence[Ranked], days: Mapping[int, int | None], search: Search
) -> list[Ranked]:
    """Return the articles, best first, the more recent ones a little better."""
    asked = search.filters.as_of or datetime.now(UTC).date()
    gained = [r._replace(score=r.score * recency(record.day_of(days[r.a]), asked)) for r in ranked]
    return sorted(gained, key=lambda r: (-r.score, r.a))


def recency(published: date | None, asked: date) -> float:
    """Return the factor by which an article gains for being recent on the day of asking."""
    if published is None:
        return 1.0
    age = max((asked - published).days, 0)
    return 1.0 + _RECENT_WEIGHT * math.exp(-age / _RECENT_DAYS)


def _chosen(catalogue: Catalogue, r: Ranked, spans: Spans, most: int) -> list[Passage]:
    """Return an article's best passages; its first one where no ranker named any but the headline.

    The headline goes along with every passage as it is.
    """
    named = [spans[p][1] for p in r.passages if spans[p][1].part != "headline"]
    if named:
        return named[:most]
    reported = [p for _, p in catalogue.passages_of(r.a) if p.part != "comment"]
    return (reported[1:] or reported)[:1]
