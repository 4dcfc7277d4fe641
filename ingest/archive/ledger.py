"""Which files were read to their end before, so that they are not read again.

A file counts as the same while its size, its times and the way it is read are: who reads
everything at every run spends a newsroom's night on what has not changed.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from ingest import plugins
from ingest.archive.catalogue import Catalogue
from ingest.archive.filing import Prepared
from ingest.errors import LeftOut, ReadError

READING = "1"
"""Raised when the same file would give other articles, so that it is read again."""


class _Opened(NamedTuple):
    path: str
    stamp: str
    file: str


@dataclass(slots=True, kw_only=True)
class Ledger:
    """What is read in one ingest and what need not be.

    `how` says the way it is read; with `anew` everything is. `unchanged` counts the articles of
    files that need not be read, `failed` are the records of these that could not be. `ended`
    counts the files that are done with, these too. Of files that were `handed` over it is their
    bytes that tell whether they changed: what stands for them, by the file's name as shown.
    """

    catalogue: Catalogue
    how: str
    anew: bool = False
    handed: Mapping[str, str] = field(default_factory=dict)
    unchanged: int = 0
    ended: int = 0
    failed: list[ReadError] = field(default_factory=list)
    _open: deque[_Opened] = field(default_factory=deque)
    _begun: list[str] = field(default_factory=list)
    _counted: Counter[str] = field(default_factory=Counter)

    def wanted(self, path: Path, file: str) -> bool:
        """Tell whether a file must be read; of one that need not be, count what it gave."""
        try:
            place, looks = self._seen(path, file)
        except OSError:  # whoever reads it says why
            return True
        stamp = f"{looks} {self.how}"
        kept = self.catalogue.connection.execute(
            "SELECT stamp, articles FROM files WHERE path = ? AND file = ?", (place, file)
        ).fetchone()
        if self.anew or kept is None or kept[0] != stamp:
            self._open.append(_Opened(place, stamp, file))
            self._begun.append(file)
            return True
        self.unchanged += int(kept[1])
        self.ended += 1
        self.failed += self.catalogue.failures(file)
        return False

    def _seen(self, path: Path, file: str) -> tuple[str, str]:
        """Return under which place a file is noted, and what changes when it does."""
        if file in self.handed:
            return handed_place(file), self.handed[file]
        about = path.stat()
        return str(path.resolve()), f"{about.st_size} {about.st_mtime_ns} {about.st_ctime_ns}"

    def begun(self) -> list[str]:
        """Return the files that were begun since this was last asked."""
        begun, self._begun = self._begun, []
        return begun

    def put(self, batch: Sequence[Prepared | ReadError]) -> None:
        """Note what was kept of some articles and errors, and which files it was the end of."""
        ended: list[_Opened] = []
        for one in batch:
            file = one.article.file if isinstance(one, Prepared) else one.file
            if any(_within(file, opened.file) for opened in self._open):
                while not _within(file, self._open[0].file):
                    ended.append(self._open.popleft())
                self._counted[self._open[0].path] += isinstance(one, Prepared)
        self._note(ended)

    def close(self) -> None:
        """Note that everything was read to its end."""
        self._note(self._open)
        self._open.clear()

    def _note(self, ended: Iterable[_Opened]) -> None:
        rows = [(*opened, self._counted.pop(opened.path, 0)) for opened in ended]
        self.ended += len(rows)
        if rows:
            with self.catalogue.transaction():
                self.catalogue.connection.executemany(
                    "INSERT INTO files VALUES (?, ?, ?, ?) ON CONFLICT (path) DO UPDATE"
                    " SET stamp = excluded.stamp, file = excluded.file,"
                    " articles = excluded.articles",
                    rows,
                )


def handed_place(name: str) -> str:
    """Return the place under which a file is noted that was handed over, by its name as shown."""
    return f"handed over/{name}"


def failures(batch: Iterable[Prepared | ReadError]) -> list[ReadError]:
    """Return what could not be read, without what is no article."""
    return [one for one in batch if isinstance(one, ReadError) and not isinstance(one, LeftOut)]


def fingerprint(*how: object) -> str:
    """Return what stands for a way of reading: its options, this program and its readers."""
    said = repr((READING, version("morgue"), list(plugins.described("readers")), how))
    return blake2b(said.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


Wanted = Callable[[Path, str], bool]


def _within(file: str, whole: str) -> bool:
    return file == whole or file.startswith(f"{whole}!")
