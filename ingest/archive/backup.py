"""An archive as one file, made while it is served and written, and made an archive again.

The catalogue is the only truth, and is copied as of one moment, from PostgreSQL too. The indexes
only follow: they are built anew where it is restored, from the texts and vectors that it holds.
"""

import json
import os
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import IO

from ingest.archive.archive import Archive
from ingest.archive.catalogue import Catalogue
from ingest.archive.encryption import decrypt, encrypt, is_encrypted
from ingest.archive.moving import carry
from ingest.archive.papers import DOCUMENTS
from ingest.archive.record import moment
from ingest.archive.sqlite import SqliteFile, ours
from ingest.errors import ArchiveDamaged, ArchiveError
from ingest.settings import IngestSettings

_CATALOGUE = "catalogue.sqlite"
_BESIDE = ("keys.json", "people.json", "audit.jsonl")
"""What of an archive is neither the catalogue nor made of it, each by its name in the folder."""
_FOLDERS = ("incoming", "originals")
"""The folders of files that were dropped: not read yet, and kept for their printed pages."""
_MANIFEST = "manifest.json"
_FORM = 1
_CHUNK = 1 << 20
_UNDERWAY = ".morgue-backup-"
_BROKEN = (
    zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, TypeError, RuntimeError,
)  # fmt: skip
"""What reading a file that is no whole backup may raise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackupReport:
    """What a backup holds: of which archive, as of which change, how many articles."""

    file: str
    archive: str
    change: int
    articles: int
    bytes: int
    made_at: str


@ours()
def backup(archive: Archive, file: Path, *, key: Path | None = None) -> BackupReport:
    """Write an archive to one file, as it is at one moment; whoever writes or serves goes on.

    With a file of keys it is encrypted for each of them, and nothing of it stands beside the
    file that is not. Raises ArchiveError where the file is there already: an earlier backup is
    not written over.
    """
    if file.exists():
        raise ArchiveError(f"{str(file)!r} is there already", "choose another name")
    beside = file.absolute().parent if key is None else archive.folder
    with tempfile.TemporaryDirectory(prefix=_UNDERWAY, dir=beside) as place:
        copy = Path(place) / _CATALOGUE
        articles, change = _copied(archive, copy)
        whole = Path(place) / "whole"
        made_at = moment(datetime.now(UTC))
        manifest = {
            "form": _FORM, "archive": archive.catalogue.id, "change": change,
            "articles": articles, "made_at": made_at, "files": {},
        }  # fmt: skip
        handle = os.open(whole, os.O_RDWR | os.O_CREAT, 0o600)  # its owner's affair alone
        with os.fdopen(handle, "w+b") as opened:
            files = {_CATALOGUE: copy, **dict(_beside(archive.folder))}
            _packed(opened, files | dict(_documents(archive, Path(place))), manifest)
            opened.flush()
            os.fsync(opened.fileno())
        if key is not None:
            whole = _encrypted(whole, file, key)
        size = whole.stat().st_size
        whole.replace(file)
    return BackupReport(
        file=str(file), archive=archive.catalogue.id, change=change, articles=articles,
        bytes=size, made_at=made_at,
    )  # fmt: skip


def _encrypted(whole: Path, file: Path, key: Path) -> Path:
    """Encrypt a backup beside where it will stand, on the disk before it is named."""
    handle, name = tempfile.mkstemp(prefix=_UNDERWAY, dir=file.absolute().parent)
    try:
        encrypt(whole, Path(name), key)
        os.fsync(handle)
    except BaseException:
        Path(name).unlink()
        raise
    finally:
        os.close(handle)
    return Path(name)


def _copied(archive: Archive, to: Path) -> tuple[int, int]:
    """Copy the catalogue as of one moment; return how many articles it holds, and its change."""
    if not archive.catalogue.database.copy_to(to):
        with closing(SqliteFile(to)) as file:
            carry(archive.catalogue, file)
    with closing(sqlite3.connect(to, isolation_level=None)) as copy:
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, with no log beside it
        (articles,) = copy.execute("SELECT count(*) FROM articles").fetchone()
        (change,) = copy.execute("SELECT value FROM meta WHERE key = 'change'").fetchone()
        return int(articles), int(change)


def _beside(folder: Path) -> Iterator[tuple[str, Path]]:
    """Yield the other files of an archive's folder, with their names in the backup."""
    for name in _BESIDE:
        if (folder / name).is_file():
            yield name, folder / name
    for held in _FOLDERS:
        for file in sorted((folder / held).rglob("*")):
            if file.is_file() and not file.is_symlink():
                yield file.relative_to(folder).as_posix(), file


