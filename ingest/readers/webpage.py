"""Saved web pages: the article, what the page declares about it, its readers' comments.

Nothing of a page is executed or fetched.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from ingest.article import RawArticle
from ingest.errors import ReadError
from ingest.readers import Reader, ReaderInput
from ingest.readers.declared import Declared, declared
from ingest.readers.encoding import peek
from ingest.readers.headline import headline
from ingest.readers.page_comments import comments
from ingest.readers.text import whole

if TYPE_CHECKING:
    from lxml.html import HtmlElement
    from trafilatura.settings import Document

_PAGE = re.compile(r"<(!doctype\s+html|html|head|body|article)\b", re.IGNORECASE)
_SCRIPT_DATA = re.compile(r"\s*[{\[]")
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_XML = re.compile(rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]{2,40})", re.IGNORECASE)
_SHORTEST = 6  # words; a page of fewer is a menu or a notice, not an article
_HEAD = 4096  # bytes in which a page must declare its encoding; the standard asks for 1024


class _WebPage:
    """A web page as a browser or a crawler saved it."""

    name = "html"

    def sniff(self, head: bytes, file: str) -> float:
        """Take what has the tags of a page near its start."""
        text = peek(head)
        if text is None or _SCRIPT_DATA.match(text):
            return 0.0
        found = _PAGE.search(text)
        if not found:
            return 0.0
        return 0.95 if not text[: found.start()].strip() else 0.6

    def read(self, given: ReaderInput) -> Iterator[RawArticle | ReadError]:
        """Yield the one article of the page."""
        head = given.stream.peek(_HEAD)[:_HEAD]
        found = _XML.match(head.lstrip()) or _CHARSET.search(head)
        page = whole(given, given.declared or (found.group(1).decode("ascii") if found else None))
        article = _article(page.text)
        if article is None:
            yield ReadError(given.file, "", "no article text is found in the page")
            return
        inferred = dict(article.inferred) | ({"encoding": page.how} if page.how else {})
        yield replace(article, file=given.file, inferred=inferred)


def _article(page: str) -> RawArticle | None:
    from trafilatura import bare_extraction
    from trafilatura.utils import load_html

    if not page.strip():
        return None
    tree = cast("HtmlElement | None", load_html(page))
    if tree is None:
        return None
    found = cast(
        "Document | None",
        bare_extraction(
            tree, with_metadata=True, favor_precision=True, date_extraction_params=_dates()
        ),
    )
    if found is None or len((found.text or "").split()) < _SHORTEST:
        return None
    return _raw(found, declared(tree), tree)


def _dates() -> dict[str, object]:
    # Only what the page marks up as its date: a date somewhere in its words is no answer.
    return {"original_date": True, "extensive_search": False}


def _raw(found: "Document", says: Declared, tree: "HtmlElement") -> RawArticle:
    inferred = {}
    if not says.published and found.date:
        inferred["date"] = "found in the page's markup or address"
    return RawArticle(
        file="",
        text=_paragraphs(found.text or ""),
        title=headline(tree, says.titles, f"{says.outlet} {found.sitename}") or found.title or None,
        comments=comments(found.commentsbody, tree),
        comments_apart=True,
        outlet=says.outlet or found.sitename or None,
        authors=says.authors or tuple(name for name in (found.author or "").split("; ") if name),
        published=says.published or found.date,
        updated=says.updated,
        url=found.url or None,
        language=says.language or found.language,
        section=says.section,
        inferred=inferred,
        metadata={
            name: value
            for name in ("description", "tags", "categories", "license")
            if (value := getattr(found, name))
        },
    )


def _paragraphs(text: str) -> str:
    """Part the paragraphs by a blank line; the items of a list stay together."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    parted = []
    for before, line in zip(["", *lines], lines, strict=False):
        together = before.startswith("- ") and line.startswith("- ")
        parted.append(("\n" if together else "\n\n") + line)
    return "".join(parted).strip()


reader: Reader = _WebPage()
