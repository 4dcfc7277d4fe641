"""The articles under which a reader comments, by the name that stands over the comment."""

from ingest.archive.catalogue import Catalogue, open_to
from ingest.article import Article, Filters
from ingest.language.normalise import fold


def commented(catalogue: Catalogue, author: str, filters: Filters, most: int) -> list[Article]:
    """Return the newest articles with a comment by an author, among those that may be shown."""
    conditions, values = open_to(filters)
    rows = catalogue.connection.execute(
        "SELECT a FROM articles WHERE a IN (SELECT a FROM passages"  # noqa: S608
        " WHERE author IS NOT NULL AND lower(author) = lower(?))"
        f" AND {' AND '.join(conditions)} ORDER BY day IS NULL, day DESC, a LIMIT ?",
        (author, *values, most),
    ).fetchall()
    articles = dict(catalogue.live([int(a) for (a,) in rows]))
    found = [articles[int(a)] for (a,) in rows if int(a) in articles]
    return [one for one in found if any(wrote(part.author, author) for part in one.parts)]


def wrote(author: str | None, named: str) -> bool:
    """Tell whether the author of a part is who is named."""
    return author is not None and fold(author).text == fold(named).text
