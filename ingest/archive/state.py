"""What is in an archive, counted."""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from ingest.archive.catalogue import Catalogue, open_to
from ingest.archive.record import day_of
from ingest.archive.shown import withheld
from ingest.archive.sqlite import ours
from ingest.article import Filters

if TYPE_CHECKING:  # numpy is not needed to say what is there
    from ingest.archive.facets import ReadFacets
    from ingest.archive.label_columns import LabelColumns


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What is in an archive. Days are UTC; `change`, `words_at`, `meaning_at` are numbers.

    `withheld` counts what is under embargo by the day until which it is, "no end" where none is
    said; within a scope it is empty, since nobody is told of what they may not see.
    """

    articles: int
    passages: int
    embedded: int
    pending: int
    failed: int
    since: date | None
    until: date | None
    outlets: dict[str, int] = field(default_factory=dict)
    languages: dict[str, int] = field(default_factory=dict)
    embedder: str | None = None
    change: int = 0
    words_at: int = 0
    meaning_at: int = 0
    leads_embedded: int = 0
    withheld: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What every question must know of an archive, or of some of its collections. Days are UTC."""

    articles: int
    since: date | None
    until: date | None
    outlets: dict[str, int]
    languages: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardStatus:
    """One of several Chroma servers: what it holds, whether it answers, how far it has come."""

    years: str
    holds: str
    answers: bool
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """What a search may find today.

    `embedded` (0..1) is the share of the passages of its whole collections; of a large archive that
    of a sample of them.
    """

    articles: int
    since: date | None
    until: date | None
    embedded: float


State = tuple[int, int]
Kept = TypeVar("Kept")
Asked = TypeVar("Asked", bound=Hashable)
Within = tuple[str, ...] | None


