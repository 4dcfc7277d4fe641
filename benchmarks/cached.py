"""An embedder that keeps what it made, outside the repository, for repeated measurements."""

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ingest.archive.record import digest
from ingest.embed.embedders import Embedder
from ingest.embed.encoder import Vectors
from ingest.places import cache_dir


class CachedEmbedder:
    """Another embedder's vectors, each made once, in the user's cache."""

    def __init__(self, embedder: Embedder, folder: Path | None = None) -> None:
        folder = folder or cache_dir() / "benchmarks"
        folder.mkdir(parents=True, exist_ok=True)
        name = embedder.fingerprint.replace("/", "-").replace(":", "-")
        self._kept = sqlite3.connect(
            folder / f"{name}.sqlite", timeout=60, isolation_level=None, check_same_thread=False
        )
        self._kept.execute("PRAGMA journal_mode = WAL")
        self._kept.execute(
            "CREATE TABLE IF NOT EXISTS vectors (hash BLOB PRIMARY KEY, vector BLOB)"
        )
        self._embedder = embedder
        self.fingerprint = embedder.fingerprint
        self.dims = embedder.dims

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Embed what is searched, or look it up."""
        hashes = [digest(text) for text in texts]
        missing = [i for i, h in enumerate(hashes) if self._get(h) is None]
        for first in range(0, len(missing), 64):
            chunk = missing[first : first + 64]
            made = self._embedder.passages([texts[i] for i in chunk])
            self._kept.execute("BEGIN")
            for i, vector in zip(chunk, made, strict=True):
                self._kept.execute(
                    "INSERT OR REPLACE INTO vectors VALUES (?, ?)", (hashes[i], vector.tobytes())
                )
            self._kept.execute("COMMIT")
        return np.stack([np.frombuffer(self._get(h) or b"", np.float32) for h in hashes])

    def _get(self, hashed: bytes) -> bytes | None:
        found = self._kept.execute("SELECT vector FROM vectors WHERE hash = ?", (hashed,))
        row = found.fetchone()
        return bytes(row[0]) if row else None

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Embed what is asked; never kept."""
        return self._embedder.queries(texts)

    def query(self, text: str) -> Vectors:
        """Embed one question; never kept."""
        return self._embedder.query(text)
