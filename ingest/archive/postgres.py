"""A catalogue in PostgreSQL: a schema of a database, and psycopg's errors made ours.

Everybody who writes takes one advisory lock for the length of a transaction, as SQLite has one
writer: what a transaction reads stays so until it ends, on whichever host it runs.
"""

import contextlib
import hashlib
import re
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cached_property, lru_cache
from pathlib import Path
from select import POLLIN, poll
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

import psycopg
from psycopg import errors, sql
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import TransactionStatus
from psycopg.types.string import TextLoader

from ingest.archive.database import Connection, Database, Opened
from ingest.archive.record import without_nul
from ingest.archive.sqlite import no_space
from ingest.errors import ArchiveBusy, ArchiveDamaged, ArchiveError, SettingsError

if TYPE_CHECKING:
    from ingest.archive.job_queue import JobQueue
    from ingest.archive.server_papers import ServerPapers

OLDEST = 150_000
"""The oldest server that is tried: PostgreSQL 15."""

_SCHEMA = "morgue"
_JOBS = "_jobs"
_PAPERS = "_papers"
_LONGEST_NAME = 63
_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_WAITING_MS = 60_000
"""How long a writer waits for another, as with SQLite."""

_ALIVE = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
"""Seconds of silence, seconds between asking, and how often it is asked, until each side takes a
host that vanished for gone: its turn to write is free within two minutes, not two hours."""

_AT_ONCE = 500
_LOOK = (
    "look whether PostgreSQL runs there and lets you in, and do the same again;"
    " what was acknowledged is kept"
)
_BUSY = (errors.LockNotAvailable, errors.DeadlockDetected, errors.SerializationFailure)
_DAMAGED = (errors.DataCorrupted, errors.IndexCorrupted)
_FORBIDDEN = (errors.InsufficientPrivilege, errors.ReadOnlySqlTransaction)


class ServerAddress(NamedTuple):
    """Where a catalogue is: what psycopg connects by, the schema, and how it may be named."""

    conninfo: str
    schema: str
    shown: str


def read_address(url: str, folder: Path) -> ServerAddress:
    """Read `postgresql://USER:PASSWORD@HOST/DATABASE?schema=NAME`.

    `{folder}` in the schema's name stands for the archive's folder, so that each archive has a
    schema of its own. Raises SettingsError, which never says what was given: it holds a password.
    """
    parts = _split(url)
    if parts is None or parts.scheme not in {"postgresql", "postgres"}:
        raise SettingsError(
            "MORGUE_DATABASE is no address of PostgreSQL",
            "write postgresql://USER:PASSWORD@HOST:PORT/DATABASE, what is no letter as %XX",
        )
    asked = parse_qsl(parts.query, keep_blank_values=True)
    named = [value for name, value in asked if name == "schema"] or [_SCHEMA]
    schema = named[-1].replace("{folder}", _named_for(folder))
    if not _NAME.fullmatch(schema):
        raise SettingsError(
            "MORGUE_DATABASE: a schema is named in small letters, digits and _", "rename it"
        )
    kept = urlencode([(name, value) for name, value in asked if name != "schema"])
    conninfo = urlunsplit(("postgresql", parts.netloc, parts.path, kept, ""))
    known = _known(conninfo)
    if known is None:
        raise SettingsError(
            "MORGUE_DATABASE asks for what PostgreSQL does not know",
            "after the ? may stand schema=NAME and what libpq knows, such as sslmode=require",
        )
    host, port = known.get("host") or "localhost", known.get("port")
    place = f"{host}:{port}" if port else host
    shown = f"postgresql://{place}/{known.get('dbname') or ''}?schema={schema}"
    return ServerAddress(conninfo, schema, shown)


