"""Files on their way into the archive: over a stop of the server, and when something fails."""

import asyncio
import json
import logging
import threading
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path

import pytest

from assistant.doors.api.intake import taken_down
from assistant.doors.api.jobs import MOST_WAITING as MOST_FILES
from assistant.doors.api.jobs import IngestJob, IngestOrder, Jobs
from assistant.doors.api.pace import AT_ONCE, MOST_WAITING, Pace
from assistant.doors.api.problems import RequestRefused
from ingest.archive.accepted import FilesInFolder
from ingest.errors import ArchiveError, ReadError, ServiceDown
from ingest.pipeline import Defaults, Progress, Report


class Reading:
    """Reads files: notes what it was given, and waits at its batches for a gate."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.gate, self.begun = threading.Event(), threading.Event()
        self.read: list[tuple[str, str | None]] = []
        self.failure = failure

    def __call__(self, file: Path, given: Defaults, progress: Progress) -> Report:
        """Read a file."""
        self.begun.set()
        self.gate.wait(20)
        progress("articles", 1, 0)
        if self.failure:
            raise self.failure
        self.read.append((file.read_text(), given.outlet))
        return Report(read=1)


def send(jobs: Jobs, text: str, key: str | None = None, owner: str | None = None) -> IngestJob:
    file = jobs.place() / "body"
    file.write_text(text)
    order = IngestOrder(asked=text, name="x", outlet=f"of {text}", owner=owner, key=key)
    return jobs.begin(file, order)[0]


def over(jobs: Jobs) -> None:
    """Wait until nothing is on its way."""
    for _ in range(1000):
        if not jobs.busy:
            return
        threading.Event().wait(0.01)
    raise AssertionError("the jobs do not end")


def test_what_was_accepted_is_read_by_the_next_server_and_leaves_nothing(tmp_path: Path) -> None:
    first, second = Reading(), Reading()
    jobs = Jobs(first, FilesInFolder(tmp_path / "incoming"))
    sent = [send(jobs, text, key=text, owner="a") for text in ("one", "two", "three")]
    assert first.begun.wait(10)
    half = jobs.place() / "body"  # it was coming when the server ended
    half.write_text("ha")
    closing = threading.Thread(target=jobs.close)
    closing.start()
    first.gate.set()
    closing.join(10)
    assert first.read == []
    next_jobs = Jobs(second, FilesInFolder(tmp_path / "incoming"))
    second.gate.set()
    next_jobs.resume()
    again = [next_jobs.get(job.id) for job in sent]
    same = send(next_jobs, "one", key="one", owner="a")
    over(next_jobs)
    assert second.read == [("one", "of one"), ("two", "of two"), ("three", "of three")]
    assert [job and job.state for job in again] == ["done"] * 3
    assert same.id == sent[0].id
    assert list((tmp_path / "incoming").iterdir()) == []
    next_jobs.close()


@pytest.mark.parametrize("file", ["{abroad}", "../../abroad/diary", "link", "..", "", "."])
def test_a_job_reads_and_clears_away_nothing_beyond_its_own_folder(
    tmp_path: Path, file: str
) -> None:
    abroad = tmp_path / "abroad" / "diary"
    abroad.parent.mkdir()
    abroad.write_text("mine")
    place = tmp_path / "incoming" / "0123"
    place.mkdir(parents=True)
    (place / "link").symlink_to(abroad)
    order = {"asked": "x", "name": "x"}
    kept = {"file": file.format(abroad=abroad), "order": order}
    (place / "job.json").write_text(json.dumps({**kept, "created_at": "2026-01-01T00:00:00+00:00"}))
    reading = Reading()
    reading.gate.set()
    jobs = Jobs(reading, FilesInFolder(tmp_path / "incoming"))
    jobs.resume()
    over(jobs)
    jobs.close()
    assert reading.read == []
    assert abroad.read_text() == "mine"
    assert not place.exists()


@pytest.mark.parametrize("failure", [None, ReadError("x", "", "no"), KeyError("a secret")])
def test_a_job_that_is_over_leaves_no_folder_however_it_ended(
    tmp_path: Path, failure: Exception | None, caplog: pytest.LogCaptureFixture
) -> None:
    reading = Reading(failure)
    reading.gate.set()
    jobs = Jobs(reading, FilesInFolder(tmp_path / "incoming"))
    with caplog.at_level(logging.ERROR):
        job = send(jobs, "one")
        over(jobs)
    assert job.state == ("failed" if failure else "done")
    assert list((tmp_path / "incoming").iterdir()) == []
    bug = isinstance(failure, KeyError)
    assert [record.message for record in caplog.records] == (["a job failed"] if bug else [])
    assert "secret" not in json.dumps(job.document()["problem"])
    jobs.close()


@pytest.mark.parametrize("failure", [ArchiveError("no space"), ServiceDown("no answer")])
def test_what_the_archive_could_not_take_is_read_by_the_next_server(
    tmp_path: Path, failure: Exception
) -> None:
    failing, reading = Reading(failure), Reading()
    failing.gate.set()
    reading.gate.set()
    jobs = Jobs(failing, FilesInFolder(tmp_path / "incoming"))
    job = send(jobs, "one")
    over(jobs)
    assert (job.state, job.failure) == ("failed", failure)
    jobs.close()
    next_jobs = Jobs(reading, FilesInFolder(tmp_path / "incoming"))
    next_jobs.resume()
    over(next_jobs)
    assert reading.read == [("one", "of one")]
    assert list((tmp_path / "incoming").iterdir()) == []
    next_jobs.close()


def test_a_file_that_is_one_too_many_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    reading = Reading()
    jobs = Jobs(reading, FilesInFolder(tmp_path / "incoming"))
    send(jobs, "running")
    assert reading.begun.wait(10)
    for n in range(MOST_FILES):
        send(jobs, str(n))
    with pytest.raises(RequestRefused, match="too many files") as refused:
        send(jobs, "more")
    assert refused.value.status == 503
    assert "Retry-After" in (refused.value.headers or {})
    assert len(list((tmp_path / "incoming").iterdir())) == 1 + MOST_FILES
    reading.gate.set()
    over(jobs)
    jobs.close()


def test_an_idempotency_key_is_its_client_s_own(tmp_path: Path) -> None:
    reading = Reading()
    jobs = Jobs(reading, FilesInFolder(tmp_path / "incoming"))
    mine = send(jobs, "mine", key="monday", owner="me")
    yours = send(jobs, "yours", key="monday", owner="you")
    nobodys = send(jobs, "nobody's", key="monday")
    assert len({mine.id, yours.id, nobodys.id}) == 3
    assert send(jobs, "mine", key="monday", owner="me").id == mine.id
    with pytest.raises(RequestRefused, match="used for something else"):
        send(jobs, "other", key="monday", owner="me")
    reading.gate.set()
    over(jobs)
    jobs.close()


def test_an_upload_is_written_beside_the_event_loop() -> None:
    pieces = [bytes([n]) * 700_000 for n in range(5)]
    writers: set[int] = set()
    kept = bytearray()

    def write(piece: bytes) -> None:
        writers.add(threading.get_ident())
        kept.extend(piece)

    async def come() -> AsyncIterator[bytes]:
        for piece in pieces:
            yield piece

    digest = asyncio.run(taken_down(come(), write, most=4_000_000))
    assert threading.get_ident() not in writers
    assert (bytes(kept), digest) == (b"".join(pieces), sha256(b"".join(pieces)).hexdigest())


@pytest.mark.parametrize("followed", [True, False])
def test_a_place_is_free_when_its_thread_is_not_when_nobody_waits(followed: bool) -> None:
    gate, pace = threading.Event(), Pace(seconds=60)
    begun = threading.Semaphore(0)

    def steps() -> "list[None]":
        begun.release()
        gate.wait(60)
        return []

    async def ask() -> None:
        if followed:
            async for _ in pace.follow(lambda: iter(steps())):
                pass
        else:
            await pace.run(steps)

    async def asked(many: int) -> "list[asyncio.Task[None]]":
        asking = [asyncio.create_task(ask()) for _ in range(many)]
        await asyncio.sleep(0)  # each comes as far as it can
        return asking

    async def give_up(asking: "list[asyncio.Task[None]]") -> None:
        for one in asking:
            one.cancel()
        await asyncio.gather(*asking, return_exceptions=True)

    async def come_and_go() -> tuple[int, int]:
        first = await asked(AT_ONCE)
        for _ in first:
            await asyncio.to_thread(begun.acquire)
        await give_up(first)
        held = pace.inside
        # Those who wait behind them have no thread yet: their place is free when they give up.
        behind = await asked(MOST_WAITING)
        waiting = pace.inside
        await give_up(behind)
        return held, waiting

    assert asyncio.run(come_and_go()) == (AT_ONCE, AT_ONCE + MOST_WAITING)
    assert pace.inside == AT_ONCE
    gate.set()
    pace.close()
    assert pace.inside == 0


@pytest.mark.parametrize("followed", [True, False])
def test_who_waits_too_long_is_told(followed: bool) -> None:
    gate, pace = threading.Event(), Pace(seconds=0.05)

    async def ask() -> None:
        if followed:
            async for _ in pace.follow(lambda: iter([gate.wait(60)])):
                pass
        else:
            await pace.run(lambda: gate.wait(60))

    with pytest.raises(RequestRefused, match="this took longer"):
        asyncio.run(ask())
    gate.set()
    pace.close()
