"""What serving costs: `python -m benchmarks.serving [--articles PATH]`.

Requests a second and median times of `/v1/search` and `/v1/ask` in quotes mode over a real
server on loopback, one client after another and eight at once, beside the library call alone in
the same process. Searched by words; the archive is the sample unless files are given.
"""

import argparse
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
from http.client import HTTPConnection
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

_SERVER = """
import sys
import uvicorn
from assistant.doors.api import Rules, create_app
from assistant.ask import Assistant
from ingest.archive import Archive
from ingest.settings import IngestSettings
with Archive.open(sys.argv[1], settings=Settings(embedder="none")) as archive:
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


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--articles", type=Path, default=SAMPLE)
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--port", type=int, default=7961)
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
