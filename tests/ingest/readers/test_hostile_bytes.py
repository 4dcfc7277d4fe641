"""Every reader that is offered, given bytes that somebody damaged: errors as words, no hang."""

import gzip
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import plugins
from ingest.article import RawArticle
from ingest.clean.assemble import clean
from ingest.errors import ReadError
from ingest.language.chunk import split
from ingest.readers import Reader
from tests.ingest.readers.newsroom_files import SAMPLES as OF_THE_TRADE
from tests.ingest.readers.opened import read_bytes
from tests.ingest.readers.test_formats import SAMPLES as FORMATS

SENTENCE = "The council of Harrowmere voted on Tuesday to close the old ferry terminal for good."
PAGE = (
    "<!doctype html><html lang='en'><head><title>Ferry stops</title></head><body><article>"
    f"<h1>Ferry stops</h1><p>{SENTENCE}</p><p>{SENTENCE} Nobody spoke against it.</p>"
    "</article></body></html>"
)
ANSWER = f"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{PAGE}"

# A small valid file for each reader; whoever adds a reader adds one here or to the others.
SAMPLES: dict[str, bytes] = FORMATS | {
    "feed": (
        '<?xml version="1.0"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<channel><title>Harrow Post</title><item><title>Ferry stops</title>"
        f"<description>{SENTENCE}</description><dc:creator>Ada Marl</dc:creator></item>"
        f"<item><title>Ferry &amp; bridge</title><description><![CDATA[<p>{SENTENCE}</p>]]>"
        "</description></item></channel></rss>"
    ).encode(),
    "html": PAGE.encode(),
    "jsonl": f'{{"title": "Ferry stops", "text": "{SENTENCE}"}}\n'.encode() * 2,
    "newsml": (
        '<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/"><itemSet>'
        '<newsItem guid="urn:harrow:1" version="2"><itemMeta><itemClass qcode="ninat:text"/>'
        '<pubStatus qcode="stat:usable"/><edNote>CORRECTS the day</edNote></itemMeta><contentMeta>'
        "<headline>Ferry stops</headline></contentMeta><contentSet><inlineXML><nitf><body>"
        f"<body.content><p>{SENTENCE}</p></body.content></body></nitf></inlineXML></contentSet>"
        "</newsItem></itemSet></newsMessage>"
    ).encode(),
    "ninjs": (
        '{"uri": "urn:harrow:1", "type": "text", "versioncreated": "2024-03-01T10:00:00Z", '
        f'"headline": "Ferry stops", "body_xhtml": "<p>{SENTENCE}</p>", "byline": "Ada Marl"}}'
    ).encode(),
    "nitf": (
        "<nitf><head><title>Ferry stops</title><docdata><doc-id id-string='harrow-1'/></docdata>"
        "</head><body><body.head><hedline><hl1>Ferry stops</hl1></hedline></body.head>"
        f"<body.content><p>{SENTENCE}</p></body.content></body></nitf>"
    ).encode(),
    "sgml": (
        '<!DOCTYPE lewis SYSTEM "lewis.dtd">\n<REUTERS TOPICS="YES" NEWID="1">\n'
        "<DATE>26-FEB-1987 15:01:01.79</DATE>\n<TEXT>&#2;\n<TITLE>FERRY STOPS</TITLE>\n"
        f"<BODY>{SENTENCE}\n    {SENTENCE}\n Reuter\n&#3;</BODY></TEXT>\n</REUTERS>\n"
    ).encode(),
    "subtitles": (
        f"WEBVTT\nLanguage: en\n\n1\n00:01.000 --> 00:04.500 line:0\n<v Ada Marl>{SENTENCE}\n\n"
        f"NOTE of nobody\n\n00:05.000 --> 00:08.000\n- <i>Why?</i>\n- {SENTENCE}\n"
    ).encode(),
    "text": f"Ferry stops\n\n{SENTENCE}\n".encode(),
    "warc": (
        "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://harrow.example/ferry\r\n"
        "WARC-Date: 2024-03-01T10:00:00Z\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(ANSWER)}\r\n\r\n{ANSWER}\r\n\r\n"
    ).encode(),
    "wxr": (
        '<?xml version="1.0"?><rss version="2.0" xmlns:wp="https://wordpress.org/export/1.2/">'
        "<channel><title>Harrow Post</title><item><title>Ferry stops</title>"
        f"<content:encoded><![CDATA[{SENTENCE} [gallery ids='1']]]></content:encoded>"
        "<wp:post_type>post</wp:post_type><wp:status>publish</wp:status><wp:comment>"
        "<wp:comment_author>heron</wp:comment_author><wp:comment_content>A shame!"
        "</wp:comment_content></wp:comment></item></channel></rss>"
    ).encode(),
}
SAMPLES |= OF_THE_TRADE
PIECES = [
    *(bytes([byte]) for byte in (0, 9, 10, 13, 26, 31, 34, 38, 39, 60, 62, 127, 128, 195, 255)),
    *(b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<p", b"</", b"/>", b"<?xml", b"<!DOCTYPE x ["),
    *(b"<!ENTITY a 'b'>", b"&a;", b"&#0;", b"&#xd800;", b"&#3;", b"\xed\xa0\x80", b"\xff\xfe"),
    *(b"\r\n\r\n", b"WARC/1.0\r\n", b"Content-Length: -1\r\n", b"Content-Length: 99999999999\r\n"),
    *(b"Content-Encoding: gzip\r\n", b"Transfer-Encoding: chunked\r\n", gzip.compress(b"x")),
    *(b"{", b"[", b"}", b"]", b'":', b"\\u0000", b"\\ud800", b"null", b"1e999", b"NaN", b"-1"),
    *(b"<item>", b"</item>", b"<entry>", b"<newsItem>", b"<nitf>", b"<REUTERS>", b"</REUTERS>"),
    *(b"PK\x03\x04", b"word/document.xml", b"\xd0\xcf\x11\xe0", b"\x01", b"\x02", b"\x03", b"\x04"),
    *(b"{\\rtf1", b"{\\footnote", b"\\bin99999999 ", b"\\u-99999?", b"<w:p>", b"<TextBlock"),
    *(b"1 of 9 DOCUMENTS\n", b"BODY:\n", b"End of Document\n", b"Document ABCD000020240301ek31\n"),
    *(b"xmlns='", b"charset=utf-16", b"encoding='utf-7'", b"[caption]", b"[/x]", b"PAR1", b",,\n"),
]
SECONDS = 20
# What stands there again and again where a pattern or a list takes the square of a file's length.
REPEATED = (
    *(b" ", b"\n", b"\x01", b"\x16 ", b"<", b"<a ", b"{", b'"', b"- ", b"A: ", b"=", b"\xc2\xa0"),
    *(
        b"a",
        b"A b ",
        b"A b\n",
        b"1 of ",
        b"by ",
        b"(",
        b"&lt;p",
        b"[",
        b"a,",
        b"Comments\n",
        b"A:\n",
        b"&#3;",
    ),
)
MANY = 20_000  # bytes of it
WORTH_ASKING = 0.2  # seconds: what takes less is not measured a second time


WITHOUT_ARTICLES = {
    "sitemap": b"<urlset><url><loc>https://harrow.example/ferry</loc></url></urlset>",
}
"""Of readers that say what a file is, and that it holds no article."""

SAMPLES_OF_ALL = SAMPLES | WITHOUT_ARTICLES


def reader_of(name: str) -> Reader:
    return cast("Reader", plugins.load("readers", name))


@contextmanager
def no_hang() -> Iterator[None]:
    """Fail where reading takes longer than any such small file may."""

    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise AssertionError(f"it read for more than {SECONDS} seconds of processor")

    # Of the processor's time: beside much else a file takes many times as long by the clock.
    before = signal.signal(signal.SIGVTALRM, ring)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


@st.composite
def damaged(draw: st.DrawFn, data: bytes) -> bytes:
    """Return valid bytes after a few accidents."""
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + 200)))
        put = draw(st.one_of(st.sampled_from(PIECES), st.binary(max_size=8), st.just(b"")))
        moved = data[start:end] * draw(st.sampled_from([0, 0, 1, 2, 50]))
        data = data[:start] + put + moved + data[end:]
    return data[: draw(st.integers(0, len(data)))] if draw(st.booleans()) else data