def _split(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:  # whose words repeat what was given
        return None
    return parts


def _known(conninfo: str) -> dict[str, Any] | None:
    try:
        return dict(conninfo_to_dict(conninfo))
    except psycopg.Error:  # whose words repeat what was given
        return None


def _named_for(folder: Path) -> str:
    """Return a name for a folder, of what a schema's name may hold."""
    whole = str(folder.absolute())
    word = re.sub(r"[^a-z0-9]+", "_", folder.absolute().name.lower())[:40].strip("_")
    return f"{_SCHEMA}_{word}_{hashlib.sha256(whole.encode()).hexdigest()[:12]}"


class PostgresDatabase(Database):
    """A schema of a database of PostgreSQL's."""

    schemas: ClassVar[Mapping[int, str]] = {6: "postgres.sql", 7: "postgres_7.sql"}
    any_of = "= ANY(?)"
    in_hex = "encode({}, 'hex')"
    any_pair = (
        "IN (SELECT (value ->> 0)::bigint, (value ->> 1)::bigint FROM json_array_elements(?::json))"
    )
    greatest, least = "greatest", "least"
    apart = True
    kept_changes = 1_000

    def __init__(self, url: str, folder: Path) -> None:
        self._at = read_address(url, folder)
        super().__init__(self._at.shown)

    def _connect(self) -> Opened:
        with _ours(self.address):
            raw = psycopg.connect(
                self.conninfo,
                autocommit=True,
                **self.connecting(self._at.schema, self.job_schema, self.papers_schema),
            )
        if raw.info.server_version < OLDEST:
            raw.close()
            told = ArchiveError("the database is older than PostgreSQL 15", "use a newer one")
            raise told.detailed(self.address)
        raw.adapters.register_loader("json", TextLoader)  # a record is read where it is needed
        return Opened(ServerConnection(raw, self.address), threading.current_thread())

    @property
    def conninfo(self) -> str:
        """What psycopg connects by, with the password."""
        return self._at.conninfo

    @property
    def job_schema(self) -> str:
        """The schema beside the archive's in which work waits for workers."""
        return self._beside(_JOBS)

    @property
    def papers_schema(self) -> str:
        """The schema beside the archive's for what people leave with it."""
        return self._beside(_PAPERS)

    def _beside(self, what: str) -> str:
        named = self._at.schema
        if len(named) + len(what) <= _LONGEST_NAME:
            return named + what
        return f"{named[:40]}_{hashlib.sha256(named.encode()).hexdigest()[:12]}{what}"

    def connecting(self, *schemas: str) -> dict[str, Any]:
        """Return how a connection is made whose names are looked up in some schemas."""
        given = str(conninfo_to_dict(self.conninfo).get("options") or "")
        path = ",".join(schemas)
        on_server = "".join(f" -c tcp_{name}={value}" for name, value in _ALIVE.items())
        return {
            "connect_timeout": 10,
            "client_encoding": "utf8",
            "application_name": "morgue",
            "options": f"{given} -c search_path={path} -c lock_timeout={_WAITING_MS}{on_server}",
            **_ALIVE,
        }

    def told(self) -> AbstractContextManager[None]:
        """Make the errors of psycopg that a block raises ours."""
        return _ours(self.address)

    @contextlib.contextmanager
    def beside(self) -> Iterator[None]:
        """Make a block one transaction that waits for no other: no catalogue is written in it."""
        with _ours(self.address), self.raw.transaction():
            yield

    def script(self, statements: str) -> None:
        """Run many statements as they stand, within a transaction."""
        with _ours(self.address):
            self.raw.execute(statements.encode())

    def papers(self, folder: Path) -> "ServerPapers":
        """Return what people leave with the archive, in a schema beside it."""
        from ingest.archive.server_papers import ServerPapers

        return ServerPapers(self, folder)

    def job_queue(self) -> "JobQueue | None":
        """Return the queue of jobs beside the catalogue, None where nobody has made one."""
        return self._queue if self.has_table(self.job_schema, "laid_out") else None

    def make_job_queue(self) -> "JobQueue":
        """Return the queue of jobs beside the catalogue, made where there is none."""
        if not self._queue.laid_out():
            with self.transaction():
                self._queue.lay_out()
        return self._queue

    @cached_property
    def _queue(self) -> "JobQueue":
        from ingest.archive.job_queue import JobQueue

        return JobQueue(self)

    def _stale(self, opened: Opened) -> bool:
        """Tell whether the server has gone away since, so that nobody who asks is the first told.

        To a connection that rests a server sends nothing but its farewell.
        """
        assert isinstance(opened.connection, ServerConnection)
        raw = opened.connection.raw
        if raw.closed or opened.connection.in_transaction:
            return raw.closed
        try:
            resting = poll()
            resting.register(raw.fileno(), POLLIN)
            while resting.poll(0):
                raw.pgconn.consume_input()
        except psycopg.Error:
            raw.close()
        return raw.closed

    def _begin(self, connection: Connection) -> None:
        connection.execute("BEGIN ISOLATION LEVEL READ COMMITTED")
        try:
            connection.execute("SELECT pg_advisory_xact_lock(?)", (self._lock,))
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Let nobody on any host write for a block: they wait as for a transaction."""
        held = self.connection
        held.execute("SELECT pg_advisory_lock(?)", (self._lock,))
        try:
            yield
        finally:
            if held is self.connection:  # with a connection that went away the lock did
                held.execute("SELECT pg_advisory_unlock(?)", (self._lock,))

    @property
    def _lock(self) -> int:
        """The number of the lock that whoever writes to this schema holds."""
        named = hashlib.sha256(f"morgue {self._at.schema}".encode()).digest()
        return int.from_bytes(named[:8], "big", signed=True)

    def _begin_reading(self, connection: Connection) -> None:
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")

    def _commit(self, connection: Connection) -> None:
        assert isinstance(connection, ServerConnection)
        if connection.failed:  # PostgreSQL would answer COMMIT by rolling back
            raise ArchiveError("a statement of this change failed", "do the same again")
        connection.execute("COMMIT")

    def many(self, values: Iterable[object]) -> object:
        """Return values as a list, which psycopg makes an array."""
        return [_carried(value) for value in values]

    def exists(self) -> bool:
        """Tell whether there is a schema with the tables."""
        return self.is_laid_out()

    def is_laid_out(self) -> bool:
        """Tell whether the tables of a catalogue are there."""
        return self.has_table(self._at.schema, "meta")

    def make_schema(self, schema: str) -> None:
        """Make a schema where there is none, which takes a right that is not needed otherwise."""
        asked = self.connection.execute("SELECT 1 FROM pg_namespace WHERE nspname = ?", (schema,))
        if asked.fetchone() is None:
            self.connection.execute(f'CREATE SCHEMA "{schema}"')

    def has_table(self, schema: str, table: str) -> bool:
        """Tell whether a table is there at this moment.

        Looked up as a row: what `to_regclass` says may be of before another's lock was waited for.
        """
        asked = self.connection.execute(
            "SELECT 1 FROM pg_tables WHERE schemaname = ? AND tablename = ?", (schema, table)
        )
        return asked.fetchone() is not None

    def make_place(self) -> None:
        """Make the schema that the tables will stand in."""
        (encoding,) = self.connection.execute("SHOW server_encoding").fetchone()
        if encoding != "UTF8":
            raise ArchiveError(
                f"{self.address} keeps {encoding}, which cannot hold every text",
                "make the database with ENCODING 'UTF8'",
            )
        with self.transaction():
            self.make_schema(self._at.schema)

    def tables(self) -> dict[str, list[str]]:
        """Return the tables that are there, each with its columns in their order."""
        rows = self.connection.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = ? AND column_name != 'rowid'"
            " ORDER BY table_name, ordinal_position",
            (self._at.schema,),
        )
        found: dict[str, list[str]] = {}
        for table, column in rows.fetchall():
            found.setdefault(str(table), []).append(str(column))
        return found

    def rows(self, table: str, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
        """Yield every row of a table, some hundred at a time."""
        query = sql.SQL("SELECT {} FROM {}").format(_listed(columns), sql.Identifier(table))
        with _ours(self.address), self.raw.cursor(name=f"whole_{table}") as cursor:
            cursor.itersize = _AT_ONCE
            yield from cursor.execute(query)

    def fit(self, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
        """Yield rows without NUL, in their texts and in their records."""
        at = columns.index("record") if "record" in columns else None
        for row in rows:
            kept = list(map(_carried, row))
            if at is not None:
                kept[at] = without_nul(str(kept[at]))
            yield kept

    def fill(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Put many rows into a table that is empty, within a transaction."""
        query = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), _listed(columns))
        with _ours(self.address), self.raw.cursor() as cursor, cursor.copy(query) as copy:
            for row in rows:
                copy.write_row(row)

    @property
    def raw(self) -> "psycopg.Connection[tuple[Any, ...]]":
        """This thread's connection as psycopg knows it, for the library that keeps the queue."""
        connection = self.connection
        assert isinstance(connection, ServerConnection)
        return connection.raw

    def last_numbers(self) -> dict[str, int]:
        """Return the last number that each table gave to a row, which it never gives again."""
        ask = self.connection.execute
        numbers = {}
        for table, column in _NUMBERED.items():
            (name,) = ask("SELECT pg_get_serial_sequence(?, ?)", (table, column)).fetchone()
            last, given = ask(f"SELECT last_value, is_called FROM {name}").fetchone()  # noqa: S608
            numbers[table] = int(last) if given else 0
        return numbers

    def number_after(self, last: Mapping[str, int]) -> None:
        """Give rows numbers after those."""
        for table, number in last.items():
            if number:
                self.connection.execute(
                    "SELECT setval(pg_get_serial_sequence(?, ?), ?)",
                    (table, _NUMBERED[table], number),
                )

    def damage(self, *, thorough: bool = False) -> list[str]:
        """Return nothing: PostgreSQL looks at its files itself, by `pg_amcheck` and checksums."""
        return []

    @contextlib.contextmanager
    def heard(self) -> Iterator[list[str]]:
        """Give the details of what the server says in the course of a block, as it says them."""
        details: list[str] = []

        def hear(said: errors.Diagnostic) -> None:
            details.append(said.message_detail or "")

        raw = self.raw
        raw.add_notice_handler(hear)
        try:
            yield details
        finally:
            raw.remove_notice_handler(hear)

    @contextlib.contextmanager
    def shredding(self) -> Iterator[None]:
        """Write the tables anew after what is deleted in a block, and pass the server's log."""
        from ingest.archive.server_shredding import shred

        yield
        here = [f'"{self._at.schema}"."{table}"' for table in self.tables()]
        waiting = (
            ["parcels", "parcel_bytes", "parcel_files", "troubles"] if self.job_queue() else []
        )
        queued = [f'"{self.job_schema}"."{table}"' for table in waiting]
        self.leftovers = shred(self, [*here, *queued, *self.papers(Path()).tables()])


