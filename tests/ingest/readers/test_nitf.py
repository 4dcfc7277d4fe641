"""NITF: articles, their facts, their notices."""

import pytest

from ingest.article import RawArticle
from ingest.readers.nitf import reader
from tests.ingest.readers.opened import article, errors, read_bytes

HEAD = (
    "<title>Ferry</title><tobject><tobject.property tobject.property.type='Opinion'/></tobject>"
    "<docdata management-status='{}'><date.issue norm='20240301T100000Z'/>"
    "<date.release norm='20240305T060000Z'/><doc-id id-string='harrow-1' regsrc='HA'/>"
    "<doc.copyright holder='Harrow Agency' year='2024'/><ed-msg info='{}'/>{}</docdata>"
    "<pubdata name='Harrow Post' position.section='Local' edition.name='Late'/>"
)
BODY = (
    "<body.head><hedline><hl1>Ferry stops</hl1><hl2>After ninety years</hl2></hedline>"
    "<byline>By <person>Ada Marl</person></byline><abstract><p>It is over.</p></abstract>"
    "</body.head>"
    "<body.content><p>One.</p><p>Two.</p><media><media-reference source='x.jpg'/><media-caption>"
    "The ferry</media-caption></media></body.content><body.end><tagline>ends</tagline></body.end>"
)


def document(status: str = "usable", message: str = "", more: str = "", body: str = BODY) -> bytes:
    start = '<?xml version="1.0"?>\n<!DOCTYPE nitf SYSTEM "nitf-3-5.dtd">\n<nitf>'
    head = HEAD.format(status, message, more)
    return f"{start}<head>{head}</head><body>{body}</body></nitf>".encode()


def test_a_document_is_an_article_with_its_facts() -> None:
    assert article(read_bytes(reader, document())) == RawArticle(
        file="file",
        where="line 3",
        record="3",
        text="One.\n\nTwo.",
        title="Ferry stops",
        standfirst="It is over.",
        comments_apart=True,
        captions=("The ferry",),
        outlet="Harrow Post",
        authors=("Ada Marl",),
        published="2024-03-01T10:00:00Z",
        section="Local",
        kind="opinion",
        id="harrow-1",
        embargo_until="2024-03-05T06:00:00Z",
        rights="Copyright 2024 Harrow Agency",
        metadata={"edition": "Late"},
    )


@pytest.mark.parametrize("release", ["20240301T100000Z", "20240301", "20240229T060000Z", "soon"])
def test_a_document_that_is_released_as_it_is_issued_waits_for_nothing(release: str) -> None:
    data = document().replace(b"20240305T060000Z", release.encode())
    assert article(read_bytes(reader, data)).embargo_until is None


def test_an_embargoed_document_waits_for_its_release() -> None:
    found = article(read_bytes(reader, document("embargoed")))
    assert (found.status, found.embargo_until) == (None, "2024-03-05T06:00:00Z")


@pytest.mark.parametrize(
    ("status", "message", "more", "expected"),
    [
        ("canceled", "", "", ("withdrawn", (), None)),
        ("usable", "KILL harrow-1", "", ("withdrawn", ("KILL harrow-1",), None)),
        ("usable", "Corrects the spelling", "", (None, ("Corrects the spelling",), None)),
        (
            "usable",
            "",
            "<correction info='The day was Monday.' id-string='harrow-0'/>",
            (None, ("The day was Monday.",), "harrow-0"),
        ),
    ],
)
def test_corrections_and_kills_are_told(
    status: str, message: str, more: str, expected: tuple[str | None, tuple[str, ...], str | None]
) -> None:
    found = article(read_bytes(reader, document(status, message, more)))
    assert (found.status, found.corrections, found.corrects) == expected


def test_several_documents_in_a_file_are_read_each() -> None:
    data = document() + b"\n" + document(body="") + document().replace(b"harrow-1", b"harrow-2")
    found = read_bytes(reader, data)
    ids = [(one.id, one.title) for one in found if isinstance(one, RawArticle)]
    assert ids == [("harrow-1", "Ferry stops"), ("harrow-1", "Ferry"), ("harrow-2", "Ferry stops")]


def test_a_document_of_nothing_and_one_that_is_cut_are_told() -> None:
    assert errors(read_bytes(reader, b"<nitf><body/></nitf><nitf><body>")) == [
        "file, line 1: it has neither text nor headline",
        "file, line 1: it is cut off: its end, </nitf>, is missing",
    ]


def test_a_document_is_known_wherever_it_is_wrapped_but_in_a_page() -> None:
    assert reader.sniff(document(), "x") > 0.97
    assert reader.sniff(b"<contentSet><inlineXML><nitf>", "x") > 0.6
    assert reader.sniff(b"<html><p>An <nitf> element", "x.nitf") == 0.0


@pytest.mark.parametrize(
    ("release", "until"),
    [("20990105", "2099-01-05T00:00:00+00:00"), ("20990105T0600", "2099-01-05T06:00:00+00:00")],
)
def test_an_embargo_without_a_zone_ends_in_that_of_its_issue(release: str, until: str) -> None:
    data = document("embargoed").replace(b"20240305T060000Z", release.encode())
    assert article(read_bytes(reader, data)).embargo_until == until
