"""Find what stands between quotation marks, whatever the marks and however they are mixed."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """What stands between quotation marks: `text[start:end]`, without the marks.

    `outer` is the span with its marks. A quotation over several paragraphs is one Quotation a
    paragraph; `continues` says that the next one goes on with this.
    """

    start: int
    end: int
    outer: tuple[int, int]
    continues: bool = False


# Apostrophes inside words are no marks; two single ones are a double one.
_MARK = re.compile(r"[“”„‟«»「」『』\"＂‘’‛'`\n](?<!\w['’](?=\w))(?:(?<=')'|(?<=`)`)?")
_CLOSERS = {
    "“": "”",
    "‟": "”",
    "„": "”“",
    "«": "»",
    "»": "«",
    "「": "」",
    "『": "』",
    '"': '"',
    "＂": "＂",
    "''": ("''",),
    "``": ("''",),
    "”": "”",
}
_OPENING = frozenset("“‟„«「『") | {"``"}
_BOTH_WAYS = frozenset(['"', "＂", "''"])
_ROUND = frozenset('“”„‟"＂')
_SINGLES = frozenset(["‘", "’", "‛", "'"])
_ELISIONS = frozenset("tis twas em til cause n bout round".split())
_WORD = re.compile(r"\w+")
_LONGEST_UNMARKED = 5
"""Paragraphs that an unclosed quotation may run through without a mark of its own."""


def quotations(text: str) -> tuple[Quotation, ...]:
    """Return the outermost quotations of `text` in order. Takes time linear in its length."""
    found: list[Quotation] = []
    held: list[Quotation] = []  # pieces of a quotation that no line has closed yet
    for start, end, marks in _lines(text):
        doubles = [(at, mark) for at, mark in marks if mark not in _SINGLES]
        if held and doubles and not text[start : doubles[0][0]].strip():
            _go_on(found, held)
        elif held and doubles and _closes(text, *doubles[0], end):
            at, mark = doubles.pop(0)
            closed = Quotation(start=start, end=at, outer=(start, at + len(mark)))
            _go_on(found, [*held, closed])
        elif held and not doubles and len(held) < _LONGEST_UNMARKED:
            held.append(Quotation(start=start, end=end, outer=(start, end), continues=True))
            continue
        pairs, open_at = _doubles(text, doubles, start, end)
        singles = [at for at, mark in marks if mark in _SINGLES]
        found += _outermost(text, pairs + _singles(text, singles, start, end))
        held = []
        # Where whole pairs follow an open mark, its closing one was only forgotten.
        if open_at is not None and not (pairs and pairs[-1].start > open_at[0]):
            held = [Quotation(start=open_at[1], end=end, outer=(open_at[0], end), continues=True)]
    return tuple(
        one for one in found if not text[one.start : one.end].isspace() and one.start < one.end
    )


def _go_on(found: list[Quotation], pieces: list[Quotation]) -> None:
    """Append the pieces of a quotation over several lines; what stands within it is not outermost.

    While its first line was read nobody knew that the mark left open there would be closed.
    """
    while found and found[-1].outer[1] > pieces[0].outer[0]:
        found.pop()
    found += pieces


def quoted_within(text: str, quotation: tuple[int, int], start: int, end: int) -> bool:
    """Tell whether a stretch of a quotation is what its speaker quotes: "He said: ‘I stay.’"."""
    first, last = quotation
    inner = quotations(text[first:last])
    return any(first + one.start <= start and end <= first + one.end for one in inner)


def _lines(text: str) -> list[tuple[int, int, list[tuple[int, str]]]]:
    """Return each line that is not empty: its span and the marks in it."""
    lines: list[tuple[int, int, list[tuple[int, str]]]] = []
    start = 0
    marks: list[tuple[int, str]] = []
    for match in _MARK.finditer(text):
        if match[0] != "\n":
            if match[0] != "`":
                marks.append((match.start(), match[0]))
            continue
        if match.start() > start:
            lines.append((start, match.start(), marks))
        start, marks = match.end(), []
    if start < len(text):
        lines.append((start, len(text), marks))
    return lines


def _doubles(
    text: str, marks: list[tuple[int, str]], start: int, end: int
) -> tuple[list[Quotation], tuple[int, int] | None]:
    """Pair the double marks of a line; return the pairs and the first mark left open."""
    pairs: list[Quotation] = []
    stack: list[tuple[int, str]] = []
    for at, mark in marks:
        after = at + len(mark)
        if stack and _pairs(text, stack[-1][1], (at, mark), (start, end)):
            opened, opening = stack.pop()
            pairs.append(Quotation(start=opened + len(opening), end=at, outer=(opened, after)))
        elif _opens(text, at, mark, start, end):
            if stack and mark == stack[-1][1] and mark in _BOTH_WAYS:
                stack.pop()  # its closing mark was forgotten
            stack.append((at, mark))
    left = (stack[0][0], stack[0][0] + len(stack[0][1])) if stack else None
    return pairs, left


def _pairs(text: str, opening: str, mark: tuple[int, str], line: tuple[int, int]) -> bool:
    """Say whether `mark` closes what `opening` opened; “ and " may be mixed."""
    at, closing = mark
    if closing in _BOTH_WAYS and _looks_ahead(text, at, closing, line):
        return False
    if closing in _CLOSERS[opening]:
        return True
    if not (opening in _ROUND and closing in _ROUND):
        return False
    return not _space(text, at - 1, line) and (
        closing != "“" or _space(text, at + 1, line) or not text[at + 1].isalnum()
    )


