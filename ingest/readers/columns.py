"""A page of print, as lines of a grid of characters, to paragraphs in the order of reading."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

_GAP = re.compile(r"(?<=\S)\s{2,}(?=\S)")
_WIDE_GAP = re.compile(r"(?<=\S)\s{4,}(?=\S)")
_SLACK = 4  # characters to either side of a gutter where a line of its column may begin
_FEWEST = 3  # lines on both sides of a gutter; fewer are a table or chance
_RAGGED = re.compile(r"(?<=\S)\s{8,}(?=\S)")
_GOES_ON = 1 / 3  # of the lines of a ragged column that begin small: prose, and no table
_NARROWEST = 12  # characters of a column's lines on average; what is narrower is a table
_WIDEST = 2_000  # characters of a line of print; a longer one is no part of columns
_SHORT = 0.75  # of the width of its column: such a line may be the last of a paragraph
_INDENT = range(2, 9)  # characters that the first line of a paragraph is set in
_ENDS = re.compile(r"[.!?…:][\"'”’»)\]]*$|[。！？]$")
_HYPHENATED = re.compile(
    "(?<!\\w)\\w++[-\u00ad\u2010¬⸗]$"
)  # as printers and those who transcribe write it
_COMPOUND = re.compile(r"(?<!\w)\w++-\w+")
_LONGEST_WORD = 100
_WORD = re.compile(r"\W")
_EDGE = 2  # lines at the top and at the foot of a page that may be running heads
_OFTEN = 0.3  # of the pages that carry a running head; left and right pages have their own
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(
    r"[\W_]*(?:(?:page|p\.?|seite|s\.|página|pág\.?|стор\.?|стр\.?)\s*)?"
    r"(?:\d{1,4}(?:\s*(?:/|of|von|de|sur|з|из)\s*\d{1,4})?|[ivxl]{1,7})[\W_]*",
    re.IGNORECASE,
)

Grid = Sequence[str]


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that are read one under another, without a gutter between them."""

    lines: list[str] = field(default_factory=list)

    @property
    def width(self) -> int:
        """The characters of its longest line."""
        return max((len(line.strip()) for line in self.lines), default=0)


# --- heads and numbers of pages --------------------------------------------------------------


def bodies(pages: Sequence[Grid]) -> list[list[str]]:
    """Take running heads and page numbers off the pages: what recurs at their edges."""
    counted: Counter[tuple[bool, str]] = Counter()
    for page in pages:
        counted.update({(top, _alike(page[at])) for at, top in edges(page)})
    often = max(2, _OFTEN * len(pages))
    return [
        _without(
            page,
            {at for at, top in edges(page) if counted[top, _alike(page[at])] >= often}
            | {at for at, _ in edges(page, 1) if _PAGE_NUMBER.fullmatch(page[at].strip())},
        )
        for page in pages
    ]


def _without(page: Grid, dropped: set[int]) -> list[str]:
    return [line for at, line in enumerate(page) if at not in dropped]


def edges(page: Grid, count: int = _EDGE) -> list[tuple[int, bool]]:
    """Return the places of the lines at the top of a page (True), and of those at its foot."""
    full = [at for at, line in enumerate(page) if line.strip()]
    foot = [at for at in full[-count:] if at not in full[:count]]
    return [*((at, True) for at in full[:count]), *((at, False) for at in foot)]


def _alike(line: str) -> str:
    return _DIGITS.sub("#", " ".join(line.casefold().split()))


def headline_lines(page: Grid, headline: str) -> list[bool]:
    """Tell of each line of a page whether it is one of its headline."""
    wanted = _alike(headline)
    return [bool(line.strip()) and bool(wanted) and _alike(line) in wanted for line in page]


def bands(page: Grid, headline: str) -> list[list[str]]:
    """Part a page above and below its headline, which stands across all columns."""
    own = headline_lines(page, headline)
    if not any(own):
        return [list(page)]
    first = own.index(True)
    last = next((at for at in range(first, len(page)) if page[at].strip() and not own[at]), None)
    parts = [page[:first], page[first:last], page[last:] if last is not None else []]
    return [list(part) for part in parts if any(line.strip() for line in part)]


# --- columns ---------------------------------------------------------------------------------


def blocks(page: Grid) -> Iterator[Block]:
    """Yield the blocks of a page: columns from left to right, between lines that cross them."""
    gutter = _gutter(page)
    if gutter is None:
        if any(line.strip() for line in page):
            yield Block(list(page))
        return
    for run, columns in _runs(page, gutter):
        if columns:
            parted = [_parted(line, gutter) for line in run]
            yield from blocks([left.rstrip() for left, _ in parted])
            yield from blocks([right for _, right in parted])
        elif any(line.strip() for line in run):
            yield Block(run)


