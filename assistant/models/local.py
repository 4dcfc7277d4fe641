"""A language model on this machine: llama.cpp as a child on loopback, by the package xllamacpp.

The child answers only to a key that nobody else knows, and ends when we do: it reads a pipe that
closes with this process, however that ends.
"""

import json
import logging
import os
import queue
import secrets
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import IO, TYPE_CHECKING

from assistant.errors import ServiceDown
from ingest.embed.language_models import weights
from ingest.errors import SettingsError

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

    from assistant.settings import Settings


logger = logging.getLogger("morgue.local")

_CONTEXT = 6144
_LONGEST = 400
"""Tokens of a reply: five sentences. A small model that goes round in circles ends there."""

_START_SECONDS = 120
_LAST_LINES = 20
"""Lines that are kept of what a model's server says."""

_running: dict[Path, "Child"] = {}
_starting = threading.Lock()


def local(name: str, settings: "Settings") -> "LLM":
    """Return the LlamaIndex client of a model whose weights are here; start it if need be.

    Raises SettingsError without the weights or the package, ServiceDown where it does not start.
    """
    from pydantic import SecretStr

    from assistant.models.llm import openai_like
    from ingest.settings import IngestSettings

    shelf = IngestSettings()
    child = _child(weights(name, shelf.models), shelf.threads)
    at = {"base_url": child.url, "api_key": SecretStr(child.key)}
    return openai_like(name, settings.model_copy(update=at))


def look(settings: "Settings") -> None:
    """Raise SettingsError at once, not at the first question, where a local model cannot be run."""
    from ingest.settings import IngestSettings

    plugin, _, name = (settings.model or "").partition(":")
    if plugin == "local":
        weights(name, IngestSettings().models)
        _installed()


def _installed() -> None:
    if find_spec("xllamacpp") is None:
        raise SettingsError(
            "the package xllamacpp, which runs a model here, is not installed",
            "run `pip install 'morgue[local]'`",
        )


def _child(file: Path, threads: int) -> "Child":
    with _starting:
        running = _running.get(file)
        if running is not None and not running.alive:
            running.close()  # and its last words have come
            logger.warning("the local model ended: %s", running.last_words or "it said nothing")
            running = None
        if running is None:
            _installed()
            _running[file] = running = Child(command(file, threads))
        return running


def command(file: Path, threads: int) -> list[str]:
    """Return the command that serves weights; no file of the working folder is a module of its."""
    return [sys.executable, "-P", "-m", "assistant.models.local", str(file), str(threads)]


class Child:
    """A server in a process of its own: its address, and the key it asks for.

    It says its address as JSON on a line of its own. What else it says is read as it comes, so
    that it never waits for somebody to listen, and the last of it is kept.
    """

    def __init__(self, command: Sequence[str], *, seconds: float = _START_SECONDS) -> None:
        self.key = secrets.token_urlsafe(24)
        self._said = deque[str](maxlen=_LAST_LINES)
        self._complained = deque[str](maxlen=1)
        self._told = queue.SimpleQueue[str]()
        self._process = subprocess.Popen(  # noqa: S603 (our own command, no shell)
            list(command),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={**os.environ, _KEY: self.key}, text=True, errors="replace",
        )  # fmt: skip
        self._listening = [
            threading.Thread(target=self._listen, args=(pipe, *also), daemon=True)
            for pipe, *also in (
                (self._process.stdout,),
                (self._process.stderr, self._complained),
            )
        ]
        for thread in self._listening:
            thread.start()
        try:
            self.url = f"{self._address(seconds)}/v1"
        except BaseException:
            self.close()
            raise

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    @property
    def last_words(self) -> str:
        """The last of what it said besides its address."""
        return "\n".join(self._said)

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()
        for thread in self._listening:
            thread.join()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()

    def _listen(self, pipe: IO[str], *also: deque[str]) -> None:
        """Take what the child says until it ends; the address goes to whoever waits for it."""
        for line in pipe:
            if line.startswith('{"address"'):
                self._told.put(line)
            elif line.strip():
                for kept in (self._said, *also):
                    kept.append(line.rstrip())
        self._told.put("")

    def _address(self, seconds: float) -> str:
        try:
            # One word of each pipe at least: the address, or that it is closed.
            told = self._told.get(timeout=seconds) or self._told.get(timeout=seconds)
        except queue.Empty:
            told = ""
        if told:
            return str(json.loads(told)["address"])
        self._process.kill()
        for thread in self._listening:  # its last words may still be in a pipe
            thread.join()
        last = [*self._said, *self._complained] or ["it said nothing"]
        raise ServiceDown(
            f"the local model did not start: {last[-1]}",
            "it needs some 2 GB of memory; `morgue doctor` looks at what is here",
        )


_KEY = "MORGUE_LOCAL_KEY"


def _serve(file: str, threads: int) -> None:
    """Serve a model until the pipe on standard input closes."""
    import xllamacpp  # type: ignore[import-untyped,import-not-found,unused-ignore]

    asked = xllamacpp.CommonParams()
    asked.model.path = file
    asked.n_ctx, asked.n_predict, asked.n_parallel = _CONTEXT, _LONGEST, 1
    asked.hostnames, asked.port = ["127.0.0.1"], 0
    asked.api_keys = [os.environ.pop(_KEY)]
    asked.warmup, asked.ui, asked.cache_ram_mib = False, False, 512
    if threads:
        asked.cpuparams.n_threads = asked.cpuparams_batch.n_threads = threads
    server = xllamacpp.Server(asked)
    sys.stdout.write(json.dumps({"address": server.listening_address}) + "\n")
    sys.stdout.flush()
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    _serve(sys.argv[1], int(sys.argv[2]))
