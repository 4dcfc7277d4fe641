"""Web archives, WARC and ARC: every page that a crawl was answered with, as a saved page.

Revisits, requests, pictures and answers that are no page are passed over and counted.
"""

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ingest.article import RawArticle
from ingest.clean.identity import web_address
from ingest.errors import LeftOut, ReadError, StretchDamaged
from ingest.readers import RECORD_LIMIT, Reader, ReaderInput
from ingest.readers.http_packing import Unpackable, unpacked
from ingest.readers.webpage import reader as webpage

if TYPE_CHECKING:
    from warcio.bufferedreaders import ChunkedDataReader
    from warcio.recordloader import ArcWarcRecord

_WARC = re.compile(rb"WARC/\d\.\d+[ \t]*\r?\n")
_ARC = re.compile(rb"[a-z][a-z0-9+.-]{1,20}:[^\r\n]{1,8000} [\d.:]{1,40} \d{8,20} \S+ \S+\r?\n")
_ARC_FILE = re.compile(rb"filedesc:[^\r\n]{1,8000} [\d.:]{1,40} \d{8,20} \S+ \S+\r?\n")
_NEXT = re.compile(rb"\n(?=WARC/\d\.\d+[ \t]*\r?\n)")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", re.IGNORECASE)
_PAGES = frozenset({"text/html", "application/xhtml+xml"})
_LONGEST_LINE = 65_536
_LONGEST_HEAD = 1_000_000
_PIECE = 1_000_000


class _WebArchive:
    """WARC and ARC, packed or not: one article a page."""

    name = "warc"

    def sniff(self, head: bytes, file: str) -> float:
        """Take what begins as a record of either does."""
        return 1.0 if _WARC.match(head) or _ARC_FILE.match(head) else 0.0

    def read(self, given: ReaderInput) -> Iterator[RawArticle | ReadError]:
        """Yield an article a page; one page is held at a time, and nothing of what is no page."""
        logging.getLogger("warcio").setLevel(logging.ERROR)  # it mends addresses, and says so
        passed_over: Counter[str] = Counter()
        for found in _captures(given, _Tape(given.stream)):
            if isinstance(found, str):
                passed_over[found] += 1
            elif isinstance(found, ReadError):
                yield found
            else:
                yield from _article(given, found)
        if passed_over:
            yield LeftOut(given.file, passed_over)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Capture:
    """A page as it was fetched: its bytes, and what was said of them."""

    where: str
    url: str
    fetched: str
    charset: str | None
    page: bytes


def _article(given: ReaderInput, capture: _Capture) -> Iterator[RawArticle | ReadError]:
    stream = io.BufferedReader(io.BytesIO(capture.page), _LONGEST_LINE)
    page = replace(given, stream=stream, declared=capture.charset)
    try:
        for found in webpage.read(page):
            if isinstance(found, ReadError):
                yield ReadError(given.file, capture.where, found.message, found.hint)
                continue
            about = dict(found.metadata) | {"fetched": capture.fetched}
            if found.record:  # one of several, and the address is that of none of them
                about.setdefault("page", capture.url)
            yield replace(
                found,
                where=", ".join(filter(None, (capture.where, found.where))),
                record=" ".join(filter(None, (capture.url or capture.where, found.record))),
                url=None if found.record else _address(found.url, capture.url),
                metadata=about,
            )
    except ReadError as error:
        yield ReadError(given.file, capture.where, error.message, error.hint)


def _address(declared: str | None, fetched: str) -> str | None:
    """Return the page's canonical address, but not the site's: pages would replace each other."""
    parts = web_address(declared or "")
    return (declared if parts and parts.path.strip("/") else fetched) or None


def _captures(given: ReaderInput, tape: "_Tape") -> Iterator[_Capture | ReadError | str]:
    """Yield pages, what is broken, and in a word each record that is passed over."""
    start = _WARC if _WARC.match(tape.look()) else _ARC
    while True:
        at = tape.at
        try:
            found = _next(given.file, tape, start)
        except StretchDamaged as error:
            found = ReadError(given.file, f"byte {at}", f"{error.message}; what follows is read")
        if found is None:
            return
        yield found


