"""An archive that may only be read is searched as any other; nothing of it is written."""

import contextlib
import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.archive import Archive
from ingest.errors import ArchiveError
from ingest.settings import IngestSettings
from tests.fakes import HashingEmbedder
from tests.ingest.archive.desk import opened
from tests.ingest.archive.dispatches import dispatch, dispatches, found, mark_of

BYS = ("words", "meaning", "both")


@contextlib.contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """Take the right to write a folder from this process, whoever runs it."""
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    user = os.geteuid()
    try:
        if user == 0:
            os.seteuid(65534)
        yield
    finally:
        if user == 0:
            os.seteuid(0)
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)


@pytest.fixture
def kept() -> Iterator[Path]:
    """Return a folder with an archive that was closed, where any user can reach it."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    with opened(folder / "archive") as archive:
        archive.put(dispatches(range(6)))
        archive.embed()
        archive.meaning.exact = 0
        assert found(archive, dispatch(2).text, by="both")[0] == "dispatch 2"
    yield folder / "archive"
    shutil.rmtree(folder)


def names(folder: Path) -> set[str]:
    return {path.as_posix() for path in folder.rglob("*")}


@pytest.mark.parametrize("lock", [True, False], ids=["a lock", "no lock"])
def test_what_may_only_be_read_is_searched_exactly(kept: Path, lock: bool) -> None:
    if not lock:
        (kept / "writer.lock").unlink()
    before = names(kept)
    with read_only(kept), opened_only(kept) as archive:
        archive.meaning.exact = 0
        for by in BYS:
            assert found(archive, dispatch(2).text, by=by)[0] == "dispatch 2"  # type: ignore[arg-type]
        assert archive.status().articles == 6
        with pytest.raises(ArchiveError, match=r"cannot be (used|written)"):
            archive.put([dispatch(9)])
    assert names(kept) == before


def test_what_somebody_else_writes_meanwhile_is_seen(kept: Path) -> None:
    with read_only(kept):
        archive = opened_only(kept)
        assert found(archive, mark_of(9)) == []
    with archive:
        with opened(kept) as writer:
            writer.put([dispatch(9)])
        with read_only(kept):
            assert found(archive, mark_of(9)) == ["dispatch 9"]


def opened_only(folder: Path) -> Archive:
    """Open an archive that is there, as every process of these tests does."""
    settings = IngestSettings(embedder="none")
    return Archive.open(folder, settings=settings, embedder=HashingEmbedder(64))


def test_the_connection_of_a_thread_that_has_ended_is_closed(archive: Archive) -> None:
    archive.put(dispatches(range(2)))
    for _ in range(20):
        reader = threading.Thread(target=archive.status)
        reader.start()
        reader.join()
    assert archive.catalogue.database.connections <= 2
