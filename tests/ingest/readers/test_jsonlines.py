"""JSON lines: fields, damage, other shapes of JSON."""

import io
import json
import tracemalloc
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.article import RawArticle, RawComment
from ingest.errors import SettingsError
from ingest.readers import ReaderInput
from ingest.readers.jsonlines import reader
from tests.ingest.readers.opened import article, errors, read_bytes

FERRY = {"text": "The ferry stops.", "title": "Ferry stops"}


def lines(*records: Mapping[str, object] | str) -> bytes:
    return "\n".join(r if isinstance(r, str) else json.dumps(r) for r in records).encode()


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("text", "content"),
        ("text", "body"),
        ("text", "maintext"),
        ("title", "headline"),
        ("published", "date"),
        ("published", "published_at"),
        ("published", "publish_date"),
        ("published", "date_publish"),
        ("published", "datePublished"),
        ("url", "link"),
        ("outlet", "publisher"),
        ("outlet", "source"),
        ("outlet", "source_domain"),
        ("language", "language"),
        ("section", "section"),
        ("id", "id"),
        ("embargo_until", "embargo_until"),
        ("rights", "rights"),
        ("collection", "collection"),
    ],
)
def test_a_field_is_read_under_each_of_its_names(ours: str, theirs: str) -> None:
    base = {"title": "Ferry stops"} if ours == "text" else {"text": "It stops."}
    found = article(read_bytes(reader, lines({**base, theirs: "a value"})))
    assert (getattr(found, ours), found.metadata) == ("a value", {})


EMBARGO = ["embargo_until", "embargoed_until", "embargo", "embargoed", "embargoUntil", "Embargo"]


@pytest.mark.parametrize("name", EMBARGO)
def test_an_embargo_is_kept_under_whatever_name_it_is_stated(name: str) -> None:
    until = "2099-01-01T00:00:00Z"
    assert (
        article(read_bytes(reader, lines({"text": "Words.", name: until}))).embargo_until == until
    )
    for none in (False, "false", "no", "", None):
        assert (
            article(read_bytes(reader, lines({"text": "Words.", name: none}))).embargo_until is None
        )
    assert errors(read_bytes(reader, lines({"text": "Words.", name: True})))


def test_an_article_keeps_what_is_given_and_where_it_stood() -> None:
    record = {**FERRY, "authors": ["Ada Marl", "Ben Orr"], "id": 7, "mood": {"calm": True}}
    assert article(read_bytes(reader, lines("", record))) == RawArticle(
        file="file",
        where="line 2",
        record="2",
        text="The ferry stops.",
        title="Ferry stops",
        authors=("Ada Marl", "Ben Orr"),
        id="7",
        metadata={"mood": {"calm": True}},
    )


def test_of_two_names_of_a_field_the_second_becomes_metadata() -> None:
    found = article(read_bytes(reader, lines({**FERRY, "headline": "Other"})))
    assert (found.title, found.metadata) == ("Ferry stops", {"headline": "Other"})


def test_authors_may_be_one_string_or_objects_with_names() -> None:
    people: list[dict[str, object]] = [{"byline": "Ada Marl"}, {"author": [{"name": "Ada Marl"}]}]
    found = [article(read_bytes(reader, lines({**FERRY, **one}))).authors for one in people]
    assert found == [("Ada Marl",), ("Ada Marl",)]


@pytest.mark.parametrize(
    ("given", "authors"),
    [
        ("Ada Marl, Special to The Post", ("Ada Marl",)),
        ("Ada Marl | Updated 12 March 2024", ("Ada Marl",)),
        ("['Ada Marl', 'Ben Orr']", ("Ada Marl", "Ben Orr")),
        ('["Ada Marl"]', ("Ada Marl",)),
        ("[The Editors]", ("[The Editors]",)),
    ],
)
def test_a_byline_names_who_wrote_and_nothing_besides(given: str, authors: tuple[str, ...]) -> None:
    assert article(read_bytes(reader, lines({**FERRY, "author": given}))).authors == authors


