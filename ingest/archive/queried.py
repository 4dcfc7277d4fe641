"""Which articles fit a query: by the index as far as it is exact, then by their own text."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import islice

from ingest.archive.catalogue import Catalogue
from ingest.archive.conditions import Labels, QueriedArticle, Span
from ingest.archive.query import AllOf, Condition, FieldIs, Query, all_of, conjuncts
from ingest.archive.shown import Field as Labelled
from ingest.archive.shown import values
from ingest.archive.tokens import forms
from ingest.archive.words import Words
from ingest.article import Article, Filters

_TOGETHER = 25
"""Articles that are loaded at once: most searches want ten."""

_LABELS: dict[str, Labelled] = {"outlet": "outlet", "section": "section", "lang": "language"}


class Queried:
    """A condition held against an archive, within the filters of one search, `among` some."""

    def __init__(
        self,
        catalogue: Catalogue,
        words: Words,
        condition: Condition,
        filters: Filters,
        among: Sequence[int] | None = None,
    ) -> None:
        self._catalogue = catalogue
        self._words = words
        self._filters = filters
        self.condition = condition
        self._labels = labels(catalogue, filters)
        narrowing = words.narrowing(self._labels, comments=filters.comments)
        # A stale index may miss, never lie: what it has not followed is read again, all of it.
        current = catalogue.in_effect(words.at, ["article"]) >= catalogue.change
        self._unproven = narrowing.unproven(condition) if current else condition
        found = words.matching(
            narrowing.narrow(condition).query, filters, catalogue.embargoed(), among
        )
        self._days = catalogue.findable(found, filters)
        self._reading: QueriedArticle | None = None
        self._unfit: set[int] = set()

        self.among = sorted(self._days, key=lambda a: (-(self._days[a] or 0), a))
        """The numbers of the articles that may fit, the newest first."""

    @property
    def may_fit(self) -> Collection[int]:
        """The numbers of the articles that may fit, in no order."""
        return self._days.keys()

    @property
    def earliest_first(self) -> list[int]:
        """The numbers of the articles that may fit, the earliest first, undated ones last."""
        days = self._days
        return sorted(self.among, key=lambda a: (days[a] is None, days[a] or 0, a))

    @property
    def proven(self) -> bool:
        """Whether all that may fit do, and no text needs to be read."""
        return self._unproven is None

    def fitting(self, numbers: Iterable[int]) -> Iterator[tuple[int, Article]]:
        """Yield those of some articles that fit, in their order; what does not is read once."""
        rest = (a for a in numbers if a not in self._unfit)
        while chunk := list(islice(rest, _TOGETHER)):
            live = dict(self._catalogue.live(chunk))
            for a in chunk:
                if a in live and self._read(live[a]).fits(self._unproven):
                    yield a, live[a]
                else:
                    self._unfit.add(a)

    @property
    def numbers(self) -> Iterator[int]:
        """The numbers of all articles that fit, the newest first."""
        if self._unproven is None:
            return iter(self.among)
        return (a for a, _ in self.fitting(self.among))

    def marks(self, article: Article) -> tuple[Span, ...]:
        """Return what of an article fits, where it is more than words."""
        return self._read(article).marks(self.condition)

    def _read(self, article: Article) -> QueriedArticle:
        """Return an article as it is read; what fits is read once more, for what of it does."""
        if self._reading is None or self._reading.article is not article:
            comments = self._filters.comments
            self._reading = QueriedArticle(article, self._words, self._labels, comments=comments)
        return self._reading


def labels(catalogue: Catalogue, filters: Filters) -> Labels:
    """Return what names mean among the articles that may be shown.

    A name in whatever case, else every name that holds all of its words.
    """
    scope = Filters(collections=filters.collections)

    @cache
    def there(field: str) -> tuple[str, ...]:
        return tuple(values(catalogue, _LABELS[field], scope))

    @cache
    def meant(field: str, value: str) -> frozenset[str]:
        asked, words = value.casefold(), set(forms(value))
        same = frozenset(name for name in there(field) if name.casefold() == asked)
        if same or field == "lang":
            return same
        return frozenset(name for name in there(field) if words and words <= set(forms(name)))

    return Labels(meant)


def narrowed(catalogue: Catalogue, query: Query, filters: Filters) -> tuple[Query, Filters]:
    """Return a query without the days and names that filters can keep to, and those filters."""
    query, filters = query.dated(filters)
    names = labels(catalogue, filters)
    rest: list[Condition] = []
    for part in conjuncts(query.must):
        kept = _filtered(part, names.of, filters)
        filters = kept or filters
        if kept is None:
            rest.append(part)
    # Where nothing is left to ask, everything within the filters fits.
    must = all_of(rest) or (None if query.words.strip() else AllOf(()))
    return replace(query, must=must), filters


def _filtered(
    part: Condition, meant: Callable[[str, str], frozenset[str]], filters: Filters
) -> Filters | None:
    """Return filters that keep to what a part names, None where they cannot.

    A name that is not there stays as it was typed, so that it can be said that it is not.
    """
    if not isinstance(part, FieldIs) or part.field not in _LABELS:
        return None
    named = tuple(sorted(meant(part.field, part.value))) or (part.value,)
    if part.field == "outlet" and not filters.outlets:
        return replace(filters, outlets=named)
    if part.field == "section" and not filters.sections:
        return replace(filters, sections=named)
    if part.field == "lang" and not filters.languages:
        return replace(filters, languages=named)
    return None


def fitting(
    catalogue: Catalogue, words: Words, condition: Condition | None, filters: Filters
) -> Iterator[str]:
    """Yield the ids of all articles that fit, the newest first."""
    if condition is None:
        everybody: Sequence[int] = [
            a
            for (a,) in catalogue.connection.execute(
                "SELECT a FROM articles ORDER BY day DESC NULLS LAST, a"
            )
        ]
        there = catalogue.findable(everybody, filters)
        numbers = iter([a for a in everybody if a in there])
    else:
        numbers = Queried(catalogue, words, condition, filters).numbers
    while chunk := list(islice(numbers, _TOGETHER)):
        ids = catalogue.ids_of(chunk)
        yield from (ids[a] for a in chunk)
