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
from ingest.readers.page_makeup import take_apart
from ingest.readers.text import whole

if TYPE_CHECKING:
    from lxml.html import HtmlElement
    from trafilatura.settings import Document

_PAGE = re.compile(r"<(!doctype\s+html|html|head|body|article)\b", re.IGNORECASE)
_SCRIPT_DATA = re.compile(r"\s*[{\[]")
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_XML = re.compile(rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]{2,40})", re.IGNORECASE)
_SHORTCODE = re.compile(
    r"\[(?:/[a-z][\w-]{2,30}|[a-z][\w-]{2,30}(?:\s[\w-]+=(?:\"[^\"\]]*\"|[^\s\]]+))+)\s*/?\]"
)
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
    from trafilatura.utils import load_html

    if not page.strip():
        return None
    tree = cast("HtmlElement | None", load_html(page))
    return _read(tree) if tree is not None else None


def _read(tree: "HtmlElement") -> RawArticle | None:
    """Read what the page says of itself, take apart what is no body, then extract that."""
    from trafilatura import bare_extraction

    says = declared(tree)
    title = headline(tree, says.titles, says.outlet or "")
    published, how = _published(tree, says)
    beside = take_apart(tree, says.descriptions)
    found = cast("Document | None", bare_extraction(tree, favor_precision=True))
    text = _SHORTCODE.sub("", found.text or "") if found else ""
    if found is None or len(text.split()) < _SHORTEST:
        return None
    return RawArticle(
        file="",
        text=_paragraphs(text),
        title=title,
        standfirst=beside.standfirst,
        comments=comments(found.commentsbody, tree),
        comments_apart=True,
        captions=beside.captions,
        corrections=(*says.corrections, *beside.corrections),
        outlet=says.outlet,
        authors=says.authors,
        published=published,
        updated=says.updated,
        url=says.url,
        language=says.language,
        section=says.section,
        kind=says.kind,
        rights=says.rights,
        inferred=how,
        metadata=says.rest,
    )


def _published(tree: "HtmlElement", says: Declared) -> tuple[str | None, dict[str, str]]:
    """Return the date that is declared, or else the one that markup or address tell."""
    if says.published:
        return says.published, dict(says.how)
    from htmldate import find_date

    # Only what the page marks up as its date: a date somewhere in its words is no answer.
    day = find_date(tree, original_date=True, extensive_search=False, url=says.url)
    if not day:
        return None, dict(says.how)
    moments = (time for time in tree.xpath("//time/@datetime") if time.startswith(day))
    return next(moments, day), dict(says.how) | {"date": "found in the page's markup or address"}


def _paragraphs(text: str) -> str:
    """Part the paragraphs by a blank line; the items of a list stay together."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    parted = []
    for before, line in zip(["", *lines], lines, strict=False):
        together = before.startswith("- ") and line.startswith("- ")
        parted.append(("\n" if together else "\n\n") + line)
    return "".join(parted).strip()


reader: Reader = _WebPage()