@pytest.mark.parametrize("given", ["Special to The Post", "Last updated: 12 March 2024"])
def test_a_byline_that_names_nobody_is_kept_as_it_is(given: str) -> None:
    found = article(read_bytes(reader, lines({**FERRY, "byline": given})))
    assert (found.authors, found.metadata) == ((), {"byline": given})


def test_comments_are_kept_apart_with_their_authors() -> None:
    comments = ["Good.", {"author": "kestrel", "text": "Bad."}, {"text": " "}]
    found = article(read_bytes(reader, lines({**FERRY, "comments": comments})))
    assert found.comments == (RawComment(text="Good."), RawComment(text="Bad.", author="kestrel"))


def test_a_mapping_names_their_fields_by_a_dotted_path() -> None:
    record = {"payload": {"words": "It stops.", "n": 1}, "heads": [{"main": "Ferry"}]}
    mapping = {"text": "payload.words", "title": "heads.0.main"}
    found = article(read_bytes(reader, lines(record), mapping=mapping))
    expected = ("It stops.", "Ferry", {"payload": {"n": 1}, "heads": [{}]})
    assert (found.text, found.title, found.metadata) == expected


def test_a_mapping_of_an_unknown_field_says_which_there_are() -> None:
    with pytest.raises(SettingsError, match="no field is named 'colour'"):
        read_bytes(reader, lines(FERRY), mapping={"colour": "c"})


def test_titles_without_text_are_told_once_with_the_longest_field() -> None:
    story = "The sluice at Ebbe was opened twice in the night, and the meadows stood under water."
    rows = [{"title": f"Sluice {n}", "report": {"long": story}, "desk": "news"} for n in "abc"]
    found = read_bytes(reader, lines(*rows, FERRY))
    assert article(found[:1]).title == "Ferry stops"
    (told,) = errors(found)
    assert told.startswith("file: 3 records have a title and no text (the first: line 1); ")
    assert told.endswith("their longest field is 'report.long': `--map text=report.long`")


def test_what_is_long_but_no_text_is_not_proposed_for_one() -> None:
    row = {"title": "Sluice", "hash": "9f" * 200, "tags": ["a", "b"]}
    assert errors(read_bytes(reader, lines(row))) == [
        "file: 1 record has a title and no text (the first: line 1)"
    ]


def test_a_title_with_a_standfirst_alone_is_an_article() -> None:
    found = article(read_bytes(reader, lines({"title": "Sluice", "short_description": "Twice."})))
    assert (found.text, found.standfirst) == ("", "Twice.")


@pytest.mark.parametrize(
    ("given", "text"),
    [
        (
            "<p>Wet &amp; cold.</p><p>Then <b>dry</b>.</p><script>f()</script>",
            "Wet & cold.\n\nThen dry.",
        ),
        ("&lt;p&gt;Wet.&lt;/p&gt;&lt;p&gt;Dry.&lt;/p&gt;", "Wet.\n\nDry."),
        ("Wet &#8211; then\n\ndry&nbsp;&amp; warm", "Wet – then\n\ndry\xa0& warm"),
        ("A <em>wet</em> day.\n\nA dry one.", "A wet day.\n\nA dry one."),
        ("Where a < b and c > d, AT&T paid.", "Where a < b and c > d, AT&T paid."),
    ],
)
def test_html_in_a_field_gives_its_words(given: str, text: str) -> None:
    assert article(read_bytes(reader, lines({"title": "Sluice", "text": given}))).text == text


def test_the_days_and_ids_that_mongodb_wraps_are_read() -> None:
    wrapped = {"date": {"$date": {"$numberLong": "1709546400000"}}, "id": {"$oid": "65e5"}}
    found = article(read_bytes(reader, lines({**FERRY, **wrapped})))
    assert (found.published, found.id) == ("1709546400000", "65e5")


