"""Ingests one after the other, each a job whose progress can be asked for.

A job that was accepted stands in a folder of its own beside the archive, until it is over: when
the server is stopped, or the archive cannot take it, the next one takes it up where it was left. A
file of which nothing could be read may be kept longer, to be tried again: by whoever asks, and by
the next server.
"""

import json
import logging
import shutil
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, get_args
from uuid import uuid4

from assistant.doors.api.problems import RequestRefused, problem
from assistant.render import SCHEMA
from assistant.render.reports import report_to_json
from ingest.errors import ArchiveError, MorgueError, ServiceError
from ingest.pipeline import Defaults, Progress, Report

logger = logging.getLogger("morgue.jobs")

KEPT = 1000
MOST_WAITING = 100
FILES_KEPT, BYTES_KEPT = 20, 1_000_000_000
"""Files that could not be read, to be tried again: how many, and how large together."""
_ORDER = "job.json"

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
    """The jobs of an archive. Those that are over are forgotten when the process ends.

    `folder` holds what is on its way. Only the process that may write to the archive has jobs.
    """

    def __init__(self, intake: Intake, folder: Path) -> None:
        self._intake = intake
        self._folder = folder
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="morgue-ingest")
        self._jobs: dict[str, IngestJob] = {}
        self._keys: dict[tuple[str | None, str], str] = {}
        self._lock = threading.Lock()
        self._closing = False

    def resume(self) -> None:
        """Take up what an earlier server accepted and did not end; clear away what it did not."""
        for job in sorted(self._left(), key=lambda job: job.created_at):
            with self._lock:
                self._accept(job)

    def place(self) -> Path:
        """Return a new folder for a file that comes in; it goes with its job."""
        place = self._folder / uuid4().hex
        place.mkdir(mode=0o700, parents=True)
        return place

    def get(self, job_id: str) -> IngestJob | None:
        """Return a job."""
        return self._jobs.get(job_id)

    def all(self) -> list[IngestJob]:
        """Return the jobs, the newest first."""
        return sorted(self._jobs.values(), key=lambda job: job.created_at, reverse=True)

    def again(self, job_id: str, how: IngestOrder) -> bool:
        """Read the file of a job once more, as it is now asked for; tell whether it is there."""
        with self._lock:
            job = self._jobs.get(job_id)
            if job is None or not job.finished_at or not job.file.is_file():
                return False
            job.order, job.state = replace(how, anew=True), "waiting"
            job.report = job.failure = job.finished_at = None
            job.progress, job.pace = {}, {}
            _keep(job)
            self._accept(job)
        return True

    def forget(self, job_id: str) -> None:
        """Forget a job that is over, and the file that was kept of it."""
        with self._lock:
            job = self._jobs.get(job_id)
            if job is not None and job.finished_at:
                shutil.rmtree(job.file.parent, ignore_errors=True)
                del self._jobs[job_id]

    def states(self) -> Mapping[str, int]:
        """Count the jobs by their state."""
        counted = Counter(job.state for job in list(self._jobs.values()))
        return {state: counted[state] for state in get_args(State)}

    @property
    def busy(self) -> bool:
        """Whether something is being read, or is about to be."""
        return any(job.finished_at is None for job in list(self._jobs.values()))

    def begin(self, file: Path, order: IngestOrder) -> tuple[IngestJob, bool]:
        """Return the job of a request and whether it is new: the same key is the same job.

        `file` stands in a `place()`, which goes when the job is over, or at once where the
        request is not new. When this returns, a stop of the server does not lose it.
        """
        with self._lock:
            kept = self._same(order)
            if kept is not None:
                shutil.rmtree(file.parent)
                if kept.order.asked != order.asked:
                    raise RequestRefused(
                        422, "InvalidRequest", "this idempotency key was used for something else",
                        "use a new key for a new request",
                    )  # fmt: skip
                return kept, False
            self._make_room(file)
            job = IngestJob(id=file.parent.name, order=order, file=file)
            _keep(job)
            self._accept(job)
        return job, True

    def close(self) -> None:
        """End what is running at its next batch, and begin nothing more; both are taken up later.

        Nobody is waited for longer than a batch takes.
        """
        self._closing = True
        self._thread.shutdown(cancel_futures=True)

    def _same(self, order: IngestOrder) -> IngestJob | None:
        if order.key is None:
            return None
        return self._jobs.get(self._keys.get((order.owner, order.key), ""))

    def _accept(self, job: IngestJob) -> None:
        self._jobs[job.id] = job
        if job.order.key is not None:
            self._keys[job.order.owner, job.order.key] = job.id
        self._thread.submit(self._work, job)

    def _left(self) -> Iterator[IngestJob]:
        for place in sorted(self._folder.iterdir()) if self._folder.is_dir() else ():
            try:
                yield _read(place)
            except (OSError, ValueError, TypeError, KeyError):
                # It had not come whole when the server ended: nobody was told that it had.
                shutil.rmtree(place, ignore_errors=True)

    def _make_room(self, file: Path) -> None:
        if sum(job.state == "waiting" for job in self._jobs.values()) >= MOST_WAITING:
            shutil.rmtree(file.parent)
            raise RequestRefused(
                503, "ServiceBusy", "too many files wait already", "wait until some are read",
                {"Retry-After": "30"},
            )  # fmt: skip
        over = [job.id for job in self._jobs.values() if job.finished_at]
        for job_id in over[: max(0, len(self._jobs) - KEPT)]:
            shutil.rmtree(self._jobs.pop(job_id).file.parent, ignore_errors=True)
        self._keys = {key: job_id for key, job_id in self._keys.items() if job_id in self._jobs}

    def _work(self, job: IngestJob) -> None:
        def progress(what: str, done: int, of: int) -> None:
            job.come(what, done, of)
            if self._closing:
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
            return
        except MorgueError as error:
            job.failure, job.state = error, "failed"
        except Exception as error:
            logger.exception("a job failed", extra={"fields": {"job_id": job.id}})
            job.failure, job.state = error, "failed"
        else:
            job.state = "done"
        self._over(job)

    def _over(self, job: IngestJob) -> None:
        """Note that a job is over; its file goes, unless it is kept to be tried again."""
        kept = job.order.again_if_failed and job.nothing_read
        if not kept:
            shutil.rmtree(job.file.parent, ignore_errors=True)
        job.finished_at = datetime.now(UTC)
        if kept:
            self._let_old_files_go()

    def _let_old_files_go(self) -> None:
        """Keep the newest files that could not be read, as many and as large as is allowed."""
        kept, size = 0, 0
        for job in self.all():
            if not job.finished_at or not job.file.is_file():
                continue
            kept, size = kept + 1, size + job.file.stat().st_size
            if kept > FILES_KEPT or size > BYTES_KEPT:
                shutil.rmtree(job.file.parent, ignore_errors=True)


def _keep(job: IngestJob) -> None:
    """Write down a job, whole or not at all, so that it outlives this process."""
    order = {name: getattr(job.order, name) for name in IngestOrder.__slots__}
    kept = {"file": job.file.name, "created_at": job.created_at.isoformat(), "order": order}
    unfinished = job.file.with_name(f"{_ORDER}.part")
    unfinished.write_text(json.dumps(kept), encoding="utf-8")
    unfinished.replace(job.file.with_name(_ORDER))


def _read(place: Path) -> IngestJob:
    kept = json.loads((place / _ORDER).read_text(encoding="utf-8"))
    name = str(kept["file"])
    # A folder may come from a backup of somebody else's: what is read, and goes, is within it.
    if Path(name).name != name or (place / name).is_symlink() or not (place / name).is_file():
        raise ValueError(f"{name!r} is no file of its own folder")
    return IngestJob(
        id=place.name,
        order=IngestOrder(**kept["order"]),
        file=place / name,
        created_at=datetime.fromisoformat(kept["created_at"]),
    )
