"""Folders to files, each with the name under which it is shown and stored."""

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from ingest.errors import ReadError

Given = Path | Literal["-"]

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def files(paths: Sequence[Given]) -> Iterator[tuple[Given | ReadError, str]]:
    """Yield every file with its name as shown: relative to the folder that was given."""
    for path in paths:
        if str(path) == "-":
            yield "-", "-"
        elif Path(path).is_dir():
            root = Path(path)
            for found in _walk(root, root):
                if isinstance(found, ReadError):
                    yield found, found.file
                else:
                    yield found, shown(found.relative_to(root).as_posix())
        elif Path(path).exists():
            yield Path(path), shown(Path(path).name)
        else:
            name = shown(Path(path).as_posix())
            yield ReadError(name, "", "there is no such file or folder"), name


def listed(folder: Path) -> set[str] | None:
    """Return the files of a folder by their names in it; None where it cannot be looked through."""
    names: set[str] = set()
    for found in _walk(folder, folder):
        if isinstance(found, Path):
            names.add(shown(found.relative_to(folder).as_posix()))
        elif not (folder / found.file).is_symlink():
            return None
    return names


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
