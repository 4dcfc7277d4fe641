"""What a catalogue asks of the engine that keeps it: connections, transactions, what differs.

The catalogue's SQL is written so that SQLite and PostgreSQL understand it alike; the few words in
which they do not stand here by name. Nothing outside knows which of the two it is.
"""

import contextlib
import threading
import weakref
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Protocol

from ingest.errors import SettingsError

if TYPE_CHECKING:
    from ingest.archive.job_queue import JobQueue
    from ingest.archive.papers import Papers


class Rows(Protocol):
    """What a statement gave."""

    @property
    def rowcount(self) -> int:
        """How many rows were changed."""
        ...

    def fetchone(self) -> Any:
        """Return the next row, None where there is none."""
        ...

    def fetchall(self) -> list[Any]:
        """Return every row that is left."""
        ...

    def __iter__(self) -> Iterator[Any]: ...


class Connection(Protocol):
    """A connection of one thread; values stand in a statement as `?`, or as `?1`, `?2`."""

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction was begun and has not ended."""
        ...

    def execute(self, sql: str, values: Sequence[Any] = ..., /) -> Rows:
        """Run one statement."""
        ...

    def executemany(self, sql: str, values: Iterable[Sequence[Any]], /) -> object:
        """Run one statement for each of some rows of values."""
        ...

    def close(self) -> None:
        """Let the connection go."""
        ...


class Opened(NamedTuple):
    """A connection, the thread that it is for, and of a file that is only read its stamp."""

    connection: Connection
    thread: threading.Thread
    stamp: tuple[int, ...] | None = None


class Database(ABC):
    """Where a catalogue is kept, with a connection for each thread that lives."""

    schemas: ClassVar[Mapping[int, str]]
    """The files of SQL that make the tables, by the number of the schema that each leads to."""
    any_of: ClassVar[str]
    """The condition that something is one of the values that `many` made one."""
    any_pair: ClassVar[str]
    """The same of two, of the pairs that are written as JSON."""
    in_hex: ClassVar[str]
    """The expression for bytes as hexadecimal digits, in small letters, with a place for them."""
    greatest: ClassVar[str]
    least: ClassVar[str]
    """The functions that choose among their arguments, none of which is NULL."""
    apart: ClassVar[bool]
    """Whether a server keeps it, for which whoever asks it waits."""
    kept_changes: ClassVar[int]
    """Changes that stay in the log although every index has passed them: labels follow too."""

    leftovers = ""
    """What held deleted rows still when some were last shredded, in words; empty where nothing."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._local = threading.local()
        self._door = threading.Lock()
        self._all: list[Opened] = []
        # A thread may open one after `close`; whoever lets the database go lets go of that too.
        weakref.finalize(self, _let_go, self._all)

    @property
    def connection(self) -> Connection:
        """This thread's connection."""
        opened: Opened | None = getattr(self._local, "opened", None)
        if opened is None or self._stale(opened):
            self._local.opened = opened = self._connect()
            with self._door:
                self._close_ended()
                self._all.append(opened)
        return opened.connection

    @property
    def connections(self) -> int:
        """How many connections are open."""
        return len(self._all)

    def _close_ended(self) -> None:
        """Close the connections of threads that have ended."""
        for opened in [one for one in self._all if not one.thread.is_alive()]:
            opened.connection.close()
            self._all.remove(opened)

    def close(self) -> None:
        """Close every thread's connection."""
        with self._door:
            _let_go(self._all)
        self._local = threading.local()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[None]:
        """Make everything written in a block one transaction: whole, or not at all.

        Whoever else writes waits for its end.
        """
        connection = self.connection
        self._begin(connection)
        try:
            yield
            self._commit(connection)
        except BaseException:
            if connection.in_transaction:  # an engine itself rolls back when a disk is full
                connection.execute("ROLLBACK")
            raise

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[None]:
        """Let everything read in a block be of one moment, whatever is written meanwhile."""
        connection = self.connection
        if connection.in_transaction:
            yield
            return
        self._begin_reading(connection)
        try:
            yield
        finally:
            self._end_reading(connection)

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Let nobody else write for a block, in any of its transactions.

        Where one folder has it, the lock of that does; raises ArchiveBusy where others write on.
        """
        yield

    @abstractmethod
    def _connect(self) -> Opened:
        """Open a connection for this thread."""

    @abstractmethod
    def _stale(self, opened: Opened) -> bool:
        """Tell whether a connection must be opened anew before it is used."""

    @abstractmethod
    def _begin(self, connection: Connection) -> None:
        """Begin a transaction that writes, after every other that does."""

    @abstractmethod
    def _begin_reading(self, connection: Connection) -> None:
        """Begin a transaction that reads as of one moment."""

    def _end_reading(self, connection: Connection) -> None:
        if connection.in_transaction:
            connection.execute("COMMIT")

    def _commit(self, connection: Connection) -> None:
        connection.execute("COMMIT")

    @abstractmethod
    def many(self, values: Iterable[object]) -> object:
        """Return the one value that `any_of` takes for some numbers or words."""

    def gathered(
        self, columns: Sequence[str], where: str, values: Sequence[Any] = ()
    ) -> list[Sequence[Any]]:
        """Return rows in whatever order they come: `columns`, none of bytes, `FROM ... WHERE`."""
        found = self.connection.execute(f"SELECT {', '.join(columns)} {where}", values)
        return found.fetchall()

    @abstractmethod
    def exists(self) -> bool:
        """Tell whether there is a place for a catalogue: its file, its database."""

    @abstractmethod
    def is_laid_out(self) -> bool:
        """Tell whether the tables of a catalogue are there."""

    @abstractmethod
    def make_place(self) -> None:
        """Make the place that the tables will stand in."""

    @abstractmethod
    def tables(self) -> dict[str, list[str]]:
        """Return the tables that are there, each with its columns in their order."""

    @abstractmethod
    def rows(self, table: str, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """Yield every row of a table, however large, within a snapshot or a transaction."""

    @abstractmethod
    def fill(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Put many rows into a table that is empty, within a transaction."""

    def fit(self, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
        """Yield rows as they can be kept here."""
        del columns
        yield from rows

    @abstractmethod
    def last_numbers(self) -> dict[str, int]:
        """Return the last number that each table gave to a row, which it never gives again."""

    @abstractmethod
    def number_after(self, last: Mapping[str, int]) -> None:
        """Give rows numbers after those, within the transaction that filled the tables."""

    @abstractmethod
    def damage(self, *, thorough: bool = False) -> list[str]:
        """Return what the engine itself finds wrong with what it keeps."""

    def copy_to(self, file: Path) -> bool:
        """Copy all of it into a new file of SQLite's, if the engine itself can; tell whether."""
        return False

    def papers(self, folder: Path) -> "Papers":
        """Return what people leave with the archive in a folder: files, unless the engine can."""
        from ingest.archive.papers import FolderPapers

        return FolderPapers(folder)

    def job_queue(self) -> "JobQueue | None":
        """Return the queue of jobs beside the catalogue; None where there is none."""
        return None

    def make_job_queue(self) -> "JobQueue":
        """Return the queue of jobs beside the catalogue, made where there is none.

        Raises SettingsError where the engine keeps none.
        """
        raise SettingsError(
            "work is handed to other processes through PostgreSQL, and this archive is a file",
            "read it here, without --queue; or `morgue move --to postgresql://...`,"
            " and set MORGUE_DATABASE",
        )

    @abstractmethod
    def shredding(self) -> AbstractContextManager[None]:
        """Leave nothing of what is deleted in a block where the engine keeps its tables.

        Raises ArchiveBusy where something of it stays because others read.
        """


def _let_go(opened: list[Opened]) -> None:
    for one in opened:
        one.connection.close()
    opened.clear()
