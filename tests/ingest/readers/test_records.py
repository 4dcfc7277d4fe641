"""Records cut out of a stream: each for itself, whatever became of the others."""

import io
import time
import tracemalloc
from collections.abc import Iterator
from itertools import chain, repeat

import pytest

from ingest.errors import ReadError
from ingest.readers import ReaderInput
from ingest.readers.record_stream import records, root
from tests.ingest.readers.streams import Generated


def cut(data: bytes, names: str = "item", encoding: str | None = None) -> list[tuple[int, str]]:
    stream = io.BufferedReader(io.BytesIO(data), 65_536)
    found = records(ReaderInput(file="file", stream=stream, encoding=encoding), names)
    return [(0, str(one)) if isinstance(one, ReadError) else (one.line, one.text) for one in found]


def test_the_outermost_elements_of_a_name_are_cut_out_with_their_lines() -> None:
    data = b"<rss>\n<items/><item a='1'>x</item>\n\n<item>y\n</item ></rss>"
    assert cut(data) == [(2, "<item a='1'>x</item>"), (4, "<item>y\n</item >")]


def test_an_empty_element_is_a_record_and_swallows_nothing() -> None:
    data = b"<item a='1'/><item>x</item><other><item/></other>"
    assert cut(data, "item|other") == [
        (1, "<item a='1'/>"),
        (1, "<item>x</item>"),
        (0, "file, line 1: its end, </other>, is missing"),
        (1, "<item/>"),
    ]


def test_tags_in_sections_and_comments_are_words() -> None:
    data = b"<item><![CDATA[</item><item>]]></item><!-- <item> --><item><!-- </item> --></item>"
    assert [text for _, text in cut(data)] == [
        "<item><![CDATA[</item><item>]]></item>",
        "<item><!-- </item> --></item>",
    ]


def test_a_section_that_lost_its_end_spoils_its_own_record_alone() -> None:
    data = b"<item><![CDATA[one</item><item><![CDATA[two]]></item>"
    assert [text for _, text in cut(data)] == [
        "<item><![CDATA[one</item>",
        "<item><![CDATA[two]]></item>",
    ]


def test_a_record_without_an_end_is_told_and_the_next_is_cut() -> None:
    assert cut(b"\n<item>one\n<item>two</item><item>thr") == [
        (0, "file, line 2: its end, </item>, is missing"),
        (3, "<item>two</item>"),
        (0, "file, line 3: it is cut off: its end, </item>, is missing"),
    ]


def test_a_record_in_another_encoding_is_told_for_itself() -> None:
    data = "<item>Рада</item><item>".encode() + b"\xd0\xc0\x00</item><item>z</item>"
    assert [text for _, text in cut(data)] == [
        "<item>Рада</item>",
        "file, line 1: it holds NUL bytes: not text, or UTF-16 without a byte order mark",
        "<item>z</item>",
    ]


def test_a_declared_encoding_is_believed() -> None:
    data = '<?xml version="1.0" encoding="windows-1251"?><item>Рада міста</item>'.encode("cp1251")
    assert cut(data) == [(1, "<item>Рада міста</item>")]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_an_encoding_in_which_tags_are_no_ascii_is_read(encoding: str) -> None:
    given = encoding if encoding == "utf-16-le" else None
    assert cut("<rss><item>Рада</item></rss>".encode(encoding), encoding=given) == [
        (1, "<item>Рада</item>")
    ]


def test_a_record_beyond_the_bound_is_passed_over_and_never_held_whole() -> None:
    pieces: Iterator[bytes] = chain([b"<item>"], repeat(b"x" * 1_000_000, 60))
    stream = Generated(chain(pieces, [b"</item><item>y</item>"])).buffered()
    tracemalloc.start()
    found = list(records(ReaderInput(file="file", stream=stream), "item"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [getattr(one, "text", str(one)) for one in found] == [
        "file, line 1: it is longer than 20,000,000 bytes",
        "<item>y</item>",
    ]
    assert peak < 60_000_000


def test_records_are_cut_one_at_a_time() -> None:
    stream = Generated(repeat(b"<item>" + b"x" * 100_000 + b"</item>\n", 600)).buffered()
    tracemalloc.start()
    count = sum(1 for _ in records(ReaderInput(file="file", stream=stream), "item"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 600
    assert peak < 6_000_000


@pytest.mark.parametrize(
    "opens", [b"<![CDATA[", b"<!--", b"<item>", b"<item><![CDATA[", b"<!--<![CDATA[<item>"]
)
def test_what_opens_time_and_again_and_never_closes_takes_no_time(opens: bytes) -> None:
    began = time.process_time()
    found = cut(opens * 20_000 + b"-->]]>" + opens * 100)
    assert all(line == 0 for line, _ in found)
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (b"<rss>", "rss"),
        (
            b"\xef\xbb\xbf \n<?xml?><!-- <a> -->\n<!DOCTYPE b [<!ENTITY c 'd'>]><e:f g>",
            "f",
        ),
        ("<feed>".encode("utf-16"), "feed"),
        (b"words <rss>", ""),
        (b"\x00<rss>", ""),
    ],
)
def test_the_outermost_element_is_named(head: bytes, name: str) -> None:
    assert root(head) == name
