"""JSON as other systems write it: other names, other spellings, wrapped, kept by an editor."""

import json

import pytest

from ingest.article import RawArticle
from ingest.readers import api_answers, jsonlines, ninjs, separated
from tests.ingest.readers.opened import article, errors, read_bytes

FIRST = "The parish of Ullmark asked the canal office to lower the water by a hand."
SECOND = "The office said that it would look at the gauge before the week was out."
TEXT = f"{FIRST}\n\n{SECOND}"
FIELDS = {"title": "Water at the lock", "text": TEXT, "date": "2024-03-01"}


def read(record: object) -> RawArticle:
    return article(read_bytes(jsonlines.reader, json.dumps(record).encode()))


@pytest.mark.parametrize(
    "wrapped",
    [
        {"data": [FIELDS], "meta": {"page": 1}},
        {"took": 3, "hits": {"total": 1, "hits": [{"_id": "1", "_source": FIELDS}]}},
        {"response": {"docs": [{name: [value] for name, value in FIELDS.items() if name != "date"}
                               | {"date": "2024-03-01"}]}},
        {"data": [{"id": 4, "attributes": FIELDS}]},
        {"articles": {"page": 1, "results": [FIELDS]}},
        {"articles": {"17": FIELDS, "18": FIELDS | {"title": "Water at the mill"}}},
        {"result": {"article": FIELDS}, "ok": True},
    ],
)  # fmt: skip
def test_the_articles_of_an_answer_are_found_wherever_it_wraps_them(wrapped: object) -> None:
    found = read_bytes(jsonlines.reader, json.dumps(wrapped).encode())
    first = found[0]
    assert isinstance(first, RawArticle)
    assert (first.title, first.text, first.published) == (*FIELDS.values(),)
    assert len(found) == (2 if "17" in str(wrapped) else 1)


def test_an_article_is_no_wrapping_of_what_it_holds() -> None:
    record = {
        "title": "Water at the lock", "author": "Ada Marl", "related": [FIELDS], "comments": [],
    }  # fmt: skip
    (told,) = errors(read_bytes(jsonlines.reader, json.dumps(record).encode()))
    assert "a title and no text" in told


def test_a_field_that_looks_like_the_text_is_named_as_the_mapping_reaches_it() -> None:
    record = {"data": [{"title": "A", "description": TEXT}, {"title": "B", "description": TEXT}]}
    data = json.dumps(record).encode()
    (told,) = errors(read_bytes(jsonlines.reader, data))
    assert "`--map text=data[].description`" in told
    mapped = read_bytes(jsonlines.reader, data, mapping={"text": "data[].description"})
    assert [one.text for one in mapped if isinstance(one, RawArticle)] == [TEXT, TEXT]


@pytest.mark.parametrize(
    "body",
    [
        [FIRST, SECOND],
        {"blocks": [{"type": "paragraph", "data": {"text": one}} for one in (FIRST, SECOND)]},
        {"blocks": [{"type": "unstyled", "text": one} for one in (FIRST, SECOND)]},
        {"type": "doc", "content": [
            {"type": "paragraph", "content": [{"type": "text", "text": one}]}
            for one in (FIRST, SECOND)]},
        {"nodeType": "document", "content": [
            {"nodeType": "paragraph", "content": [{"nodeType": "text", "value": one}]}
            for one in (FIRST, SECOND)]},
        [{"_type": "block", "children": [{"_type": "span", "text": FIRST[:9]},
                                         {"_type": "span", "text": FIRST[9:]}]},
         {"_type": "block", "children": [{"_type": "span", "text": SECOND}]}],
        [{"type": "paragraph", "children": [{"text": FIRST[:9]}, {"text": FIRST[9:], "b": 1}]},
         {"type": "paragraph", "children": [{"text": SECOND}]}],
        {"value": f"<p>{FIRST}</p><p>{SECOND}</p>", "processed": f"<p>{FIRST}</p><p>{SECOND}</p>"},
    ],
)  # fmt: skip
def test_a_text_that_an_editor_keeps_in_blocks_is_its_paragraphs(body: object) -> None:
    assert read({"title": "Water at the lock", "body": body}).text == TEXT


