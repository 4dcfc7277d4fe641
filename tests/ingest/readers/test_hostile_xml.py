"""What XML can do to who reads it: entities that explode, files that leak, depth without end."""

import time

import pytest

from ingest.article import RawArticle
from ingest.readers import Reader, digitised, factiva, feed, newsml, nitf, sgml, tei, wordpress
from tests.ingest.readers.opened import errors, read_bytes

# For each reader a document with a place for a declaration and one for what its text says.
DOCUMENTS: list[tuple[Reader, str]] = [
    (
        feed.reader,
        "{}<rss><channel><item><title>T</title><description>{}</description></item></channel></rss>",
    ),
    (
        wordpress.reader,
        "{}<rss><item><title>T</title><content:encoded>{}</content:encoded></item></rss>",
    ),
    (
        newsml.reader,
        (
            "{}<newsItem guid='1'><contentMeta><headline>T</headline></contentMeta><contentSet>"
            "<inlineXML><html><p>{}</p></html></inlineXML></contentSet></newsItem>"
        ),
    ),
    (
        nitf.reader,
        "{}<nitf><head><title>T</title></head><body><body.content><p>{}</p></body.content></body></nitf>",
    ),
    (
        factiva.reader,
        (
            "{}<ppsarticle><article><headline>T</headline><leadParagraph><paragraph>{}</paragraph>"
            "</leadParagraph></article></ppsarticle>"
        ),
    ),
    (
        digitised.page,
        "{}<PcGts><Page><TextRegion><TextEquiv><Unicode>{}</Unicode></TextEquiv></TextRegion></Page></PcGts>",
    ),
    (tei.reader, "{}<TEI><text><body><p>{}</p></body></text></TEI>"),
    (sgml.reader, "{}<DOC><HEADLINE>T</HEADLINE><TEXT>{}</TEXT></DOC>"),
]
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
BOMB = f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]>'
QUADRATIC = f'<!DOCTYPE x [<!ENTITY l9 "{"ha" * 50_000}">]>'
FILE = '<!DOCTYPE x [<!ENTITY l9 SYSTEM "file:///etc/passwd">]>'
PARAMETER = '<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p; <!ENTITY l9 "%p;">]>'
OUTSIDE = '<!DOCTYPE x SYSTEM "http://192.0.2.1/x.dtd">'


def texts(reader: Reader, document: str) -> list[str]:
    return [
        one.text for one in read_bytes(reader, document.encode()) if isinstance(one, RawArticle)
    ]


@pytest.mark.parametrize(("reader", "document"), DOCUMENTS)
@pytest.mark.parametrize("declared", [BOMB, QUADRATIC, FILE, PARAMETER, OUTSIDE])
@pytest.mark.parametrize("inside", [False, True])
def test_entities_that_a_document_declares_stay_names(
    reader: Reader, document: str, declared: str, inside: bool
) -> None:
    began = time.process_time()
    said = "&l9;" * (1_000 if declared is QUADRATIC else 1)
    given = (
        document.format("", f"words {declared} {said}")
        if inside
        else document.format(declared, said)
    )
    found = texts(reader, given)
    assert [one[-4:] for one in found] == ["&l9;"]
    assert "root:" not in found[0]
    assert time.process_time() - began < 2


@pytest.mark.parametrize(("reader", "document"), DOCUMENTS)
def test_depth_without_end_is_told(reader: Reader, document: str) -> None:
    assert errors(read_bytes(reader, document.format("", "<b>" * 50_000).encode())) == [
        "file, line 1: its markup is nested too deep"
    ]


@pytest.mark.parametrize(("reader", "document"), DOCUMENTS[:2])
def test_a_text_beyond_the_bounds_is_told(reader: Reader, document: str) -> None:
    (why,) = errors(read_bytes(reader, document.format("", "x" * 12_000_000).encode()))
    assert why.startswith(("file, line 1: its markup cannot be read", "file, line 1: it is longer"))


@pytest.mark.parametrize(("reader", "document"), DOCUMENTS)
def test_a_document_in_utf_16_is_read_as_safely(reader: Reader, document: str) -> None:
    data = document.format(BOMB, "Рада &l9;").encode("utf-16")
    found = [one.text for one in read_bytes(reader, data) if isinstance(one, RawArticle)]
    assert found == ["Рада &l9;"]
