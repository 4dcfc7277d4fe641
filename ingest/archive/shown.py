"""Which articles may be shown to whom: what a reader may not see changes nothing they see.

A reader is the collections that they may see (none means all of them) at this moment, since an
embargo ends without anybody's doing.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal

from ingest.archive import notices, record
from ingest.archive.catalogue import Catalogue, open_to
from ingest.archive.versions import Version
from ingest.article import WITHHELD, Article, Filters

NO_END = "no end"
"""What stands for the day until which is withheld what no end is said of."""

Field = Literal["outlet", "language", "section", "collection"]
"""What articles are told apart by, in filters."""


def readable(
    catalogue: Catalogue, article_id: str, version: int | None, collections: Sequence[str]
) -> Article | None:
    """Return an article where a search may show it, an older version by its own embargo too."""
    with catalogue.snapshot():
        numbers = catalogue.numbers([article_id])
        if not catalogue.findable(numbers, Filters(collections=tuple(collections))):
            return None
        article = catalogue.article(article_id, version)
    return article if article and _open(article.embargo_until) else None


def versions_of(catalogue: Catalogue, article_id: str, *, embargoed: bool) -> list[Version]:
    """Return the versions of an article, oldest first; with `embargoed`, those under one too."""
    return [
        Version(version, seen_at, bytes(hashed).hex())
        for version, seen_at, hashed, until in catalogue.versions(article_id)
        if embargoed or _open(datetime.fromisoformat(until) if until else None)
    ]


def newest(catalogue: Catalogue, most: int, collections: Sequence[str]) -> list[Article]:
    """Return the newest articles that may be shown and are not retracted, by day."""
    scope = Filters(collections=tuple(collections))
    conditions, values = open_to(scope)
    retracted, said_by = notices.retracted_for(scope)
    with catalogue.snapshot():
        rows = catalogue.connection.execute(
            f"SELECT a FROM articles WHERE {' AND '.join(conditions)} AND NOT {retracted}"  # noqa: S608
            " ORDER BY day DESC NULLS LAST, a LIMIT ?",
            (*values, *said_by, most),
        ).fetchall()
        articles = dict(catalogue.live(a for (a,) in rows))
    return [articles[a] for (a,) in rows]


def values(catalogue: Catalogue, field: Field, scope: Filters) -> dict[str, int]:
    """Return the values of a field in the articles that may be shown, the most frequent first."""
    conditions, given = open_to(scope)
    rows = catalogue.connection.execute(
        f"SELECT {field}, count(*) FROM articles WHERE {field} IS NOT NULL"  # noqa: S608
        f" AND {' AND '.join(conditions)} GROUP BY {field} ORDER BY count(*) DESC, {field}",
        given,
    )
    return {str(value): int(count) for value, count in rows}


def until(moment: datetime) -> str:
    """Return the day until which something is withheld, NO_END where none is said."""
    return NO_END if moment >= WITHHELD else moment.astimezone(UTC).date().isoformat()


def withheld(catalogue: Catalogue, numbers: Sequence[int] | None = None) -> dict[str, int]:
    """Return how many articles are under embargo, or newer versions of them, by when it ends.

    `numbers` are those to be counted, None all of them.
    """
    rows = catalogue.connection.execute(
        "SELECT a, embargo FROM articles WHERE embargo > ?1"
        " UNION SELECT a, max(until) FROM waiting WHERE until > ?1 GROUP BY a",
        (record.moment(datetime.now(UTC)),),
    ).fetchall()
    ends = [
        until(datetime.fromisoformat(end))
        for a, end in rows
        if numbers is None or a in set(numbers)
    ]
    return dict(sorted(Counter(ends).items()))


def must_wait(newer: Article, shelved: Article) -> bool:
    """Tell whether a newer version stays behind the one on the shelf until its embargo ends.

    What is withheld without an end takes the earlier version off the shelf: somebody says that
    it may not be used any more.
    """
    until = newer.embargo_until
    return not _open(until) and until != WITHHELD and _open(shelved.embargo_until)


def _open(until: datetime | None) -> bool:
    return until is None or until <= datetime.now(UTC)
