"""What a page declares: JSON-LD as it is found in the wild, meta tags, bylines, dates."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.readers.bylines import tidied
from ingest.readers.declared import Declared, declared


def read(head: str = "", body: str = "", lang: str = "") -> Declared:
    from lxml.html import document_fromstring

    page = f"<html {lang}><head>{head}</head><body>{body}</body></html>"
    return declared(document_fromstring(page))


def script(text: str) -> str:
    return f'<script type="application/ld+json">{text}</script>'


LD: dict[str, object] = {
    "@type": "NewsArticle",
    "headline": "Ferry stops",
    "datePublished": "2024-03-01T10:22:00+01:00",
    "author": {"@type": "Person", "name": "Ada Marl"},
}
TEXT = json.dumps(LD)
SAID = ("2024-03-01T10:22:00+01:00", ("Ada Marl",), ("Ferry stops",))


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        f"[{TEXT}]",
        f'[{{"@type": "WebSite"}}, {{"@graph": [[{TEXT}]]}}]',
        f"<![CDATA[\n{TEXT}\n]]>",
        f"//<![CDATA[\n{TEXT}\n//]]>",
        f"<!-- {TEXT} -->",
        f"{TEXT};",
        f'{{"@type": "WebSite"}}\n{TEXT}',
        TEXT[:-1] + ",}",
        TEXT.replace("NewsArticle", "https://schema.org/NewsArticle"),
        TEXT.replace("Ferry stops", "Ferry\nstops").replace("\n", " "),
        TEXT[:-1],
        TEXT.replace('"@type": "Person"', '"@type": "Person" "x": 1'),
    ],
)
def test_json_ld_is_read_wrapped_listed_and_damaged(text: str) -> None:
    found = read(script(text))
    assert (found.published, found.authors, found.titles) == SAID


def test_another_script_is_read_where_the_first_is_beyond_help() -> None:
    found = read(script("{]") + script(TEXT))
    assert (found.published, found.authors, found.titles) == SAID


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(TEXT)), st.integers(0, len(TEXT)), st.text('{}[],:"\\/<!-', max_size=6))
def test_no_damage_to_json_ld_breaks_the_reading(start: int, end: int, put: str) -> None:
    read(script(TEXT[:start] + put + TEXT[end:]))


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("NewsArticle", "news"),
        (["NewsArticle", "OpinionNewsArticle"], "opinion"),
        ("AnalysisNewsArticle", "analysis"),
        ("LiveBlogPosting", "live blog"),
        ("Article", None),
    ],
)
def test_the_type_says_the_kind(kind: object, said: str | None) -> None:
    assert read(script(json.dumps(LD | {"@type": kind}))).kind == said


def test_rights_corrections_and_event_are_read() -> None:
    extra = {
        "copyrightNotice": "© Harrow Post",
        "correction": {"@type": "CorrectionComment", "text": "The pier was misnamed."},
        "about": {"@type": "Event", "startDate": "2024-03-08"},
        "keywords": "ferry, harbour",
    }
    found = read(script(json.dumps(LD | extra)))
    assert (found.rights, found.corrections) == ("© Harrow Post", ("The pier was misnamed.",))
    assert found.rest == {"tags": ["ferry", "harbour"], "event_date": "2024-03-08"}


def test_a_tag_may_carry_several_names_and_a_property_goes_first() -> None:
    head = (
        '<meta name="dc.creator" content="A Name"><meta property="dc:creator" content="B Orr">'
        '<meta property="x:title dc:title" content="Ferry stops">'
    )
    found = read(head)
    assert (found.authors, found.titles) == (("B Orr",), ("Ferry stops",))


def test_a_time_that_is_marked_up_as_published_says_so() -> None:
    found = read(body='<time itemprop="datePublished" datetime="2024-03-01T09:00Z">1 March</time>')
    assert (found.published, found.how) == ("2024-03-01T09:00Z", {"date": "marked up in the page"})


@pytest.mark.parametrize(
    ("markup", "names"),
    [
        ("<p class='byline'>By <b>Ada Marl</b><br>March 25, 2015</p>", ("Ada Marl",)),
        (
            "<p>By <a rel='author'>Ada Marl</a> and <a rel='author'>Ben Orr</a></p>",
            ("Ada Marl", "Ben Orr"),
        ),
        ("<span itemprop='author'><span itemprop='name'>Ada Marl</span> —</span>", ("Ada Marl",)),
        ("<p class='byline'>por  Ada Marl | @adamarl</p>", ("Ada Marl",)),
        ("<div class='author'>June Marl June 3, 2020</div>", ("June Marl",)),
        ("<div class='comment'><span class='author'>harbourman</span></div>", ()),
        ("<p class='byline'>By</p>", ()),
    ],
)
def test_a_byline_is_a_name_without_what_stands_around_it(
    markup: str, names: tuple[str, ...]
) -> None:
    assert read(body=markup).authors == names


def test_the_byline_of_another_article_is_not_taken() -> None:
    ours = "<header><a rel='author'>Ada Marl</a></header><p>Text.</p>"
    other = "<div><h3>Goats</h3><a rel='author'>Ben Orr</a></div>"
    assert read(body=ours + other).authors == ("Ada Marl",)


@pytest.mark.parametrize("name", ["Bruno (Henrique) Orr", "Marl, A.", "June Topol"])
def test_a_declared_name_is_left_as_it_is(name: str) -> None:
    assert tidied(f"By {name}") == name


def byline(declared_as: str, printed: str) -> tuple[str, ...]:
    described = f'{{"@type": "NewsArticle", "headline": "Water", {declared_as}}}'
    return read(
        script(described), f"<article><h1>Water</h1>{printed}<p>It rose.</p></article>"
    ).authors


@pytest.mark.parametrize(
    "printed",
    [
        '<p class="byline">By Ada Marl and Ben Orr</p>',
        '<p class="byline">Von Ada Marl und Ben Orr</p>',
        '<p class="byline">By Ada Marl in Ullmark and Ben Orr in Velden</p>',
        '<div class="author"><span>Ada Marl</span><span>Ben Orr</span></div>',
        '<p>By <a rel="author">Ben Orr</a> and <a rel="author">Ada Marl</a></p>',
    ],
)
def test_a_second_name_of_the_byline_is_kept_where_one_is_declared(printed: str) -> None:
    declared_as = '"author": {"@type": "Person", "name": "Ada Marl"}'
    assert byline(declared_as, printed) == ("Ada Marl", "Ben Orr")


def test_people_in_the_byline_stand_instead_of_the_outlet_and_beside_an_agency() -> None:
    printed = '<p class="byline">By Ben Orr</p>'
    house = (
        '"author": {"@type": "Organization", "name": "Ull Post"}, "publisher": {"name": "Ull Post"}'
    )
    assert byline(house, printed) == ("Ben Orr",)
    agency = '"author": {"@type": "Organization", "name": "Nordwire"}'
    assert byline(agency, printed) == ("Nordwire", "Ben Orr")


@pytest.mark.parametrize(
    "printed",
    [
        '<p class="byline">By Ada Marl, Ull Post</p>',
        '<p class="byline">By A. Marl</p>',
        '<p class="byline"><a>View author archive</a></p>',
        '<p class="byline">Staff Writer</p>',
    ],
)
def test_what_the_byline_prints_beside_a_declared_name_is_nobody_else(printed: str) -> None:
    declared_as = '"author": {"@type": "Person", "name": "Ada Marl"}'
    assert byline(declared_as, printed) == ("Ada Marl",)


def test_an_author_who_is_described_beside_the_article_is_named() -> None:
    people = '{"@type": "Person", "@id": "#1", "name": "Ada Marl"}, {"@id": "#2", "name": "x"}'
    article = '{"@type": "NewsArticle", "headline": "Water", "author": [{"@id": "#1"}]}'
    assert read(script(f'{{"@graph": [{article}, {people}]}}')).authors == ("Ada Marl",)
