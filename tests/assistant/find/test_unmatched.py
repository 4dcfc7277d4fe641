"""A filter value that matches nothing names itself and the nearest there is, at every door."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant.ask import Assistant
from assistant.doors.api import Rules, create_app
from assistant.doors.keyring import Keyring
from assistant.find.unmatched import nearest, unmatched
from assistant.history import Records
from assistant.settings import Settings
from ingest.archive import Archive
from ingest.archive.papers import FolderPapers
from ingest.article import Filters
from tests.ingest.archive.desk import opened
from tests.ingest.archive.dispatches import dispatch

PLACES = ["cnn.com", "bbc.co.uk", "The Courier", "en", "uk"]


@pytest.fixture
def archive(tmp_path: Path) -> "Archive":
    opened_here = opened(tmp_path / "archive")
    opened_here.put(
        [
            dispatch(0, outlet="cnn.com", collection="wire", section="Harbour"),
            dispatch(1, outlet="bbc.co.uk", collection="wire", section="City"),
            dispatch(2, outlet="secret.example", collection="wired"),
        ]
    )
    return opened_here


@pytest.mark.parametrize(
    ("asked", "near"),
    [("cnn", ["cnn.com"]), ("BBC", ["bbc.co.uk"]), ("Courier", ["The Courier"]),
     ("The Courrier", ["The Courier"]), ("english", ["en"]), ("Zzz", [])],
)  # fmt: skip
def test_the_nearest_names_are_those_that_hold_it_or_are_spelt_like_it(
    asked: str, near: list[str]
) -> None:
    assert nearest(asked, PLACES)[:1] == near


@pytest.mark.parametrize(
    ("filters", "told"),
    [
        (Filters(outlets=("cnn",)), "outlet|“cnn”; near it: “cnn.com”"),
        (Filters(collections=("wir",)), "collection|“wir”; near it: “wire”"),
        (Filters(sections=("harbor",)), "section|“harbor”; near it: “Harbour”"),
        (Filters(languages=("fr",)), "language|“fr”; there are: “en”"),
        (Filters(outlets=("cnn.com", "NYT")), "outlet|“NYT”"),
    ],
)  # fmt: skip
def test_a_value_that_matches_nothing_is_told_wherever_one_asks(
    archive: Archive, tmp_path: Path, filters: Filters, told: str
) -> None:
    desk = Assistant(archive, Settings(mode="quotes"), records=Records(most=0))
    told = told.replace("|", " of that name in the archive: ")
    outcome = desk.ask("What did the harbour board delay?", filters=filters)
    said = [outcome.text, *(warning.text for warning in outcome.warnings)]
    assert any(told in one for one in said)
    assert "empty" not in outcome.text
    _, searched = desk.search("harbour board", filters=filters)
    assert told in (searched.nothing or "")
    archive.close()


def test_values_that_match_are_not_spoken_of(archive: Archive) -> None:
    assert unmatched(archive, Filters(outlets=("cnn.com",), collections=("wire",))) is None
    archive.close()


def test_no_collection_is_named_to_who_may_not_see_it(archive: Archive, tmp_path: Path) -> None:
    keys = Keyring(FolderPapers(tmp_path))
    desk = Assistant(archive, Settings(mode="quotes"), records=Records(most=0))
    client = TestClient(create_app(desk, Rules(keys=keys, keys_needed=True)))
    for collections in (["wire"], ["empty"]):
        key, _ = keys.add("reader", collections=collections)
        body = {"query": "harbour", "filters": {"outlet": ["secret"], "section": ["x"]}}
        reply = client.post("/v1/search", json=body, headers={"Authorization": f"Bearer {key}"})
        assert reply.status_code == 200
        assert "secret.example" not in reply.text
        assert "wired" not in reply.text
    archive.close()
