"""One writer at a time: an operating-system lock that dies with the processes that hold it."""

import contextlib
import fcntl
import json
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ingest.errors import ArchiveBusy


@dataclass(frozen=True, slots=True, kw_only=True)
class LockHolder:
    """Who holds the lock: a process, and the Chroma server that it started, if it did."""

    pid: int
    server_pid: int | None = None
    url: str | None = None


class WriterLock:
    """The lock of an archive's folder, in `writer.lock`.

    A child that is given `fileno()` keeps the lock held should its parent die alone: nobody
    opens the store beside it.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "writer.lock"
        self._file: IO[str] | None = None

    @property
    def held(self) -> bool:
        """Whether this object holds it."""
        return self._file is not None

    def fileno(self) -> int:
        """Return the locked descriptor, for a child to inherit."""
        if self._file is None:
            raise ValueError("the lock is not held")
        return self._file.fileno()

    def take(self) -> None:
        """Take the lock, or raise ArchiveBusy with the owner's process id.

        An owner that died and left its Chroma server behind is cleared away first. A short
        wait covers those who only look whether the lock is free.
        """
        file = self.path.open("a+", encoding="utf-8")
        if not _lock(file):
            _end_orphan(self.owner())
            if not _wait_for(file, seconds=5 if self._orphaned() else 0.3):
                file.close()
                raise self._busy()
        self._file = file
        self.note(LockHolder(pid=os.getpid()))

    def note(self, owner: LockHolder) -> None:
        """Write down who holds the lock, for the error that the next one gets."""
        if self._file is None:
            raise ValueError("the lock is not held")
        told = {"pid": owner.pid, "server_pid": owner.server_pid, "url": owner.url}
        # On a full disk nobody learns who holds it: the lock is not what is written there.
        with contextlib.suppress(OSError):
            os.ftruncate(self.fileno(), 0)
            os.write(self.fileno(), json.dumps(told).encode())

    def release(self) -> None:
        """Let go of the lock; it may be taken again."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                os.ftruncate(self.fileno(), 0)
            self._file.close()
            self._file = None

    def owner(self) -> LockHolder | None:
        """Return who wrote itself down as holding the lock, None where nobody did."""
        try:
            noted = json.loads(self.path.read_text(encoding="utf-8"))
            server = noted["server_pid"]
            return LockHolder(
                pid=int(noted["pid"]), server_pid=server and int(server), url=noted["url"]
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def free(self) -> bool:
        """Tell whether the lock could be taken at this moment.

        In an archive that may only be read it never can.
        """
        if self.held:
            return False
        if not self.path.exists():
            by_effect = os.access in os.supports_effective_ids
            return os.access(self.path.parent, os.W_OK, effective_ids=by_effect)
        try:
            with self.path.open("a+", encoding="utf-8") as file:
                return _lock(file)
        except OSError:
            return False

    def _orphaned(self) -> bool:
        owner = self.owner()
        return owner is not None and _is_orphan(owner)

    def _busy(self) -> ArchiveBusy:
        owner = self.owner()
        who = f"process {owner.pid}" if owner else "another process"
        return ArchiveBusy(
            f"{who} is writing to the archive",
            "wait until it is done, or stop it; reading goes on meanwhile",
            pid=owner.pid if owner else None,
        ).detailed(str(self.path.parent))


@contextlib.contextmanager
def written(lock: WriterLock) -> Iterator[bool]:
    """Hold the lock for the length of a block; a lock that is held already stays held.

    Gives whether it was taken for this block.
    """
    if lock.held:
        yield False
        return
    lock.take()
    try:
        yield True
    finally:
        lock.release()


def _lock(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _wait_for(file: IO[str], *, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if _lock(file):
            return True
        time.sleep(0.05)
    return _lock(file)


def _is_orphan(owner: LockHolder) -> bool:
    """Tell whether a server is left whose parent died, even if another process has its id now."""
    if owner.server_pid is None or not _alive(owner.server_pid):
        return False
    parent = _stat(owner.server_pid)
    return int(parent[1]) != owner.pid if parent else not _alive(owner.pid)


def _end_orphan(owner: LockHolder | None) -> None:
    if owner is None or owner.server_pid is None or not _is_orphan(owner):
        return
    if _is_chroma(owner.server_pid):
        with contextlib.suppress(ProcessLookupError):
            os.kill(owner.server_pid, signal.SIGTERM)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _zombie(pid)


def _zombie(pid: int) -> bool:
    return _stat(pid)[:1] == ["Z"]


def _stat(pid: int) -> list[str]:
    """Return a process's state, its parent's id and so on; nothing where there is no /proc."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return []


def _is_chroma(pid: int) -> bool:
    """Tell whether a process is a Chroma server: its id may have gone to somebody else."""
    command = Path(f"/proc/{pid}/cmdline")
    return not command.exists() or b"chroma" in command.read_bytes()
