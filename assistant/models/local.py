"""A language model on this machine: llama.cpp as a child on loopback, by the package xllamacpp.

The child answers only to a key that nobody else knows, and ends when we do: it reads a pipe that
closes with this process, however that ends.
"""

import json
import os
import secrets
import subprocess
import sys
import threading
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import ServiceDown
from ingest.embed.language_models import weights
from ingest.errors import SettingsError

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

    from assistant.settings import Settings


_CONTEXT = 6144
_LONGEST = 400
"""Tokens of a reply: five sentences. A small model that goes round in circles ends there."""

_START_SECONDS = 120
_running: dict[Path, "_Child"] = {}
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


def _child(file: Path, threads: int) -> "_Child":
    with _starting:
        running = _running.get(file)
        if running is None or not running.alive:
            _running[file] = running = _Child(file, threads)
        return running


class _Child:
    """The server: its address, and the key it asks for."""

    def __init__(self, file: Path, threads: int) -> None:
        _installed()
        self.key = secrets.token_urlsafe(24)
        self._process = subprocess.Popen(  # noqa: S603 (our own command, no shell)
            [sys.executable, "-m", "assistant.models.local", str(file), str(threads)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env={**os.environ, _KEY: self.key}, text=True,
        )  # fmt: skip
        self.url = f"{self._address()}/v1"

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def _address(self) -> str:
        assert self._process.stdout is not None
        timer = threading.Timer(_START_SECONDS, self._process.kill)
        timer.start()
        try:
            for line in self._process.stdout:
                if line.startswith("{"):
                    return str(json.loads(line)["address"])
        finally:
            timer.cancel()
        raise ServiceDown(
            "the local model did not start",
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
