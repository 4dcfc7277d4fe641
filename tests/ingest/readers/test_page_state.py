"""Pages whose article stands in the data of their scripts alone."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.readers.webpage import reader
from tests.ingest.readers.opened import article, errors, read_bytes
from tests.ingest.readers.test_page_notes import FIRST, SECOND

TITLE = "Ferry terminal to close"
PARAGRAPHS = (FIRST, SECOND)
TEXT = "\n\n".join(PARAGRAPHS)
MARKUP = "".join(f"<p>{one}</p>" for one in PARAGRAPHS)
STORY = {
    "id": 7, "headline": TITLE, "body": MARKUP, "publishedAt": "2024-03-01T06:00:00Z",
    "author": {"name": "Ada Marl"},
}  # fmt: skip
OTHER = {"title": "Bridge opens", "body": "Quite another story is told in these few words. " * 9}
ARC = {
    "type": "story", "_id": "A1", "headlines": {"basic": TITLE}, "canonical_url": "/ferry",
    "display_date": "2024-03-01T06:00:00Z", "credits": {"by": [{"name": "Ada Marl"}]},
    "taxonomy": {"primary_section": {"name": "Harbour"}},
    "content_elements": [
        *({"type": "text", "content": one} for one in PARAGRAPHS),
        {"type": "image", "caption": "The terminal in winter"},
    ],
}  # fmt: skip


def page(script: str, printed: str = "", title: str = TITLE) -> bytes:
    return (
        f"<!doctype html><html lang='en'><head><title>{title}</title></head>"
        f"<body><div id='root'>{printed}</div>{script}</body></html>"
    ).encode()


def data(value: object) -> str:
    return f'<script id="__NEXT_DATA__" type="application/json">{json.dumps(value)}</script>'


def _single_quoted(value: object) -> str:
    return json.dumps(value).replace("\\", "\\\\").replace("'", "\\'")


@pytest.mark.parametrize(
    ("script", "name"),
    [
        (data({"props": {"pageProps": {"story": STORY}}}), "__NEXT_DATA__"),
        (f"<script>window.__INITIAL_STATE__ = {json.dumps({'byId': {'7': STORY}})};</script>",
         "__INITIAL_STATE__"),
        (f"<script>window['__STATE__']={{'a':1}};var kept={json.dumps([STORY])}</script>", "kept"),
        (f"<script>window.__APOLLO__={{\"x\":undefined,\"Story:7\":{json.dumps(STORY)}}}</script>",
         "__APOLLO__"),
        (f"<script>__S__ = JSON.parse({json.dumps(json.dumps(STORY))})</script>", "__S__"),
        (f"<script>__S__ = JSON.parse('{_single_quoted(STORY)}')</script>", "__S__"),
    ],
)  # fmt: skip
def test_the_article_is_read_out_of_the_data_of_the_scripts(script: str, name: str) -> None:
    found = article(read_bytes(reader, page(script)))
    assert (found.title, found.text) == (TITLE, TEXT)
    assert (found.authors, found.published) == (("Ada Marl",), "2024-03-01T06:00:00Z")
    assert found.language == "en"
    assert found.inferred == {"text": f"what the page keeps for its scripts ({name})"}


def test_a_story_of_arc_is_read_as_arc_gives_it() -> None:
    script = f"<script>window.Fusion=window.Fusion||{{}};Fusion.globalContent={json.dumps(ARC)};"
    footer = "<footer>© Harrow Post. All rights reserved.</footer>"
    found = article(read_bytes(reader, page(f"{script}</script>", footer, f"{TITLE} | Harrow")))
    assert (found.text, found.section) == (TEXT, "Harbour")
    assert found.captions == ("The terminal in winter",)
    assert found.authors == ("Ada Marl",)


def test_of_several_stories_the_one_with_the_title_of_the_page_is_taken() -> None:
    found = article(read_bytes(reader, page(data({"stories": [OTHER, STORY]}))))
    assert found.text == TEXT


def test_none_is_taken_where_several_might_be_meant() -> None:
    found = read_bytes(reader, page(data({"stories": [OTHER, STORY]}), title="Harrow Post"))
    assert errors(found) == ["file: no article text is found in the page"]


def test_a_page_that_prints_the_opening_is_read_whole() -> None:
    printed = f"<article><h1>{TITLE}</h1><p>{FIRST}</p></article>"
    assert article(read_bytes(reader, page(data(STORY), printed))).text == TEXT


def test_what_a_page_prints_goes_before_the_data_of_its_scripts() -> None:
    older = {"title": TITLE, "body": "Words of an older state of the story. " * 90}
    printed = f"<article><h1>{TITLE}</h1>{MARKUP}<p>{OTHER['body']}</p></article>"
    found = article(read_bytes(reader, page(data(older), printed)))
    assert "older state" not in found.text
    assert SECOND in found.text


@given(st.text(max_size=300), st.text(max_size=60))
@settings(max_examples=100, deadline=None)
def test_no_script_is_a_fault(script: str, before: str) -> None:
    read_bytes(reader, page(f"<script>{before} x = JSON.parse('{script}</script>"))
    read_bytes(reader, page(f"<script>{before} x = {{{script}</script>"))
    read_bytes(reader, page(f'<script type="application/json">[{script}</script>'))