@pytest.mark.parametrize(
    "names",
    [
        ("Headline", "Content", "Publication Date", "Author"),
        ("titel", "inhalt", "erscheinungsdatum", "autor"),
        ("titre", "texte", "date_publication", "auteur"),
        ("Título", "CUERPO", "fecha", "autor"),
        ("titolo", "testo", "data", "autore"),
        ("tytuł", "treść", "data publikacji", "autor"),
        ("заголовок", "текст", "дата", "автор"),
        ("标题", "正文", "发布时间", "作者"),
    ],
)
def test_fields_are_known_by_other_spellings_and_in_other_languages(names: tuple[str, ...]) -> None:
    values = ("Water at the lock", TEXT, "2024-03-01", "Ada Marl")
    found = read(dict(zip(names, values, strict=True)))
    assert (found.title, found.text, found.published, found.authors) == (*values[:3], (values[3],))
    rows = f"{';'.join(names)}\nWater at the lock;{FIRST};2024-03-01;Ada Marl\n".encode()
    row = article(read_bytes(separated.reader, rows))
    assert (row.title, row.text, row.published, row.authors) == (
        values[0], FIRST, values[2], (values[3],)
    )  # fmt: skip


@pytest.mark.parametrize("value", ["doc-17", {"id": 3}, 12, True])
def test_a_name_that_is_another_things_as_often_is_not_taken_for_the_text(value: object) -> None:
    record = {"title": "Water at the lock", "document": value}
    assert "a title and no text" in errors(
        read_bytes(jsonlines.reader, json.dumps(record).encode())
    )[0]  # fmt: skip


def test_the_moment_a_record_was_made_is_told_as_such() -> None:
    found = read({"title": "A", "selftext": TEXT, "created_utc": 1709287200, "published": True})
    assert found.published == "1709287200"
    assert found.inferred == {"date": "when the record was made ('created_utc')"}


LEXICAL = json.dumps({"root": {"type": "root", "children": [
    {"type": "paragraph", "children": [{"type": "text", "text": one}]} for one in (FIRST, SECOND)
]}})  # fmt: skip
MOBILEDOC = json.dumps({"version": "0.3.1", "atoms": [], "markups": [], "cards": [
    ["html", {"html": f"<p>{SECOND}</p>"}]
], "sections": [[1, "p", [[0, [], 0, FIRST]]], [10, 0]]})  # fmt: skip


@pytest.mark.parametrize("kept", [{"lexical": LEXICAL}, {"mobiledoc": MOBILEDOC}])
def test_a_post_of_ghost_without_html_gives_what_its_editor_kept(kept: dict[str, str]) -> None:
    post = {"id": "1", "title": "A", "slug": "a", "html": None, "comment_id": "1", **kept}
    data = json.dumps({"posts": [post]}).encode()
    assert article(read_bytes(api_answers.reader, data)).text == TEXT


@pytest.mark.parametrize("broken", ["{", "[]", '{"sections": [[1], [10, 9], 3]}', '{"root": 1}'])
def test_an_editors_text_that_is_broken_is_told(broken: str) -> None:
    post = {"id": "1", "title": "A", "slug": "a", "html": "", "comment_id": "1", "lexical": broken}
    (told,) = errors(read_bytes(api_answers.reader, json.dumps({"posts": [post]}).encode()))
    assert "has no text" in told


def test_blocks_of_the_guardian_stand_in_for_its_body() -> None:
    item = {"webTitle": "A", "webPublicationDate": "2024-03-01T10:00:00Z", "blocks": {"body": [
        {"bodyHtml": f"<p>{FIRST}</p>"}, {"bodyHtml": f"<p>{SECOND}</p>"}]}}  # fmt: skip
    assert article(read_bytes(api_answers.reader, json.dumps([item]).encode())).text == TEXT


def test_tables_and_html_of_arc_are_text() -> None:
    elements = [
        {"type": "raw_html", "content": f"<p>{FIRST}</p>"},
        {"type": "table", "header": ["Day", "Hand"], "rows": [[{"content": "<b>Mon</b>"}, "2"]]},
    ]
    story = {"type": "story", "headlines": {"basic": "A"}, "content_elements": elements}
    found = article(read_bytes(api_answers.reader, json.dumps(story).encode()))
    assert found.text == f"{FIRST}\n\nDay | Hand\nMon | 2"


