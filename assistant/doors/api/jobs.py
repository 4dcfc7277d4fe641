"""Ingests one after the other, each a job whose progress can be asked for.

A job that was accepted is kept with the archive until it is over: when the server is stopped, or
the archive cannot take it, the next one takes it up where it was left. A file of which nothing
could be read may be kept longer, to be tried again: by whoever asks, and by the next server. Where
several serve from one database each knows the jobs of all, and takes up those of one that is gone.
"""

import contextlib
import logging
import shutil
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, get_args

from assistant.doors.api.problems import RequestRefused, problem, refusal
from assistant.render import SCHEMA
from assistant.render.reports import report_to_json
from ingest.archive.accepted import AcceptedFile, AcceptedFiles, FileStanding
from ingest.errors import ArchiveError, MorgueError, ServiceError
from ingest.pipeline import Defaults, Progress, Report
from ingest.work.kept_reports import as_kept, from_kept

logger = logging.getLogger("morgue.jobs")

KEPT = 1000
MOST_WAITING = 100
FILES_KEPT, BYTES_KEPT = 20, 1_000_000_000
"""Files that could not be read, to be tried again: how many, and how large together."""
_ROUND = 5.0
"""Seconds between two looks at the files of servers that are gone."""
_TOLD_EVERY = 1.0
"""Seconds between two notes to other servers of how far a job has come."""

