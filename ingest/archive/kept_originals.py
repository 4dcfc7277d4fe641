"""Files that were dropped on a server, kept where the printed pages of an article are in them.

Each stands in a folder of its own within the archive's, and a note of each article says in which
its version stands: another version is not shown from it. What no article of the archive needs any
more goes, with its bytes when an article of it is erased.
"""

import json
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from uuid import uuid4

from ingest.article import Article

KEPT = "originals"
"""The folder, in an archive's own, in which they lie."""

_NOTE = re.compile(r"[0-9a-f]{16}\.json")
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class KeptOriginals:
    """The files of one archive, in a folder that is made with the first of them."""

    folder: Path

    def keep(self, file: Path, articles: Iterable[Article]) -> None:
        """Move a file here, as what some articles were read from, in place of an earlier one.

        Raises OSError where that cannot be done: then nothing is kept of it.
        """
        place = self.folder / uuid4().hex
        place.mkdir(mode=0o700, parents=True)
        try:
            shutil.move(file, place / file.name)
            for article in articles:
                self._note(article, f"{place.name}/{file.name}")
        except OSError:
            shutil.rmtree(place, ignore_errors=True)
            raise

    def of(self, article: Article) -> Path | None:
        """Return the file that this version of an article was read from, None if none is kept."""
        note = self.folder / f"{article.article_id}.json"
        version, file = _read(note) if _NOTE.fullmatch(note.name) else (0, None)
        if file is None or version != article.version:
            return None
        found = self.folder / file
        return found if found.is_file() and not found.is_symlink() else None

    @property
    def count(self) -> int:
        """How many files are kept."""
        if not self.folder.is_dir():
            return 0
        return sum(one.is_dir() and not one.is_symlink() for one in self.folder.iterdir())

    def copy_to(self, folder: Path) -> None:
        """Copy the files and their notes into another archive's folder of them.

        Raises OSError where that cannot be done: then a folder that it made is taken away again,
        and of one that was there already nothing is.
        """
        if not self.count:
            return
        there = folder.exists()
        try:
            shutil.copytree(self.folder, folder, symlinks=True, dirs_exist_ok=True)
        except OSError:
            if not there:
                shutil.rmtree(folder, ignore_errors=True)
            raise

    def sweep(self, alive: Callable[[str], bool], *, erased: bool = False) -> None:
        """Let the files go that no article needs which is still there, and their notes.

        Where one was `erased`, a file goes that it stands in whatever else does, and its bytes are
        written over.
        """
        if not self.folder.is_dir():
            return
        needed, gone = set[str](), set[str]()
        for note in self._notes():
            _, file = _read(note)
            place = str(file).partition("/")[0]
            if file is not None and alive(note.stem):
                needed.add(place)
            else:
                gone.add(place)
                note.unlink()
        for held in [one for one in self.folder.iterdir() if one.is_dir()]:
            if held.name not in needed or (erased and held.name in gone):
                _remove(held, over=erased)

    def _notes(self) -> Iterator[Path]:
        yield from [one for one in self.folder.iterdir() if _NOTE.fullmatch(one.name)]

    def _note(self, article: Article, file: str) -> None:
        note = self.folder / f"{article.article_id}.json"
        unfinished = note.with_suffix(".part")
        unfinished.write_text(json.dumps({"version": article.version, "file": file}), "utf-8")
        unfinished.chmod(0o600)
        unfinished.replace(note)


def _read(note: Path) -> tuple[int, str | None]:
    """Return which version a note is of and the file in its folder, None where it says neither."""
    try:
        said = json.loads(note.read_text("utf-8"))
        version, file = int(said["version"]), str(said["file"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0, None
    # A folder may come from a backup of somebody else's: what is read, and goes, is within it.
    parts = PurePosixPath(file).parts
    within = len(parts) == 2 and ".." not in parts and not file.startswith("/")
    return version, file if within else None


def _remove(place: Path, *, over: bool) -> None:
    """Delete the folder of a file, its bytes written over first where that is asked for."""
    for file in place.iterdir() if over else ():
        with suppress(OSError), file.open("r+b") as opened:
            for _ in range(0, file.stat().st_size, _CHUNK):
                opened.write(bytes(_CHUNK))
            opened.flush()
            os.fsync(opened.fileno())
    shutil.rmtree(place, ignore_errors=True)
