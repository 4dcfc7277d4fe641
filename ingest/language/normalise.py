"""What of a text is compared, with the way back to where it stands.

Case, kinds of quotation marks, dashes and spaces, compatibility forms (NFKC) and invisible
characters make no difference; every folded position knows its place in the original.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

_DOUBLE = '"“”„‟«»″〝〞〟＂'
_SINGLE = "'‘’‚‛‹›′`´ʼʻ＇"
_DASH = "-‐‑‒–—―−⁃﹘﹣－"
_SAME = dict.fromkeys(_DOUBLE[1:], '"') | dict.fromkeys(_SINGLE[1:], "'")
_SAME |= dict.fromkeys(_DASH[1:], "-")
_OTHERS = frozenset(_SAME)
_INVISIBLE = (
    "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\ufe00-\ufe0f\ufeff"
)
_IS_INVISIBLE = re.compile(f"[{_INVISIBLE}]")
_INVISIBLE_END = re.compile(f"[{_INVISIBLE}]+\\Z")


class _Stretch(NamedTuple):
    """Folded characters from `at` on, which stand from `start` to `end` in the original.

    In an `even` stretch they stand one for one; in any other all of them stand for all of it.
    """

    at: int
    start: int
    end: int
    even: bool


class Folded:
    """A folded text and the way back: `text[i:j]` stands at `span(i, j)` of the original."""

    __slots__ = ("_starts", "_stretches", "text")

    def __init__(self, text: str, stretches: list[_Stretch]) -> None:
        self.text = text
        self._stretches = stretches
        self._starts = [stretch.at for stretch in stretches]

    def at(self, i: int) -> int:
        """Return where in the original the folded character `i` begins; at the end, its end."""
        if not self._stretches:
            return 0
        if i >= len(self.text):
            return self._stretches[-1].end
        stretch = self._stretch(i)
        return stretch.start + (i - stretch.at if stretch.even else 0)

    def span(self, i: int, j: int) -> tuple[int, int]:
        """Return the span of the original that the folded characters `i` to `j` stand for."""
        start = self.at(i)
        if j <= i:
            return start, start
        last = self._stretch(j - 1)
        return start, last.start + (j - last.at) if last.even else last.end

    def whole(self, i: int, j: int) -> bool:
        """Whether `i` and `j` cut no character of the original in two ("ﬁ" into "f", "i")."""
        return self._edge(i) and self._edge(j)

    def _edge(self, i: int) -> bool:
        if i <= 0 or i >= len(self.text):
            return True
        stretch = self._stretch(i)
        return stretch.even or stretch.at == i

    def _stretch(self, i: int) -> _Stretch:
        return self._stretches[bisect_right(self._starts, i) - 1]


def fold(text: str) -> Folded:
    """Fold a text for comparison."""
    uneven = _uneven(text)
    stretches: list[_Stretch] = []
    pieces: list[str] = []
    at = place = 0
    for match in uneven.finditer(text):
        if match.start() > place:
            stretches.append(_Stretch(at, place, match.start(), True))
            pieces.append(_evenly(text[place : match.start()]))
            at += len(pieces[-1])
        folded = _fold_cluster(match.group())
        if folded:
            end = match.end() - _trailing(match.group())
            stretches.append(_Stretch(at, match.start(), end, False))
            pieces.append(folded)
            at += len(folded)
        place = match.end()
    if place < len(text):
        stretches.append(_Stretch(at, place, len(text), True))
        pieces.append(_evenly(text[place:]))
    return Folded("".join(pieces), stretches)


@lru_cache(maxsize=1000)
def _wanted(needle: str) -> str:
    return fold(needle.strip()).text


def may_stand(needle: str, text: str) -> bool:
    """Tell whether a text may hold a needle, without saying where.

    Most texts that hold none are told so in a tenth of the time that folding them takes.
    """
    if any(map(_joins, _odd(text))):  # it may part what folding makes whole
        return True
    return " ".join(_wanted(needle).split()) in " ".join(_evenly(text).split())


def find(needle: str, haystack: str | Folded) -> list[tuple[int, int]]:
    """Return the spans of the original where the needle stands, however it is written there."""
    if isinstance(haystack, str):
        haystack = fold(haystack)
    wanted = _wanted(needle)
    spans: list[tuple[int, int]] = []
    i = haystack.text.find(wanted) if wanted else -1
    while i >= 0:
        j = i + len(wanted)
        whole = haystack.whole(i, j)
        if whole:
            spans.append(haystack.span(i, j))
        i = haystack.text.find(wanted, j if whole else i + 1)
    return spans


_USUAL = (("“", '"'), ("”", '"'), ("’", "'"), ("‘", "'"), ("–", "-"), ("—", "-"))


def block_hash(paragraph: str) -> int:
    """Return a signed 64-bit hash that is the same however the paragraph is written."""
    plain = paragraph.replace("`", "'")
    if not plain.isascii():
        for mark, same in _USUAL:
            plain = plain.replace(mark, same)
    # Most paragraphs need no more, and this takes a tenth of the time.
    if plain.isascii():
        one_line = plain.isprintable() and "  " not in plain
        folded = (plain.strip() if one_line else " ".join(plain.split())).lower()
    else:
        folded = fold(paragraph.strip()).text
    digest = blake2b(folded.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


_ASCII_UNEVEN = re.compile(r"[\t-\r\x1c-\x1f]\s*| \s+")


def _uneven(text: str) -> re.Pattern[str]:
    """Return the pattern of what in this text does not fold character by character."""
    return _ASCII_UNEVEN if text.isascii() else _pattern(frozenset(_odd(text)))


def _odd(text: str) -> set[str]:
    return {character for character in set(text) if _is_odd(character)}


@lru_cache(maxsize=100_000)
def _is_odd(character: str) -> bool:
    """Whether a character changes its length or joins the one before it."""
    if character.isascii():
        return False
    return _joins(character) or len(_evenly(character)) != 1 or character.isspace()


@lru_cache(maxsize=1000)
def _pattern(odd: frozenset[str]) -> re.Pattern[str]:
    """Match runs of spaces, characters of another length, and what marks are joined to."""
    invisible = _some(c for c in odd if _IS_INVISIBLE.match(c))
    marks = _some(c for c in odd if _joins(c) and not _IS_INVISIBLE.match(c))
    joining = _some(c for c in odd if _joins(c))
    longer = _some(c for c in odd if not _joins(c) and not c.isspace())
    bare = rf"(?!{marks})" if marks else ""  # a mark may stand on a space
    more = rf"(?:[\s{invisible[1:-1]}]{bare})"
    ways = [rf"[^\S ]{bare}{more}*", rf"\s{bare}{more}+"]
    if joining:
        ways.append(rf"(?s:.)?{joining}+")
    if longer:
        ways.append(longer)
    return re.compile("|".join(ways))


def _some(characters: Iterable[str]) -> str:
    inside = "".join(re.escape(character) for character in sorted(characters))
    return f"[{inside}]" if inside else ""


def _joins(character: str) -> bool:
    """Whether a character belongs to the one before it: marks, Hangul parts, invisible ones."""
    first = unicodedata.normalize("NFKC", character)[0]
    if unicodedata.category(first)[0] == "M" or "\u1160" <= first <= "\u11ff":
        return True
    return bool(_IS_INVISIBLE.match(character))


def _evenly(text: str) -> str:
    if text.isascii():
        return _same_marks(text).lower()
    folded = unicodedata.normalize("NFKC", _same_marks(text)).casefold()
    return _same_marks(unicodedata.normalize("NFKC", folded))


def _same_marks(text: str) -> str:
    """Write quotation marks and dashes each in one way: `translate` takes ten times as long."""
    for mark in _OTHERS.intersection(text):
        text = text.replace(mark, _SAME[mark])
    return text


def _fold_cluster(cluster: str) -> str:
    """Fold a character with all that is joined to it, or a run of spaces."""
    visible = _IS_INVISIBLE.sub("", cluster)
    return " " if visible.isspace() else _evenly(visible)


def _trailing(cluster: str) -> int:
    """Count the invisible characters at the end, which no span needs to hold."""
    last = _INVISIBLE_END.search(cluster)
    return len(last.group()) if last else 0
