"""Text that a machine read from pictures of pages: its paragraphs, pages, and how sure it was."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from ingest.article import RawArticle
from ingest.errors import ReadError
from ingest.readers.columns import joined

POOR = 0.75
"""Mean confidence of a page's words under which it is told: on printed pages of books that were
recognised well it lies above .9, under .75 about every fifth word is wrong."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognisedBlock:
    """A paragraph of a page: its lines as they were set, and what it is ("heading", "caption").

    `ids` are the names by which other files mean it.
    """

    lines: tuple[str, ...]
    kind: str = ""
    column: int | None = None
    ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecognisedPage:
    """A page's blocks in the order of reading; `confidence` is the mean of its words, 0 to 1."""

    number: int
    blocks: tuple[RecognisedBlock, ...] = ()
    confidence: float | None = None


@dataclass(slots=True)
class _Text:
    pieces: list[str] = field(default_factory=list)
    pages: list[list[int]] = field(default_factory=list)
    columns: list[list[int]] = field(default_factory=list)
    length: int = 0

    def add(self, page: int, block: RecognisedBlock) -> None:
        """Add a block; remember where its page and its column begin."""
        text = joined([line for line in block.lines if line.strip()])
        if not text.strip():
            return
        start = self.length + 2 if self.pieces else 0
        if not self.pages or self.pages[-1][0] != page:
            self.pages.append([page, start])
        if block.column and (not self.columns or self.columns[-1][:2] != [page, block.column]):
            self.columns.append([page, block.column, start])
        self.pieces.append(text)
        self.length = start + len(text)


def article(
    pages: Sequence[RecognisedPage], *, file: str, by: str, **facts: str
) -> RawArticle | None:
    """Put pages together; None where they hold no words. `by` names what recognised them."""
    text = _Text()
    blocks = [(page.number, block) for page in pages for block in page.blocks]
    for number, block in blocks:
        if block.kind != "caption":
            text.add(number, block)
    if not text.pieces:
        return None
    first = next((block for _, block in blocks if block.lines), None)
    title = joined(list(first.lines)) if first and first.kind == "heading" else None
    sure = [
        [page.number, round(page.confidence, 3)] for page in pages if page.confidence is not None
    ]
    told: dict[str, object] = {"by": by} | ({"confidence": sure} if sure else {})
    kept: dict[str, object] = {"pages": text.pages, "recognised": told}
    return RawArticle(
        file=file,
        text="\n\n".join(text.pieces),
        title=facts.get("title") or title,
        captions=tuple(joined(list(block.lines)) for _, block in blocks if block.kind == "caption"),
        outlet=facts.get("outlet"),
        published=facts.get("published"),
        language=facts.get("language"),
        comments_apart=True,
        metadata=kept | ({"columns": text.columns} if text.columns else {}),
    )


def number_of(given: object) -> float | None:
    """Return an attribute that is a number, None where it is none."""
    try:
        return float(str(given))
    except ValueError:
        return None


def mean(confidences: Sequence[float]) -> float | None:
    """Return the mean of how sure each word is, None where nothing is known."""
    return sum(confidences) / len(confidences) if confidences else None


def in_languages(found: RawArticle, asked: Sequence[str]) -> RawArticle:
    """Return an article that says in which languages its text was recognised."""
    told = found.metadata.get("recognised")
    said = {**told, "languages": "+".join(asked)} if isinstance(told, dict) else told
    return replace(found, metadata={**found.metadata, "recognised": said})


def told_poor(pages: Sequence[RecognisedPage], file: str) -> Iterator[ReadError]:
    """Yield an error for each page of which many words will be wrong."""
    for page in pages:
        if page.confidence is not None and page.confidence < POOR:
            why = f"recognised poorly: its words are {page.confidence:.0%} sure"
            hint = "recognise it again from a better picture, or in its own language"
            yield ReadError(file, f"page {page.number}", why, hint)


def columns(lefts: Sequence[float | None]) -> list[int | None]:
    """Return the column of each block by where it begins; None where that is not said."""
    known = sorted({round(left, -1) for left in lefts if left is not None})
    if len(known) < 2:
        return [None] * len(lefts)
    width = (known[-1] - known[0]) / 6  # a paper has at most some seven columns
    edges: list[float] = []
    for left in known:
        if not edges or left - edges[-1] > width:
            edges.append(left)
    return [None if x is None else sum(edge <= round(x, -1) for edge in edges) for x in lefts]
