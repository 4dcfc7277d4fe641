"""The catalogue's file: connections, transactions, and SQLite's errors made ours."""

import contextlib
import errno
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

from ingest.errors import ArchiveBusy, ArchiveDamaged, ArchiveError

_NOT_HERE = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}
_NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NO_ENTRY = {
    errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.EISDIR, errno.EIO,
}  # fmt: skip
_FULL = "free some space and do the same again; what was acknowledged is kept"


class Database:
    """A file of SQLite's, with a connection for each thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._all: list[sqlite3.Connection] = []

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection."""
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = _connect(self.path)
            self._local.connection = connection
            self._all.append(connection)
        return connection

    def close(self) -> None:
        """Close every thread's connection."""
        for connection in self._all:
            connection.close()
        self._all.clear()
        self._local = threading.local()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Make everything written in a block one transaction: whole, or not at all."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.connection.execute("COMMIT")
        except BaseException:
            if self.connection.in_transaction:  # SQLite itself rolls back when a disk is full
                self.connection.execute("ROLLBACK")
            raise

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[None]:
        """Let everything read in a block be of one moment, whatever is written meanwhile."""
        if self.connection.in_transaction:
            yield
            return
        self.connection.execute("BEGIN")
        try:
            yield
        finally:
            self.connection.execute("COMMIT")


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
            raise ArchiveError(f"no space is left for the archive: {error}", _FULL) from error
        if error.errno in _NO_ENTRY:
            raise ArchiveError(
                f"the archive cannot be used: {error}",
                "look whose folder it is, and whether it is one",
            ) from error
        raise


def _told(code: int, what: str) -> ArchiveError:
    if code == sqlite3.SQLITE_FULL:
        return ArchiveError(f"no space is left for the archive: {what}", _FULL)
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return ArchiveBusy(f"another process holds it: {what}", "wait until it is done")
    if code == sqlite3.SQLITE_READONLY:
        return ArchiveError(f"the archive cannot be written: {what}", "look whose folder it is")
    if code in _NOT_HERE:
        return ArchiveError(f"the archive cannot be used: {what}", "look at its disk")
    return ArchiveDamaged(
        f"the catalogue is damaged: {what}", "restore it from a copy, or ingest again elsewhere"
    )


def _connect(path: Path) -> sqlite3.Connection:
    """Open a connection that waits for others, and whose commits outlive a power cut."""
    connection = sqlite3.connect(path, timeout=60, isolation_level=None, check_same_thread=False)
    try:
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "cache_size = -65536"):
            connection.execute(f"PRAGMA {pragma}")
    except sqlite3.Error:
        connection.close()
        raise
    return connection
