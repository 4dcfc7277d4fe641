"""The processes of `benchmarks.faults`: who writes, serves, asks and looks; started and killed."""

import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import httpx

from benchmarks.fault_ledger import Ledger

ROOT = Path(__file__).resolve().parents[1]
_PATIENCE = 180.0
_PAUSE = 0.6
"""Between two questions: who asks must not take the machine from who writes."""


class FaultDesk:
    """A process of `benchmarks.fault_desk`, which may be killed; what it says is lines of JSON."""

    def __init__(self, verb: str, archive: Path, *rest: object) -> None:
        words = [sys.executable, "-m", "benchmarks.fault_desk", verb, str(archive)]
        environment = {
            k: v for k, v in os.environ.items() if not k.startswith(("MORGUE_", "PYTHON"))
        }
        self._log = archive.parent / f"{verb}.log"
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                [*words, *map(str, rest)], cwd=ROOT, env=environment, text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
            )  # fmt: skip

    def hear(self) -> dict[str, Any]:
        """Return what it says next; nothing once it has ended."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        try:
            said: dict[str, Any] = json.loads(line)
        except ValueError:  # it was killed as it spoke
            return {}
        return said

    def lines(self) -> Iterator[dict[str, Any]]:
        """Yield what it says until it ends."""
        while said := self.hear():
            yield said
        self.process.wait()

    def tell(self, **what: object) -> None:
        """Say something to it."""
        assert self.process.stdin is not None
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.write(json.dumps(what) + "\n")
            self.process.stdin.flush()

    def kill(self) -> list[dict[str, Any]]:
        """Kill it as -9 does, and only it; return what it had said and nobody heard."""
        self.process.send_signal(signal.SIGKILL)
        return list(self.lines())

    def failure(self) -> str | None:
        """Return how it ended, where it neither came to its end nor told why not."""
        status = self.process.wait(timeout=_PATIENCE)
        if not status:
            return None
        lines = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
        return f"it ended with {status}: {lines[-1] if lines else ''}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with contextlib.suppress(BrokenPipeError):
                    pipe.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(timeout=20)
        self.process.kill()
        self.process.wait()


class FaultServer(FaultDesk):
    """A server over an archive, with Chroma as its child."""

    def __init__(self, archive: Path) -> None:
        super().__init__("serve", archive)
        began = self.hear()
        if "port" not in began:
            raise RuntimeError(f"nothing is served: {began or self.failure()}")
        self.chroma: int = began["chroma"]
        self._http = httpx.Client(base_url=f"http://127.0.0.1:{began['port']}", timeout=_PATIENCE)

    def post(self, file: Path) -> str:
        """Hand a file to it; return the job that it accepted."""
        reply = self._http.post("/v1/ingest", params={"name": file.name}, content=file.read_bytes())
        return str(reply.raise_for_status().json()["job_id"])

    def ended(self, job: str) -> dict[str, Any]:
        """Wait until a job is over, and return what came of it."""
        until = time.monotonic() + _PATIENCE
        while True:
            told: dict[str, Any] = self._http.get(f"/v1/ingest/{job}").raise_for_status().json()
            if told["finished_at"] or time.monotonic() > until:
                return told
            time.sleep(0.1)

    def reads_up_to(self, articles: int) -> bool:
        """Wait until so many articles can be searched, and all of them are embedded."""
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            told = self.told()
            if told["articles"] >= articles and not told["pending"]:
                return True
            time.sleep(0.2)
        return False

    def told(self) -> dict[str, Any]:
        """Return what it tells of the archive."""
        told: dict[str, Any] = self._http.get("/v1/status").raise_for_status().json()
        return told

    def shown(self, query: str) -> list[dict[str, Any]]:
        """Search by meaning, and return the places that it shows."""
        body = {"query": query, "by": "meaning", "k": 20}
        hits = self._http.post("/v1/search", json=body).raise_for_status().json()["hits"]
        return [{**hit, "id": hit["article_id"]} for hit in hits]

    def __exit__(self, *_: object) -> None:
        self._http.close()
        super().__exit__()


class Asker(threading.Thread):
    """Asks an archive without end, from a process of its own, and holds what is shown to it."""

    def __init__(self, archive: Path, ledger: Ledger) -> None:
        super().__init__(daemon=True)
        self.outcomes = self.places = self.deaths = 0
        self.wrong: list[str] = []
        self.errors: set[str] = set()
        self._archive, self._ledger = archive, ledger
        self._desk: FaultDesk | None = None
        self._over, self._may = threading.Event(), threading.Lock()

    def run(self) -> None:
        """Ask until it is to end; begin anew where the process has died."""
        chance = random.Random(11)
        while not self._over.is_set():
            with self._may:
                self._desk = FaultDesk("ask", self._archive)
            with self._desk as desk:
                desk.hear()
                while not self._over.is_set() and self._asked(desk, chance):
                    self._over.wait(_PAUSE)

    def _asked(self, desk: FaultDesk, chance: random.Random) -> bool:
        with self._may:
            text = self._ledger.question(chance)
            desk.tell(by=chance.choice(["ask", "both", "meaning"]), text=text)
            said = desk.hear()
        if not said:
            self.deaths += 1
            return False
        self.outcomes += 1
        if "error" in said:
            self.errors.add(f"{said['error']}: {said['message']}"[:100])
        for place in said.get("shown", ()):
            self.places += 1
            if not self._ledger.is_right(place):
                self.wrong.append(str(place))
        return True

    @contextlib.contextmanager
    def away(self) -> Iterator[None]:
        """Have nobody ask for a block, and no process that has the archive open."""
        with self._may:
            if self._desk is not None:
                self._desk.process.kill()
                self._desk.process.wait()
                self.deaths -= 1
            yield

    def end(self) -> None:
        """End it, and wait."""
        self._over.set()
        self.join(timeout=60)
