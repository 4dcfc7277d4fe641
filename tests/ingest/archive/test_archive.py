"""The Archive: put, get, drop, search; a stale index may miss, never lie."""

import json
import shutil
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ingest.archive import Archive
from ingest.archive.bookmark import Bookmark, Reached
from ingest.errors import ArchiveError, ArchiveMissing, ReadError
from ingest.settings import IngestSettings
from tests import invariants
from tests.fakes import HashingEmbedder
from tests.ingest.archive.desk import opened
from tests.ingest.archive.dispatches import article, dispatch, dispatches, found, hits, mark_of
from tests.ingest.archive.stores import in_chroma

BYS = ("words", "meaning", "both")


def test_what_was_put_is_found_at_once_by_words(archive: Archive) -> None:
    fates = archive.put(dispatches(range(4)))
    assert [(put.fate, put.passages, put.copy) for put in fates] == [("added", 2, False)] * 4
    assert found(archive, mark_of(2)) == ["dispatch 2"]
    assert archive.get(dispatch(2).article_id) == dispatch(2)


def test_what_was_embedded_is_found_by_meaning(archive: Archive) -> None:
    archive.put(dispatches(range(4)))
    assert hits(archive, dispatch(2).title, "both")[0].by == ("words",)
    assert archive.embed() == 4 + 8
    assert found(archive, dispatch(2).text, by="meaning")[0] == "dispatch 2"
    assert hits(archive, dispatch(2).title, "both")[0].by == ("words", "meaning")


def test_the_same_again_is_nothing_new(archive: Archive) -> None:
    archive.put(dispatches(range(3)))
    invariants.put_twice_is_once(archive, dispatch(1))


def test_another_text_is_another_version_and_the_old_one_stays_readable(archive: Archive) -> None:
    first, second = dispatch(1), dispatch(1, paragraphs=3)
    archive.put([first])
    assert [put.fate for put in archive.put([second])] == ["updated"]
    assert archive.get(first.article_id) == replace(second, version=2)
    assert archive.get(first.article_id, 1) == first
    assert archive.get(first.article_id, 3) is None
    assert [v.version for v in archive.versions(first.article_id)] == [1, 2]


def test_what_only_an_older_version_said_is_not_found(archive: Archive) -> None:
    told = article("a", ("headline", "Pier opens"), ("body", "The mayor spoke of xylophones."))
    retold = article("a", ("headline", "Pier opens"), ("body", "The mayor spoke of dulcimers."))
    archive.put([told])
    archive.embed()
    archive.put([retold])
    archive.embed()
    assert found(archive, "xylophones") == []
    assert [hit.text for hit in hits(archive, "dulcimers")] == ["The mayor spoke of dulcimers."]
    invariants.followers_agree(archive)


def test_what_is_dropped_is_gone_through_every_door(archive: Archive) -> None:
    archive.put(dispatches(range(4)))
    archive.put([dispatch(2, paragraphs=3)])
    archive.embed()
    gone = dispatch(2).article_id
    assert archive.drop([gone, "nobody"]) == ([gone], ["nobody"])
    for by in BYS:
        assert "dispatch 2" not in found(archive, dispatch(2).text, by=by)  # type: ignore[arg-type]
    assert archive.get(gone) is None
    assert archive.get(gone, 1) is None
    assert archive.versions(gone) == []
    assert archive.story(gone) is None
    assert len(in_chroma(archive, "leads")) == 3
    held = archive.catalogue.connection.execute("SELECT count(*) FROM vectors").fetchone()[0]
    assert held == 3 + 6
    invariants.followers_agree(archive)


def test_what_is_put_after_it_was_dropped_has_no_memory(archive: Archive) -> None:
    archive.put([dispatch(2)])
    archive.embed()
    archive.drop([dispatch(2).article_id])
    new = article("dispatch 2", ("headline", "New"), ("body", "Everything else is told here."))
    assert [put.fate for put in archive.put([new])] == ["added"]
    archive.embed()
    assert [v.version for v in archive.versions(new.article_id)] == [1]
    assert archive.get(new.article_id) == new
    assert found(archive, mark_of(2)) == []
    assert [hit.article.text for hit in hits(archive, dispatch(2).text, "meaning")] == [new.text]
    invariants.followers_agree(archive)


def test_a_batch_that_fails_leaves_nothing(archive: Archive) -> None:
    def broken() -> object:
        yield dispatch(1)
        raise ReadError("dump.jsonl", "line 2", "it is not JSON")

    with pytest.raises(ReadError):
        archive.put(broken())  # type: ignore[arg-type]
    assert archive.status().articles == 0
    assert found(archive, mark_of(1)) == []