_NUMBERED = {
    "articles": "a", "passages": "p", "speakers": "v", "watches": "w", "alerts": "n",
    "deliveries": "d",
}  # fmt: skip
"""The tables that give numbers to their rows, and the columns that hold them."""


class ServerConnection:
    """A connection that takes statements as they are written for SQLite."""

    def __init__(self, raw: "psycopg.Connection[tuple[Any, ...]]", address: str) -> None:
        self.raw = raw
        self._address = address

    @property
    def closed(self) -> bool:
        """Whether nothing can be asked any more."""
        return self.raw.closed

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction was begun and has not ended."""
        status = self.raw.info.transaction_status
        return status not in {TransactionStatus.IDLE, TransactionStatus.UNKNOWN}

    @property
    def failed(self) -> bool:
        """Whether a statement of the present transaction failed."""
        return self.raw.info.transaction_status == TransactionStatus.INERROR

    def execute(self, statement: str, values: Sequence[Any] = (), /) -> Any:
        """Run one statement."""
        with _ours(self._address):
            return self.raw.execute(*_translated(statement, values))

    def executemany(self, statement: str, values: Iterable[Sequence[Any]], /) -> None:
        """Run one statement for each of some rows of values."""
        rows = [tuple(map(_carried, row)) for row in values]
        if rows:
            with _ours(self._address), self.raw.cursor() as cursor:
                cursor.executemany(translated(statement).encode(), rows)

    def close(self) -> None:
        """Let the connection go."""
        self.raw.close()


def _listed(columns: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, columns))


_PIECES = re.compile(r"'[^']*'|\"[^\"]*\"|\?\d*|%")


@lru_cache(maxsize=2_000)
def translated(statement: str) -> str:
    """Return a statement with psycopg's marks for values: `%s` for `?`, `%(p1)s` for `?1`."""

    def mark(piece: re.Match[str]) -> str:
        found = piece[0]
        if not found.startswith("?"):
            return found.replace("%", "%%")
        return f"%(p{found[1:]})s" if found[1:] else "%s"

    return _PIECES.sub(mark, statement).replace(" IN ()", " IN (NULL)")  # among none


