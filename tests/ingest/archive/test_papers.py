"""What people leave with an archive: the same promises in files and in PostgreSQL."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from secrets import token_hex

import pytest

from ingest.archive import Archive
from ingest.archive.catalogue import Catalogue, database_of
from ingest.archive.erasure import erase
from ingest.archive.moving import move
from ingest.archive.papers import FolderPapers, Papers, whose_is
from ingest.settings import IngestSettings
from tests.ingest.archive.dispatches import article
from tests.postgres_server import TemporaryServer

FIRST, LAST = "20240312T090100000001-00000001", "20240312T090200000001-00000001"


def add(papers: Papers, word: str) -> None:
    with papers.document("keys.json").changing() as change:
        change.text = (change.text or "") + word


def test_a_document_is_the_same_for_every_host_at_once(host: Callable[[str], Papers]) -> None:
    one, other = (host(name).document("keys.json") for name in ("one", "other"))
    assert one.stamp() is None
    seen = set()
    for words in ("a", "ab", "abc"):
        with one.changing() as change:
            change.text = words
        assert other.read() == words
        seen.add(other.stamp())
    assert len(seen) == 3


def test_what_many_change_at_once_is_all_there(host: Callable[[str], Papers]) -> None:
    hosts = [host(name) for name in ("one", "other")]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: add(hosts[n % 2], "x"), range(12)))
    assert hosts[0].document("keys.json").read() == "x" * 12


def test_a_change_that_fails_changes_nothing(papers: Papers) -> None:
    add(papers, "a")
    kept = papers.document("keys.json")
    before = kept.stamp()
    with pytest.raises(ValueError, match="no"), kept.changing() as change:
        change.text = "b"
        raise ValueError("no")
    assert (kept.read(), kept.stamp()) == ("a", before)


def test_records_are_kept_found_and_forgotten_by_any_host(host: Callable[[str], Papers]) -> None:
    one, other = host("one"), host("other")
    one.keep_record(FIRST, "11111111", '{"cites": "a1"}')
    one.keep_record(LAST, "22222222", '{"cites": "b2, \u202f"}')
    assert sorted(other.records()) == [(FIRST, "11111111"), (LAST, "22222222")]
    assert list(other.records("22222222")) == [(LAST, "22222222")]
    assert other.record(LAST) == '{"cites": "b2, \u202f"}'.encode()
    assert other.record(FIRST.replace("1", "3")) is None
    assert other.forget(["a1", "c3"]) == 1
    assert sorted(one.records()) == [(LAST, "22222222")]


# Over to PostgreSQL, and back


@pytest.fixture
def url(postgres: TemporaryServer) -> str:
    return f"{postgres.url}&schema=t_{token_hex(8)}"


@pytest.fixture
def filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Archive:
    """An archive in a file, with keys, a record and a conversation; another has such too."""
    monkeypatch.delenv("MORGUE_DATABASE", raising=False)
    archive = opened(tmp_path / "archive", None)
    archive.put([article("a", ("headline", "Pier"), ("body", "The pier opens in May."))])
    add(archive.papers, '{"keys": []}')
    for record_id, of in ((FIRST, archive.papers.archive), (LAST, "/another")):
        text = json.dumps({"archive": of, "asker": "k1", "outcome": {"cites": "a1"}})
        archive.papers.keep_record(record_id, whose_is(of, "k1"), text)
        with archive.papers.conversations() as held:
            held.execute(
                "INSERT INTO talks VALUES (?, ?, 'k1', 'Who won?', '1', '2', NULL, 'Anna')",
                (of[-7:], of),
            )
            held.execute(
                "INSERT INTO turns VALUES (?, 1, 'Who won?', '1', ?)", (of[-7:], record_id)
            )
    return archive


def opened(folder: Path, url: str | None) -> Archive:
    settings = IngestSettings(embedder="none", database=url)
    return Archive.open(folder, create=True, settings=settings)


def told(papers: Papers) -> tuple[list[str], list[tuple[str, ...]]]:
    records = sorted(papers.records(whose_is(papers.archive, "k1")))
    with papers.conversations() as held:
        talks = held.execute(
            "SELECT t.id, t.shared_by, u.question, u.record FROM talks t JOIN turns u"
            " ON u.talk = t.id WHERE t.archive = ?",
            (papers.archive,),
        ).fetchall()
    return [record_id for record_id, _ in records], [tuple(row) for row in talks]


def test_what_people_left_moves_with_the_archive_and_back(
    filled: Archive, url: str, tmp_path: Path
) -> None:
    before = told(filled.papers)
    assert before == ([FIRST], [("archive", "Anna", "Who won?", FIRST)])
    report = move(filled, url)
    assert (report.records, report.conversations) == (1, 1)
    filled.close()
    with opened(tmp_path / "elsewhere", url) as moved:
        assert told(moved.papers) == before
        assert moved.papers.document("keys.json").read() == '{"keys": []}'
        kept = json.loads(moved.papers.record(FIRST) or b"{}")
        assert kept["archive"] == moved.catalogue.id
        move(moved, str(tmp_path / "back"))
    assert told(FolderPapers(tmp_path / "back")) == before
    assert (tmp_path / "back" / "keys.json").read_text() == '{"keys": []}'


def test_keys_that_stood_in_a_hosts_folder_are_taken_in_once(url: str, tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "keys.json").write_text(name)
        with closing(Catalogue(database_of(tmp_path / name, url), create=True)) as catalogue:
            kept = catalogue.database.papers(tmp_path / name).document("keys.json")
            assert kept.stamp() is not None
            assert kept.read() == "one"


def test_records_of_an_erased_article_are_erased_wherever_they_are(
    filled: Archive, url: str, tmp_path: Path
) -> None:
    move(filled, url)
    with opened(tmp_path / "host", url) as archive:
        archive.follow()
        (erased,) = [one.article_id for one in archive.newest(1)]
        archive.papers.keep_record(LAST, "1", json.dumps({"cites": erased}))
        assert erase(archive, [erased]).records == 1
        assert [record_id for record_id, _ in archive.papers.records()] == [FIRST]
