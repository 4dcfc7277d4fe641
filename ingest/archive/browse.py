"""Articles by their labels and words: which there are, how many, of which outlets and days.

What is counted are dispatches: copies of one are one, and how many articles there are with the
copies is told beside it. Facets count articles, copies too; an article of two authors, or in which
two people speak, counts for each of them. Whatever a reader may not see is
neither listed nor counted, and no copy of anything.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from ingest.archive import copies, mentions, notices, prominence, record
from ingest.archive.catalogue import Catalogue, open_to
from ingest.archive.facets import ReadFacets, by_frequency
from ingest.archive.words import Words
from ingest.article import Article, Filters, ListedArticle, Order
from ingest.language.sentences import sentences

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

_DIGITS: Mapping[FacetField, int] = {"year": 4, "month": 7, "day": 10}
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


class _Labels(NamedTuple):
    """An article's labels, as its row has them."""

    a: int
    day: int | None
    outlet: str | None
    section: str | None
    language: str | None
    collection: str | None
    story: bytes


def browse(catalogue: Catalogue, words: Words, wanted: Browse, read: ReadFacets) -> Browsed:
    """Return a page of the articles that are wanted, each dispatch once, and what they are."""
    scores = _matching(catalogue, words, wanted)
    rows = _rows(catalogue, wanted.filters, scores)
    if wanted.among is not None:
        held = set(catalogue.numbers(wanted.among))
        rows = [row for row in rows if row.a in held]
    told = _dispatches(catalogue, rows, wanted.filters.collections)
    heads = [members[0] for members in told]
    if wanted.order == "news":
        scope = Filters(collections=wanted.filters.collections)
        events = prominence.ranked(catalogue, words, [[r.a for r in one] for one in told], scope)
        order = [event.a for event in events]
        shown = {event.a: event for event in events}
    else:
        order, shown = _ordered(heads, wanted.order, scores or {}), {}
    page = order[wanted.offset : wanted.offset + wanted.k]
    dated = [row.a for row in heads if row.day is not None]
    ends = [dated[0], dated[-1]] if dated else []
    listed = _listed(catalogue, {*page, *ends}, wanted.filters.collections, shown)
    return Browsed(
        articles=tuple(listed[a] for a in page),
        total=len(told),
        total_with_copies=len(rows),
        first=listed[ends[0]] if ends else None,
        last=listed[ends[1]] if ends else None,
        facets={one: _facet(rows, one, read) for one in wanted.facets},
    )


def _matching(catalogue: Catalogue, words: Words, wanted: Browse) -> dict[int, float] | None:
    """Return the articles that hold the words and the names, with how well; None without any."""
    terms = words.terms(wanted.words)
    if not terms and not wanted.names:
        return None
    named = [term for name in wanted.names for term in words.terms(name, all_words=True)]
    found = words.holding(dict.fromkeys([*terms, *named]), wanted.filters)
    scores = dict(found)
    for name in wanted.names:
        printing = mentions.printing(name, catalogue.live(scores), words)
        scores = {a: scores[a] for a in printing}
    return scores


def _rows(catalogue: Catalogue, filters: Filters, among: Iterable[int] | None) -> list[_Labels]:
    """Return the rows of the articles that may be shown, in order of time, undated ones last."""
    conditions, values = open_to(filters)
    if among is not None:
        conditions.append(f"a {catalogue.any_of}")
        values.append(catalogue.many(among))
    rows = catalogue.connection.execute(
        "SELECT a, day, outlet, section, language, collection, story FROM articles"  # noqa: S608
        f" WHERE {' AND '.join(conditions)} ORDER BY day IS NULL, day, a",
        values,
    )
    return _by_the_hour(catalogue, [_Labels(*row) for row in rows])


