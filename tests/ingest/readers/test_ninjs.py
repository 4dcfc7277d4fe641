"""ninjs: every version, every wrapping, and what may be done with an item."""

import json
from collections import Counter
from pathlib import Path

import pytest

from ingest.article import RawArticle
from ingest.errors import LeftOut
from ingest.files.read import read
from ingest.readers.ninjs import reader
from tests.ingest.readers.opened import article, errors, read_bytes

FIRST = {
    "uri": "http://harrow.example/news/1",
    "type": "text",
    "version": "2",
    "versioncreated": "2024-03-02T08:00:00Z",
    "pubstatus": "usable",
    "headline": "Ferry stops",
    "description_text": "It is over.",
    "body_text": "One. Two.",
    "body_xhtml": "<p>One.</p><p>Two.</p>",
    "byline": "Ada Marl",
    "language": "en",
    "copyrightholder": "Harrow Agency",
    "copyrightnotice": "Copyright 2024",
    "usageterms": "Not for radio.",
    "subject": [{"name": "transport", "rel": "about"}],
    "associations": {"main": {"type": "picture", "description_text": "The ferry"}},
}
THIRD = {
    "standard": {"name": "ninjs", "version": "3.0"},
    "uri": "http://harrow.example/news/1",
    "type": "text",
    "version": "2",
    "firstCreated": "2024-03-01T10:00:00Z",
    "versionCreated": "2024-03-02T08:00:00Z",
    "pubStatus": "usable",
    "headlines": [{"role": "web", "value": "Web"}, {"role": "main", "value": "Ferry stops"}],
    "descriptions": [{"role": "summary", "value": "It is over."}],
    "bodies": [
        {"role": "text", "contentType": "text/plain", "value": "One. Two."},
        {"role": "main", "contentType": "text/html", "value": "<p>One.</p><p>Two.</p>"},
    ],
    "by": "Ada Marl",
    "language": "en",
    "genres": [{"name": "Analysis"}],
    "infoSources": [{"name": "Harrow Agency"}],
    "copyrightNotice": "Copyright 2024",
    "usageTerms": "Not for radio.",
    "subjects": [{"name": "transport"}],
    "associations": [
        {"type": "picture", "descriptions": [{"role": "caption", "value": "The ferry"}]}
    ],
}


def given(**more: object) -> RawArticle:
    return article(read_bytes(reader, json.dumps({**FIRST, **more}).encode()))


def test_the_first_and_the_last_version_say_the_same() -> None:
    expected = {
        "file": "file",
        "text": "One.\n\nTwo.",
        "title": "Ferry stops",
        "standfirst": "It is over.",
        "comments_apart": True,
        "captions": ("The ferry",),
        "outlet": "Harrow Agency",
        "authors": ("Ada Marl",),
        "url": "http://harrow.example/news/1",
        "language": "en",
        "id": "http://harrow.example/news/1",
        "rights": "Copyright 2024\nNot for radio.",
        "metadata": {"version": "2", "subjects": ["transport"]},
    }
    first = article(read_bytes(reader, json.dumps(FIRST).encode()))
    third = article(read_bytes(reader, json.dumps(THIRD).encode()))
    for found in (first, third):
        assert {name: getattr(found, name) for name in expected} == expected
    assert (first.published, first.updated, first.inferred) == (
        "2024-03-02T08:00:00Z",
        None,
        {"date": "when this version was made"},
    )
    assert (third.published, third.updated, third.kind) == (
        "2024-03-01T10:00:00Z",
        "2024-03-02T08:00:00Z",
        "analysis",
    )


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {"pubstatus": "canceled", "ednote": "Sent by mistake."},
            ("withdrawn", ("Sent by mistake.",)),
        ),
        ({"pubstatus": "withheld"}, ("withheld", ())),
        (
            {"ednote": "Correction: the vote was on Monday."},
            (None, ("Correction: the vote was on Monday.",)),
        ),
        ({"ednote": "KILL. Do not use."}, ("withdrawn", ("KILL. Do not use.",))),
        ({"ednote": "Adds a quote."}, (None, ())),
    ],
)
def test_corrections_and_kills_are_told(
    fields: dict[str, str], expected: tuple[str | None, tuple[str, ...]]
) -> None:
    found = given(**fields)
    assert (found.status, found.corrections) == expected


def test_an_embargo_and_what_an_item_corrects_are_kept() -> None:
    found = given(
        embargoed="2024-03-05T06:00:00+01:00",
        associations={"previousversion": {"uri": "http://harrow.example/news/0"}},
    )
    assert (found.embargo_until, found.corrects) == (
        "2024-03-05T06:00:00+01:00",
        "http://harrow.example/news/0",
    )


