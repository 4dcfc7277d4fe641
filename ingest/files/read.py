"""Files, folders and standard input to raw articles, whatever their format."""

import io
import logging
import os
import re
import stat
import sys
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from ingest import plugins
from ingest.article import RawArticle
from ingest.errors import ReadError, SettingsError
from ingest.files.limits import Account, Bounds
from ingest.files.packed_issues import IssueStream
from ingest.files.unpack import HEAD, Readable, buffered, opened
from ingest.files.walk import Given, beside, files, names_pages
from ingest.readers import RECORD_LIMIT, Reader, ReaderInput
from ingest.readers.encoding import known
from ingest.readers.fields import check_mapping
from ingest.readers.nested_fields import check_lists
from ingest.readers.recognition import languages

_log = logging.getLogger(__name__)

_PACKED = re.compile(r"\.(?:gz|bz2|xz|zst)$", re.IGNORECASE)

Found = RawArticle | ReadError


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReading:
    """How files are read: `format` is a reader's name or "auto"; see ReaderInput."""

    format: str = "auto"
    mapping: Mapping[str, str] = field(default_factory=dict)
    encoding: str | None = None
    ocr: tuple[str, ...] = ()
    bounds: Bounds = field(default_factory=Bounds)


def read(  # noqa: PLR0913 - all that can be said of reading, by name
    paths: Sequence[Given],
    *,
    format: str = "auto",  # noqa: A002 - the word of the command line
    mapping: Mapping[str, str] | None = None,
    encoding: str | None = None,
    ocr: str | None = None,
    bounds: Bounds | None = None,
    apart: bool = False,
    found: Iterable[tuple[Given | ReadError, str]] | None = None,
    wanted: Callable[[Path, str], bool] = lambda *_: True,
) -> Iterator[Found]:
    """Read files, folders, and "-" for standard input; what is packed is walked into.

    Yields a ReadError for each record and each file that cannot be read, and goes on.
    `found` are the files, where the paths were looked through already.
    A file that is not `wanted`, by its path and the name it is shown by, is passed over.
    `ocr` names the languages in which the text of pictures is recognised ("eng+deu").
    `apart` reads in a process of its own, so that a reader that hangs or dies takes only its
    file with it. Raises SettingsError at once for an unknown format, field, encoding or language.
    """
    checked = check_mapping(mapping or {})
    check_lists(checked)
    how = FileReading(
        format=format,
        mapping=checked,
        encoding=encoding,
        ocr=languages(ocr),
        bounds=bounds or Bounds(),
    )
    if encoding:
        known(encoding)
    readers = readers_for(how)
    found = (
        (path, name)
        for path, name in (files(paths) if found is None else found)
        if not isinstance(path, Path) or wanted(path, name)
    )
    if apart:
        from ingest.files.subprocess_reader import read_apart

        return read_apart(found, how)
    return _read(found, readers, how)


def readers_for(how: FileReading) -> tuple[Reader, ...]:
    """Load the reader that is named, or all; raise SettingsError where there is none."""
    chosen = plugins.names("readers") if how.format == "auto" else (how.format,)
    if not chosen:
        raise SettingsError("no readers are installed", "install morgue: `pip install -e .`")
    return tuple(cast("Reader", plugins.load("readers", one)) for one in chosen)


def _read(
    found: Iterator[tuple[Given | ReadError, str]], readers: tuple[Reader, ...], how: FileReading
) -> Iterator[Found]:
    for path, shown in found:
        if isinstance(path, ReadError):
            yield path
            continue
        for name, stream in contents(path, shown, how.bounds):
            yield from articles_in(name, stream, readers, how, look=look_beside(path))