class Counts:
    """What is in a catalogue, counted again only after a change, or when an embargo ended.

    Within a scope its collections alone count, and nothing that is under embargo.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._statuses: dict[Within, tuple[State, Status]] = {}
        self._overviews: dict[Within, tuple[State, Overview]] = {}
        self._covered: dict[Filters, tuple[State, Covered]] = {}
        self._shares: dict[Within, tuple[State, float]] = {}

    @cached_property
    def labels(self) -> "LabelColumns":
        """The labels of the articles."""
        from ingest.archive.label_columns import LabelColumns

        return LabelColumns(self._catalogue)

    @cached_property
    def facets(self) -> "ReadFacets":
        """The facets that do not stand in the labels."""
        from ingest.archive.facets import ReadFacets

        return ReadFacets(self._catalogue)

    @property
    def change(self) -> int:
        """The number of the last change."""
        return self._catalogue.change

    @property
    def embedder(self) -> str | None:
        """The fingerprint of what embedded the archive, if anything did."""
        return self._catalogue.meta("embedder")

    @property
    def leads_embedded(self) -> bool:
        """Whether any article can be found by meaning."""
        found = self._catalogue.connection.execute(
            "SELECT EXISTS (SELECT 1 FROM vectors)"
            " AND EXISTS (SELECT 1 FROM articles JOIN vectors ON lead = hash)"
        )
        return bool(found.fetchone()[0])

    @ours()
    def of(self, scope: Filters | None = None) -> Status:
        """Return all counts; within a scope, of what a search may find there.

        Looking up the vector of every passage takes long in a large archive: `overview` says what
        a question must know. How far the indexes have come is `Archive.status`, which looks for it.
        """
        within = scope.collections if scope else None
        return self._kept(self._statuses, within, lambda: self._count(within))

    @ours()
    def overview(self, scope: Filters | None = None) -> Overview:
        """Return what stands on the shelf; within a scope, of what a search may find there."""
        within = scope.collections if scope else None
        return self._kept(self._overviews, within, lambda: _overview(self._catalogue, within))

    @ours()
    def covered(self, filters: Filters) -> Covered:
        """Return what a search may find under its filters, what is embargoed today left out."""
        return self._kept(self._covered, filters, lambda: self._cover(filters))

    def _kept(
        self, kept: dict[Asked, tuple[State, Kept]], asked: Asked, count: Callable[[], Kept]
    ) -> Kept:
        state = self._catalogue.change, len(self._catalogue.embargoed())
        known = kept.get(asked)
        if known is None or known[0] != state:
            if len(kept) > _SCOPES:
                kept.clear()
            kept[asked] = known = (state, count())
        return known[1]

    def _cover(self, filters: Filters) -> Covered:
        where, values = _where(filters)
        articles, first, last = self._catalogue.connection.execute(
            f"SELECT count(*), min(day), max(day) FROM articles WHERE {where}",  # noqa: S608
            values,
        ).fetchone()
        within = filters.collections or None
        share = self._kept(self._shares, within, lambda: embedded_share(self._catalogue, within))
        return Covered(articles=articles, since=day_of(first), until=day_of(last), embedded=share)

    def _count(self, within: Within) -> Status:
        catalogue = self._catalogue
        there = self.overview(None if within is None else Filters(collections=within))
        passages, embedded = embedded_of(catalogue, within)
        where, values = _within(within)
        leads, failed = catalogue.connection.execute(
            "SELECT (SELECT count(*) FROM articles JOIN vectors ON lead = hash"  # noqa: S608
            f" WHERE {where}), (SELECT count(*) FROM failed)",
            values,
        ).fetchone()
        return Status(
            articles=there.articles,
            passages=passages,
            embedded=embedded,
            pending=passages - embedded,
            failed=0 if within else failed,
            since=there.since,
            until=there.until,
            outlets=there.outlets,
            languages=there.languages,
            embedder=self.embedder,
            change=self.change,
            leads_embedded=leads,
            withheld=withheld(catalogue) if within is None else {},
        )


def _overview(catalogue: Catalogue, within: Within) -> Overview:
    where, values = _within(within)
    outlets, languages = Counter[str](), Counter[str]()
    days: list[int] = []
    for outlet, language, count, first, last in catalogue.connection.execute(
        "SELECT outlet, language, count(*), min(day), max(day) FROM articles"  # noqa: S608
        f" WHERE {where} GROUP BY outlet, language",
        values,
    ):
        outlets[outlet] += count
        languages[language] += count
        days += [day for day in (first, last) if day is not None]
    return Overview(
        articles=outlets.total(),
        since=day_of(min(days, default=None)),
        until=day_of(max(days, default=None)),
        outlets=by_frequency({name: n for name, n in outlets.items() if name is not None}),
        languages=by_frequency({name: n for name, n in languages.items() if name is not None}),
    )


def by_frequency(counted: Mapping[str, int]) -> dict[str, int]:
    """Return counts, the most frequent value first."""
    return dict(sorted(counted.items(), key=lambda one: (-one[1], one[0])))


def embedded_share(catalogue: Catalogue, within: Within) -> float:
    """Return the share (0..1) of the passages of some collections, None for all, with a vector.

    Of a large archive that of passages evenly drawn from it, unless too few of those are theirs.
    """
    first, last = catalogue.connection.execute("SELECT min(p), max(p) FROM passages").fetchone()
    if last is None or not catalogue.connection.execute("SELECT 1 FROM vectors").fetchone():
        return 0.0
    step = (last - first + 1) // _DRAWN
    if step >= _SPARSE:
        passages, embedded = embedded_of(catalogue, within, range(first, last + 1, step))
        if passages >= _ENOUGH:
            return embedded / passages
    passages, embedded = embedded_of(catalogue, within)
    return embedded / max(passages, 1)


def embedded_of(
    catalogue: Catalogue, within: Within, drawn: Sequence[int] | None = None
) -> tuple[int, int]:
    """Count passages, all or those drawn, and those of them that have a vector."""
    where, values = _within(within)
    if drawn is not None:
        where, values = f"p {catalogue.any_of} AND {where}", [catalogue.many(drawn), *values]
    passages, embedded = catalogue.connection.execute(
        "SELECT count(*), count(v.hash) FROM passages"  # noqa: S608
        f"{'' if within is None else ' JOIN articles USING (a)'}"
        f" LEFT JOIN vectors v ON v.hash = passages.hash WHERE {where}",
        values,
    ).fetchone()
    return int(passages), int(embedded)


_SCOPES = 100
_DRAWN, _SPARSE, _ENOUGH = 20_000, 5, 1_000
"""Passages that are drawn of an archive with at least five times as many, and how many of them
tell the share of a collection: to a hundredth or two."""


def _within(within: Within) -> tuple[str, list[object]]:
    return ("1 = 1", []) if within is None else _where(Filters(collections=within))


def _where(filters: Filters) -> tuple[str, list[object]]:
    conditions, values = open_to(filters)
    return " AND ".join(conditions), values
