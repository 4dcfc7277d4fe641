"""Saved web pages: article, metadata, comments."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.article import RawArticle, RawComment
from ingest.readers.webpage import reader
from tests.ingest.readers.opened import article, errors, read_bytes

BODY = (
    "<p>The council of Harrowmere voted on Tuesday to close the old ferry terminal, saying that "
    "repairs would cost more than the town’s yearly budget.</p>"
    "<p>“We cannot pay for it,” said Mayor Ines Tull.</p>"
    "<p>The terminal has stood for ninety years and was used by four hundred commuters a day "
    "until last autumn, the harbour office said in a statement.</p>"
)
TEXT = (
    "The council of Harrowmere voted on Tuesday to close the old ferry terminal, saying that "
    "repairs would cost more than the town’s yearly budget.\n\n"
    "“We cannot pay for it,” said Mayor Ines Tull.\n\n"
    "The terminal has stood for ninety years and was used by four hundred commuters a day "
    "until last autumn, the harbour office said in a statement."
)
COMMENTS = (
    '<div id="comments" class="comments"><h3>2 Comments</h3>'
    '<div class="comment"><span class="comment-author">harbourman</span>'
    "<p>I used it every day for ten years, and now you take it away!</p></div>"
    '<div class="comment"><span class="comment-author">JJE</span>'
    "<p>This is a disgrace and you know it, the mayor should go.</p></div></div>"
)


def page(head: str = "", body: str = BODY, after: str = "") -> bytes:
    return (
        f"<!doctype html><html lang='en-GB'><head><title>Ferry terminal to close | Harrow Post"
        f"</title>{head}</head><body><nav>Home News Sport</nav><article>"
        f"<h1>Ferry terminal to close</h1>{body}</article>{after}</body></html>"
    ).encode()


def ld(**fields: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(fields)}</script>'


def test_the_article_is_told_from_the_page_around_it() -> None:
    found = article(read_bytes(reader, page()))
    assert found == RawArticle(
        file="file",
        text=f"Ferry terminal to close\n\n{TEXT}",
        title="Ferry terminal to close",
        comments_apart=True,
        language="en-GB",
    )


def test_comments_are_kept_apart_with_their_authors() -> None:
    found = article(read_bytes(reader, page(after=COMMENTS)))
    assert "disgrace" not in found.text
    assert found.comments == (
        RawComment(
            text="I used it every day for ten years, and now you take it away!",
            author="harbourman",
        ),
        RawComment(text="This is a disgrace and you know it, the mayor should go.", author="JJE"),
    )


def test_schema_org_gives_date_authors_section_and_outlet() -> None:
    head = ld(
        **{"@context": "https://schema.org"},
        **{
            "@graph": [
                {"@type": "WebSite", "name": "Other"},
                {
                    "@type": "NewsArticle",
                    "datePublished": "2024-03-01T10:22:00+01:00",
                    "dateModified": "2024-03-02T08:00:00Z",
                    "author": [{"@type": "Person", "name": "Ada Marl"}, {"name": "Ben Orr"}],
                    "publisher": {"@type": "Organization", "name": "Harrow Post"},
                    "articleSection": ["Local"],
                    "inLanguage": "en",
                },
            ]
        },
    )
    found = article(read_bytes(reader, page(head)))
    assert (found.published, found.updated) == ("2024-03-01T10:22:00+01:00", "2024-03-02T08:00:00Z")
    assert (found.authors, found.outlet) == (("Ada Marl", "Ben Orr"), "Harrow Post")
    assert (found.section, found.language, found.inferred) == ("Local", "en", {})


def test_open_graph_serves_where_there_is_no_schema_org() -> None:
    head = (
        '<meta property="og:site_name" content="Harrow Post">'
        '<meta property="article:published_time" content="2024-03-01T10:22:00Z">'
        '<meta name="author" content="Ada Marl">'
        '<link rel="canonical" href="https://harrow.example/news/ferry">'
    )
    found = article(read_bytes(reader, page(head)))
    given = (found.outlet, found.published, found.authors, found.url)
    assert given == (
        "Harrow Post",
        "2024-03-01T10:22:00Z",
        ("Ada Marl",),
        "https://harrow.example/news/ferry",
    )


def test_broken_json_ld_does_not_spoil_the_page() -> None:
    head = '<script type="application/ld+json">{"@type": </script>'
    assert article(read_bytes(reader, page(head))).title == "Ferry terminal to close"


def test_the_name_of_the_site_is_no_part_of_a_headline() -> None:
    head = '<meta property="og:site_name" content="Harrow Post">'
    data = page(head).replace(b"<h1>Ferry terminal to close</h1>", b"")
    assert article(read_bytes(reader, data)).title == "Ferry terminal to close"


def test_the_printed_heading_goes_before_another_wording_in_the_metadata() -> None:
    head = '<meta property="og:title" content="You will not believe what they closed">'
    assert article(read_bytes(reader, page(head))).title == "Ferry terminal to close"


def test_a_date_that_only_stands_in_the_text_is_not_taken() -> None:
    body = BODY + "<p>The first ferry left on 12 May 1931, and the last on 3 June 2019.</p>"
    assert article(read_bytes(reader, page(body=body))).published is None


def test_a_declared_encoding_is_used() -> None:
    head = '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">'
    body = "<p>Міська рада проголосувала за закриття старого порту, сказала мерка міста.</p>" * 3
    data = page(head, body).decode().replace("’", "'").encode("cp1251")
    found = article(read_bytes(reader, data))
    assert "Міська рада" in found.text
    assert found.inferred == {"encoding": "windows-1251, as declared"}


def test_an_external_entity_is_not_followed() -> None:
    entity = b'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    data = page(body=BODY + "<p>Here: &x; stands.</p>").replace(b"<!doctype html>", entity)
    assert "Here: &x; stands." in article(read_bytes(reader, data)).text


@pytest.mark.parametrize("data", [b"<html></html>", b"<html><body><nav>Home</nav></body></html>"])
def test_a_page_without_an_article_is_told(data: bytes) -> None:
    assert errors(read_bytes(reader, data)) == ["file: no article text is found in the page"]


@pytest.mark.parametrize(
    ("head", "sure"),
    [
        (b"<!DOCTYPE html><html>", True),
        (b"\xef\xbb\xbf\n<html lang=en>", True),
        (b"<!-- saved from url --><html>", True),
        (b'{"body": "<html>"}', False),
        (b"Plain words and a <b>tag</b>", False),
        (b"\x00<html>", False),
    ],
)
def test_a_page_is_known_by_its_tags(head: bytes, sure: bool) -> None:
    assert (reader.sniff(head, "x") > 0.5) is sure


FRAGMENTS = st.lists(
    st.sampled_from(
        "<p> </p> <div <div> </div> <table><tr><td> <!-- --> <script> </script> <h1> &#0; &x; "
        "<ul><li> <svg <![CDATA[ ]]> class=comment <br/> <a href=javascript:x> é \u0000".split()
    ),
    max_size=40,
)


@settings(max_examples=60, deadline=None)
@given(FRAGMENTS, st.binary(max_size=60))
def test_no_page_breaks_the_reading(fragments: list[str], tail: bytes) -> None:
    read_bytes(reader, b"<html><body>" + " ".join(fragments).encode() + tail)


def test_a_page_nested_a_hundred_thousand_deep_is_read_or_told() -> None:
    assert len(read_bytes(reader, b"<html><body>" + b"<div>" * 100_000 + BODY.encode())) == 1


@pytest.mark.parametrize("head", ['<?xml version="1.0"?>', '<?xml version="1.0"?><!-- made -->\n'])
def test_records_in_xml_of_an_unknown_kind_are_no_page(head: str) -> None:
    items = "<item><title>A</title><body><p>It stops.</p></body></item>" * 2
    assert reader.sniff(f"{head}<articles>{items}</articles>".encode(), "file") == 0
    assert reader.sniff(f"{head}<html><body><p>It stops.</p></body></html>".encode(), "f") > 0.5


def test_a_page_in_a_script_without_spaces_is_read() -> None:
    first = "オストラの水道委員会は月曜日の夜、下の貯水池を九週間空にすることを決めた。"
    second = "二つの漏れが見つかったため必要になった。"
    body = f"<p class='date'>2023年5月29日</p><p>{first}</p><p>{second}</p>"
    found = article(read_bytes(reader, page(body=body)))
    assert first in found.text
    assert found.published == "2023年5月29日"
