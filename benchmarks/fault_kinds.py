"""The faults of `benchmarks.faults`: each does its harm, and holds what must hold after it."""

import contextlib
import os
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from benchmarks.fault_processes import FaultDesk, FaultServer
from benchmarks.fault_run import FaultRun

_BYTES = 64
"""Bytes that are flipped at once."""
_ROOM = 2_000_000
"""Bytes that are free on the small disk when it is filled."""

Fault = Callable[[FaultRun], str]


def kill_writer(run: FaultRun) -> str:
    """Kill a writer at any moment, and let another read the same files again."""
    files, after = run.files(4), run.chance.randrange(4)
    with FaultDesk("put", run.archive, *files) as writer:
        said = [writer.hear() for _ in range(after)]
        time.sleep(run.chance.random() * 2)
        said += writer.kill()
    kept = [one["kept"] for one in said if "kept" in one]
    for name in kept:
        run.ledger.acknowledge(name)
    looked = run.whole()
    run.puts(files)
    return f"as it had read {len(kept)} of four files; {looked}; the next read the rest"


def kill_chroma(run: FaultRun) -> str:
    """Kill the Chroma server under a server that is asked and filled."""
    before, after = run.files(2)
    with FaultServer(run.archive) as server:
        _hand(run, server, before)
        os.kill(server.chroma, signal.SIGKILL)
        shown = server.shown(run.ledger.question(run.chance))
        run.holds_places(shown)
        _hand(run, server, after)
        if pending := server.told()["pending"]:
            run.fail(f"{pending} passages stay without vectors: Chroma was not started again")
    looked = run.whole()
    return f"between two files; {len(shown)} passages found without it; {looked}"


def _hand(run: FaultRun, server: FaultServer, file: Path) -> None:
    job = server.post(file)
    run.ledger.acknowledge(file.name)
    ended = server.ended(job)
    if ended["state"] != "done":
        run.fail(f"a file that was accepted was not read: {ended['state']}, {ended['problem']}")


def kill_server(run: FaultRun) -> str:
    """Kill a server that has accepted files and not read them; the next one reads them."""
    with FaultServer(run.archive) as server:
        for file in run.files(3):
            server.post(file)
            run.ledger.acknowledge(file.name)
        time.sleep(run.chance.random())
        server.kill()
    with FaultServer(run.archive) as server:
        if not server.reads_up_to(len(run.ledger.kept)):
            run.fail(f"files that were accepted were not read: {server.told()}")
    return f"as it had accepted three files; the next one took them up; {run.whole()}"


def fill_disk(run: FaultRun) -> str:
    """Fill the disk under a copy of the archive, then make room and go on."""
    before, place = run.ledger.moment(), run.archive.parent / "disk"
    size = sum(file.stat().st_size for file in run.archive.rglob("*") if file.is_file())
    with _mounted(place, size + _ROOM) as mounted:
        if not mounted:
            return "left out: nothing may be mounted here"
        archive = place / "archive"
        shutil.copytree(run.archive, archive)
        told: list[str] = []
        while not told:
            files = run.files(3)
            told = run.put(files, archive)
        if not told[0].startswith("ArchiveError: no space") or len(told) > 1:
            run.fail(f"a full disk was told as {told}")
        _mount(place, "remount", 2 * size + 100 * _ROOM)
        run.puts(files, archive)
        looked = run.whole(archive)
        run.ledger.back_to(before)
    return f"told in words; with room it went on; {looked}"


@contextlib.contextmanager
def _mounted(place: Path, size: int) -> Iterator[bool]:
    """Mount a small disk of memory for a block, where that is allowed; gives whether it is."""
    place.mkdir(exist_ok=True)
    mounted = _mount(place, "rw", size)
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "-l", str(place)], check=True)


def _mount(place: Path, how: str, size: int) -> bool:
    command = ["mount", "-t", "tmpfs", "-o", f"{how},size={size}", "tmpfs", str(place)]
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def flip_words(run: FaultRun) -> str:
    """Flip bytes in the index by words."""
    return _flip(run, "words")


def flip_meaning(run: FaultRun) -> str:
    """Flip bytes in the index by meaning."""
    return _flip(run, "meaning")


def _flip(run: FaultRun, follower: str) -> str:
    """Flip bytes of any file of an index; the doctor must notice."""
    files = [file for file in (run.archive / follower).rglob("*") if _has_bytes(file)]
    file = run.chance.choice(files)
    data = bytearray(file.read_bytes())
    for _ in range(_BYTES):
        data[run.chance.randrange(len(data))] ^= run.chance.randrange(1, 256)
    with file.open("r+b") as opened:  # in place, as a disk does: whoever reads it has it open
        opened.write(data)
    time.sleep(1)  # who asks meets it
    looked = run.look()
    if looked.lost:
        run.fail(f"{looked.lost} acknowledged articles are lost")
    harmless = not looked.verify and not looked.unfound
    if not looked.doctor and not harmless:
        run.fail(f"the doctor did not notice: {looked.verify}, {looked.unfound} not found")
    noticed = "the doctor noticed" if looked.doctor else "nothing of it is read"
    run.done["noticed" if looked.doctor else "harmless"] += 1
    run.rebuilt(follower)
    return f"{_BYTES} bytes of {_kind(file)}; {noticed}; rebuilt; {run.whole()}"


def _kind(file: Path) -> str:
    return file.name if file.suffix in {".json", ".sqlite3", ".bin"} else f"*{file.suffix}"


def _has_bytes(file: Path) -> bool:
    return file.is_file() and file.suffix not in {".lock", ".log"} and file.stat().st_size > 0


def set_back_words(run: FaultRun) -> str:
    """Put an older index by words in the place of the newer one."""
    return _set_back(run, "words")


def set_back_meaning(run: FaultRun) -> str:
    """Put an older index by meaning in the place of the newer one."""
    return _set_back(run, "meaning")


def _set_back(run: FaultRun, follower: str) -> str:
    older, now = run.archive.parent / "older", run.archive / follower
    shutil.copytree(now, older)
    run.puts(run.files(2))
    shutil.rmtree(now)
    older.rename(now)
    time.sleep(1)
    return f"by two files; {run.whole()}"


def set_back_catalogue(run: FaultRun) -> str:
    """Put an older catalogue in the place of the newer one, and write others on top of it."""
    now, older = run.archive / "catalogue.sqlite", run.archive.parent / "older.sqlite"
    with closing(sqlite3.connect(now)) as catalogue, closing(sqlite3.connect(older)) as copy:
        catalogue.backup(copy)
    before = run.ledger.moment()
    run.puts(run.files(2))
    with run.asker.away():
        for file in (now, now.with_name(f"{now.name}-wal"), now.with_name(f"{now.name}-shm")):
            file.unlink(missing_ok=True)
        older.rename(now)
        run.ledger.back_to(before)
    run.puts(run.files(3))
    return f"by two files, then three others read; {run.whole()}"


FAULTS: tuple[Fault, ...] = (
    kill_writer, kill_chroma, kill_server, fill_disk, flip_words, flip_meaning, set_back_words,
    set_back_meaning, set_back_catalogue,
)  # fmt: skip
