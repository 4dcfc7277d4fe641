"""What people leave with an archive, in PostgreSQL beside its catalogue: the same for every host.

In a schema of its own, made when something is first kept, so that the catalogue's tables are the
same whichever engine keeps them. Nothing here waits for who writes to the catalogue.
"""

import contextlib
from collections.abc import Iterable, Iterator
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.archive.accepted import INCOMING, AcceptedFiles, FilesInDatabase
from ingest.archive.change_log import place_of
from ingest.archive.database import Connection
from ingest.archive.papers import DocumentChange, DocumentFile, Papers, SharedDocument
from ingest.archive.tallies import SharedTallies, Tallies

if TYPE_CHECKING:
    from ingest.archive.postgres import PostgresDatabase

_TABLES = ("documents", "records", "talks", "turns", "accepted", "accepted_bytes", "tallies")
_STEPS = (("turns", "papers.sql"), ("tallies", "papers_2.sql"))
"""What lays out the tables, step by step, each with the last table that it makes."""


class DocumentRow(SharedDocument):
    """A document that is a row.

    Until there is one, a file of that name in the archive's folder counts, as it stood there
    before keys and people were kept here; the first who looks takes it in, for all hosts.
    """

    def __init__(self, papers: "ServerPapers", name: str, older: DocumentFile) -> None:
        self._papers, self._older = papers, older
        self.name, self.place = name, papers.place

    def stamp(self) -> object:
        """Return which version it has."""
        version = self._version()
        if version is None and self._older.stamp() is not None:
            with self.changing() as change:
                change.text = change.text or self._older.read()
            version = self._version()
        return version

    def _version(self) -> object:
        found = self._papers.asked(
            "SELECT version FROM documents WHERE name = ? AND text IS NOT NULL", self.name
        )
        return found[0][0] if found else None

    def read(self) -> str:
        """Return the text."""
        found = self._papers.asked("SELECT text FROM documents WHERE name = ?", self.name)
        return str(found[0][0])

    @contextlib.contextmanager
    def changing(self) -> Iterator[DocumentChange]:
        """Hold its row for a block, and write it."""
        with self._papers.writing() as held:
            held.execute(
                "INSERT INTO documents VALUES (?, 0, NULL) ON CONFLICT DO NOTHING", (self.name,)
            )
            (text,) = held.execute(
                "SELECT text FROM documents WHERE name = ? FOR UPDATE", (self.name,)
            ).fetchone()
            if text is None and self._older.stamp() is not None:
                text = self._older.read()
            change = DocumentChange(text)
            yield change
            held.execute(
                "UPDATE documents SET text = ?, version = version + 1 WHERE name = ?",
                (change.text, self.name),
            )


class ServerPapers(Papers):
    """Papers in a schema of PostgreSQL's; `folder` is the archive's on this host."""

    def __init__(self, database: "PostgresDatabase", folder: Path) -> None:
        self._database = database
        self._folder = folder
        self._steps = 0
        self.place = database.address

    @cached_property
    def archive(self) -> str:
        """The archive's own id: hosts may reach it by other names, from other folders."""
        asked = self._database.connection.execute("SELECT value FROM meta WHERE key = 'id'")
        return str(asked.fetchone()[0])

    def document(self, name: str) -> DocumentRow:
        """Return one of the documents."""
        return DocumentRow(self, name, DocumentFile(self._folder / name))

    def records(self, whose: str | None = None) -> Iterator[tuple[str, str]]:
        """Yield the id of each record and whose it is."""
        if whose is None:
            rows = self.asked("SELECT id, whose FROM records")
        else:
            rows = self.asked("SELECT id, whose FROM records WHERE whose = ?", whose)
        yield from ((str(record_id), str(of)) for record_id, of in rows)

    def record(self, record_id: str, whose: str | None = None) -> bytes | None:
        """Return a record as it was kept: its id alone tells it from all others."""
        del whose
        found = self.asked("SELECT text FROM records WHERE id = ?", record_id)
        return str(found[0][0]).encode() if found else None

    def keep_record(self, record_id: str, whose: str, text: str) -> None:
        """Keep a record."""
        with self.writing() as held:
            held.execute("INSERT INTO records VALUES (?, ?, ?)", (record_id, whose, text))

    def drop_records(self, record_ids: Iterable[str]) -> None:
        """Delete the rows of records."""
        with self.writing() as held:
            held.executemany("DELETE FROM records WHERE id = ?", ((one,) for one in record_ids))

    def accepted(self, folder: Path) -> AcceptedFiles:
        """Return the files that any server accepted, and that are not read yet."""
        return FilesInDatabase(folder / INCOMING, self, place_of(folder))

    def tallies(self) -> Tallies:
        """Return what is counted by all who serve."""
        return SharedTallies(self)

    @contextlib.contextmanager
    def conversations(self) -> Iterator[Connection]:
        """Give the tables of conversations for one transaction."""
        with self.writing() as held:
            yield held

    @contextlib.contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give the tables, made where there are none, for a transaction that waits for nobody."""
        if self._laid_out() < len(_STEPS):
            self._lay_out()
        with self._database.beside():
            yield self._database.connection

    def asked(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        """Return the rows of a question; none where nothing was ever kept."""
        if not self._laid_out():
            return []
        found: list[tuple[object, ...]] = self._database.connection.execute(sql, values).fetchall()
        return found

    def tables(self) -> list[str]:
        """Return the tables that there are, by their whole names."""
        schema = self._database.papers_schema
        there = (table for table in _TABLES if self._database.has_table(schema, table))
        return [f'"{schema}"."{table}"' for table in there]

    def _laid_out(self) -> int:
        """Return how many of the steps were done."""
        schema = self._database.papers_schema
        while self._steps < len(_STEPS):
            if not self._database.has_table(schema, _STEPS[self._steps][0]):
                break
            self._steps += 1
        return self._steps

    def _lay_out(self) -> None:
        schema = self._database.papers_schema
        within = self._database.connection.in_transaction
        with contextlib.nullcontext() if within else self._database.transaction():
            left = _STEPS[self._laid_out() :]
            if not left:  # another process was quicker
                return
            run = self._database.connection.execute
            self._database.make_schema(schema)
            (path,) = run("SHOW search_path").fetchone()
            run("SELECT set_config('search_path', ?, true)", (schema,))
            for _, script in left:
                sql = files("ingest.archive").joinpath(script).read_text(encoding="utf-8")
                self._database.script(sql)
            run("SELECT set_config('search_path', ?, true)", (path,))
