"""What serving costs: `python -m benchmarks.serving [--articles PATH] [--readers MINUTES]`.

Median times of `/v1/search` and `/v1/ask` in quotes mode over a real server on loopback, beside
the library call alone in the same process; then requests a second of one client and of eight at
once, in turns, and what a request takes of the server's processor time, each in its best turn:
in the others, other programs had a part. In turns with it answer servers that let as many compute
at once as there are cores, and all eight. Searched by words; the archive is the sample unless files
are given, and as many answers are on record as are kept. By the library one asks on a thread of its
own, and eight by the threads that a server answers on.

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
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import NamedTuple

import httpx

from assistant.ask import Assistant
from assistant.render import hits_to_json, to_json
from assistant.settings import Keeping
from ingest.archive import Archive
from ingest.archive.papers import whose_is
from ingest.compute_slots import ComputeSlots, ComputeThreads, cores
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
_COMPUTING = {"one computes": 1, "a core each": cores(), "all compute": _AT_ONCE}
"""How many compute at once: what `morgue serve` does comes first."""

_TURNS = 8
_CPUCLOCK_SCHED = 2
"""In the number of a clock: the time for which the processors worked for a process."""

_IDLE = 3.0
"""Seconds after which a client connects anew: a server ends what is quiet for five."""

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
    app = create_app(Assistant(archive), Rules(computing=int(sys.argv[3])))
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


def rate(call: Call, clients: int, rounds: int) -> float:
    """Return requests a second with so many clients at once."""
    with ThreadPoolExecutor(clients) as asking:
        began = time.perf_counter()
        list(asking.map(call, [QUESTIONS[n % len(QUESTIONS)] for n in range(rounds)]))
        return rounds / (time.perf_counter() - began)


def told(name: str, library: Call, api: Call, rounds: int) -> None:
    alone, over = paired(library, api, rounds)
    more = statistics.median(b - a for a, b in zip(alone, over, strict=True))
    print(
        f"{name:<7} library {1000 * statistics.median(alone):6.1f} ms"
        f"   over HTTP {1000 * statistics.median(over):6.1f} ms   median more {1000 * more:4.1f} ms"
    )


class Cost(NamedTuple):
    """What a stretch of requests came to."""

    rate: float
    """Requests a second."""
    processor: float
    """Milliseconds of a processor that each took who answers."""


def cost(process: int, call: Call, clients: int, rounds: int) -> Cost:
    """Return what requests of so many clients at once cost."""
    rate(call, clients, 2 * clients)
    before = processor_seconds(process)
    a_second = rate(call, clients, rounds)
    return Cost(a_second, 1000 * (processor_seconds(process) - before) / rounds)


def processor_seconds(process: int) -> float:
    """Return the seconds of a processor that a process took so far, by its own clock (Linux)."""
    return time.clock_gettime(~process << 3 | _CPUCLOCK_SCHED)


class Answering(NamedTuple):
    """A process that answers one client, and several at once."""

    process: int
    alone: Call
    crowd: Call


def crowds(name: str, servers: Mapping[str, Answering], rounds: int) -> None:
    """Print what one and several clients get of each server, all of them in turns."""
    costs: dict[tuple[str, int], list[Cost]] = {}
    for _ in range(_TURNS):
        for which, server in servers.items():
            for clients, call in ((1, server.alone), (_AT_ONCE, server.crowd)):
                found = cost(server.process, call, clients, max(rounds // _TURNS, _AT_ONCE))
                costs.setdefault((which, clients), []).append(found)
    for which in servers:
        one, eight = (
            Cost(max(one.rate for one in found), min(one.processor for one in found))
            for found in (costs[which, 1], costs[which, _AT_ONCE])
        )
        print(
            f"{name:<7} {which:<22} one {one.rate:5.1f}/s {one.processor:5.2f} CPU ms"
            f"   eight at once {eight.rate:5.1f}/s {eight.processor:5.2f} CPU ms"
            f"   eight/one {eight.rate / one.rate:4.2f}"
        )


def served(port: int, path: str, body: Callable[[str], dict[str, object]]) -> Call:
    """Return a client that costs as little as one can, with a connection for each thread."""
    kept = threading.local()

    def call(question: str) -> object:
        if time.monotonic() - getattr(kept, "used", 0.0) > _IDLE:
            kept.connection = HTTPConnection("127.0.0.1", port, timeout=60)
            kept.connection.connect()
            kept.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sent = json.dumps(body(question))
        kept.connection.request("POST", path, sent, {"Content-Type": "application/json"})
        reply = kept.connection.getresponse()
        assert reply.status == 200
        kept.used = time.monotonic()
        return reply.read()

    return call


def compare(archive: Archive, servers: Mapping[str, tuple[int, int]], rounds: int) -> None:
    """Compare the library with the first of some servers, and the servers with each other."""
    assistant = Assistant(archive)

    def search(question: str) -> object:
        return json.dumps(hits_to_json(*assistant.search(question)))

    def ask(question: str) -> object:
        return json.dumps(to_json(assistant.ask(question, mode="quotes")))

    def quotes(question: str) -> dict[str, object]:
        return {"question": question, "mode": "quotes"}

    fill(archive, assistant)
    (port, _), *_ = servers.values()
    told("search", search, served(port, "/v1/search", lambda q: {"query": q}), rounds)
    told("ask", ask, served(port, "/v1/ask", quotes), rounds)
    for name, call in (("search", search), ("ask", ask)):
        library = {
            f"library, {which}": Answering(os.getpid(), call, on_threads(call, computing))
            for which, computing in _COMPUTING.items()
        }
        crowds(name, library, rounds)
    for name, path, body in (
        ("search", "/v1/search", lambda q: {"query": q}),
        ("ask", "/v1/ask", quotes),
    ):
        calls = {which: served(at, path, body) for which, (at, _) in servers.items()}
        answering = {
            f"HTTP, {which}": Answering(process, calls[which], calls[which])
            for which, (_, process) in servers.items()
        }
        crowds(name, answering, rounds)
    for which, (_, process) in servers.items():
        print(f"memory of the server, {which}: {memory(process)} MiB")


def on_threads(call: Call, computing: int) -> Call:
    """Return a call that is made on threads of which so many compute at once."""
    threads = ComputeThreads(ComputeSlots(computing), _AT_ONCE, "answers")

    def wait(question: str) -> object:
        return threads.submit(partial(call, question)).result()

    return wait


def fill(archive: Archive, assistant: Assistant) -> None:
    """Put on record as many answers as are kept, as they are after a while."""
    kept = assistant.ask(QUESTIONS[0], mode="quotes").record_id
    assert kept is not None
    papers = archive.papers
    text = (papers.record(kept) or b"").decode()
    whose = whose_is(papers.archive, None)
    for n in range(Keeping().records):
        papers.keep_record(f"20240101T{n:012}-{n:08x}", whose, text)


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
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as running:
        os.environ["XDG_DATA_HOME"] = f"{folder}/data"
        settings = IngestSettings(embedder="none")
        archive = running.enter_context(
            Archive.open(f"{folder}/archive", create=True, settings=settings)
        )
        ingest([given.articles], archive, embed=False)
        print(f"{archive.status().articles:,} articles, {os.cpu_count()} cores")
        servers = {}
        for n, (which, computing) in enumerate(_COMPUTING.items()):
            command = [sys.executable, "-c", _SERVER, f"{folder}/archive", str(given.port + n)]
            server = running.enter_context(subprocess.Popen([*command, str(computing)]))
            running.callback(server.terminate)
            wait(f"http://127.0.0.1:{given.port + n}", server)
            servers[which] = given.port + n, server.pid
            if given.readers:
                read_at_once(given.port, server.pid, given.readers)
                return
        compare(archive, servers, given.rounds)


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