def _next(file: str, tape: "_Tape", start: re.Pattern[bytes]) -> _Capture | ReadError | str | None:
    """Read the next record, None at the end."""
    first = tape.next_line()
    if not first:
        return None
    at = tape.at - len(first)
    if not start.fullmatch(first):
        after = tape.find(start)
        next_one = f"the next is at byte {after}" if after is not None else "none follows"
        return ReadError(file, f"byte {at}", f"no record begins here; {next_one}")
    try:
        return _capture(tape, first, at)
    except _Unopened as error:
        return ReadError(file, f"byte {at}", str(error))
    except _Broken as error:
        tape.find(start)
        return ReadError(file, f"byte {at}", str(error))


class _Broken(ValueError):
    """A record cannot be read; its words say why."""


class _Unopened(ValueError):
    """What a whole record holds cannot be read; the next begins after it."""


def _capture(tape: "_Tape", first: bytes, at: int) -> _Capture | str:
    record = _head(tape, first)
    kind = str(record.rec_type)
    length = str(record.rec_headers.get_header("Content-Length"))
    if not length.isdecimal():
        raise _Broken(f"its length is no number: {length[:40]!r}")
    if kind not in {"response", "resource"} or int(length) > RECORD_LIMIT:
        tape.skip(max(0, record.length))
        if kind in {"response", "resource"}:
            raise _Broken(f"it is longer than {RECORD_LIMIT:,} bytes")
        return kind
    body = _body(tape, max(0, record.length))
    if kind == "response":
        return _answer(record, body, f"byte {at}")
    return _found(record, body, record.content_type or "", f"byte {at}")


def _head(tape: "_Tape", first: bytes) -> "ArcWarcRecord":
    from warcio.exceptions import ArchiveLoadFailed
    from warcio.recordloader import ArcWarcRecordLoader
    from warcio.statusandheaders import StatusAndHeadersParserException

    tape.bound()
    try:
        return ArcWarcRecordLoader().parse_record_stream(
            tape, statusline=first, no_record_parse=True
        )
    except (ArchiveLoadFailed, StatusAndHeadersParserException, EOFError, ValueError) as error:
        raise _Broken(f"its head cannot be read: {error}") from error


def _body(tape: "_Tape", length: int) -> bytes:
    """Return a record's body; what its false length swallowed of the next is put back."""
    body = tape.read(length)
    if len(body) == length and tape.is_between_records():
        return body
    if swallowed := _NEXT.search(body):
        tape.push(body[swallowed.end() :])
        raise _Broken(f"its length, {length} bytes, is false: another record begins before")
    if len(body) < length:
        raise _Broken(f"it is cut off: of {length} bytes there are {len(body)}")
    raise _Broken(f"its length, {length} bytes, is false: it goes on after them")


def _answer(record: "ArcWarcRecord", body: bytes, where: str) -> _Capture | str:
    from warcio.statusandheaders import StatusAndHeadersParser, StatusAndHeadersParserException

    stream = io.BytesIO(body)
    if not str(record.rec_headers.get_header("WARC-Target-URI")).lower().startswith("http"):
        return "not a page"
    try:
        head = StatusAndHeadersParser(["HTTP/"]).parse(stream)
    except (StatusAndHeadersParserException, EOFError) as error:
        raise _Broken("it holds no answer of a web server") from error
    status = head.statusline.partition(" ")[2][:3]
    if not status.startswith("2"):
        return "answer other than 200"
    kind = head.get_header("Content-Type") or ""
    if kind and kind.partition(";")[0].strip().lower() not in _PAGES:
        return "not a page"
    chunked = (head.get_header("Transfer-Encoding") or "").strip().lower() == "chunked"
    packing = (head.get_header("Content-Encoding") or "").strip().lower()
    return _found(record, _unpacked(stream, packing, chunked=chunked), kind, where)