def test_a_body_of_nitf_is_read() -> None:
    nitf = "<?xml version='1.0'?><nitf><body><body.content><p>One.</p></body.content></body></nitf>"
    body = [{"role": "nitf", "contentType": "text/vnd.IPTC.NITF", "value": nitf}]
    item = {**THIRD, "bodies": body}
    assert article(read_bytes(reader, json.dumps(item).encode())).text == "One."


@pytest.mark.parametrize(
    "wrap",
    [
        lambda one: json.dumps([one, one]),
        lambda one: f"{json.dumps(one)}\n{json.dumps(one)}\n",
        lambda one: json.dumps({"data": {"items": [{"item": one}, {"item": one}]}}),
        lambda one: json.dumps({"items": [one, one]}, indent=2),
    ],
)
def test_several_items_are_read_however_they_are_wrapped(wrap: object) -> None:
    found = read_bytes(reader, wrap(FIRST).encode())  # type: ignore[operator]
    assert [one.title for one in found if isinstance(one, RawArticle)] == ["Ferry stops"] * 2


def test_what_is_no_text_is_counted_and_what_is_broken_is_told() -> None:
    rows = [
        json.dumps({**FIRST, "type": "picture"}),
        json.dumps({"uri": "x", "eventDetails": {}}),
        json.dumps({"uri": "x", "headline": [1], "bodies": 7, "associations": "x"}),
        json.dumps(FIRST),
        '{"uri": "cut',
    ]
    found = read_bytes(reader, "\n".join(rows).encode())
    assert errors(found) == [
        "file, line 3: it has neither body nor headline",
        "file, line 5: it is no JSON: Unterminated string starting at at character 9",
        "file: left out, being no article: 1 (event item), 1 (picture item)",
    ]
    assert len(found) == 4


def test_other_json_is_left_to_others() -> None:
    assert reader.sniff(json.dumps(FIRST).encode(), "x") > 0.9
    assert reader.sniff(b'{"title": "A", "uri": "x", "text": "b"}', "ninjs.json") == 0.0


@pytest.mark.shared
def test_real_samples_are_read(shared: Path) -> None:
    found = list(read([shared / "formats" / "ninjs"]))
    items = [one for one in found if isinstance(one, RawArticle) and one.id]
    counts: Counter[str] = Counter()
    for left_out in found:
        if isinstance(left_out, LeftOut):
            counts.update(left_out.counts)
    assert counts == {"picture item": 6, "event item": 19, "audio item": 1, "video item": 1}
    assert len(items) == 17
    assert all(one.title and one.published for one in items)
    assert sum(bool(one.text) for one in items) == 15
    assert not any("<" in one.text for one in items)


def test_superdesk_names_its_items_by_guid_and_its_body_as_html() -> None:
    found = given(
        uri=None,
        body_xhtml=None,
        copyrightholder=None,
        infosource=None,
        infosources=None,
        body_text=None,
        guid="urn:ull:7",
        body_html="<p>The lock is shut.</p><p>Nobody spoke &amp; nobody came.</p>",
        firstpublished="2024-03-04T09:30:00+0000",
        versioncreated="2024-03-05T09:30:00+0000",
        embargoed="2031-01-02T06:00:00+0000",
        source="ULL",
    )
    assert (found.id, found.text) == (
        "urn:ull:7", "The lock is shut.\n\nNobody spoke & nobody came.",
    )  # fmt: skip
    assert (found.published, found.embargo_until, found.outlet) == (
        "2024-03-04T09:30:00+0000", "2031-01-02T06:00:00+0000", "ULL",
    )  # fmt: skip


def test_an_item_of_superdesk_is_told_and_killed_by_its_status() -> None:
    item = {"guid": "urn:ull:8", "type": "text", "headline": "Lock shut", "pubstatus": "canceled"}
    data = json.dumps({**item, "body_html": "<p>It is shut.</p>"}, indent=1).encode()
    assert reader.sniff(data, "a.json") > 0.9
    assert article(read_bytes(reader, data)).status == "withdrawn"


@pytest.mark.parametrize("provider", ["Harrow Wire", {"name": "Harrow Wire"}])
def test_who_provides_an_item_is_its_outlet_where_no_other_is_named(provider: object) -> None:
    item = {name: value for name, value in FIRST.items() if name != "copyrightholder"}
    found = article(read_bytes(reader, json.dumps(item | {"provider": provider}).encode()))
    assert found.outlet == "Harrow Wire"
