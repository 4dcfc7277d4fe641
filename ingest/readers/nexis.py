"""Nexis (LexisNexis): documents delivered together as text, HTML, RTF or DOCX, old form and new.

The old form opens each document with "1 of 49 DOCUMENTS" and shouts its labels; the new one
closes each with "End of Document". Labels are in the language of whoever asked.
"""

import re
from collections.abc import Iterator, Sequence

from ingest.article import RawArticle
from ingest.errors import ReadError
from ingest.readers import Reader, ReaderInput
from ingest.readers.encoding import peek
from ingest.readers.markup import words
from ingest.readers.press_document import (
    PressDocument,
    day,
    found,
    is_copyright,
    labels,
    named,
)
from ingest.readers.text import whole

_OPENS = re.compile(
    r"\s*(?:(?:document|dokument|documento)\s+)?\d{1,6} (?:of|von|de|sur|van|di) \d{1,6}"
    r"(?:\s+(?:documents?|dokumenten?|documentos?))?\s*",
    re.IGNORECASE,
)
_NAMED = re.compile(r"document|dokument|documento", re.IGNORECASE)
_LABEL = re.compile(r"\s*([^\W\d][\w -]{1,24}?)\s?:(?:\s+|$)(.*)")
_LOOK = re.compile(r"^.*\d{1,6} of \d{1,6} DOCUMENTS\b", re.MULTILINE)
_CLOSES = re.compile(r"^[^\S\n]*+End of Document[^\S\n]*+$", re.MULTILINE)
_TAG = re.compile(r"<[^<>]{0,300}>")
_CLOSING = re.compile(r"\s*(?:copyright\b|©|\(c\)\s).{0,120}$", re.IGNORECASE)
_HEADLESS = ("body", "caption", "correction", "about", "end")  # labels that stand alone on a line


class _Nexis:
    """Deliveries of Nexis as text and as HTML; those in RTF and DOCX come by their own readers."""

    name = "nexis"

    def sniff(self, head: bytes, file: str) -> float:
        """Take text or a page in which documents are numbered, or closed, as Nexis does."""
        text = peek(head) or ""
        numbered = "DOCUMENTS" in text and _LOOK.search(_TAG.sub("", text))
        if "LXNComment" in text or (numbered and _labelled(text) > 1):
            return 0.97
        plain = not text.lstrip().startswith(("<", "{", "["))
        closed = plain and bool(_CLOSES.search(text))
        return 0.97 if closed and _labelled(text) > 1 else 0.0

    def read(self, given: ReaderInput) -> Iterator[RawArticle | ReadError]:
        """Yield an article a document."""
        text = whole(given).text
        page = text.lstrip().startswith("<")
        lines = (words(text).text if page else text).replace("\r\n", "\n").split("\n")
        yield from named(documents(lines, wrapped=not page), given.file, "Nexis")


def _labelled(text: str) -> int:
    """Count the fields whose labels stand in some text."""
    seen = _seen(text)
    known = {name for name, forms in labels("nexis").items() if forms & seen}
    return len(known & {"byline", "section", "length", "load_date", "language", "body"})


def _seen(text: str) -> set[str]:
    marked = (_LABEL.match(line) for line in _TAG.sub("\n", text).splitlines())
    return {match[1].casefold() for match in marked if match}


def is_ours(lines: Sequence[str]) -> bool:
    """Whether lines are documents of Nexis: parted as it does, with its labels."""
    parted = any(_opens(line) or _field(line, alone=True) == "end" for line in lines)
    return parted and _labelled("\n".join(lines[:5_000])) > 1


def documents(lines: Sequence[str], *, wrapped: bool) -> Iterator[RawArticle | ReadError]:
    """Yield an article a document."""
    return found((_document(own) for own in _parted(lines)), wrapped=wrapped)


def _opens(line: str) -> bool:
    return bool(_OPENS.fullmatch(line)) and bool(_NAMED.search(line))


def _parted(lines: Sequence[str]) -> Iterator[list[str]]:
    """Cut where a document opens, or behind where one is closed; what is before the first goes."""
    old = any(map(_opens, lines))
    held: list[str] = []
    begun = not old
    for line in lines:
        if old and _opens(line):
            if begun:
                yield held
            held, begun = [], True
        elif not old and _field(line, alone=True) == "end":
            yield held
            held = []
        else:
            held.append(line.replace("\xa0", " "))
    if begun and any(map(str.strip, held)) and (old or _label(held) is not None):
        yield held


def _label(lines: Sequence[str]) -> int | None:
    """Return the first line that bears a label of a field."""
    wanted = {"headline", "byline", "section", "length", "dateline", "body"}
    return next((at for at, line in enumerate(lines) if _field(line) in wanted), None)


def _field(line: str, *, alone: bool = False) -> str | None:
    """Name the field whose label a line bears: before a colon, or alone on the line."""
    bare = line.strip().casefold()
    marked = None if alone else _LABEL.match(line)
    sought = marked[1].casefold() if marked else bare.rstrip(":").rstrip()
    for name, forms in labels("nexis").items():
        if sought in forms and (marked or name in _HEADLESS):
            return name
    return None


