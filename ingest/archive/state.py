"""What is in an archive, counted."""

import time
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

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
class ShardStatus:
    """One of several Chroma servers: what it holds, whether it answers, how far it has come."""

    years: str
    holds: str
    answers: bool
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """What a search may find today. `embedded` (0..1) is the share of its whole collections."""

    articles: int
    since: date | None
    until: date | None
    embedded: float


class Counts:
    """What is in a catalogue, counted again only after a change.

    Within a scope (its collections alone count), also when a minute has passed: an embargo
    ends without a change.
    """

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._kept: dict[tuple[str, ...] | None, tuple[tuple[int, int], Status]] = {}
        self._covered: dict[Filters, tuple[tuple[int, int], Covered]] = {}

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

    @ours()
    def of(self, scope: Filters | None = None) -> Status:
        """Return the counts; within a scope, of what a search may find there.

        How far the indexes have come is `Archive.status`, which looks for it.
        """
        within = scope.collections if scope else None
        state = (self._catalogue.change, int(time.time() // 60))
        kept = self._kept.get(within)
        if kept is None or kept[0] != state:
            if len(self._kept) > _SCOPES:
                self._kept.clear()
            self._kept[within] = kept = (state, _count(self._catalogue, within))
        return kept[1]

    @ours()
    def covered(self, filters: Filters) -> Covered:
        """Return what a search may find under its filters, what is embargoed today left out."""
        state = (self._catalogue.change, int(time.time() // 60))
        kept = self._covered.get(filters)
        if kept is None or kept[0] != state:
            if len(self._covered) > _SCOPES:
                self._covered.clear()
            self._covered[filters] = kept = (state, self._cover(filters))
        return kept[1]

    def _cover(self, filters: Filters) -> Covered:
        where, values = _where(filters)
        articles, first, last = self._catalogue.connection.execute(
            f"SELECT count(*), min(day), max(day) FROM articles WHERE {where}",  # noqa: S608
            values,
        ).fetchone()
        # Looking up the vectors of every passage takes 0.3 s in an archive of 3,000 articles.
        within = filters.collections
        whole = self.of(Filters(collections=within) if within else None)
        return Covered(
            articles=articles,
            since=day_of(first),
            until=day_of(last),
            embedded=whole.embedded / max(whole.passages, 1),
        )


_SCOPES = 100


def _count(catalogue: Catalogue, within: tuple[str, ...] | None) -> Status:
    where, values = ("1 = 1", []) if within is None else _where(Filters(collections=within))

    def ask(what: str) -> tuple[int, ...]:
        counted = catalogue.connection.execute(f"SELECT {what} WHERE {where}", values)
        found: tuple[int, ...] = counted.fetchone()
        return found

    articles, first, last = ask("count(*), min(day), max(day) FROM articles")
    (passages,) = ask("count(*) FROM passages JOIN articles USING (a)")
    (embedded,) = ask("count(*) FROM passages JOIN articles USING (a) JOIN vectors USING (hash)")
    (leads,) = ask("count(*) FROM articles JOIN vectors ON lead = hash")
    failed = catalogue.connection.execute("SELECT count(*) FROM failed").fetchone()[0]
    return Status(
        articles=articles,
        passages=passages,
        embedded=embedded,
        pending=passages - embedded,
        failed=0 if within else failed,
        since=day_of(first),
        until=day_of(last),
        outlets=_counted(catalogue, "outlet", where, values),
        languages=_counted(catalogue, "language", where, values),
        embedder=catalogue.meta("embedder"),
        change=catalogue.change,
        leads_embedded=leads,
        withheld=withheld(catalogue) if within is None else {},
    )


def _where(filters: Filters) -> tuple[str, list[object]]:
    conditions, values = open_to(filters)
    return " AND ".join(conditions), values


def _counted(catalogue: Catalogue, column: str, where: str, values: list[object]) -> dict[str, int]:
    rows = catalogue.connection.execute(
        f"SELECT {column}, count(*) FROM articles WHERE {column} IS NOT NULL"  # noqa: S608
        f" AND {where} GROUP BY {column} ORDER BY count(*) DESC, {column}",
        values,
    )
    return {str(name): int(count) for name, count in rows}
