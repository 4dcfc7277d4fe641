"""The followers' own files, read and damaged behind the archive's back."""

import contextlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import chromadb
import tantivy
from chromadb.config import Settings

from ingest.archive import Archive

if TYPE_CHECKING:
    from chromadb.api.models.Collection import Collection


def place(archive: Archive, follower: str) -> Path:
    """Return the folder that a follower has built."""
    folder = archive.folder / follower
    return folder / str(json.loads((folder / "at.json").read_text(encoding="utf-8"))["folder"])


@contextlib.contextmanager
def chroma(archive: Archive, of: str) -> "Iterator[Collection]":
    """Open a collection of Chroma's directly."""
    client = chromadb.PersistentClient(
        str(place(archive, "meaning")), settings=Settings(anonymized_telemetry=False)
    )
    try:
        yield client.get_collection(of, embedding_function=None)
    finally:
        client.close()  # type: ignore[attr-defined]


def tantivy_writer(archive: Archive, of: str) -> tantivy.IndexWriter:
    """Open an index of tantivy's directly, for writing."""
    return tantivy.Index.open(str(place(archive, "words") / of)).writer(15_000_000, 1)


def in_chroma(archive: Archive, of: str) -> dict[int, list[float]]:
    """Return every vector that Chroma holds."""
    with chroma(archive, of) as collection:
        held = collection.get(include=["embeddings"])
    vectors = held["embeddings"]
    assert vectors is not None
    return {int(i): [float(x) for x in v] for i, v in zip(held["ids"], vectors, strict=True)}


def in_tantivy(archive: Archive, of: str) -> list[int]:
    """Return the number of every article or passage that tantivy holds, in order."""
    searcher = tantivy.Index.open(str(place(archive, "words") / of)).searcher()
    found = searcher.search(tantivy.Query.all_query(), limit=1_000_000).hits
    number = "a" if of == "articles" else "p"
    return sorted(int(i or 0) for i in searcher.fast_field_values(number, [at for _, at in found]))
