"""What is said between the benchmark and a peer: read these articles, ask this question."""

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, TypedDict

K = 10
"""Articles that are looked at for recall."""


class Record(TypedDict):
    """An article as every peer is given it."""

    id: str
    url: str | None
    title: str | None
    date: str | None
    outlet: str | None
    text: str


class Cited(TypedDict):
    """Words of an article that a peer cites or hands on; `speaker` is whose it says they are."""

    id: str
    text: str
    speaker: str | None


class Reply(TypedDict):
    """What a peer says to a question.

    `found` are articles, best first. `answered` is None where the peer has no notion of having
    no answer; `text` is None where it writes none.
    """

    found: list[str]
    cited: list[Cited]
    answered: bool | None
    text: str | None


class Adapter(Protocol):
    """A peer, told how to read and how to answer."""

    def read(self, articles: list[Record]) -> None:
        """Take all articles, so that they can be asked about."""

    def ask(self, question: str) -> Reply:
        """Answer one question."""


def serve(make: Callable[[list[str]], Adapter]) -> None:
    """Speak for a peer until nothing more is asked; what it prints itself goes to stderr."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    adapter = make(sys.argv[1:])
    for line in sys.stdin:
        print(json.dumps(_done(adapter, json.loads(line))), file=out, flush=True)


def _done(adapter: Adapter, wanted: dict[str, Any]) -> Any:
    if "ask" in wanted:
        return adapter.ask(wanted["ask"])
    with Path(wanted["read"]).open(encoding="utf-8") as lines:
        articles = [json.loads(line) for line in lines]
    began, cpu = time.perf_counter(), _cpu()
    adapter.read(articles)
    return {"seconds": time.perf_counter() - began, "cpu": _cpu() - cpu, "mb": _peak()}


def _cpu() -> float:
    return sum(os.times()[:4])


def _peak() -> float:
    """Return the most memory it held, and the largest of its own children, in MB."""
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(resource.getrusage(one).ru_maxrss for one in who) / 1024


def distinct(ids: list[str]) -> list[str]:
    """Return the first articles of a ranking of passages."""
    return list(dict.fromkeys(ids))[:K]


def headed(article: Record) -> str:
    """Return the text with its headline above it: what a peer that reads one string gets."""
    return f"{article['title']}\n{article['text']}" if article["title"] else article["text"]


def encoder() -> Any:
    """Return Morgue's own encoder of e5-small, the same for all who embed."""
    from ingest.embed.encoder import OnnxEmbedder

    return OnnxEmbedder(Path(os.environ["PEERS_EMBEDDER"]))
