"""Ingests one after the other, each a job whose progress can be asked for."""

import shutil
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, get_args
from uuid import uuid4

from assistant.doors.api.problems import RequestRefused, problem
from assistant.render import SCHEMA
from assistant.render.reports import report_to_json
from ingest.errors import MorgueError
from ingest.pipeline import Defaults, Progress, Report

KEPT = 1000
MOST_WAITING = 100

State = Literal["waiting", "running", "done", "failed"]
Intake = Callable[[Path, Defaults, Progress], Report]
"""Reads a file into the archive."""


@dataclass(slots=True, kw_only=True)
class IngestJob:
    """One file on its way into the archive. `asked` tells its request from another one's."""

    id: str
    asked: str
    file: Path
    given: Defaults
    state: State = "waiting"
    progress: dict[str, int] = field(default_factory=dict)
    report: Report | None = None
    failure: Exception | None = None
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))
    finished_at: datetime | None = None

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


class Jobs:
    """The jobs of this process. What an earlier one read stays read; its jobs are forgotten."""

    def __init__(self, intake: Intake) -> None:
        self._intake = intake
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="morgue-ingest")
        self._jobs: dict[str, IngestJob] = {}
        self._keys: dict[str, str] = {}
        self._lock = threading.Lock()
        self._closing = False

    def get(self, job_id: str) -> IngestJob | None:
        """Return a job."""
        return self._jobs.get(job_id)

    def states(self) -> Mapping[str, int]:
        """Count the jobs by their state."""
        counted = Counter(job.state for job in list(self._jobs.values()))
        return {state: counted[state] for state in get_args(State)}

    def begin(
        self, file: Path, given: Defaults, asked: str, key: str | None
    ) -> tuple[IngestJob, bool]:
        """Return the job of a request and whether it is new: the same key is the same job.

        `file` is deleted, with its folder, when the job is over, or at once where it is not new.
        """
        with self._lock:
            kept = self._jobs.get(self._keys.get(key, "")) if key else None
            if kept is not None:
                shutil.rmtree(file.parent)
                if kept.asked != asked:
                    raise RequestRefused(
                        422, "InvalidRequest", "this idempotency key was used for something else",
                        "use a new key for a new request",
                    )  # fmt: skip
                return kept, False
            self._make_room(file)
            job = IngestJob(id=uuid4().hex, asked=asked, file=file, given=given)
            self._jobs[job.id] = job
            if key:
                self._keys[key] = job.id
        self._thread.submit(self._work, job)
        return job, True

    def close(self) -> None:
        """End what is running at its next batch, and begin nothing more."""
        self._closing = True
        self._thread.shutdown(cancel_futures=True)

    def _make_room(self, file: Path) -> None:
        if sum(job.state == "waiting" for job in self._jobs.values()) >= MOST_WAITING:
            shutil.rmtree(file.parent)
            raise RequestRefused(
                503, "ServiceBusy", "too many files wait already", "wait until some are read",
                {"Retry-After": "30"},
            )  # fmt: skip
        over = [job.id for job in self._jobs.values() if job.finished_at]
        for job_id in over[: max(0, len(self._jobs) - KEPT)]:
            del self._jobs[job_id]
        self._keys = {key: job_id for key, job_id in self._keys.items() if job_id in self._jobs}

    def _work(self, job: IngestJob) -> None:
        def progress(what: str, done: int, _of: int) -> None:
            job.progress[what] = done
            if self._closing:
                raise MorgueError("the server was stopped", "send the file again")

        job.state = "running"
        try:
            job.report = self._intake(job.file, job.given, progress)
            job.state = "done"
        except Exception as error:
            job.failure, job.state = error, "failed"
            if not isinstance(error, MorgueError):
                raise
        finally:
            job.finished_at = datetime.now(UTC)
            shutil.rmtree(job.file.parent)
