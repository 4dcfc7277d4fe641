"""A catalogue in PostgreSQL: what only it has; all else is tested by the suite run over it."""

import gc
import os
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from secrets import token_hex
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner
from psycopg import errors

from assistant.doors.cli.commands import morgue
from ingest.archive import Archive
from ingest.archive.backup import backup, restore
from ingest.archive.care import doctor
from ingest.archive.catalogue import Catalogue, database_of
from ingest.archive.erasure import erase
from ingest.archive.moving import carry, move
from ingest.archive.postgres import PostgresDatabase, read_address, told_as, translated
from ingest.archive.search import Search
from ingest.archive.sqlite import SqliteFile
from ingest.archive.verification import verify
from ingest.errors import ArchiveDamaged, ArchiveError, ArchiveMissing, SettingsError
from ingest.pipeline import Defaults
from ingest.settings import IngestSettings
from ingest.work import handing_over
from ingest.work.emptying import erase_everywhere
from tests.fakes import HashingEmbedder
from tests.ingest.archive.dispatches import article
from tests.postgres_server import TemporaryServer

WORDS = "The harbour pier opens in May, the ministry said. “It will be open,” Anna Kowal said."


@pytest.fixture
def url(postgres: TemporaryServer) -> str:
    return f"{postgres.url}&schema=t_{token_hex(8)}"


def settled(url: str | None = None) -> IngestSettings:
    return IngestSettings(embedder="none", database=url)


def opened(folder: Path, url: str | None) -> Archive:
    return Archive.open(folder, create=True, settings=settled(url), embedder=HashingEmbedder(16))


def found(archive: Archive, words: str) -> list[str]:
    return [hit.article.article_id for hit in archive.search(Search(text=words, by="words"))]


@pytest.fixture
def filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Archive]:
    """An archive in a file, with versions, copies, vectors, statements and a gap in its numbers."""
    monkeypatch.delenv("MORGUE_DATABASE", raising=False)
    with opened(tmp_path / "archive", None) as archive:
        archive.put([
            article("a", ("headline", "Pier"), ("body", WORDS), outlet="Courier"),
            article("b", ("headline", "Pier"), ("body", WORDS), outlet="Herald"),
            article("c", ("headline", "Ferry 渡し船"), ("body", "A ferry \\ sank.\nNULL\t\\N")),
        ])  # fmt: skip
        archive.put([article("a", ("headline", "Pier"), ("body", f"{WORDS} In June, no."))])
        last = archive.put([article("d", ("headline", "Gone"), ("body", "Nothing of it."))])
        archive.drop([last[0].article_id])
        archive.embed()
        archive.speech.hear()
        yield archive


# The engine


def test_both_engines_have_the_same_tables_and_columns(url: str, tmp_path: Path) -> None:
    with (
        closing(Catalogue(database_of(tmp_path, url), create=True)) as one,
        closing(Catalogue(tmp_path / "catalogue.sqlite", create=True)) as other,
    ):
        assert one.database.tables() == other.database.tables()
        assert one.meta("schema") == other.meta("schema")


@pytest.mark.parametrize(
    ("written", "translation"),
    [
        ("SELECT ? WHERE a = ?", "SELECT %s WHERE a = %s"),
        ("?1 IS NULL OR owner = ?1", "%(p1)s IS NULL OR owner = %(p1)s"),
        ("word LIKE 'spokes%' AND a = '?'", "word LIKE 'spokes%%' AND a = '?'"),
        ('SELECT "end?" FROM t WHERE a IN ()', 'SELECT "end?" FROM t WHERE a IN (NULL)'),
    ],
)
def test_marks_for_values_are_translated_outside_of_quotes(written: str, translation: str) -> None:
    assert translated(written) == translation


@pytest.mark.parametrize(
    "kind",
    sorted(
        {one for one in vars(errors).values() if isinstance(one, type)
         and issubclass(one, psycopg.OperationalError | psycopg.InterfaceError)},
        key=str,
    ),
)  # fmt: skip
def test_whatever_happens_to_a_server_is_told_in_words(kind: type[psycopg.Error]) -> None:
    told = told_as(kind("it went\nDETAIL: away"), "postgresql://host/desk")
    assert told is not None
    assert told.detail == "postgresql://host/desk: it went"
    assert "desk" not in f"{told} {told.hint}"
    assert told.hint


def test_a_statement_that_is_wrong_stays_a_bug(url: str, tmp_path: Path) -> None:
    with closing(PostgresDatabase(url, tmp_path)) as database, pytest.raises(psycopg.Error):
        database.connection.execute("SELEC 1")


