"""Look at everything that an archive holds: every span, hash and vector, both followers whole."""

from collections.abc import Iterator

import numpy as np

from ingest.archive import care, record
from ingest.archive.archive import Archive
from ingest.archive.care import Check, tried
from ingest.archive.catalogue import Catalogue
from ingest.article import Article, Passage

_ALL = 2**62
_AT_ONCE = 500
_AGAIN = "restore a backup, or read these articles again (`morgue ingest --anew`)"
_REBUILD = "run `morgue rebuild passages`"
_OF_ARTICLES = ("versions", "passages", "sketches", "aliases", "waiting", "blocks", "watched",
                "alerts")  # fmt: skip


def verify(archive: Archive) -> list[Check]:
    """Look at all of an archive, article by article; it takes about as long as a rebuild."""
    checks = [
        tried("file", lambda: _file(archive.catalogue), _AGAIN),
        tried("texts", lambda: _texts(archive.catalogue), _AGAIN),
    ]
    if not all(check.ok for check in checks):
        return checks  # whatever else is looked at is read from these
    checks += [
        tried("spans", lambda: _spans(archive.catalogue), _REBUILD),
        tried("vectors", lambda: _vectors(archive.catalogue), "run `morgue rebuild meaning`"),
        tried("links", lambda: _links(archive.catalogue), _AGAIN),
    ]
    return [*checks, *care.doctor(archive, most=_ALL)]


def _file(catalogue: Catalogue) -> tuple[bool, str]:
    found = catalogue.database.damage(thorough=True)
    return not found, "; ".join(found) or "ok"


def _texts(catalogue: Catalogue) -> tuple[bool, str]:
    """Read every version: its parts lie in order within its text, and say what they are."""
    rows = catalogue.connection.execute(
        "SELECT article_id, v.version, v.record, v.text FROM articles JOIN versions v USING (a)"
    )
    wrong, total = list[str](), 0
    for article_id, version, kept, text in rows:
        total += 1
        try:
            whole = _in_order(record.loads(article_id, version, kept, text))
        except (ValueError, KeyError, TypeError):
            whole = False
        if not whole:
            wrong.append(f"{article_id} version {version}")
    return not wrong, _told(f"{total:,} versions", wrong)


def _in_order(article: Article) -> bool:
    at = 0
    for part in article.parts:
        if not at <= part.start <= part.end <= len(article.text):
            return False
        at = part.end
    return True


def _spans(catalogue: Catalogue) -> tuple[bool, str]:
    """Hold every passage and lead against the words of its article, and their hashes."""
    numbers = [a for (a,) in catalogue.connection.execute("SELECT a FROM articles ORDER BY a")]
    wrong, total = list[str](), 0
    for first in range(0, len(numbers), _AT_ONCE):
        for a, article in catalogue.live(numbers[first : first + _AT_ONCE]):
            rows = catalogue.connection.execute(
                'SELECT start, "end", part, author, hash FROM passages WHERE a = ?', (a,)
            ).fetchall()
            total += len(rows)
            (lead,) = catalogue.connection.execute(
                "SELECT lead FROM articles WHERE a = ?", (a,)
            ).fetchone()
            right = bytes(lead) == record.digest(record.lead_of(article))
            if not right or not all(_exact(article, *row) for row in rows):
                wrong.append(article.article_id)
    return not wrong, _told(f"{total:,} passages of {len(numbers):,} articles", wrong)


def _exact(article: Article, start: int, end: int, part: str, author: str, hashed: bytes) -> bool:
    passage = Passage(start=start, end=end, part=part, author=author)  # type: ignore[arg-type]
    words = article.text[start:end]
    within = [one for one in article.parts if one.start < end and start < one.end]
    return (
        0 <= start < end <= len(article.text)
        and words == words.strip()
        and {one.part for one in within} == {part}
        and bytes(hashed) == record.digest(record.context_of(article, passage))
    )


def _vectors(catalogue: Catalogue) -> tuple[bool, str]:
    """Look whether all vectors are as long as each other, numbers, and used by something."""
    lengths, strange, total = set[int](), 0, 0
    for (vector,) in catalogue.connection.execute("SELECT vector FROM vectors"):
        total += 1
        lengths.add(len(vector))
        strange += len(vector) % 4 != 0 or not np.isfinite(np.frombuffer(vector, np.float32)).all()
    (unused,) = catalogue.connection.execute(
        "SELECT count(*) FROM vectors WHERE hash NOT IN (SELECT hash FROM passages)"
        " AND hash NOT IN (SELECT lead FROM articles)"
    ).fetchone()
    found = f"{total:,} vectors, {strange} of no numbers, {unused} that nothing uses"
    return len(lengths) < 2 and not strange, found


def _links(catalogue: Catalogue) -> tuple[bool, str]:
    """Look whether whatever is kept of an article is kept of one that is there."""
    wrong = [f"{count} of {table}" for table, count in _orphans(catalogue) if count]
    return not wrong, ", ".join(wrong) + " without an article" if wrong else "all of them hold"


def _orphans(catalogue: Catalogue) -> Iterator[tuple[str, int]]:
    for table, column in (*((one, "a") for one in _OF_ARTICLES), ("corrections", "source")):
        (count,) = catalogue.connection.execute(
            f"SELECT count(*) FROM {table} WHERE {column} NOT IN (SELECT a FROM articles)"  # noqa: S608
        ).fetchone()
        yield table, int(count)


def _told(total: str, wrong: list[str]) -> str:
    if not wrong:
        return f"{total}, all as they must be"
    shown = ", ".join(wrong[:5]) + (", ..." if len(wrong) > 5 else "")
    return f"{total}; {len(wrong):,} articles or versions are not as they must be: {shown}"
