"""Workbooks of Excel (XLSX): an article a row of each sheet whose header names its text."""

import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, time
from itertools import islice
from typing import IO, TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from ingest.article import RawArticle
from ingest.errors import LeftOut, ReadError
from ingest.readers import RECORD_LIMIT, Reader, ReaderInput
from ingest.readers.fields import check_mapping
from ingest.readers.office import member_names, said
from ingest.readers.record_text import of_records
from ingest.readers.seekable import seekable
from ingest.readers.tables import Table

if TYPE_CHECKING:
    from openpyxl import Workbook

_PARTS = ("xl/workbook.xml", "xl/worksheets/", "xl/sharedStrings.xml", "xl/theme/", "xl/styles.xml")
_ASIDE = 2 * 1024**3  # bytes of a packed file that are kept aside
_UNPACKED = 1_000_000_000  # bytes of all its parts, as it says itself: it can give no more
_HEADER_WITHIN = 10  # rows, under a title or a note
_MOST_COLUMNS = 1_000
_EMPTY_ROWS = 10_000  # after which nothing more is looked for
_FULL = 32_767
"""Characters that a cell of Excel holds; what is longer is cut there."""

_RETURN = "_x000D_"  # how Excel writes the first half of a line end
_FAULTS = (
    ArithmeticError, AttributeError, EOFError, LookupError, NotImplementedError, OSError,
    ParseError, RecursionError, TypeError, ValueError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip

Cells = list[object]


class _Workbook:
    """Sheets of rows under a header, as people keep lists of articles."""

    name = "xlsx"

    def sniff(self, head: bytes, file: str) -> float:
        """Take a packed file that shows parts of a workbook."""
        names = member_names(head) if head.startswith(b"PK\x03\x04") else []
        return 0.98 if any(name.startswith(_PARTS) for name in names) else 0.0

    def read(self, given: ReaderInput) -> Iterator[RawArticle | ReadError]:
        """Yield an article or an error for every row; a sheet without such a header is counted."""
        return of_records(given.file, self._articles(given))

    def _articles(self, given: ReaderInput) -> Iterator[RawArticle | ReadError]:
        with seekable(given.stream, given.file, _ASIDE) as file:
            try:
                opened = _opened(file, given.file)
            except _FAULTS as error:
                hint = "open and save it again in the program that made it"
                raise ReadError(given.file, "", f"it is damaged: {said(error)}", hint) from error
            with closing(opened):
                yield from _sheets(opened, given)


def _opened(file: IO[bytes], name: str) -> "Workbook":
    """Open a workbook to read its values; raise ReadError where it unpacks to too much."""
    from openpyxl import load_workbook

    with zipfile.ZipFile(file) as archive:
        unpacked = sum(member.file_size for member in archive.infolist())
    if unpacked > _UNPACKED:
        raise ReadError(name, "", f"it unpacks to more than {_UNPACKED:,} bytes", "split it")
    file.seek(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of looks that it does not keep
        return load_workbook(file, read_only=True, data_only=True, keep_links=False)


def _sheets(opened: "Workbook", given: ReaderInput) -> Iterator[RawArticle | ReadError]:
    mapping = check_mapping(given.mapping)
    without: list[ReadError] = []
    several = len(opened.worksheets) > 1
    for sheet in opened.worksheets:
        sheet.reset_dimensions()  # what a sheet says of its size is often wrong
        rows = _Rows(sheet.iter_rows(values_only=True), str(sheet.title) if several else "")
        try:
            header, table = _header(rows, given.file, mapping)
            yield from _under(header, table, rows)
        except ReadError as error:
            without.append(error)
        except _FAULTS as error:
            why = f"its rows are damaged: {said(error)}"
            yield ReadError(given.file, rows.where, why, "what stands above was read")
    if without and len(without) == len(opened.worksheets):
        raise without[0]
    if without:
        yield LeftOut(given.file, {"sheet without a column of texts or titles": len(without)})


class _Rows:
    """The rows of a sheet that are not empty, as far as their last value; `where` is the last."""

    def __init__(self, rows: Iterator[tuple[object, ...]], sheet: str) -> None:
        self._rows = rows
        self._sheet = sheet
        self._number = 0

    @property
    def where(self) -> str:
        return (
            f"sheet {self._sheet!r}, row {self._number}" if self._sheet else f"row {self._number}"
        )

    def __iter__(self) -> Iterator[Cells]:
        empty = 0
        for row in self._rows:
            self._number += 1
            cells = [_plain(cell) for cell in row[:_MOST_COLUMNS]]
            while cells and cells[-1] in (None, ""):
                cells.pop()
            empty = 0 if cells else empty + 1
            if cells:
                yield cells
            elif empty > _EMPTY_ROWS:
                return


def _header(rows: _Rows, file: str, mapping: dict[str, str]) -> tuple[Cells, Table]:
    """Return the first row that names a text or a title, and its table; a title may stand above."""
    failed, widest = ReadError(file, "", "it holds no rows"), 0
    for cells in islice(rows, _HEADER_WITHIN):
        names = ["" if cell is None else str(cell) for cell in cells]
        try:
            return cells, Table(file, names, mapping)
        except ReadError as error:
            failed, widest = (error, len(names)) if len(names) > widest else (failed, widest)
    raise failed


def _under(header: Cells, table: Table, rows: _Rows) -> Iterator[RawArticle | ReadError]:
    for cells in rows:
        where = rows.where
        if sum(len(cell) for cell in cells if isinstance(cell, str)) > RECORD_LIMIT:
            yield ReadError("", where, f"it is longer than {RECORD_LIMIT:,} characters")
            continue
        found = table.article([*cells, *[None] * (len(header) - len(cells))], where)
        if isinstance(found, RawArticle) and any(_is_full(cell) for cell in cells):
            cut = f"cut off: a cell holds no more than {_FULL:,} characters"
            found = replace(found, inferred=dict(found.inferred) | {"text": cut})
        yield found


def _is_full(cell: object) -> bool:
    return isinstance(cell, str) and len(cell) >= _FULL


def _plain(value: object) -> object:
    """Return a value as JSON would hold it: a day without a time where it has none."""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, str):
        return value.replace(_RETURN, "\r").replace("\r\n", "\n").replace("\r", "\n")
    return value if value is None or isinstance(value, bool | int | float) else str(value)


reader: Reader = _Workbook()