def _document(lines: list[str]) -> PressDocument:
    document = PressDocument()
    first = _label(lines)
    dated = [at for at, line in enumerate(lines[:first]) if not is_copyright(line) and day(line)]
    if not dated:
        _fields(document, _below(document, ["", *lines]))
        return document
    at = dated[-1]
    document.published = day(lines[at]) or ""
    rest = lines[at].strip()[len(document.published) :].split()[1:]
    document.put("edition", "" if ":" in "".join(rest) else " ".join(rest))
    headline = _above(document, lines[:at])
    below = _below(document, lines[at + 1 :])
    document.title = document.title or headline
    _fields(document, below)
    return document


def _above(document: PressDocument, lines: list[str]) -> str:
    """Read whose it is and the outlet over the date; return the line that may be its headline."""
    printed = [line.strip() for line in lines if line.strip()]
    owned = [at for at, line in enumerate(printed) if is_copyright(line)]
    document.rights += printed[owned[0] : owned[-1] + 1] if owned else []
    rest = printed[owned[-1] + 1 :] if owned else printed
    document.outlet = rest[-1] if rest else ""
    return rest[-2] if len(rest) > 1 else ""


def _below(document: PressDocument, lines: list[str]) -> list[str]:
    """Read the edition under the date, and in the old form the headline; return what follows."""
    first = _label(lines)
    between = lines[: first or 0]
    edition: list[str] = []
    while between and between[0].strip():
        edition.append(between.pop(0).strip())
    titled = [line.strip() for line in between if line.strip()]
    document.rights += [line for line in (*edition, *titled) if is_copyright(line)]
    document.put("edition", " ".join(line for line in edition if not is_copyright(line)))
    document.title = " ".join(line for line in titled if not is_copyright(line))
    return lines[first or 0 :]


def _fields(document: PressDocument, lines: list[str]) -> None:
    """Read the labelled fields, the text, and what is said about it behind."""
    state = _NexisReading(document)
    for line in lines:
        state.line(line)
    _take_rights(document)
    document.title = document.said("headline") or document.title
    for label, said in document.about.items():
        document.about[label] = " ".join(said) if isinstance(said, list) else said


def _take_rights(document: PressDocument) -> None:
    """Take whose it is off the end of a text that no label closes."""
    body = document.body
    while body and (not body[-1].strip() or _CLOSING.match(body[-1])):
        said = body.pop().strip()
        document.rights += [said] if said else []


class _NexisReading:
    """Where in a document its reading is: which field a line belongs to."""

    def __init__(self, document: PressDocument) -> None:
        self._document = document
        self._into = ""
        self._blank = False  # the line before was blank
        self._has_body = False
        self._over = False  # the text is closed, and what follows is about it

    def line(self, line: str) -> None:
        """Put a line where it belongs."""
        kind = _field(line)
        if kind and (not self._has_body or self._over or _closes(line, kind)):
            self._over = self._over or self._has_body
            self._has_body = self._has_body or kind == "body"
            self._into = kind
            _put(self._document, kind, line)
        elif not line.strip():
            self._document.body += [""] if self._into == "body" else []
        elif is_copyright(line) and not self._into:  # nothing but whose it is may stand there
            self._document.rights.append(line.strip())
        elif self._is_body():
            self._into, self._has_body = "body", True
            self._document.body.append(line)
        elif is_copyright(line) and self._blank:
            self._into = "rights"
            self._document.rights.append(line.strip())
        else:
            _go_on(self._document, self._into, line)
        self._blank = not line.strip()

    def _is_body(self) -> bool:
        """Whether a line without a label is of the text: no more of the field before it."""
        if self._into in {"", "body"}:
            return True
        return not self._has_body and self._blank and _filled(self._document, self._into)


def _filled(document: PressDocument, into: str) -> bool:
    """Whether a field has its words: what follows a blank line is then no more of it."""
    return bool(document.fields.get(into)) or into in {"about", "rights"}


def _closes(line: str, kind: str) -> bool:
    """Whether a label within a text is one that closes it, and no words of the article."""
    label = line.strip().partition(":")[0]
    shouted = label == label.upper()
    return kind == "load_date" or (
        kind in {"language", "caption", "correction", "about", "url"}
        and (shouted or ":" not in line)
    )


def _put(document: PressDocument, kind: str, line: str) -> None:
    label, _, value = line.strip().partition(":")
    if kind == "headline":
        document.fields[kind] = [value.strip()] if value.strip() else []
    elif kind == "body":
        document.body += [value] if value.strip() else []
    elif kind == "about":
        document.about[label.lower().replace("-", "_")] = [value.strip()]
    else:
        document.put(kind, value)


def _go_on(document: PressDocument, into: str, line: str) -> None:
    """Add a line to the field that is being read."""
    if into == "rights":
        document.rights.append(line.strip())
    elif into == "about" and document.about:
        said = document.about[next(reversed(document.about))]
        if isinstance(said, list):
            said.append(line.strip())
    else:
        document.put(into, line)


reader: Reader = _Nexis()
