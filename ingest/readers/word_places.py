"""Recognised pages with the place of each word: ALTO, PAGE and hOCR, and the picture they name."""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from ingest.readers import mets
from ingest.readers.encoding import decode
from ingest.readers.highlights import Box, PlacedText
from ingest.readers.markup import children, descendants, element, line, name, page_tree
from ingest.readers.recognised_text import number_of
from ingest.readers.record_stream import without_prologue

if TYPE_CHECKING:
    from lxml.etree import _Element

_BBOX = re.compile(r"bbox\s+(\d{1,6})\s+(\d{1,6})\s+(\d{1,6})\s+(\d{1,6})")
_IMAGE = re.compile(r"image\s+(?:\"([^\"]{1,500})\"|'([^']{1,500})'|([^\s;]{1,500}))")
_LARGEST = 1e7  # of a page's side, in whatever it is measured
_POINT = re.compile(r"(-?\d{1,6})(?:\.\d+)?,(-?\d{1,6})(?:\.\d+)?")


class PlacedPage(NamedTuple):
    """A page: its width by its height, its words with their places, the picture that it names."""

    ratio: float
    words: tuple[PlacedText, ...]
    picture: str | None = None


def elsewhere(data: bytes, number: int) -> str | None:
    """Return the file that holds a page of an issue of METS, None where this is none."""
    pages = mets.pages_named(data)
    return pages[number - 1] if 0 < number <= len(pages) else None


def placed_page(data: bytes, number: int) -> PlacedPage | None:
    """Return a page of a recognised file; None where there is none, or its size is unknown.

    Raises Damaged or Undecodable where the file cannot be read.
    """
    text = without_prologue(decode(data).text)
    if b"ocr_page" in data:
        return _nth(_hocr_pages(page_tree(text)), number)
    document, _ = element(text)
    if name(document) == "PcGts":
        return _nth(_page_pages(document), number)
    return _alto_page(document, number)


def _nth(pages: Iterator[PlacedPage | None], number: int) -> PlacedPage | None:
    return next((page for at, page in enumerate(pages, 1) if at == number), None)


def _box(left: float, top: float, right: float, bottom: float, of: tuple[float, float]) -> Box:
    """Return a place in shares of a page's width and height, none of it off the page."""
    shares = (left / of[0], top / of[1], right / of[0], bottom / of[1])
    return Box(*(share if 0 <= share <= 1 else float(share > 0) for share in shares))


def _sized(width: float | None, height: float | None) -> tuple[float, float] | None:
    fits = width is not None and height is not None and 0 < width < _LARGEST > height > 0
    return (width, height) if fits else None  # type: ignore[return-value]


# --- ALTO ------------------------------------------------------------------------------------


def _alto_page(document: "_Element", number: int) -> PlacedPage | None:
    pages = [*descendants(document, "Page")]
    numbered = [one for one in pages if one.get("PHYSICAL_IMG_NR") == str(number)]
    at = min(number, len(pages)) - 1
    page = next(iter(numbered or pages[at : at + 1]), None)
    if page is None:
        return None
    size = _sized(number_of(page.get("WIDTH")), number_of(page.get("HEIGHT")))
    if size is None:
        return None
    picture = next((line(one) for one in descendants(document, "fileName")), None)
    return PlacedPage(size[0] / size[1], tuple(_alto_words(page, size)), picture)


def _alto_words(page: "_Element", size: tuple[float, float]) -> Iterator[PlacedText]:
    for one in descendants(page, "String"):
        left, top = number_of(one.get("HPOS")), number_of(one.get("VPOS"))
        width, height = number_of(one.get("WIDTH")), number_of(one.get("HEIGHT"))
        if None not in (left, top, width, height):
            assert left is not None
            assert top is not None
            box = _box(left, top, left + (width or 0), top + (height or 0), size)
            yield PlacedText(one.get("CONTENT") or "", box)


# --- PAGE ------------------------------------------------------------------------------------


def _page_pages(document: "_Element") -> Iterator[PlacedPage | None]:
    for page in descendants(document, "Page"):
        size = _sized(number_of(page.get("imageWidth")), number_of(page.get("imageHeight")))
        yield size and PlacedPage(
            size[0] / size[1], tuple(_page_words(page, size)), page.get("imageFilename")
        )


def _page_words(page: "_Element", size: tuple[float, float]) -> Iterator[PlacedText]:
    """Yield the words of a page; of a line whose words have no places, the line."""
    for row in descendants(page, "TextLine"):
        for one in [*children(row, "Word")] or [row]:
            given = next(children(one, "TextEquiv"), None)
            said = next(children(given, "Unicode", "PlainText"), None)
            corners = next(children(one, "Coords"), None)
            points = _POINT.findall(corners.get("points") or "") if corners is not None else []
            if said is not None and points:
                across = [int(x) for x, _ in points]
                down = [int(y) for _, y in points]
                box = _box(min(across), min(down), max(across), max(down), size)
                yield PlacedText(said.text or "", box)


# --- hOCR ------------------------------------------------------------------------------------


def _hocr_pages(tree: "_Element") -> Iterator[PlacedPage | None]:
    for page in tree.iter():
        if "ocr_page" not in (page.get("class") or "").split():
            continue
        title = page.get("title") or ""
        found, image = _BBOX.search(title), _IMAGE.search(title)
        picture = next(filter(None, image.groups()), None) if image else None
        left, top, right, bottom = map(int, found.groups()) if found else (0, 0, 0, 0)
        size = _sized(right - left, bottom - top)
        yield size and PlacedPage(
            size[0] / size[1], tuple(_hocr_words(page, (left, top), size)), picture
        )


def _hocr_words(
    page: "_Element", corner: tuple[int, int], size: tuple[float, float]
) -> Iterator[PlacedText]:
    for one in page.iter():
        found = _BBOX.search(one.get("title") or "")
        if found and "ocrx_word" in (one.get("class") or "").split():
            left, top, right, bottom = map(int, found.groups())
            x, y = corner
            box = _box(left - x, top - y, right - x, bottom - y, size)
            yield PlacedText(line(one) or "", box)
