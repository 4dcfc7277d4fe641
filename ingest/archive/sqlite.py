"""The catalogue's file: connections, transactions, and SQLite's errors made ours."""

import contextlib
import errno
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from ingest.errors import ArchiveBusy, ArchiveDamaged, ArchiveError

_CACHE_KIB = 16_384
"""Pages that each connection keeps: there is one a thread, and the system keeps the file too."""

_NOT_HERE = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}
_NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_NO_ENTRY = {
    errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.EISDIR, errno.EIO,
}  # fmt: skip
_FULL = "free some space and do the same again; what was acknowledged is kept"


class Opened(NamedTuple):
    """A connection, the thread that it is for, and of a file that is only read its stamp."""

    connection: sqlite3.Connection
    thread: threading.Thread
    stamp: tuple[int, ...] | None = None


class Database:
    """A file of SQLite's, with a connection for each thread that lives."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        self._door = threading.Lock()
        self._all: list[Opened] = []

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection."""
        opened: Opened | None = getattr(self._local, "opened", None)
        if opened is None or self._changed(opened):
            self._local.opened = opened = _connect(self.path)
            with self._door:
                self._close_ended()
                self._all.append(opened)
        return opened.connection

    @property
    def connections(self) -> int:
        """How many connections are open."""
        return len(self._all)

    def _changed(self, opened: Opened) -> bool:
        """Tell whether a file that was opened as one that nobody writes was written since."""
        if opened.stamp is None or opened.connection.in_transaction:
            return False
        return opened.stamp != _stamp(self.path)

    def _close_ended(self) -> None:
        """Close the connections of threads that have ended."""
        for opened in [one for one in self._all if not one.thread.is_alive()]:
            opened.connection.close()
            self._all.remove(opened)

    def close(self) -> None:
        """Close every thread's connection."""
        with self._door:
            for opened in self._all:
                opened.connection.close()
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
            raise no_space(error) from error
        if error.errno in _NO_ENTRY:
            raise ArchiveError(
                f"the archive cannot be used: {error}",
                "look whose folder it is, and whether it is one",
            ) from error
        raise


def no_space(what: object) -> ArchiveError:
    """Return the error that says that the disk is full."""
    return ArchiveError(f"no space is left for the archive: {what}", _FULL)


def _told(code: int, what: str) -> ArchiveError:
    if code == sqlite3.SQLITE_FULL:
        return no_space(what)
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return ArchiveBusy(f"another process holds it: {what}", "wait until it is done")
    if code == sqlite3.SQLITE_READONLY:
        return ArchiveError(f"the archive cannot be written: {what}", "look whose folder it is")
    if code in _NOT_HERE:
        return ArchiveError(f"the archive cannot be used: {what}", "look at its disk")
    return ArchiveDamaged(
        f"the catalogue is damaged: {what}", "restore it from a copy, or ingest again elsewhere"
    )


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
