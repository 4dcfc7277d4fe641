"""What is packed in files: walked into by content, as far as it can be trusted."""

import bz2
import gzip
import io
import json
import lzma
import random
import tarfile
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest
from backports import zstd
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.errors import ReadError
from ingest.files.limits import Account, Bounds
from ingest.files.read import read
from ingest.files.unpack import buffered, opened

WORDS = b"The ferry of Harrowmere stops on Friday."
LINE = json.dumps({"title": "Ferry stops", "text": "It stops."}).encode() + b"\n"
PAGE = b"<!doctype html><html><title>Ferry stops</title><article>" + b"<p>%s</p>" % WORDS * 3
SMALL = Bounds(harmless=100_000, held=1_000_000, file=5_000_000, members=50)


def zipped(**members: bytes) -> bytes:
    return zip_of(members)


def zip_of(members: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return made.getvalue()


def tar_of(members: dict[str, bytes]) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, data in members.items():
            about = tarfile.TarInfo(name)
            about.size = len(data)
            archive.addfile(about, io.BytesIO(data))
    return made.getvalue()


def seen(file: Path, data: bytes, bounds: Bounds | None = None) -> list[str]:
    """Show what is read of a file that holds these bytes."""
    file.write_bytes(data)
    return [
        str(one) if isinstance(one, ReadError) else ", ".join(filter(None, (one.file, one.where)))
        for one in read([file], bounds=bounds)
    ]


# --- what is walked into ---------------------------------------------------------------------


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zstd.compress])
def test_a_packed_file_is_read_as_what_it_holds_under_its_own_name(
    pack: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    assert seen(tmp_path / "dump", pack(LINE * 2)) == ["dump, line 1", "dump, line 2"]


def test_two_packed_streams_one_after_another_are_one_file(tmp_path: Path) -> None:
    data = zstd.compress(LINE) * 2
    assert seen(tmp_path / "dump.zst", data) == ["dump.zst, line 1", "dump.zst, line 2"]


@pytest.mark.parametrize("many", [zip_of, tar_of])
def test_each_file_of_an_archive_is_read_by_its_content_and_named_with_it(
    many: Callable[[dict[str, bytes]], bytes], tmp_path: Path
) -> None:
    data = many({"news/a.html": PAGE, "news/b": LINE, "./c.txt": WORDS})
    assert seen(tmp_path / "dump", data) == [
        "dump!news/a.html",
        "dump!news/b, line 1",
        "dump!c.txt",
    ]


@pytest.mark.parametrize("pack", [gzip.compress, zstd.compress])
def test_a_packed_tar_is_walked_into(pack: Callable[[bytes], bytes], tmp_path: Path) -> None:
    data = pack(tar_of({"a.jsonl.gz": gzip.compress(LINE), "b.txt": WORDS}))
    assert seen(tmp_path / "d.tar.x", data) == ["d.tar.x!a.jsonl.gz, line 1", "d.tar.x!b.txt"]


def test_an_archive_in_an_archive_is_walked_into(tmp_path: Path) -> None:
    inner = zipped(a=WORDS)
    data = tar_of({"in.zip": inner, "last": WORDS})
    assert seen(tmp_path / "d.tar", data) == ["d.tar!in.zip!a", "d.tar!last"]


def test_hidden_files_and_what_browsers_lay_beside_a_page_are_passed_over(tmp_path: Path) -> None:
    names = ["Ferry.html", "Ferry_files/x.js", "__MACOSX/._Ferry.html", ".DS_Store", "a/.git/x"]
    data = zip_of(dict.fromkeys(names, PAGE))
    assert seen(tmp_path / "d.zip", data) == ["d.zip!Ferry.html"]


def test_a_document_that_is_packed_as_zip_is_no_archive(tmp_path: Path) -> None:
    data = zip_of({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"})
    assert seen(tmp_path / "a.docx", data) == ["a.docx: it holds no words"]


# --- what is not trusted ---------------------------------------------------------------------


@pytest.mark.parametrize("many", [zip_of, tar_of])
@pytest.mark.parametrize("name", ["../a", "news/../../a", "/etc/a", "C:\\a", "..\\a"])
def test_a_name_that_leads_out_is_told_and_the_rest_is_read(
    many: Callable[[dict[str, bytes]], bytes], name: str, tmp_path: Path
) -> None:
    found = seen(tmp_path / "d", many({name: WORDS, "b": WORDS}))
    shown = name.replace("\\", "/")
    assert found == [f"d!{shown}: its name leads out of its archive", "d!b"]


def test_a_name_cannot_write_to_the_terminal(tmp_path: Path) -> None:
    assert seen(tmp_path / "d", tar_of({"a\x1b[2Jb\nc": WORDS})) == ["d!a\ufffd[2Jb\ufffdc"]


def test_links_and_devices_of_a_tar_are_told_not_followed(tmp_path: Path) -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE):
            about = tarfile.TarInfo(f"type{kind.decode()}")
            about.type, about.linkname = kind, "/etc/passwd"
            archive.addfile(about)
    assert seen(tmp_path / "d", made.getvalue()) == [
        "d!type2: it is a link in an archive, and is not followed",
        "d!type1: it is a link in an archive, and is not followed",
        "d!type3: it is no plain file",
    ]


def test_a_link_in_a_zip_is_told_not_followed(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("a")
    link.external_attr = 0o120777 << 16
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    why = "it is a link in an archive, and is not followed"
    assert seen(tmp_path / "d", made.getvalue()) == [f"d!a: {why}"]


def test_a_file_that_is_locked_is_told(tmp_path: Path) -> None:
    data = bytearray(zipped(a=WORDS, b=WORDS))
    for header, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(header) + flags] |= 1
    assert seen(tmp_path / "d", bytes(data)) == ["d!a: it is locked with a password", "d!b"]


def test_what_is_packed_too_often_is_told(tmp_path: Path) -> None:
    data = WORDS
    for _ in range(6):
        data = gzip.compress(data)
    assert seen(tmp_path / "d.gz", data) == ["d.gz: it is packed too often"]


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zstd.compress])
def test_a_bomb_is_stopped(pack: Callable[[bytes], bytes], tmp_path: Path) -> None:
    found = seen(tmp_path / "bomb", pack(LINE + b" " * 3_000_000), SMALL)
    assert found[-1] == "bomb: it unpacks to more than 200 times its size"