def _found(record: "ArcWarcRecord", page: bytes, kind: str, where: str) -> _Capture | str:
    is_page = kind.partition(";")[0].strip().lower() in _PAGES
    if not (is_page or (not kind and webpage.sniff(page[:_LONGEST_LINE], "") > 0.5)):
        return "not a page"
    if not page.strip():
        return "empty page"
    charset = _CHARSET.search(kind)
    return _Capture(
        where=where,
        url=record.rec_headers.get_header("WARC-Target-URI") or "",
        fetched=record.rec_headers.get_header("WARC-Date") or "",
        charset=charset[1] if charset else None,
        page=page,
    )


def _unpacked(stream: io.BytesIO, packing: str, *, chunked: bool) -> bytes:
    """Undo what the server did to send it; never hold more than a page may be long."""
    from warcio.bufferedreaders import ChunkedDataReader

    data = _all(ChunkedDataReader(stream)) if chunked else stream.read()
    try:
        return unpacked(data, packing, RECORD_LIMIT, _is_page)
    except Unpackable as error:
        raise _Unopened(str(error)) from error


def _is_page(data: bytes) -> bool:
    return webpage.sniff(data[:_LONGEST_LINE], "") > 0.5


def _all(stream: "ChunkedDataReader") -> bytes:
    """Read to the end in pieces."""
    data = bytearray()
    while piece := stream.read(_LONGEST_LINE):
        data += piece
        if len(data) > RECORD_LIMIT:
            raise _Unopened(f"its page is longer than {RECORD_LIMIT:,} bytes")
    return bytes(data)


class _Tape:
    """A stream that knows its place, and takes back what was read too far."""

    def __init__(self, stream: "io.BufferedReader[Any]") -> None:
        self.at = 0
        self._stream = stream
        self._back = io.BytesIO()
        self._bound: int | None = None

    def look(self) -> bytes:
        """Return some of what comes next, without reading it."""
        place = self._back.tell()
        data = self._back.read(_LONGEST_LINE)
        self._back.seek(place)
        return data or self._stream.peek(_LONGEST_LINE)

    def read(self, size: int) -> bytes:
        """Read so many bytes, fewer at the end."""
        data = self._back.read(size)
        if len(data) < size:
            data += self._stream.read(size - len(data))
        self.at += len(data)
        return data

    def readline(self, size: int = _LONGEST_LINE) -> bytes:
        """Read a line, or a piece of one that is too long; nothing beyond the bound of a head."""
        if self._bound is not None and self.at >= self._bound:
            return b""
        data = self._back.readline(size)
        if not data.endswith(b"\n") and len(data) < size:
            data += self._stream.readline(size - len(data))
        self.at += len(data)
        return data

    def bound(self) -> None:
        """Let the head that begins here be no longer than a head may be."""
        self._bound = self.at + _LONGEST_HEAD

    def next_line(self) -> bytes:
        """Return the next line that is not blank; b"" at the end."""
        self._bound = None
        while (line := self.readline()) and not line.strip():
            pass
        return line

    def find(self, start: re.Pattern[bytes]) -> int | None:
        """Go to the next line like `start` and return its place, None where there is none."""
        while line := self.next_line():
            if start.fullmatch(line):
                self.push(line)
                return self.at
        return None

    def is_between_records(self) -> bool:
        """Whether a record may end here."""
        return self.look()[:1] in {b"\r", b"\n", b""}

    def push(self, data: bytes) -> None:
        """Take back what was read last."""
        self._back = io.BytesIO(data + self._back.read())
        self.at -= len(data)

    def skip(self, size: int) -> None:
        """Pass over so many bytes."""
        while size > 0 and (piece := self.read(min(size, _PIECE))):
            size -= len(piece)


reader: Reader = _WebArchive()
