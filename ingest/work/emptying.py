"""The bytes of files that wait to be read let go: read at once, or forgotten and named."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from ingest import pipeline
from ingest.archive import Archive
from ingest.archive.erasure import ErasureReport, erase
from ingest.archive.parcels import Parcels, unpacked_in
from ingest.errors import MorgueError, ReadError
from ingest.pipeline import Defaults, Report
from ingest.work.kept_reports import as_kept


def erase_everywhere(archive: Archive, article_ids: list[str]) -> ErasureReport:
    """Erase articles, from the archive and from what waits to be read into it.

    What waits in the queue, and what a server accepted, is read now, as a worker would: what else
    stands in a file with an erased article is not lost, and the erased is not taken in. What cannot
    be read goes unread, and is named.
    """
    return erase(
        archive, article_ids, empty=lambda: [*_emptied_queue(archive), *_accepted(archive)]
    )


def _accepted(archive: Archive) -> Iterator[str]:
    """Read the files that a server accepted, and let them go; yield the names of the unread."""
    files = archive.papers.accepted(archive.folder)
    for file in files.all():
        name = str(file.how.get("name", file.path.name))
        how = {one: file.how.get(one) for one in _HOW}
        try:
            report = _taken_in(archive, [(file.path, file.path.name)], how, {})
            unread = bool(report.failed) and not report.read
        except (MorgueError, OSError) as error:
            _unread(archive, [name], str(error))
            unread = True
        files.drop(file.id)
        if unread:
            yield name


_HOW = ("format", "collection", "outlet", "ocr", "anew")
"""What of how a file was sent says how it is read."""


def _emptied_queue(archive: Archive) -> list[str]:
    queue = archive.catalogue.database.job_queue()
    if queue is None:
        return []
    parcels = Parcels(catalogue=archive.catalogue, queue=queue)
    return [name for parcel in parcels.unread() for name in _ended(archive, parcels, parcel)]


def _ended(archive: Archive, parcels: Parcels, parcel: int) -> Iterator[str]:
    """Read a parcel and let its bytes go; yield the names of what could not be read."""
    names: list[str] = []
    try:
        report = _read(archive, parcels, parcel)
    except (MorgueError, OSError) as error:
        names = parcels.names(parcel)
        report = _unread(archive, names, str(error))
    parcels.end(parcel, as_kept(report))
    parcels.drop_trouble(parcel)
    yield from names


def _read(archive: Archive, parcels: Parcels, parcel: int) -> Report:
    with unpacked_in(archive.folder / "handed") as folder:
        unpacked = parcels.begin(parcel, folder)
        if unpacked is None:  # a worker was quicker
            return Report()
        return _taken_in(archive, unpacked.files, unpacked.how, unpacked.digests)


def _taken_in(
    archive: Archive,
    files: Sequence[tuple[Path, str]],
    how: Mapping[str, Any],
    digests: Mapping[str, str],
) -> Report:
    return pipeline.take_in(files, archive, given=Defaults(**how, workers=1), handed=digests)


def _unread(archive: Archive, names: list[str], why: str) -> Report:
    """Note files that went unread, for `morgue status --failed` and for who handed them over."""
    told = f"it waited while an article was erased, and could not be read: {why}"
    failed = tuple(ReadError(name, "", told, "hand it over again") for name in names)
    for error in failed:
        archive.catalogue.note_failed(error)
    return Report(failed=failed)
