"""The lines of a comment area: who says what, and what only stands around it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from ingest.article import Part
from ingest.clean.boilerplate import line_kind
from ingest.clean.comments.handles import is_name, unnumbered
from ingest.clean.comments.marks import CommentMark, mark
from ingest.clean.paragraphs import Paragraph

LONGEST_NAME = 40
"""Characters that a name, a place or a job may have."""
_INLINE = re.compile(r"(@?\w[\w.'’\- ]{0,28}\w)\s*(?:\([^)]{1,30}\))?:\s+(?=\S)")
_GAP = re.compile(r"\s{2,}|\t")


class Line(NamedTuple):
    """A paragraph, the furniture that it is, the name that it may be."""

    paragraph: Paragraph
    mark: CommentMark | None
    name: str | None


class _Piece(NamedTuple):
    start: int
    end: int
    words: bool
    name: str | None
    breaks: bool


def read(paragraph: Paragraph) -> Line:
    """Look at a paragraph as a line of a comment area."""
    text = paragraph.text
    if len(text) > 100:
        return Line(paragraph, None, None)
    found = mark(text)
    bare = _GAP.split(unnumbered(text))[0]
    return Line(paragraph, found, bare if found is None and is_name(bare) else None)


def thread(lines: list[Line]) -> tuple[Part, ...]:
    """Tell the comments of a comment area from what stands around them."""
    parts: list[Part] = []
    signed = is_signed_below(lines)
    author: str | None = None
    spoken = False
    for piece in _pieces(lines):
        if piece.words:
            start = parts.pop().start if spoken else piece.start
            parts.append(Part(part="comment", start=start, end=piece.end, author=author))
            spoken = True
            continue
        if signed and piece.name and spoken:
            parts.append(replace(parts.pop(), author=piece.name))
        parts.append(Part(part="boilerplate", start=piece.start, end=piece.end))
        if signed:
            author = None
        elif spoken or piece.breaks or not author:
            author = piece.name
        spoken = False
    return tuple(parts)


def _pieces(lines: list[Line]) -> Iterator[_Piece]:
    """Cut the lines into words and what is not words."""
    names = _names(lines)
    inline = _has_inline_names(lines, names)
    for line, name in zip(lines, names, strict=True):
        (start, end, text), found = line.paragraph, line.mark
        prefix = inline_name(text) if inline and not found else None
        if prefix:
            yield _Piece(start, start + len(prefix[0].rstrip()), False, prefix[1], False)
            yield _Piece(start + prefix.end(), end, True, None, False)
        elif found or name or line_kind(text) == "boilerplate":
            told = name or (found.name if found else None)
            breaks = found is not None and found.kind in {"header", "rule"}
            yield _Piece(start, end, False, told, breaks)
        else:
            yield _Piece(start, end, True, None, False)


def _has_inline_names(lines: list[Line], names: list[str | None]) -> bool:
    """Tell whether names stand before the words on their line ("jane: I agree")."""
    if any(names) or any(line.mark and line.mark.name for line in lines):
        return False
    texts = [line.paragraph.text for line in lines if not line.mark]
    told = sum(inline_name(text) is not None for text in texts)
    return told > 1 and told >= len(texts) / 2


def inline_name(text: str) -> re.Match[str] | None:
    """Return what stands before the words in "jane: I agree" (group 1 the name)."""
    found = _INLINE.match(text)
    return found if found and is_name(found[1]) else None


def _names(lines: list[Line]) -> list[str | None]:
    """Return for each line the author's name that it is, None where it is something else."""
    known = {name for line in lines if (name := _mark_name(line))}
    stamps = [at for at, line in enumerate(lines) if line.mark and line.mark.kind == "stamp"]
    nameless = [at for at in stamps if at and not _mark_name(lines[at])]
    under_names = sum(lines[at - 1].name is not None for at in nameless)
    leading = bool(nameless) and under_names >= len(nameless) / 2
    return [_name_at(lines, at, known, leading, bool(stamps)) for at in range(len(lines))]


def _mark_name(line: Line) -> str | None:
    return line.mark.name if line.mark else None


def _name_at(
    lines: list[Line], at: int, known: set[str], leading: bool, stamped: bool
) -> str | None:
    name = lines[at].name
    if leading and _opens_remark(lines, at):
        return name or lines[at].paragraph.text
    if name is None or name in known:
        return name
    before = lines[at - 1].mark if at else None
    if before and before.kind in {"badge", "reply_to"}:
        return name
    if at + 1 == len(lines):
        return None
    if after := lines[at + 1].mark:
        above = {"badge", "reply_to", "stamp"} if leading else {"badge", "reply_to"}
        return name if after.kind in above else None
    return None if stamped and (leading or known) else name


def _opens_remark(lines: list[Line], at: int) -> bool:
    """Tell whether a line stands between the buttons of one remark and the time of the next.

    A place or a job may follow it ("Jane Roe / Tarvik / 2 hours ago").
    """
    before = lines[at - 1].mark if at else None
    if lines[at].mark or (at and not before) or (before and before.kind in {"stamp", "says"}):
        return False
    for line in lines[at : at + 3]:
        if line.mark:
            return line.mark.kind == "stamp" and not line.mark.name
        if len(line.paragraph.text) > LONGEST_NAME or line.paragraph.text[-1] in ".!?…":
            return False
    return False


def is_signed_below(lines: list[Line]) -> bool:
    """Tell whether names stand under the comments ("Posted by: ..."), not above them."""
    told = [line for line in lines if not line.mark or line.mark.name or _is_count(line)]
    return len(told) > 1 and bool(_mark_name(told[-1])) and not _mark_name(told[-2])


def _is_count(line: Line) -> bool:
    """Tell whether a line is a bare number, which may be a remark ("+1")."""
    return not any(map(str.isalpha, line.paragraph.text))
