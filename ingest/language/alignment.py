"""Where in a text words stand that somebody half remembers, and in what they differ."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq

from ingest.language.word_edges import UNSPACED

_TOKEN = re.compile(rf"[{UNSPACED}]|\w+(?:['’ʼ`´-]\w+)*")
_APOSTROPHES = str.maketrans("’ʼ`´", "''''")

_PARTED = re.compile(r"[.!?…;:\n\"“”„«»]")
"""Between two words, what ends a sentence or a quotation."""

_LEAST = 40.0
"""Per cent of the words in one place below which nothing is aligned."""

_LOOSE = 2
"""A stretch of matching words this many times shorter than the gap beside it is chance."""


class AlignedWord(NamedTuple):
    """A word as it is compared, and where it stands."""

    low: str
    start: int
    end: int


class Difference(NamedTuple):
    """What stands in one text in place of something in the other; either may be nothing.

    `at` is where the printed words, or the place of what is left out, stand in the text.
    """

    asked: str
    printed: str
    at: tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """A stretch of a text that some words come from: `start:end`, and in what it differs.

    `alike` (0..1) is the share of words that both have in this order; `covered` that of the
    weight of those asked for.
    """

    start: int
    end: int
    alike: float
    covered: float
    differences: tuple[Difference, ...]


def words_of_text(text: str) -> list[AlignedWord]:
    """Return the words of a text as they are compared; where none are spaced, its characters."""
    low = text.lower().translate(_APOSTROPHES)
    if len(low) != len(text):  # a few letters are two in lower case, and places would shift
        low = "".join(one if len(one.lower()) != 1 else one.lower() for one in text)
    return [AlignedWord(match[0], match.start(), match.end()) for match in _TOKEN.finditer(low)]


def align(asked: str, text: str, weights: Mapping[str, float] | None = None) -> Alignment | None:
    """Return the stretch of a text that fits some words best, None where none does.

    `weights` say how telling a word is, in lower case; each counts 1 without.
    """
    mine, theirs = words_of_text(asked), words_of_text(text)
    if not mine or not theirs:
        return None
    one, other = [word.low for word in mine], [word.low for word in theirs]
    first, last = _window(one, other)
    blocks = _tight(_blocks(one, other, first, last))
    if not blocks:
        return None
    # The same word may stand earlier: in the place that is found, the nearest one is meant.
    (a, b, _), (c, d, _) = blocks[0], blocks[-1]
    blocks = _tight(_blocks(one, other, max(first, b - a), min(last, d + len(one) - c)))
    begin = _before(text, theirs, blocks[0][1], blocks[0][0])
    end = _after(text, theirs, blocks[-1][1] + blocks[-1][2], len(one) - sum(blocks[-1][::2]))
    matched = [word for a, _, n in blocks for word in one[a : a + n]]
    weigh = weights or {}
    total = sum(weigh.get(word, 1.0) for word in one)
    span = theirs[begin].start, theirs[end - 1].end
    return Alignment(
        start=span[0],
        end=span[1],
        alike=2 * len(matched) / (len(one) + end - begin),
        covered=sum(weigh.get(word, 1.0) for word in matched) / max(total, 1e-9),
        differences=tuple(_differences(asked, text, mine, theirs[:end], [(0, begin, 0), *blocks])),
    )


def _before(text: str, words: Sequence[AlignedWord], begin: int, lacking: int) -> int:
    """Return where a stretch begins if what it lacks at its start was put in another way there."""
    for _ in range(lacking):
        if not begin or _PARTED.search(text[words[begin - 1].end : words[begin].start]):
            break
        begin -= 1
    return begin


def _after(text: str, words: Sequence[AlignedWord], end: int, lacking: int) -> int:
    for _ in range(lacking):
        if end == len(words) or _PARTED.search(text[words[end - 1].end : words[end].start]):
            break
        end += 1
    return end


def _window(one: Sequence[str], other: Sequence[str]) -> tuple[int, int]:
    if len(other) <= len(one):
        return 0, len(other)
    found = fuzz.partial_ratio_alignment(one, other, score_cutoff=_LEAST)
    if found is None:
        return 0, 0
    margin = len(one) // 2 + 2
    return max(0, found.dest_start - margin), min(len(other), found.dest_end + margin)


Block = tuple[int, int, int]
"""Where words match in the one, in the other, and how many."""


def _blocks(one: Sequence[str], other: Sequence[str], first: int, last: int) -> list[Block]:
    blocks = LCSseq.editops(one, other[first:last]).as_matching_blocks()
    return [(block.a, first + block.b, block.size) for block in blocks if block.size]


def _tight(blocks: list[Block]) -> list[Block]:
    """Leave out matches at the ends that a gap longer than they are parts from the rest."""
    while len(blocks) > 1 and _far(blocks[0], blocks[0], blocks[1]):
        blocks = blocks[1:]
    while len(blocks) > 1 and _far(blocks[-1], blocks[-2], blocks[-1]):
        blocks = blocks[:-1]
    return blocks


def _far(edge: Block, before: Block, after: Block) -> bool:
    return after[1] - (before[1] + before[2]) > _LOOSE * edge[2] + 1


def _differences(
    asked: str,
    text: str,
    mine: Sequence[AlignedWord],
    theirs: Sequence[AlignedWord],
    blocks: Sequence[Block],
) -> list[Difference]:
    found: list[Difference] = []
    a, b = 0, blocks[0][1]
    for at, there, size in [*blocks[1:], (len(mine), len(theirs), 0)]:
        if at > a or there > b:
            found.append(
                Difference(
                    asked=_stretch(asked, mine[a:at]),
                    printed=_stretch(text, theirs[b:there]),
                    at=_place(theirs, b, there),
                )
            )
        a, b = at + size, there + size
    return found


def _stretch(text: str, words: Sequence[AlignedWord]) -> str:
    return text[words[0].start : words[-1].end] if words else ""


def _place(words: Sequence[AlignedWord], begin: int, end: int) -> tuple[int, int]:
    if end > begin:
        return words[begin].start, words[end - 1].end
    at = words[begin].start if begin < len(words) else words[-1].end
    return at, at