def test_a_title_has_no_entities_and_tags() -> None:
    row = {"title": "Sluice &#8211; <i>again</i>", "text": "It rained."}
    assert article(read_bytes(reader, lines(row))).title == "Sluice – again"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ('{"title": "A", "text": 5}', "'text' must be a string, and is a number"),
        ('{"title": ["A", "B"], "text": "b"}', "'title' must be a string, and is a list"),
        (
            '{"author": [1], "text": "b"}',
            "'author' must be a string or a list of strings, and is a list",
        ),
        (
            '{"mood": "calm", "text": " "}',
            "it has neither text nor title; its fields: 'mood', 'text'",
        ),
        (
            '{"text": "a", "text": "b"}',
            "it cannot be read: 'text' is given twice with different values",
        ),
        ('{"text": "a"} {"text": "b"}', "it is no JSON: Extra data at character 15"),
        ('{"text": "a', "it is no JSON: Unterminated string starting at at character 10"),
        ('{"text": "a", "n": NaN}', "it cannot be read: NaN is no JSON"),
        ('["text"]', "it is no JSON object"),
        ("[" * 100_000, "its values are nested too deep"),
        ('{"text": ' + "1" * 5000 + "}", "it cannot be read: "),
    ],
)
def test_a_bad_record_is_told_with_its_line_and_the_rest_is_read(line: str, why: str) -> None:
    found = read_bytes(reader, lines(FERRY, line, FERRY))
    assert [type(one).__name__ for one in found] == ["RawArticle", "ReadError", "RawArticle"]
    assert errors(found)[0].startswith(f"file, line 2: {why}")


def test_a_line_in_another_encoding_is_told_and_the_rest_is_read() -> None:
    data = lines(FERRY) + b'\n{"text": "caf\xe9"}\n' + lines(FERRY)
    found = read_bytes(reader, data)
    assert len(found) == 3
    assert errors(found)[0].startswith("file, line 2: it is not UTF-8: wrong at byte 13")


def test_wide_characters_that_break_off_are_told_after_what_stands_before() -> None:
    found = read_bytes(reader, lines(FERRY, FERRY).decode().encode("utf-16")[:-1])
    assert errors(found)[-1].startswith("file: its encoding is damaged: 'utf-16-le' codec")


def test_a_line_beyond_the_bound_is_passed_over() -> None:
    found = read_bytes(reader, lines(FERRY, {"text": "x" * 45_000_000}, FERRY))
    assert errors(found) == ["file, line 2: it is longer than 20,000,000 bytes"]
    assert len(found) == 3


def test_a_line_beyond_the_bound_is_never_held_whole() -> None:
    data = lines({"text": "x" * 100_000_000}, FERRY)
    tracemalloc.start()
    assert len(read_bytes(reader, data)) == 2
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 70_000_000


def test_lines_are_read_one_at_a_time() -> None:
    data = lines(*[{"text": "x" * 1_000_000}] * 100)
    tracemalloc.start()
    stream = io.BufferedReader(io.BytesIO(data), 65_536)
    for _ in reader.read(ReaderInput(file="file", stream=stream)):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10_000_000


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_is_honoured(encoding: str) -> None:
    data = '{"text": "café"}\n{"text": "été"}'.encode(encoding)
    texts = [getattr(one, "text", one) for one in read_bytes(reader, data)]
    assert texts == ["café", "été"]


def test_a_given_encoding_is_used_for_every_line() -> None:
    data = '{"text": "Рада"}\n{"text": "Міст"}'.encode("cp1251")
    found = read_bytes(reader, data, encoding="windows-1251")
    assert [getattr(one, "text", one) for one in found] == ["Рада", "Міст"]


@pytest.mark.parametrize(
    "data",
    [
        json.dumps([FERRY, {"text": "b"}]),
        json.dumps([FERRY, {"text": "b"}], indent=2),
        json.dumps(FERRY, indent=2) + "\n" + json.dumps({"text": "b"}, indent=2),
    ],
    ids=["a list", "a list over many lines", "objects over many lines"],
)
def test_whole_documents_are_read_item_by_item(data: str) -> None:
    found = read_bytes(reader, data.encode())
    places = [(getattr(one, "text", one), getattr(one, "where", "")) for one in found]
    assert places == [("The ferry stops.", "item 1"), ("b", "item 2")]


def test_a_bad_item_of_a_list_is_told_and_the_rest_is_read() -> None:
    found = read_bytes(reader, json.dumps([1, FERRY]).encode())
    assert errors(found) == ["file, item 1: it is no JSON object"]
    assert len(found) == 2


