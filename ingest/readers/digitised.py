"""Digitised papers: pages recognised before, as ALTO, PAGE and hOCR hold them.

METS, which orders such pages, names them in other files, and may say which articles they hold.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingest.article import RawArticle
from ingest.errors import ReadError
from ingest.readers import Reader, ReaderInput, mets, recognised_text
from ingest.readers import alto as alto_pages
from ingest.readers.encoding import peek
from ingest.readers.markup import Damaged, children, descendants, element, line, name, page_tree
from ingest.readers.recognised_text import (
    RecognisedBlock,
    RecognisedPage,
    columns,
    mean,
    number_of,
    told_poor,
)
from ingest.readers.record_stream import root, without_prologue
from ingest.readers.text import whole

if TYPE_CHECKING:
    from lxml.etree import _Element

_HOCR = re.compile(r"class\s*=\s*[\"']ocr_page|name\s*=\s*[\"']ocr-system", re.IGNORECASE)
_CONFIDENCE = re.compile(r"x_wconf\s+(\d{1,3})")
_LEFT = re.compile(r"bbox\s+(\d+)")
_FURNITURE = frozenset("page-number header footer catch-word signature-mark marginalia".split())
_PAGE_KINDS = {"heading": "heading", "caption": "caption"}


class _Alto:
    """Pages of ALTO, any version, and the issues that a METS file makes of them."""

    name = "alto"

    def sniff(self, head: bytes, file: str) -> float:
        """Take the outermost element of ALTO or of METS."""
        return 0.98 if root(head).lower() in {"alto", "mets"} else 0.0

    def read(self, given: ReaderInput) -> Iterator[RawArticle | ReadError]:
        """Yield the article of the pages, or those that METS says there are."""
        document = _tree(given)
        if name(document).lower() == "mets":
            yield from mets.articles(document, given)
            return
        yield from _told(alto_pages.pages_of(document), given.file, _by(document))


def _by(document: "_Element") -> str:
    return alto_pages.software(document) or "ALTO"


class _PageXml:
    """Pages of PAGE XML, as Transkribus and OCR-D write them."""

    name = "page"

    def sniff(self, head: bytes, file: str) -> float:
        """Take the outermost element of PAGE."""
        return 0.98 if root(head) == "PcGts" else 0.0

    def read(self, given: ReaderInput) -> Iterator[RawArticle | ReadError]:
        """Yield the article of the pages."""
        document = _tree(given)
        pages = [
            _page_page(page, number) for number, page in enumerate(descendants(document, "Page"), 1)
        ]
        creator = line(next(descendants(document, "Creator"), None))
        yield from _told(pages, given.file, creator or "PAGE")


class _Hocr:
    """Pages of hOCR, as tesseract and others write them."""

    name = "hocr"

    def sniff(self, head: bytes, file: str) -> float:
        """Take a page of the web that says it holds recognised pages."""
        named = b"ocr_page" in head or b"ocr-system" in head
        return 0.98 if named and _HOCR.search(peek(head) or "") else 0.0

    def read(self, given: ReaderInput) -> Iterator[RawArticle | ReadError]:
        """Yield the article of the pages."""
        tree = page_tree(without_prologue(whole(given).text))
        system = (
            one.get("content")
            for one in descendants(tree, "meta")
            if one.get("name") == "ocr-system"
        )
        pages = [
            _hocr_page(page, number) for number, page in enumerate(_of_class(tree, "ocr_page"), 1)
        ]
        yield from _told(pages, given.file, str(next(system, None) or "hOCR"))


def _tree(given: ReaderInput) -> "_Element":
    try:
        found, _ = element(without_prologue(whole(given).text))
    except Damaged as error:
        raise ReadError(given.file, "line 1", str(error)) from error
    return found


def _told(pages: list[RecognisedPage], file: str, by: str) -> Iterator[RawArticle | ReadError]:
    """Yield the article, and each page of which many words will be wrong."""
    found = recognised_text.article(pages, file=file, by=by)
    if found is None:
        yield ReadError(file, "", "its pages hold no words", "recognise their pictures: `--ocr`")
        return
    yield found
    yield from told_poor(pages, file)


# --- PAGE ------------------------------------------------------------------------------------


def _page_page(page: "_Element", number: int) -> RecognisedPage:
    order = {
        str(one.get("regionRef")): at
        for at, one in enumerate(
            sorted(descendants(page, "RegionRefIndexed", "RegionRef"), key=_index)
        )
    }
    regions = sorted(
        descendants(page, "TextRegion"), key=lambda one: order.get(str(one.get("id")), len(order))
    )
    kept = [one for one in regions if one.get("type") not in _FURNITURE]
    sure = [
        found
        for one in descendants(page, "TextEquiv")
        if (found := number_of(one.get("conf"))) is not None and 0 <= found <= 1
    ]
    return RecognisedPage(
        number=number,
        blocks=tuple(
            RecognisedBlock(
                lines=tuple(_page_lines(one)), kind=_PAGE_KINDS.get(str(one.get("type")), "")
            )
            for one in kept
        ),
        confidence=mean(sure),
    )


def _index(one: "_Element") -> int:
    given = one.get("index") or ""
    return int(given) if given.isdecimal() and len(given) < 9 else 0


def _page_lines(region: "_Element") -> Iterator[str]:
    """Yield the lines of a region; where it has none, the text that it gives as a whole."""
    rows = [*children(region, "TextLine")]
    for one in rows or [region]:
        given = next(children(one, "TextEquiv"), None)
        said = next(children(given, "Unicode", "PlainText"), None)
        yield from (said.text or "" if said is not None else "").split("\n")


# --- hOCR ------------------------------------------------------------------------------------


def _of_class(of: "_Element", *classes: str) -> "Iterator[_Element]":
    for one in of.iter():
        if set(classes) & set((one.get("class") or "").split()):
            yield one


def _hocr_page(page: "_Element", number: int) -> RecognisedPage:
    paragraphs = [*_of_class(page, "ocr_par")] or [*_of_class(page, "ocr_carea")] or [page]
    titles = [one.get("title") or "" for one in _of_class(page, "ocrx_word")]
    sure = [int(found[1]) / 100 for title in titles if (found := _CONFIDENCE.search(title))]
    lefts = [
        float(found[1]) if (found := _LEFT.search(one.get("title") or "")) else None
        for one in paragraphs
    ]
    return RecognisedPage(
        number=number,
        blocks=tuple(
            RecognisedBlock(lines=tuple(_hocr_lines(one)), column=column)
            for one, column in zip(paragraphs, columns(lefts), strict=True)
        ),
        confidence=mean(sure),
    )


def _hocr_lines(paragraph: "_Element") -> Iterator[str]:
    rows = [
        *_of_class(paragraph, "ocr_line", "ocrx_line", "ocr_header", "ocr_caption", "ocr_textfloat")
    ]
    for one in rows or [paragraph]:
        yield line(one) or ""


alto: Reader = _Alto()
page: Reader = _PageXml()
hocr: Reader = _Hocr()