def test_a_change_of_which_a_statement_failed_is_not_said_to_be_kept(
    url: str, tmp_path: Path
) -> None:
    with closing(Catalogue(database_of(tmp_path, url), create=True)) as catalogue:
        with pytest.raises(ArchiveError, match="failed"), catalogue.transaction():
            catalogue.new_change()
            with pytest.raises(psycopg.Error):
                catalogue.connection.execute("SELECT nothing")
        assert catalogue.change == 0


def test_hosts_that_make_an_archive_at_the_same_moment_make_one(url: str, tmp_path: Path) -> None:
    at_once = threading.Barrier(4)

    def make(n: int) -> str:
        with closing(PostgresDatabase(url, tmp_path)) as database:
            assert not database.is_laid_out()
            at_once.wait()
            catalogue = Catalogue(database, create=True)
            assert database.make_job_queue().laid_out()
            with database.papers(tmp_path).document("keys.json").changing() as change:
                change.text = f"{change.text or ''}{n}"
            return catalogue.id

    with ThreadPoolExecutor(4) as hosts:
        ids = set(hosts.map(make, range(4)))
    assert len(ids) == 1
    with closing(PostgresDatabase(url, tmp_path)) as database:
        written = database.papers(tmp_path).document("keys.json").read()
    assert sorted(written) == ["0", "1", "2", "3"]


# Where it is


@pytest.mark.parametrize(
    "wrong",
    ["mysql://desk:{}@host/x", "postgresql://desk:{}@host:port/x", "postgresql://h/x?{}=1",
     "postgresql://desk:{}@host/x?schema=No%20Name", "desk:{}@host"],
)  # fmt: skip
def test_an_address_that_cannot_be_read_is_not_repeated(wrong: str, tmp_path: Path) -> None:
    secret = token_hex(8)
    with pytest.raises(SettingsError) as failure:
        read_address(wrong.format(secret), tmp_path)
    assert secret not in f"{failure.value!r} {failure.value.hint} {failure.value.__context__!r}"


def test_an_address_is_shown_without_its_password(tmp_path: Path) -> None:
    given = "postgres://desk:hush@db.example:5433/news?schema=city&password=hush&sslmode=require"
    at = read_address(given, tmp_path)
    assert at.shown == "postgresql://db.example:5433/news?schema=city"
    assert "schema" not in at.conninfo


def test_each_folder_may_have_a_schema_of_its_own(tmp_path: Path) -> None:
    given = "postgresql://db/news?schema={folder}"
    names = {read_address(given, tmp_path / one).schema for one in ("a", "9", "Ä desk")}
    assert len(names) == 3
    assert read_address(given, tmp_path / "a").schema == read_address(given, tmp_path / "a").schema


def test_where_no_catalogue_is_it_is_said(url: str, tmp_path: Path) -> None:
    with pytest.raises(ArchiveMissing, match="postgresql://") as failure:
        Archive.open(tmp_path / "archive", settings=settled(url))
    assert "secret-word" not in str(failure.value)


def test_a_catalogue_of_a_later_morgue_is_refused(url: str, tmp_path: Path) -> None:
    with closing(Catalogue(database_of(tmp_path, url), create=True)) as catalogue:
        catalogue.set_meta("schema", "99")
    with pytest.raises(ArchiveDamaged, match="schema 99"):
        Catalogue(database_of(tmp_path, url))


@pytest.mark.parametrize("variable", ["MORGUE_DATABASE"])
def test_a_server_that_does_not_answer_is_named_without_the_password(
    variable: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = token_hex(8)
    monkeypatch.setenv(variable, f"postgresql://desk:{secret}@127.0.0.1:9/news")
    for command in (["status"], ["search", "pier"], ["doctor"], ["backup", str(tmp_path / "b")]):
        done = CliRunner().invoke(morgue, [*command, "--archive", str(tmp_path / "archive")])
        assert done.exit_code == 1
        assert "127.0.0.1:9" in done.stderr
        assert secret not in done.output + done.stderr


def test_a_connection_that_a_thread_opened_after_the_end_is_let_go_too(
    postgres: TemporaryServer, url: str, tmp_path: Path
) -> None:
    def ours() -> int:
        with psycopg.connect(postgres.url) as asked:
            found = asked.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE query = %s", (late,)
            ).fetchone()
        assert found is not None
        return int(found[0])

    late = f"SELECT '{token_hex(8)}'"
    catalogue = Catalogue(database_of(tmp_path / "host", url), create=True)
    catalogue.close()
    thread = threading.Thread(target=lambda one: one.connection.execute(late), args=(catalogue,))
    thread.start()
    thread.join()
    assert ours() == 1
    del catalogue, thread
    gc.collect()
    ends = time.monotonic() + 30
    while ours() and time.monotonic() < ends:
        time.sleep(0.05)
    assert ours() == 0