def _documents(archive: Archive, place: Path) -> Iterator[tuple[str, Path]]:
    """Yield who may ask the archive, wherever that is kept, as files beside the copy."""
    for name in _BESIDE:
        if name in DOCUMENTS:
            kept = archive.papers.document(name)
            if kept.stamp() is not None:
                handle = os.open(place / name, os.O_WRONLY | os.O_CREAT, 0o600)
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    file.write(kept.read())
                yield name, place / name


def _packed(opened: IO[bytes], files: dict[str, Path], manifest: dict[str, object]) -> None:
    hashes: dict[str, str] = {}
    with zipfile.ZipFile(opened, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for name, file in files.items():
            with suppress(FileNotFoundError):  # what comes in is read and goes
                hashes[name] = _pack(packed, name, file)
        packed.writestr(_MANIFEST, json.dumps({**manifest, "files": hashes}, indent=1))


def _pack(packed: zipfile.ZipFile, name: str, file: Path) -> str:
    hashed = sha256()
    with file.open("rb") as source, packed.open(name, "w", force_zip64=True) as into:
        while chunk := source.read(_CHUNK):
            hashed.update(chunk)
            into.write(chunk)
    return hashed.hexdigest()


def restore(file: Path, settings: IngestSettings, *, key: Path | None = None) -> BackupReport:
    """Make an archive of a backup, in a folder where none is; build its indexes.

    Raises ArchiveError where the folder holds anything or the key does not open it,
    ArchiveDamaged where the file is not as it was written. Until all is there, nothing is at
    the place.
    """
    folder = settings.archive
    if settings.database is not None:
        raise ArchiveError(
            "a backup is restored into a folder, and MORGUE_DATABASE names a database",
            "restore it without that setting, then `morgue move --to` the database",
        )
    if folder.exists() and any(folder.iterdir()):
        raise ArchiveError(
            f"{str(folder)!r} holds something already", "restore into a folder of its own"
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(prefix=".morgue-restore-", dir=folder.absolute().parent))
    try:
        with ours(file), _readable(file, place, key) as whole:
            manifest = _unpacked(whole, place)
        _agrees(place, manifest)
        if folder.exists():
            folder.rmdir()
        place.replace(folder)
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    with Archive.open(settings=settings) as archive:
        archive.follow()
    return BackupReport(
        file=str(file),
        archive=str(manifest["archive"]),
        change=int(str(manifest["change"])),
        articles=int(str(manifest["articles"])),
        bytes=file.stat().st_size,
        made_at=str(manifest["made_at"]),
    )


@contextmanager
def _readable(file: Path, place: Path, key: Path | None) -> Iterator[Path]:
    """Give a backup as it was before it was encrypted, if it was."""
    if not is_encrypted(file):
        yield file
        return
    if key is None:
        raise ArchiveError(f"{str(file)!r} is encrypted", "name the file of its key with --key")
    whole = place / "whole"
    decrypt(file, whole, key)
    yield whole
    whole.unlink()


def _agrees(place: Path, manifest: dict[str, object]) -> None:
    with closing(Catalogue(place / _CATALOGUE)) as catalogue, ours(place):
        (articles,) = catalogue.connection.execute("SELECT count(*) FROM articles").fetchone()
        held = (catalogue.id, catalogue.change, articles)
    if held != (manifest["archive"], manifest["change"], manifest["articles"]):
        raise ArchiveDamaged("the backup holds another catalogue than it says", _ANOTHER)


_ANOTHER = "take another backup"


def _unpacked(file: Path, place: Path) -> dict[str, object]:
    try:
        with zipfile.ZipFile(file) as packed:
            manifest: dict[str, object] = json.loads(packed.read(_MANIFEST))
            files = manifest["files"]
            if manifest["form"] != _FORM or not isinstance(files, dict):
                raise ArchiveDamaged(
                    f"{str(file)!r} was made by another Morgue", "restore it with that one"
                )
            for name, hashed in files.items():
                _unpack(packed, str(name), str(hashed), place)
    except _BROKEN as error:
        raise ArchiveDamaged(f"{str(file)!r} is no whole backup: {error}", _ANOTHER) from error
    return manifest


def _unpack(packed: zipfile.ZipFile, name: str, hashed: str, place: Path) -> None:
    known = name in {_CATALOGUE, *_BESIDE} or name.startswith(tuple(f"{one}/" for one in _FOLDERS))
    to = place / name
    if not known or ".." in Path(name).parts:
        raise ArchiveDamaged(f"the backup holds {name!r}, which is of no archive", _ANOTHER)
    to.parent.mkdir(parents=True, exist_ok=True)
    found = sha256()
    with packed.open(name) as source, to.open("wb") as into:
        to.chmod(0o600 if name != _CATALOGUE else 0o644)
        while chunk := source.read(_CHUNK):
            found.update(chunk)
            into.write(chunk)
        into.flush()
        os.fsync(into.fileno())
    if found.hexdigest() != hashed:
        raise ArchiveDamaged(f"{name!r} is not in the backup as it was written", _ANOTHER)