def _opens(text: str, at: int, mark: str, start: int, end: int) -> bool:
    """Say whether a mark can open a quotation where it stands."""
    if mark in _OPENING or mark not in _CLOSERS:
        return mark in _OPENING
    before = _space(text, at - 1, (start, end)) or text[at - 1] in "([{—–-/‘':;="
    return before and not _space(text, at + len(mark), (start, end))


def _looks_ahead(text: str, at: int, mark: str, line: tuple[int, int]) -> bool:
    return _space(text, at - 1, line) and not _space(text, at + len(mark), line)


def _closes(text: str, at: int, mark: str, end: int) -> bool:
    """Say whether the first mark of a line closes what an earlier line opened."""
    return mark in {"”", "»", '"', "''"} and _space(text, at + len(mark), (0, end))


def _space(text: str, at: int, line: tuple[int, int]) -> bool:
    return not line[0] <= at < line[1] or text[at].isspace()


def _singles(text: str, marks: list[int], start: int, end: int) -> list[Quotation]:
    """Pair the single marks of a line, telling them from apostrophes."""
    pairs: list[Quotation] = []
    opened: int | None = None
    for at in marks:
        before, after = text[max(start, at - 1) : at], text[at + 1 : min(end, at + 2)]
        if _opens_single(text, at, before, after):
            opened = at if opened is None or text[at] != "'" else opened
        elif opened is not None and before.strip() and not after.isalnum():
            if text[at - 1] == "s" and _plural_possessive(text, at, end):
                continue
            pairs.append(Quotation(start=opened + 1, end=at, outer=(opened, at + 1)))
            opened = None
    return pairs


def _opens_single(text: str, at: int, before: str, after: str) -> bool:
    if (before and not (before.isspace() or before in '([{—–-"“')) or not after.isalnum():
        return False
    if text[at] == "‘":
        return True
    word = _WORD.match(text, at + 1)
    return (
        text[at] == "'"
        and word is not None
        and not (word[0][0].isdigit() or word[0].lower() in _ELISIONS)
    )


def _plural_possessive(text: str, at: int, end: int) -> bool:
    """Tell "the workers' rights" from the end of a quotation: a lower-case word follows."""
    return text[at + 1 : at + 2] == " " and at + 2 < end and text[at + 2].islower()


def _outermost(text: str, pairs: list[Quotation]) -> list[Quotation]:
    """Leave out what stands inside another pair, and single marks that cross double ones.

    Straight single marks are apostrophes too often to hold double ones between them.
    """
    kept: list[Quotation] = []
    for pair in sorted(pairs, key=lambda pair: (pair.outer[0], -pair.outer[1])):
        last = kept[-1] if kept else None
        if last is None or pair.outer[0] >= last.outer[1]:
            kept.append(pair)
        elif _gives_way(text, last, pair):
            kept[-1] = pair
    return kept


def _gives_way(text: str, single: Quotation, double: Quotation) -> bool:
    first, second = text[single.outer[0]], text[double.outer[0]]
    if first not in _SINGLES or second in _SINGLES:
        return False
    return first != "‘" or double.outer[1] > single.outer[1]
