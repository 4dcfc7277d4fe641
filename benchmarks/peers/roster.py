"""The peers: what each installs, what runs it, and what could not be compared."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.peers.adapters.protocol import Reply, headed
from benchmarks.peers.material import Material
from benchmarks.peers.measures import HEADS, Replies
from ingest.settings import IngestSettings

ROOT = Path(__file__).resolve().parents[2]
_ENVIRONMENTS = ROOT / ".demo" / "peers"
_ENCODER = ("numpy", "onnxruntime", "tokenizers")
_TXTAI = ("faiss-cpu", "huggingface-hub", "msgpack", "pyyaml", "regex", "safetensors", "tqdm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """A way to run a program: its packages, `bare` ones without what they ask for."""

    name: str
    environment: str | None = None
    packages: tuple[str, ...] = ()
    bare: tuple[str, ...] = ()
    adapter: str
    arguments: tuple[str, ...] = field(default=())


PEERS = (
    Peer(name="morgue, words", adapter="with_morgue", arguments=("words",)),
    Peer(name="morgue, meaning", adapter="with_morgue", arguments=("meaning",)),
    Peer(name="llamaindex, e5-small", environment="llamaindex", adapter="with_llamaindex",
         packages=("llama-index-core==0.14.25", *_ENCODER)),
    Peer(name="txtai, words", environment="txtai", adapter="with_txtai", arguments=("words",),
         packages=(*_TXTAI, *_ENCODER), bare=("txtai==9.14.0",)),
    Peer(name="txtai, hybrid e5-small", environment="txtai", adapter="with_txtai",
         packages=(*_TXTAI, *_ENCODER), bare=("txtai==9.14.0",), arguments=("hybrid",)),
    Peer(name="newsrag, words", environment="newsrag", adapter="with_newsrag",
         packages=("newsrag==0.6.4", *_ENCODER), arguments=("words",)),
    Peer(name="newsrag, e5-small", environment="newsrag", adapter="with_newsrag",
         packages=("newsrag==0.6.4", *_ENCODER), arguments=("meaning",)),
)  # fmt: skip


def python(peer: Peer) -> str:
    """Return the Python that runs a peer, its environment made where it is not there yet."""
    if peer.environment is None:
        return sys.executable
    place = _ENVIRONMENTS / peer.environment
    ready = place / ".ready"
    if not ready.exists():
        tool = "uv" if _there("uv") else str(ROOT / ".uv" / "bin" / "uv")
        into = ("pip", "install", "-q", "--link-mode", "copy", "--python", str(place))
        for words in (("venv", "-q", "--clear", "--python", "3.11", str(place)),
                      (*into, *peer.packages),
                      *(((*into, "--no-deps", *peer.bare),) if peer.bare else ())):  # fmt: skip
            subprocess.run([tool, *words], check=True)
        ready.touch()
    return str(place / "bin" / "python")


def _there(tool: str) -> bool:
    return any((Path(part) / tool).exists() for part in os.environ["PATH"].split(os.pathsep))


def run(peer: Peer, material: Material, file: Path) -> list[str]:
    """Have a peer read and answer; return the cells of its row."""
    command = [python(peer), "-m", f"benchmarks.peers.adapters.{peer.adapter}", *peer.arguments]
    embedder = str(IngestSettings().models / "e5-small")
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT), "PEERS_EMBEDDER": embedder}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
        env=surroundings,
    ) as child:  # fmt: skip
        took = _said(child, {"read": str(file)})
        replies: list[tuple[Any, Reply]] = [
            (one, _said(child, {"ask": one.text})) for one in material.questions
        ]
        assert child.stdin is not None
        child.stdin.close()
    return [peer.name, *(f"{took[what]:.1f}" for what in ("seconds", "cpu")), f"{took['mb']:.0f}",
            *row(replies, [headed(one) for one in material.articles])]  # fmt: skip


def row(replies: Replies, texts: Sequence[str]) -> list[str]:
    """Return the cells of a peer's replies."""
    return [cell(replies, texts) for _, cell in HEADS]


def _said(child: "subprocess.Popen[str]", wanted: dict[str, str]) -> Any:
    assert child.stdin is not None
    assert child.stdout is not None
    child.stdin.write(json.dumps(wanted) + "\n")
    child.stdin.flush()
    line = child.stdout.readline()
    if not line:
        raise SystemExit("the peer ended before it answered: what it said is above")
    return json.loads(line)
