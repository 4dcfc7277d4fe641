"""Files that were handed over: their bytes in the queue's own tables, until somebody reads them.

The bytes, and no path: any host may read them, nothing need be mounted, and what was handed over
is there whatever becomes of the file it came from.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ingest.archive.catalogue import Catalogue
from ingest.archive.job_queue import READ, JobQueue
from ingest.archive.ledger import handed_place

if TYPE_CHECKING:
    from ingest.archive.postgres import PostgresDatabase

_FILES, _BYTES = 100, 8_000_000
"""A parcel is so many files, or so many bytes: one job's worth. A longer file is one alone."""

_PART = 1_000_000
"""Bytes that are carried at once, of a file however long."""


class HandedFile(NamedTuple):
    """A file to hand over: where it is, its name as shown, and the files that go with it."""

    path: Path
    name: str
    pages: tuple[tuple[Path, str], ...] = ()


class Unpacked(NamedTuple):
    """A parcel as it is read: each file with its name as shown, and what stands for its bytes."""

    how: Mapping[str, Any]
    files: Sequence[tuple[Path, str]]
    digests: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchState:
    """How far a batch has come: its files, those that are done with, and what each parcel gave.

    `given_up` names the files of parcels that were tried often enough, with the reason.
    """

    files: int
    ended: int
    reports: tuple[Mapping[str, Any], ...] = ()
    progress: tuple[Mapping[str, int], ...] = ()
    given_up: tuple[tuple[str, str], ...] = ()
    troubles: tuple[str, ...] = ()

    @property
    def over(self) -> bool:
        """Whether nothing of it is still to be done."""
        return self.ended >= self.files