def _cut(line: str, gutter: int) -> int | None:
    """Return where a line is parted at a gutter, None where it goes across.

    Letters of other widths set the lines of a column a few characters apart.
    """
    gaps = [gap.end() for gap in _WIDE_GAP.finditer(line)]
    start = len(line) - len(line.lstrip())
    near = [end for end in (*gaps, start) if end > 0 and abs(end - gutter) <= _SLACK]
    if near:
        return min(near, key=lambda end: abs(end - gutter))
    return gutter - 1 if not line[gutter - 2 : gutter].strip() else None


def _parted(line: str, gutter: int) -> tuple[str, str]:
    """Part a line at a gutter that it does not cross."""
    at = _cut(line, gutter)
    assert at is not None
    return line[:at].rstrip(), " " * (at - gutter + 1) + line[at:]


def _gutter(page: Grid) -> int | None:
    """Return where the column to the right of a gutter begins, if there is one."""
    if any(len(line) > _WIDEST for line in page):
        return None
    starts = Counter(gap.end() for line in page for gap in _GAP.finditer(line))
    often = [start for start, count in starts.most_common(5) if count >= _FEWEST]
    for start in (*often, *_ragged(page)):
        if any(columns for _, columns in _runs(page, start)):
            return start
    return None


def _ragged(page: Grid) -> list[int]:
    """Return where a column of prose may begin whose lines do not begin under one another.

    A program that writes row by row without the widths of its letters sets them so.
    """
    gaps = [(gap.end(), line) for line in page if (gap := _RAGGED.search(line))]
    small = sum(line[start].islower() for start, line in gaps)
    if len(gaps) < _FEWEST or small < _GOES_ON * len(gaps):
        return []
    return sorted({start for start, _ in gaps})[:5]


def _runs(page: Grid, gutter: int) -> list[tuple[list[str], bool]]:
    """Part a page at the lines that cross a gutter; say which parts are columns."""
    runs: list[tuple[bool, list[str]]] = []
    for line in page:
        crosses = _cut(line, gutter) is None
        if not runs or (runs[-1][0] != crosses and line.strip()):
            runs.append((crosses, []))
        runs[-1][1].append(line)
    merged: list[tuple[list[str], bool]] = []
    for crosses, run in runs:
        columns = not crosses and _are_columns(run, gutter)
        if merged and not columns and not merged[-1][1]:
            merged[-1][0].extend(run)
        else:
            merged.append((run, columns))
    return merged


def _are_columns(run: Grid, gutter: int) -> bool:
    parted = [_parted(line, gutter) for line in run]
    left, right = ([side.strip() for side in sides] for sides in zip(*parted, strict=True))
    return all(
        len(lines) >= _FEWEST and sum(map(len, lines)) >= _NARROWEST * len(lines)
        for lines in ([line for line in side if line] for side in (left, right))
    )


# --- paragraphs ------------------------------------------------------------------------------


def paragraphs(block: Block) -> list[list[str]]:
    """Part the lines of a block: at wider gaps, at indents, after a short last line."""
    full = [(at, line) for at, line in enumerate(block.lines) if line.strip()]
    gaps = Counter(b[0] - a[0] for a, b in pairwise(full))
    usual = min(gaps, key=lambda gap: (-gaps[gap], gap), default=1)
    margin = min((_indent(line) for _, line in full), default=0)
    width = block.width
    parted: list[list[str]] = []
    last = -1
    for at, line in full:
        before = parted[-1][-1] if parted else ""
        indented = _indent(line) - margin in _INDENT and _indent(before) == margin
        ended = _ENDS.search(before) and len(before.strip()) < _SHORT * width
        # A row that only another column has is no gap within a sentence.
        within = at - last == usual + 1 and line.strip()[:1].islower() and not _ENDS.search(before)
        if not parted or (at - last > usual and not within) or indented or ended:
            parted.append([])
        parted[-1].append(line)
        last = at
    return parted


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def goes_on(before: str, after: str, *, full: bool) -> bool:
    """Whether a paragraph goes on in the next column or on the next page.

    `full` says that its last line fills its column.
    """
    if _ENDS.search(before):
        return False
    return full or before.endswith("-") or after[:1].islower()


def joined(lines: Sequence[str], compounds: frozenset[str] = frozenset()) -> str:
    """Join lines to one, words that were parted at line ends made whole.

    `compounds` are the words that stand with a hyphen within a line, and keep it.
    """
    pieces: list[str] = []
    end = ""  # of what is joined so far, as much of it as a word may be long
    for line in (" ".join(line.split()) for line in lines):
        parted = _HYPHENATED.search(end) if line[:1].islower() else None
        if parted:
            whole = f"{parted[0]}{_WORD.split(line, maxsplit=1)[0]}"
            if whole.casefold() not in compounds:
                pieces[-1], end = pieces[-1][:-1], end[:-1]
            pieces.append(line)
        else:
            pieces.append(f" {line}" if end else line)
        end = (end + pieces[-1])[-_LONGEST_WORD:]
    return "".join(pieces)


def compounds(pages: Sequence[Grid]) -> frozenset[str]:
    """Return the words that are printed with a hyphen within a line."""
    return frozenset(
        word.casefold() for page in pages for line in page for word in _COMPOUND.findall(line)
    )
