"""The articles under which a reader comments, by the name that stands over the comment."""

import json

from ingest.archive.catalogue import Catalogue, open_to
from ingest.article import Article, Filters
from ingest.language.normalise import fold


def commented(catalogue: Catalogue, author: str, filters: Filters, most: int) -> list[Article]:
    """Return the newest articles with a comment by an author, among those that may be shown.

    No index holds who comments: the records are read through, so ask where nothing else is found.
    """
    conditions, values = open_to(filters)
    written = json.dumps(author, ensure_ascii=False)
    for sign in "\\%_":
        written = written.replace(sign, f"\\{sign}")
    rows = catalogue.connection.execute(
        "SELECT a FROM articles JOIN versions USING (a, version)"  # noqa: S608
        f" WHERE {' AND '.join(conditions)} AND CAST(record AS TEXT) LIKE ? ESCAPE '\\'"
        " ORDER BY day IS NULL, day DESC, a LIMIT ?",
        (*values, f"%, {written}]%", most),
    ).fetchall()
    articles = dict(catalogue.live([int(a) for (a,) in rows]))
    found = [articles[int(a)] for (a,) in rows if int(a) in articles]
    return [one for one in found if any(wrote(part.author, author) for part in one.parts)]


def wrote(author: str | None, named: str) -> bool:
    """Tell whether the author of a part is who is named."""
    return author is not None and fold(author).text == fold(named).text
