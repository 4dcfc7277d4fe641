"""What Nexis, Factiva and ProQuest deliver in one file: each document an article."""

from collections.abc import Iterator, Sequence

from ingest.article import RawArticle
from ingest.errors import ReadError
from ingest.readers import factiva, nexis, proquest
from ingest.readers.press_document import named


def delivered(
    lines: Sequence[str], file: str, *, wrapped: bool = False
) -> Iterator[RawArticle | ReadError] | None:
    """Return the articles that a press database put together, None where it was none.

    `wrapped` says that a line is no paragraph but as much of one as fits a page.
    """
    for database in (proquest, nexis, factiva):
        if database.is_ours(lines):
            made = database.documents(lines, wrapped=wrapped)
            return named(made, file, database.reader.name)
    return None
