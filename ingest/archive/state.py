"""What is in an archive, counted."""

from dataclasses import dataclass, field
from datetime import date

from ingest.archive.catalogue import Catalogue
from ingest.archive.record import day_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """What is in an archive. Days are UTC; `change`, `words_at`, `meaning_at` are numbers."""

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


def status(catalogue: Catalogue, *, words_at: int, meaning_at: int) -> Status:
    """Count what is in an archive."""
    ask = catalogue.connection.execute
    articles, first, last = ask("SELECT count(*), min(day), max(day) FROM articles").fetchone()
    passages = ask("SELECT count(*) FROM passages").fetchone()[0]
    embedded = ask("SELECT count(*) FROM passages JOIN vectors USING (hash)").fetchone()[0]
    leads = ask("SELECT count(*) FROM articles JOIN vectors ON lead = hash").fetchone()[0]
    return Status(
        articles=articles,
        passages=passages,
        embedded=embedded,
        pending=passages - embedded,
        failed=ask("SELECT count(*) FROM failed").fetchone()[0],
        since=day_of(first),
        until=day_of(last),
        outlets=_counted(catalogue, "outlet"),
        languages=_counted(catalogue, "language"),
        embedder=catalogue.meta("embedder"),
        change=catalogue.change,
        words_at=words_at,
        meaning_at=meaning_at,
        leads_embedded=leads,
    )


def _counted(catalogue: Catalogue, column: str) -> dict[str, int]:
    rows = catalogue.connection.execute(
        f"SELECT {column}, count(*) FROM articles WHERE {column} IS NOT NULL"  # noqa: S608
        f" GROUP BY {column} ORDER BY count(*) DESC, {column}"
    )
    return {str(name): int(count) for name, count in rows}
