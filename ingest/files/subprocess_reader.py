"""Files read in a process of their own: one that hangs or dies takes only its file with it."""

import os
import re
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count, islice
from multiprocessing.connection import Pipe

from ingest.errors import ReadError
from ingest.files.read import FileReading, Found
from ingest.files.walk import Given

_AHEAD = 64  # files that are asked for before they are needed, so that nobody waits

_MOST = 4  # processes that read at once

_FEW = 32  # files that one of them reads: another takes a second to start

_STARTING = 60.0  # seconds that a process may take to start, on a machine that is busy


@dataclass(frozen=True, slots=True)
class ReadJob:
    """A file to read, as shown; of those that are packed in it the first `skip` are not read."""

    path: Given
    shown: str
    skip: int = 0


@dataclass(frozen=True, slots=True)
class Progress:
    """What the process says: where in the file it is, and what it found since it last spoke.

    `number` counts the files packed in the one that was asked for, `name` is what it is called;
    `done` says that there are no more.
    """

    number: int
    name: str
    found: list[Found] = field(default_factory=list)
    done: bool = False


def read_apart(found: Iterable[tuple[Given | ReadError, str]], how: FileReading) -> Iterator[Found]:
    """Read files in processes beside this one; what ends or stalls one is a ReadError.

    A process that gives no sign of life for `how.bounds.patience` seconds is ended. The next
    goes on with what is packed behind the one that was being read, or with the next file.
    The first files are one process's; of more, each has its share. They come in their order.
    """
    files = _Dealt(found, min(os.cpu_count() or 1, _MOST))
    readings = [_Reading(share, how) for share in files.shares()]
    try:
        for at in count():
            for reading in readings:
                reading.ahead(start=reading is not readings[0])
            first = readings[files.whose(at)]
            if not first.left:
                return
            yield from first.file()
    finally:
        for reading in readings:
            reading.end()


class _Dealt:
    """Files, dealt to those who read them as they ask for them."""

    def __init__(self, found: Iterable[tuple[Given | ReadError, str]], readings: int) -> None:
        self._found = enumerate(found)
        self._hands = [deque[tuple[Given | ReadError, str]]() for _ in range(readings)]

    def whose(self, at: int) -> int:
        """Return who reads the file that comes so many after the first."""
        return 0 if at < _FEW else at % len(self._hands)

    def shares(self) -> list[Iterator[tuple[Given | ReadError, str]]]:
        """Return of each who reads the files that are theirs."""
        return [self._share(hand) for hand in self._hands]

    def _share(
        self, hand: deque[tuple[Given | ReadError, str]]
    ) -> Iterator[tuple[Given | ReadError, str]]:
        while True:
            while not hand:
                following = next(self._found, None)
                if following is None:
                    return
                at, one = following
                self._hands[self.whose(at)].append(one)
            yield hand.popleft()


class _Reading:
    """What is asked for, in order, and the process that was asked."""

    def __init__(self, found: Iterable[tuple[Given | ReadError, str]], how: FileReading) -> None:
        self._files = iter(found)
        self._how = how
        self._jobs = deque[ReadJob | ReadError]()
        self._process: _Process | None = None

    def ahead(self, *, start: bool) -> None:
        """Ask for files before they are needed; start the process for them if told to."""
        asked = islice(self._files, _AHEAD - len(self._jobs))
        jobs = [
            path if isinstance(path, ReadError) else ReadJob(path, shown) for path, shown in asked
        ]
        self._jobs.extend(jobs)
        if self._process:
            self._process.ask(jobs)
        elif start and self._jobs:
            self._start()

    @property
    def left(self) -> int:
        """How many files were asked for and are not read yet."""
        return len(self._jobs)

    def file(self) -> Iterator[Found]:
        """Yield all that is said of the first file."""
        left = self.left
        while self.left == left:
            yield from self._step()

    def _start(self) -> "_Process":
        self._process = _Process(self._how)
        self._process.ask(self._jobs)
        return self._process

    def _step(self) -> list[Found]:
        """Wait for the next thing that is said of the first file."""
        job = self._jobs[0]
        if isinstance(job, ReadError):
            self._jobs.popleft()
            return [job]
        process = self._process or self._start()
        said = process.hear(self._how.bounds.patience)
        if isinstance(said, str):
            return [self._lost(job, said)]
        if said.done:
            self._jobs.popleft()
        return said.found

    def _lost(self, job: ReadJob, why: str) -> ReadError:
        """Give up what was being read, and go on behind it where something can be."""
        self._jobs.popleft()
        at = self._process.at if self._process else None
        if at and job.path != "-":
            self._jobs.appendleft(ReadJob(job.path, job.shown, at.number + 1))
        self.end()
        return ReadError(at.name if at else job.shown, "", why)

    def end(self) -> None:
        """End the process, whatever it does."""
        if self._process:
            self._process.end()
        self._process = None


_SECRET = re.compile(r"KEY|TOKEN|SECRET|PASSW|CREDENTIAL|AUTH|SMTP", re.IGNORECASE)
_SIGNED_IN = re.compile(r"://[^/?#\s]*@")


def harmless_surroundings() -> dict[str, str]:
    """Return the variables that whoever reads hostile files may have: none that is secret."""
    return {
        name: value
        for name, value in os.environ.items()
        if not (_SECRET.search(name) or _SIGNED_IN.search(value))
    }


class _Process:
    """The process that reads. `at` is where it is in its file; None at the start of one."""

    def __init__(self, how: FileReading) -> None:
        self._ours, theirs = Pipe()
        self.at: Progress | None = None
        with theirs:
            handle = theirs.fileno()
            self._process = subprocess.Popen(  # noqa: S603 - this very program
                [sys.executable, "-P", "-m", "ingest.files.reader_worker", str(handle)],
                pass_fds=[handle],
                env={
                    **harmless_surroundings(),
                    "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
                },
            )
        self._ours.send(how)
        self._started = False

    def ask(self, jobs: Iterable[ReadJob | ReadError]) -> None:
        """Ask for files; one that has died is noticed when it is heard."""
        try:
            for job in jobs:
                if isinstance(job, ReadJob):
                    self._ours.send(job)
        except OSError:
            return

    def hear(self, patience: float) -> Progress | str:
        """Return what it says next, or why it says nothing more."""
        try:
            if not self._started:
                self._started = self._ours.poll(_STARTING) and bool(self._ours.recv())
            if not self._ours.poll(patience):
                return f"its reader gave no sign of life for {patience:g} s, and was ended"
            said = self._ours.recv()
        except (EOFError, OSError):
            return f"its reader died: {_ending(self._process.wait())}"
        assert isinstance(said, Progress)
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
