"""An archive of the sample articles, read once for all tests that only ask it."""

import asyncio
import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.archive import Archive
from ingest.pipeline import ingest
from ingest.settings import IngestSettings

SAMPLE = Path(__file__).resolve().parents[2] / "ingest" / "sample"


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """Return the sample archive, searched by words alone."""
    folder = tmp_path_factory.mktemp("sample")
    with Archive.open(folder, create=True, settings=IngestSettings(embedder="none")) as archive:
        ingest([SAMPLE / "articles"], archive)
        yield archive


@pytest.fixture(autouse=True)
def no_event_loop_is_left() -> Iterator[None]:
    """Close the event loop that LlamaIndex makes, and leaves open, where it finds none."""
    yield
    with contextlib.suppress(RuntimeError):  # there is none
        asyncio.get_event_loop().close()
        asyncio.set_event_loop(None)
