"""Web archives: pages as articles, the rest counted, damage told by its place."""

import gzip
import io
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain, repeat
from pathlib import Path

import brotli
import pytest
from backports import zstd

from ingest.article import RawArticle
from ingest.errors import LeftOut
from ingest.files.read import read
from ingest.readers import ReaderInput
from ingest.readers.webarchive import reader
from tests.ingest.readers.opened import article, errors, read_bytes
from tests.ingest.readers.streams import Generated

WORDS = "The council of Harrowmere voted on Tuesday to close the old ferry terminal for good."


def page(title: str = "Ferry stops", words: str = WORDS, head: str = "") -> bytes:
    return (
        f"<!doctype html><html><head><title>{title}</title>{head}</head><body><article>"
        f"<h1>{title}</h1><p>{words}</p><p>{words} Nobody spoke.</p></article></body></html>"
    ).encode()


def answer(body: bytes, *head: str, status: str = "200 OK") -> bytes:
    lines = [f"HTTP/1.1 {status}", *(head or ("Content-Type: text/html; charset=utf-8",)), "", ""]
    return "\r\n".join(lines).encode() + body


def record(
    body: bytes, kind: str = "response", url: str = "http://harrow.example/ferry", **more: str
) -> bytes:
    head = {
        "WARC-Type": kind,
        "WARC-Target-URI": url,
        "WARC-Date": "2024-03-01T10:00:00Z",
        "Content-Type": "application/http; msgtype=response",
        "Content-Length": str(len(body)),
    } | {name.replace("_", "-"): value for name, value in more.items()}
    lines = "".join(f"{name}: {value}\r\n" for name, value in head.items())
    return f"WARC/1.0\r\n{lines}\r\n".encode() + body + b"\r\n\r\n"


PAGE = record(answer(page()))


def titles(data: bytes) -> list[str | None]:
    return [one.title for one in read_bytes(reader, data) if isinstance(one, RawArticle)]


def left_out(data: bytes) -> dict[str, int]:
    return next((one.counts for one in read_bytes(reader, data) if isinstance(one, LeftOut)), {})


def test_a_page_is_an_article_with_its_address_and_place() -> None:
    found = article(read_bytes(reader, PAGE))
    assert replace(found, text="") == RawArticle(
        file="file",
        where="byte 0",
        record="http://harrow.example/ferry",
        title="Ferry stops",
        comments_apart=True,
        url="http://harrow.example/ferry",
        metadata={"fetched": "2024-03-01T10:00:00Z"},
    )
    assert found.text.endswith("Nobody spoke.")


def test_a_page_says_its_own_address_but_not_that_of_its_site() -> None:
    own = '<link rel="canonical" href="https://harrow.example/news/ferry-stops">'
    site = '<link rel="canonical" href="https://harrow.example/">'
    found = [
        article(read_bytes(reader, record(answer(page(head=head))))).url for head in (own, site)
    ]
    assert found == ["https://harrow.example/news/ferry-stops", "http://harrow.example/ferry"]


def test_what_is_no_page_is_passed_over_and_counted() -> None:
    data = b"".join(
        [
            record(b"software: x\r\n", "warcinfo"),
            record(b"GET / HTTP/1.1\r\n\r\n", "request"),
            record(answer(b"", "Content-Type: text/html"), "revisit"),
            record(answer(b"\x89PNG", "Content-Type: image/png")),
            record(answer(page(), status="404 Not Found")),
            record(b"x.example. A 127.0.0.1", url="dns:x.example"),
            PAGE,
        ]
    )
    assert titles(data) == ["Ferry stops"]
    assert left_out(data) == {
        "warcinfo": 1,
        "request": 1,
        "revisit": 1,
        "not a page": 2,
        "answer other than 200": 1,
    }
    assert errors(read_bytes(reader, data)) == [
        (
            "file: left out, being no article: 1 (answer other than 200), 2 (not a page), "
            "1 (request), 1 (revisit), 1 (warcinfo)"
        )
    ]


def test_what_the_server_did_to_send_a_page_is_undone() -> None:
    packed = gzip.compress(page())
    half = len(packed) // 2
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(c), c) for c in (packed[:half], packed[half:], b""))
    head = "Content-Type: text/html", "Content-Encoding: gzip"
    assert titles(record(answer(packed, *head))) == ["Ferry stops"]
    assert titles(record(answer(chunks, *head, "Transfer-Encoding: chunked"))) == ["Ferry stops"]
    assert titles(record(answer(page(), "Transfer-Encoding: chunked"))) == ["Ferry stops"]


