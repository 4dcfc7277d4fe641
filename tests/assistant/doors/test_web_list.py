"""The list: all of the articles that fit, for whom they are, as a page and as a table."""

import csv
import io
import re
from dataclasses import replace
from html import unescape

from assistant.doors.web.list_page import table_of
from tests.assistant.doors.test_web import Newsdesk, desk
from tests.newsroom import listing

__all__ = ["desk"]


def titles(page: str) -> list[str]:
    return [unescape(one) for one in re.findall(r"<h2 dir=\"auto\"><a[^>]*>(.*?)</a>", page)]


def test_filters_alone_list_what_a_reader_may_see(desk: Newsdesk) -> None:
    everything = desk.browser("all").get("/list").text
    assert sorted(titles(everything)) == ["Bridge delayed", "Regatta won", "Tunnel 3 < 4 & done"]
    assert titles(desk.browser("sport").get("/list").text) == ["Regatta won"]
    facets = desk.browser("sport").get("/list").text
    assert "city" not in facets


def test_what_is_set_is_seen_and_leads_off_again(desk: Newsdesk) -> None:
    page = desk.browser("all").get("/list", params={"q": "bridge", "collection": "city"}).text
    assert titles(page) == ["Bridge delayed"]
    assert 'href="/list?q=bridge"' in page
    assert 'href="/list?collection=city"' in page


def test_what_is_no_day_is_told_with_the_rest_kept(desk: Newsdesk) -> None:
    page = desk.browser("all").get("/list", params={"q": "bridge", "from": "last week"})
    assert page.status_code == 200
    assert "“last week” is not a day" in page.text
    assert 'value="bridge"' in page.text


def test_a_collection_that_is_not_theirs_is_refused(desk: Newsdesk) -> None:
    for where in ("/list", "/list.csv"):
        asked = desk.browser("sport").get(where, params={"collection": "city"})
        assert asked.status_code == 403
        assert "Bridge" not in asked.text


def test_the_whole_list_comes_as_a_table_that_runs_nothing(desk: Newsdesk) -> None:
    text = desk.browser("city").get("/list.csv", params={"sort": "date"}).text
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["title"] for row in rows} == {"Bridge delayed", "Tunnel 3 < 4 & done"}
    assert all(row["date"] == "2024-05-01" for row in rows)
    assert not [cell for row in rows for cell in row.values() if cell[:1] in "=+@" and cell]


def test_a_table_that_ends_before_its_list_says_so() -> None:
    found = listing()
    text = table_of([replace(found, total=30_000)], most=1)
    *_, last = csv.DictReader(io.StringIO(text))
    assert last["title"] == "Only the first 1 of 30,000 articles: narrow the list for more."
    whole = list(csv.DictReader(io.StringIO(table_of([found], most=len(found.articles)))))
    assert len(whole) == len(found.articles) == found.total
