"""Pages of a PDF that are pictures: their text recognised, in place of the text they lack."""

import io
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ingest.errors import ReadError
from ingest.readers import ReaderInput
from ingest.readers.recognised_text import RecognisedPage
from ingest.readers.recognition import Picture, Unrecognised, recognised

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

FEW = 5
"""Words of a page that is a picture, perhaps with a number set on it."""

_PIXELS = 200_000_000  # of a picture; a newspaper's page at 400 dots an inch has some 60 million
_SHARE = 0.1  # of the largest picture on a page: what is smaller is no part of its text
_DEEP = 4

Pages = dict[int, list[str]]


def scans(pages: Pages) -> list[int]:
    """Return the pages that hold all but no words."""
    return [number for number, grid in pages.items() if len(" ".join(grid).split()) < FEW]


def recognise(
    document: "PdfReader", pages: Pages, given: ReaderInput, faults: tuple[type[Exception], ...]
) -> tuple[list[RecognisedPage], list[ReadError]]:
    """Recognise the pages that hold no words; put their lines into `pages`."""
    bad: list[ReadError] = []
    found: dict[int, list[RecognisedPage]] = {}
    pictures = _pictures(document, scans(pages), given.file, faults, bad)
    for number, page in recognised(pictures, given.ocr, given.alive):
        if isinstance(page, Unrecognised):
            bad.append(ReadError(given.file, f"page {number}", str(page)))
        else:
            found.setdefault(number, []).append(page)
    for number, parts in found.items():
        pages[number] = _grid(parts)
    return [_whole(number, parts) for number, parts in found.items()], bad


def _grid(parts: Sequence[RecognisedPage]) -> list[str]:
    """Return lines as they stand on a page, a blank one between two paragraphs."""
    lines: list[str] = []
    for block in (block for part in parts for block in part.blocks):
        lines += ["", *block.lines] if lines else [*block.lines]
    return lines


def _whole(number: int, parts: Sequence[RecognisedPage]) -> RecognisedPage:
    sure = [part.confidence for part in parts if part.confidence is not None]
    blocks = tuple(block for part in parts for block in part.blocks)
    return RecognisedPage(number=number, blocks=blocks, confidence=min(sure) if sure else None)


def _pictures(
    document: "PdfReader",
    numbers: Sequence[int],
    file: str,
    faults: tuple[type[Exception], ...],
    bad: list[ReadError],
) -> Iterator[Picture]:
    """Yield the pictures that pages consist of, as files."""
    for number in numbers:
        try:
            for data in _of_page(document.pages[number - 1]):
                yield number, data
        except faults as error:
            said = " ".join(str(error).split())[:200]
            bad.append(ReadError(file, f"page {number}", f"its picture cannot be read: {said}"))


def _of_page(page: "PageObject") -> Iterator[bytes]:
    names = page.images.keys()  # a list of pictures in truth, which unpacks each it yields
    sizes = {name: _size(page, name) for name in names if isinstance(name, str)}
    largest = max(sizes.values(), default=0)
    for name, size in sizes.items():
        if size > _PIXELS:
            raise ValueError(f"it has {size:,} points, more than {_PIXELS:,}")
        if size and size >= _SHARE * largest:
            yield _upright(page.images[name].data, page.rotation)


def _size(page: "PageObject", name: str) -> int:
    """Return how many points a picture has, before it is unpacked."""
    held = page["/Resources"].get_object()["/XObject"].get_object()[name].get_object()  # type: ignore[index]
    return int(held.get("/Width", 0)) * int(held.get("/Height", 0))


def _upright(data: bytes, rotation: int) -> bytes:
    """Return a picture as its page shows it."""
    if not rotation % 360:
        return data
    from PIL import Image

    with Image.open(io.BytesIO(data)) as opened:
        turned = opened.rotate(-rotation, expand=True)
    made = io.BytesIO()
    turned.save(made, "PNG")
    return made.getvalue()