def test_a_server_that_went_and_came_is_used_again(
    postgres: TemporaryServer, url: str, tmp_path: Path
) -> None:
    with opened(tmp_path / "archive", url) as archive:
        archive.put([article("a", ("headline", "Pier"), ("body", WORDS))])
        postgres.stop()
        with pytest.raises(ArchiveError, match="cannot be used") as failure:
            archive.status()
        assert "secret-word" not in f"{failure.value} {failure.value.__cause__}"
        postgres.start()
        assert archive.status().articles == 1
        assert found(archive, "pier")
        postgres.stop()
        postgres.start()
        assert archive.status().articles == 1  # nobody is told of what was while nobody asked


# Several hosts


def test_a_follower_skips_no_change_of_two_slow_writers(url: str, tmp_path: Path) -> None:
    """Each writer takes its number and is slow to end; a follower reads and marks all the while."""
    with closing(Catalogue(database_of(tmp_path, url), create=True)) as catalogue:
        taken, end = threading.Event(), threading.Event()
        numbers: dict[int, int] = {}

        def write(what: int, *, slowly: bool) -> None:
            with closing(Catalogue(database_of(tmp_path, url))) as own, own.transaction():
                numbers[what] = own.new_change()
                own.log(numbers[what], "article", [what])
                if slowly:
                    taken.set()
                    assert end.wait(30)

        first = threading.Thread(target=write, args=(101,), kwargs={"slowly": True})
        first.start()
        assert taken.wait(30)
        second = threading.Thread(target=write, args=(102,), kwargs={"slowly": False})
        second.start()
        mark, seen = 0, list[int]()
        while second.is_alive() or first.is_alive():
            until = catalogue.change
            seen += [i for _, i in catalogue.changed(mark, ["article"])]
            mark = until
            if not end.is_set():
                assert seen == []  # the second waits for the first
                end.set()
        seen += [i for _, i in catalogue.changed(mark, ["article"])]
        assert numbers == {101: 1, 102: 2}
        assert set(seen) == {101, 102}


def test_what_one_host_puts_is_found_on_another(url: str, tmp_path: Path) -> None:
    with opened(tmp_path / "one", url) as one, opened(tmp_path / "other", url) as other:
        first = one.put([article("a", ("headline", "Pier"), ("body", WORDS))])
        second = other.put([article("b", ("headline", "Ferry"), ("body", "A ferry sank."))])
        for archive in (one, other):
            archive.follow()
            assert found(archive, "pier") == [first[0].article_id]
            assert found(archive, "ferry") == [second[0].article_id]
        third = one.put([article("c", ("headline", "Crane"), ("body", "A crane fell."))])
        assert found(other, "crane") == [third[0].article_id]  # it follows when it is asked
        one.drop([first[0].article_id])
        assert found(other, "pier") == []


def test_what_is_erased_is_in_no_row_and_what_may_hold_it_still_is_said(
    filled: Archive, url: str, tmp_path: Path
) -> None:
    move(filled, url)
    with opened(tmp_path / "host", url) as archive:
        archive.follow()
        report = erase(archive, found(archive, "ferry"))
        assert len(report.erased) == 1
        assert "PostgreSQL" in report.left_in
        database = archive.catalogue.database
        with archive.catalogue.snapshot():
            rows = [
                repr(row)
                for table, columns in database.tables().items()
                for row in database.rows(table, columns)
            ]
        assert [row for row in rows if "渡し船" in row or "sank" in row] == []
        assert any("harbour pier" in row for row in rows)


# Moving


def counted(archive: Archive) -> dict[str, list[Any]]:
    ask = archive.catalogue.connection.execute
    return {
        "versions": ask("SELECT a, version, text FROM versions ORDER BY a, version").fetchall(),
        "spoken": ask("SELECT a, start, named FROM statements ORDER BY a, start").fetchall(),
        "meta": ask(
            "SELECT key, value FROM meta WHERE key NOT LIKE 'follower %' ORDER BY key"
        ).fetchall(),
    }


def test_an_archive_is_carried_over_and_back(filled: Archive, url: str, tmp_path: Path) -> None:
    before = counted(filled)
    report = move(filled, url)
    assert (report.articles, report.versions) == (3, 4)
    assert report.vectors > 0
    assert report.statements > 0
    filled.close()
    with opened(filled.folder, url) as moved:
        assert counted(moved) == before
        assert all(check.ok for check in [*doctor(moved), *verify(moved)])
        put = moved.put([article("e", ("headline", "New"), ("body", "It is new."))])
        assert moved.catalogue.numbers([put[0].article_id]) == [5]  # 4 was given before, and went
        assert found(moved, "pier") != []
        move(moved, str(tmp_path / "back"))
        after = counted(moved)
    with opened(tmp_path / "back", None) as back:
        assert counted(back) == after
        assert all(check.ok for check in doctor(back))


