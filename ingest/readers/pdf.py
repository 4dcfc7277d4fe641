"""PDF: a file is one article; columns are read one after another, page numbers are places."""

import logging
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import TYPE_CHECKING

from ingest.article import RawArticle
from ingest.clean.printed_text import as_text, one_line
from ingest.errors import ReadError
from ingest.language.date_expressions import dates
from ingest.language.identify import likely
from ingest.readers import Reader, ReaderInput
from ingest.readers.columns import (
    bands,
    blocks,
    bodies,
    compounds,
    edges,
    goes_on,
    headline_lines,
    joined,
    paragraphs,
)
from ingest.readers.recognised_text import RecognisedPage, in_languages, told_poor
from ingest.readers.scanned import recognise
from ingest.readers.seekable import seekable

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

_MAGIC = b"%PDF-"
_START = 1024  # bytes in which a file must say that it is a PDF
_ASIDE = 2 * 1024**3  # bytes of a packed file that are kept aside
_LARGER = 1.25  # times the usual type: a headline
_LONGEST_HEADLINE = 300
_FULL = 0.8  # of the width of its column: a line after which a paragraph may go on
_LONGEST_DATELINE = 120
_SAMPLE = 2_000  # characters that tell the language
_AT_THE_EDGE = "printed at the edge of the first page"
_NEAR_TOP = 8  # paragraphs in which the headline stands
# What pypdf raises, beside its own errors, where a file is broken.
_FAULTS = (
    ArithmeticError, AssertionError, AttributeError, LookupError, NotImplementedError, OSError,
    RecursionError, TypeError, ValueError, zlib.error, MemoryError,
)  # fmt: skip


class _Pdf:
    """Printed pages that hold text; pictures of pages are told."""

    name = "pdf"

    def sniff(self, head: bytes, file: str) -> float:
        """Take what says near its start that it is a PDF."""
        at = head[:_START].find(_MAGIC)
        return 0.0 if at < 0 else 1.0 if at == 0 else 0.5

    def read(self, given: ReaderInput) -> Iterator[RawArticle | ReadError]:
        """Yield the one article, and an error for each page that cannot be read."""
        from pypdf import PdfReader
        from pypdf.errors import DependencyError, PyPdfError

        logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what matters is raised
        faults = (*_FAULTS, PyPdfError, DependencyError)
        with seekable(given.stream, given.file, _ASIDE) as file:
            try:
                document = PdfReader(file)
                if document.is_encrypted and not document.decrypt(""):
                    raise ReadError(given.file, "", "it is locked with a password")
                count = len(document.pages)
            except faults as error:
                raise ReadError(given.file, "", f"it is no whole PDF: {_said(error)}") from error
            pages, bad = _pages(document, count, given.file, faults)
            yield from bad
            read, unread = recognise(document, pages, given, faults) if given.ocr else ([], [])
            yield from unread
            if pages or not bad:
                yield _with_recognised(_article(document, pages, given.file, faults), read, given)
            yield from told_poor(read, given.file)


def _with_recognised(
    found: RawArticle | ReadError, read: list[RecognisedPage], given: ReaderInput
) -> RawArticle | ReadError:
    """Say of an article which of its pages were recognised, and how surely."""
    if isinstance(found, ReadError) or not read:
        return found
    sure = [[page.number, round(page.confidence or 0.0, 3)] for page in read]
    told = {"recognised": {"by": "tesseract", "confidence": sure}}
    return in_languages(replace(found, metadata={**found.metadata, **told}), given.ocr)


Faults = tuple[type[Exception], ...]
Pages = dict[int, list[str]]


def _pages(
    document: "PdfReader", count: int, file: str, faults: Faults
) -> tuple[Pages, list[ReadError]]:
    """Return the pages as grids of characters by their numbers, and what cannot be read."""
    pages: Pages = {}
    bad = []
    for number in range(1, count + 1):
        try:
            pages[number] = _grid(document.pages[number - 1], faults)
        except faults as error:
            why = f"it cannot be read: {_said(error)}"
            bad.append(ReadError(file, f"page {number}", why))
    return pages, bad


def _grid(page: "PageObject", faults: Faults) -> list[str]:
    """Return a page as it looks, or, where that fails, in the order in which it was written."""
    try:
        found = page.extract_text(extraction_mode="layout")
    except faults:
        found = ""
    return as_text(found if found.strip() else page.extract_text()).split("\n")


def _article(
    document: "PdfReader", pages: Pages, file: str, faults: Faults
) -> RawArticle | ReadError:
    about = _about(document, faults)
    title, how = _headline(document, pages, about.get("title", ""), faults)
    body = _PdfBody()
    keep = compounds(list(pages.values()))
    pages, day = _dateline_apart(pages, title)
    for number, grid in zip(pages, bodies(list(pages.values())), strict=True):
        for band in bands(grid, title if number == min(pages) else ""):
            body.add(number, band, keep)
    if not body.paragraphs:
        why = "it holds no words, perhaps pictures of pages"
        return ReadError(file, "", why, "recognise their text: `--ocr=eng`, the languages named")
    text, starts = body.under(title)
    return RawArticle(
        file=file,
        text=text,
        title=title or None,
        published=day,
        inferred=({"title": how} if how else {}) | ({"date": _AT_THE_EDGE} if day else {}),
        metadata={"pages": starts} | {n: v for n, v in about.items() if n != "title"},
    )