State = Literal["waiting", "running", "done", "failed"]
Intake = Callable[[Path, Defaults, Progress], Report]
"""Reads a file into the archive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestOrder:
    """What was asked for: which request it is, by whose key, and how its file is to be read.

    `asked` tells one request from another; `key` is its client's own name for it, which means
    nothing to another client. With `again_if_failed` a file of which nothing could be read is
    kept, to be tried once more; `anew` reads what was read before.
    """

    asked: str
    name: str
    format: str = "auto"
    collection: str | None = None
    outlet: str | None = None
    ocr: str | None = None
    owner: str | None = None
    key: str | None = None
    again_if_failed: bool = False
    anew: bool = False

    @property
    def given(self) -> Defaults:
        """How the file is to be read."""
        return Defaults(
            format=self.format, collection=self.collection, outlet=self.outlet, ocr=self.ocr,
            anew=self.anew,
        )  # fmt: skip


@dataclass(slots=True, kw_only=True)
class WorkPace:
    """How quickly something is done: how much of how many (0: not known), since when."""

    first: int
    began: float
    done: int
    of: int = 0
    now: float = 0.0

    @property
    def a_minute(self) -> float:
        """How many are done in a minute, 0 as long as that cannot be told."""
        spent = self.now - self.began
        return 60 * (self.done - self.first) / spent if spent > 0 else 0.0

    @property
    def minutes_left(self) -> float | None:
        """How many minutes it still takes, None where that is not known."""
        if not self.of or not self.a_minute:
            return None
        return (self.of - self.done) / self.a_minute


@dataclass(slots=True, kw_only=True)
class IngestJob:
    """One file on its way into the archive."""

    id: str
    order: IngestOrder
    file: Path
    state: State = "waiting"
    progress: dict[str, int] = field(default_factory=dict)
    report: Report | None = None
    failure: Exception | None = None
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    finished_at: datetime | None = None
    pace: dict[str, WorkPace] = field(default_factory=dict)
    elsewhere: bool = False
    """Whether its file, set aside to be tried again, is where another server has it too."""

    @property
    def may_be_tried_again(self) -> bool:
        """Whether its file is still there."""
        return self.elsewhere or self.file.is_file()

    @property
    def nothing_read(self) -> bool:
        """Whether it is over and its file gave nothing: trying again may help."""
        report = self.report
        if report is None:
            return self.state == "failed"
        return bool(report.failed) and not (report.added or report.updated or report.unchanged)

    def come(self, what: str, done: int, of: int) -> None:
        """Note how much of something is done."""
        now = time.monotonic()
        self.progress[what] = done
        begun = self.pace.setdefault(what, WorkPace(first=done, began=now, done=done))
        begun.done, begun.of, begun.now = done, of, now

    def document(self) -> Mapping[str, object]:
        """Return what `/v1/ingest/{job_id}` answers."""
        return {
            "schema": SCHEMA,
            "job_id": self.id,
            "state": self.state,
            "progress": dict(self.progress),
            "report": report_to_json(self.report) if self.report else None,
            "problem": problem(self.failure) if self.failure else None,
            "created_at": self.created_at.isoformat(timespec="seconds"),
            "finished_at": self.finished_at and self.finished_at.isoformat(timespec="seconds"),
        }


class _Leaving(Exception):
    """The server ends: the job is left to the next one."""


class Jobs:
    """The jobs of an archive, its files among those that were accepted.

    Those that are over are forgotten when the process ends, unless others serve it too. Only the
    process that may write to an archive's folder has jobs.
    """

    def __init__(self, intake: Intake, files: AcceptedFiles) -> None:
        self._intake = intake
        self._files = files
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="morgue-ingest")
        self._jobs: dict[str, IngestJob] = {}
        self._keys: dict[tuple[str | None, str], str] = {}
        self._told: dict[str, float] = {}
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._working = False

    def resume(self) -> None:
        """Take up what an earlier server accepted and did not end; clear away what it did not."""
        self._take_up(self._files.left())
        if self._files.shared:
            threading.Thread(target=self._look_on, name="morgue-jobs", daemon=True).start()

    def place(self) -> Path:
        """Return a new folder for a file that comes in; it goes with its job."""
        return self._files.place()

    def get(self, job_id: str) -> IngestJob | None:
        """Return a job."""
        if job_id in self._jobs:
            return self._jobs[job_id]
        return next(map(_of_another, self._files.standings(job_id)), None)

    def all(self) -> list[IngestJob]:
        """Return the jobs, the newest first."""
        others = (_of_another(one) for one in self._files.standings())
        found = {job.id: job for job in others} | dict(self._jobs)
        return sorted(found.values(), key=lambda job: job.created_at, reverse=True)

    def again(self, job_id: str, how: IngestOrder) -> bool:
        """Read the file of a job once more, as it is now asked for; tell whether it is there."""
        with self._lock:
            job = self.get(job_id)
            if job is None or not job.finished_at:
                return False
            asked = IngestJob(
                id=job.id, order=replace(how, anew=True), file=job.file, created_at=job.created_at
            )
            if (kept := self._files.again(_accepted(asked))) is None:
                return False
            self._accept(_job(kept))
        return True

    def forget(self, job_id: str) -> None:
        """Forget a job that is over, and the file that was kept of it."""
        with self._lock:
            job = self.get(job_id)
            if job is not None and job.finished_at:
                self._files.forget(job_id)
                self._jobs.pop(job_id, None)

    def states(self) -> Mapping[str, int]:
        """Count the jobs of this server by their state."""
        counted = Counter(job.state for job in list(self._jobs.values()))
        return {state: counted[state] for state in get_args(State)}

    @property
    def busy(self) -> bool:
        """Whether this server reads something, or is about to."""
        waits = any(job.finished_at is None for job in list(self._jobs.values()))
        return waits or self._working

    def begin(self, file: Path, order: IngestOrder) -> tuple[IngestJob, bool]:
        """Return the job of a request and whether it is new: the same key is the same job.

        `file` stands in a `place()`, which goes when the job is over, or at once where the
        request is not new. When this returns, a stop of the server does not lose it.
        """
        with self._lock:
            known = self._same(order)
            if known is None:
                self._make_room(file)
                job = IngestJob(id=file.parent.name, order=order, file=file)
                kept = self._files.keep(_accepted(job))
                if kept == job.id:
                    self._accept(job)
                    return job, True
                known = self.get(kept)
            shutil.rmtree(file.parent)
        if known is None or known.order.asked != order.asked:
            raise RequestRefused(
                422, "InvalidRequest", "this idempotency key was used for something else",
                "use a new key for a new request",
            )  # fmt: skip
        return known, False

    def close(self) -> None:
        """End what is running at its next batch, and begin nothing more; both are taken up later.

        Nobody is waited for longer than a batch takes.
        """
        self._closing.set()
        self._thread.shutdown(cancel_futures=True)
        with contextlib.suppress(ArchiveError):  # the database is away: others find it out
            self._files.release()

    def _same(self, order: IngestOrder) -> IngestJob | None:
        if order.key is None:
            return None
        return self._jobs.get(self._keys.get((order.owner, order.key), ""))

    def _take_up(self, found: Sequence[AcceptedFile]) -> None:
        for one in found:
            with self._lock:
                if one.id not in self._jobs:
                    self._accept(_job(one))

    def _look_on(self) -> None:
        """Say now and then that we are here, and take up the files of servers that are gone."""
        while not self._closing.wait(_ROUND):
            try:
                self._take_up(self._files.lost())
            except ArchiveError as error:  # the database went away: it is looked at again
                logger.warning("files of other servers: %s", error)

    def _accept(self, job: IngestJob) -> None:
        self._jobs[job.id] = job
        if job.order.key is not None:
            self._keys[job.order.owner, job.order.key] = job.id
        with contextlib.suppress(RuntimeError):  # the server is being stopped: it is kept
            self._thread.submit(self._do, job)

    def _make_room(self, file: Path) -> None:
        if sum(job.state == "waiting" for job in self._jobs.values()) >= MOST_WAITING:
            shutil.rmtree(file.parent)
            raise RequestRefused(
                503, "ServiceBusy", "too many files wait already", "wait until some are read",
                {"Retry-After": "30"},
            )  # fmt: skip
        over = [job.id for job in reversed(self.all()) if job.finished_at]
        for job_id in over[: max(0, len(self._jobs) - KEPT, len(over) - KEPT)]:
            self._jobs.pop(job_id, None)
            self._files.forget(job_id)
        self._keys = {key: job_id for key, job_id in self._keys.items() if job_id in self._jobs}

    def _do(self, job: IngestJob) -> None:
        self._working = True
        try:
            self._work(job)
        finally:
            self._working = False

    def _work(self, job: IngestJob) -> None:
        def progress(what: str, done: int, of: int) -> None:
            job.come(what, done, of)
            self._tell(job)
            if self._closing.is_set():
                raise _Leaving

        job.state = "running"
        try:
            job.report = self._intake(job.file, job.order.given, progress)
        except _Leaving:
            job.state = "waiting"
            return
        except (ArchiveError, ServiceError) as error:
            # Not the file's fault: a full disk, a damaged index. The next server reads it.
            job.failure, job.state, job.finished_at = error, "failed", datetime.now(UTC)
            self._tell(job)
            return
        except MorgueError as error:
            job.failure, job.state = error, "failed"
        except Exception as error:
            logger.exception("a job failed", extra={"fields": {"job_id": job.id}})
            job.failure, job.state = error, "failed"
        else:
            job.state = "done"
        self._over(job)

    def _tell(self, job: IngestJob, *, over: bool = False) -> None:
        """Tell other servers how far a job has come: at once where it is over, else now and then.

        That it could not be told is no reason to read no further: another would read it again.
        """
        now = time.monotonic()
        if not job.finished_at and now - self._told.get(job.id, 0.0) < _TOLD_EVERY:
            return
        self._told[job.id] = now
        with contextlib.suppress(ArchiveError):
            self._files.tell(job.id, _standing(job), over=over)

    def _over(self, job: IngestJob) -> None:
        """Note that a job is over; its file goes, unless it is kept to be tried again."""
        kept = job.order.again_if_failed and job.nothing_read
        finished = datetime.now(UTC)
        with contextlib.suppress(ArchiveError):
            self._files.set_aside(job.id) if kept else self._files.let_go(job.id)
        job.finished_at = finished
        self._tell(job, over=True)
        self._told.pop(job.id, None)
        if self._files.shared:  # whichever server is asked next, it is told from there
            self._jobs.pop(job.id, None)
        if kept:
            self._let_old_files_go()

    def _let_old_files_go(self) -> None:
        """Keep the newest files that could not be read, as many and as large as is allowed."""
        aside = [job.id for job in self.all() if job.finished_at and job.may_be_tried_again]
        size = 0
        for n, job_id in enumerate(aside, 1):
            size += self._files.size(job_id)
            if n > FILES_KEPT or size > BYTES_KEPT:
                self._files.let_go(job_id)


def _accepted(job: IngestJob) -> AcceptedFile:
    return AcceptedFile(
        id=job.id,
        path=job.file,
        how={name: getattr(job.order, name) for name in IngestOrder.__slots__},
        created_at=job.created_at,
        owner=job.order.owner or "",
        key=job.order.key,
    )


def _job(file: AcceptedFile) -> IngestJob:
    order = IngestOrder(**file.how)
    return IngestJob(id=file.id, order=order, file=file.path, created_at=file.created_at)


def _standing(job: IngestJob) -> dict[str, Any]:
    """Return how a job stands as JSON has it, for other servers."""
    failure = refusal(job.failure) if job.failure else None
    return {
        "state": job.state,
        "progress": dict(job.progress),
        "report": as_kept(job.report) if job.report else None,
        "failure": failure and [failure.status, failure.kind, failure.message, failure.hint],
        "finished_at": job.finished_at and job.finished_at.isoformat(),
        "pace": {what: asdict(one) for what, one in job.pace.items()},
    }


def _of_another(standing: FileStanding) -> IngestJob:
    """Return a job that another server has, or had, as it told of it last."""
    told, job = standing.told, _job(standing.file)
    if not told:
        return job
    job.state, job.progress = told["state"], told["progress"]
    job.report = from_kept(told["report"]) if told["report"] else None
    job.failure = RequestRefused(*told["failure"]) if told["failure"] else None
    job.finished_at = told["finished_at"] and datetime.fromisoformat(told["finished_at"])
    job.pace = {what: WorkPace(**one) for what, one in told["pace"].items()}
    job.elsewhere = standing.over and standing.kept
    return job
