"""What serving costs: `python -m benchmarks.serving [--articles PATH] [--readers MINUTES]`.

Requests a second and median times of `/v1/search` and `/v1/ask` in quotes mode over a real
server on loopback, one client after another and eight at once, beside the library call alone in
the same process. Searched by words; the archive is the sample unless files are given.

With `--readers`, eight readers ask every ten seconds for so many minutes instead: failures, time
to the first checked sentence, and what the server's memory grows by.
"""

import argparse
import contextlib
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException
from pathlib import Path

import httpx

from assistant.ask import Assistant
from assistant.render import hits_to_json, to_json
from ingest.archive import Archive
from ingest.pipeline import ingest
from ingest.settings import IngestSettings

SAMPLE = Path(__file__).parents[1] / "ingest" / "sample" / "articles"
QUESTIONS = (
    "What did the foreign ministry say about associate membership?",
    "How many people were hurt on the ferry?",
    "Who struck the rocks off Skarn Island?",
    "What did the coastguard say?",
)
_AT_ONCE = 8
_EVERY = 10.0
"""Seconds after which a reader asks again."""

_SERVER = """
import sys
import uvicorn
from assistant.doors.api import Rules, create_app
from assistant.ask import Assistant
from ingest.archive import Archive
from ingest.settings import IngestSettings
with Archive.open(sys.argv[1], settings=IngestSettings(embedder="none")) as archive:
    app = create_app(Assistant(archive), Rules())
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[2]), log_level="error")
"""


Call = Callable[[str], object]


def paired(library: Call, api: Call, rounds: int) -> tuple[list[float], list[float]]:
    """Return the seconds of each call, one beside the other: a busy machine slows both alike."""
    spent: tuple[list[float], list[float]] = ([], [])
    for n in range(len(QUESTIONS) + rounds):
        for call, kept in zip((library, api), spent, strict=True):
            began = time.perf_counter()
            call(QUESTIONS[n % len(QUESTIONS)])
            kept.append(time.perf_counter() - began)
    warm = len(QUESTIONS)
    return spent[0][warm:], spent[1][warm:]


def rate(call: Call, rounds: int) -> float:
    """Return requests a second with several clients at once."""
    with ThreadPoolExecutor(_AT_ONCE) as clients:
        began = time.perf_counter()
        list(clients.map(call, [QUESTIONS[n % len(QUESTIONS)] for n in range(rounds)]))
        return rounds / (time.perf_counter() - began)


def told(name: str, library: Call, api: Call, rounds: int) -> None:
    alone, over = paired(library, api, rounds)
    more = statistics.median(b - a for a, b in zip(alone, over, strict=True))
    print(
        f"{name:<7} library {1000 * statistics.median(alone):6.1f} ms"
        f"   over HTTP {1000 * statistics.median(over):6.1f} ms   median more {1000 * more:4.1f} ms"
        f"   alone {rounds / sum(over):5.1f}/s   {_AT_ONCE} at once {rate(api, rounds):5.1f}/s"
    )


def served(port: int, path: str, body: Callable[[str], dict[str, object]]) -> Call:
    """Return a client that costs as little as one can, with a connection for each thread."""
    kept = threading.local()

    def call(question: str) -> object:
        if not hasattr(kept, "connection"):
            kept.connection = HTTPConnection("127.0.0.1", port, timeout=60)
            kept.connection.connect()
            kept.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sent = json.dumps(body(question))
        kept.connection.request("POST", path, sent, {"Content-Type": "application/json"})
        reply = kept.connection.getresponse()
        assert reply.status == 200
        return reply.read()

    return call


def compare(archive: Archive, port: int, rounds: int) -> None:
    assistant = Assistant(archive)

    def search(question: str) -> object:
        return json.dumps(hits_to_json(*assistant.search(question)))

    def ask(question: str) -> object:
        return json.dumps(to_json(assistant.ask(question, mode="quotes")))

    told("search", search, served(port, "/v1/search", lambda q: {"query": q}), rounds)
    quotes = served(port, "/v1/ask", lambda q: {"question": q, "mode": "quotes"})
    told("ask", ask, quotes, rounds)


def first_sentence(port: int, question: str) -> float:
    """Return the seconds from asking to the first checked sentence, or to the end without one."""
    began = time.perf_counter()
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    with contextlib.closing(connection):
        body = json.dumps({"question": question, "mode": "quotes", "stream": True})
        connection.request("POST", "/v1/ask", body, {"Content-Type": "application/json"})
        reply = connection.getresponse()
        assert reply.status == 200, reply.read()
        spent = None
        while line := reply.readline():
            assert not line.startswith(b"event: error"), line
            if spent is None and line.startswith((b"event: said", b"event: finished")):
                spent = time.perf_counter() - began
    assert spent is not None, "the answer broke off"
    return spent


def read_at_once(port: int, server: int, minutes: float) -> None:
    """Let readers ask, each every few seconds, and print how they fared."""
    spent: list[float] = []
    failed: list[str] = []
    until = time.monotonic() + 60 * minutes

    def reader(n: int) -> None:
        time.sleep(n * _EVERY / _AT_ONCE)
        while time.monotonic() < until:
            asked = time.monotonic()
            try:
                spent.append(first_sentence(port, QUESTIONS[len(spent) % len(QUESTIONS)]))
            except (OSError, AssertionError, HTTPException) as error:
                failed.append(repr(error))
            time.sleep(max(0.0, _EVERY - (time.monotonic() - asked)))

    first_sentence(port, QUESTIONS[0])
    before = memory(server)
    with ThreadPoolExecutor(_AT_ONCE) as readers:
        list(readers.map(reader, range(_AT_ONCE)))
    spent.sort()
    print(
        f"{_AT_ONCE} readers, {minutes:g} minutes: {len(spent)} answers, {len(failed)} failed;"
        f" first sentence median {1000 * statistics.median(spent):.0f} ms,"
        f" 95 of 100 within {1000 * spent[int(0.95 * len(spent))]:.0f} ms;"
        f" memory {before} MiB, then {memory(server)} MiB"
    )
    print("\n".join(sorted(set(failed))))


def memory(process: int) -> int:
    """Return the MiB that a process holds (Linux)."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) // 1024


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=Path, default=SAMPLE)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--port", type=int, default=7961)
    parser.add_argument("--readers", type=float, metavar="MINUTES")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = IngestSettings(embedder="none")
        with Archive.open(folder, create=True, settings=settings) as archive:
            ingest([given.articles], archive, embed=False)
            print(f"{archive.status().articles:,} articles, {os.cpu_count()} cores")
            command = [sys.executable, "-c", _SERVER, folder, str(given.port)]
            with subprocess.Popen(command) as server:
                address = f"http://127.0.0.1:{given.port}"
                try:
                    wait(address, server)
                    if given.readers:
                        read_at_once(given.port, server.pid, given.readers)
                    else:
                        compare(archive, given.port, given.rounds)
                finally:
                    server.terminate()


def wait(address: str, server: "subprocess.Popen[bytes]") -> None:
    while True:
        try:
            httpx.get(f"{address}/health")
        except httpx.ConnectError:
            if server.poll() is not None:
                sys.exit("the server did not start")
            time.sleep(0.2)
        else:
            return


if __name__ == "__main__":
    main()
