"""A page as it was printed: its picture, and where on it the words stand.

PDFs are drawn by PDFium, pictures are made smaller; of a recognised page (ALTO, PAGE, hOCR) the
picture is the one that it names, if that stands beside it.
"""

import ctypes
import io
import math
from collections.abc import Callable
from typing import IO, Literal, NamedTuple

from ingest.readers.highlights import Box, PlacedText
from ingest.readers.scanned import FEW
from ingest.readers.word_places import PlacedPage, elsewhere, placed_page

_PIXELS = 6_000_000  # of a picture that is shown
_ACROSS = 2_000
_SCALE = 200 / 72  # of a PDF's page, whose measure is a 72nd of an inch: 200 dots an inch
_SMALLEST, _LARGEST = 10.0, 15_000.0  # of its sides
_OPENED = 250_000_000  # pixels of a picture that is opened; a newspaper's page has some 60 million
_LETTERS = 200_000  # of a page
_MARKUP = 64_000_000  # bytes of a recognised page
_QUALITY = 82
_UNITS = 1 << 20  # in which PDFium tells a place on a page
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\x00", b"MM\x00*", b"\x00\x00\x00\x0cjP")
_START = 1024


WhyNoFacsimile = Literal["gone", "changed", "no_page", "no_places", "broken"]


class NoFacsimile(Exception):
    """A page that cannot be shown, and why."""

    def __init__(self, why: WhyNoFacsimile) -> None:
        super().__init__(why)
        self.why = why


class Facsimile(NamedTuple):
    """A page: its picture as JPEG, empty where there is none; its sides in pixels, its words."""

    picture: bytes
    width: int
    height: int
    words: tuple[PlacedText, ...]


Beside = Callable[[str], bytes | None]
"""Returns what a file holds that stands beside the one which is read, by its name."""


def facsimile(file: IO[bytes], number: int, beside: Beside) -> Facsimile:
    """Return a page of a file, counted from 1. Raises NoFacsimile, or what its libraries raise."""
    head = file.read(_START)
    file.seek(0)
    if b"%PDF-" in head:
        return _printed(file, number)
    if head.startswith(_PICTURES):
        return _pictured(file, number)
    data = file.read(_MARKUP + 1)
    if len(data) > _MARKUP:
        raise NoFacsimile("broken")
    named = elsewhere(data, number)
    if named is None:
        return _recognised(placed_page(data, number), beside)
    page = beside(named)
    if page is None:
        raise NoFacsimile("no_page")
    return _recognised(placed_page(page, 1), beside)


# --- PDF -------------------------------------------------------------------------------------


def _printed(file: IO[bytes], number: int) -> Facsimile:
    import pypdfium2 as pdfium

    document = pdfium.PdfDocument(file)
    if not 0 < number <= len(document):
        raise NoFacsimile("no_page")
    page = document[number - 1]
    width, height = page.get_size()
    if not (_SMALLEST < width < _LARGEST and _SMALLEST < height < _LARGEST):
        raise NoFacsimile("broken")
    scale = min(_SCALE, _ACROSS / width, math.sqrt(_PIXELS / (width * height)))
    drawn = page.render(scale=scale, draw_annots=False, may_draw_forms=False).to_pil()
    return Facsimile(_as_jpeg(drawn), drawn.width, drawn.height, _letters(page))


def _letters(page: object) -> tuple[PlacedText, ...]:
    """Return the letters of a page with their places; none of one that is but a picture."""
    from pypdfium2 import raw

    text = page.get_textpage()  # type: ignore[attr-defined]
    found = []
    area = raw.FS_RECTF()
    for at in range(min(text.count_chars(), _LETTERS)):
        letter = raw.FPDFText_GetUnicode(text, at)
        if letter and raw.FPDFText_GetLooseCharBox(text, at, area):
            first = _shown_at(page, area.left, area.top)
            second = _shown_at(page, area.right, area.bottom)
            (left, right), (top, bottom) = (
                sorted(pair) for pair in zip(first, second, strict=True)
            )
            found.append(PlacedText(chr(letter), Box(left, top, right, bottom)))
    few = len("".join(one.text for one in found).split()) < FEW
    return () if few else tuple(found)


def _shown_at(page: object, across: float, up: float) -> tuple[float, float]:
    """Return where a point of a page is shown: cut and turned as the page is."""
    from pypdfium2 import raw

    x, y = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page, 0, 0, _UNITS, _UNITS, 0, across, up, x, y)
    return _share(x.value), _share(y.value)


def _share(units: int) -> float:
    return min(max(units / _UNITS, 0.0), 1.0)


# --- pictures --------------------------------------------------------------------------------


def _pictured(file: IO[bytes], number: int) -> Facsimile:
    data, width, height = _smaller(file, number)
    return Facsimile(data, width, height, ())


def _recognised(page: PlacedPage | None, beside: Beside) -> Facsimile:
    if page is None:
        raise NoFacsimile("no_places")
    held = beside(page.picture) if page.picture else None
    if held is not None and held.startswith(_PICTURES):
        data, width, height = _smaller(io.BytesIO(held), 1)
        return Facsimile(data, width, height, page.words)
    width = int(min(_ACROSS, math.sqrt(_PIXELS * page.ratio)))
    height = max(1, int(width / page.ratio))
    if not (width and height < _LARGEST):
        raise NoFacsimile("broken")
    return Facsimile(b"", width, height, page.words)


def _smaller(file: IO[bytes], number: int) -> tuple[bytes, int, int]:
    """Return a picture as JPEG, no larger than is shown, and its sides."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = _OPENED  # twice as many raise an error
    with Image.open(file) as opened:
        if number > getattr(opened, "n_frames", 1):
            raise NoFacsimile("no_page")
        if number > 1:
            opened.seek(number - 1)
        width, height = opened.size
        scale = min(1.0, _ACROSS / width, math.sqrt(_PIXELS / (width * height)))
        fits = (max(1, int(width * scale)), max(1, int(height * scale)))
        opened.draft("RGB", fits)
        shown = ImageOps.exif_transpose(opened.convert("L" if opened.mode in "1L" else "RGB"))
        shown.thumbnail(fits if shown.width <= shown.height or width > height else fits[::-1])
    return _as_jpeg(shown), shown.width, shown.height


def _as_jpeg(picture: object) -> bytes:
    made = io.BytesIO()
    picture.save(made, "JPEG", quality=_QUALITY, optimize=True)  # type: ignore[attr-defined]
    return made.getvalue()
