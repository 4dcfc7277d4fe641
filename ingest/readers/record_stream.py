"""Cut a stream of XML or SGML into its records, however long it is and however damaged.

What stands around the records never reaches a parser: no DTD, no entity of a document's own.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.errors import ReadError
from ingest.readers import RECORD_LIMIT, ReaderInput
from ingest.readers.encoding import HINT, Undecodable, decode, known, mark, peek

_CHUNK = 262_144
_LONGEST_TAG = 128  # bytes of a record's tag, or of a mark that opens a section
_LONGEST_ATTRIBUTES = 20_000
_OPENS = {b"<![CDATA[": b"]]>", b"<!--": b"-->"}
_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{2,40})", re.IGNORECASE)
_PROLOGUE = re.compile(
    r"(?:<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>|\s++)*+", re.DOTALL | re.IGNORECASE
)
_ROOT = re.compile(r"<(?:[\w.-]+:)?([\w.-]+)(?=[\s/>])")


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedRecord:
    """One element as it stands, its tags included; `how` says how its encoding was told."""

    name: str
    line: int
    text: str
    how: str | None = None


def root(head: bytes) -> str:
    """Name a document's outermost element, without its prefix; "" where there is none."""
    text = (peek(head) or "").lstrip("\ufeff")
    prologue = _PROLOGUE.match(text)
    found = _ROOT.match(text, prologue.end() if prologue else 0)
    return found.group(1) if found else ""


def without_prologue(text: str) -> str:
    """Return a document from its outermost element on: what a parser must not see is cut off."""
    opens = _ROOT.search(text, prologue.end() if (prologue := _PROLOGUE.match(text)) else 0)
    return text[opens.start() :] if opens else ""


def records(given: ReaderInput, names: str) -> Iterator[MarkedRecord | ReadError]:
    """Yield the elements whose names match, the outermost ones; an error for one that is broken.

    `names` is a pattern. A record that never ends is over where the next one begins.
    """
    head = given.stream.peek(_CHUNK)
    declared = _DECLARED.search(head[:1024])
    recoded = _other_encoding(given, head)
    for name, line, data in _cut(_Window(given, recoded), names):
        where = f"line {line}"
        if isinstance(data, str):
            yield ReadError(given.file, where, data)
            continue
        try:
            decoded = decode(
                data,
                given="utf-8" if recoded else given.encoding,
                declared=declared.group(1).decode("ascii") if declared else None,
            )
        except Undecodable as error:
            yield ReadError(given.file, where, str(error), HINT)
            continue
        how = f"{recoded}, as given" if recoded and given.encoding else decoded.how
        yield MarkedRecord(name=name, line=line, text=decoded.text, how=None if recoded else how)


def _other_encoding(given: ReaderInput, head: bytes) -> str | None:
    """Name an encoding in which tags are no ASCII, so that the stream is recoded first."""
    name = known(given.encoding) if given.encoding else mark(head[:4])
    return name if name and name.startswith(("utf-16", "utf-32")) else None


def _cut(window: "_Window", names: str) -> Iterator[tuple[str, int, bytes | str]]:
    """Yield name, line, and bytes of each record, or in place of the bytes what is wrong."""
    tags = re.compile(rb"<!\[CDATA\[|<!--|<(/?)(" + names.encode() + rb")(?=[\s/>])")
    name = b""
    while tag := window.next(tags):
        if tag.too_long:
            yield name.decode(), window.line(), f"it is longer than {RECORD_LIMIT:,} bytes"
            window.keep = None
        elif not tag.closes:
            if window.keep is not None:
                yield name.decode(), window.line(), f"its end, </{name.decode()}>, is missing"
            window.keep, name = tag.start, tag.name
            if window.is_empty():
                yield name.decode(), window.line(), window.taken()
        elif tag.name == name and window.keep is not None:
            line = window.line()
            yield name.decode(), line, window.taken()
    if window.keep is not None:
        yield (
            name.decode(),
            window.line(),
            f"it is cut off: its end, </{name.decode()}>, is missing",
        )


@dataclass(frozen=True, slots=True)
class _Tag:
    start: int = 0
    name: bytes = b""
    closes: bool = False
    too_long: bool = False


