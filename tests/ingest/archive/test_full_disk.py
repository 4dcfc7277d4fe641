"""What Chroma says of a full disk need not name it."""

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest
from chromadb.errors import InternalError

from ingest.archive.chroma_store import _ours
from ingest.errors import ArchiveDamaged, ArchiveError

SAID = "Failed to apply logs to the metadata segment"


class Usage(NamedTuple):
    free: int


@pytest.mark.parametrize(("free", "damaged"), [(0, False), (10**9, True)])
def test_an_error_on_a_full_disk_is_one_of_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, damaged: bool
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(free))
    with pytest.raises(ArchiveError) as raised, _ours(tmp_path):
        raise InternalError(SAID)
    assert isinstance(raised.value, ArchiveDamaged) is damaged
    assert ("no space" in str(raised.value)) is not damaged
