"""Corrections in the catalogue: which article says what of another, and which are retracted.

A notice is kept under the id of what it names. It holds from the moment on that both are here,
whichever came first, and as long as both are.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import timedelta

from ingest.archive import record
from ingest.archive.catalogue import Catalogue
from ingest.archive.versions import superseded
from ingest.article import Article, Notice
from ingest.clean.corrections import notice_about, own_notices

_SINCE = timedelta(days=90)
"""How far back a notice looks for the headline that it names."""

_SAME_HEADLINE = 0.6
"""Words that a headline shares with the one a notice names, of both together."""


def keep(catalogue: Catalogue, a: int, article: Article) -> None:
    """Keep what an article says of others, and whether it is retracted, within a transaction."""
    touched = forget(catalogue, a)
    about = notice_about(article)
    if about is not None:
        named = set(article.corrects) or set(_headed(catalogue, a, article, about.headline))
        named -= {article.article_id}
        catalogue.connection.executemany(
            "INSERT OR REPLACE INTO corrections VALUES (?, ?, ?, ?)",
            ((a, one, about.code, about.text) for one in named),
        )
        touched |= named
    _refresh(catalogue, a, article)
    refresh(catalogue, touched)


def forget(catalogue: Catalogue, a: int) -> set[str]:
    """Forget what an article said of others; return whom."""
    ask = catalogue.connection.execute
    named = {str(i) for (i,) in ask("SELECT article_id FROM corrections WHERE source = ?", (a,))}
    if named:
        ask("DELETE FROM corrections WHERE source = ?", (a,))
    return named


def refresh(catalogue: Catalogue, article_ids: Iterable[str]) -> None:
    """Note of some articles whether they are retracted, within a transaction."""
    for a, article in list(catalogue.live(catalogue.numbers(article_ids))):
        _refresh(catalogue, a, article)


def _refresh(catalogue: Catalogue, a: int, article: Article) -> None:
    retracted = any(notice.code == "retracted" for notice in _said(catalogue, a, article))
    catalogue.connection.execute(
        "UPDATE articles SET retracted = ? WHERE a = ? AND retracted != ?",
        (retracted, a, retracted),
    )


def notices(catalogue: Catalogue, a: int, article: Article) -> tuple[Notice, ...]:
    """Return what every citation of an article must carry, in its newest version."""
    said = (*_said(catalogue, a, article), *_of_copies(catalogue, a))
    return tuple(dict.fromkeys(said))


def _said(catalogue: Catalogue, a: int, article: Article) -> Iterator[Notice]:
    """Yield what an article says of itself, and others of it."""
    yield from own_notices(article)
    rows = catalogue.connection.execute(
        "SELECT code, text FROM corrections WHERE article_id IN"
        " (SELECT ? UNION ALL SELECT article_id FROM aliases WHERE a = ?) ORDER BY source",
        (article.article_id, a),
    )
    for code, text in rows.fetchall():
        yield Notice(code=code, text=text)


def _of_copies(catalogue: Catalogue, a: int) -> Iterator[Notice]:
    """Yield a notice where another outlet retracted the same dispatch."""
    rows = catalogue.connection.execute(
        "SELECT DISTINCT outlet FROM articles WHERE a != ? AND retracted AND story ="
        " (SELECT story FROM articles WHERE a = ? AND story != x'')",
        (a, a),
    )
    for (outlet,) in rows:
        who = outlet or "another outlet"
        yield Notice(code="copy_retracted", text=f"Of this dispatch, {who} retracted its copy.")


def of_version(
    catalogue: Catalogue, article: Article, span: tuple[int, int] | None = None
) -> list[Notice]:
    """Return what a citation of a version of an article must carry, if it is not the newest too.

    With a span, it says whether these words still stand in the newest version.
    """
    found: list[Notice] = []
    for a, newest in catalogue.live(catalogue.numbers([article.article_id])):
        words = article.text[slice(*span)] if span else None
        newer = superseded(newest, article.version, words)
        found += [newer] if newer else []
        found += notices(catalogue, a, newest)
    return found


def _headed(catalogue: Catalogue, a: int, article: Article, headline: str) -> list[str]:
    """Return the article of the same outlet that has the headline which a notice names."""
    wanted = _words(headline)
    if len(wanted) < 2 or article.outlet is None or article.date is None:
        return []
    days = (record.day_number(article.date - _SINCE), record.day_number(article.date))
    rows = catalogue.connection.execute(
        "SELECT article_id, json_extract(record, '$.title') FROM articles"
        " JOIN versions USING (a, version) WHERE day BETWEEN ? AND ? AND outlet = ? AND a != ?"
        " ORDER BY day DESC, a DESC",
        (*days, article.outlet, a),
    )
    shares = [(_share(wanted, _words(title or "")), article_id) for article_id, title in rows]
    best = max(shares, default=(0.0, ""), key=lambda found: found[0])
    return [best[1]] if best[0] >= _SAME_HEADLINE else []


def _share(one: set[str], other: set[str]) -> float:
    return len(one & other) / max(len(one | other), 1)


def _words(headline: str) -> set[str]:
    return set(re.findall(r"\w+", headline.casefold()))
