"""Files, folders and standard input to raw articles, whatever their format."""

import gzip
import io
import os
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol, cast

from ingest import plugins
from ingest.article import RawArticle
from ingest.errors import ReadError, SettingsError
from ingest.readers import Reader, ReaderInput
from ingest.readers.encoding import known
from ingest.readers.fields import check_mapping

UNPACKED_LIMIT = 2 * 1024**3
"""Bytes that a packed file may unpack to."""

RATIO_LIMIT = 200
"""How often a packed file may hold its own size; text packs to a twentieth at the most."""

_RATIO_FROM = 64 * 1024**2  # what is smaller than this harms nobody, whatever its ratio
_HEAD = 65_536
_GZIP = b"\x1f\x8b"
Given = Path | Literal["-"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How files are read: `format` is a reader's name or "auto"; see ReaderInput."""

    format: str = "auto"
    mapping: Mapping[str, str] = field(default_factory=dict)
    encoding: str | None = None


def read(
    paths: Sequence[Given],
    *,
    format: str = "auto",  # noqa: A002 - the word of the command line
    mapping: Mapping[str, str] | None = None,
    encoding: str | None = None,
) -> Iterator[RawArticle | ReadError]:
    """Read files, folders, and "-" for standard input, packed with gzip or not.

    Yields a ReadError for each record and each file that cannot be read, and goes on.
    Raises SettingsError at once for an unknown format, field or encoding.
    """
    how = Reading(format=format, mapping=check_mapping(mapping or {}), encoding=encoding)
    if encoding:
        known(encoding)
    readers = _readers(format)
    return _read(paths, readers, how)


def _readers(name: str) -> tuple[Reader, ...]:
    chosen = plugins.names("readers") if name == "auto" else (name,)
    if not chosen:
        raise SettingsError("no readers are installed", "install morgue: `pip install -e .`")
    return tuple(cast("Reader", plugins.load("readers", one)) for one in chosen)


def _read(
    paths: Sequence[Given], readers: tuple[Reader, ...], how: Reading
) -> Iterator[RawArticle | ReadError]:
    for path, shown in _files(paths):
        if isinstance(path, ReadError):
            yield path
            continue
        try:
            with _opened(path, shown) as stream:
                reader = _choose(readers, stream, shown, how)
                yield from reader.read(
                    ReaderInput(
                        file=shown, stream=stream, encoding=how.encoding, mapping=how.mapping
                    )
                )
        except ReadError as error:
            yield error


def _choose(
    readers: tuple[Reader, ...], stream: io.BufferedReader, shown: str, how: Reading
) -> Reader:
    head = stream.peek(_HEAD)[:_HEAD]
    if not head:
        raise ReadError(shown, "", "it is empty")
    if how.format != "auto":
        return readers[0]
    surest = max(readers, key=lambda reader: reader.sniff(head, shown))
    if surest.sniff(head, shown) <= 0:
        names = ", ".join(reader.name for reader in readers)
        raise ReadError(
            shown, "", "no reader knows its format", f"name it with `--format`; known: {names}"
        )
    return surest


def _files(paths: Sequence[Given]) -> Iterator[tuple[Given | ReadError, str]]:
    """Yield every file with its name as shown: relative to the folder that was given."""
    for path in paths:
        if str(path) == "-":
            yield "-", "-"
        elif Path(path).is_dir():
            root = Path(path)
            for found in _walk(root, root):
                shown = "" if isinstance(found, ReadError) else _shown(found.relative_to(root))
                yield found, shown
        elif Path(path).exists():
            yield Path(path), _shown(Path(Path(path).name))
        else:
            shown = _shown(Path(path))
            yield ReadError(shown, "", "there is no such file or folder"), shown


def listed(folder: Path) -> set[str] | None:
    """Return the files of a folder by their names in it; None where it cannot be looked through."""
    found = list(_walk(folder, folder))
    if any(isinstance(one, ReadError) for one in found):
        return None
    return {_shown(one.relative_to(folder)) for one in found if isinstance(one, Path)}


def _shown(path: Path) -> str:
    """Return a name that can be printed and stored, whatever its bytes."""
    return os.fsencode(path.as_posix()).decode("utf-8", "replace")


def _walk(folder: Path, root: Path) -> Iterator[Path | ReadError]:
    """Walk a folder in order, without hidden files and links that lead out of it."""
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError as error:
        yield ReadError(_shown(folder), "", f"it cannot be opened: {error.strerror}")
        return
    pages = {entry.stem for entry in entries if entry.suffix.lower() in {".html", ".htm"}}
    for entry in entries:
        if entry.name.startswith(".") or _leaves(entry, root):
            continue
        if entry.is_file():
            yield entry
        # the pictures and scripts that a browser lays beside a saved page are no articles
        elif entry.is_dir() and entry.name.removesuffix("_files") not in pages:
            yield from _walk(entry, root)


def _leaves(entry: Path, root: Path) -> bool:
    """Whether a link leads out of the folder, or to a folder and so perhaps in a circle."""
    if not entry.is_symlink():
        return False
    return entry.is_dir() or not entry.resolve().is_relative_to(root.resolve())


@contextmanager
def _opened(path: Given, shown: str) -> Iterator[io.BufferedReader]:
    """Open a file, unpacked; what goes wrong with it from here on is a ReadError."""
    try:
        if path == "-":
            yield _unpacked(cast("_Readable", sys.stdin.buffer), shown)
        else:
            with Path(path).open("rb") as plain:
                yield _unpacked(plain, shown)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ReadError(shown, "", f"its packing is damaged: {error}") from error
    except OSError as error:
        raise ReadError(shown, "", f"it cannot be opened: {error.strerror or error}") from error


def _unpacked(plain: "_Readable", shown: str) -> io.BufferedReader:
    packed = _Filled(plain)
    stream = _buffered(packed)
    if not stream.peek(2).startswith(_GZIP):
        return stream

    def watch(given: int) -> None:
        bomb = given > _RATIO_FROM and given > RATIO_LIMIT * packed.given
        if bomb or given > UNPACKED_LIMIT:
            bound = f"{RATIO_LIMIT} times its size" if bomb else f"{UNPACKED_LIMIT:,} bytes"
            raise ReadError(shown, "", f"it unpacks to more than {bound}", "unpack it first")

    return _buffered(_Filled(gzip.GzipFile(fileobj=stream), watch))


def _buffered(raw: io.RawIOBase) -> io.BufferedReader:
    return io.BufferedReader(raw, _HEAD)


class _Readable(Protocol):
    def read1(self, size: int, /) -> bytes: ...


class _Filled(io.RawIOBase):
    """A stream that fills every buffer, so that a look at its start sees all of it.

    What was read before an error is given first, the error after it.
    """

    def __init__(self, stream: _Readable, watch: Callable[[int], None] | None = None) -> None:
        self._stream = stream
        self._watch = watch
        self._error: Exception | None = None
        self.given = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self._error:
            raise self._error
        filled = 0
        try:
            while filled < len(buffer) and (data := self._stream.read1(len(buffer) - filled)):
                buffer[filled : filled + len(data)] = data
                filled += len(data)
        except (EOFError, OSError, zlib.error) as error:
            self._error = error
            if not filled:
                raise
        self.given += filled
        if self._watch:
            self._watch(self.given)
        return filled
