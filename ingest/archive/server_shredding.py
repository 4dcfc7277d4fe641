"""What PostgreSQL still holds of rows that were deleted, let go of as far as this user may.

A deleted row stays in its table, its values in what the planner knows of the columns, and both in
the log of the server. Tables and statistics are written anew; then the log is gone on in, past
every file that may hold the row, and each is written over with zeros as it is passed.
"""

import re
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ingest.errors import ArchiveBusy

if TYPE_CHECKING:
    from ingest.archive.postgres import PostgresDatabase

_WAITING_SECONDS = 60.0
"""How long it is waited for others who read as of before the rows were deleted."""

_STATISTICS = "pg_catalog.pg_statistic"
_MAY_GO_ON = (
    "SELECT pg_has_role('pg_checkpoint', 'USAGE')"
    " AND has_function_privilege('pg_switch_wal()', 'EXECUTE')"
    " AND has_function_privilege('pg_ls_waldir()', 'EXECUTE')"
)
_MAY_TIDY = (
    "SELECT pg_has_role(datdba, 'USAGE') FROM pg_database WHERE datname = current_database()"
)
_KNOWN_OF_NOTHING = """
SELECT format('ALTER TABLE %1$I.%2$I ALTER COLUMN %3$I TYPE %4$s COLLATE %5$I',
              schemaname, tablename, s.attname, a.atttypid::regtype, l.collname)
FROM pg_stats s
JOIN pg_attribute a ON a.attrelid = format('%1$I.%2$I', schemaname, tablename)::regclass
    AND a.attname = s.attname
JOIN pg_collation l ON l.oid = a.attcollation
WHERE a.attrelid = ?::regclass AND NOT EXISTS (
    SELECT 1 FROM pg_depend
    WHERE refobjid = a.attrelid AND refobjsubid = a.attnum AND classid = 'pg_rewrite'::regclass)
"""
"""What has the planner forget the columns of words of a table, views on them left alone."""

_BUSY = (
    "the article is erased, but somebody reads as of before, and its rows stay in the database",
    "end whoever reads the archive or has it open in psql, and do the same again",
)


def shred(database: "PostgresDatabase", tables: Sequence[str]) -> str:
    """Leave nothing of deleted rows; return in words where the server may hold them still.

    Raises ArchiveBusy where others read as of before they were deleted: it is to be done again.
    """
    until = time.monotonic() + _WAITING_SECONDS
    try:
        for table in tables:
            _write_anew(database, table, until)
            _forget_columns(database, table)
        held = [*_of_the_planner(database, until), *_of_the_log(database)]
    except ArchiveBusy as error:
        raise ArchiveBusy(*_BUSY) from error
    return "of the PostgreSQL server, until its keeper lets them go: " + ", ".join(held)


def _asked(database: "PostgresDatabase", question: str) -> Any:
    return database.connection.execute(question).fetchone()[0]


def _write_anew(database: "PostgresDatabase", table: str, until: float) -> None:
    """Write a table into new files, without any row that was deleted.

    The server itself says how many it took along for those who still see them.
    """
    while True:
        with database.heard() as said:
            database.connection.execute(f"VACUUM (FULL, ANALYZE, VERBOSE) {table}")
        taken_along = [int(number[0]) for one in said if (number := re.search(r"\d+", one))]
        if not any(taken_along):
            return
        if time.monotonic() > until:
            raise ArchiveBusy(*_BUSY)
        time.sleep(0.5)


def _forget_columns(database: "PostgresDatabase", table: str) -> None:
    """Forget what is known of the columns of an empty table: ANALYZE leaves that as it was."""
    if _asked(database, f"SELECT NOT EXISTS (SELECT 1 FROM {table})"):  # noqa: S608
        for (change,) in database.connection.execute(_KNOWN_OF_NOTHING, (table,)).fetchall():
            database.connection.execute(change)


def _of_the_planner(database: "PostgresDatabase", until: float) -> list[str]:
    if not _asked(database, _MAY_TIDY):
        return ["what its planner knows of the columns (VACUUM FULL pg_statistic)"]
    _write_anew(database, _STATISTICS, until)
    return []


def _of_the_log(database: "PostgresDatabase") -> list[str]:
    """Pass every file of the log that may hold the rows, where this user may."""
    held: list[str] = []
    if not _asked(database, _MAY_GO_ON):
        held = ["its write-ahead log"]
    elif not _passed(database):
        held = ["its write-ahead log, which it keeps for a replica or an archive"]
    if _asked(database, "SELECT current_setting('archive_mode') != 'off'"):
        held.append("the archive of that log")
    if _asked(database, "SELECT EXISTS (SELECT 1 FROM pg_stat_replication)"):
        held.append("its replicas")
    return [*held, "its own log file and its backups"]


def _passed(database: "PostgresDatabase") -> bool:
    """Write over the log's files; tell whether the server lets all of them go.

    A file that is done with is deleted, or waits to be used again with what it holds: those that
    wait are passed one by one.
    """
    _next_file(database)
    first = _file(database)
    database.connection.execute("CHECKPOINT")
    files = database.connection.execute(
        "SELECT name FROM pg_ls_waldir() WHERE name ~ '^[0-9A-F]{24}$'"
    ).fetchall()
    names = [str(name) for (name,) in files]
    while _file(database) <= max(names):
        _next_file(database)
    return min(names) >= first


def _next_file(database: "PostgresDatabase") -> None:
    """Fill the file of the log with zeros to its end, and begin the next."""
    database.connection.execute("SELECT pg_logical_emit_message(false, 'morgue', '')")
    database.connection.execute("SELECT pg_switch_wal()")
    database.connection.execute("SELECT pg_logical_emit_message(false, 'morgue', '')")


def _file(database: "PostgresDatabase") -> str:
    return str(_asked(database, "SELECT pg_walfile_name(pg_current_wal_insert_lsn())"))
