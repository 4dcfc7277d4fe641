"""Folders to files, each with the name under which it is shown and stored."""

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Literal, NamedTuple
from urllib.parse import unquote

from ingest.errors import ReadError
from ingest.readers import RECORD_LIMIT
from ingest.readers.mets import pages_named

_MISSING = "see how it is spelt; a path is taken from the folder in which the command is given"

Given = Path | Literal["-"]

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


class FolderListing(NamedTuple):
    """What was found at a path that was given: each file, with its name as shown.

    `whole` says that everything in a folder could be looked at.
    """

    root: Given
    files: tuple[tuple[Given | ReadError, str], ...]
    whole: bool = True

    @property
    def names(self) -> set[str]:
        """The names of the files."""
        return {name for path, name in self.files if isinstance(path, Path)}


def listings(paths: Sequence[Given]) -> list[FolderListing]:
    """Look through the paths that were given, once, in their order."""
    return [_listing(path) for path in paths]


def files(paths: Sequence[Given]) -> Iterator[tuple[Given | ReadError, str]]:
    """Yield every file with its name as shown: relative to the folder that was given."""
    for path in paths:
        yield from _listing(path).files


def _listing(path: Given) -> FolderListing:
    if str(path) == "-":
        return FolderListing("-", (("-", "-"),))
    path = Path(path)
    if path.is_dir():
        return _folder(path)
    if path.exists():
        return FolderListing(path, ((path, shown(path.name)),))
    name = shown(path.as_posix())
    missing = ReadError(name, "", "there is no such file or folder", _MISSING)
    return FolderListing(path, ((missing, name),))


def _folder(root: Path) -> FolderListing:
    found: list[tuple[Given | ReadError, str]] = []
    whole = True
    for one in _walk(root, root):
        if isinstance(one, ReadError):
            found.append((one, one.file))
            whole = whole and (root / one.file).is_symlink()
        else:
            found.append((one, shown(one.relative_to(root).as_posix())))
    pages = {page for path, _ in found if isinstance(path, Path) for page in pages_of(path)}
    return FolderListing(root, tuple(one for one in found if one[0] not in pages), whole)


def pages_of(path: Path) -> Iterator[Path]:
    """Yield the files beside a METS file of which it makes articles: they are read with it."""
    if not names_pages(path.name):
        return
    with suppress(OSError), path.open("rb") as file:
        for name in pages_named(file.read(RECORD_LIMIT + 1)):
            if page := beside(path, name):
                yield page


def names_pages(name: str) -> bool:
    """Whether a file is called as METS files are: only such a one may look at what is beside."""
    return "mets" in name.lower() and name.lower().endswith(".xml")


def beside(path: Path, name: str) -> Path | None:
    """Return a file that stands in the folder of another or below, None where there is none."""
    try:
        found = path.parent / unquote(name)
        inside = found.resolve().is_relative_to(path.parent.resolve())
        return found if inside and found.is_file() else None
    except (OSError, ValueError):
        return None


def shown(name: str) -> str:
    """Return a name that can be printed and stored, whatever its bytes."""
    return _CONTROL.sub("\ufffd", os.fsencode(name).decode("utf-8", "replace"))


def hidden(name: str) -> bool:
    """Whether a file or a folder is one that systems keep for themselves."""
    return name.startswith(".") or name == "__MACOSX"


def _walk(folder: Path, root: Path) -> Iterator[Path | ReadError]:
    """Walk a folder in order, without hidden files; links that lead out of it are told."""
    try:
        entries = sorted(folder.iterdir(), key=lambda entry: entry.name)
    except OSError as error:
        yield _error(folder, root, f"it cannot be opened: {error.strerror}")
        return
    pages = {entry.stem for entry in entries if entry.suffix.lower() in {".html", ".htm"}}
    for entry in entries:
        if hidden(entry.name):
            continue
        if entry.is_symlink():
            yield from _linked(entry, root)
        elif entry.is_file():
            yield entry
        # the pictures and scripts that a browser lays beside a saved page are no articles
        elif entry.is_dir() and entry.name.removesuffix("_files") not in pages:
            yield from _walk(entry, root)


def _linked(entry: Path, root: Path) -> Iterator[Path | ReadError]:
    """Follow a link to a file within; a folder within is walked where it stands itself."""
    if not entry.exists():
        yield _error(entry, root, "it is a link to nothing, or to itself")
    elif not entry.resolve().is_relative_to(root.resolve()):
        yield _error(
            entry, root, "it is a link that leads out of the folder", "name its target too"
        )
    elif entry.is_file():
        yield entry


def _error(entry: Path, root: Path, why: str, hint: str | None = None) -> ReadError:
    return ReadError(shown(entry.relative_to(root).as_posix()), "", why, hint)