@dataclass(slots=True, kw_only=True)
class Parcels:
    """What was handed over to be read, in the queue of one archive."""

    catalogue: Catalogue
    queue: JobQueue
    _batch: str = field(default_factory=lambda: secrets.token_hex(8))

    @property
    def batch(self) -> str:
        """What all that is handed over by this is known by."""
        return self._batch

    @property
    def _database(self) -> "PostgresDatabase":
        from ingest.archive.postgres import PostgresDatabase

        assert isinstance(self.catalogue.database, PostgresDatabase)
        return self.catalogue.database

    # Handing over

    def known(self, name: str, digest: str, stamp_of: str) -> bool:
        """Tell whether a file was read already, as it is and as it is to be read, or waits."""
        ask = self.catalogue.connection.execute
        kept = ask("SELECT stamp FROM files WHERE path = ?", (handed_place(name),)).fetchone()
        if kept is not None and kept[0] == f"{digest} {stamp_of}":
            return True
        waits = ask(
            "SELECT 1 FROM parcel_files JOIN parcels USING (parcel)"
            " LEFT JOIN troubles t ON t.job = parcels.job AND t.again IS NULL"
            " WHERE name = ? AND digest = ? AND report IS NULL AND t.key IS NULL",
            (name, digest),
        )
        return waits.fetchone() is not None

    def hand_over(self, files: Sequence[HandedFile], how: Mapping[str, Any]) -> int:
        """Put one parcel into the queue, with the job that reads it: both, or neither.

        Returns its number. Raises OSError where a file cannot be read: nothing is kept then.
        """
        run = self.catalogue.connection.execute
        with self._database.beside():
            (parcel,) = run(
                "INSERT INTO parcels (batch, how, files) VALUES (?, ?, ?) RETURNING parcel",
                (self._batch, json.dumps(how), len(files)),
            ).fetchone()
            numbers = iter(range(sum(1 + len(one.pages) for one in files)))
            for one in files:
                main = next(numbers)
                self._keep(parcel, main, None, one.path, one.name)
                for page, name in one.pages:
                    self._keep(parcel, next(numbers), main, page, name)
            job = self.queue.put(READ, READ, 5, parcel=parcel)
            run("UPDATE parcels SET job = ? WHERE parcel = ?", (job, parcel))
        return int(parcel)

    def _keep(self, parcel: int, n: int, main: int | None, path: Path, name: str) -> None:
        run = self.catalogue.connection.execute
        hashed = hashlib.sha256()
        with path.open("rb") as file:
            for part, data in enumerate(iter(lambda: file.read(_PART), b"")):
                hashed.update(data)
                run("INSERT INTO parcel_bytes VALUES (?, ?, ?, ?)", (parcel, n, part, data))
        run(
            "INSERT INTO parcel_files VALUES (?, ?, ?, ?, ?)",
            (parcel, n, main, name, hashed.hexdigest()),
        )

    # Reading

    def begin(self, parcel: int, folder: Path) -> Unpacked | None:
        """Lay the files of a parcel into an empty folder; None where it was read already."""
        found = self.catalogue.connection.execute(
            "SELECT how FROM parcels WHERE parcel = ? AND report IS NULL", (parcel,)
        ).fetchone()
        if found is None:
            return None
        files: list[tuple[Path, str]] = []
        digests: dict[str, str] = {}
        rows = self.catalogue.connection.execute(
            "SELECT n, main, name, digest FROM parcel_files WHERE parcel = ? ORDER BY n", (parcel,)
        ).fetchall()
        for n, main, name, digest in rows:
            place = folder / str(n if main is None else main)
            path = (place / (name if main is not None else _plain(name))).resolve()
            if not path.is_relative_to(place.resolve()):
                continue  # it could only be written where it does not belong
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                for data in self._parts(parcel, n):
                    file.write(data)
            if main is None:
                files.append((path, name))
                digests[name] = digest
        return Unpacked(json.loads(found[0]), files, digests)

    def _parts(self, parcel: int, n: int) -> Iterator[bytes]:
        part = 0
        while found := self.catalogue.connection.execute(
            "SELECT bytes FROM parcel_bytes WHERE parcel = ? AND n = ? AND part = ?",
            (parcel, n, part),
        ).fetchone():
            yield bytes(found[0])
            part += 1

    def come(self, parcel: int, progress: Mapping[str, int]) -> None:
        """Note how far somebody has come with a parcel."""
        self.catalogue.connection.execute(
            "UPDATE parcels SET progress = ? WHERE parcel = ?", (json.dumps(progress), parcel)
        )

    def end(self, parcel: int, report: Mapping[str, Any]) -> None:
        """Note what a parcel gave, and let its bytes go."""
        with self._database.beside():
            run = self.catalogue.connection.execute
            run(
                "UPDATE parcels SET report = ?, read_at = now()"
                " WHERE parcel = ? AND report IS NULL",
                (json.dumps(report), parcel),
            )
            run("DELETE FROM parcel_bytes WHERE parcel = ?", (parcel,))

    def unread(self) -> list[int]:
        """Return the parcels whose bytes are still here, given up or not, the oldest first."""
        rows = self.catalogue.connection.execute(
            "SELECT parcel FROM parcels WHERE report IS NULL ORDER BY parcel"
        ).fetchall()
        return [int(parcel) for (parcel,) in rows]

    def drop_trouble(self, parcel: int) -> None:
        """Forget that a parcel did not work: it has ended."""
        self.catalogue.connection.execute(
            "DELETE FROM troubles WHERE job = (SELECT job FROM parcels WHERE parcel = ?)", (parcel,)
        )

    # Looking

    def named(self, parcel: int, most: int = 3) -> str:
        """Name the files of a parcel, the first of many."""
        rows = self.catalogue.connection.execute(
            "SELECT name FROM parcel_files WHERE parcel = ? AND main IS NULL ORDER BY n", (parcel,)
        ).fetchall()
        names = [str(name) for (name,) in rows]
        more = len(names) - most
        return ", ".join(names[:most]) + (f" and {more:,} more" if more > 0 else "")

    def state(self, batch: str) -> BatchState:
        """Return how far a batch has come."""
        rows = self.catalogue.connection.execute(
            "SELECT parcel, files, report, progress, t.why, t.key IS NOT NULL AND t.again IS NULL"
            " FROM parcels LEFT JOIN troubles t ON t.job = parcels.job"
            " WHERE batch = ? ORDER BY parcel",
            (batch,),
        ).fetchall()
        given_up = [(int(parcel), str(why)) for parcel, _, report, _, why, over in rows
                    if over and report is None]  # fmt: skip
        return BatchState(
            files=sum(int(files) for _, files, *_ in rows),
            ended=sum(int(files) for _, files, report, _, _, over in rows if report or over),
            reports=tuple(json.loads(report) for _, _, report, *_ in rows if report),
            progress=tuple(json.loads(p) for _, _, report, p, *_ in rows if p and not report),
            given_up=tuple((name, why) for parcel, why in given_up for name in self.names(parcel)),
            troubles=tuple(str(why) for *_, why, over in rows if why and not over),
        )

    def names(self, parcel: int) -> list[str]:
        """Return the names of a parcel's files."""
        rows = self.catalogue.connection.execute(
            "SELECT name FROM parcel_files WHERE parcel = ? AND main IS NULL ORDER BY n", (parcel,)
        )
        return [str(name) for (name,) in rows.fetchall()]

    def tidy(self) -> None:
        """Forget what was read more than a week ago, but not the articles."""
        self.catalogue.connection.execute(
            "DELETE FROM parcels WHERE read_at < now() - interval '7 days'"
        )


def parcelled(files: Iterable[HandedFile]) -> Iterator[list[HandedFile]]:
    """Yield files together, as many as one job reads."""
    parcel: list[HandedFile] = []
    names: set[str] = set()
    size = 0
    for one in files:
        own = sum(path.stat().st_size for path, _ in ((one.path, one.name), *one.pages))
        if parcel and (len(parcel) >= _FILES or size + own > _BYTES or one.name in names):
            yield parcel
            parcel, names, size = [], set(), 0
        parcel.append(one)
        names.add(one.name)
        size += own
    if parcel:
        yield parcel


def digest(path: Path) -> str:
    """Return what stands for the bytes of a file. Raises OSError where it cannot be read."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _plain(name: str) -> str:
    """Return a name for a file on the disk, which its own name need not be fit for."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return last if last not in {"", ".", ".."} else "file"


@contextmanager
def unpacked_in(folder: Path) -> Iterator[Path]:
    """Give an empty folder for a block, and leave nothing of it."""
    import shutil
    import tempfile

    folder.mkdir(parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(dir=folder))
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)