class _Window:
    """The stretch of a stream that is looked at; offsets count from the stream's start.

    `keep` is where the record begins that is being cut; what is before it is forgotten.
    """

    def __init__(self, given: ReaderInput, recoded: str | None) -> None:
        self.keep: int | None = None
        self._stream = given.stream
        self._decoder = codecs.getincrementaldecoder(recoded)("replace") if recoded else None
        self._held = bytearray()
        self._base = 0
        self._lines = 1
        self._counted = 0
        self._at = 0
        self._ended = False
        self._closing: dict[bytes, int] = {}
        self._searched: dict[bytes, int] = {}

    def next(self, tags: re.Pattern[bytes]) -> _Tag | None:
        """Return the next tag of a record, None at the end."""
        while True:
            found = tags.search(self._held, self._at - self._base)
            if found:
                start, end, name = found.start() + self._base, found.end() + self._base, found[2]
                if name is not None:
                    self._at = end
                    return _Tag(start, bytes(name), bool(found[1]))
                self._at = self._after_section(bytes(found[0]), end, tags)
                continue
            self._at = max(self._at, self._end() - _LONGEST_TAG)
            if self._is_too_long():
                return _Tag(too_long=True)
            if not self._fill():
                return None

    def line(self) -> int:
        """Return the line on which the record that is being cut begins."""
        self._count_to(self.keep or self._base)
        return self._lines

    def is_empty(self) -> bool:
        """Whether the tag found last is a whole record, "<item/>"."""
        end = self._end_of_tag()
        return end > 0 and self._held[end - 1 : end] == b"/"

    def taken(self) -> bytes:
        """Return the record that ends with the tag found last."""
        end = self._end_of_tag()
        start = (self.keep or self._base) - self._base
        record = bytes(self._held[start : end + 1 if end >= 0 else None])
        self.keep = None
        return record

    def _end(self) -> int:
        return self._base + len(self._held)

    def _is_too_long(self) -> bool:
        return self.keep is not None and self._end() - self.keep > RECORD_LIMIT

    def _end_of_tag(self) -> int:
        """Return where in what is held the tag found last ends, -1 where it never does."""
        limit = self._at + _LONGEST_ATTRIBUTES
        while (end := self._held.find(b">", self._at - self._base, limit - self._base)) < 0:
            if self._end() > limit or not self._fill():
                return -1
        return end

    def _count_to(self, place: int) -> None:
        if place > self._counted:
            start, end = self._counted - self._base, place - self._base
            self._lines += self._held.count(b"\n", start, end)
            self._counted = place

    def _after_section(self, opens: bytes, start: int, tags: re.Pattern[bytes]) -> int:
        """Return where a section that just opened is over; at once where it never is."""
        closes = self._close(opens, start)
        if closes is None:
            return start
        # A section that lost its end runs into that of another record.
        other = self._held.find(opens, start - self._base, closes - self._base)
        between = tags.finditer(self._held, start - self._base, other) if other >= 0 else ()
        if any(tag[2] is not None for tag in between):
            return start
        return closes + len(_OPENS[opens])

    def _close(self, opens: bytes, start: int) -> int | None:
        """Return where the next section of a kind closes; no stretch is searched twice."""
        if self._closing.get(opens, -1) >= start:
            return self._closing[opens]
        closes = _OPENS[opens]
        at = max(start, self._searched.get(opens, 0))
        while (found := self._held.find(closes, at - self._base)) < 0:
            at = max(at, self._end() - len(closes) + 1)
            self._searched[opens] = at
            if self._end() - start > RECORD_LIMIT or not self._fill():
                return None
        self._closing[opens] = found + self._base
        return self._closing[opens]

    def _fill(self) -> bool:
        """Read more, and forget what is no longer needed."""
        if self._ended:
            return False
        data = self._stream.read(_CHUNK)
        self._ended = not data
        if self._decoder:
            data = self._decoder.decode(data, self._ended).encode("utf-8", "replace")
        needed = min(self._at, self.keep if self.keep is not None else self._at)
        self._count_to(needed)
        del self._held[: needed - self._base]
        self._base = needed
        self._held += data
        return not self._ended or bool(data)
