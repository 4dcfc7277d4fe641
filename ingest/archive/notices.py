"""Corrections in the catalogue: which article says what of another, and which are retracted.

A notice is kept under the id of what it names. It holds from the moment on that both are here,
whichever came first, and as long as both are.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from ingest.archive import record
from ingest.archive.catalogue import Catalogue, open_to
from ingest.archive.copies import story
from ingest.archive.versions import superseded
from ingest.article import Article, Filters, Notice
from ingest.clean.corrections import notice_about, own_notices

_SINCE = timedelta(days=90)
"""How far back a notice looks for the headline that it names."""

_SAME_HEADLINE = 0.6
"""Words that a headline shares with the one a notice names, of both together."""


def keep(catalogue: Catalogue, a: int, article: Article) -> None:
    """Keep what an article says of others and of itself, within a transaction."""
    forget(catalogue, a)
    about = notice_about(article)
    if about is not None:
        named = set(article.corrects) or set(_headed(catalogue, a, article, about.headline))
        catalogue.connection.executemany(
            "INSERT INTO corrections VALUES (?, ?, ?, ?) ON CONFLICT (article_id, source)"
            " DO UPDATE SET code = excluded.code, text = excluded.text",
            ((a, one, about.code, about.text) for one in named - {article.article_id}),
        )
    retracted = any(notice.code == "retracted" for notice in own_notices(article))
    catalogue.connection.execute("UPDATE articles SET retracted = ? WHERE a = ?", (retracted, a))


def forget(catalogue: Catalogue, a: int) -> None:
    """Forget what an article said of others."""
    catalogue.connection.execute("DELETE FROM corrections WHERE source = ?", (a,))


def notices(
    catalogue: Catalogue, a: int, article: Article, collections: Sequence[str] = ()
) -> tuple[Notice, ...]:
    """Return what every citation of an article must carry, as `of_articles` does."""
    return of_articles(catalogue, {a: article}, collections)[a]


def of_articles(
    catalogue: Catalogue, articles: Mapping[int, Article], collections: Sequence[str] = ()
) -> dict[int, tuple[Notice, ...]]:
    """Return what every citation of articles must carry, each in its newest version.

    What is said by articles that a reader of these collections may not see is left out.
    """
    scope = Filters(collections=tuple(collections))
    numbers = catalogue.many(articles)
    found = {a: list(own_notices(article)) for a, article in articles.items()}
    for a, notice in _said(catalogue, numbers, scope):
        found[a].append(notice)
    for a in _with_a_retracted_copy(catalogue, numbers, scope):
        found[a] += _of_copies(catalogue, a, scope)
    return {a: tuple(dict.fromkeys(said)) for a, said in found.items()}


def retracted_for(scope: Filters) -> tuple[str, list[object]]:
    """Return the SQL condition on `articles`, with its values, that a reader sees it retracted."""
    conditions, values = open_to(scope)
    said = (
        "EXISTS (SELECT 1 FROM corrections c JOIN articles s ON s.a = c.source"  # noqa: S608
        " WHERE c.code = 'retracted' AND c.article_id IN (SELECT articles.article_id"
        " UNION ALL SELECT article_id FROM aliases WHERE aliases.a = articles.a)"
        f" AND {' AND '.join(conditions)})"
    )
    return f"(articles.retracted OR {said})", values


def _said(catalogue: Catalogue, numbers: object, scope: Filters) -> Iterator[tuple[int, Notice]]:
    """Yield what others say of articles, in the order in which they came."""
    conditions, values = open_to(scope)
    rows = catalogue.connection.execute(
        "SELECT named.a, c.code, c.text FROM ("  # noqa: S608
        f"SELECT a, article_id FROM articles WHERE a {catalogue.any_of}"
        f" UNION ALL SELECT a, article_id FROM aliases WHERE a {catalogue.any_of}) AS named"
        " JOIN corrections c ON c.article_id = named.article_id JOIN articles s ON s.a = c.source"
        f" WHERE {' AND '.join(conditions)} ORDER BY c.source",
        (numbers, numbers, *values),
    )
    for a, code, text in rows.fetchall():
        yield a, Notice(code=code, text=text)


def _with_a_retracted_copy(catalogue: Catalogue, numbers: object, scope: Filters) -> list[int]:
    """Return which articles have a copy that may be one, and that a reader sees retracted."""
    retracted, values = retracted_for(scope)
    rows = catalogue.connection.execute(
        "SELECT DISTINCT own.a FROM articles own JOIN articles"  # noqa: S608
        " ON articles.story = own.story AND articles.a != own.a"
        f" WHERE own.a {catalogue.any_of} AND own.story != ? AND {retracted}",
        (numbers, b"", *values),
    )
    return [int(a) for (a,) in rows.fetchall()]


def _of_copies(catalogue: Catalogue, a: int, scope: Filters) -> Iterator[Notice]:
    """Yield a notice for each other outlet that retracted the same dispatch."""
    retracted, values = retracted_for(scope)
    copies = catalogue.many(story(catalogue, a, scope.collections).article_ids)
    rows = catalogue.connection.execute(
        "SELECT DISTINCT outlet FROM articles WHERE a != ? AND article_id"  # noqa: S608
        f" {catalogue.any_of} AND {retracted}",
        (a, copies, *values),
    )
    for (outlet,) in rows:
        who = outlet or "another outlet"
        yield Notice(code="copy_retracted", text=f"Of this dispatch, {who} retracted its copy.")


def of_version(
    catalogue: Catalogue,
    article: Article,
    span: tuple[int, int] | None = None,
    collections: Sequence[str] = (),
) -> list[Notice]:
    """Return what a citation of a version of an article must carry, if it is not the newest too.

    With a span, it says whether these words still stand in the newest version.
    """
    found: list[Notice] = []
    for a, newest in catalogue.live(catalogue.numbers([article.article_id])):
        words = article.text[slice(*span)] if span else None
        newer = superseded(newest, article.version, words)
        found += [newer] if newer else []
        found += notices(catalogue, a, newest, collections)
    return found


def _headed(catalogue: Catalogue, a: int, article: Article, headline: str) -> list[str]:
    """Return the article of the same outlet that has the headline which a notice names.

    The best of each collection, and of what is under embargo: an article that a reader may not
    see takes no notice from one that they may.
    """
    wanted = _words(headline)
    if len(wanted) < 2 or article.outlet is None or article.date is None:
        return []
    days = (record.day_number(article.date - _SINCE), record.day_number(article.date))
    now = record.moment(datetime.now(UTC))
    rows = catalogue.connection.execute(
        "SELECT article_id, record ->> 'title', collection, embargo > ? FROM articles"
        " JOIN versions USING (a, version) WHERE day BETWEEN ? AND ? AND outlet = ? AND a != ?"
        " ORDER BY day DESC, a DESC",
        (now, *days, article.outlet, a),
    )
    best: dict[tuple[str | None, bool], tuple[float, str]] = {}
    for article_id, title, collection, embargoed in rows:
        share = _share(wanted, _words(title or ""))
        whose = (collection, bool(embargoed))
        if share >= _SAME_HEADLINE and share > best.get(whose, (0.0, ""))[0]:
            best[whose] = (share, str(article_id))
    return [article_id for _, article_id in best.values()]


def _share(one: set[str], other: set[str]) -> float:
    return len(one & other) / max(len(one | other), 1)


def _words(headline: str) -> set[str]:
    return set(re.findall(r"\w+", headline.casefold()))
