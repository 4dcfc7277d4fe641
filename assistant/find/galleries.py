"""The lines of an article that are the captions of a gallery, run together."""

import re
from collections.abc import Iterator
from itertools import pairwise

_LEAST = 3
"""Captions from which a line is a gallery."""

_NUMBERED = re.compile(r"(?:^|(?<=[.!?…”\"’)] ))([^\W\d_][^\d.!?\n]{2,29}?)\s(\d+)\b")
"""How a sentence begins that has a number among its first words."""

_SHORTEST = 300
_LINE = re.compile(r"\S[^\n]*")


def galleries(text: str) -> Iterator[tuple[int, int]]:
    """Yield the lines in which several sentences begin alike but for a number that counts up.

    "Photo 3 of 12 ... Photo 4 of 12 ..." are captions of pictures that are not there.
    """
    for line in _LINE.finditer(text):
        if len(line[0]) < _SHORTEST:
            continue
        counted: dict[str, list[int]] = {}
        for found in _NUMBERED.finditer(line[0]):
            counted.setdefault(found[1].casefold(), []).append(int(found[2]))
        if any(_counts_up(numbers) for numbers in counted.values()):
            yield line.span()


def _counts_up(numbers: list[int]) -> bool:
    return sum(later == earlier + 1 for earlier, later in pairwise(numbers)) >= _LEAST - 1
