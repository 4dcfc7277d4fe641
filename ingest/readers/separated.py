"""CSV and TSV: one article a row; how cells are separated is told from the content."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath

from ingest.article import RawArticle
from ingest.errors import ReadError
from ingest.readers import RECORD_LIMIT, Reader, ReaderInput
from ingest.readers import encoding as encodings
from ingest.readers.encoding import Undecodable, decode, peek
from ingest.readers.field_names import known
from ingest.readers.fields import check_mapping
from ingest.readers.record_text import of_records
from ingest.readers.tables import Table

_HEAD = 65_536
_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars"}
_SUFFIXES = frozenset({".csv", ".tsv", ".tab"})
_LONGEST_NAME = 60  # characters of a column's name; what is longer is a sentence
_EVEN = 0.8  # of the rows at the start that have as many cells as the first


@dataclass(frozen=True, slots=True, kw_only=True)
class _Dialect:
    """How cells are separated; of the rows at the start the share that is even."""

    separator: str
    escape: str | None
    header: tuple[str, ...]
    even: float
    rows: int

    @property
    def known(self) -> int:
        """How many of the columns are named as our fields are."""
        return sum(known(name) is not None for name in self.header)

    @property
    def words(self) -> str:
        escaped = ", quotation marks escaped by \\" if self.escape else ""
        return f"separated by {_SEPARATORS[self.separator]}{escaped}, told from the content"


class _Separated:
    """Tables as text: a header, then one article a row."""

    name = "csv"

    def sniff(self, head: bytes, file: str) -> float:
        """Take what has a header and rows with as many cells, surest where it names fields."""
        text = peek(head)
        found = _dialect(text, cut=len(head) >= _HEAD) if text and text[0] not in "{[<" else None
        if found is None or found.even < _EVEN:
            return 0.0
        names = {name.strip() for name in found.header}
        header = len(names) == len(found.header) and all(
            0 < len(name) <= _LONGEST_NAME for name in names
        )
        if header and found.known > 1:
            return 0.85
        if PurePath(file).suffix.lower() in _SUFFIXES:
            return 0.65
        return 0.3 if header and len(names) > 2 and found.rows > 2 and found.even == 1 else 0.0

    def read(self, given: ReaderInput) -> Iterator[RawArticle | ReadError]:
        """Yield an article or an error for every row; never hold more than one."""
        return of_records(given.file, self._articles(given))

    def _articles(self, given: ReaderInput) -> Iterator[RawArticle | ReadError]:
        mapping = check_mapping(given.mapping)
        head = given.stream.peek(_HEAD)[:_HEAD]
        encoding, how = _encoding(head, given)
        start = head.decode(encoding, "ignore").removeprefix("\ufeff")
        dialect = _dialect(start, cut=len(head) >= _HEAD)
        if dialect is None:
            raise ReadError(given.file, "", "it holds no table, a header and rows")
        inferred = {"columns": dialect.words} | ({"encoding": how} if how else {})
        text = io.TextIOWrapper(given.stream, encoding, errors="surrogateescape", newline="")
        try:
            for found in _articles(_Lines(text), dialect, given.file, mapping):
                if not isinstance(found, ReadError):
                    found = replace(found, inferred=dict(found.inferred) | inferred)  # noqa: PLW2901
                yield found
        finally:
            text.detach()  # the stream is closed by who opened it


def _articles(
    lines: "_Lines", dialect: _Dialect, file: str, mapping: Mapping[str, str]
) -> Iterator[RawArticle | ReadError]:
    rows = _rows(lines, dialect, file)
    _, header = next(rows, ("", list[str]()))
    if isinstance(header, ReadError):
        raise header
    table = Table(file, header, mapping)
    for where, cells in rows:
        yield cells if isinstance(cells, ReadError) else table.article(cells, where)


def _encoding(head: bytes, given: ReaderInput) -> tuple[str, str | None]:
    """Tell the encoding from the start; ASCII alone is taken for UTF-8."""
    whole = head[: head.rfind(b"\n") + 1] or head if len(head) >= _HEAD else head
    try:
        found = decode(whole, given=given.encoding)
    except Undecodable as error:
        raise ReadError(given.file, "", str(error), encodings.HINT) from error
    if found.encoding == "utf-8":  # where some of it is broken, only its rows fail
        return "utf-8", found.how if given.encoding else None
    return found.encoding, found.how


def _dialect(text: str, *, cut: bool) -> _Dialect | None:
    """Return the way of separating that makes the start of a file the evenest table."""
    lines = text.splitlines(keepends=True)
    lines = lines[_announced(lines) :]
    csv.field_size_limit(RECORD_LIMIT)
    tried = [
        found
        for separator in _SEPARATORS
        for escape in (None, "\\")
        if (found := _tried(lines, separator, escape, cut=cut))
    ]
    named = [one for one in tried if len(one.header) > 1] or tried[:1]
    return max(
        named,
        key=lambda one: (one.even >= _EVEN, one.known, round(one.even, 2), len(one.header)),
        default=None,
    )


def _announced(lines: list[str]) -> int:
    """Whether spreadsheets wrote a first line that names the separator, which is no header."""
    return int(bool(lines) and lines[0].lower().startswith("sep=") and len(lines[0].strip()) == 5)


def _tried(lines: list[str], separator: str, escape: str | None, *, cut: bool) -> _Dialect | None:
    try:
        read = csv.reader(lines, delimiter=separator, escapechar=escape)
        rows = [row for row in read if row]
    except csv.Error:
        return None
    rows = rows[:-1] if cut and len(rows) > 1 else rows
    if not rows:
        return None
    header, body = rows[0], rows[1:]
    even = sum(len(row) == len(header) for row in body) / len(body) if body else 1.0
    return _Dialect(
        separator=separator, escape=escape, header=tuple(header), even=even, rows=len(body)
    )


# --- rows ------------------------------------------------------------------------------------


class _TooLong(Exception):
    """A row is longer than is read; `last` says that where the next begins is not known."""

    def __init__(self, *, last: bool) -> None:
        super().__init__()
        self.last = last


class _Lines:
    """The lines of a file, counted together until `begin` says that another row begins."""

    def __init__(self, text: io.TextIOWrapper) -> None:
        self._text = text
        self._length = 0
        self._first = True

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._text.readline(RECORD_LIMIT + 1)
        if self._first:
            line, self._first = line.removeprefix("\ufeff"), False
            line = self._text.readline(RECORD_LIMIT + 1) if _announced([line]) else line
        if not line:
            raise StopIteration
        if len(line) > RECORD_LIMIT:
            while line and not line.endswith(("\n", "\r")):
                line = self._text.readline(RECORD_LIMIT)
            raise _TooLong(last=self._length > 0)
        self._length += len(line)
        if self._length > RECORD_LIMIT:
            raise _TooLong(last=True)
        return line

    def begin(self) -> None:
        """Begin another row."""
        self._length = 0


def _rows(
    lines: _Lines, dialect: _Dialect, file: str
) -> Iterator[tuple[str, list[str] | ReadError]]:
    """Yield the rows that are not empty, each with the line on which it begins."""
    reader = csv.reader(lines, delimiter=dialect.separator, escapechar=dialect.escape)
    while True:
        where = f"line {reader.line_num + 1}"
        lines.begin()
        try:
            row = next(reader, None)
        except csv.Error as error:
            yield where, ReadError(file, where, f"it is no row: {error}")
            continue
        except _TooLong as error:
            why = f"it is longer than {RECORD_LIMIT:,} characters"
            more = (
                ": a quotation mark is not closed, and the rest is not read" if error.last else ""
            )
            yield where, ReadError(file, where, why + more)
            if error.last:
                return
            continue
        if row is None:
            return
        if row:
            yield where, row if _whole(row) else _broken(file, where)


def _whole(row: list[str]) -> bool:
    return all(cell.isascii() or not any("\udc80" <= c <= "\udcff" for c in cell) for cell in row)


def _broken(file: str, where: str) -> ReadError:
    why = "some of its bytes are no characters in the encoding of the file"
    return ReadError(file, where, why, encodings.HINT)


reader: Reader = _Separated()