def test_equal_words_are_embedded_once(archive: Archive, embedder: HashingEmbedder) -> None:
    copies = [replace(dispatch(1), article_id=f"copy{i:03d}", key=str(i)) for i in range(300)]
    archive.put(copies)
    archive.embed()
    assert len(embedder.embedded) == 1 + 2
    assert archive.status().pending == 0


def test_a_copy_of_what_was_embedded_is_found_by_meaning_too(archive: Archive) -> None:
    archive.put([dispatch(1)])
    archive.embed()
    archive.put([replace(dispatch(1), article_id="copy", key="copy", outlet="Third Paper")])
    invariants.followers_agree(archive)


def test_copies_of_a_dispatch_share_a_story(archive: Archive) -> None:
    copy = replace(dispatch(1), article_id="copy", key="copy", outlet="Third Paper")
    archive.put([dispatch(1)])
    assert [put.copy for put in archive.put([copy])] == [True]
    story = archive.story("copy")
    assert story is not None
    assert story.outlets == ("Coast Daily", "Third Paper")
    assert story.article_ids == (dispatch(1).article_id, "copy")


def test_a_stale_word_index_never_lies(archive: Archive) -> None:
    archive.put(dispatches(range(4)))
    archive.embed()
    with archive.catalogue.transaction():  # as a crash before following would leave it
        archive.catalogue.drop(dispatch(2).article_id, archive.catalogue.new_change())
    for by in BYS:
        assert "dispatch 2" not in found(archive, dispatch(2).text, by=by)  # type: ignore[arg-type]
    invariants.followers_agree(archive)


def test_a_stale_chroma_never_lies(archive: Archive) -> None:
    archive.put(dispatches(range(4)))
    archive.embed()
    archive.meaning.exact = 0
    with archive.catalogue.transaction():
        archive.catalogue.drop(dispatch(2).article_id, archive.catalogue.new_change())
    assert "dispatch 2" not in found(archive, dispatch(2).text, by="meaning")
    invariants.followers_agree(archive)


@pytest.mark.parametrize("follower", ["words", "meaning"])
def test_an_index_that_was_deleted_is_built_anew(archive: Archive, follower: str) -> None:
    archive.put(dispatches(range(4)))
    archive.embed()
    shutil.rmtree(archive.folder / follower)
    archive.meaning.exact = 0
    assert found(archive, mark_of(2), by="meaning") != []
    assert set(found(archive, mark_of(2), by="both")) <= {f"dispatch {i}" for i in range(4)}
    archive.follow()
    assert found(archive, mark_of(2)) == ["dispatch 2"]
    invariants.followers_agree(archive)


@pytest.mark.parametrize("follower", ["words", "meaning"])
@pytest.mark.parametrize("left", ['{"change": 999}', "{"])
def test_a_wrong_bookmark_does_no_harm(archive: Archive, follower: str, left: str) -> None:
    archive.put(dispatches(range(2)))
    archive.embed()
    (archive.folder / follower / "at.json").write_text(left)
    archive.put(dispatches(range(2, 4)))
    archive.embed()
    assert found(archive, mark_of(1)) == ["dispatch 1"]
    invariants.followers_agree(archive)


@pytest.mark.parametrize("left", ["{", "", "[]", '{"change": "x"}', "null", "\xff"])
def test_a_bookmark_that_cannot_be_read_says_to_build_anew(tmp_path: Path, left: str) -> None:
    (tmp_path / "at.json").write_text(left, encoding="latin-1")
    assert Bookmark(tmp_path).read() == Reached()


@pytest.mark.embedded
def test_a_follower_behind_a_purged_log_is_built_anew(archive: Archive) -> None:
    archive.put(dispatches(range(2)))
    archive.embed()
    kept = {name: (archive.folder / name / "at.json").read_text() for name in ("words", "meaning")}
    archive.put(dispatches(range(2, 4)))
    archive.drop([dispatch(0).article_id])
    archive.embed()
    with archive.catalogue.transaction():
        archive.catalogue.end_log()
    for name, words in kept.items():
        (archive.folder / name / "at.json").write_text(words)
    invariants.followers_agree(archive)


def test_an_embargoed_article_comes_out_of_no_search(archive: Archive) -> None:
    soon = datetime.now(UTC) + timedelta(hours=1)
    archive.put([dispatch(1, embargo_until=soon), dispatch(2)])
    archive.embed()
    for by in BYS:
        assert found(archive, dispatch(1).text, by=by) == ["dispatch 2"]  # type: ignore[arg-type]
    nodes = archive.as_retriever(k=5).retrieve(dispatch(1).text)
    assert [node.node.metadata["title"] for node in nodes] == [dispatch(2).title]
    assert [one.key for one in archive.newest(5)] == ["dispatch 2"]


def test_an_embargo_that_is_over_hides_nothing(archive: Archive) -> None:
    past = datetime.now(UTC) - timedelta(seconds=2)
    archive.put([dispatch(1, embargo_until=past)])
    assert found(archive, mark_of(1)) == ["dispatch 1"]