def contents(
    path: Given, shown: str, bounds: Bounds, alive: Callable[[], None] = lambda: None
) -> Iterator[tuple[str, io.BufferedReader | ReadError]]:
    """Yield what a file holds: itself, or what is packed in it; each is to be read at once.

    `alive` is called whenever something was read of the file.
    """
    account = Account(shown=shown, bounds=bounds)
    try:
        with _opened(path, account, alive) as stream:
            yield from opened(stream, shown, account, bounds.depth)
    except ReadError as error:
        yield shown, error
    except OSError as error:
        yield shown, ReadError(shown, "", f"it cannot be opened: {error.strerror or error}")


def articles_in(
    name: str,
    stream: io.BufferedReader | ReadError,
    readers: tuple[Reader, ...],
    how: FileReading,
    alive: Callable[[], None] = lambda: None,
    look: Callable[[str], bytes | None] = lambda _: None,
) -> Generator[Found, None, None]:
    """Yield the articles of one opened file; whatever its reader does wrong is a ReadError.

    `look` returns what a file beside it holds; see ReaderInput.
    """
    if isinstance(stream, ReadError):
        yield stream
        return
    reader = None
    try:
        reader = _choose(readers, stream, name, how)
        given = ReaderInput(
            file=name,
            stream=stream,
            encoding=how.encoding,
            mapping=how.mapping,
            ocr=how.ocr,
            alive=alive,
            beside=stream.look if isinstance(stream, IssueStream) else look,
        )
        yield from reader.read(given)
    except ReadError as error:
        yield error
    except Exception as error:  # noqa: BLE001 - a fault of a reader costs its file, not the run
        who = f"the reader {reader.name!r}" if reader else "a reader"
        _log.debug("%s failed at %r", who, name, exc_info=True)
        yield ReadError(name, "", f"{who} failed: {type(error).__name__}: {error}")


def look_beside(path: Given) -> Callable[[str], bytes | None]:
    """Return what looks at the files beside one on disk, where that may be done at all."""

    def look(name: str) -> bytes | None:
        found = beside(path, name) if isinstance(path, Path) and names_pages(path.name) else None
        if found is None:
            return None
        with found.open("rb") as file:
            data = file.read(RECORD_LIMIT + 1)
        return data if len(data) <= RECORD_LIMIT else None

    return look


def _choose(
    readers: tuple[Reader, ...], stream: io.BufferedReader, shown: str, how: FileReading
) -> Reader:
    head = stream.peek(HEAD)[:HEAD]
    if not head:
        raise ReadError(shown, "", "it is empty", "save or export it again, or leave it out")
    if how.format != "auto":
        return readers[0]
    named = shown[: found.start()] if (found := _PACKED.search(shown)) else shown
    sure = [reader.sniff(head, named) for reader in readers]
    if max(sure) <= 0:
        names = ", ".join(reader.name for reader in readers)
        raise ReadError(
            shown, "", "no reader knows its format", f"name it with `--format`; known: {names}"
        )
    return readers[sure.index(max(sure))]


@contextmanager
def _opened(
    path: Given, account: Account, alive: Callable[[], None]
) -> Iterator[io.BufferedReader]:
    def watch(count: int) -> None:
        account.given += count
        alive()

    if path == "-":
        yield buffered(cast("Readable", sys.stdin.buffer), account.shown, watch)
        return
    with _OnDisk(path, watch) as disk:
        about = os.fstat(disk.fileno())
        account.size = about.st_size
        if about.st_size > account.bounds.file:
            why = f"it is longer than {account.bounds.file:,} bytes"
            raise ReadError(account.shown, "", why, "split it")
        plain: io.BufferedReader[Any] = io.BufferedReader(disk, HEAD)
        # A pipe gives what it has; only a plain file fills the first look at it.
        yield plain if stat.S_ISREG(about.st_mode) else buffered(plain, account.shown)


class _OnDisk(io.FileIO):
    """A file that tells how many bytes were read of it."""

    def __init__(self, path: Path, watch: Callable[[int], None]) -> None:
        super().__init__(path)
        self._watch = watch

    def readinto(self, buffer: bytearray | memoryview) -> int | None:  # type: ignore[override]
        count = super().readinto(buffer)
        self._watch(count or 0)
        return count
