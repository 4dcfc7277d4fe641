"""A person's statements and a quotation as plain pages: for whom they are, and leading on."""

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.testclient import TestClient

from ingest.archive import Archive
from ingest.settings import IngestSettings
from tests.assistant.doors.test_web import Newsdesk, desk
from tests.ingest.archive.dispatches import article

__all__ = ["desk"]

PIER = "“The pier is sound and will be open on Monday,” said Harbour Minister Ilse Marant."
ALTERED = "“The pier is quite sound and will be open on Monday,” Ilse Marant said."
SECRET = "“The mole is rotten to the core, I fear,” said Prison Minister Ilse Marant."


@pytest.fixture
def spoken(tmp_path: Path) -> Iterator[Newsdesk]:
    """An archive in which one person speaks, in two collections."""
    with Archive.open(
        tmp_path / "spoken", create=True, settings=IngestSettings(embedder="none")
    ) as archive:
        archive.put(
            [
                article("pier", ("headline", "Pier <b>stands"), ("body", PIER), language="en",
                        date=date(2023, 5, 7), outlet="Coast Daily", collection="city"),
                article("later", ("headline", "Pier opens"), ("body", ALTERED), language="en",
                        date=date(2024, 6, 1), outlet="Echo", collection="city"),
                article("mole", ("headline", "Mole leans"), ("body", SECRET), language="en",
                        date=date(2025, 6, 1), outlet="Sound", collection="sport"),
            ]
        )  # fmt: skip
        yield Newsdesk(archive, tmp_path)


def text(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())


def addresses(page: str, path: str) -> list[dict[str, list[str]]]:
    """Return the queries of the links to a path."""
    links = [urlsplit(unescape(one)) for one in re.findall(r'href="([^"]*)"', page)]
    return [parse_qs(one.query) for one in links if one.path == path]


def statements(browser: TestClient, **asked: str) -> list[str]:
    page = browser.get("/said", params={"speaker": "Ilse Marant", **asked}).text
    return [text(one) for one in re.findall(r"<blockquote.*?</blockquote>", page, re.DOTALL)]


def test_statements_come_by_date_with_their_articles_open_at_the_words(spoken: Newsdesk) -> None:
    reader = spoken.browser("city")
    page = reader.get("/said", params={"speaker": "Marant", "sort": "date"}).text
    first, second = re.findall(r'<li class="statement">.*?</li>', page, re.DOTALL)
    assert "7 May 2023" in text(first)
    assert "Pier <b>stands" in text(first)
    assert "1 June 2024" in text(second)
    (where,) = re.findall(r'href="(/article/[^"]*)"', first)
    assert "<mark>The pier is sound and will be open on Monday,</mark>" in (
        reader.get(unescape(where)).text
    )


def test_counts_by_outlet_and_year_narrow_and_chips_take_off(spoken: Newsdesk) -> None:
    reader = spoken.browser("city")
    assert len(statements(reader)) == 2
    assert len(statements(reader, outlet="Echo")) == 1
    assert len(statements(reader, year="2023")) == 1
    page = reader.get("/said", params={"speaker": "Ilse Marant", "year": "2023"}).text
    links = addresses(page, "/said")
    assert {"speaker": ["Ilse Marant"]} in links
    assert {"speaker": ["Ilse Marant"], "year": ["2023"], "outlet": ["Coast Daily"]} in links


def test_who_somebody_is_said_to_be_leads_to_who_says_so(spoken: Newsdesk) -> None:
    reader = spoken.browser("city")
    page = reader.get("/said", params={"speaker": "Ilse Marant"}).text
    (roles,) = re.findall(r'<section class="roles">.*?</section>', page, re.DOTALL)
    assert text(roles) == "Said to be Harbour Minister 1 article, 2023"
    (where,) = re.findall(r'href="([^"]*)"', roles)
    assert "<mark>Harbour Minister</mark>" in reader.get(unescape(where)).text


def test_who_is_heard_most_is_there_to_begin_with_as_far_as_a_reader_sees(
    spoken: Newsdesk,
) -> None:
    spoken.archive.speech.hear()
    told = {
        name: [n for q, n in _heard(spoken.browser(name).get("/said").text) if "Marant" in q]
        for name in ("city", "sport")
    }
    assert told == {"city": ["2"], "sport": ["1"]}


def _heard(page: str) -> list[tuple[str, str]]:
    return re.findall(r'href="/said\?speaker=([^"]*)">[^<]*</a> <span>(\d+)</span>', page)


def test_what_a_reader_may_not_see_is_on_neither_page(spoken: Newsdesk) -> None:
    for page in (
        spoken.browser("city").get("/said", params={"speaker": "Ilse Marant"}),
        spoken.browser("city").get("/said", params={"q": "mole"}),
        spoken.browser("city").get("/quote", params={"words": "The mole is rotten to the core"}),
    ):
        told = text(page.text)
        hidden = ("Prison", "rotten to the core, I fear", "Sound", "2025")
        assert [one for one in hidden if one in told] == []
    assert "Prison Minister" in text(
        spoken.browser("all").get("/said", params={"speaker": "Ilse Marant"}).text
    )


def test_pasted_words_are_told_as_printed_altered_or_absent(spoken: Newsdesk) -> None:
    reader = spoken.browser("city")
    words = "“The pier is sound and will be open on Monday”"
    page = reader.get("/quote", params={"words": words}).text
    assert "Printed as it is. First on 7 May 2023 in Coast Daily. As it is: 1. Altered: 1." in (
        text(page)
    )
    assert "<ins>quite</ins>" in page
    assert {"speaker": ["Ilse Marant"]} in addresses(page, "/said")
    page = reader.get("/quote", params={"words": "The pier is never sound and open on Monday"}).text
    assert "Not printed as it is, but altered." in text(page)
    assert "<del>never</del>" in page
    page = reader.get("/quote", params={"words": "Nobody ever mentioned zeppelins here"}).text
    assert "Not in this archive." in text(page)


def test_what_cannot_be_read_is_told_with_what_was_typed_kept(spoken: Newsdesk) -> None:
    reader = spoken.browser("city")
    long = "pier " * 500
    page = reader.get("/quote", params={"words": long})
    assert page.status_code == 200
    assert "are looked for at once" in page.text
    assert long.strip() in page.text
    for odd in ("20x4", "-1", "99999", "２０２４"):
        asked = {"speaker": "Ilse Marant", "year": odd, "offset": odd, "sort": odd}
        page = reader.get("/said", params=asked)
        assert page.status_code == 200


def test_nothing_asked_for_is_a_form_that_says_what_it_finds(desk: Newsdesk) -> None:
    for where, field in (("/said", "speaker"), ("/quote", "words")):
        page = desk.browser("all", "de").get(where).text
        assert f'name="{field}"' in page
        assert 'lang="de"' in page
        assert 'role="alert"' not in page


def test_the_speaker_of_an_answer_leads_to_all_they_said(desk: Newsdesk) -> None:
    page = desk.browser("all").get(f"/a/{desk.asked('all')}").text
    speakers = re.findall(r'<a class="speaker" href="([^"]*)"', page)
    assert {parse_qs(urlsplit(unescape(one)).query)["speaker"][0] for one in speakers} == (
        {"Karin Vosse"}
    )
    shown = desk.browser("all").get(unescape(speakers[0]))
    assert "The bridge at Veld will open in September" in text(shown.text)
