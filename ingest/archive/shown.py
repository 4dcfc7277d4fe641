"""Which articles may be shown to whom."""

from collections.abc import Sequence
from datetime import UTC, datetime

from ingest.archive.catalogue import Catalogue
from ingest.article import Article, Filters


def readable(
    catalogue: Catalogue, article_id: str, version: int | None, collections: Sequence[str]
) -> Article | None:
    """Return an article where a search may show it, an older version by its own embargo too."""
    with catalogue.snapshot():
        numbers = catalogue.numbers([article_id])
        if not catalogue.findable(numbers, Filters(collections=tuple(collections))):
            return None
        article = catalogue.article(article_id, version)
    until = article.embargo_until if article else None
    return None if until and until > datetime.now(UTC) else article
