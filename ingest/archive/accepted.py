"""Files that a server accepted and that are not read yet: kept until they are, over any stop.

In the folder of an archive they are read by whoever serves from it next. Where several serve from
one database they are there, bytes and all: each says how far the files have come that any of them
accepted, and reads those of one that is gone.
"""

import json
import shutil
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

if TYPE_CHECKING:
    from ingest.archive.server_papers import ServerPapers

INCOMING = "incoming"
"""The folder, in an archive's own, in which they lie."""

LOST_AFTER = 30.0
"""Seconds after which a server that was not heard of is taken for gone: another reads its files."""

_KEPT_AS = "job.json"
_PART = 1_000_000
"""Bytes that are carried at once, of a file however long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedFile:
    """A file on its way in: where it lies here, and how it is to be read, as JSON has it.

    `owner` and `key` are whose request it was and that request's own name; the same is one file.
    """

    id: str
    path: Path
    how: Mapping[str, Any]
    created_at: datetime
    owner: str = ""
    key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileStanding:
    """How far a file has come that another server reads, or that is over.

    `told` is what its reader said of it last, as JSON has it; `kept` whether its bytes are there.
    """

    file: AcceptedFile
    told: Mapping[str, Any]
    over: bool
    kept: bool


class AcceptedFiles(ABC):
    """The files that were accepted for one archive; `folder` is where they lie on this host."""

    shared = False
    """Whether other servers have files here too."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def place(self) -> Path:
        """Return a new folder for a file that comes in."""
        place = self.folder / uuid4().hex
        place.mkdir(mode=0o700, parents=True)
        return place

    @abstractmethod
    def keep(self, file: AcceptedFile) -> str:
        """Keep a file so that a stop does not lose it; return its id.

        It is another's where the same request of the same owner was accepted before.
        """

    @abstractmethod
    def left(self) -> list[AcceptedFile]:
        """Take up what was accepted here and is not read, and what others left; oldest first."""

    @abstractmethod
    def all(self) -> list[AcceptedFile]:
        """Return every file whose bytes are there, laid in the folder."""

    @abstractmethod
    def waiting(self) -> int:
        """Count the files that are still to be read."""

    @abstractmethod
    def let_go(self, file_id: str) -> None:
        """Delete the bytes of a file."""

    def drop(self, file_id: str) -> None:
        """Forget a file, whether it was read or not, and its bytes."""
        self.let_go(file_id)

    @abstractmethod
    def size(self, file_id: str) -> int:
        """Return how many bytes of a file there are."""

    @abstractmethod
    def tell(self, file_id: str, told: Mapping[str, Any], *, over: bool = False) -> None:
        """Tell other servers how far a file has come."""

    def forget(self, file_id: str) -> None:
        """Forget a file that is over, and its bytes."""
        self.let_go(file_id)

    @abstractmethod
    def set_aside(self, file_id: str) -> None:
        """Keep the bytes of a file that is over, to be read once more."""

    @abstractmethod
    def again(self, file: AcceptedFile) -> AcceptedFile | None:
        """Take up once more a file that was set aside, read as is now asked for; None if gone."""

    def standings(self, file_id: str | None = None) -> list[FileStanding]:
        """Return how the files stand that are not read here, or one of them."""
        del file_id
        return []

    def lost(self) -> list[AcceptedFile]:
        """Say that we are here, and take up what servers left that are gone."""
        return []

    @abstractmethod
    def release(self) -> None:
        """Leave to others, at once, what is not read."""


class FilesInFolder(AcceptedFiles):
    """Files in a folder beside the archive, each with how it is to be read beside it."""

    def keep(self, file: AcceptedFile) -> str:
        """Write down how a file is to be read, whole or not at all."""
        kept = {
            "file": file.path.name,
            "created_at": file.created_at.isoformat(),
            "order": file.how,
        }
        unfinished = file.path.with_name(f"{_KEPT_AS}.part")
        unfinished.write_text(json.dumps(kept), encoding="utf-8")
        unfinished.replace(file.path.with_name(_KEPT_AS))
        return file.id

    def left(self) -> list[AcceptedFile]:
        """Return what an earlier server left; what had not come whole is cleared away."""
        found: list[AcceptedFile] = []
        for place in sorted(self.folder.iterdir()) if self.folder.is_dir() else ():
            try:
                found.append(_read(place))
            except (OSError, ValueError, TypeError, KeyError):
                # Nobody was told that it had come.
                shutil.rmtree(place, ignore_errors=True)
        return sorted(found, key=lambda one: one.created_at)

    def all(self) -> list[AcceptedFile]:
        """Return every file."""
        return self.left()

    def waiting(self) -> int:
        """Count the files."""
        return len(self.left())

    def tell(self, file_id: str, told: Mapping[str, Any], *, over: bool = False) -> None:
        """Tell nobody: no other server has files here."""

    def set_aside(self, file_id: str) -> None:
        """Let it lie where it is."""

    def release(self) -> None:
        """Let all lie where they are."""

    def again(self, file: AcceptedFile) -> AcceptedFile | None:
        """Write down how it is to be read now."""
        if not file.path.is_file():
            return None
        self.keep(file)
        return file

    def let_go(self, file_id: str) -> None:
        """Delete the folder of a file."""
        shutil.rmtree(self.folder / file_id, ignore_errors=True)

    def size(self, file_id: str) -> int:
        """Return the size of what lies in its folder."""
        return sum(one.stat().st_size for one in (self.folder / file_id).glob("*"))