def _by_the_hour(catalogue: Catalogue, rows: list[_Labels]) -> list[_Labels]:
    """Return rows of one day in the order of their hours, where that day is the first or last.

    Of no other day is it told which article came before which.
    """
    dated = [row for row in rows if row.day is not None]
    if not dated:
        return rows
    first, last = dated[0].day, dated[-1].day
    hours = dict(
        catalogue.connection.execute(
            "SELECT a, record ->> 'published_at' FROM articles"
            " JOIN versions USING (a, version) WHERE day IN (?, ?)",
            (first, last),
        ).fetchall()
    )

    def hour(row: _Labels) -> tuple[int, str]:
        return record.when(row.day, hours.get(row.a))

    begins = sum(row.day == first for row in dated)
    ends = max(begins, len(dated) - sum(row.day == last for row in dated))
    at_first, between, at_last = dated[:begins], dated[begins:ends], dated[ends:]
    return [*sorted(at_first, key=hour), *between, *sorted(at_last, key=hour), *rows[len(dated) :]]


def _dispatches(
    catalogue: Catalogue, rows: Sequence[_Labels], collections: Sequence[str]
) -> list[list[_Labels]]:
    """Return the rows of each dispatch, the earliest first.

    Where some copy may not be shown, what is a copy of what is told by the others alone.
    """
    told: dict[bytes, list[_Labels]] = defaultdict(list)
    for row in rows:
        told[row.story or str(row.a).encode()].append(row)
    partly = _partly_hidden(catalogue, [s for s, those in told.items() if len(those) > 1])
    for name in partly:
        for row in told.pop(name):
            told[copies.story(catalogue, row.a, collections).id.encode()].append(row)
    place = {row.a: number for number, row in enumerate(rows)}
    return sorted(told.values(), key=lambda those: place[those[0].a])


def _partly_hidden(catalogue: Catalogue, stories: Sequence[bytes]) -> list[bytes]:
    """Return the stories of which some copy is under embargo or in a collection of its own."""
    found: list[bytes] = []
    for i in range(0, len(stories), 500):
        chunk = stories[i : i + 500]
        rows = catalogue.connection.execute(
            f"SELECT story FROM articles WHERE story IN ({','.join('?' * len(chunk))})"  # noqa: S608
            " GROUP BY story HAVING count(DISTINCT coalesce(collection, '')) > 1"
            " OR max(embargo) IS NOT NULL",
            chunk,
        )
        found += [bytes(story) for (story,) in rows]
    return found


def _ordered(heads: Sequence[_Labels], order: Order, scores: Mapping[int, float]) -> list[int]:
    if order == "relevance" and scores:
        return [row.a for row in sorted(heads, key=lambda row: -scores[row.a])]
    if order == "newest":
        dated = [row for row in heads if row.day is not None]
        return [row.a for row in (*reversed(dated), *heads[len(dated) :])]
    return [row.a for row in heads]


def _facet(rows: Sequence[_Labels], name: FacetField, read: ReadFacets) -> Mapping[str, int]:
    """Count articles by a field: days in their order, else the most frequent first."""
    if name in _DIGITS:
        return _by_time(rows, _DIGITS[name])
    if name == "author" or name == "kind" or name == "speaker":  # noqa: PLR1714 - for mypy
        return read.count(name, [row.a for row in rows])
    return by_frequency(Counter(value for row in rows if (value := getattr(row, name))))


def _by_time(rows: Sequence[_Labels], digits: int) -> dict[str, int]:
    counted: Counter[str] = Counter()
    for number, times in Counter(row.day for row in rows).items():
        if day := record.day_of(number):
            counted[day.isoformat()[:digits]] += times
    return dict(sorted(counted.items()))


def _listed(
    catalogue: Catalogue,
    numbers: Iterable[int],
    collections: Sequence[str],
    events: Mapping[int, prominence.Event],
) -> dict[int, ListedArticle]:
    """Look up what is told of each article in a list."""
    found: dict[int, ListedArticle] = {}
    for a, article in catalogue.live(numbers):
        event = events.get(a)
        found[a] = ListedArticle(
            article=article,
            lead=lead(article),
            story=copies.story(catalogue, a, collections),
            notices=notices.notices(catalogue, a, article, collections),
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
