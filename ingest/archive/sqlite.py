"""A catalogue in a file of SQLite's: connections, transactions, and its errors made ours."""

import contextlib
import errno
import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ingest.archive.database import Connection, Database, Opened
from ingest.errors import ArchiveBusy, ArchiveDamaged, ArchiveError

_CACHE_KIB = 16_384
"""Pages that each connection keeps: there is one a thread, and the system keeps the file too."""

_STATEMENTS = 512
"""Statements that a connection keeps prepared: one that takes a list is another for each length."""

_NOT_HERE = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}
_NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NO_ENTRY = {
    errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.EISDIR, errno.EIO,
}  # fmt: skip
_FULL = "free some space and do the same again; what was acknowledged is kept"


class SqliteFile(Database):
    """A file of SQLite's."""

    schemas = {1: "schema.sql"} | {n: f"schema_{n}.sql" for n in range(2, 8)}
    any_of = "IN (SELECT value FROM json_each(?))"
    any_pair = "IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))"
    in_hex = "lower(hex({}))"
    greatest, least = "max", "min"
    apart = False
    kept_changes = 1_000

    def __init__(self, path: Path) -> None:
        super().__init__(str(path))
        self.path = path

    def _connect(self) -> Opened:
        return _connect(self.path)

    def _stale(self, opened: Opened) -> bool:
        """Tell whether a file that was opened as one that nobody writes was written since."""
        if opened.stamp is None or opened.connection.in_transaction:
            return False
        return opened.stamp != _stamp(self.path)

    def _begin(self, connection: Connection) -> None:
        connection.execute("BEGIN IMMEDIATE")

    def _begin_reading(self, connection: Connection) -> None:
        connection.execute("BEGIN")

    def many(self, values: Iterable[object]) -> object:
        """Return values as JSON."""
        return json.dumps(list(values))

    def gathered(
        self, columns: Sequence[str], where: str, values: Sequence[Any] = ()
    ) -> list[Sequence[Any]]:
        """Return rows as JSON gathers them in one value.

        For each row, and each column of it, Python's module lets go of the interpreter, and wakes
        whoever waits for it.
        """
        gathered = f"SELECT json_group_array(json_array({', '.join(columns)})) {where}"
        (rows,) = self.connection.execute(gathered, values).fetchone()
        found: list[Sequence[Any]] = json.loads(rows)
        return found

    def exists(self) -> bool:
        """Tell whether there is a file."""
        return self.path.exists()

    def is_laid_out(self) -> bool:
        """Tell whether the tables of a catalogue are there."""
        found = self.connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'")
        return found.fetchone() is not None

    def make_place(self) -> None:
        """Do nothing: a file is made as it is opened."""

    def tables(self) -> dict[str, list[str]]:
        """Return the tables that are there, each with its columns in their order."""
        ask = self.connection.execute
        names = ask(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        )
        return {
            str(name): [str(column) for _, column, *_ in ask(f"PRAGMA table_info({name})")]
            for (name,) in names.fetchall()
        }

    def rows(self, table: str, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """Yield every row of a table, read as it is asked for."""
        yield from self.connection.execute(f"SELECT {listed(columns)} FROM {table}")  # noqa: S608

    def fill(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Put many rows into a table that is empty, within a transaction."""
        marks = ",".join("?" * len(columns))
        self.connection.executemany(
            f"INSERT INTO {table} ({listed(columns)}) VALUES ({marks})",  # noqa: S608
            rows,
        )

    def last_numbers(self) -> dict[str, int]:
        """Return the last number that each table gave to a row, which it never gives again."""
        ask = self.connection.execute
        kept = {str(name): int(seq) for name, seq in ask("SELECT name, seq FROM sqlite_sequence")}
        (last,) = ask("SELECT coalesce(max(v), 0) FROM speakers").fetchone()
        return kept | {"speakers": int(last)}

    def number_after(self, last: Mapping[str, int]) -> None:
        """Give rows numbers after those."""
        for table, number in last.items():
            if table != "speakers":  # a number of theirs may come again
                self.connection.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
                self.connection.execute(
                    "INSERT INTO sqlite_sequence VALUES (?, ?)", (table, number)
                )

    def damage(self, *, thorough: bool = False) -> list[str]:
        """Return what SQLite finds wrong with its file."""
        check = "integrity_check(5)" if thorough else "quick_check(1)"
        found = [str(row[0]) for row in self.connection.execute(f"PRAGMA {check}")]
        return [] if found == ["ok"] else found

    def copy_to(self, file: Path) -> bool:
        """Copy the file page by page, as of one moment, whatever is written meanwhile."""
        with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as copy:
            self._file_connection().backup(copy)
        return True

    def _file_connection(self) -> sqlite3.Connection:
        connection = self.connection
        assert isinstance(connection, sqlite3.Connection)
        return connection

    @contextlib.contextmanager
    def shredding(self) -> Iterator[None]:
        """Write over what is deleted in a block; then write the file anew, and empty its log."""
        connection = self.connection
        connection.execute("PRAGMA secure_delete = ON")
        yield
        connection.execute("VACUUM")
        busy, _, _ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise ArchiveBusy(
                "the article is erased, but another process reads, and the catalogue's log stays",
                "end whoever reads the archive, and do the same again",
            )


def listed(columns: Sequence[str]) -> str:
    """Return the names of columns as a statement has them."""
    return ", ".join(f'"{name}"' for name in columns)


@contextlib.contextmanager
def ours(path: Path | None = None) -> Iterator[None]:
    """Make the errors of SQLite and of the file system ours; those of our own making stay."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", None)
        if code is None:  # the statement is wrong, not the file: a bug
            raise
        raise _told(code & 0xFF, f"{path or 'the catalogue'}: {error}") from error
    except OSError as error:
        if error.errno in _NO_SPACE:
            raise no_space(error) from error
        if error.errno in _NO_ENTRY:
            told = ArchiveError(
                "the archive cannot be used", "look whose folder it is, and whether it is one"
            )
            raise told.detailed(str(error)) from error
        raise


def no_space(what: object) -> ArchiveError:
    """Return the error that says that the disk is full."""
    return ArchiveError("no space is left for the archive", _FULL).detailed(str(what))


def _told(code: int, what: str) -> ArchiveError:
    if code == sqlite3.SQLITE_FULL:
        return no_space(what)
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return ArchiveBusy("another process holds it", "wait until it is done").detailed(what)
    if code == sqlite3.SQLITE_READONLY:
        told = ArchiveError("the archive cannot be written", "look whose folder it is")
        return told.detailed(what)
    if code in _NOT_HERE:
        return ArchiveError("the archive cannot be used", "look at its disk").detailed(what)
    return ArchiveDamaged(
        "the catalogue is damaged", "restore it from a copy, or ingest again elsewhere"
    ).detailed(what)


def _connect(path: Path) -> Opened:
    """Open a connection that waits for others, and whose commits outlive a power cut.

    In a folder that may only be read SQLite cannot lay the files of its log: while nobody else
    has laid them, nobody writes, and the file is read as it is.
    """
    thread = threading.current_thread()
    try:
        return Opened(_opened(str(path)), thread)
    except sqlite3.OperationalError as error:
        stamp = _stamp(path)
        if error.sqlite_errorcode & 0xFF not in _ONLY_READ or len(stamp) > _PLAIN:
            raise
        return Opened(_opened(f"{path.absolute().as_uri()}?immutable=1"), thread, stamp)


_ONLY_READ = {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}
_PLAIN = 3


def _stamp(path: Path) -> tuple[int, ...]:
    """Return what changes when a database is written, longer while somebody has it open."""
    try:
        about = path.stat()
    except OSError:
        return ()
    logged = path.with_name(f"{path.name}-wal").exists()
    return about.st_ino, about.st_size, about.st_mtime_ns, *([1] if logged else [])


def _opened(address: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        address,
        timeout=60,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=_STATEMENTS,
        uri=address.startswith("file:"),
    )
    try:
        for pragma in ("journal_mode = WAL", "synchronous = FULL", f"cache_size = -{_CACHE_KIB}"):
            connection.execute(f"PRAGMA {pragma}")
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.Error:
        connection.close()
        raise
    return connection
