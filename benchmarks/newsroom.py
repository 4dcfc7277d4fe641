"""The realtimeqa archive and its questions, from the evaluation data beside the repository."""

import gzip
import json
import os
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, TypeVar

from benchmarks.cached import CachedEmbedder
from ingest.archive import Archive
from ingest.embed.embedders import load
from ingest.pipeline import ingest
from ingest.places import cache_dir
from ingest.settings import IngestSettings

DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data"

Size = Literal["600", "all"]
Meaning = Literal["none", "leads", "all"]
Shelf = TypeVar("Shelf", bound=Archive)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question of the set: `gold` are the URLs of the articles that answer it."""

    id: str
    text: str
    day: date
    answer: str | None = None
    gold: frozenset[str] = frozenset()


def questions() -> list[Asked]:
    """Return the questions whose answering article is in the archive."""
    return [asked for asked in _read("questions.jsonl") if asked.gold]


def unanswerable() -> list[Asked]:
    """Return the questions of two years later, which the archive cannot answer."""
    return _read("unanswerable.jsonl")


def _read(name: str) -> list[Asked]:
    rows = (json.loads(line) for line in (DATA / "realtimeqa" / name).open(encoding="utf-8"))
    return [
        Asked(
            id=row["id"],
            text=row["question"],
            day=date.fromisoformat(row["date"]),
            answer=row.get("answer"),
            gold=frozenset(address(url) for url in row.get("gold_urls", [])),
        )
        for row in rows
    ]


def address(url: str | None) -> str:
    """Return what two spellings of one URL share."""
    return (url or "").partition("://")[2].removeprefix("www.").rstrip("/")


def holds(answer: str, text: str) -> bool:
    """Tell whether a text holds an answer: lower-cased words, in their order."""
    return f" {_words(answer)} " in f" {_words(text)} "


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold().replace("’", "'")))


def archive(size: Size, meaning: Meaning, kind: type[Shelf]) -> Shelf:
    """Return the archive, read and embedded once and kept in the user's cache.

    What an earlier run had not read to its end is read now. Raises ArchiveBusy where another
    process is at it: what that has read so far is not the archive.
    """
    folder = cache_dir() / "benchmarks" / f"realtimeqa-{size}-{meaning}"
    settings = IngestSettings(embedder="none" if meaning == "none" else "onnx:e5-small")
    shelf = kind.open(folder, create=True, settings=settings)
    if meaning != "none":
        embedder = load(settings, pull=True)
        assert embedder is not None
        shelf.use(CachedEmbedder(embedder))
    ingest([_articles(size)], shelf, embed=False)
    if meaning != "none":
        shelf.embed(leads_only=meaning == "leads")
    return shelf


def _articles(size: Size) -> Path:
    whole = DATA / "realtimeqa" / "articles.jsonl.gz"
    if size == "all":
        return whole
    wanted = set(json.loads((whole.parent / "archive600.json").read_text())["urls"])
    some = cache_dir() / "benchmarks" / "realtimeqa-600.jsonl"
    if not some.exists():
        some.parent.mkdir(parents=True, exist_ok=True)
        unfinished = some.with_suffix(f".{os.getpid()}")
        with gzip.open(whole, "rt", encoding="utf-8") as lines, unfinished.open("w") as kept:
            kept.writelines(line for line in lines if json.loads(line)["url"] in wanted)
        unfinished.replace(some)
    return some