def test_an_archive_is_not_moved_over_another(filled: Archive, url: str) -> None:
    move(filled, url)
    with pytest.raises(ArchiveError, match="holds an archive already"):
        move(filled, url)


@pytest.mark.parametrize("into", ["database", "folder"])
def test_of_two_that_are_moved_to_one_place_at_once_one_arrives_whole(
    into: str, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MORGUE_DATABASE", raising=False)
    to = url if into == "database" else str(tmp_path / "to")
    starting = threading.Barrier(2)

    def moved(name: str) -> str:
        with opened(tmp_path / name, None) as archive:
            archive.put([
                article(f"{name} {n}", ("headline", name), ("body", f"It is {name}, {n}, {n * n}."))
                for n in range(300)
            ])  # fmt: skip
            starting.wait(60)
            try:
                return str(move(archive, to).articles)
            except ArchiveError as error:
                return error.message

    with ThreadPoolExecutor(2) as pool:
        told = list(pool.map(moved, ("harbour", "ferry")))
    assert "300" in told
    (refused,) = (one for one in told if one != "300")
    assert "holds an archive already" in refused or "is writing to" in refused
    arrived = ("harbour", "ferry")[told.index("300")]
    with opened(tmp_path / "to", url if into == "database" else None) as archive:
        assert {one.title for one in archive.newest(1_000)} == {arrived}
        assert archive.status().articles == 300
        assert all(check.ok for check in verify(archive))


def test_an_archive_for_which_files_wait_is_not_moved_away_from_them(
    url: str, tmp_path: Path
) -> None:
    (tmp_path / "day.txt").write_text("Pier\n\nThe pier opens in May.\n")
    settings = IngestSettings(embedder="none", database=url, archive=tmp_path / "host")
    with Archive.open(settings=settings, create=True) as archive:
        with handing_over.opened(settings) as parcels:
            handing_over.hand_over([tmp_path / "day.txt"], parcels, Defaults())
        with pytest.raises(ArchiveError, match="1 files wait to be read"):
            move(archive, str(tmp_path / "back"))
        erase_everywhere(archive, [])  # reads what waits
        assert move(archive, str(tmp_path / "back")).articles == 1


def test_nobody_on_another_host_writes_while_an_archive_is_moved(url: str, tmp_path: Path) -> None:
    with opened(tmp_path / "one", url) as one, opened(tmp_path / "other", url) as other:
        piece = article("a", ("headline", "Pier"), ("body", WORDS))
        with ThreadPoolExecutor(1) as pool:
            with one.catalogue.database.alone():
                putting = pool.submit(other.put, [piece])
                time.sleep(0.5)
                assert one.status().articles == 0
            putting.result(60)
        assert one.status().articles == 1


class LossyFile(SqliteFile):
    """A file that loses a word on the way."""

    def fill(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Put rows, one article's text cut."""
        cut = ([*row[:-1], row[-1][:-1]] if table == "versions" and row[0] == 3 else row
               for row in rows)  # fmt: skip
        super().fill(table, columns, cut)


def test_what_does_not_arrive_as_it_was_is_named_and_nothing_is_kept(
    filled: Archive, tmp_path: Path
) -> None:
    (ferry,) = found(filled, "ferry")
    with closing(LossyFile(tmp_path / "lossy")) as to:
        with pytest.raises(ArchiveDamaged, match=f"1 articles: {ferry}"):
            carry(filled.catalogue, to)
        assert not to.is_laid_out()


def test_a_backup_of_a_database_is_restored_into_a_folder(
    filled: Archive, url: str, tmp_path: Path
) -> None:
    move(filled, url)
    with opened(tmp_path / "host", url) as archive:
        report = backup(archive, tmp_path / "whole")
        there = counted(archive)
        with pytest.raises(ArchiveError, match="MORGUE_DATABASE"):
            restore(tmp_path / "whole", settled(url))
    assert report.articles == 3
    settings = IngestSettings(embedder="none", archive=tmp_path / "restored", database=None)
    restore(tmp_path / "whole", settings)
    with Archive.open(settings=settings) as restored:
        assert counted(restored) == there


def test_the_command_moves_and_tells_it_in_a_line(filled: Archive, url: str) -> None:
    filled.close()
    done = CliRunner().invoke(morgue, ["move", "--to", url, "--archive", str(filled.folder)])
    assert (done.exit_code, len(done.stdout.splitlines())) == (0, 1)
    assert "3 articles (4 versions" in done.stdout
    assert "secret-word" not in done.output
    assert "MORGUE_DATABASE" not in os.environ