def test_a_page_in_the_encoding_that_the_server_named_is_read() -> None:
    words = "Міська рада проголосувала за закриття старого порту, сказала мерка міста у вівторок."
    data = record(
        answer(
            page(words=words).decode().encode("cp1251"),
            "Content-Type: text/html; charset=windows-1251",
        )
    )
    found = article(read_bytes(reader, data))
    assert words in found.text
    assert found.inferred == {"encoding": "windows-1251, as declared"}


def test_a_page_that_unpacks_without_end_is_told() -> None:
    bomb = gzip.compress(b"<html>" + b" " * 40_000_000)
    data = record(answer(bomb, "Content-Type: text/html", "Content-Encoding: gzip")) + PAGE
    assert errors(read_bytes(reader, data)) == [
        "file, byte 0: its page is longer than 20,000,000 bytes"
    ]
    assert titles(data) == ["Ferry stops"]


def packed_as(packing: str, body: bytes) -> bytes:
    return record(answer(body, "Content-Type: text/html", f"Content-Encoding: {packing}"))


def test_pages_packed_with_brotli_and_zstandard_are_read() -> None:
    for packing, body in (("br", brotli.compress(page())), ("zstd", zstd.compress(page()))):
        assert titles(packed_as(packing, body) + PAGE) == ["Ferry stops", "Ferry stops"]
    twice = brotli.compress(gzip.compress(page()))
    assert titles(packed_as("gzip, br", twice)) == ["Ferry stops"]


@pytest.mark.parametrize("packing", ["gzip", "deflate", "br", "zstd", "snappy"])
def test_a_page_that_cannot_be_unpacked_costs_itself_alone(packing: str) -> None:
    data = PAGE + packed_as(packing, b"\x8b\x00\xff nonsense" * 9) + PAGE
    assert titles(data) == ["Ferry stops", "Ferry stops"]
    (told,) = errors(read_bytes(reader, data))
    assert told.startswith(f"file, byte {len(PAGE)}: its pack" if packing != "snappy" else "file")


@pytest.mark.parametrize(
    ("packing", "pack"), [("gzip", gzip.compress), ("br", brotli.compress), ("zstd", zstd.compress)]
)
def test_a_packed_page_that_is_cut_off_is_told(
    packing: str, pack: Callable[[bytes], bytes]
) -> None:
    data = packed_as(packing, pack(page())[:-20]) + PAGE
    assert titles(data) == ["Ferry stops"]
    assert errors(read_bytes(reader, data)) == [
        "file, byte 0: its packing is damaged: it is cut off"
    ]


@pytest.mark.parametrize("packing", ["br", "zstd", "deflate"])
def test_no_packing_unpacks_without_end(packing: str) -> None:
    pack = {"br": brotli.compress, "zstd": zstd.compress, "deflate": zlib.compress}[packing]
    data = packed_as(packing, pack(b"<html>" + b" " * 40_000_000)) + PAGE
    assert errors(read_bytes(reader, data)) == [
        "file, byte 0: its page is longer than 20,000,000 bytes"
    ]


def test_a_page_that_the_crawler_unpacked_already_is_read() -> None:
    assert titles(packed_as("br", page()) + packed_as("gzip", page())) == ["Ferry stops"] * 2


def test_a_damaged_member_of_a_packed_archive_is_told_and_the_rest_is_read(tmp_path: Path) -> None:
    members = [gzip.compress(record(answer(page(f"Page {n}")))) for n in range(3)]
    broken = bytearray(members[1])
    broken[60:90] = bytes(30)
    (tmp_path / "a.warc.gz").write_bytes(members[0] + bytes(broken) + members[2])
    found = list(read([tmp_path / "a.warc.gz"]))
    assert [one.title for one in found if isinstance(one, RawArticle)] == ["Page 0", "Page 2"]
    (told,) = errors(found)
    assert told.startswith("a.warc.gz, byte ")
    assert told.endswith("; what follows is read")


def test_of_a_wacz_the_captures_alone_are_read(tmp_path: Path) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as wacz:
        wacz.writestr("archive/data.warc.gz", gzip.compress(PAGE))
        wacz.writestr("pages/pages.jsonl", '{"title": "Pages"}\n{"title": "A", "text": "Home A"}\n')
        wacz.writestr("indexes/index.cdx", "example,harrow)/ferry 20240301 {}\n")
        wacz.writestr("datapackage.json", '{"profile": "data-package"}')
    (tmp_path / "a.wacz").write_bytes(data.getvalue())
    found = list(read([tmp_path / "a.wacz"]))
    assert [one.title for one in found if isinstance(one, RawArticle)] == ["Ferry stops"]
    assert [one.counts for one in found if isinstance(one, LeftOut)] == [
        {"list or index of a web archive": 3}
    ]