def test_what_is_twice_in_one_item_of_a_list_does_not_hide_the_others() -> None:
    found = read_bytes(reader, b'[{"text": "a", "text": "b"}, {"text": "c"}]')
    why = "file, item 1: it cannot be read: 'text' is given twice with different values"
    assert errors(found) == [why]
    assert [one.text for one in found if isinstance(one, RawArticle)] == ["c"]


def test_of_a_list_that_is_cut_off_the_whole_items_are_read() -> None:
    found = read_bytes(reader, b'[{"text": "a"},\n{"text": "b"},\n{"text": "c')
    assert errors(found) == [
        "file, item 3: it is no JSON: Unterminated string starting at at line 3, character 10"
    ]
    assert [one.text for one in found if isinstance(one, RawArticle)] == ["a", "b"]


def test_a_list_on_one_long_line_is_read() -> None:
    found = read_bytes(reader, json.dumps([{"text": "x" * 11_000_000}] * 2).encode())
    assert [type(one) for one in found] == [RawArticle, RawArticle]


def test_a_cut_off_first_line_does_not_hide_the_others() -> None:
    found = read_bytes(reader, lines('{"text": "a",', FERRY))
    assert len(errors(found)) == 1
    assert len(found) == 2


def test_a_file_of_blank_lines_holds_no_records() -> None:
    assert errors(read_bytes(reader, b"\n \n")) == ["file: it holds no records"]


@pytest.mark.parametrize(
    ("head", "sure"),
    [
        (b'{"text": "a"}', True),
        (b' \n{ "text": 1', True),
        (b'[{"text": "a"}', True),
        ('\ufeff{"a": 1}'.encode("utf-16-le"), True),
        (b"{sic} he said", False),
        (b"[Laughter] he said", False),
        (b"<html>", False),
        (b"", False),
    ],
)
def test_json_is_known_by_its_start(head: bytes, sure: bool) -> None:
    assert (reader.sniff(head, "x.txt") > 0.5) is sure


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=300), st.text('{}[]":,\\\nu d800 text1e', max_size=80).map(str.encode)
    )
)
def test_no_bytes_break_the_reading(data: bytes) -> None:
    read_bytes(reader, data)


def test_records_of_the_same_fields_are_read_each_by_what_it_holds() -> None:
    several = lines(
        {"title": "One", "content": "The ferry stops.", "body": ""},
        {"title": "Two", "content": "", "body": "The ferry sails."},
        {"title": "Three", "content": None, "body": "It is late."},
    )
    found = [one for one in read_bytes(reader, several) if isinstance(one, RawArticle)]
    assert [one.text for one in found] == ["The ferry stops.", "The ferry sails.", "It is late."]


@pytest.mark.parametrize(
    ("fields", "authors", "outlet"),
    [
        ({"author": {"_ref": "a1", "_type": "reference"}}, (), None),
        ({"author": [{"_ref": "a1"}, {"name": "Ada Marl"}]}, ("Ada Marl",), None),
        ({"source": {"domain": "harrow.example"}}, (), "harrow.example"),
        ({"publisher": {"id": 7}}, (), None),
    ],
)
def test_a_reference_to_what_is_named_elsewhere_costs_no_article(
    fields: dict[str, object], authors: tuple[str, ...], outlet: str | None
) -> None:
    record = {"title": "Ferry", "text": "It stops.", **fields}
    found = article(read_bytes(reader, json.dumps(record).encode()))
    assert (found.authors, found.outlet) == (authors, outlet)
    if not authors and not outlet:
        assert found.metadata == fields


@pytest.mark.parametrize(
    "body",
    [
        {"und": [{"value": "<p>It stops.</p>", "format": "full_html"}]},
        {"en": "<p>It stops.</p>"},
        {"en-GB": [{"type": "paragraph", "children": [{"text": "It stops."}]}]},
    ],
)
def test_what_is_kept_under_its_one_language_is_read(body: object) -> None:
    record = {"title": {"en": "The ferry stops"}, "body": body}
    found = article(read_bytes(reader, json.dumps(record).encode()))
    assert (found.title, found.text) == ("The ferry stops", "It stops.")
