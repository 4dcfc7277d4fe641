"""The doctor finds what is damaged, says what to do, and rebuilding repairs it."""

import json
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
import tantivy

from ingest.archive import Archive, care
from ingest.errors import ArchiveDamaged, EmbedderMismatch
from ingest.settings import IngestSettings
from tests import invariants
from tests.fakes import HashingEmbedder
from tests.ingest.archive.desk import opened
from tests.ingest.archive.dispatches import dispatch, dispatches, found, mark_of
from tests.ingest.archive.stores import chroma, in_chroma, place, tantivy_writer


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a whole archive of twelve articles."""
    with opened(tmp_path / "archive") as archive:
        archive.put(dispatches(range(12)))
        archive.embed()
    return tmp_path / "archive"


@pytest.fixture
def worded(tmp_path: Path) -> Path:
    """Return the folder of an archive of twelve articles that can be found by words alone."""
    with opened(tmp_path / "archive") as archive:
        archive.put(dispatches(range(12)))
    return tmp_path / "archive"


def bad(archive: Archive) -> dict[str, str | None]:
    """Return what the doctor finds wrong, each with what to do."""
    return {check.name: check.hint for check in care.doctor(archive) if not check.ok}


def test_a_whole_archive_has_a_clean_bill(folder: Path) -> None:
    with opened(folder) as archive:
        assert [(c.name, c.ok, c.found, c.hint) for c in care.doctor(archive)] == [
            ("catalogue", True, "24 passages, 0 outside their article's text", None),
            ("words", True, WORDS, None),
            ("meaning", True, MEANING, None),
            ("embedder", True, "hashing/64", None),
        ]


WORDS = "36 of 36 sampled articles and passages are found by their own words"
MEANING = "36 of 36 sampled leads and passages are found by their own vectors"


def test_an_archive_without_vectors_has_a_clean_bill(archive: Archive) -> None:
    archive.put(dispatches(range(3)))
    assert bad(archive) == {}


@pytest.mark.parametrize("of", ["leads", "passages"])
def test_vectors_that_chroma_lost_are_missed(folder: Path, of: str) -> None:
    with opened(folder) as archive:
        some = list(in_chroma(archive, of))[:2]
        with chroma(archive, of) as collection:
            collection.delete(ids=[str(i) for i in some])
        assert bad(archive) == {"meaning": "run `morgue rebuild meaning`"}
        assert all(check.ok for check in care.rebuild(archive, "meaning"))
        invariants.followers_agree(archive)


def test_vectors_that_belong_to_others_are_noticed(folder: Path) -> None:
    with opened(folder) as archive:
        held = in_chroma(archive, "passages")
        with chroma(archive, "passages") as collection:
            ids = list(held)
            turned = [held[i] for i in (*ids[1:], ids[0])]
            collection.update(ids=[str(i) for i in ids], embeddings=turned)  # type: ignore[arg-type]
        assert bad(archive) == {"meaning": "run `morgue rebuild meaning`"}


@pytest.mark.parametrize("of", ["articles", "passages"])
def test_documents_that_tantivy_lost_are_missed(worded: Path, of: str) -> None:
    with opened(worded) as archive:
        writer = tantivy_writer(archive, of)
        schema = tantivy.Index.open(str(place(archive, "words") / of)).schema
        writer.delete_documents_by_query(tantivy.Query.term_query(schema, "a", 3))
        writer.commit()
        writer.wait_merging_threads()
        assert bad(archive) == {"words": "run `morgue rebuild words`"}
        assert all(check.ok for check in care.rebuild(archive, "words"))
        invariants.followers_agree(archive)


@pytest.mark.parametrize("at", [0.0, 0.5, 0.9])
def test_any_byte_of_the_index_by_words_that_changed_is_noticed(worded: Path, at: float) -> None:
    with opened(worded) as archive:
        assert archive.words.damaged() == []
        files = [file for file in place(archive, "words").rglob("*.*") if file.suffix in SEGMENT]
        assert len({file.suffix for file in files}) == len(SEGMENT)
        for file in files:
            whole = bytearray(file.read_bytes())
            changed = bytearray(whole)
            changed[int(at * (len(whole) - 120))] ^= 1  # before the footer
            file.write_bytes(changed)
            assert archive.words.damaged() == [file.name]
            file.write_bytes(whole)


def test_what_a_killed_writer_left_half_written_is_no_damage(worded: Path) -> None:
    with opened(worded) as archive:
        (place(archive, "words") / "passages" / "7255374c91ef4444bc2595f0356ddd1d.idx").touch()
        assert archive.words.damaged() == []
        (place(archive, "words") / "passages" / "meta.json").write_text("{")
        assert archive.words.damaged() == ["meta.json"]


SEGMENT = {".fast", ".fieldnorm", ".idx", ".pos", ".store", ".term"}


def damage_tantivy_meta(archive: Archive) -> None:
    (place(archive, "words") / "passages" / "meta.json").write_text("{")


def lose_tantivy_meta(archive: Archive) -> None:
    (place(archive, "words") / "articles" / "meta.json").unlink()


def truncate_tantivy_segments(archive: Archive) -> None:
    for file in (place(archive, "words") / "passages").glob("*.store"):
        file.write_bytes(file.read_bytes()[:10])
    for file in (place(archive, "words") / "passages").glob("*.term"):
        file.write_bytes(file.read_bytes()[:10])


def scramble_tantivy_postings(archive: Archive) -> None:
    for file in (place(archive, "words") / "passages").glob("*.idx"):
        file.write_bytes(bytes(len(file.read_bytes())))


def lose_tantivy_files(archive: Archive) -> None:
    for file in (place(archive, "words") / "passages").glob("*.idx"):
        file.unlink()


WORD_DAMAGE = [
    damage_tantivy_meta,
    lose_tantivy_meta,
    truncate_tantivy_segments,
    scramble_tantivy_postings,
    lose_tantivy_files,
]


@pytest.mark.parametrize("damage", WORD_DAMAGE)
def test_damaged_word_indexes_are_found_and_repaired(
    worded: Path, damage: Callable[[Archive], None]
) -> None:
    with opened(worded) as archive:
        damage(archive)
        assert bad(archive) == {"words": "run `morgue rebuild words`"}
        assert all(check.ok for check in care.rebuild(archive, "words"))
        invariants.followers_agree(archive)
        assert found(archive, mark_of(5)) == ["dispatch 5"]


def scramble_chroma_sqlite(archive: Archive) -> None:
    file = place(archive, "meaning") / "chroma.sqlite3"
    file.write_bytes(b"no database at all" * 1000)


def truncate_chroma_sqlite(archive: Archive) -> None:
    file = place(archive, "meaning") / "chroma.sqlite3"
    file.write_bytes(file.read_bytes()[:20_000])


def empty_chroma(archive: Archive) -> None:
    shutil.rmtree(place(archive, "meaning"))


def drop_chroma_tables(archive: Archive) -> None:
    connection = sqlite3.connect(place(archive, "meaning") / "chroma.sqlite3")
    connection.execute("DROP TABLE collections")
    connection.commit()
    connection.close()


MEANING_DAMAGE = [scramble_chroma_sqlite, truncate_chroma_sqlite, empty_chroma, drop_chroma_tables]


@pytest.mark.parametrize("damage", MEANING_DAMAGE)
def test_a_damaged_chroma_is_found_and_repaired(
    folder: Path, damage: Callable[[Archive], None]
) -> None:
    with opened(folder) as archive:
        damage(archive)
        assert bad(archive) == {"meaning": "run `morgue rebuild meaning`"}
        archive.meaning.exact = 0
        assert found(archive, mark_of(5), by="both")[0] == "dispatch 5"
        assert all(check.ok for check in care.rebuild(archive, "meaning"))
        invariants.followers_agree(archive)


@pytest.mark.parametrize(
    "left", [None, pytest.param(100, marks=pytest.mark.slow)], ids=["gone", "truncated"]
)
def test_damaged_files_of_chromas_graph_are_found_and_repaired(
    tmp_path: Path, left: int | None
) -> None:
    with opened(tmp_path / "archive") as archive:
        archive.put(dispatches(range(700)))
        archive.embed()
        files = list(place(archive, "meaning").glob("*/data_level0.bin"))
        assert files
        for file in files:
            file.write_bytes(file.read_bytes()[:left]) if left else file.unlink()
        assert bad(archive) == {"meaning": "run `morgue rebuild meaning`"}
        assert all(check.ok for check in care.rebuild(archive, "meaning"))


def test_everything_is_rebuilt_at_once(folder: Path) -> None:
    with opened(folder) as archive:
        damage_tantivy_meta(archive)
        scramble_chroma_sqlite(archive)
        assert set(bad(archive)) == {"words", "meaning"}
        assert all(check.ok for check in care.rebuild(archive))
        invariants.followers_agree(archive)


def test_words_are_rebuilt_although_chroma_is_damaged(folder: Path) -> None:
    with opened(folder) as archive:
        archive.put(dispatches(range(12, 14)))
        damage_tantivy_meta(archive)
        scramble_chroma_sqlite(archive)
        checks = care.rebuild(archive, "words")
        assert [check.name for check in checks if not check.ok] == ["meaning"]
        assert found(archive, mark_of(13)) == ["dispatch 13"]


def test_other_passages_are_cut_on_rebuilding(folder: Path) -> None:
    settings = IngestSettings(embedder="none", passage_words=20)
    with Archive.open(folder, settings=settings, embedder=HashingEmbedder(64)) as archive:
        before = archive.status().passages
        assert all(check.ok for check in care.rebuild(archive, "passages"))
        assert archive.status().passages > before
        archive.embed()
        assert archive.status().pending == 0
        invariants.followers_agree(archive)


def test_another_embedder_is_refused_by_meaning_and_done_without_by_both(folder: Path) -> None:
    other = HashingEmbedder(32)
    with Archive.open(folder, settings=IngestSettings(embedder="none"), embedder=other) as archive:
        with pytest.raises(EmbedderMismatch, match="hashing/64") as refused:
            found(archive, mark_of(5), by="meaning")
        assert "morgue rebuild meaning" in (refused.value.hint or "")
        assert found(archive, mark_of(5), by="both") == ["dispatch 5"]
        with pytest.raises(EmbedderMismatch):
            archive.embed()
        assert other.embedded == []
        assert set(bad(archive)) == {"embedder"}


def test_another_embedder_embeds_everything_anew_on_rebuilding(folder: Path) -> None:
    other = HashingEmbedder(32)
    with Archive.open(folder, settings=IngestSettings(embedder="none"), embedder=other) as archive:
        assert all(check.ok for check in care.rebuild(archive, "meaning"))
        assert archive.status().pending == 0
        assert archive.status().embedder == "hashing/32"
        assert {len(vector) for vector in in_chroma(archive, "leads").values()} == {32}
        invariants.followers_agree(archive)


def test_an_embedder_that_is_not_here_is_named(folder: Path) -> None:
    with Archive.open(folder, settings=IngestSettings(embedder="none")) as archive:
        assert bad(archive) == {"embedder": None}
        assert found(archive, mark_of(5), by="both") == ["dispatch 5"]


def truncated(file: Path) -> None:
    file.write_bytes(file.read_bytes()[: 3 * 4096 + 7])


def scrambled(file: Path) -> None:
    whole = bytearray(file.read_bytes())
    whole[4096 : 9 * 4096] = b"\xff" * (8 * 4096)
    file.write_bytes(bytes(whole))


def overwritten(file: Path) -> None:
    file.write_bytes(b"This is no database. " * 400)


def emptied(file: Path) -> None:
    file.write_bytes(b"")


@pytest.mark.parametrize("damage", [truncated, scrambled, overwritten, emptied])
@pytest.mark.embedded
def test_a_damaged_catalogue_is_told_and_not_read_wrongly(
    folder: Path, damage: Callable[[Path], None]
) -> None:
    damage(folder / "catalogue.sqlite")
    with pytest.raises(ArchiveDamaged, match="catalogue") as told:
        read_whole(folder)
    assert told.value.hint


def read_whole(folder: Path) -> None:
    with opened_only(folder) as archive:
        assert bad(archive) == {}
        for i in range(12):
            found(archive, mark_of(i))


def opened_only(folder: Path) -> Archive:
    return Archive.open(
        folder, settings=IngestSettings(embedder="none"), embedder=HashingEmbedder(64)
    )


@pytest.mark.embedded
def test_an_archive_of_another_schema_is_refused(folder: Path) -> None:
    connection = sqlite3.connect(folder / "catalogue.sqlite")
    connection.execute("UPDATE meta SET value = '99' WHERE key = 'schema'")
    connection.commit()
    connection.close()
    with pytest.raises(ArchiveDamaged, match="schema 99, this Morgue reads") as refused:
        opened_only(folder)
    assert refused.value.hint == "open it with the version that wrote it, or ingest again"


def test_at_json_of_another_catalogue_is_not_believed(folder: Path, tmp_path: Path) -> None:
    with opened(tmp_path / "other") as other:
        other.put(dispatches(range(50, 54)))
        other.embed()
        assert other.status().change == json.loads((folder / "words/at.json").read_text())["change"]
    for follower in ("words", "meaning"):
        shutil.rmtree(tmp_path / "other" / follower)
        shutil.copytree(folder / follower, tmp_path / "other" / follower)
    with opened(tmp_path / "other") as other:
        invariants.followers_agree(other)
        assert found(other, mark_of(51)) == ["dispatch 51"]


@pytest.mark.embedded
def test_an_older_catalogue_that_is_put_in_place_has_its_indexes_built_anew(tmp_path: Path) -> None:
    folder, older = tmp_path / "archive", tmp_path / "older.sqlite"
    with opened(folder) as archive:
        archive.put(dispatches(range(4)))
        archive.embed()
        assert archive.catalogue.database.copy_to(older)
        archive.put(dispatches(range(4, 8)))
        archive.embed()
        reached = archive.catalogue.change
    older.replace(folder / "catalogue.sqlite")
    with opened(folder) as archive:
        # Other articles come to the same numbers, until the same change is reached and passed.
        for i in range(20, 26):
            archive.put([dispatch(i)], follow=False)
        while archive.catalogue.change <= reached:
            archive.put([dispatch(26 + archive.catalogue.change)], follow=False)
        archive.embed()
        assert found(archive, mark_of(21)) == ["dispatch 21"]
        invariants.followers_agree(archive)
