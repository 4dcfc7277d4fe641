"""Plain text: one article a file."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.article import RawArticle
from ingest.readers.text import reader
from tests.ingest.readers.opened import article, errors, read_bytes


def test_the_whole_file_is_one_article_and_nothing_else_is_given() -> None:
    data = b"The ferry stops.\r\n\r\nNobody knows why.\n"
    expected = RawArticle(file="file", text="The ferry stops.\r\n\r\nNobody knows why.\n")
    assert article(read_bytes(reader, data)) == expected


def test_how_an_encoding_was_told_is_said() -> None:
    data = ("Міська рада проголосувала за закриття старого порту, сказав мер. " * 5).encode(
        "cp1251"
    )
    found = article(read_bytes(reader, data))
    assert found.text.startswith("Міська рада")
    assert found.inferred == {"encoding": "cp1251, detected"}


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\x00\x01\x02 text", "it holds NUL bytes: not text, or UTF-16 without a byte order mark"),
        (b" \n\t", "it holds no text"),
    ],
)
def test_what_is_no_text_is_told(data: bytes, why: str) -> None:
    assert errors(read_bytes(reader, data)) == [f"file: {why}"]


def test_a_file_beyond_the_bound_is_told() -> None:
    found = read_bytes(reader, b"a" * 20_000_001)
    assert errors(found) == ["file: it is longer than 20,000,000 bytes"]


@pytest.mark.parametrize(
    ("head", "file", "taken"),
    [
        (b"The ferry stops.", "ferry", True),
        (b"The ferry stops.", "ferry.md", True),
        (b"body {color: red}", "page.css", False),
        (b"a,b,c", "table.csv", False),
        (b"<?xml version='1.0'?><rss>", "feed.txt", False),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "picture", False),
        (b"%PDF-1.7\x01\x02\x03\x04", "print", False),
    ],
)
def test_only_what_may_be_an_article_is_taken_for_one(head: bytes, file: str, taken: bool) -> None:
    assert (reader.sniff(head, file) > 0) is taken


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_break_the_reading(data: bytes) -> None:
    read_bytes(reader, data)
