"""What Chroma's files hold beside their vectors is zeros once the archive lets go of them."""

import struct
from pathlib import Path

from ingest.archive import Archive, spare_room
from tests.fakes import HashingEmbedder
from tests.ingest.archive.dispatches import dispatches


def laid(folder: Path, *, version: int = 1, there: int = 2) -> Path:
    (folder / "index").mkdir(parents=True)
    header = struct.pack("<i4Q", version, 0, 4, there, 8)
    (folder / "index" / "header.bin").write_bytes(header + bytes(64))
    file = folder / "index" / "data_level0.bin"
    file.write_bytes(b"vector 1vector 2an erased name..")
    return file


def test_what_stands_behind_the_vectors_goes_and_they_stay(tmp_path: Path) -> None:
    file = laid(tmp_path)
    spare_room.clear(tmp_path)
    assert file.read_bytes() == b"vector 1vector 2" + bytes(16)


def test_a_file_that_is_not_as_expected_stays_as_it_is(tmp_path: Path) -> None:
    for name, about in {"a": {"version": 2}, "b": {"there": 5}}.items():
        file = laid(tmp_path / name, **about)
        before = file.read_bytes()
        spare_room.clear(tmp_path / name)
        assert file.read_bytes() == before


def test_the_files_that_chroma_lays_are_as_expected(tmp_path: Path) -> None:
    """A newer Chroma that lays them otherwise is noticed here."""
    with Archive.open(tmp_path, create=True) as archive:
        archive.use(HashingEmbedder())
        archive.put(dispatches(range(20)))
        archive.embed()
        files = list(tmp_path.rglob("data_level0.bin"))
        assert len(files) == 2
        for file in files:
            head = file.with_name("header.bin").read_bytes()[:36]
            version, _, most, there, size = struct.unpack("<i4Q", head)
            assert (version, file.stat().st_size) == (1, most * size)
            assert not file.read_bytes()[there * size :].strip(b"\0")