def _dateline_apart(pages: Pages, title: str) -> tuple[Pages, str | None]:
    """Return the pages without the line that dates the first above its headline, and that day.

    At the foot, and where it recurs from page to page, such a line goes as a running head.
    """
    if not pages:
        return pages, None
    first = min(pages)
    grid = pages[first]
    own = headline_lines(grid, title)
    headed = own.index(True) if any(own) else 0
    runs = set(grid) - set(bodies(list(pages.values()))[0])
    language = likely(" ".join(" ".join(grid).split())[:_SAMPLE])
    for at, _ in edges(grid):
        line = " ".join(grid[at].split())
        named = dates(line, language, None) if len(line) <= _LONGEST_DATELINE else ()
        days = {one.first_day for one in named if one.first_day == one.last_day}
        if len(days) == 1 and (at < headed or grid[at] in runs):
            without = [*grid[:at], *([] if at < headed else [grid[at]]), *grid[at + 1 :]]
            return pages | {first: without}, days.pop().isoformat()
    return pages, None


@dataclass(slots=True)
class _PdfBody:
    """Paragraphs of all pages, and where in which of them a page begins."""

    paragraphs: list[str] = field(default_factory=list)
    _begins: list[tuple[int, int, int]] = field(default_factory=list)
    _full: bool = False

    def add(self, number: int, grid: list[str], keep: frozenset[str]) -> None:
        """Add a page or a band of one; what goes on from the one before is made whole."""
        for block in blocks(grid):
            width = block.width
            for at, lines in enumerate(paragraphs(block)):
                self._add(number, joined(lines, keep), keep, first=at == 0)
                several = len(block.lines) > 3 and len(lines) > 1
                self._full = several and len(lines[-1].strip()) > _FULL * width

    def _add(self, number: int, text: str, keep: frozenset[str], *, first: bool) -> None:
        before = self.paragraphs[-1] if self.paragraphs else ""
        goes = first and bool(before) and goes_on(before, text, full=self._full)
        self.paragraphs.append(joined([self.paragraphs.pop(), text], keep) if goes else text)
        if not self._begins or self._begins[-1][0] != number:
            inside = len(self.paragraphs[-1]) - len(text) if goes else 0
            self._begins.append((number, len(self.paragraphs) - 1, inside))

    def under(self, title: str) -> tuple[str, list[list[int]]]:
        """Return the text under its headline, and `[page, where it starts]` of each page."""
        pieces = list(self.paragraphs)
        at = next((i for i, piece in enumerate(pieces[:_NEAR_TOP]) if _same(piece, title)), None)
        if title and at is None:
            pieces.insert(0, title)
        elif title and at:
            pieces.insert(0, pieces.pop(at))
        # A headline that was moved up leaves the paragraphs of later pages where they were.
        shift = int(bool(title) and at is None)
        starts = [0, *accumulate(len(piece) + 2 for piece in pieces)]
        places = [[number, starts[i + shift] + inside] for number, i, inside in self._begins]
        return "\n\n".join(pieces), [
            [number, start if n else 0] for n, (number, start) in enumerate(places)
        ]


def _same(paragraph: str, title: str) -> bool:
    return "".join(paragraph.casefold().split()) == "".join(title.casefold().split())


# --- what the file says of itself ------------------------------------------------------------


def _about(document: "PdfReader", faults: Faults) -> dict[str, str]:
    """Return title, author and day of making as the file gives them, which are seldom ours."""
    try:
        given = document.metadata
        names = {"title": "/Title", "author": "/Author", "created": "/CreationDate"}
        found = {ours: given.get(name) for ours, name in names.items()} if given else {}
    except faults:
        return {}
    return {name: one_line(str(value)) for name, value in found.items() if value}


def _headline(
    document: "PdfReader", pages: Pages, given: str, faults: Faults
) -> tuple[str, str | None]:
    """Return the given title where the first page prints it, else the largest type."""
    first = next(iter(pages.values()), [])
    shown = " ".join(" ".join(first).split()).casefold()
    if given and given.casefold() in shown:
        return given, None
    try:
        largest = _largest(document.pages[min(pages) - 1])
    except faults:  # or there is no page
        return "", None
    return (largest, "largest type of the first page") if largest else ("", None)


def _largest(page: "PageObject") -> str:
    """Return what is set in the largest type, where that is larger than most of the page."""
    sizes: Counter[float] = Counter()
    said: dict[float, list[str]] = {}

    def visit(text: str, cm: list[float], tm: list[float], _font: object, size: float) -> None:
        if text.strip():
            height = round(abs(size * tm[3] * cm[3]) or size, 1)
            sizes[height] += len(text)
            said.setdefault(height, []).append(text)

    page.extract_text(visitor_text=visit)
    if len(sizes) < 2:
        return ""
    height = max(sizes)
    words = one_line(as_text(" ".join(said[height])))
    usual = sizes.most_common(1)[0][0]
    fits = height > _LARGER * usual and len(words) < _LONGEST_HEADLINE
    return words if fits and re.search(r"\w\W+\w", words) else ""


def _said(error: Exception) -> str:
    return " ".join(str(error).split())[:200] or type(error).__name__


reader: Reader = _Pdf()
