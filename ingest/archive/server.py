"""A Chroma server on loopback, as a child that inherits the archive's lock."""

import os
import socket
import subprocess
import sys
import time
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

from ingest.archive.lock import LockHolder, WriterLock
from ingest.errors import ServiceDown

_START_SECONDS = 30

_RUN = (
    "import sys; from chromadb_rust_bindings import cli; sys.exit(cli(['chroma', *sys.argv[1:]]))"
)
"""What `chroma` itself calls, without the package around it: that takes seconds to import."""


class ChromaServer:
    """`chroma run` over one folder; it dies with `stop()`, or is cleared by the next writer."""

    def __init__(self, folder: Path, lock: WriterLock) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        port = _free_port()
        self.url = f"http://127.0.0.1:{port}"
        self._log = (folder.parent / "chroma.log").open("wb")
        self._process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-P", "-c", _RUN, "run", "--path", str(folder),
             "--host", "127.0.0.1", "--port", str(port)],
            stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log,
            pass_fds=(lock.fileno(),),
        )  # fmt: skip
        try:
            # Before it is up: should we die now, the next writer must know whom to clear.
            lock.note(LockHolder(pid=os.getpid(), server_pid=self._process.pid, url=self.url))
            self._wait()
        except BaseException:
            self.stop()
            raise

    @property
    def runs(self) -> bool:
        """Whether it has not ended, of itself or killed."""
        return self._process.poll() is None

    def stop(self) -> None:
        """End the server; what it was given is on disk."""
        self._process.terminate()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()

    def _wait(self) -> None:
        until = time.monotonic() + _START_SECONDS
        while time.monotonic() < until:
            if self._process.poll() is not None:
                break
            if answers(self.url):
                return
            time.sleep(0.05)
        raise ServiceDown(
            f"the Chroma server did not start; its output is in {self._log.name!r}",
            "run `morgue doctor`, or set MORGUE_CHROMA_URL to a server of your own",
        )


def answers(url: str) -> bool:
    """Tell whether a Chroma server answers at an address; nobody is followed to another one."""
    parts = urlsplit(url)
    asked = HTTPConnection(parts.hostname or "", parts.port, timeout=2)
    try:
        asked.request("GET", "/api/v2/heartbeat")
        return asked.getresponse().status == 200
    except (OSError, HTTPException):
        return False
    finally:
        asked.close()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
