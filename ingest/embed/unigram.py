"""Number the tokens of a text by a Unigram vocabulary that is held as a table.

The tokenizers library holds such a vocabulary as a tree of hash tables: 284 MB for a quarter of a
million pieces, which the first question of a process would wait for and keep. Here they are a
dictionary, and a word is cut into the pieces whose scores add up to most (Kudo 2018, by the
algorithm of Viterbi), as the library does it: to the same numbers, by the same sums in the same
order. What a text is before it is cut stays the library's (its normalizer).
"""

import json
import os
from array import array
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

TABLE = "pieces.table"
"""The file of the table, beside the tokenizer.json that it was written of."""

_HEAD = 65_536  # bytes in which the kind of a vocabulary is told
_START = "▁"
"""What stands before each word."""

_SPLIT = [
    {"type": "WhitespaceSplit"},
    {"type": "Metaspace", "replacement": _START, "prepend_scheme": "always", "split": True},
]
_WORDS_KEPT = 10_000
_LONGEST_KEPT = 40
"""Words and their characters that are cut once: most words of a text are a few thousand."""

_UNKNOWN_PENALTY = 10.0
"""What a character that is no piece costs more than the piece that is least likely."""


def write_beside(tokenizer: Path) -> bool:
    """Write the table of a tokenizer.json beside it; False where there is none to be had.

    There is none of another vocabulary, nor of one that is cut in another way than here, nor in
    a folder where nothing may be written.
    """
    with tokenizer.open("rb") as file:
        if b'"Unigram"' not in file.read(_HEAD):
            return False
    described = json.loads(tokenizer.read_text("utf-8"))
    frame = _frame(described)
    if frame is None:
        return False
    pieces, scores = zip(*described["model"]["vocab"], strict=True)
    head = json.dumps(frame).encode()
    words = "\n".join(pieces).encode("utf-8", "surrogatepass")
    if words.count(b"\n") != len(pieces) - 1:
        return False
    made = tokenizer.with_name(f".{TABLE}.{os.getpid()}")
    sizes = b"%d %d\n" % (len(head), len(words))
    try:
        made.write_bytes(sizes + head + words + array("d", scores).tobytes())
        made.replace(tokenizer.with_name(TABLE))
    except OSError:
        made.unlink(missing_ok=True)
        return False
    return True


def _frame(described: dict[str, Any]) -> dict[str, Any] | None:
    """Return what is needed of a description beside its vocabulary."""
    model, after = described["model"], described["post_processor"] or {}
    single = after.get("single", [])
    around = [part.get("SpecialToken", {}).get("id") for part in single]
    plain = (
        model["type"] == "Unigram"
        and not model.get("byte_fallback")
        and not described["added_tokens"]
        and (described["pre_tokenizer"] or {}).get("pretokenizers") == _SPLIT
        and after.get("type") == "TemplateProcessing"
        and len(single) == 3
        and single[1] == {"Sequence": {"id": "A", "type_id": 0}}
        and all(around[::2])
    )
    if not plain:
        return None
    start, end = (after["special_tokens"][name]["ids"] for name in around[::2])
    return {
        "normalizer": described["normalizer"],
        "unknown": model["unk_id"],
        "start": start,
        "end": end,
    }


class PieceTable:
    """Numbers texts by a table that was written, `max_tokens` at most a text."""

    def __init__(self, file: Path, max_tokens: int) -> None:
        with file.open("rb") as table:
            head, words = map(int, table.readline().split())
            frame = json.loads(table.read(head))
            pieces = table.read(words).decode("utf-8", "surrogatepass").split("\n")
            self._scores = array("d")
            self._scores.frombytes(table.read())
        self._numbers = dict(zip(pieces, range(len(pieces)), strict=True))
        self._longest = max(map(len, pieces))
        self._normalizer = _normalizer(frame["normalizer"])
        self._unknown: int = frame["unknown"]
        self._unknown_score = min(self._scores) - _UNKNOWN_PENALTY
        self._start, self._end = frame["start"], frame["end"]
        self._most = max_tokens - len(self._start) - len(self._end)
        self._kept = lru_cache(maxsize=_WORDS_KEPT)(self._cut)

    def __call__(self, texts: Sequence[str]) -> list[list[int]]:
        """Return the numbers of each text's tokens."""
        return [self._numbered(text) for text in texts]

    def _numbered(self, text: str) -> list[int]:
        found: list[int] = []
        for word in self._normalizer.normalize_str(text).split():
            if len(found) >= self._most:
                break
            found += self._kept(word) if len(word) <= _LONGEST_KEPT else self._cut(word)
        return [*self._start, *found[: self._most], *self._end]

    def _cut(self, word: str) -> tuple[int, ...]:
        """Return the numbers of the likeliest pieces of a word."""
        text = _START + word
        size = len(text)
        best: list[float | None] = [0.0, *[None] * size]
        came: list[tuple[int, int]] = [(0, 0)] * (size + 1)
        for start in range(size):
            so_far = best[start]
            assert so_far is not None  # every character is a piece, or unknown
            for end, number, score in self._from(text, start):
                there = best[end]
                if there is None or so_far + score > there:
                    best[end], came[end] = so_far + score, (start, number)
        return tuple(self._way_back(text, came))

    def _from(self, text: str, start: int) -> Iterator[tuple[int, int, float]]:
        """Yield where the pieces end that begin at a place, the shortest first."""
        alone = False
        for end in range(start + 1, min(start + self._longest, len(text)) + 1):
            number = self._numbers.get(text[start:end])
            if number is not None:
                alone = alone or end == start + 1
                yield end, number, self._scores[number]
        if not alone:
            yield start + 1, self._unknown, self._unknown_score

    def _way_back(self, text: str, came: Sequence[tuple[int, int]]) -> list[int]:
        """Return the pieces of the best way; unknown ones that follow each other are one."""
        found: list[int] = []
        at = len(text)
        while at:
            start, number = came[at]
            if number != self._unknown or found[-1:] != [number]:
                found.append(number)
            at = start
        return found[::-1]


def _normalizer(described: Any) -> Any:
    """Return a normalizer of the library by its description."""
    from tokenizers import Tokenizer

    nothing = ("pre_tokenizer", "post_processor", "decoder", "truncation", "padding")
    shell = dict.fromkeys(nothing) | {
        "version": "1.0",
        "added_tokens": [],
        "normalizer": described,
        "model": {"type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0.0]]},
    }
    return Tokenizer.from_str(json.dumps(shell)).normalizer
