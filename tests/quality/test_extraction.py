"""The bodies of real pages do not get worse."""

import gzip
import json
from pathlib import Path

import pytest

from benchmarks.extraction import body, counts, f1

FLOOR = 0.975


@pytest.mark.shared
@pytest.mark.slow
def test_bodies_of_saved_pages_stay_above_their_floor(shared: Path) -> None:
    folder = shared / "extraction"
    truth = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    pages = {key: gzip.decompress((folder / f"html/{key}.html.gz").read_bytes()) for key in truth}
    found = [counts(truth[key]["articleBody"], body(page)) for key, page in pages.items()]
    assert f1(found)[0] >= FLOOR