def test_a_story_does_not_name_an_embargoed_copy(archive: Archive) -> None:
    soon = datetime.now(UTC) + timedelta(hours=1)
    copy = replace(dispatch(1), article_id="copy", key="copy", outlet="Hush", embargo_until=soon)
    archive.put([dispatch(1), copy])
    (hit,) = hits(archive, mark_of(1))
    assert hit.story.article_ids == (dispatch(1).article_id,)
    assert hit.story.outlets == ("Coast Daily",)


def test_the_nodes_of_the_retriever_have_true_offsets(archive: Archive) -> None:
    archive.put(dispatches(range(4)))
    archive.embed()
    for found_node in archive.as_retriever(k=4).retrieve(mark_of(2)):
        node = found_node.node
        kept = archive.get(node.metadata["article_id"], node.metadata["version"])
        assert kept is not None
        start, end = node.start_char_idx, node.end_char_idx  # type: ignore[attr-defined]
        assert node.get_content() == kept.text[start:end]


def test_status_counts_what_is_there_and_how_far_the_indexes_are(archive: Archive) -> None:
    archive.put(dispatches(range(4)), [ReadError("dump.jsonl", "line 9", "it is not JSON")])
    before = archive.status()
    assert (before.articles, before.passages, before.embedded, before.pending) == (4, 8, 0, 8)
    assert (before.failed, before.outlets) == (1, {"Coast Daily": 2, "Ostrova Post": 2})
    assert (before.since, before.until) == (dispatch(0).date, dispatch(3).date)
    archive.embed()
    after = archive.status()
    assert (after.embedded, after.pending, after.leads_embedded) == (8, 0, 4)
    assert after.words_at == after.meaning_at == after.change


def test_there_is_no_archive_where_none_was_made(tmp_path: Path) -> None:
    with pytest.raises(ArchiveMissing, match="there is no archive at"):
        Archive.open(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_a_file_is_no_archive(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(ArchiveMissing):
        Archive.open(tmp_path / "file")
    for path in (tmp_path / "file", tmp_path / "file" / "within"):
        with pytest.raises(ArchiveError, match="the archive cannot be used"):
            Archive.open(path, create=True)


def test_many_threads_read_while_one_writes(archive: Archive) -> None:
    archive.put(dispatches(range(10)))
    archive.embed()
    done = threading.Event()
    wrong: list[object] = []

    def read(start: int) -> None:
        i = start
        while not done.is_set() and not wrong:
            i = (i + 1) % 10
            try:
                found(archive, mark_of(i), by="both")
                assert found(archive, mark_of(i)) == [f"dispatch {i}"]
                assert archive.get(dispatch(i).article_id) == dispatch(i)
            except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
                wrong.append(error)

    readers = [threading.Thread(target=read, args=(i,)) for i in range(4)]
    for reader in readers:
        reader.start()
    try:
        write_much(archive)
    finally:
        done.set()
        for reader in readers:
            reader.join()
    assert wrong == []
    invariants.followers_agree(archive)


def write_much(archive: Archive) -> None:
    for i in range(10, 40, 5):
        archive.put(dispatches(range(i, i + 5)))
    archive.embed()
    with archive.writing():
        archive.words.rebuild(archive.catalogue)
    archive.drop([dispatch(i).article_id for i in range(20, 30)])


def test_two_doors_to_one_archive_in_one_process_see_the_same(archive: Archive) -> None:
    archive.put(dispatches(range(4)))
    archive.embed()
    with Archive.open(
        archive.folder, settings=IngestSettings(embedder="none"), embedder=HashingEmbedder(64)
    ) as other:
        other.meaning.exact = archive.meaning.exact = 0
        assert found(other, dispatch(3).text, by="meaning")[0] == "dispatch 3"
        archive.put(dispatches(range(4, 8)))
        archive.embed()
        assert found(other, mark_of(6)) == ["dispatch 6"]
        assert found(other, dispatch(6).text, by="meaning")[0] == "dispatch 6"
        with archive.writing():
            archive.meaning.rebuild(archive.catalogue)
            archive.words.rebuild(archive.catalogue)
        assert found(other, dispatch(6).text, by="meaning")[0] == "dispatch 6"
        other.put([dispatch(9)])
        other.embed()
    invariants.followers_agree(archive)


def test_an_index_by_words_of_an_older_layout_is_built_anew_on_opening(tmp_path: Path) -> None:
    with opened(tmp_path) as archive:
        archive.put(dispatches(range(3)))
    noted = tmp_path / "words" / "at.json"
    noted.write_text(json.dumps({**json.loads(noted.read_text()), "layout": "1"}))
    with opened(tmp_path) as archive:
        assert found(archive, mark_of(2)) == ["dispatch 2"]
        assert archive.status().words_at == archive.status().change
