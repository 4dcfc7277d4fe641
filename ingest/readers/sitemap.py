"""Sitemaps: lists of addresses, of news with headlines, that hold no article; told as such."""

import re
from collections.abc import Iterator

from ingest.article import RawArticle
from ingest.errors import ReadError
from ingest.readers import Reader, ReaderInput
from ingest.readers.encoding import peek
from ingest.readers.record_stream import root
from ingest.readers.text import whole

_ROOTS = frozenset({"urlset", "sitemapindex"})
_PAGE = re.compile(r"<(?:\w+:)?url[\s>]")
_SITEMAP = re.compile(r"<(?:\w+:)?sitemap[\s>]")
_NEWS = re.compile(r"<news:title[\s>]")


class _Sitemap:
    """What a site tells crawlers of its pages, https://www.sitemaps.org/protocol.html."""

    name = "sitemap"

    def sniff(self, head: bytes, file: str) -> float:
        """Take what has the outermost element of a sitemap, or of a list of sitemaps."""
        shown = (peek(head) or "").lstrip("\ufeff \t\r\n").startswith("<")
        return 0.97 if shown and root(head) in _ROOTS else 0.0

    def read(self, given: ReaderInput) -> Iterator[RawArticle | ReadError]:
        """Yield no article: say what is listed, and what to do to get it."""
        text = whole(given).text
        pages, maps, news = (len(one.findall(text)) for one in (_PAGE, _SITEMAP, _NEWS))
        if maps > pages:
            why = f"it is a list of sitemaps ({maps:,} of them), without any article"
        else:
            headed = f", {news:,} of them with the headline of an article" if news else ""
            why = f"it is a sitemap: {pages:,} addresses{headed}, and the text of none"
        hint = "save the pages that it lists, or have a crawler write them into a WARC"
        yield ReadError(given.file, "", why, hint)


reader: Reader = _Sitemap()