def _translated(statement: str, values: Sequence[Any]) -> tuple[bytes, Any]:
    text, carried = translated(statement), tuple(map(_carried, values))
    if "%(p" in text:
        return text.encode(), {f"p{n}": value for n, value in enumerate(carried, 1)}
    return text.encode(), carried


def _carried(value: object) -> object:
    """Return a value as PostgreSQL can keep it: no NUL, and as many characters."""
    return value.replace("\0", "\ufffd") if isinstance(value, str) and "\0" in value else value


@contextlib.contextmanager
def _ours(address: str) -> Iterator[None]:
    """Make the errors of psycopg ours; a statement that is wrong is a bug, and stays one."""
    try:
        yield
    except psycopg.Error as error:
        told = told_as(error, address)
        if told is None:
            raise
        raise told from error


def told_as(error: psycopg.Error, address: str) -> ArchiveError | None:
    """Return what an error of psycopg means to whoever uses the archive; None of a bug."""
    what = f"{address}: {(str(error).strip() or type(error).__name__).splitlines()[0]}"
    if isinstance(error, errors.DiskFull):
        return no_space(what)
    if isinstance(error, _BUSY):
        return ArchiveBusy("another process holds it", "wait until it is done").detailed(what)
    if isinstance(error, _DAMAGED):
        return ArchiveDamaged("the catalogue is damaged", "restore it from a copy").detailed(what)
    if isinstance(error, _FORBIDDEN):
        told = ArchiveError("the archive cannot be used", "look what this user may do")
        return told.detailed(what)
    if isinstance(error, (psycopg.OperationalError, psycopg.InterfaceError)):
        return ArchiveError("the database cannot be used", _LOOK).detailed(what)
    return None
