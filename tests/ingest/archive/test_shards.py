"""Several Chroma servers share an archive by years: who holds what, and what if one falls."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from ingest.archive import Archive, Search, care
from ingest.archive.shards import shards_of
from ingest.article import Article, Filters
from ingest.errors import ServiceDown, SettingsError
from ingest.settings import IngestSettings
from tests.fakes import HashingEmbedder
from tests.ingest.archive.chroma_servers import LoopbackChroma, chroma_servers
from tests.ingest.archive.dispatches import dispatch, found

YEARS = (2014, 2017, 2018, 2021, None)
NEW = "articles from 2020 on"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[LoopbackChroma]]:
    with chroma_servers(tmp_path_factory.mktemp("chroma"), 3) as servers:
        yield servers


@pytest.fixture
def servers(running: list[LoopbackChroma]) -> Iterator[list[LoopbackChroma]]:
    yield running
    for server in running:
        server.kill()
        server.start()


def three(servers: list[LoopbackChroma]) -> str:
    a, b, c = (server.url for server in servers)
    return f"..2015={a}; 2016..2019,undated={b}; 2020..={c}"


def dated(i: int) -> Article:
    year = YEARS[i % len(YEARS)]
    return dispatch(i, date=year and date(year, 3, 1 + i % 28))


@contextmanager
def sharded(folder: Path, setting: str | None, embedder: HashingEmbedder) -> Iterator[Archive]:
    settings = IngestSettings(embedder="none", chroma_url=setting)
    with Archive.open(
        folder / "archive", create=True, settings=settings, embedder=embedder
    ) as archive:
        archive.meaning.exact = 0  # so that the servers are asked
        archive.meaning.rest_seconds = 0.0
        yield archive


def filled(archive: Archive, number: int = 15) -> None:
    archive.put([dated(i) for i in range(number)])
    archive.embed()


def years_held(archive: Archive, server: LoopbackChroma) -> set[int | None]:
    days = dict(archive.catalogue.connection.execute("SELECT a, day FROM articles").fetchall())
    held = server.held(archive)
    owners = archive.catalogue.passages(held.get("passages", ()))
    assert {a for a, _ in owners.values()} == held.get("leads", set())
    return {days[a] and days[a] // 10_000 for a in held.get("leads", ())}


def asked(archive: Archive, i: int, **filters: date) -> tuple[list[str], set[str]]:
    search = Search(text=dated(i).text, by="meaning", k=5, filters=Filters(**filters))  # type: ignore[arg-type]
    return [hit.article.key for hit in archive.search(search)], search.missed


@pytest.mark.parametrize(
    ("setting", "named"),
    [
        (None, [None]),
        ("http://a:8000", [None]),
        ("https://a.example/x?y=1", [None]),
        ("..2015=http://a;2016..=http://b", ["..2015", "2016.."]),
        ("2016..=http://b ; ..2014=http://a; 2015=http://c;", ["2016..", "..2014", "2015"]),
    ],
)
def test_servers_are_named_by_their_years(setting: str | None, named: list[str | None]) -> None:
    assert [one.name for one in shards_of(setting)] == named


def test_what_has_no_day_is_with_the_server_that_says_so_or_with_the_first() -> None:
    assert [one.undated for one in shards_of("..2015=http://a;2016..=http://b")] == [True, False]
    named = shards_of("..2015=http://a;2016.., undated=http://b")
    assert [one.undated for one in named] == [False, True]


@pytest.mark.parametrize(
    "setting",
    [
        "..2015=http://desk:hunter2x@a;2017..=http://b",
        "..2015=http://desk:hunter2x@a;2015..=http://b",
        "2010..2015=http://desk:hunter2x@a;2016..=http://b",
        "..2015=http://desk:hunter2x@a;2016..2019=http://b",
        "..2015=http://desk:hunter2x@a;2016..=http://a",
        "..2015,undated=http://desk:hunter2x@a;2016..,undated=http://b",
        "..2015=http://desk:hunter2x@a;http://b",
        "..2015=;2016..=http://desk:hunter2x@b",
        "..=http://desk:hunter2x@a",
        "2019..2016=http://desk:hunter2x@a",
        "=http://desk:hunter2x@a",
    ],
)
def test_years_that_are_missing_twice_or_none_are_told_without_passwords(setting: str) -> None:
    with pytest.raises(SettingsError) as told:
        shards_of(setting)
    assert "hunter2x" not in f"{told.value} {told.value.hint}"


@pytest.mark.parametrize(
    ("years", "touched"),
    [
        ({}, ["..2015", "2016..2019", "2020.."]),
        ({"since": date(2016, 1, 1)}, ["2016..2019", "2020.."]),
        ({"until": date(2015, 12, 31)}, ["..2015"]),
        ({"since": date(2017, 1, 1), "until": date(2018, 1, 1)}, ["2016..2019"]),
        ({"as_of": date(2015, 1, 1)}, ["..2015", "2016..2019"]),  # what has no day stays in
    ],
)
def test_a_server_is_asked_where_it_may_hold_something(
    years: dict[str, date], touched: list[str]
) -> None:
    shards = shards_of("..2015=http://a; 2016..2019,undated=http://b; 2020..=http://c")
    assert [one.name for one in shards if one.touches(Filters(**years))] == touched  # type: ignore[arg-type]


def test_each_server_holds_its_years_and_what_they_find_is_one(
    tmp_path: Path, servers: list[LoopbackChroma], embedder: HashingEmbedder
) -> None:
    with sharded(tmp_path, None, embedder) as archive:
        filled(archive)
        alone = [asked(archive, i) for i in range(5)]
    with sharded(tmp_path, three(servers), embedder) as archive:
        archive.follow()  # another setting: built anew, and nothing embedded again
        assert [years_held(archive, one) for one in servers] == [{2014}, {2017, 2018, None}, {2021}]
        assert [asked(archive, i) for i in range(5)] == alone
        assert all(check.ok for check in care.doctor(archive)), care.doctor(archive)
        archive.drop([dated(0).article_id])
        assert asked(archive, 0)[0][0] != "dispatch 0"
        assert all(check.ok for check in care.doctor(archive))
    embedded = len(embedder.embedded)
    with sharded(tmp_path, servers[0].url, embedder) as archive:
        archive.follow()
        assert len(servers[0].held(archive)["leads"]) == 14
        assert all(check.ok for check in care.doctor(archive))
    assert len(embedder.embedded) - embedded < 14  # questions alone


def test_an_article_whose_day_is_corrected_moves_to_the_server_of_its_year(
    tmp_path: Path, servers: list[LoopbackChroma], embedder: HashingEmbedder
) -> None:
    with sharded(tmp_path, three(servers), embedder) as archive:
        filled(archive, 2)
        assert [years_held(archive, one) for one in servers] == [{2014}, {2017}, set()]
        archive.put([dispatch(0, date=date(2023, 1, 1))])
        archive.embed()
        assert [years_held(archive, one) for one in servers] == [set(), {2017}, {2023}]
        assert found(archive, dated(0).text, by="meaning")[0] == "dispatch 0"


@pytest.mark.parametrize("how", ["kill", "stop"])
def test_a_server_that_falls_is_named_and_the_others_are_asked(
    how: str, tmp_path: Path, servers: list[LoopbackChroma], embedder: HashingEmbedder
) -> None:
    with sharded(tmp_path, three(servers), embedder) as archive:
        archive.meaning.patience, archive.meaning.rest_seconds = 3.0, 600.0
        filled(archive)
        getattr(servers[2], how)()
        hits, missed = asked(archive, 2)
        assert hits[0] == "dispatch 2"
        assert missed == {NEW}
        assert asked(archive, 2, until=date(2019, 12, 31))[1] == set()
        assert [(one.years, one.answers) for one in archive.shards()] == [
            ("..2015", True), ("2016..2019", True), ("2020..", False)]  # fmt: skip
        archive.put([dated(i) for i in range(15, 20)])
        archive.embed()  # the other servers follow
        hits, missed = asked(archive, 16)
        assert (hits[0], missed) == ("dispatch 16", {NEW})
        wrong = {check.name for check in care.doctor(archive) if not check.ok}
        assert wrong == {"meaning 2020.."}
        servers[2].kill()
        servers[2].start()
        archive.meaning.rest_seconds = 0.0
        assert asked(archive, 18) == (["dispatch 18", *asked(archive, 18)[0][1:]], set())
        assert all(check.ok for check in care.doctor(archive)), care.doctor(archive)


def test_what_little_a_fallen_server_holds_is_scored_from_the_catalogue(
    tmp_path: Path, servers: list[LoopbackChroma], embedder: HashingEmbedder
) -> None:
    with sharded(tmp_path, three(servers), embedder) as archive:
        filled(archive)
        archive.meaning.exact = 10  # of 45 passages, 9 are of 2020 and later
        servers[2].kill()
        assert asked(archive, 3) == (asked(archive, 3)[0], set())
        assert asked(archive, 3)[0][0] == "dispatch 3"


def test_a_server_that_was_emptied_is_filled_again(
    tmp_path: Path, servers: list[LoopbackChroma], embedder: HashingEmbedder
) -> None:
    with chroma_servers(tmp_path / "other", 1) as (emptied,):
        setting = three([*servers[:2], emptied])
        with sharded(tmp_path, setting, embedder) as archive:
            filled(archive)
            emptied.kill()
            emptied.folder = tmp_path / "nothing-yet"
            emptied.start()
            assert asked(archive, 3)[1] == {NEW}
            archive.follow()
            assert asked(archive, 3) == (asked(archive, 3)[0], set())
            assert asked(archive, 3)[0][0] == "dispatch 3"
            assert years_held(archive, emptied) == {2021}


def test_no_server_at_all_is_told_to_who_writes(tmp_path: Path, embedder: HashingEmbedder) -> None:
    nobody = "..2015=http://127.0.0.1:9; 2016..=http://127.0.0.1:11"
    with sharded(tmp_path, nobody, embedder) as archive:
        archive.put([dated(1)])
        with pytest.raises(ServiceDown):
            archive.embed()
        assert found(archive, dated(1).text, by="both") == ["dispatch 1"]