@st.composite
def arbitrary(draw: st.DrawFn, data: bytes) -> bytes:
    """Return bytes that begin like a valid file, or not even that."""
    head = data[: draw(st.sampled_from([0, 4, 64, len(data) // 2]))]
    return head + b"".join(draw(st.lists(st.one_of(st.sampled_from(PIECES), st.binary()))))


def survive(name: str, data: bytes) -> None:
    reader = reader_of(name)
    with no_hang():
        assert 0.0 <= reader.sniff(data[:65_536], "file") <= 1.0
        found = read_bytes(reader, data)
        for one in found:
            if not isinstance(one, ReadError):
                with suppress(ReadError):
                    assert split(clean(one))


def test_every_reader_has_a_sample() -> None:
    assert set(plugins.names("readers")) <= set(SAMPLES_OF_ALL)


@pytest.mark.parametrize("name", SAMPLES)
def test_a_sample_is_read_whole_and_known_by_its_reader_alone(name: str) -> None:
    found = read_bytes(reader_of(name), SAMPLES[name])
    assert name == "picture" or any(isinstance(one, RawArticle) for one in found)
    sure = {one: reader_of(one).sniff(SAMPLES[name], "file") for one in SAMPLES}
    assert max(sure, key=lambda one: sure[one]) == name, sure


@pytest.mark.parametrize("name", SAMPLES_OF_ALL)
@pytest.mark.parametrize("data", [b"", b"\0", b"\xff\xfe", b"<", b"{", b"\n" * 1000])
def test_next_to_nothing_breaks_no_reader(name: str, data: bytes) -> None:
    survive(name, data)


@pytest.mark.parametrize("name", SAMPLES_OF_ALL)
def test_a_reader_takes_linear_time(name: str) -> None:
    """Four times as many bytes take four times as long, and sixteen times where it is squared."""
    half, third = len(SAMPLES_OF_ALL[name]) // 2, len(SAMPLES_OF_ALL[name]) // 3
    pieces = (*REPEATED, SAMPLES_OF_ALL[name][half:], SAMPLES_OF_ALL[name][third : third + 12])
    survive(name, SAMPLES_OF_ALL[name])  # so that nothing is loaded while it is measured
    ways = [(piece, where) for piece in pieces for where in ("alone", "within")]
    assert [(piece[:20], where) for piece, where in ways if _is_squared(name, piece, where)] == []


def _is_squared(name: str, piece: bytes, where: str) -> bool:
    much = _taken(name, piece, where, MANY)
    if much < WORTH_ASKING:
        return False
    little = max(_taken(name, piece, where, MANY // 4) for _ in range(3))
    return min(much, *(_taken(name, piece, where, MANY) for _ in range(2))) > 12 * little


def _taken(name: str, piece: bytes, where: str, size: int) -> float:
    """Return the seconds of processor that a file takes which repeats a piece to some size."""
    data = piece * (size // max(len(piece), 1) + 1)
    if where == "within":
        half = len(SAMPLES_OF_ALL[name]) // 2
        data = SAMPLES_OF_ALL[name][:half] + data + SAMPLES_OF_ALL[name][half:]
    begun = time.process_time()
    survive(name, data)
    return time.process_time() - begun


@pytest.mark.parametrize("name", SAMPLES_OF_ALL)
def test_a_file_that_is_cut_anywhere_breaks_no_reader(name: str) -> None:
    for end in range(0, len(SAMPLES_OF_ALL[name]), max(1, len(SAMPLES_OF_ALL[name]) // 8)):
        survive(name, SAMPLES_OF_ALL[name][:end])


@pytest.mark.parametrize("name", SAMPLES_OF_ALL)
@settings(max_examples=10, deadline=None)
@given(choice=st.data())
def test_damage_breaks_no_reader(name: str, choice: st.DataObject) -> None:
    survive(name, choice.draw(damaged(SAMPLES_OF_ALL[name])))


@pytest.mark.parametrize("name", SAMPLES_OF_ALL)
@settings(max_examples=10, deadline=None)
@given(choice=st.data())
def test_no_bytes_at_all_break_a_reader(name: str, choice: st.DataObject) -> None:
    survive(name, choice.draw(arbitrary(SAMPLES_OF_ALL[name])))


@pytest.mark.slow
@pytest.mark.parametrize("name", SAMPLES_OF_ALL)
@settings(max_examples=2_000, deadline=None)
@given(choice=st.data())
def test_much_damage_breaks_no_reader(name: str, choice: st.DataObject) -> None:
    survive(
        name, choice.draw(st.one_of(damaged(SAMPLES_OF_ALL[name]), arbitrary(SAMPLES_OF_ALL[name])))
    )
