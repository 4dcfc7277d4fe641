"""Files read in a process of their own: one that hangs or dies takes only its file with it."""

import os
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing.connection import Pipe

from ingest.errors import ReadError
from ingest.read import Found, Reading
from ingest.walk import Given

_AHEAD = 64  # files that are asked for before they are needed, so that nobody waits

_STARTING = 60.0  # seconds that a process may take to start, on a machine that is busy


@dataclass(frozen=True, slots=True)
class Job:
    """A file to read, as shown; of those that are packed in it the first `skip` are not read."""

    path: Given
    shown: str
    skip: int = 0


@dataclass(frozen=True, slots=True)
class Said:
    """What the process says: where in the file it is, and what it found since it last spoke.

    `number` counts the files packed in the one that was asked for, `name` is what it is called;
    `done` says that there are no more.
    """

    number: int
    name: str
    found: list[Found] = field(default_factory=list)
    done: bool = False


def read_apart(found: Iterable[tuple[Given | ReadError, str]], how: Reading) -> Iterator[Found]:
    """Read files in a process beside this one; what ends or stalls it is a ReadError.

    A process that gives no sign of life for `how.bounds.patience` seconds is ended. The next
    goes on with what is packed behind the one that was being read, or with the next file.
    """
    reading = _Reading(found, how)
    try:
        while reading.more():
            yield from reading.step()
    finally:
        reading.end()


class _Reading:
    """What is asked for, in order, and the process that was asked."""

    def __init__(self, found: Iterable[tuple[Given | ReadError, str]], how: Reading) -> None:
        self._files = iter(found)
        self._how = how
        self._jobs = deque[Job | ReadError]()
        self._process: _Process | None = None

    def more(self) -> bool:
        """Ask ahead; return whether anything is left to be read."""
        asked = islice(self._files, _AHEAD - len(self._jobs))
        jobs = [path if isinstance(path, ReadError) else Job(path, shown) for path, shown in asked]
        self._jobs.extend(jobs)
        if self._process:
            self._process.ask(jobs)
        return bool(self._jobs)

    def step(self) -> list[Found]:
        """Wait for the next thing that is said of the first file."""
        job = self._jobs[0]
        if isinstance(job, ReadError):
            self._jobs.popleft()
            return [job]
        if self._process is None:
            self._process = _Process(self._how)
            self._process.ask(self._jobs)
        said = self._process.hear(self._how.bounds.patience)
        if isinstance(said, str):
            return [self._lost(job, said)]
        if said.done:
            self._jobs.popleft()
        return said.found

    def _lost(self, job: Job, why: str) -> ReadError:
        """Give up what was being read, and go on behind it where something can be."""
        self._jobs.popleft()
        at = self._process.at if self._process else None
        if at and job.path != "-":
            self._jobs.appendleft(Job(job.path, job.shown, at.number + 1))
        self.end()
        return ReadError(at.name if at else job.shown, "", why)

    def end(self) -> None:
        """End the process, whatever it does."""
        if self._process:
            self._process.end()
        self._process = None


class _Process:
    """The process that reads. `at` is where it is in its file; None at the start of one."""

    def __init__(self, how: Reading) -> None:
        self._ours, theirs = Pipe()
        self.at: Said | None = None
        with theirs:
            handle = theirs.fileno()
            self._process = subprocess.Popen(  # noqa: S603 - this very program
                [sys.executable, "-P", "-m", "ingest.reading", str(handle)],
                pass_fds=[handle],
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
            )
        self._ours.send(how)
        self._started = False

    def ask(self, jobs: Iterable[Job | ReadError]) -> None:
        """Ask for files; one that has died is noticed when it is heard."""
        try:
            for job in jobs:
                if isinstance(job, Job):
                    self._ours.send(job)
        except OSError:
            return

    def hear(self, patience: float) -> Said | str:
        """Return what it says next, or why it says nothing more."""
        try:
            if not self._started:
                self._started = self._ours.poll(_STARTING) and bool(self._ours.recv())
            if not self._ours.poll(patience):
                return f"its reader gave no sign of life for {patience:g} s, and was ended"
            said = self._ours.recv()
        except (EOFError, OSError):
            return f"its reader died: {_ending(self._process.wait())}"
        assert isinstance(said, Said)
        self.at = None if said.done else said
        return said

    def end(self) -> None:
        """End it, whatever it does."""
        self._ours.close()
        self._process.kill()
        self._process.wait()


def _ending(status: int) -> str:
    if status >= 0:
        return f"exit status {status}"
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"signal {-status}"
