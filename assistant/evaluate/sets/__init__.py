"""Data sets by name. A set is one small file, found by the entry point `morgue.sets`.

It offers `rows(data)`, what is measured, and `articles(data)`, the records of the archive that its
questions are put to (None where its rows are claims or answers). `data` is a folder laid out as
the sets' own files say; what lies in it is read, never copied into the package.
"""

import gzip
import hashlib
import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol, cast

from assistant.evaluate.rows import Row
from ingest import plugins
from ingest.archive import Archive
from ingest.errors import MorgueError, ReadError, SettingsError
from ingest.pipeline import ingest
from ingest.places import cache_dir
from ingest.settings import IngestSettings

Record = Mapping[str, Any]


class DataSet(Protocol):
    """A data set."""

    def rows(self, data: Path) -> Iterable[Row | ReadError]:
        """Yield the rows to measure, and what cannot be read as one."""

    def articles(self, data: Path) -> Iterable[Record] | None:
        """Yield the records of its archive, as JSON lines of articles have them."""


def load(name: str) -> DataSet:
    """Return a data set by its name. Raises SettingsError where it is unknown."""
    return cast("DataSet", plugins.load("sets", name))


def rows(name: str, data: Path) -> list[Row | ReadError]:
    """Return the rows of a data set. Raises ReadError where its files are not there."""
    return list(load(name).rows(data))


def archive(
    name: str,
    data: Path,
    say: Callable[[str], None],
    progress: Callable[[str, int, int], None],
) -> IngestSettings:
    """Read a data set's archive once, and return the settings that open it.

    It is kept in the user's cache under a hash of its records. It is searched by words; to
    search it by meaning too, run `morgue embed --archive` on the folder that is named.
    """
    records = load(name).articles(data)
    if records is None:
        raise SettingsError(f"the data set {name!r} has no archive to put questions to")
    lines = [json.dumps(record, ensure_ascii=False).encode() + b"\n" for record in records]
    key = hashlib.sha256(b"".join(lines)).hexdigest()[:16]
    folder = cache_dir() / "eval" / f"{name}-{key}"
    settings = IngestSettings(archive=folder)
    whole = folder / "whole"
    if not whole.exists():
        say(f"reading the archive of {name} into {folder}, once")
        file = folder / "articles.jsonl"
        folder.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"".join(lines))
        with Archive.open(create=True, settings=settings) as shelf:
            ingest([file], shelf, embed=False, progress=progress)
        whole.touch()
    return settings


def each(file: Path, rows_of: Callable[[Any], Iterable[Row]]) -> Iterator[Row | ReadError]:
    """Yield the rows that are made of each record of a file, and go on after one that is none.

    Raises ReadError where the file as a whole cannot be read.
    """
    for number, line in _numbered(file):
        try:
            found: list[Row | ReadError] = [*rows_of(_record(line, file, number))]
        except ReadError as error:
            found = [error]
        except MorgueError as error:
            found = [ReadError(file.name, f"line {number}", error.message, error.hint)]
        except KeyError as error:
            found = [ReadError(file.name, f"line {number}", f"it has no {error}")]
        except (AttributeError, IndexError, TypeError, ValueError) as error:
            found = [ReadError(file.name, f"line {number}", f"it is no row of this set: {error}")]
        yield from found


def lines(file: Path) -> Iterator[Any]:
    """Yield the records of a file of JSON lines, gzipped or not. Raises ReadError."""
    return (_record(line, file, number) for number, line in _numbered(file))


def _numbered(file: Path) -> Iterator[tuple[int, bytes]]:
    packed = file.with_name(file.name + ".gz")
    found = packed if not file.exists() and packed.exists() else file
    try:
        with gzip.open(found) if found.suffix == ".gz" else found.open("rb") as given:
            for number, line in enumerate(given, 1):
                if line.strip():
                    yield number, line
    except (OSError, EOFError, zlib.error) as error:
        raise ReadError(
            str(found), "", "the data set's file is not there", "see --data DIR"
        ) from error


def _record(line: bytes, file: Path, number: int) -> Any:
    try:
        return json.loads(line)
    except ValueError as error:
        raise ReadError(file.name, f"line {number}", f"it is not JSON: {error}") from error
