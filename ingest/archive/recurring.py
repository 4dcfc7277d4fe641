"""Paragraphs that recur across an outlet's articles: prompts and forms, not reporting."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence, Set
from dataclasses import replace

from ingest.archive.catalogue import Catalogue
from ingest.article import Article
from ingest.language.normalise import block_hash

TIMES = 5
"""Articles of one outlet a paragraph must stand in. Tried 3 to 10 on realtimeqa: at 3 the
background paragraphs of running stories go too, at 8 half of the prompts stay."""

_WORDS = 5
"""Shorter lines are headings ("Delaware", "What to watch"): they lead to what follows them."""

_SHARED = 0.5
"""A paragraph whose articles share a headline word by more than this is the background of one
running story, which is reporting."""

Block = tuple[str, int]
"""A paragraph of an outlet, in one collection: whose reader may not see another."""


def blocks_of(article: Article) -> tuple[int | None, ...]:
    """Return of each part what stands for a paragraph of the body that may come to recur."""
    text = article.text
    return tuple(
        block_hash(text[part.start : part.end])
        if part.part in {"body", "boilerplate"}
        and text.count(" ", part.start, part.end) >= _WORDS - 1
        else None
        for part in article.parts
    )


def mark(article: Article, blocks: Sequence[int | None], known: Set[Block]) -> Article:
    """Return an article with the paragraphs that are known to recur marked as boilerplate."""
    outlet = _whose(article)
    marked = tuple(
        replace(part, part="boilerplate")
        if block is not None and part.part == "body" and (outlet, block) in known
        else part
        for part, block in zip(article.parts, blocks, strict=True)
    )
    return article if marked == article.parts else replace(article, parts=marked)


def _whose(article: Article) -> str:
    outlet = article.outlet or ""
    return f"{article.collection}\x1f{outlet}" if article.collection else outlet


def known(catalogue: Catalogue) -> set[Block]:
    """Return the paragraphs that are known to recur."""
    rows = catalogue.connection.execute("SELECT outlet, hash FROM recurring").fetchall()
    return {(str(outlet), int(hashed)) for outlet, hashed in rows}


def keep(catalogue: Catalogue, a: int, article: Article, blocks: Iterable[int | None]) -> None:
    """Note which paragraphs stand in an article, within a transaction."""
    outlet = _whose(article)
    catalogue.connection.execute("DELETE FROM blocks WHERE a = ?", (a,))
    catalogue.connection.executemany(
        "INSERT INTO blocks VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
        ((outlet, block, a) for block in sorted({b for b in blocks if b is not None})),
    )


def find(catalogue: Catalogue, among: Iterable[int]) -> set[Block]:
    """Return the paragraphs of some articles that have come to recur and were not known to."""
    rows = catalogue.connection.execute(
        "SELECT DISTINCT outlet, hash FROM blocks t"  # noqa: S608
        f" WHERE a {catalogue.any_of}"
        " AND EXISTS (SELECT 1 FROM blocks b WHERE b.outlet = t.outlet AND b.hash = t.hash"
        " LIMIT 1 OFFSET ?)"
        " AND NOT EXISTS (SELECT 1 FROM recurring r WHERE r.outlet = t.outlet AND r.hash = t.hash)",
        (catalogue.many(among), TIMES - 1),
    ).fetchall()
    return {(o, h) for o, h in rows if not _one_story(catalogue, o, h)}


def articles_with(catalogue: Catalogue, blocks: Iterable[Block]) -> list[int]:
    """Return the articles in which any of these paragraphs stands."""
    found: set[int] = set()
    for block in blocks:
        rows = catalogue.connection.execute(
            "SELECT a FROM blocks WHERE outlet = ? AND hash = ?", block
        )
        found.update(int(a) for (a,) in rows)
    return sorted(found)


def unmarked(catalogue: Catalogue) -> list[int]:
    """Return the articles that are newer than the last one that was looked at."""
    last = int(catalogue.meta("marked") or 0)
    rows = catalogue.connection.execute("SELECT a FROM articles WHERE a > ?", (last,))
    return [int(a) for (a,) in rows]


def remember(catalogue: Catalogue, blocks: Iterable[Block]) -> None:
    """Keep paragraphs as recurring, and that all articles were looked at, in a transaction."""
    catalogue.connection.executemany(
        "INSERT INTO recurring VALUES (?, ?) ON CONFLICT DO NOTHING", blocks
    )
    (last,) = catalogue.connection.execute("SELECT coalesce(max(a), 0) FROM articles").fetchone()
    catalogue.set_meta("marked", str(last))


def _one_story(catalogue: Catalogue, outlet: str, hashed: int) -> bool:
    rows = catalogue.connection.execute(
        "SELECT record ->> 'title' FROM blocks JOIN articles USING (a)"
        " JOIN versions USING (a, version) WHERE blocks.outlet = ? AND hash = ? LIMIT 40",
        (outlet, hashed),
    ).fetchall()
    counted = Counter(
        word for (title,) in rows for word in set(re.findall(r"\w{4,}", (title or "").casefold()))
    )
    most = counted.most_common(1)
    return bool(most) and most[0][1] > _SHARED * len(rows)
