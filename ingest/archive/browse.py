"""Articles by their labels and words: which there are, how many, of which outlets and days.

What is counted are dispatches: copies of one are one, and how many articles there are with the
copies is told beside it. Facets count articles, copies too; an article of two authors, or in which
two people speak, counts for each of them. Whatever a reader may not see is
neither listed nor counted, and no copy of anything.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from ingest.archive import copies, mentions, notices, prominence
from ingest.archive.catalogue import Catalogue
from ingest.archive.state import Counts
from ingest.archive.words import Words
from ingest.article import Article, Filters, ListedArticle, Order
from ingest.language.sentences import sentences

if TYPE_CHECKING:  # numpy is not needed to ask
    from ingest.archive.facets import ReadFacets
    from ingest.archive.label_columns import LabelRows

FacetField = Literal[
    "outlet",
    "section",
    "author",
    "speaker",
    "language",
    "kind",
    "collection",
    "year",
    "month",
    "day",
]
FACETS: tuple[FacetField, ...] = ("outlet", "section", "language", "month")
"""Those that are told unless others are asked for: they stand in a row of their own."""

_LEAD = 240
"""Characters of a lead at most: three lines of a terminal."""

_WHOLE = 8
"""Spaces in a first sentence that tells something: fewer are a byline or a day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Browse:
    """Which articles are wanted, in which order, and which of them are to be shown.

    They hold every one of `words` in some form, and print each of `names` as it stands. `among`
    are the ids of those that may be listed at all, where not all may.
    """

    words: str = ""
    names: tuple[str, ...] = ()
    filters: Filters = field(default_factory=Filters)
    order: Order = "date"
    k: int = 20
    offset: int = 0
    facets: tuple[FacetField, ...] = FACETS
    among: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Browsed:
    """A page of what was found; how much that is in all, and its first and last by day."""

    articles: tuple[ListedArticle, ...] = ()
    total: int = 0
    total_with_copies: int = 0
    first: ListedArticle | None = None
    last: ListedArticle | None = None
    facets: Mapping[FacetField, Mapping[str, int]] = field(default_factory=dict)


def browse(catalogue: Catalogue, words: Words, wanted: Browse, counts: Counts) -> Browsed:
    """Return a page of the articles that are wanted, each dispatch once, and what they are."""
    scores = _matching(catalogue, words, wanted)
    numbers: Iterable[int] | None = scores
    if wanted.among is not None:
        held = set(catalogue.numbers(wanted.among))
        numbers = held if scores is None else held & scores.keys()
    scope = wanted.filters.collections
    rows = counts.labels.rows(wanted.filters, numbers)
    heads = rows.heads()
    days = rows.day[heads].tolist()
    order, shown = rows.a[heads].tolist(), dict[int, prominence.Event]()
    dated = [a for a, day in zip(order, days, strict=True) if day]
    if wanted.order == "news":
        told = rows.dispatches()
        events = prominence.ranked(catalogue, words, told, Filters(collections=scope))
        order, shown = [event.a for event in events], {event.a: event for event in events}
    elif wanted.order == "relevance" and scores:
        order.sort(key=scores.__getitem__, reverse=True)
    elif wanted.order == "newest":
        order = [*reversed(dated), *order[len(dated) :]]
    page = order[wanted.offset : wanted.offset + wanted.k]
    ends = [dated[0], dated[-1]] if dated else []
    listed = _listed(catalogue, {*page, *ends}, scope, shown)
    return Browsed(
        articles=tuple(listed[a] for a in page),
        total=len(heads),
        total_with_copies=len(rows.a),
        first=listed[ends[0]] if ends else None,
        last=listed[ends[1]] if ends else None,
        facets={one: _facet(rows, one, counts.facets) for one in wanted.facets},
    )


def _matching(catalogue: Catalogue, words: Words, wanted: Browse) -> dict[int, float] | None:
    """Return the articles that hold the words and the names, with how well; None without any."""
    terms = words.terms(wanted.words)
    if not terms and not wanted.names:
        return None
    named = [term for name in wanted.names for term in words.terms(name, all_words=True)]
    scores = words.holding(dict.fromkeys([*terms, *named]), wanted.filters)
    for name in wanted.names:
        printing = mentions.printing(name, catalogue.live(scores), words)
        scores = {a: scores[a] for a in printing}
    return scores


def _facet(rows: "LabelRows", name: FacetField, read: "ReadFacets") -> Mapping[str, int]:
    """Count articles by a field: days in their order, else the most frequent first."""
    if name == "year" or name == "month" or name == "day":  # noqa: PLR1714 - for mypy
        return rows.by_time(name)
    if name == "author" or name == "kind" or name == "speaker":  # noqa: PLR1714 - for mypy
        return read.count(name, rows.a)
    return rows.labels[name].counted()


def _listed(
    catalogue: Catalogue,
    numbers: Iterable[int],
    collections: Sequence[str],
    events: Mapping[int, prominence.Event],
) -> dict[int, ListedArticle]:
    """Look up what is told of each article in a list."""
    found: dict[int, ListedArticle] = {}
    articles = dict(catalogue.live(numbers))
    stories = copies.stories(catalogue, articles, collections)
    told = notices.of_articles(catalogue, articles, collections)
    for a, article in articles.items():
        event = events.get(a)
        found[a] = ListedArticle(
            article=article,
            lead=lead(article),
            story=stories[a],
            notices=told[a],
            newsrooms=event.newsrooms if event else 1,
            related=event.related if event else 0,
        )
    return found


def lead(article: Article) -> str:
    """Return the line that tells what an article is about: its standfirst, or how it begins."""
    spans = [part for part in article.parts if part.part == "standfirst"]
    spans += [part for part in article.parts if part.part == "body"]
    text = article.text
    told = [
        " ".join(text[start:end].split())
        for part in spans[:4]
        for start, end in sentences(text, part.start, part.end)
    ]
    whole = next((one for one in told if one.count(" ") >= _WHOLE), told[0] if told else "")
    return whole if len(whole) <= _LEAD else whole[:_LEAD].rpartition(" ")[0] + " …"
