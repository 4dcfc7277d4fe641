"""Work that is handed over through the database: each test has a schema of its own there."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from secrets import token_hex

import pytest
from click.testing import CliRunner

from assistant.doors.alerts.watch_desk import WatchDesk
from assistant.doors.cli import working
from assistant.doors.cli.commands import morgue
from ingest.archive import Archive
from ingest.archive.catalogue import Catalogue, database_of
from ingest.archive.job_queue import AGAIN, Chore, JobQueue, JobTurn, WorkPlan
from ingest.archive.parcels import HandedFile, Parcels, parcelled
from ingest.archive.search import Search
from ingest.archive.shared_archive import SharedArchive
from ingest.archive.watches import Wanted
from ingest.errors import ServiceBusy, SettingsError
from ingest.pipeline import Defaults
from ingest.settings import IngestSettings
from ingest.work import handing_over
from ingest.work.emptying import erase_everywhere
from ingest.work.worker import work
from tests.fakes import HashingEmbedder
from tests.postgres_server import TemporaryServer

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def url(postgres: TemporaryServer) -> str:
    return f"{postgres.url}&schema=t_{token_hex(8)}"


@pytest.fixture
def settings(url: str, tmp_path: Path) -> IngestSettings:
    return IngestSettings(embedder="none", database=url, archive=tmp_path / "one host")


@contextmanager
def worker(settings: IngestSettings) -> Iterator[SharedArchive]:
    with SharedArchive.open(
        settings=settings, create=True, embedder=HashingEmbedder(16)
    ) as archive:
        yield archive


def handed(settings: IngestSettings, *paths: Path, given: Defaults | None = None) -> Parcels:
    with handing_over.opened(settings) as parcels:
        handing_over.hand_over(paths, parcels, given or Defaults())
    return parcels


def done(settings: IngestSettings, plan: WorkPlan | None = None) -> list[str]:
    said: list[str] = []
    with worker(settings) as archive:
        work(archive, plan or WorkPlan(until_empty=True), said.append)
    return said


def written(folder: Path, articles: int, first: int = 0) -> Path:
    """Write articles that are all different, a line of JSON each."""
    folder.mkdir(exist_ok=True)
    spoken = random.Random(first)
    words = [spoken.randbytes(3).hex() for _ in range(3_000)]
    file = folder / f"articles-{first}.jsonl"
    rows = [
        {
            "id": f"n{n}",
            "title": f"Pier {n} opens",
            "outlet": "Courier",
            "date": "2024-03-12",
            "text": f"Pier {n} opens. " + " ".join(spoken.choices(words, k=60)) + ".",
        }
        for n in range(first, first + articles)
    ]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return file


def url_of(settings: IngestSettings) -> str:
    assert settings.database is not None
    return settings.database.get_secret_value()


def counted(settings: IngestSettings, asked: str) -> int:
    with closing(Catalogue(database_of(settings.archive, url_of(settings)))) as catalogue:
        found = catalogue.connection.execute(asked).fetchone()
        return int(found[0])


# Handing over, and reading


def test_what_waits_of_an_erased_article_is_erased_and_nothing_else_is_lost(
    settings: IngestSettings, tmp_path: Path
) -> None:
    written(tmp_path / "in", 1)
    handed(settings, tmp_path / "in")
    done(settings)
    written(tmp_path / "in", 3)  # with the same article, changed
    handed(settings, tmp_path / "in")
    (tmp_path / "broken.pdf").write_bytes(b"nothing that could be read")
    broken = handed(settings, tmp_path / "broken.pdf", given=Defaults(format="pdf"))
    with closing(Catalogue(database_of(settings.archive, url_of(settings)))) as catalogue:
        catalogue.connection.execute(
            'UPDATE parcels SET how = \'{"format": "no such"}\' WHERE batch = ?', (broken.batch,)
        )
    with Archive.open(settings=settings) as archive:
        archive.follow()
        (erased,) = [one.article_id for one in archive.newest(9)]
        report = erase_everywhere(archive, [erased])
        assert report.erased == (erased,)
        assert [Path(name).name for name in report.unread] == ["broken.pdf"]
        assert {one.title for one in archive.newest(9)} == {"Pier 1 opens", "Pier 2 opens"}
        assert "broken.pdf" in " ".join(one.file for one in archive.failures())
    assert counted(settings, "SELECT count(*) FROM parcel_bytes") == 0
    assert counted(settings, "SELECT count(*) FROM parcels WHERE report IS NULL") == 0


def test_what_is_handed_over_is_read_embedded_and_found_by_any_host(
    settings: IngestSettings, tmp_path: Path
) -> None:
    written(tmp_path / "in", 12)
    (tmp_path / "in" / "plain.txt").write_text("Ferry sinks\n\nA ferry sank at noon.\n")
    handed(settings, tmp_path / "in")
    (tmp_path / "in" / "plain.txt").unlink()  # whatever becomes of the file
    other = settings.model_copy(update={"archive": tmp_path / "another host"})
    done(other)
    with worker(other) as archive:
        archive.follow_here()
        assert len(archive.search(Search(text="ferry", by="words"))) == 1
        status = archive.status()
    assert (status.articles, status.pending, status.leads_embedded) == (13, 0, 13)
    assert counted(other, "SELECT count(*) FROM heard") == 13
    assert counted(other, "SELECT count(*) FROM parcel_bytes") == 0


def test_what_is_known_is_not_handed_over_again(settings: IngestSettings, tmp_path: Path) -> None:
    file = written(tmp_path / "in", 3)

    def again(given: Defaults | None = None) -> tuple[int, int]:
        with handing_over.opened(settings) as parcels:
            over = handing_over.hand_over([file], parcels, given or Defaults())
        return over.files, over.unchanged

    assert again() == (1, 0)
    assert again() == (0, 1)  # it waits
    done(settings)
    assert again() == (0, 1)  # it is read
    assert again(Defaults(outlet="Herald")) == (1, 0)  # in another way it is not
    file.write_text(file.read_text() + '{"id": "new", "title": "New", "text": "Rain fell."}\n')
    assert again() == (1, 0)
    done(settings)
    assert counted(settings, "SELECT count(*) FROM articles") == 4


def test_a_file_that_cannot_be_handed_over_whole_leaves_nothing(
    settings: IngestSettings, tmp_path: Path
) -> None:
    there = written(tmp_path / "in", 2)
    with handing_over.opened(settings) as parcels:
        with pytest.raises(OSError, match="gone"):
            parcels.hand_over([HandedFile(there, "a"), HandedFile(tmp_path / "gone", "b")], {})
        for table in ("parcels", "parcel_files", "parcel_bytes", "procrastinate_jobs"):
            asked = f"SELECT count(*) FROM {table}"
            assert parcels.catalogue.connection.execute(asked).fetchone()[0] == 0


def test_pages_go_with_the_file_that_names_them_and_nothing_leaves_its_folder(
    settings: IngestSettings, tmp_path: Path
) -> None:
    for name in ("mets.xml", "page.xml"):
        (tmp_path / name).write_text(name)
    pages = ((tmp_path / "page.xml", "pages/page.xml"), (tmp_path / "page.xml", "../../out.xml"))
    with handing_over.opened(settings) as parcels:
        number = parcels.hand_over([HandedFile(tmp_path / "mets.xml", "issue/mets.xml", pages)], {})
        (tmp_path / "laid").mkdir()
        laid = parcels.begin(number, tmp_path / "laid")
    assert laid is not None
    ((path, name),) = laid.files
    assert (path.name, name) == ("mets.xml", "issue/mets.xml")
    assert (path.parent / "pages" / "page.xml").read_text() == "page.xml"
    assert not list(tmp_path.rglob("out.xml"))


def test_a_parcel_is_one_jobs_worth_and_names_nothing_twice(tmp_path: Path) -> None:
    small, large = tmp_path / "small", tmp_path / "large"
    small.write_bytes(b"x")
    large.write_bytes(b"x" * 8_000_001)
    files = [HandedFile(small, f"{n}") for n in range(150)]
    files += [HandedFile(small, "149"), HandedFile(large, "large"), HandedFile(small, "last")]
    assert [len(one) for one in parcelled(files)] == [100, 50, 1, 1, 1]


# What a change needs is put into the queue with it


def test_what_is_put_is_embedded_by_others_and_what_is_rolled_back_by_nobody(
    settings: IngestSettings, tmp_path: Path
) -> None:
    with worker(settings) as archive:
        queue = archive.catalogue.database.make_job_queue()
        with pytest.raises(ZeroDivisionError), archive.catalogue.transaction():
            queue.embed([1])
            _ = 1 / 0
        assert queue.unfinished("embed") == 0
    file = written(tmp_path / "in", 3)
    with Archive.open(settings=settings, embedder=HashingEmbedder(16)) as plain:
        from ingest import ingest

        ingest([file], plain, embed=False)
        assert plain.status().pending > 0
    assert counted(settings, "SELECT count(*) FROM procrastinate_jobs") >= 2
    done(settings)
    with worker(settings) as archive:
        assert archive.status().pending == 0


def test_what_comes_round_follows_here_and_tells_what_is_new_for_watches(
    settings: IngestSettings, tmp_path: Path
) -> None:
    with worker(settings) as archive:
        desk = WatchDesk(archive)
        desk.add(Wanted(name="piers", query="opens"))
        desk.add(Wanted(name="mine", query="", kind="cited"))
        cited = archive.watches.named("mine", "")
    handed(settings, written(tmp_path / "in", 3))
    done(settings)
    turn = JobTurn(arguments={}, stopping=lambda: False)
    with worker(settings) as archive:
        (watches,) = working.watches(archive)
        watches.do(turn)
        watches.do(turn)  # and nothing twice
        assert len(WatchDesk(archive).alerts("piers")) == 3
        # What was cited is on record in the database, whichever host answered.
        assert archive.watches.named("mine", "").looked_at > cited.looked_at
        WatchDesk(archive).add(Wanted(name="hers", query="opens"), owner="a key")
        with pytest.raises(SettingsError, match="whose watches"):
            watches.do(turn)


# What does not work


def test_what_cannot_be_read_is_told_with_its_file_place_and_reason(
    settings: IngestSettings, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MORGUE_DATABASE", url)
    monkeypatch.setenv("MORGUE_EMBEDDER", "none")
    folder = tmp_path / "in"
    written(folder, 2)
    (folder / "broken.jsonl").write_text('{"title": "Half"\n')
    host = ["--archive", str(tmp_path / "host"), "--json"]
    over = CliRunner().invoke(morgue, ["ingest", "--queue", str(folder), *host])
    assert over.exit_code == 0, over.output
    said = json.loads(over.stdout)
    assert (said["handed_over"], said["workers"]) == (2, 0)
    waiting = json.loads(CliRunner().invoke(morgue, ["status", *host]).stdout)["queue"]
    assert (waiting["waiting"], waiting["given_up"], waiting["workers"]) == (2, 0, 0)
    done(settings)
    with handing_over.opened(settings) as parcels:
        state = parcels.state(said["batch"])
    assert (state.files, state.over) == (2, True)
    ((file, _, why, _),) = (one for report in state.reports for one in report["failed"])
    assert (file, bool(why)) == ("broken.jsonl", True)
    shown = CliRunner().invoke(morgue, ["status", "--failed", *host])
    assert "broken.jsonl" in shown.stdout


def test_whoever_waits_is_told_what_came_of_it(
    settings: IngestSettings, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MORGUE_DATABASE", url)
    monkeypatch.setenv("MORGUE_EMBEDDER", "none")
    folder = tmp_path / "in"
    written(folder, 2)
    (folder / "broken.jsonl").write_text('{"title": "Half"\n')
    with running("--lost-after", "5", url=url, folder=tmp_path / "worker") as process:
        waited = CliRunner().invoke(
            morgue,
            [
                "ingest",
                "--queue",
                "--wait",
                str(folder),
                "--archive",
                str(tmp_path / "h"),
                "--json",
            ],
        )
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
    report = json.loads(waited.stdout)
    assert waited.exit_code == 3
    assert (report["read"], report["added"], report["handed_over"]) == (2, 2, 2)
    assert [one["file"] for one in report["failed"]] == ["broken.jsonl"]


def failing(queue: JobQueue, error: Callable[[], Exception], said: list[str]) -> list[int]:
    tries: list[int] = []

    def fail(_: JobTurn) -> None:
        tries.append(1)
        raise error()

    chore = Chore(name="read", do=fail, queue="read", about=lambda _: "one.html")
    queue.work([chore], WorkPlan(until_empty=True), said.append)
    return tries


def test_what_is_away_is_tried_again_later_each_time_and_then_given_up(
    settings: IngestSettings,
) -> None:
    with worker(settings) as archive:
        queue, run = archive.catalogue.database.make_job_queue(), archive.catalogue.connection
        queue.put("read", "read", parcel=1)
        said: list[str] = []
        waits: list[float] = []
        for _ in AGAIN:
            assert failing(queue, lambda: ServiceBusy("the model is busy", "wait"), said) == [1]
            (trouble,) = queue.troubles()
            assert trouble.again is not None
            assert (trouble.about, trouble.why) == ("read one.html", "the model is busy")
            waits.append((trouble.again - trouble.again.now(trouble.again.tzinfo)).total_seconds())
            assert failing(queue, ZeroDivisionError, said) == []  # not before its time
            run.execute("UPDATE procrastinate_jobs SET scheduled_at = now()")
        assert waits == sorted(waits)
        failing(queue, lambda: ServiceBusy("the model is busy"), said)
        (trouble,) = queue.troubles()
        assert trouble.again is None
        assert "morgue work --again" in trouble.advice
        assert failing(queue, ZeroDivisionError, said) == []
        once_more = Chore(name="read", do=lambda _: None, queue="read")
        queue.work([once_more], WorkPlan(until_empty=True, again=True), said.append)
        assert list(queue.troubles()) == []


def test_what_can_never_work_is_given_up_at_once(settings: IngestSettings) -> None:
    with worker(settings) as archive:
        queue = archive.catalogue.database.make_job_queue()
        queue.put("read", "read", parcel=1)
        said: list[str] = []
        assert failing(queue, lambda: SettingsError("no such format", "name one"), said) == [1]
        ((_, _, why, advice, again),) = queue.troubles()
        assert (why, advice, again) == ("no such format", "name one", None)


def test_a_job_that_kills_whoever_does_it_is_given_up_at_last(settings: IngestSettings) -> None:
    with worker(settings) as archive:
        queue, run = archive.catalogue.database.make_job_queue(), archive.catalogue.connection
        queue.put("read", "read", parcel=1)
        onlooker = Chore(name="read", do=lambda _: None, queue="elsewhere", about=lambda _: "a.gz")
        for _ in AGAIN:
            run.execute("UPDATE procrastinate_jobs SET status = 'doing'")
            queue.work([onlooker], WorkPlan(until_empty=True), lambda _: None)
            assert [one.again is None for one in queue.troubles()] == [False]
        run.execute("UPDATE procrastinate_jobs SET status = 'doing'")
        queue.work([onlooker], WorkPlan(until_empty=True), lambda _: None)
        (trouble,) = queue.troubles()
        assert (trouble.about, trouble.again) == ("read a.gz", None)
        assert "killed" in trouble.why
        assert "morgue work --again" in trouble.advice


def test_a_file_of_sqlites_says_that_work_needs_postgresql(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("MORGUE_DATABASE", raising=False)
    file = written(tmp_path / "in", 1)
    for command in (["ingest", "--queue", str(file)], ["work"]):
        ran = CliRunner().invoke(morgue, [*command, "--archive", str(tmp_path / "a")])
        assert ran.exit_code == 1
        assert "PostgreSQL" in ran.stderr
        assert "MORGUE_DATABASE" in ran.stderr
    assert not (tmp_path / "a").exists()


# Ended, and killed


@contextmanager
def running(*options: str, url: str, folder: Path) -> Iterator["subprocess.Popen[str]"]:
    """Start a worker as people do, and leave none behind."""
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", "work", "--archive", str(folder), *options],
        cwd=ROOT,
        env={**os.environ, "MORGUE_DATABASE": url, "MORGUE_EMBEDDER": "none"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def until(condition: Callable[[], object], process: "subprocess.Popen[str]") -> None:
    while not condition():
        assert process.poll() is None, process.communicate()
        time.sleep(0.05)


MANY = 700


def twice(settings: IngestSettings) -> list[int]:
    """Return what tells whether anything is there twice, or not whole."""
    return [
        counted(settings, f"SELECT count(*) FROM {asked}")
        for asked in (
            "articles",
            "versions",
            "(SELECT a FROM passages GROUP BY a, start HAVING count(*) > 1) twice",
            "articles WHERE NOT EXISTS (SELECT 1 FROM passages p WHERE p.a = articles.a)",
        )
    ]


@pytest.mark.slow
def test_a_worker_that_is_killed_in_the_middle_loses_nothing_and_puts_nothing_twice(
    settings: IngestSettings, url: str, tmp_path: Path
) -> None:
    handed(settings, written(tmp_path / "in", MANY))
    with running("--lost-after", "2", url=url, folder=tmp_path / "killed") as process:
        until(lambda: counted(settings, "SELECT count(*) FROM articles") > 0, process)
        process.kill()
        process.wait()
    assert 0 < counted(settings, "SELECT count(*) FROM articles") < MANY
    with running(
        "--until-empty", "--lost-after", "2", url=url, folder=tmp_path / "heir"
    ) as process:
        _, said = process.communicate(timeout=240)
        assert process.returncode == 0, said
    assert twice(settings) == [MANY, MANY, 0, 0]
    assert counted(settings, "SELECT count(*) FROM parcel_bytes") == 0


@pytest.mark.slow
def test_a_worker_that_is_told_to_stop_leaves_what_it_has_begun_to_the_next(
    settings: IngestSettings, url: str, tmp_path: Path
) -> None:
    handed(settings, written(tmp_path / "in", MANY))
    with running(url=url, folder=tmp_path / "stopped") as process:
        until(lambda: counted(settings, "SELECT count(*) FROM articles") > 0, process)
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=120)
        assert process.returncode == 0, said
    assert counted(settings, "SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'") == 0
    done(settings)
    assert twice(settings)[:2] == [MANY, MANY]


@pytest.mark.slow
def test_a_worker_whose_database_went_and_came_goes_on_and_ends_in_order(
    settings: IngestSettings, url: str, tmp_path: Path, postgres: TemporaryServer
) -> None:
    handed(settings, written(tmp_path / "in", 3))
    with running("--lost-after", "2", url=url, folder=tmp_path / "worker") as process:
        until(lambda: counted(settings, "SELECT count(*) FROM articles") == 3, process)
        postgres.stop()
        time.sleep(1)
        postgres.start()
        handed(settings, written(tmp_path / "in", 5))
        until(lambda: counted(settings, "SELECT count(*) FROM articles") == 5, process)
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=120)
        assert process.returncode == 0, said
