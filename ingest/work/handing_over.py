"""Files put into the queue, to be read by whichever host works."""

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest import pipeline
from ingest.archive.catalogue import Catalogue, database_of
from ingest.archive.default_folder import database_url
from ingest.archive.parcels import HandedFile, Parcels, digest, parcelled
from ingest.errors import ReadError, SettingsError
from ingest.files.walk import FolderListing, listings, pages_of, shown
from ingest.pipeline import Defaults, Progress
from ingest.settings import IngestSettings

_HOW = ("format", "mapping", "encoding", "ocr", "outlet", "collection", "language", "anew")


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """What was handed over: how many files in how many jobs, and what is known already."""

    batch: str
    files: int = 0
    parcels: int = 0
    unchanged: int = 0
    failed: tuple[ReadError, ...] = ()


@contextmanager
def opened(settings: IngestSettings) -> Iterator[Parcels]:
    """Open the archive that settings name and its queue, each made where there is none.

    Raises SettingsError where the archive is no database's.
    """
    url = database_url(settings)
    database = database_of(settings.archive, url)
    if url is None:
        database.make_job_queue()  # which says that there is none
    with closing(Catalogue(database, create=True)) as catalogue:
        yield Parcels(catalogue=catalogue, queue=database.make_job_queue())


def hand_over(
    paths: Sequence[str | Path],
    parcels: Parcels,
    given: Defaults,
    progress: Progress = lambda *_: None,
) -> HandedOver:
    """Put files and folders into the queue, a job for some hundred of them.

    What was read before as it is, or waits already, is left out. A job is there with the bytes it
    needs, or not at all: stopped at any moment, what was handed over is read, and the same again
    hands over the rest.
    """
    if any(str(path) == "-" for path in paths):
        raise SettingsError(
            "standard input cannot be handed over", "write it to a file, and name that"
        )
    list(pipeline.articles([], given))  # a wrong format or name is said here, not by a worker
    failed: list[ReadError] = []
    found = listings([Path(path) for path in paths])
    every = sum(len(one.files) for one in found)
    wanted = _Wanted(parcels, given, failed)
    files = jobs = 0
    for parcel in parcelled(wanted.of(found)):
        parcels.hand_over(parcel, {name: _plain(getattr(given, name)) for name in _HOW})
        files, jobs = files + len(parcel), jobs + 1
        progress("handed over", files, every)
    for error in failed:
        parcels.catalogue.note_failed(error)
    return HandedOver(
        batch=parcels.batch,
        files=files,
        parcels=jobs,
        unchanged=wanted.unchanged,
        failed=tuple(failed),
    )


def _plain(value: Any) -> Any:
    return dict(value) if hasattr(value, "items") else value


class _Wanted:
    """The files of some folders that are to be read; what cannot be opened is noted."""

    def __init__(self, parcels: Parcels, given: Defaults, failed: list[ReadError]) -> None:
        self._parcels, self._failed = parcels, failed
        self._way, self._anew = pipeline.way_of(given), given.anew
        self.unchanged = 0

    def of(self, found: Sequence[FolderListing]) -> Iterator[HandedFile]:
        for path, name in (file for one in found for file in one.files):
            if isinstance(path, ReadError):
                self._failed.append(path)
            elif isinstance(path, Path):
                yield from self._one(path, name)

    def _one(self, path: Path, name: str) -> Iterator[HandedFile]:
        try:
            stands_for = digest(path)
            pages = tuple((page, _beside(page, path)) for page in pages_of(path))
        except OSError as error:
            why = f"it cannot be opened: {error.strerror or error}"
            self._failed.append(ReadError(name, "", why))
            return
        if not self._anew and self._parcels.known(name, stands_for, self._way):
            self.unchanged += 1
        else:
            yield HandedFile(path, name, pages)


def _beside(page: Path, main: Path) -> str:
    return shown(page.resolve().relative_to(main.parent.resolve()).as_posix())
