"""A PostgreSQL of the tests' own: in a temporary folder, on a socket that only this machine has."""

import contextlib
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

FOLDERS = [*map(Path, os.environ.get("PATH", "").split(os.pathsep))]
FOLDERS += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
MISSING = "PostgreSQL is not here: install it (apt install postgresql), 15 or newer"


class TemporaryServer:
    """A server that is started, stopped and started again; `url` is where it answers.

    `data` is the folder of all that it keeps.
    """

    def __init__(self, folder: Path, programs: Path, fsync: str = "off") -> None:
        self._fsync = fsync
        self.data = folder / "data"
        self._folder = folder
        self._programs = programs
        self.url = f"postgresql://keeper:secret-word@/postgres?host={folder}"

    def make(self) -> None:
        """Make the files of a database."""
        self._run("initdb", "-D", str(self.data), "-U", "keeper", "-A", "trust", "-E", "UTF8",
                  "--locale=C", "-N")  # fmt: skip

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = (
            f"-k {self._folder} -c listen_addresses= -c fsync={self._fsync} -c max_connections=200"
        )
        self._run("pg_ctl", "-D", str(self.data), "-w", "-o", options, "-l",
                  str(self._folder / "log"), "start")  # fmt: skip

    def stop(self) -> None:
        """Stop it at once, whoever is connected."""
        self._run("pg_ctl", "-D", str(self.data), "-w", "-m", "immediate", "stop")

    def _run(self, program: str, *given: str) -> None:
        command: Sequence[str] = [str(self._programs / program), *given]
        done = subprocess.run(
            command, check=False, text=True, user=_user(), cwd=self._folder,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr


def missing() -> str | None:
    """Return why no server can be started here, None where one can."""
    programs = _programs()
    if programs is None:
        return MISSING
    if os.geteuid() == 0:
        try:
            pwd.getpwnam("postgres")
        except KeyError:
            return "PostgreSQL does not run as root, and there is no user `postgres` to run it"
    try:
        subprocess.run(
            [programs / "initdb", "--version"], check=True, user=_user(), cwd="/",
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.CalledProcessError) as error:
        return f"PostgreSQL is here, and cannot be run by who would have to: {error}"
    return None


def _user() -> str | None:
    return "postgres" if os.geteuid() == 0 else None  # PostgreSQL does not run as root


def _programs() -> Path | None:
    """Find the folder of the programs themselves: a link may stand where its user may not go."""
    for folder in FOLDERS:
        if (folder / "initdb").exists() and (folder / "pg_ctl").exists():
            return (folder / "initdb").resolve().parent
    return None


@contextlib.contextmanager
def running(*, durable: bool = False) -> Iterator[TemporaryServer]:
    """Give a server that runs, and leave nothing of it; a durable one writes to the disk."""
    programs = _programs()
    assert programs is not None, MISSING
    folder = Path(tempfile.mkdtemp(prefix="morgue-pg-"))  # a socket's path must be short
    try:
        folder.chmod(0o755)  # some tests ask as a user who may write nothing
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        server = TemporaryServer(folder, programs, "on" if durable else "off")
        server.make()
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
