"""An archive of the sample articles, read once for all tests that only ask it."""

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
