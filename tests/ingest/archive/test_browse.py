"""Lists of articles: each dispatch once, all that fits and nothing that may not be seen."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import get_args

import pytest

from ingest.archive import Archive
from ingest.archive.browse import Browse, FacetField
from ingest.article import WITHHELD, Article, Filters, Order
from tests.ingest.archive.desk import opened
from tests.ingest.archive.dispatches import Block, article

WIRE = (
    "A grain ship ran aground off Oster Point before dawn on Monday, the coast guard said. "
    "All nineteen of her crew were taken off by helicopter, and no oil was seen on the water. "
    "Two tugs from Brask were to pull her free at the next high tide, if the wind allowed it."
)
_LEFT_OUT = ("Market day", "The fish market of Brask was closed for repairs until the autumn.")


def printed(
    name: str, day: date | None, outlet: str, title: str, body: str, **more: object
) -> Article:
    blocks: list[Block] = [("headline", title), ("body", body)]
    return article(name, *blocks, date=day, outlet=outlet, language="en", **more)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """Return an archive with one dispatch in three papers, two of them to be seen by anybody."""
    folder: Path = tmp_path_factory.mktemp("browse") / "archive"
    monday, tuesday = date(2024, 3, 4), date(2024, 3, 5)
    with opened(folder) as archive:
        archive.put(
            [
                printed("ship-post", monday, "Post", "Grain ship aground", WIRE),
                printed("ship-mast", monday, "Mast", "Ship runs aground", WIRE),
                printed("ship-wire", monday, "Wire", "Ship", WIRE, collection="closed"),
                printed("apart", tuesday, "Post", "Ida at the quay",
                        "Ida opened the quay. Mayor Brandt was not there to see it done."),
                printed("whole", tuesday, "Mast", "Mayor to speak",
                        "Ida Brandt’s speech is on Friday, her office said in a short note."),
                printed("undated", None, "Mast", "An old view", "A view of the quay from the sea."),
                printed("held", tuesday, "Post", "Ida Brandt resigns",
                        "Ida Brandt will resign tomorrow, it was said.", embargo_until=WITHHELD),
                printed("market", date(2024, 1, 2), "Post", *_LEFT_OUT),
            ]
        )  # fmt: skip
        yield archive


def titles(shelf: Archive, **wanted: object) -> list[str]:
    return [one.article.title for one in shelf.browse(Browse(**wanted)).articles]  # type: ignore[arg-type]


def test_copies_are_listed_once_and_counted_beside(shelf: Archive) -> None:
    found = shelf.browse(Browse(words="grain ship"))
    assert (found.total, found.total_with_copies) == (1, 3)
    assert found.articles[0].story.copies == 3


def test_a_name_is_printed_as_it_stands_whatever_its_case_and_ending(shelf: Archive) -> None:
    assert titles(shelf, names=("ida brandt",)) == ["Mayor to speak"]
    assert set(titles(shelf, words="Ida Brandt")) == {"Ida at the quay", "Mayor to speak"}


def test_what_may_not_be_seen_is_neither_listed_nor_counted_nor_a_copy(shelf: Archive) -> None:
    closed = shelf.browse(Browse(words="grain ship", filters=Filters(collections=("closed",))))
    assert (closed.total, closed.total_with_copies) == (1, 1)
    assert closed.articles[0].story.copies == 1
    assert "Ida Brandt resigns" not in titles(shelf)


@pytest.mark.parametrize("order", get_args(Order))
def test_pages_hold_every_article_once_in_every_order(shelf: Archive, order: Order) -> None:
    whole = shelf.browse(Browse(order=order))
    assert len(whole.articles) == whole.total
    paged = [
        one.article.article_id
        for offset in range(0, whole.total, 2)
        for one in shelf.browse(Browse(order=order, k=2, offset=offset)).articles
    ]
    assert paged == [one.article.article_id for one in whole.articles]


def test_days_run_from_the_first_to_the_last_and_undated_articles_stand_behind(
    shelf: Archive,
) -> None:
    found = shelf.browse(Browse())
    days = [one.article.date for one in found.articles]
    assert days[-1] is None
    assert days[:-1] == sorted(filter(None, days))
    assert found.first
    assert found.first.article.title == "Market day"
    assert found.last
    assert found.last.article.date == date(2024, 3, 5)
    newest = [one.article.date for one in shelf.browse(Browse(order="newest")).articles]
    assert newest == [*reversed(days[:-1]), None]


@pytest.mark.parametrize("facet", ["outlet", "language", "day", "month", "year"])
def test_facets_count_every_article_that_has_a_value(shelf: Archive, facet: FacetField) -> None:
    found = shelf.browse(Browse(facets=(facet,), words="quay ship"))
    assert found.total == 0
    found = shelf.browse(Browse(facets=(facet,), filters=Filters(since=date(2024, 1, 1))))
    assert sum(found.facets[facet].values()) == found.total_with_copies


def test_what_most_newsrooms_tell_comes_first_and_every_day_s_column_does_not(
    tmp_path: Path,
) -> None:
    daily = (
        "Ten things to know today: the weather, the tides, a recipe and the day's best quotation."
    )
    with opened(tmp_path / "archive") as archive:
        archive.put(
            printed(f"daily{n}", date(2024, 2, 1 + n), "Post", "Ten things to know", f"{daily} {n}")
            for n in range(20)
        )
        day = date(2024, 3, 4)
        archive.put(
            [
                printed("col1", day, "Post", "Ten things to know", f"{daily} And one more."),
                printed("col2", day, "Mast", "Things to know today", f"{daily} Told anew."),
                printed("one", day, "Post", "Mayor of Brask resigns over bridge",
                        "The mayor of Brask resigned on Monday over the fallen bridge."),
                printed("two", day, "Mast", "Brask: mayor quits after bridge fell",
                        "After the bridge fell, the mayor of Brask has quit, her office says."),
                printed("three", day, "Echo", "Bridge fall ends mayor’s time in Brask",
                        "Her time as mayor of Brask ended with the bridge, aides said."),
            ]
        )  # fmt: skip
        first = archive.browse(Browse(order="news", filters=Filters(since=day))).articles[0]
        assert "Brask" in first.article.title
        assert (first.newsrooms, first.related) == (3, 2)


def test_an_earlier_hour_of_the_first_day_is_the_first(tmp_path: Path) -> None:
    day = date(2024, 3, 4)
    with opened(tmp_path / "archive") as archive:
        for name, hour in (("late", 20), ("early", 6)):
            at = datetime(2024, 3, 4, hour, tzinfo=UTC)
            title, body = f"Cholera, {name}", f"Cholera was found in the {name} hours of the day."
            archive.put([printed(name, day, "Post", title, body, published_at=at)])
        found = archive.browse(Browse(names=("cholera",)))
        assert found.first
        assert found.first.article.title == "Cholera, early"
