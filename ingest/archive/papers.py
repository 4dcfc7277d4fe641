"""What people leave with an archive: keys, accounts, sessions, answers on record, conversations.

Of an archive that is a folder they are files: who may ask stands in it, what somebody asked in
their own data folder, since an archive may be read only, and is often shared, while what somebody
asks is theirs. Where the catalogue is in PostgreSQL they are there too (`server_papers`): every
host that serves from it knows the same people and has the same conversations.
"""

import contextlib
import fcntl
import os
import re
import sqlite3
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from ingest.archive.accepted import INCOMING, AcceptedFiles, FilesInFolder
from ingest.archive.database import Connection
from ingest.archive.tallies import OwnTallies, Tallies
from ingest.errors import ArchiveError
from ingest.places import data_dir

DOCUMENTS = ("keys.json", "people.json", "sessions.json", "alerts_seen.json")
"""The documents that there may be."""

_OWN = {"alerts_seen.json"}
"""Those that are somebody's own, as conversations are."""

_RECORD = re.compile(r"(?P<id>\d{8}T\d{12}-[0-9a-f]{8})(?:~(?P<whose>[0-9a-f]{8}))?\.json")
"""A record's file: its id, and whose it is; older ones did not say."""

_SCHEMA = """
CREATE TABLE talks (
    id TEXT PRIMARY KEY, archive TEXT NOT NULL, asker TEXT NOT NULL, title TEXT NOT NULL,
    began TEXT NOT NULL, touched TEXT NOT NULL, deleted TEXT, shared_by TEXT
);
CREATE INDEX talks_of ON talks (archive, asker, touched);
CREATE TABLE turns (
    talk TEXT NOT NULL REFERENCES talks (id) ON DELETE CASCADE, n INTEGER NOT NULL,
    question TEXT NOT NULL, asked TEXT NOT NULL, record TEXT,
    PRIMARY KEY (talk, n)
) WITHOUT ROWID;
PRAGMA user_version = 2;
"""

_SINCE_1 = """
ALTER TABLE talks ADD COLUMN shared_by TEXT;
PRAGMA user_version = 2;
"""

_STEPS = {0: _SCHEMA, 1: _SINCE_1}
"""What makes of a file of conversations of a version one of this version."""


def whose_is(archive: str, asker: str | None) -> str:
    """Return what stands for an archive and the key that asked it."""
    return sha256(f"{archive}\0{asker or ''}".encode()).hexdigest()[:8]


@dataclass(slots=True)
class DocumentChange:
    """A document as one finds it who may change it, None where there is none; and as it is left."""

    text: str | None


class SharedDocument(ABC):
    """A text that several processes read and change, for its owner alone: whole at every moment."""

    name: str
    place: str
    """Where it is kept, as messages say it."""

    @abstractmethod
    def stamp(self) -> object:
        """Return what is another with each change; None where there is no such document."""

    @abstractmethod
    def read(self) -> str:
        """Return the text of a document that is there."""

    @abstractmethod
    def changing(self) -> AbstractContextManager[DocumentChange]:
        """Give it to one who changes it at a time, and keep what they leave.

        Raises OSError or ArchiveError where it cannot be kept.
        """


class Papers(ABC):
    """What people leave with one archive; `archive` is what that is called among it."""

    @property
    @abstractmethod
    def archive(self) -> str:
        """What the archive is called in records and conversations."""

    @abstractmethod
    def document(self, name: str) -> SharedDocument:
        """Return one of the documents, whether it is there or not."""

    @abstractmethod
    def records(self, whose: str | None = None) -> Iterator[tuple[str, str]]:
        """Yield the id of each record and whose it is, in any order; or somebody's alone."""

    @abstractmethod
    def record(self, record_id: str, whose: str | None = None) -> bytes | None:
        """Return a record as it was kept; None where there is none.

        Whose it is, as `records` tells it, saves looking for it.
        """

    @abstractmethod
    def keep_record(self, record_id: str, whose: str, text: str) -> None:
        """Keep a record, whole or not at all. Raises OSError or ArchiveError."""

    @abstractmethod
    def drop_records(self, record_ids: Iterable[str]) -> None:
        """Forget records, those that are there."""

    @abstractmethod
    def conversations(self) -> AbstractContextManager[Connection]:
        """Give the tables of conversations for one change or look, whole or not at all.

        Raises OSError or ArchiveError.
        """

    def accepted(self, folder: Path) -> AcceptedFiles:
        """Return the files that were accepted for the archive of a folder and are not read yet."""
        return FilesInFolder(folder / INCOMING)

    def tallies(self) -> Tallies:
        """Return what is counted of whoever asks: one process's own where no others serve."""
        return OwnTallies()

    def forget(self, article_ids: Sequence[str]) -> int:
        """Forget every record that names one of these articles; return how many."""
        wanted = [article_id.encode() for article_id in article_ids]
        named = [
            record_id
            for record_id, whose in list(self.records())
            if (text := self.record(record_id, whose)) and any(one in text for one in wanted)
        ]
        self.drop_records(named)
        return len(named)


