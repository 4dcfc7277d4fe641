"""Stories in an archive: copies are found as they are put, whichever comes first."""

import itertools
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from ingest.archive import Archive, Search, copies, notices
from ingest.article import WITHHELD
from tests.ingest.archive.dispatches import dispatch as numbered
from tests.ingest.archive.wire import (
    BACKGROUND,
    DEPOT,
    FORM,
    LEAD,
    LEDGERS,
    LOCAL,
    MIDDLE,
    OTHER,
    dispatch,
    printed,
)

AGENCY = dispatch()
CUT = printed("cut", "Coast Daily", LEAD)
LONGER = printed("longer", "Marrow Herald", LOCAL, LEAD, MIDDLE)
REPORT = printed("report", "Ostrova Post", *OTHER, FORM)
ALL = (AGENCY, CUT, LONGER, REPORT)


def stories(archive: Archive) -> set[frozenset[str]]:
    ids = {one.article_id: one.key for one in ALL}
    found = [archive.story(i) for i in ids]
    return {frozenset(ids[i] for i in story.article_ids) for story in found if story}


@pytest.mark.parametrize("order", itertools.permutations(ALL[:3]))
def test_copies_are_one_story_in_whatever_order_they_come(archive: Archive, order: object) -> None:
    for one in (*order, REPORT):  # type: ignore[misc]
        archive.put([one])
    assert stories(archive) == {frozenset({"dispatch", "cut", "longer"}), frozenset({"report"})}
    story = archive.story(CUT.article_id)
    assert story is not None
    assert story.canonical == AGENCY.article_id


def test_of_papers_alone_the_earliest_stands_for_the_story(archive: Archive) -> None:
    early, late = (datetime(2024, 5, 7, hour, tzinfo=UTC) for hour in (6, 9))
    archive.put([replace(LONGER, published_at=late), replace(CUT, published_at=early)])
    archive.put([printed("whole", "Tisk Mail", LEAD, MIDDLE, BACKGROUND)])
    story = archive.story(LONGER.article_id)
    assert story is not None
    assert story.canonical == CUT.article_id
    assert story.outlets == ("Coast Daily", "Marrow Herald", "Tisk Mail")


def test_what_is_left_of_a_story_is_still_found_by_later_copies(archive: Archive) -> None:
    archive.put([AGENCY, CUT])
    archive.drop([AGENCY.article_id])
    (put,) = archive.put([LONGER])
    assert put.copy
    assert stories(archive) == {frozenset({"cut", "longer"})}


def test_a_copy_that_is_rewritten_leaves_its_story(archive: Archive) -> None:
    archive.put([AGENCY, CUT])
    archive.put([replace(REPORT, article_id=CUT.article_id, key=CUT.key)])
    assert stories(archive) == {frozenset({"dispatch"}), frozenset({"cut"})}


def test_what_turns_out_to_recur_no_longer_makes_copies(archive: Archive) -> None:
    form = " ".join((FORM, LEAD, MIDDLE))
    told = {"Acquitted": LEDGERS, "Concert": DEPOT, "Moorings": LOCAL, "Exports": BACKGROUND,
            "Backwards": " ".join(reversed(LOCAL.split()))}  # fmt: skip
    recurring = [printed(head, "Post", own, form, headline=head) for head, own in told.items()]
    ids = [put.article_id for put in archive.put(recurring)]
    assert {archive.story(i).copies for i in ids} != {1}  # type: ignore[union-attr]
    archive.mark_recurring(ids)
    assert {archive.story(i).copies for i in ids} == {1}  # type: ignore[union-attr]


def test_what_is_told_of_many_articles_is_what_is_told_of_each(archive: Archive) -> None:
    archive.put([replace(AGENCY, collection="wires"), replace(CUT, embargo_until=WITHHELD)])
    archive.put([LONGER, REPORT, printed("whole", "Tisk Mail", LEAD, MIDDLE, BACKGROUND)])
    catalogue = archive.catalogue
    articles = dict(catalogue.live(range(1, 6)))
    assert len(articles) == 5
    for scope in ((), ("wires",)):
        told = {a: copies.story(catalogue, a, scope) for a in articles}
        assert copies.stories(catalogue, articles, scope) == told
        said = {a: notices.notices(catalogue, a, one, scope) for a, one in articles.items()}
        assert notices.of_articles(catalogue, articles, scope) == said
    assert len({story.copies for story in told.values()}) > 1


def test_a_longer_page_asks_the_catalogue_no_more_often(archive: Archive) -> None:
    archive.put([numbered(i) for i in range(30)])
    connection = archive.catalogue.connection
    if not isinstance(connection, sqlite3.Connection):
        pytest.skip("only SQLite tells what it is asked")

    def looks(k: int) -> int:
        asked: list[str] = []
        connection.set_trace_callback(asked.append)
        found = archive.search(Search(text="file part session", k=k))
        connection.set_trace_callback(None)
        assert len(found) == k
        return len(asked)

    assert looks(2) == looks(20)