def test_a_bomb_of_many_small_files_is_stopped_at_once(tmp_path: Path) -> None:
    data = zip_of({f"{i:02}": b" " * 90_000 for i in range(40)})
    found = seen(tmp_path / "bomb.zip", data, replace(SMALL, ratio=50))
    assert found[-1] == "bomb.zip: it unpacks to more than 50 times its size"
    assert 1 < len(found) < 20


def test_a_bomb_in_layers_is_stopped(tmp_path: Path) -> None:
    layer = zip_of({f"{i:02}": b" " * 90_000 for i in range(9)})
    data = zip_of({f"{i}.zip": layer for i in range(9)})
    found = seen(tmp_path / "bomb.zip", data, SMALL)
    assert found[-1] == "bomb.zip: it unpacks to more than 200 times its size"


def test_a_file_beyond_the_size_that_is_read_is_told(tmp_path: Path) -> None:
    found = seen(tmp_path / "a.txt", WORDS * 10, Bounds(file=300))
    assert found == ["a.txt: it is longer than 300 bytes"]


def test_a_packed_file_beyond_the_size_that_is_read_is_told(tmp_path: Path) -> None:
    noise = random.Random(1).randbytes(2_000).hex().encode()
    found = seen(tmp_path / "a.gz", gzip.compress(noise), Bounds(file=3_000))
    assert found == ["a.gz: it unpacks to more than 3,000 bytes"]


def test_an_archive_of_too_many_files_is_told(tmp_path: Path) -> None:
    data = {str(i): WORDS for i in range(60)}
    assert seen(tmp_path / "d.zip", zip_of(data), SMALL) == ["d.zip: it holds more than 50 files"]
    assert seen(tmp_path / "d.tar", tar_of(data), SMALL)[50:] == [
        "d.tar: it holds more than 50 files"
    ]


def test_what_must_be_kept_aside_is_bounded(tmp_path: Path) -> None:
    noise = random.Random(1).randbytes(1_100_000)
    found = seen(tmp_path / "d.tar", tar_of({"in.zip": zipped(a=noise), "b": WORDS}), SMALL)
    assert found == ["d.tar!in.zip: it is longer than 1,000,000 bytes", "d.tar!b"]


# --- damage ----------------------------------------------------------------------------------


def test_one_damaged_file_of_a_zip_costs_no_other(tmp_path: Path) -> None:
    data = bytearray(zipped(a=WORDS * 50, b=WORDS))
    data[40] ^= 0xFF
    first, second = seen(tmp_path / "d", bytes(data))
    assert first.startswith("d!a: its packing is damaged: ")
    assert second == "d!b"


def test_of_a_cut_tar_what_is_whole_is_read_and_the_damage_told(tmp_path: Path) -> None:
    data = tar_of({"a": WORDS, "b": WORDS, "c": WORDS * 100})
    found = seen(tmp_path / "d", data[: data.index(b"c\0") + 600])
    assert found[:2] == ["d!a", "d!b"]
    assert found[-1].startswith("d")
    assert "damaged" in found[-1]


def test_a_broken_header_in_a_tar_is_not_taken_for_its_end(tmp_path: Path) -> None:
    data = bytearray(tar_of({"a": WORDS, "b": WORDS}))
    data[1024 + 3] ^= 0xFF
    assert seen(tmp_path / "d", bytes(data)) == [
        "d!a",
        "d: its packing is damaged: a header in it is broken: bad checksum",
    ]


def test_a_zip_without_its_directory_is_told(tmp_path: Path) -> None:
    data = zipped(a=WORDS)
    assert seen(tmp_path / "d", data[:-30]) == ["d: its packing is damaged: File is not a zip file"]


SAMPLES = [
    zip_of({"a.txt": WORDS, "b/c.html": PAGE}),
    tar_of({"a.txt": WORDS, "b/c.jsonl": LINE}),
    gzip.compress(LINE),
    zstd.compress(LINE),
    bz2.compress(LINE),
    lzma.compress(LINE),
    gzip.compress(zip_of({"a.tar": tar_of({"x": WORDS})})),
]


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(SAMPLES),
    st.lists(st.tuples(st.integers(0, 100_000), st.integers(0, 255)), min_size=1, max_size=8),
    st.integers(0, 3_000),
)
def test_no_damage_of_a_packing_stops_the_reading(
    sample: bytes, changes: list[tuple[int, int]], cut: int
) -> None:
    data = bytearray(sample[: -(cut % len(sample)) or None])
    for at, byte in changes:
        data[at % len(data)] = byte
    account = Account(shown="d", bounds=SMALL)
    for name, found in opened(buffered(io.BytesIO(data), "d"), "d", account, 5):
        assert name.startswith("d")
        with suppress(ReadError):
            assert isinstance(found, ReadError) or found.read() is not None


def test_a_packing_of_noise_is_told(tmp_path: Path) -> None:
    noise = b"\x1f\x8b\x08\x00" + random.Random(2).randbytes(400)
    (found,) = seen(tmp_path / "d", noise)
    assert found.startswith("d: its packing is damaged: ")
