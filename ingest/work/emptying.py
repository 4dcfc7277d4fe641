"""The bytes of files that wait in the queue let go: read at once, or forgotten and named."""

from collections.abc import Iterator
from functools import partial

from ingest import pipeline
from ingest.archive import Archive
from ingest.archive.erasure import ErasureReport, erase
from ingest.archive.parcels import Parcels, unpacked_in
from ingest.errors import MorgueError, ReadError
from ingest.pipeline import Defaults, Report
from ingest.work.kept_reports import as_kept


def erase_everywhere(archive: Archive, article_ids: list[str]) -> ErasureReport:
    """Erase articles, from the archive and from what waits to be read into it.

    What waits is read now, as a worker would: what else stands in a file with an erased article is
    not lost, and the erased is not taken in. What cannot be read goes unread, and is named.
    """
    return erase(archive, article_ids, empty=partial(_emptied, archive))


def _emptied(archive: Archive) -> list[str]:
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
        return pipeline.take_in(
            unpacked.files,
            archive,
            given=Defaults(**unpacked.how, workers=1),
            handed=unpacked.digests,
        )


def _unread(archive: Archive, names: list[str], why: str) -> Report:
    """Note files that went unread, for `morgue status --failed` and for who handed them over."""
    told = f"it waited while an article was erased, and could not be read: {why}"
    failed = tuple(ReadError(name, "", told, "hand it over again") for name in names)
    for error in failed:
        archive.catalogue.note_failed(error)
    return Report(failed=failed)
