"""The sentences of an article as they may be cited: no caption, link, dateline or byline."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import lru_cache

from assistant.find.galleries import galleries
from ingest.article import EVIDENCE, Article, Part, PartKind
from ingest.clean.corrections import is_notice
from ingest.language.normalise import fold
from ingest.language.quotations import quotations
from ingest.language.sentences import sentences

_GOES_ON = ":;,-–—/"
"""Marks at the end of what is no sentence: a dateline ends with a dash."""

_UNENDED = 6
"""Spaces from which a line without a mark at its end may be a sentence all the same."""

_LINE = re.compile(r"\S[^\n]*")

_LONGEST = 70
"""Words up to which the sentences of one quotation are kept together."""


def printed_sentences(
    article: Article, *, comments: bool = False
) -> Iterator[tuple[int, int, PartKind]]:
    """Yield where an article's sentences stand and in what part: of evidence, or of comments."""
    about = article.title, is_notice(article), comments
    yield from _printed(article.text, article.parts, *about)


@lru_cache(maxsize=256)
def _printed(
    text: str, parts: tuple[Part, ...], headline: str, notice: bool, comments: bool
) -> tuple[tuple[int, int, PartKind], ...]:
    return tuple(_told(text, parts, fold(headline).text, notice=notice, comments=comments))


def _told(
    text: str, parts: tuple[Part, ...], title: str, *, notice: bool, comments: bool
) -> Iterator[tuple[int, int, PartKind]]:
    wanted = {"comment"} if comments else EVIDENCE
    quoted = [found.outer for found in quotations(text)]
    pictured = tuple(galleries(text))
    for part in parts:
        if part.part in wanted:
            for start, end in _sentences(text, part, quoted, notice=notice):
                if part.part != "body" or (
                    _tells(text[start:end].strip(), title)
                    and not any(a <= start < b for a, b in pictured)
                ):
                    yield start, end, part.part


def _tells(text: str, title: str) -> bool:
    """Tell whether a stretch of a body is a sentence: no caption, link, dateline or byline.

    What is short and ends without a mark is none, nor is the headline printed once more.
    """
    ends = bool(text) and unicodedata.category(text[-1])[0] == "P" and text[-1] not in _GOES_ON
    return (ends or text.count(" ") >= _UNENDED) and not _is_title(text, title)


def _is_title(text: str, title: str) -> bool:
    """Tell whether a text is a headline, which is folded already, however it is printed."""
    # What begins with another letter is none: no mark joins it where the next one is ASCII too.
    other = text[:2].isascii() and text[0].isalnum() and text[0].lower() != title[:1]
    return not other and fold(text).text == title


def _sentences(
    text: str, part: Part, quoted: Sequence[tuple[int, int]], *, notice: bool
) -> list[tuple[int, int]]:
    """Return the sentences of a part; those of one quotation stay together if they are short.

    A paragraph of a notice is read whole: what was wrong stands in one sentence and what is right
    in the next.
    """
    start, end = part.start, part.end
    if part.part == "headline":
        return [(start, end)]
    if notice:
        return [found.span() for found in _LINE.finditer(text, start, end)]
    joined: list[tuple[int, int]] = []
    for first, last in sentences(text, start, end):
        if joined and _within_quotation(joined[-1][1], first, quoted):
            so_far = joined[-1][0]
            if text.count(" ", so_far, last) < _LONGEST:
                joined[-1] = (so_far, last)
                continue
        joined.append((first, last))
    return joined


def _within_quotation(end: int, start: int, quoted: Sequence[tuple[int, int]]) -> bool:
    i = bisect_right(quoted, (end, 0)) - 1
    return i >= 0 and quoted[i][0] < end and start < quoted[i][1]
