"""Chroma servers on loopback, each with a folder of its own: started, killed, started again."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import chromadb
from chromadb.config import Settings

from ingest.archive import Archive
from ingest.archive.chroma_store import KINDS
from ingest.archive.server import answers

_RUN = "import sys; from chromadb_rust_bindings import cli; sys.exit(cli(['chroma', 'run', *sys.argv[1:]]))"  # noqa: E501
_SECONDS = 60


class LoopbackChroma:
    """`chroma run` at one port, over one folder."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            self.port = int(listener.getsockname()[1])
        self.folder = folder
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", _RUN, "--path", str(self.folder),
             "--host", "127.0.0.1", "--port", str(self.port)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until = time.monotonic() + _SECONDS
        while not answers(self.url):
            assert time.monotonic() < until, "the Chroma server did not start"
            time.sleep(0.05)

    def kill(self) -> None:
        """Kill it as -9 does."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def stop(self) -> None:
        """Have it keep its port and answer nobody."""
        assert self._process is not None
        os.kill(self._process.pid, signal.SIGSTOP)

    def held(self, archive: Archive) -> dict[str, set[int]]:
        """Return the numbers of the vectors that it holds for an archive, by kind."""
        with ExitStack() as closing:
            client: Any = chromadb.HttpClient(
                "127.0.0.1", self.port, settings=Settings(anonymized_telemetry=False)
            )
            for one in (client, client._admin_client):
                closing.callback(one._server._session.close)
            names = {archive.meaning.stores[0]._named(kind): kind for kind in KINDS}
            return {
                names[one.name]: {int(i) for i in one.get(include=[])["ids"]}
                for one in client.list_collections()
                if one.name in names
            }


@contextlib.contextmanager
def chroma_servers(folder: Path, number: int) -> Iterator[list[LoopbackChroma]]:
    """Run some Chroma servers for a block."""
    servers = [LoopbackChroma(folder / f"chroma-{n}") for n in range(number)]
    try:
        for server in servers:
            server.start()
        yield servers
    finally:
        for server in servers:
            server.kill()
