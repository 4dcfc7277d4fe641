"""Processes of `tests.ingest.archive.desk`: started, listened to, killed, always cleared away."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


class Desk:
    """A process that works on an archive."""

    def __init__(self, *words: object) -> None:
        self.verb = words[0]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.ingest.archive.desk", *map(str, words)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    @property
    def pid(self) -> int:
        """Its process id."""
        return self.process.pid

    def hear(self) -> str:
        """Return the next line that it says; nothing once it has ended."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def kill(self) -> list[str]:
        """Kill it as -9 does, and only it; return what it had said and was not yet heard."""
        self.process.send_signal(signal.SIGKILL)
        assert self.process.stdout is not None
        said = self.process.stdout.read().splitlines()
        self.process.wait()
        return said

    def finish(self, *, seconds: float = 60) -> int:
        """Let it come to its end, and its server with it; return its exit status."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.process.wait(timeout=seconds)


@contextlib.contextmanager
def desk(*words: object) -> Iterator[Desk]:
    """Run a desk for a block."""
    started = Desk(*words)
    try:
        yield started
    finally:
        with contextlib.suppress(subprocess.TimeoutExpired, BrokenPipeError):
            started.finish(seconds=0.0 if started.verb == "put" else 20.0)
        started.process.kill()
        started.process.wait()
        for pipe in (started.process.stdin, started.process.stdout):
            if pipe is not None:
                pipe.close()


def alive(pid: int) -> bool:
    """Tell whether a process runs; one that only waits to be collected does not."""
    try:
        os.kill(pid, 0)
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8")
    except (ProcessLookupError, FileNotFoundError):
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def comes_true(what: Callable[[], bool], *, seconds: float = 20) -> bool:
    """Wait for something to become true."""
    until = time.monotonic() + seconds
    while not what():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True
