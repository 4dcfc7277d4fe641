"""The text of an article as it was printed, and the parts that its format kept apart."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.article import Part, PartKind, RawArticle
from ingest.language.normalise import fold

_LINE_ENDS = re.compile("\r\n?|[\u0085\u2028\u2029]")
_NO_TEXT = re.compile("[\x00\ud800-\udfff]")  # what neither SQLite nor JSON carries
_NOT_AS_TEXT = re.compile("[\r\x00\u0085\u2028\u2029\ud800-\udfff]")
_HEADING = re.compile(r"[\s#*_]*")  # what Markdown puts around a headline


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedText:
    """The whole text; `main` is the end of the article itself, `apart` the parts after it.

    `headline` says whether the first line is a headline that was given, `moved` how much further
    on a place in the text stands than in the body that was given.
    """

    text: str
    main: int
    moved: int
    headline: bool
    standfirst: tuple[int, int] | None
    apart: tuple[Part, ...]
    replaced: int


def printed(raw: RawArticle) -> PrintedText:
    """Put the text together in the order of print: headline, standfirst, body, what is apart."""
    body = as_text(raw.text)
    given = len(body)
    headline = one_line(raw.title)
    opens = bool(headline) and _opens(body, headline)
    standfirst = as_text(raw.standfirst or "").strip()
    if standfirst and fold(standfirst).text in fold(body[: 3 * len(standfirst) + 400]).text:
        standfirst = ""  # the body prints it already
    if standfirst and opens:  # the headline that the body prints goes before it
        body = _after_first_line(body)
        opens = False
    head = [piece for piece in ("" if opens else headline, standfirst) if piece]
    text = "\n\n".join([*head, body] if body.strip() else head)
    at = (
        len(text) - len(body) - 2 - len(standfirst) if body.strip() else len(text) - len(standfirst)
    )
    whole, apart = _appended(text, raw)
    return PrintedText(
        text=whole,
        main=len(text),
        moved=len(text) - given if body.strip() else 0,
        headline=bool(headline),
        standfirst=(at, at + len(standfirst)) if standfirst else None,
        apart=apart,
        replaced=len(_NO_TEXT.findall(raw.text)) if "\ufffd" in whole else 0,
    )


def as_text(given: str) -> str:
    r"""Return NFC with "\n" line ends; what is no character at all becomes U+FFFD."""
    if given.isascii() and "\r" not in given and "\0" not in given:
        return given
    if _NOT_AS_TEXT.search(given):
        given = _NO_TEXT.sub("\ufffd", _LINE_ENDS.sub("\n", given))
    return unicodedata.normalize("NFC", given)


def one_line(given: str | None) -> str:
    """Return a field that is one line, its spaces made one."""
    return " ".join(as_text(given or "").split())


def carve(parts: Sequence[Part], start: int, end: int, kind: PartKind) -> tuple[Part, ...]:
    """Name what stands from `start` to `end` anew, whatever parts it was in."""
    kept = [piece for part in parts for piece in _outside(part, start, end)]
    named = Part(part=kind, start=start, end=end)
    return tuple(sorted([*kept, named], key=lambda part: part.start))


def _outside(part: Part, start: int, end: int) -> Iterator[Part]:
    for a, b in ((part.start, min(part.end, start)), (max(part.start, end), part.end)):
        if a < b:
            yield Part(part=part.part, start=a, end=b, author=part.author)


def _opens(body: str, headline: str) -> bool:
    """Whether the first line of the body is the headline."""
    first = body.lstrip().split("\n", 1)[0]
    return fold(_HEADING.sub("", first, count=1).strip(" *_#")).text == fold(headline).text


def _after_first_line(body: str) -> str:
    return body.lstrip().partition("\n")[2].lstrip("\n")


def _appended(text: str, raw: RawArticle) -> tuple[str, tuple[Part, ...]]:
    """Print captions, corrections and readers' comments under the article."""
    apart: list[tuple[PartKind, str, str | None]] = [("caption", c, None) for c in raw.captions]
    apart += [("correction", notice, None) for notice in raw.corrections]
    apart += [("comment", comment.text, comment.author) for comment in raw.comments]
    pieces = [text]
    parts = []
    at = len(text)
    for kind, given, author in apart:
        words = as_text(given).strip()
        if not words:
            continue
        gap = "\n\n" if at else ""
        at += len(gap)
        pieces += [gap, words]
        parts.append(
            Part(part=kind, start=at, end=at + len(words), author=one_line(author) or None)
        )
        at += len(words)
    return "".join(pieces), tuple(parts)
