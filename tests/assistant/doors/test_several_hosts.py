"""Several who serve from one database: what one accepted, counted or refused, all know."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import asdict
from pathlib import Path
from secrets import token_hex

import pytest

from assistant.doors.api.entry import _Allowances
from assistant.doors.api.jobs import IngestJob, IngestOrder, Jobs
from assistant.doors.api.problems import RequestRefused
from assistant.doors.tries import TooManyTries, Tries
from ingest.archive.accepted import INCOMING, FilesInDatabase
from ingest.archive.catalogue import Catalogue, database_of
from ingest.archive.papers import Papers
from ingest.errors import ReadError
from ingest.pipeline import Defaults, Progress, Report
from tests.assistant.doors.test_jobs import Reading, over, send
from tests.postgres_server import TemporaryServer

Host = Callable[[str], tuple[Path, Papers]]


@pytest.fixture
def a_host(postgres: TemporaryServer, tmp_path: Path) -> Iterator[Host]:
    """Return a host by its name: its folder, and what people left with the archive of all."""
    url = f"{postgres.url}&schema=t_{token_hex(8)}"
    with ExitStack() as opened:

        def made(name: str) -> tuple[Path, Papers]:
            folder = tmp_path / name
            catalogue = Catalogue(database_of(folder, url), create=True)
            opened.enter_context(closing(catalogue))
            return folder, catalogue.database.papers(folder)

        yield made


def jobs_of(host: tuple[Path, Papers], reading: Callable[..., Report]) -> Jobs:
    folder, papers = host
    return Jobs(reading, papers.accepted(folder))


def seen(jobs: Jobs, job: IngestJob) -> IngestJob:
    found = jobs.get(job.id)
    assert found is not None
    return found


def comes_to(jobs: Jobs, job: IngestJob, state: str) -> IngestJob:
    for _ in range(1000):
        if (found := seen(jobs, job)).state == state and (state == "running" or found.finished_at):
            return found
        threading.Event().wait(0.02)
    raise AssertionError(f"it is {seen(jobs, job).state}")


def incoming(folder: Path) -> list[str]:
    place = folder / INCOMING
    return [one.name for one in place.iterdir()] if place.is_dir() else []


def test_a_file_that_one_accepted_is_known_by_all_until_it_is_read(a_host: Host) -> None:
    reading, idle = Reading(), Reading()
    one, other = a_host("one"), a_host("other")
    first, second = jobs_of(one, reading), jobs_of(other, idle)
    job = send(first, "the ferry sank", key="monday", owner="anna")
    assert seen(second, job).state == "waiting"
    assert send(second, "the ferry sank", key="monday", owner="anna").id == job.id
    with pytest.raises(RequestRefused, match="used for something else"):
        send(second, "other", key="monday", owner="anna")
    assert incoming(other[0]) == []
    reading.gate.set()
    done = comes_to(second, job, "done")
    assert (done.report, done.progress) == (Report(read=1), {"articles": 1})
    assert dict(done.document()) == dict(comes_to(first, job, "done").document())
    assert [one.id for one in first.all()] == [one.id for one in second.all()] == [job.id]
    assert incoming(one[0]) == []
    second.forget(job.id)
    assert first.get(job.id) is None
    assert idle.read == []
    first.close()
    second.close()


@pytest.mark.parametrize("how", ["stopped", "killed"])
def test_what_one_accepted_and_did_not_read_another_reads(how: str, a_host: Host) -> None:
    first, second = Reading(), Reading()
    second.gate.set()
    one, other = a_host("one"), a_host("other")
    jobs = jobs_of(one, first)
    sent = [send(jobs, text) for text in ("first", "second")]
    assert first.begun.wait(10)
    if how == "stopped":
        closing_it = threading.Thread(target=jobs.close)
        closing_it.start()
        first.gate.set()
        closing_it.join(10)
    files = other[1].accepted(other[0])
    assert isinstance(files, FilesInDatabase)
    if how == "killed":
        assert files.lost() == []  # it was heard of a moment ago
        silent_for(other[1], 60)
    next_jobs = Jobs(second, files)
    next_jobs.resume()
    for job in sent:
        comes_to(next_jobs, job, "done")
    assert second.read == [("first", "of first"), ("second", "of second")]
    assert incoming(other[0]) == []
    if how == "killed":  # it was only halted, and says no more of what is another's now
        first.gate.set()
        over(jobs)
        assert seen(next_jobs, sent[0]).report == Report(read=1)
        jobs.close()
    next_jobs.close()


def silent_for(papers: Papers, seconds: float) -> None:
    with papers.conversations() as held:
        held.execute("UPDATE accepted SET heard = heard - make_interval(secs => ?)", (seconds,))


def test_a_file_of_which_nothing_was_read_is_tried_again_by_whoever_is_asked(
    a_host: Host,
) -> None:
    def unreadable(file: Path, given: Defaults, progress: Progress) -> Report:
        return Report(failed=(ReadError(file.name, "line 1", "it is no text", "send text"),))

    reading = Reading()
    reading.gate.set()
    one, other = a_host("one"), a_host("other")
    first, second = jobs_of(one, unreadable), jobs_of(other, reading)
    file = first.place() / "body"
    file.write_text("the mill")
    order = IngestOrder(asked="x", name="mill.txt", again_if_failed=True)
    job, _ = first.begin(file, order)
    comes_to(second, job, "done")
    failed = seen(second, job)
    assert failed.nothing_read
    assert failed.may_be_tried_again
    assert failed.report is not None
    assert [str(error) for error in failed.report.failed]
    assert incoming(one[0]) == []
    assert second.again(job.id, IngestOrder(asked="x", name="mill.txt", outlet="The Mill"))
    again = comes_to(first, job, "done")
    over(second)
    assert reading.read == [("the mill", "The Mill")]
    assert not comes_to(first, again, "done").nothing_read
    assert not second.again(job.id, order)  # its bytes are gone
    first.close()
    second.close()


def test_what_a_folder_accepted_before_it_moved_into_a_database_is_read(a_host: Host) -> None:
    folder, papers = a_host("one")
    reading = Reading()
    reading.gate.set()
    job = IngestJob(id="0123", order=IngestOrder(asked="x", name="x"), file=folder / "x")
    place = folder / INCOMING / job.id
    place.mkdir(parents=True)
    (place / "body").write_text("from before")
    kept = {"file": "body", "created_at": job.created_at.isoformat(), "order": asdict(job.order)}
    (place / "job.json").write_text(json.dumps(kept))
    jobs = Jobs(reading, papers.accepted(folder))
    jobs.resume()
    comes_to(jobs, job, "done")
    assert reading.read == [("from before", None)]
    assert incoming(folder) == []
    jobs.close()


_NOW = time.time()


def _at_once() -> float:
    return _NOW


def test_who_guesses_at_one_waits_at_all(a_host: Host) -> None:
    tries = [Tries(a_host(name)[1].tallies(), _at_once) for name in ("one", "other")]
    for n in range(5):
        tries[n % 2].begin("anna", "10.0.0.1")
    for each in tries:
        with pytest.raises(TooManyTries):
            each.begin("anna", "10.0.0.1")
    tries[0].begin("boris", "10.0.0.2")
    tries[1].succeeded("anna", "10.0.0.1")
    tries[0].begin("anna", "10.0.0.1")


def test_a_key_asks_no_more_often_of_several_than_of_one(a_host: Host) -> None:
    allowances = [_Allowances(a_host(name)[1].tallies()) for name in ("one", "other")]
    with pytest.raises(RequestRefused, match="10 times a minute"):
        for n in range(18):  # some are earned anew meanwhile
            allowances[n % 2].take("k1", 10)
    allowances[1].take("k2", 10)


def test_guesses_at_once_at_several_are_counted_one_after_another(a_host: Host) -> None:
    hosts = [a_host(name)[1] for name in ("one", "other")]
    let_in: list[str] = []

    def guess(papers: Papers) -> None:
        for _ in range(8):
            try:
                Tries(papers.tallies(), _at_once).begin("anna", "10.0.0.1")
                let_in.append("anna")
            except TooManyTries:
                pass

    threads = [threading.Thread(target=guess, args=(papers,)) for papers in hosts * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(let_in) == 5
