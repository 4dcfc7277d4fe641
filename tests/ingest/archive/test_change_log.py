"""The log of changes is kept for the hosts that follow it, and for nobody else."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex

import pytest

from ingest.archive import change_log
from ingest.archive.catalogue import Catalogue, database_of
from ingest.archive.record import moment
from tests.postgres_server import TemporaryServer


@pytest.fixture
def catalogue(postgres: TemporaryServer, tmp_path: Path) -> Iterator[Catalogue]:
    url = f"{postgres.url}&schema=t_{token_hex(8)}"
    with closing(Catalogue(database_of(tmp_path, url), create=True)) as made:
        yield made


def come_to(catalogue: Catalogue, change: int) -> None:
    with catalogue.transaction():
        catalogue.set_meta("change", str(change))
        catalogue.log(change - 1, "article", [1])


def first(catalogue: Catalogue) -> int:
    found = catalogue.connection.execute("SELECT coalesce(min(n), 0) FROM changes").fetchone()
    return int(found[0])


def test_what_a_host_needs_stays_until_it_has_followed(catalogue: Catalogue) -> None:
    for change in (10, 5_000, 9_000):
        come_to(catalogue, change)
    change_log.followed(catalogue, Path("/slow"), [4_000, 0])
    change_log.followed(catalogue, Path("/quick"), [9_000])
    assert (first(catalogue), catalogue.log_from) == (4_999, 4_000)
    change_log.followed(catalogue, Path("/slow"), [9_000, 8_998])
    assert (first(catalogue), catalogue.log_from) == (8_999, 8_000)  # the last 1,000 are kept


def test_who_only_writes_drops_what_every_host_has_passed(catalogue: Catalogue) -> None:
    come_to(catalogue, 10)
    change_log.followed(catalogue, Path("/host"), [9])
    come_to(catalogue, 9_000)
    change_log.trim(catalogue)
    assert (first(catalogue), catalogue.log_from) == (8_999, 9)
    change_log.followed(catalogue, Path("/host"), [9_000])
    come_to(catalogue, 20_000)
    change_log.trim(catalogue)
    assert catalogue.log_from == 9_000


@pytest.mark.parametrize("days", [6, 8])
def test_a_host_that_was_long_away_is_not_waited_for(catalogue: Catalogue, days: int) -> None:
    come_to(catalogue, 9_000)
    heard = moment(datetime.now(UTC) - timedelta(days=days))
    catalogue.set_meta("follower somewhere", f"2000 {heard}")
    change_log.trim(catalogue)
    assert catalogue.log_from == (2_000 if days == 6 else 8_000)
    assert (catalogue.meta("follower somewhere") is None) == (days == 8)


def test_a_host_that_is_too_far_behind_is_not_waited_for(catalogue: Catalogue) -> None:
    come_to(catalogue, change_log.WAITED_FOR + 9_000)
    change_log.followed(catalogue, Path("/host"), [5])
    assert catalogue.log_from == change_log.WAITED_FOR + 8_000


def test_who_was_left_behind_is_told(
    catalogue: Catalogue, caplog: pytest.LogCaptureFixture
) -> None:
    come_to(catalogue, 9_000)
    change_log.trim(catalogue)
    change_log.tell_if_left_behind(catalogue, "the index by words", 9_000)
    assert caplog.messages == []
    change_log.tell_if_left_behind(catalogue, "the index by words", 7)
    assert ["built anew" in told for told in caplog.messages] == [True]


@pytest.fixture
def in_a_file(tmp_path: Path) -> Iterator[Catalogue]:
    with closing(Catalogue(tmp_path / "catalogue.sqlite", create=True)) as made:
        yield made


def test_in_a_file_too_the_last_thousand_changes_stay(in_a_file: Catalogue) -> None:
    for change in (10, 5_000, 9_000):
        come_to(in_a_file, change)
    change_log.followed(in_a_file, Path("/host"), [9_000, 4_000])
    assert (first(in_a_file), in_a_file.log_from) == (4_999, 4_000)
    change_log.followed(in_a_file, Path("/host"), [9_000, 9_000])
    assert (first(in_a_file), in_a_file.log_from) == (8_999, 8_000)


def test_what_changed_is_told_where_the_log_reaches_back_and_not_too_much_did(
    in_a_file: Catalogue,
) -> None:
    with in_a_file.transaction():
        in_a_file.set_meta("change", "3")
        in_a_file.set_meta("log_from", "1")
        in_a_file.log(2, "article", [7, 5])
        in_a_file.log(2, "lead", [6])
        in_a_file.log(3, "story", [5])
    changed = [change_log.articles_changed(in_a_file, n, ["article", "story"]) for n in range(4)]
    assert changed == [None, [5, 7], [5], []]
    with in_a_file.transaction():
        in_a_file.log(3, "article", range(1_001))
    assert change_log.articles_changed(in_a_file, 1, ["article"]) is None
