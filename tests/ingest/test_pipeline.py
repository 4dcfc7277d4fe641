"""From files to a report: what was read, what changed, what could not be read."""

import json
import multiprocessing
from pathlib import Path

import pytest

from ingest.archive import Archive
from ingest.article import Article
from ingest.errors import ReadError
from ingest.pipeline import Defaults, articles, ingest
from ingest.settings import IngestSettings
from tests import invariants
from tests.ingest.archive.dispatches import found

BODY = (
    "The harbour board of Ostrova heard file {i} on Monday and put it off. Nobody from the union"
    " spoke, and the night ferry {i} stays where it is until the council has read the report,"
    " which is expected before the summer, the chair of the board said after the session."
)


def row(i: int, **about: object) -> str:
    return json.dumps(
        {"id": f"r{i}", "title": f"Matter {i} put off", "text": BODY.format(i=i),
         "outlet": "Post", "date": f"2024-03-{i + 1:02d}", **about}
    )  # fmt: skip


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    file = tmp_path / "dump.jsonl"
    file.write_text("\n".join([row(1), row(2), "{broken", row(3)]), encoding="utf-8")
    return file


def numbers(archive: Archive, file: Path, *, embed: bool = True) -> dict[str, int]:
    report = ingest([file], archive, embed=embed)
    assert set(report.seconds) == {"read", "words", "embed", "total"}
    names = ("read", "added", "updated", "unchanged", "copies", "passages", "embedded", "pending")
    return {name: getattr(report, name) for name in names} | {"failed": len(report.failed)}


def test_a_report_counts_what_was_read_and_embedded(archive: Archive, dump: Path) -> None:
    assert numbers(archive, dump) == {
        "read": 3, "added": 3, "updated": 0, "unchanged": 0, "copies": 0, "failed": 1,
        "passages": 6, "embedded": 6, "pending": 0,
    }  # fmt: skip
    assert archive.status().leads_embedded == 3  # the words of a short article are its lead
    assert found(archive, "matter 3 put off")[0] == json.dumps(["", "id", "Post", "r3"])
    invariants.followers_agree(archive)


def test_a_process_that_cleans_and_is_killed_takes_no_article_with_it(
    archive: Archive, tmp_path: Path
) -> None:
    file = tmp_path / "many.jsonl"
    rows = [json.dumps({"id": f"r{i}", "text": BODY.format(i=i)}) + "\n" for i in range(900)]
    file.write_text("".join(rows), encoding="utf-8")
    killed: list[object] = []

    def progress(what: str, done: int, of: int) -> None:
        if what == "articles" and not killed:
            for process in multiprocessing.active_children():
                process.kill()
                killed.append(process)

    given = Defaults(workers=1)
    report = ingest([file], archive, given=given, embed=False, progress=progress)
    assert killed
    assert (report.read, report.added, report.failed) == (900, 900, ())


def test_what_is_no_article_is_counted_and_is_no_failure(archive: Archive, tmp_path: Path) -> None:
    file = tmp_path / "messages.xml"
    file.write_text(
        "<newsMessage><newsItem guid='1'><contentMeta><headline>Ferry stops</headline>"
        "</contentMeta></newsItem><packageItem guid='2'/>"
        "<packageItem guid='3'/><conceptItem/></newsMessage>",
        encoding="utf-8",
    )
    report = ingest([file, file], archive, embed=False)
    assert (report.read, report.failed) == (2, ())
    assert report.left_out == {"packageItem": 4, "conceptItem": 2}
    assert archive.status().failed == 0


def test_without_embedding_everything_is_pending_and_found_by_words(
    archive: Archive, dump: Path
) -> None:
    counted = numbers(archive, dump, embed=False)
    assert (counted["embedded"], counted["pending"]) == (0, 6)
    assert len(found(archive, "harbour board")) == 3


def test_the_same_files_again_change_nothing(archive: Archive, dump: Path) -> None:
    numbers(archive, dump)
    before = archive.status()
    assert numbers(archive, dump) == {
        "read": 3, "added": 0, "updated": 0, "unchanged": 3, "copies": 0, "failed": 1,
        "passages": 0, "embedded": 0, "pending": 0,
    }  # fmt: skip
    after = archive.status()
    assert (after.articles, after.passages, after.failed) == (before.articles, before.passages, 1)


def test_a_changed_record_is_a_new_version(archive: Archive, dump: Path) -> None:
    numbers(archive, dump)
    dump.write_text(row(1, text=BODY.format(i=1) + " It met again on Friday."), encoding="utf-8")
    counted = numbers(archive, dump)
    assert (counted["read"], counted["updated"], counted["added"]) == (1, 1, 0)
    (first,) = [i for i in archive_ids(archive) if len(archive.versions(i)) == 2]
    old, new = archive.get(first, 1), archive.get(first)
    assert old is not None
    assert new is not None
    assert new.text == old.text + " It met again on Friday."