@pytest.mark.parametrize("name", ["_items", "docs", "articles"])
def test_ninjs_is_found_in_the_answers_of_a_newsroom_system(name: str) -> None:
    item = {
        "guid": "urn:o:1", "type": "text", "headline": "A", "pubstatus": "canceled",
        "versioncreated": "2024-03-01T10:00:00Z", "body_html": f"<p>{FIRST}</p>",
    }  # fmt: skip
    found = article(read_bytes(ninjs.reader, json.dumps({name: [item], "_meta": {}}).encode()))
    assert (found.text, found.status) == (FIRST, "withdrawn")


def test_an_answer_nested_without_end_is_told() -> None:
    deep = '{"next": ' * 200 + json.dumps(FIELDS) + "}" * 200
    (told,) = errors(read_bytes(jsonlines.reader, deep.encode()))
    assert "neither text nor title" in told


def test_every_list_of_an_answer_is_read_and_what_else_has_a_text_is_told() -> None:
    second = FIELDS | {"title": "Water at the mill"}
    for answer in (
        {"2024-03-01": [FIELDS], "2024-03-02": [second]},
        {"sections": [{"name": "A", "articles": [FIELDS]}, {"name": "B", "articles": [second]}]},
    ):
        found = read_bytes(jsonlines.reader, json.dumps(answer).encode())
        assert [one.title for one in found if isinstance(one, RawArticle)] == [
            "Water at the lock", "Water at the mill",
        ]  # fmt: skip
    replies = {"data": [FIELDS], "included": [{"type": "reply", "body": FIRST}] * 2}
    found = read_bytes(jsonlines.reader, json.dumps(replies).encode())
    assert len([one for one in found if isinstance(one, RawArticle)]) == 1
    (told,) = errors(found)
    assert "2 of the objects in 'included[]' have a text and no title, and are not read" in told


@pytest.mark.parametrize("nothing", ["nan", "NULL", "None", "N/A", "", " ", "-"])
def test_what_programs_write_for_an_empty_cell_is_no_fact(nothing: str) -> None:
    record = {"title": "None", "text": "N/A", "author": nothing, "date": nothing, "url": nothing}
    found = read(record)
    assert (found.authors, found.published, found.url) == ((), None, None)
    assert (found.title, found.text) == ("None", "N/A")


def test_names_and_moments_are_read_out_of_objects() -> None:
    found = read(FIELDS | {
        "author": {"first_name": "Ada", "last_name": "Marl"},
        "date": {"seconds": 1709287200, "nanoseconds": 0},
    })  # fmt: skip
    assert (found.authors, found.published) == (("Ada Marl",), "1709287200")


MARKDOWN = (
    f"## Cellars\n\n{FIRST} [More](https://ull.example/more).[^1]\n\n**{SECOND}**\n\n[^1]: So far."
)


def test_markdown_in_a_field_gives_its_words() -> None:
    found = read({"title": "Water at the lock", "content": MARKDOWN})
    assert found.text == f"Cellars\n\n{FIRST} More.¹\n\n{SECOND}\n\n¹ So far."
    assert found.inferred["text"] == "words of its Markdown"


@pytest.mark.parametrize(
    "plain", [f"{FIRST} # 1 of 3 [sic] (so)", f"#water {SECOND}", "[1](2) " + FIRST]
)
def test_a_text_that_only_looks_like_markdown_is_left_as_it_is(plain: str) -> None:
    assert read({"title": "Water at the lock", "content": plain}).text == plain


def test_what_a_crawler_says_of_a_page_beside_its_text_is_said_of_the_article() -> None:
    about = {
        "title": "Water at the lock", "sourceURL": "https://ull.example/w",
        "ogSiteName": "Ull Post", "publishedTime": "2024-03-01T09:00:00Z", "statusCode": 200,
    }  # fmt: skip
    answer = {"success": True, "data": [{"markdown": MARKDOWN, "metadata": about}]}
    found = read(answer)
    assert (found.title, found.outlet, found.url, found.published) == (
        "Water at the lock", "Ull Post", "https://ull.example/w", "2024-03-01T09:00:00Z",
    )  # fmt: skip
    assert found.metadata == {"statusCode": 200}


def test_of_a_record_of_which_nothing_is_known_the_longest_field_is_named() -> None:
    held = {"feed": {"entry": [{"t": {"v": "Water"}, "c": {"parts": [{"x": TEXT}]}}]}}
    (told,) = errors(read_bytes(jsonlines.reader, json.dumps(held).encode()))
    assert "`--map text=feed.entry[].c.parts[].x`" in told