class FilesInDatabase(AcceptedFiles):
    """Files in a database that several serve from; what lies in the folder is a copy to read."""

    shared = True

    def __init__(self, folder: Path, papers: "ServerPapers", place: str) -> None:
        super().__init__(folder)
        self._papers = papers
        self._here = place

    def keep(self, file: AcceptedFile) -> str:
        """Put a file and its bytes into the tables, both or neither."""
        FilesInFolder(self.folder).keep(file)  # for a backup that is made on this host
        with self._papers.writing() as held:
            new = held.execute(
                "INSERT INTO accepted (id, place, owner, key, name, created_at, how)"
                " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id",
                (file.id, self._here, file.owner, file.key, file.path.name,
                 file.created_at.isoformat(), json.dumps(file.how)),
            ).fetchone()  # fmt: skip
            if new is None:
                (other,) = held.execute(
                    "SELECT id FROM accepted WHERE id = ? OR (owner = ? AND key = ?)",
                    (file.id, file.owner, file.key),
                ).fetchone()
                return str(other)
            with file.path.open("rb") as opened:
                for part, data in enumerate(iter(lambda: opened.read(_PART), b"")):
                    row = (file.id, part, data)
                    held.execute("INSERT INTO accepted_bytes VALUES (?, ?, ?)", row)
        return file.id

    def left(self) -> list[AcceptedFile]:
        """Take up what is ascribed to this place, and what others left.

        What was accepted before the archive was moved into a database is put there first.
        """
        for one in FilesInFolder(self.folder).left():
            if not self._papers.asked("SELECT 1 FROM accepted WHERE id = ?", one.id):
                self.keep(one)
            FilesInFolder(self.folder).let_go(one.id)
        return self._taken_up("place = ? OR heard < now() - make_interval(secs => ?)",
                              self._here, LOST_AFTER)  # fmt: skip

    def lost(self) -> list[AcceptedFile]:
        """Say that we are here, and take up what servers left that are gone."""
        with self._papers.writing() as held:
            held.execute(
                "UPDATE accepted SET heard = now() WHERE place = ? AND NOT over", (self._here,)
            )
        return self._taken_up("place <> ? AND heard < now() - make_interval(secs => ?)",
                              self._here, LOST_AFTER)  # fmt: skip

    def _taken_up(self, condition: str, *values: object) -> list[AcceptedFile]:
        with self._papers.writing() as held:
            rows = held.execute(
                "UPDATE accepted SET place = ?, heard = now() WHERE NOT over AND"  # noqa: S608
                f" ({condition}) RETURNING {_COLUMNS}",
                (self._here, *values),
            ).fetchall()
            found = [self._laid(row) for row in rows]
        return sorted(found, key=lambda one: one.created_at)

    def set_aside(self, file_id: str) -> None:
        """Delete the copy that lies here: the bytes are in the tables."""
        FilesInFolder(self.folder).let_go(file_id)

    def again(self, file: AcceptedFile) -> AcceptedFile | None:
        """Take up once more what is over on whichever host."""
        with self._papers.writing() as held:
            row = held.execute(
                "UPDATE accepted SET place = ?, heard = now(), how = ?, standing = NULL,"  # noqa: S608
                " over = FALSE WHERE id = ? AND over AND EXISTS"
                " (SELECT 1 FROM accepted_bytes b WHERE b.id = accepted.id)"
                f" RETURNING {_COLUMNS}",
                (self._here, json.dumps(file.how), file.id),
            ).fetchone()
            return None if row is None else self._laid(row)

    def all(self) -> list[AcceptedFile]:
        """Return every file whose bytes are in the tables, laid in the folder."""
        with self._papers.writing() as held:
            rows = held.execute(
                f"SELECT {_COLUMNS} FROM accepted WHERE EXISTS"  # noqa: S608
                " (SELECT 1 FROM accepted_bytes b WHERE b.id = accepted.id)"
            ).fetchall()
            return [self._laid(row) for row in rows]

    def waiting(self) -> int:
        """Count the files that no server is done with."""
        ((waiting,),) = self._papers.asked("SELECT count(*) FROM accepted WHERE NOT over") or [(0,)]
        return int(str(waiting))

    def _laid(self, row: Sequence[Any]) -> AcceptedFile:
        """Lay the bytes of a file into the folder."""
        file = self._file(row)
        file.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with file.path.open("wb") as opened:
            opened.writelines(self._parts(file.id))
        FilesInFolder(self.folder).keep(file)
        return file

    def _file(self, row: Sequence[Any]) -> AcceptedFile:
        file_id, name, how, created_at, owner, key = row
        return AcceptedFile(
            id=str(file_id),
            path=self.folder / str(file_id) / Path(str(name)).name,
            how=json.loads(how),
            created_at=datetime.fromisoformat(created_at),
            owner=str(owner),
            key=key,
        )

    def _parts(self, file_id: str) -> Iterator[bytes]:
        part = 0
        while found := self._papers.asked(
            "SELECT bytes FROM accepted_bytes WHERE id = ? AND part = ?", file_id, part
        ):
            data = found[0][0]
            assert isinstance(data, bytes)
            yield data
            part += 1

    def tell(self, file_id: str, told: Mapping[str, Any], *, over: bool = False) -> None:
        """Note how far a file has come, unless another has taken it up since."""
        with self._papers.writing() as held:
            held.execute(
                "UPDATE accepted SET standing = ?, over = ?, heard = now()"
                " WHERE id = ? AND place = ?",
                (json.dumps(told), over, file_id, self._here),
            )

    def standings(self, file_id: str | None = None) -> list[FileStanding]:
        """Return how files stand, on whichever host, as far as they told."""
        rows = self._papers.asked(
            f"SELECT standing, over, EXISTS (SELECT 1 FROM accepted_bytes b WHERE b.id ="  # noqa: S608
            f" accepted.id), {_COLUMNS} FROM accepted WHERE id = coalesce(?::text, id)"
            " ORDER BY created_at",
            file_id,
        )
        return [
            FileStanding(
                file=self._file(row), told=json.loads(str(standing)) if standing else {},
                over=bool(over), kept=bool(kept),
            )
            for standing, over, kept, *row in rows
        ]  # fmt: skip

    def let_go(self, file_id: str) -> None:
        """Delete the bytes of a file, and the copy of them here."""
        with self._papers.writing() as held:
            held.execute("DELETE FROM accepted_bytes WHERE id = ?", (file_id,))
        FilesInFolder(self.folder).let_go(file_id)

    def size(self, file_id: str) -> int:
        """Return the size of its parts."""
        ((size,),) = self._papers.asked(
            "SELECT coalesce(sum(length(bytes)), 0) FROM accepted_bytes WHERE id = ?", file_id
        ) or ((0,),)
        return int(str(size))

    def forget(self, file_id: str) -> None:
        """Delete the row of a file that is over, and with it its bytes."""
        with self._papers.writing() as held:
            held.execute("DELETE FROM accepted WHERE id = ? AND over", (file_id,))
        FilesInFolder(self.folder).let_go(file_id)

    def drop(self, file_id: str) -> None:
        """Delete the row of a file, and with it its bytes."""
        with self._papers.writing() as held:
            held.execute("DELETE FROM accepted WHERE id = ?", (file_id,))
        FilesInFolder(self.folder).let_go(file_id)

    def release(self) -> None:
        """Let others take up at once what is not read."""
        with self._papers.writing() as held:
            held.execute(
                "UPDATE accepted SET heard = 'epoch' WHERE place = ? AND NOT over", (self._here,)
            )


_COLUMNS = "id, name, how, created_at, owner, key"


def _read(place: Path) -> AcceptedFile:
    kept = json.loads((place / _KEPT_AS).read_text(encoding="utf-8"))
    name, how = str(kept["file"]), dict(kept["order"])
    # A folder may come from a backup of somebody else's: what is read, and goes, is within it.
    if Path(name).name != name or (place / name).is_symlink() or not (place / name).is_file():
        raise ValueError(f"{name!r} is no file of its own folder")
    return AcceptedFile(
        id=place.name,
        path=place / name,
        how=how,
        created_at=datetime.fromisoformat(kept["created_at"]),
        owner=how.get("owner") or "",
        key=how.get("key"),
    )