def test_what_failed_is_kept_with_its_place_until_its_file_is_read_again(
    archive: Archive, dump: Path
) -> None:
    (failed,) = ingest([dump], archive, embed=False).failed
    assert (failed.file, failed.where) == ("dump.jsonl", "line 3")
    assert archive.status().failed == 1
    other = dump.with_name("other.jsonl")
    other.write_text(row(7), encoding="utf-8")
    ingest([other], archive, embed=False)
    assert archive.status().failed == 1
    dump.write_text("\n".join([row(1), row(2), row(3)]), encoding="utf-8")
    ingest([dump], archive, embed=False)
    assert archive.status().failed == 0


def test_a_copy_of_a_dispatch_is_counted(archive: Archive, tmp_path: Path) -> None:
    file = tmp_path / "copies.jsonl"
    other = row(2, text="A school choir sang to the ferry's crew while it waited for the tide.")
    file.write_text("\n".join([row(1), row(1, id="x", outlet="Mast"), other]), encoding="utf-8")
    counted = numbers(archive, file, embed=False)
    assert (counted["added"], counted["copies"]) == (3, 1)


def test_the_same_record_twice_in_a_file_is_one_article(archive: Archive, tmp_path: Path) -> None:
    file = tmp_path / "twice.jsonl"
    file.write_text("\n".join([row(1), row(1)]), encoding="utf-8")
    counted = numbers(archive, file, embed=False)
    assert (counted["read"], counted["added"], counted["unchanged"]) == (2, 1, 1)


def test_what_all_articles_share_can_be_given(archive: Archive, tmp_path: Path) -> None:
    file = tmp_path / "bare.jsonl"
    file.write_text(json.dumps({"text": BODY.format(i=1)}), encoding="utf-8")
    given = Defaults(outlet="The Mast", collection="wire", language="en")
    ingest([file], archive, given=given, embed=False)
    (one,) = archive.newest(5)
    assert (one.outlet, one.collection, one.language) == ("The Mast", "wire", "en")


def test_a_dry_run_yields_articles_as_they_would_be_stored(archive: Archive, dump: Path) -> None:
    shown = list(articles([dump], Defaults()))
    ingest([dump], archive, embed=False)
    assert [type(one) for one in shown] == [Article, Article, ReadError, Article]
    assert [one for one in shown if isinstance(one, Article)] == [
        archive.get(one.article_id) for one in shown if isinstance(one, Article)
    ]


def test_progress_names_what_is_done(archive: Archive, dump: Path) -> None:
    told: list[tuple[str, int, int]] = []
    ingest([dump], archive, progress=lambda *words: told.append(words))
    failed = [("failed", 1, 0)]
    assert told == [*failed, ("articles", 3, 0), ("leads", 3, 3), ("passages", 3, 3),
                    ("statements", 3, 3)]  # fmt: skip


def test_progress_of_a_folder_counts_its_files(archive: Archive, tmp_path: Path) -> None:
    made = tmp_path / "in"
    made.mkdir()
    for number in range(3):
        (made / f"{number}.txt").write_text(f"The mayor opened bridge number {number} today.")
    told: list[tuple[str, int, int]] = []
    ingest([made], archive, embed=False, progress=lambda *words: told.append(words))
    ingest([made], archive, embed=False, progress=lambda *words: told.append(words))
    assert told == [("files", 2, 3), ("articles", 3, 0)]


def test_where_no_embedder_can_be_had_it_is_said_once(tmp_path: Path, dump: Path) -> None:
    said: list[str] = []
    settings = IngestSettings(embedder="onnx:/nowhere/at/all")
    with Archive.open(tmp_path / "plain", create=True, settings=settings) as archive:
        report = ingest([dump], archive, say=said.append)
        assert (report.added, report.embedded, report.pending) == (3, 0, 6)
        assert len(found(archive, "harbour board", by="both")) == 3
    assert [line for line in said if "words alone" in line] == said[1:2]


def test_an_ingest_that_was_killed_before_marking_marks_later(
    archive: Archive, tmp_path: Path
) -> None:
    prompt = "The Ostrova Post is set by forty hands on paper from the mill at Tisk."
    titles = ("Ferry late", "Budget passed", "School opens", "Choir wins", "Dogs found", "Storm")
    file = tmp_path / "prompted.jsonl"
    file.write_text(
        "\n".join(
            row(i, title=titles[i], text=BODY.format(i=i) + "\n\n" + prompt) for i in range(6)
        ),
        encoding="utf-8",
    )
    archive.put([one for one in articles([file], Defaults()) if isinstance(one, Article)])
    assert found(archive, "forty hands paper mill") != []
    ingest([file], archive, embed=False)
    assert found(archive, "forty hands paper mill") == []


def archive_ids(archive: Archive) -> list[str]:
    return [one.article_id for one in archive.newest(100)]