def test_broken_records_are_told_by_their_place_and_the_rest_is_read() -> None:
    body = answer(page("Broken"))
    short, long_ = str(len(body) - 7), str(len(body) + 300)
    pieces = [
        PAGE,
        b"noise\r\n",
        record(body, Content_Length=short),
        record(body, Content_Length=long_),
        record(body, Content_Length="many"),
        PAGE,
        record(body)[:-40],
    ]
    at = [sum(map(len, pieces[:number])) for number in range(len(pieces))]
    assert titles(b"".join(pieces)) == ["Ferry stops", "Ferry stops"]
    assert errors(read_bytes(reader, b"".join(pieces))) == [
        f"file, byte {at[1]}: no record begins here; the next is at byte {at[2]}",
        f"file, byte {at[2]}: its length, {short} bytes, is false: it goes on after them",
        f"file, byte {at[3]}: its length, {long_} bytes, is false: another record begins before",
        f"file, byte {at[4]}: its length is no number: 'many'",
        f"file, byte {at[6]}: it is cut off: of {len(body)} bytes there are {len(body) - 36}",
    ]


def test_a_page_without_an_article_is_told_with_its_place() -> None:
    data = PAGE + record(answer(b"<html><nav>Home</nav></html>"))
    assert errors(read_bytes(reader, data)) == [
        f"file, byte {len(PAGE)}: no article text is found in the page"
    ]


def test_arc_files_are_read_alike() -> None:
    body = answer(page())
    head = b"filedesc://a.arc 0.0.0.0 20140216050221 text/plain 68\n1 0 Harrow\n"
    head += b"URL IP-address Archive-date Content-type Archive-length\n\n"
    line = f"http://harrow.example/a b 10.0.0.1 20140216050221 text/html {len(body)}\n".encode()
    found = [
        one for one in read_bytes(reader, head + line + body + b"\n") if isinstance(one, RawArticle)
    ]
    assert [(one.title, one.url, one.metadata) for one in found] == [
        ("Ferry stops", "http://harrow.example/a%20b", {"fetched": "2014-02-16T05:02:21Z"})
    ]


def test_pages_are_read_one_at_a_time() -> None:
    picture = record(
        answer(b"x" * 1_000_000, "Content-Type: image/png"), Content_Length="900000000"
    )
    head = picture[: picture.index(b"xxxx")]
    size = 900_000_000 - (len(head) - head.index(b"HTTP/"))
    pieces: Iterator[bytes] = chain(
        [head], repeat(b"x" * 1_000_000, size // 1_000_000), [b"x" * (size % 1_000_000)]
    )
    stream = Generated(chain(pieces, [b"\r\n\r\n", PAGE])).buffered()
    read_bytes(reader, PAGE)  # what the reader imports is not what it holds
    tracemalloc.start()
    found = list(reader.read(ReaderInput(file="file", stream=stream)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [str(one) for one in found] == [
        "file, byte 0: it is longer than 20,000,000 bytes",
        str(found[1]),
    ]
    assert isinstance(found[1], RawArticle)
    assert peak < 30_000_000


@pytest.mark.parametrize("data", [b"WARC/1.0 is a format", b"http://x.example/ is where", b""])
def test_words_about_web_archives_are_none(data: bytes) -> None:
    assert reader.sniff(data, "x.warc") == 0.0


@pytest.mark.shared
def test_real_archives_are_read(shared: Path) -> None:
    found = list(read([shared / "formats" / "warc", shared / "formats" / "arc"]))
    pages = [one for one in found if isinstance(one, RawArticle)]
    broken = [one.file for one in found if not isinstance(one, RawArticle | LeftOut)]
    assert sorted(one.file for one in pages) == [
        "example-bad-non-chunked.warc.gz",
        "example-bad.warc.gz.bad",
        "example-iana.org-chunked.warc",
        "example-resource.warc.gz",
        "example-wget-bad-target-uri.warc.gz",
        "example-wrong-chunks.warc.gz",
        "example.arc",
        "example.arc.gz",
        "example.warc",
        "example.warc.gz",
    ]
    assert sorted(broken) == [
        "bad.arc",
        "bad.arc",
        "bad.arc",
        "example-space-in-url.arc",
        "example-trunc.warc",
    ]
