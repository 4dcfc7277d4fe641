"""A real archive in a temporary folder: SQLite, tantivy, Chroma."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.archive import Archive
from ingest.settings import IngestSettings
from tests.fakes import HashingEmbedder

pytest.register_assert_rewrite("tests.invariants")


@pytest.fixture
def embedder() -> HashingEmbedder:
    """Return vectors of hashed words."""
    return HashingEmbedder(64)


@pytest.fixture
def archive(tmp_path: Path, embedder: HashingEmbedder) -> Iterator[Archive]:
    """Return an empty archive that embeds by hashed words."""
    settings = IngestSettings(embedder="none")
    with Archive.open(
        tmp_path / "archive", create=True, settings=settings, embedder=embedder
    ) as opened:
        yield opened
