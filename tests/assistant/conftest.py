"""An archive of the sample articles, read once for all tests that only ask it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingest.archive import Archive
from ingest.settings import IngestSettings

SAMPLE = Path(__file__).resolve().parents[2] / "ingest" / "sample"


@pytest.fixture(scope="session")
def sample(
    tmp_path_factory: pytest.TempPathFactory, sample_into: Callable[[Path], None]
) -> Iterator[Archive]:
    """Return the sample archive, searched by words alone."""
    folder = tmp_path_factory.mktemp("asked") / "sample"
    sample_into(folder)
    with Archive.open(folder, settings=IngestSettings(embedder="none")) as archive:
        yield archive
