"""Where words stand on a page: cited words found again among letters and words that have places."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import NamedTuple

_FEW = 10  # letters: a shorter stretch of a sentence stands on a page by chance
_ALIKE = 0.5  # of a page's longer words that must stand on it to be that page
_LONG = 7  # letters of a word that says which page it is
_ASKED = 200  # words that are looked for to tell
_GAP = 1.5  # heights of a line: what stands further off is of another column
_BELOW = 3.0  # heights of a line: what stands further down begins anew


class Box(NamedTuple):
    """A rectangle on a page, in shares of its width and height, from its upper left corner."""

    left: float
    top: float
    right: float
    bottom: float


class PlacedText(NamedTuple):
    """A letter or a word of a page, and where it stands."""

    text: str
    box: Box


class WordsWanted(NamedTuple):
    """Words to find on a page; `nth` is how often the same stand on it before them."""

    words: str
    nth: int = 0


def squeezed(text: str) -> str:
    """Return the letters and digits of a text, however they are set."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in folded if letter.isalnum())


def is_page_of(placed: Sequence[PlacedText], text: str) -> bool:
    """Whether a page holds the words of a text that is said to stand on it."""
    words = [word for one in re.findall(r"\w+", text) if (word := squeezed(one))]
    asked = [word for word in words if len(word) >= _LONG] or words
    letters = squeezed("".join(one.text for one in placed))
    found = sum(word in letters for word in asked[:_ASKED])
    return found >= _ALIKE * len(asked[:_ASKED])


def highlights(placed: Sequence[PlacedText], wanted: Iterable[WordsWanted]) -> list[list[Box]]:
    """Return where each of some stretches of words stands: a box a line, none if it does not."""
    as_written, by_columns = LetterRun(placed), LetterRun(_by_columns(placed))
    return [_boxes(as_written, by_columns, one) for one in wanted]


class LetterRun:
    """Letters of a page one after another, and of which piece each is."""

    def __init__(self, placed: Sequence[PlacedText]) -> None:
        self.placed = placed
        pieces = [squeezed(one.text) for one in placed]
        self.letters = "".join(pieces)
        self._starts = [0, *accumulate(map(len, pieces))][:-1]

    def boxes(self, start: int, end: int) -> list[Box]:
        """Return the boxes of a stretch of letters, a line's made one."""
        first = bisect_right(self._starts, start) - 1
        last = bisect_right(self._starts, end - 1)
        return _lines(one.box for one in self.placed[first:last] if squeezed(one.text))


def _boxes(as_written: LetterRun, by_columns: LetterRun, wanted: WordsWanted) -> list[Box]:
    letters = squeezed(wanted.words)
    if not letters:
        return []
    for run in (as_written, by_columns):
        at = _nth(run.letters, letters, wanted.nth)
        if at >= 0:
            return run.boxes(at, at + len(letters))
    return _in_stretches(by_columns, letters)


def _nth(letters: str, sought: str, nth: int) -> int:
    """Return where something stands that stands `nth` times before; the last place at most."""
    at = letters.find(sought)
    for _ in range(nth):
        later = letters.find(sought, at + len(sought)) if at >= 0 else -1
        if later < 0:
            break
        at = later
    return at


def _in_stretches(run: LetterRun, letters: str) -> list[Box]:
    """Find what a heading or a turn of the column parts: the longest stretches, in their order.

    Nothing is marked where less than half of the letters are found.
    """
    boxes: list[Box] = []
    at = after = found = 0
    while at < len(letters):
        length, place = _longest(run.letters, letters[at:], after)
        if length < min(_FEW, len(letters) - at):
            at += 1
            continue
        boxes += run.boxes(place, place + length)
        found, at, after = found + length, at + length, place + length
    return boxes if found * 2 >= len(letters) else []


def _longest(letters: str, sought: str, after: int) -> tuple[int, int]:
    """Return how much of the beginning of something stands in letters, and where."""
    low, high = 0, len(sought)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if sought[:middle] in letters else (low, middle - 1)
    following = letters.find(sought[:low], after)
    return low, following if following >= 0 else letters.find(sought[:low])


def _lines(boxes: Iterable[Box]) -> list[Box]:
    """Make the boxes that stand beside one another on a line one."""
    lines: list[Box] = []
    for box in boxes:
        if lines and _goes_on(lines[-1], box):
            last = lines[-1]
            lines[-1] = Box(
                min(last.left, box.left), min(last.top, box.top),
                max(last.right, box.right), max(last.bottom, box.bottom),
            )  # fmt: skip
        else:
            lines.append(box)
    return lines


def _goes_on(line: Box, box: Box) -> bool:
    """Whether a box stands on the line that another ends, and not across a gap."""
    height = max(line.bottom - line.top, box.bottom - box.top)
    shared = min(line.bottom, box.bottom) - max(line.top, box.top)
    beside = line.left - height < box.left < line.right + _GAP * height
    return shared > 0.5 * min(line.bottom - line.top, box.bottom - box.top) and beside


def _by_columns(placed: Sequence[PlacedText]) -> list[PlacedText]:
    """Order a page's pieces column by column, whatever the order in which they were written."""
    rows: list[list[PlacedText]] = []
    for one in placed:
        if rows and _goes_on(rows[-1][-1].box, one.box):
            rows[-1].append(one)
        elif squeezed(one.text):
            rows.append([one])
    columns: list[list[list[PlacedText]]] = []
    for row in sorted(rows, key=lambda row: (row[0].box.top, row[0].box.left)):
        under = next((one for one in columns if _is_below(one[-1], row)), None)
        if under is None:
            columns.append([row])
        else:
            under.append(row)
    return [one for column in columns for row in column for one in row]


def _is_below(upper: list[PlacedText], lower: list[PlacedText]) -> bool:
    above, below = _whole(upper), _whole(lower)
    shared = min(above.right, below.right) - max(above.left, below.left)
    narrower = min(above.right - above.left, below.right - below.left)
    gap = below.top - above.bottom
    height = above.bottom - above.top
    return shared > 0.5 * narrower and -height < gap < _BELOW * height


def _whole(row: list[PlacedText]) -> Box:
    boxes = [one.box for one in row]
    return Box(
        min(box.left for box in boxes), min(box.top for box in boxes),
        max(box.right for box in boxes), max(box.bottom for box in boxes),
    )  # fmt: skip
