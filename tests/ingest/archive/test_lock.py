"""One writer at a time, among real processes."""

import os
import resource
import signal
import threading
from pathlib import Path

import pytest

from ingest.archive import Archive, care
from ingest.archive.lock import LockHolder, WriterLock, written
from ingest.errors import ArchiveBusy, ServiceDown
from tests.ingest.archive.desk import opened
from tests.ingest.archive.dispatches import dispatch, dispatches, found, mark_of
from tests.ingest.archive.processes import alive, comes_true, desk

FILE_SIZE = resource.RLIMIT_FSIZE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of an archive of eight articles that nobody holds."""
    with opened(tmp_path / "archive") as archive:
        archive.put(dispatches(range(8)))
        archive.embed()
    return tmp_path / "archive"


def test_a_second_writer_is_told_who_is_writing(folder: Path) -> None:
    with desk("hold", folder) as other, opened(folder) as archive:
        assert other.hear() == "holding"
        with pytest.raises(ArchiveBusy, match=f"process {other.pid} is writing") as busy:
            archive.put([dispatch(9)])
        assert busy.value.pid == other.pid
        assert busy.value.hint


def test_a_lock_is_held_and_let_go_where_no_byte_can_be_written(tmp_path: Path) -> None:
    lock, (soft, hard) = WriterLock(tmp_path), resource.getrlimit(FILE_SIZE)
    resource.setrlimit(FILE_SIZE, (0, hard))  # as on a full disk
    try:
        with written(lock):
            assert lock.held
        free = lock.free()
    finally:
        resource.setrlimit(FILE_SIZE, (soft, hard))
    assert (free, lock.held, lock.owner()) == (True, False, None)


def test_a_writer_that_is_done_leaves_the_archive_to_the_next(folder: Path) -> None:
    with desk("hold", folder) as other, opened(folder) as archive:
        other.hear()
        assert other.finish() == 0
        assert [put.fate for put in archive.put([dispatch(9)])] == ["added"]


def test_a_killed_writer_leaves_the_archive_to_the_next(folder: Path) -> None:
    with desk("hold", folder) as other, opened(folder) as archive:
        other.hear()
        other.kill()
        assert [put.fate for put in archive.put([dispatch(9)])] == ["added"]


def test_reading_goes_on_while_another_process_writes(folder: Path) -> None:
    with desk("hold", folder) as other, opened(folder) as archive:
        other.hear()
        assert found(archive, mark_of(3)) == ["dispatch 3"]
        assert found(archive, mark_of(3), by="both")[0] == "dispatch 3"
        assert archive.status().articles == 8


def test_an_open_archive_that_does_not_write_leaves_another_process_to_write(folder: Path) -> None:
    with opened(folder) as idle:
        idle.put([dispatch(8)])
        idle.embed()
        with desk("put", folder, 20, 24) as other:
            assert other.hear() == "put 20 21 22 23"
            assert other.finish() == 0
        assert found(idle, mark_of(21)) == ["dispatch 21"]
        idle.put([dispatch(9)])
        idle.embed()
        assert bad(idle) == []


def test_a_server_keeps_the_archive_and_lets_others_read(folder: Path) -> None:
    with desk("serve", folder) as other, opened(folder) as archive:
        assert other.hear().startswith("serving ")
        with pytest.raises(ArchiveBusy) as busy:
            archive.embed()
        assert busy.value.pid == other.pid
        archive.meaning.exact = 0  # so that Chroma itself is asked
        assert found(archive, mark_of(3), by="both")[0] == "dispatch 3"


def test_a_server_that_ends_takes_chroma_with_it(folder: Path) -> None:
    with desk("serve", folder) as other:
        server = int(other.hear().split()[1])
        assert alive(server)
        assert other.finish() == 0
        assert not alive(server)


def test_the_chroma_of_a_killed_server_still_holds_the_archive(folder: Path) -> None:
    with desk("serve", folder) as other:
        server = int(other.hear().split()[1])
        other.kill()
        assert alive(server)
        assert not WriterLock(folder).free()
        with opened(folder) as archive:
            archive.put([dispatch(9)])
        assert comes_true(lambda: not alive(server))


def test_killing_only_the_parent_of_chroma_damages_nothing(folder: Path) -> None:
    with desk("serve", folder) as other:
        other.hear()
        other.kill()
    with opened(folder) as archive:
        archive.put(dispatches(range(8, 12)))
        archive.embed()
        assert bad(archive) == []
        assert found(archive, mark_of(3)) == ["dispatch 3"]
        assert found(archive, mark_of(11)) == ["dispatch 11"]


def kill_chroma(archive: Archive) -> None:
    owner = archive.lock.owner()
    assert owner is not None
    server = owner.server_pid
    assert server is not None
    if alive(server):
        os.kill(server, signal.SIGKILL)
    assert comes_true(lambda: not alive(server))


def test_a_chroma_that_is_killed_under_its_server_is_started_again(folder: Path) -> None:
    with opened(folder) as archive, archive.serving(at_once=True):
        archive.meaning.exact = 0
        for i in (20, 21):
            kill_chroma(archive)
            archive.put([dispatch(i)])
            archive.embed()
            assert found(archive, dispatch(i).text, by="meaning")[0] == f"dispatch {i}"
        assert bad(archive) == []


def test_a_chroma_that_ends_again_and_again_is_left_alone_and_meaning_is_found(
    folder: Path,
) -> None:
    with opened(folder) as archive, archive.serving(at_once=True):
        archive.meaning.exact = 0
        for _ in range(6):
            kill_chroma(archive)
            assert found(archive, dispatch(3).text, by="meaning")[0] == "dispatch 3"
        # One that is just dying may be asked once more, and does not answer.
        assert comes_true(lambda: "again and again" in why_down(archive))


def why_down(archive: Archive) -> str:
    try:
        archive.meaning.count("leads")
    except ServiceDown as error:
        return str(error)
    return ""


def test_a_note_that_a_dead_process_left_frightens_nobody(folder: Path) -> None:
    with opened(folder) as archive:
        with archive.writing():
            archive.lock.note(
                LockHolder(pid=2**22 + 1, server_pid=2**22 + 2, url="http://127.0.0.1:9")
            )
        (folder / "writer.lock").write_text('{"pid": 4194305, "server_pid": 4194306, "url": "x"}')
        assert found(archive, mark_of(3), by="both")[0] == "dispatch 3"
        assert [put.fate for put in archive.put([dispatch(9)])] == ["added"]


def test_a_note_that_is_no_note_is_overlooked(folder: Path) -> None:
    for left in ("", "{", "[]", "null", '{"pid": "x", "server_pid": "y", "url": 3}', "\x00" * 40):
        (folder / "writer.lock").write_text(left)
        with opened(folder) as archive:
            assert found(archive, mark_of(3), by="both")[0] == "dispatch 3"
            with archive.writing():
                assert not WriterLock(folder).free()


def test_threads_of_one_process_write_in_turn(archive: Archive) -> None:
    wrong: list[BaseException] = []

    def write(first: int) -> None:
        try:
            for i in range(first, first + 10, 2):
                archive.put(dispatches([i, i + 1]))
        except BaseException as error:  # noqa: BLE001 - whatever it is, the test shows it
            wrong.append(error)

    threads = [threading.Thread(target=write, args=(first,)) for first in (0, 10, 20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    archive.embed()
    assert wrong == []
    assert archive.status().articles == 30
    assert bad(archive) == []
    assert WriterLock(archive.folder).free()


def bad(archive: Archive) -> list[str]:
    """Return what the doctor finds wrong."""
    return [f"{check.name}: {check.found}" for check in care.doctor(archive) if not check.ok]
