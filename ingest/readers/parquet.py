"""Parquet: one article a row, read a few rows at a time."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from ingest.article import RawArticle
from ingest.errors import ReadError
from ingest.readers import RECORD_LIMIT, Reader, ReaderInput
from ingest.readers.fields import check_mapping
from ingest.readers.record_text import of_records
from ingest.readers.seekable import seekable
from ingest.readers.tables import Table

if TYPE_CHECKING:
    from pyarrow import Array, RecordBatch, Schema
    from pyarrow.parquet import ParquetFile

_MAGIC = b"PAR1"
_ROWS = 64  # that are decoded together
_ASIDE = 16 * 1024**3  # bytes of a packed file that are kept aside: its end is read first


class _Parquet:
    """Tables of columns; columns of bytes and of vectors are left out."""

    name = "parquet"

    def sniff(self, head: bytes, file: str) -> float:
        """Take what begins as Parquet does."""
        return 1.0 if head.startswith(_MAGIC) else 0.0

    def read(self, given: ReaderInput) -> Iterator[RawArticle | ReadError]:
        """Yield an article or an error for every row, group after group."""
        return of_records(given.file, self._articles(given))

    def _articles(self, given: ReaderInput) -> Iterator[RawArticle | ReadError]:
        try:
            from pyarrow import ArrowException
            from pyarrow.parquet import ParquetFile
        except ImportError as error:
            why = "Parquet is read by pyarrow, which is not installed"
            raise ReadError(given.file, "", why, "run `pip install 'morgue[parquet]'`") from error
        faults = (ArrowException, OSError, ValueError, KeyError, IndexError, OverflowError)
        with seekable(given.stream, given.file, _ASIDE) as file:
            try:
                opened = ParquetFile(file, pre_buffer=False)
                columns = _columns(opened.schema_arrow)
            except faults as error:
                raise ReadError(
                    given.file, "", f"it is no whole Parquet: {_said(error)}"
                ) from error
            table = Table(given.file, columns, check_mapping(given.mapping))
            yield from _groups(opened, columns, table, given.file, faults)


Faults = tuple[type[Exception], ...]


def _columns(schema: "Schema") -> list[str]:
    """Name the columns that can say something of an article."""
    from pyarrow import types

    def says(kind: Any) -> bool:
        if types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind):
            return not types.is_floating(kind.value_type)
        return not (types.is_binary(kind) or types.is_large_binary(kind))

    return [field.name for field in schema if says(field.type)]


def _groups(
    opened: "ParquetFile", columns: list[str], table: Table, file: str, faults: Faults
) -> Iterator[RawArticle | ReadError]:
    """Yield the rows of each group; a damaged group costs no other."""
    first = 1
    for group in range(opened.num_row_groups):
        row = first
        try:
            first += opened.metadata.row_group(group).num_rows
            for batch in opened.iter_batches(_ROWS, row_groups=[group], columns=columns):
                for cells in _cells(batch, faults):
                    where = f"row {row}"
                    yield _article(cells, table, file, where)
                    row += 1
        except faults as error:
            where = f"rows {row} to {first - 1}"
            yield ReadError(file, where, f"they are damaged: {_said(error)}")


def _cells(batch: "RecordBatch", faults: Faults) -> Iterator[list[object] | Exception]:
    columns = [_in_microseconds(batch.column(i)) for i in range(batch.num_columns)]
    for row in range(batch.num_rows):
        try:
            yield [_plain(column[row].as_py()) for column in columns]
        except faults as error:
            yield error


def _in_microseconds(column: "Array") -> "Array":
    """Return times as Python holds them, whatever they are counted in."""
    import pyarrow

    if not pyarrow.types.is_timestamp(column.type):
        return column
    return column.cast(pyarrow.timestamp("us", tz=column.type.tz), safe=False)


def _article(
    cells: list[object] | Exception, table: Table, file: str, where: str
) -> RawArticle | ReadError:
    if isinstance(cells, Exception):
        return ReadError(file, where, f"it cannot be read: {_said(cells)}")
    if sum(len(cell) for cell in cells if isinstance(cell, str)) > RECORD_LIMIT:
        return ReadError(file, where, f"it is longer than {RECORD_LIMIT:,} characters")
    return table.article(cells, where)


def _plain(value: object) -> object:
    """Return a value as JSON would hold it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(name): _plain(item) for name, item in value.items()}
    return value


def _said(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


reader: Reader = _Parquet()