class DocumentFile(SharedDocument):
    """A document that is a file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name, self.place = path.name, str(path)

    def stamp(self) -> tuple[int, int, int] | None:
        """Return when it was written, its size and which file it is."""
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino

    def read(self) -> str:
        """Return the text. Raises OSError."""
        return self.path.read_text(encoding="utf-8")

    @contextlib.contextmanager
    def changing(self) -> Iterator[DocumentChange]:
        """Lock the file beside it, and write it anew."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.with_suffix(".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            change = DocumentChange(self.read() if self.path.exists() else None)
            yield change
            if change.text is not None:
                self._write(change.text)

    def _write(self, text: str) -> None:
        # What mkstemp makes is readable by its owner only.
        handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.stem}-")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(self.path)


class FolderPapers(Papers):
    """Papers in files: documents in an archive's folder, the rest beside somebody's records."""

    def __init__(self, folder: Path | None = None, records: Path | None = None) -> None:
        self.folder = folder
        self._records = records

    @property
    def own(self) -> Path:
        """The folder of records, somebody's own."""
        return self._records or data_dir() / "records"

    @property
    def archive(self) -> str:
        """The archive's folder."""
        return str((self.folder or Path()).resolve())

    @property
    def talks(self) -> Path:
        """The file of conversations."""
        return self.own.parent / "talks.sqlite"

    def document(self, name: str) -> DocumentFile:
        """Return one of the documents."""
        if name in _OWN or self.folder is None:
            return DocumentFile(self.own.parent / name)
        return DocumentFile(self.folder / name)

    def records(self, whose: str | None = None) -> Iterator[tuple[str, str]]:
        """Yield the id of each record and whose it is."""
        for name in self._names():
            if whose in {None, name["whose"] or ""}:
                yield name["id"], name["whose"] or ""

    def _names(self) -> Iterator[re.Match[str]]:
        """Yield the name of each record's file, taken apart."""
        with contextlib.suppress(FileNotFoundError):
            names = (entry.name for entry in os.scandir(self.own))
            yield from filter(None, map(_RECORD.fullmatch, names))

    def record(self, record_id: str, whose: str | None = None) -> bytes | None:
        """Return a record as it was kept."""
        with contextlib.suppress(FileNotFoundError):
            return self._file(record_id, whose).read_bytes()
        return None

    def keep_record(self, record_id: str, whose: str, text: str) -> None:
        """Write a record: not forced to the disk, which takes longer than many an answer."""
        self.own.mkdir(parents=True, exist_ok=True, mode=0o700)
        unfinished = self.own / f"{record_id}.part"
        # A question is its reader's own affair.
        opened = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(opened, "w", encoding="utf-8") as file:
            file.write(text)
        unfinished.replace(self.own / f"{record_id}~{whose}.json")

    def drop_records(self, record_ids: Iterable[str]) -> None:
        """Delete the files of records, found in one look at the folder."""
        wanted = set(record_ids)
        for name in self._names():
            if name["id"] in wanted:
                (self.own / name.string).unlink(missing_ok=True)

    def _file(self, record_id: str, whose: str | None) -> Path:
        """Return where a record is, or would be."""
        older = self.own / f"{record_id}.json"
        if whose is None:
            return next(self.own.glob(f"{record_id}~*.json"), older)
        return self.own / f"{record_id}~{whose}.json" if whose else older

    @contextlib.contextmanager
    def conversations(self) -> Iterator[Connection]:
        """Open the file of conversations, made or brought to this version where need be."""
        try:
            self.talks.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            # What somebody asks is their own affair.
            os.close(os.open(self.talks, os.O_RDWR | os.O_CREAT, 0o600))
            with contextlib.closing(sqlite3.connect(self.talks, timeout=10)) as held, held:
                held.execute("PRAGMA foreign_keys = ON")
                held.execute("BEGIN IMMEDIATE")
                (version,) = held.execute("PRAGMA user_version").fetchone()
                for statement in filter(str.strip, _STEPS.get(version, "").split(";")):
                    held.execute(statement)
                yield held
        except sqlite3.Error as error:
            told = ArchiveError(
                "the conversations cannot be used",
                "see that their file can be written; answers are given all the same",
            )
            raise told.detailed(f"{self.talks}: {error}") from error
