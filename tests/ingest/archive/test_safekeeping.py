"""An archive is carried over whole, looked at whole, and what is erased leaves no trace."""

import json
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.archive import Archive, alerting
from ingest.archive.accepted import AcceptedFile
from ingest.archive.backup import backup, restore
from ingest.archive.encryption import make_key
from ingest.archive.erasure import erase
from ingest.archive.statement_store import Speech
from ingest.archive.verification import verify
from ingest.archive.watches import Wanted
from ingest.errors import ArchiveDamaged, ArchiveError
from ingest.pipeline import ingest
from ingest.settings import IngestSettings
from ingest.work.emptying import erase_everywhere
from tests.fakes import HashingEmbedder
from tests.ingest.archive.dispatches import dispatch, dispatches, found, mark_of
from tests.ingest.archive.wire import dispatch as wired
from tests.invariants import followers_agree


def restored(file: Path, folder: Path, embedder: HashingEmbedder) -> Archive:
    restore(file, IngestSettings(embedder="none", archive=folder, database=None))
    settings = IngestSettings(embedder="none", database=None)
    return Archive.open(folder, settings=settings, embedder=embedder)


def test_a_backup_that_is_made_while_others_write_is_one_moment(
    archive: Archive, embedder: HashingEmbedder, tmp_path: Path
) -> None:
    archive.put(dispatches(range(8)))
    archive.embed()
    archive.watches.add(Wanted(name="pier", query="pier"))
    (archive.folder / "keys.json").write_text('{"keys": []}')
    over = threading.Event()

    def write() -> None:
        for i in range(8, 400, 4):
            if over.is_set():
                return
            archive.put(dispatches(range(i, i + 4)))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        report = backup(archive, tmp_path / "one.morgue")
    finally:
        over.set()
        writer.join()
    with restored(tmp_path / "one.morgue", tmp_path / "again", embedder) as again:
        assert again.catalogue.change == report.change
        assert again.status().articles == report.articles >= 8
        assert report.articles % 4 == 0
        followers_agree(again)
        assert all(check.ok for check in verify(again))
        assert [one.name for one in again.watches.all()] == ["pier"]
        assert again.get(dispatch(3).article_id) == archive.get(dispatch(3).article_id)
        assert found(again, mark_of(3)) == [dispatch(3).key]
    assert (tmp_path / "again" / "keys.json").read_text() == '{"keys": []}'
    assert (tmp_path / "one.morgue").stat().st_mode & 0o077 == 0


def test_no_backup_is_written_over_and_no_archive_restored_over(
    archive: Archive, tmp_path: Path
) -> None:
    archive.put(dispatches(range(2)))
    backup(archive, tmp_path / "one")
    with pytest.raises(ArchiveError, match="is there already"):
        backup(archive, tmp_path / "one")
    with pytest.raises(ArchiveError, match="holds something already"):
        restore(tmp_path / "one", IngestSettings(archive=archive.folder, database=None))
    assert archive.status().articles == 2


@pytest.mark.parametrize("given", ["secret", "public", "two"])
def test_an_encrypted_backup_is_opened_by_its_key_alone(
    archive: Archive, embedder: HashingEmbedder, tmp_path: Path, given: str
) -> None:
    archive.put(dispatches(range(4)))
    key, other, public = (tmp_path / name for name in ("key", "other", "public"))
    make_key(key)
    make_key(other)
    lines = [line.removeprefix("# public key: ") for line in key.read_text().splitlines()]
    public.write_text(lines[0])
    if given == "two":
        public.write_text("\n".join([lines[0], *other.read_text().splitlines()]))
    file = tmp_path / "one"
    report = backup(archive, file, key=key if given == "secret" else public)
    assert file.stat().st_size == report.bytes
    assert file.stat().st_mode & 0o077 == 0
    assert key.stat().st_mode & 0o077 == 0
    assert not zipfile.is_zipfile(file)
    assert not list(tmp_path.rglob(".morgue-*"))
    settings = IngestSettings(embedder="none", archive=tmp_path / "again", database=None)
    for wrong in (None, public) if given != "secret" else (None, other):
        with pytest.raises(ArchiveError):
            restore(file, settings, key=None if given == "two" else wrong)
        assert not settings.archive.exists()
    assert restore(file, settings, key=other if given == "two" else key).articles == 4
    with Archive.open(settings=settings, embedder=embedder) as again:
        assert again.get(dispatch(3).article_id) == archive.get(dispatch(3).article_id)
    assert not list(tmp_path.rglob("whole"))


@pytest.mark.parametrize("words", ["", "no key", "AGE-SECRET-KEY-1QQ", "age1qqq", "ssh-rsa AAAA"])
def test_what_is_no_key_encrypts_nothing_and_says_so(
    archive: Archive, tmp_path: Path, words: str
) -> None:
    archive.put(dispatches(range(2)))
    (tmp_path / "key").write_text(words)
    with pytest.raises(ArchiveError, match="key"):
        backup(archive, tmp_path / "one", key=tmp_path / "key")
    assert not (tmp_path / "one").exists()
    assert not list(tmp_path.rglob(".morgue-*"))


@pytest.mark.parametrize("damage", [lambda b: b[:-9], lambda b: b[:300] + b"x" + b[301:]])
def test_an_encrypted_backup_that_is_not_whole_restores_nothing(
    archive: Archive, tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    archive.put(dispatches(range(4)))
    make_key(tmp_path / "key")
    file = tmp_path / "one"
    backup(archive, file, key=tmp_path / "key")
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(ArchiveError, match="decrypted"):
        restore(
            file, IngestSettings(archive=tmp_path / "again", database=None), key=tmp_path / "key"
        )
    assert not (tmp_path / "again").exists()
    assert not list(tmp_path.glob(".morgue-*"))


def _cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def _flipped(data: bytes) -> bytes:
    return data[: len(data) // 3] + bytes([data[len(data) // 3] ^ 255]) + data[len(data) // 3 + 1 :]


@pytest.mark.parametrize("damage", [_cut, _flipped, lambda _: b"", lambda _: b"no backup"])
def test_a_backup_that_is_not_whole_restores_nothing(
    archive: Archive, tmp_path: Path, damage: object
) -> None:
    archive.put(dispatches(range(8)))
    backup(archive, tmp_path / "one")
    file = tmp_path / "one"
    file.write_bytes(damage(file.read_bytes()))  # type: ignore[operator]
    with pytest.raises(ArchiveDamaged):
        restore(file, IngestSettings(archive=tmp_path / "again", database=None))
    assert not (tmp_path / "again").exists()
    assert not list(tmp_path.glob(".morgue-*"))


@pytest.mark.parametrize("name", ["../evil", "incoming/../../evil", "writer.lock", "/evil"])
def test_a_backup_writes_nothing_beside_the_archive(
    archive: Archive, tmp_path: Path, name: str
) -> None:
    archive.put(dispatches(range(2)))
    backup(archive, tmp_path / "one")
    with zipfile.ZipFile(tmp_path / "one") as packed:
        manifest = packed.read("manifest.json").decode()
        catalogue = packed.read("catalogue.sqlite")
    with zipfile.ZipFile(tmp_path / "two", "w") as forged:
        forged.writestr("catalogue.sqlite", catalogue)
        forged.writestr(name, b"evil")
        forged.writestr(
            "manifest.json", manifest.replace('"files": {', f'"files": {{"{name}": "",')
        )
    with pytest.raises(ArchiveDamaged):
        restore(
            tmp_path / "two", IngestSettings(archive=tmp_path / "deep" / "again", database=None)
        )
    assert not list(tmp_path.rglob("evil*"))


@pytest.mark.parametrize(
    ("sql", "check"),
    [("UPDATE versions SET text = replace(text, 'hours', 'weeks')", "spans"),
     ("UPDATE versions SET text = substr(text, 1, 40)", "texts"),
     ("UPDATE versions SET record = '{}'", "texts"),
     ('UPDATE passages SET start = start + 1 WHERE p = 2', "spans"),
     ("UPDATE passages SET part = 'caption' WHERE p = 2", "spans"),
     ("UPDATE passages SET hash = x'00' WHERE p = 2", "spans"),
     ("UPDATE articles SET lead = x'00'", "spans"),
     ("UPDATE vectors SET vector = x'0000c07f'", "vectors"),
     ("UPDATE OR IGNORE sketches SET a = 999", "links"),
     ("DELETE FROM passages WHERE p = 2", "words")],
)  # fmt: skip
@pytest.mark.embedded
def test_what_is_not_as_it_must_be_is_found(archive: Archive, sql: str, check: str) -> None:
    archive.put(dispatches(range(6)))
    archive.embed()
    assert [one.name for one in verify(archive) if not one.ok] == []
    with archive.catalogue.transaction():
        archive.catalogue.connection.execute(sql)
    assert check in {one.name for one in verify(archive) if not one.ok}


def bytes_of(folder: Path) -> Iterator[tuple[Path, bytes]]:
    for file in folder.rglob("*"):
        if file.is_file():
            yield file, file.read_bytes()


@pytest.mark.embedded
def test_what_is_erased_is_in_no_byte_of_any_file(
    archive: Archive, embedder: HashingEmbedder
) -> None:
    archive.watches.add(Wanted(name="all"))
    gone, stays = dispatch(3, title="Zqheadlinex of the pier"), dispatch(4)
    archive.put([gone, stays, *dispatches(range(10, 30))])
    said = '\n\n"The pier will close," said harbour minister Zqnamex Varo on Tuesday.'
    told = gone.text.replace("talks", "zqsecretx") + said
    parts = (*gone.parts, replace(gone.parts[-1], start=len(gone.text), end=len(told)))
    archive.put([replace(gone, text=told, parts=parts)])
    archive.speech.hear()
    assert archive.speech.said(Speech(speaker="Zqnamex Varo")).lines
    alerting.run(archive, archive.watches.all())
    archive.embed()
    vector = embedder.passages(["x"])[0].tobytes()
    words = [mark_of(3), "zqsecretx", "Zqheadlinex", "Zqnamex", gone.key]
    before = [
        word for word in words for _, data in bytes_of(archive.folder) if word.encode() in data
    ]
    assert set(before) == set(words)
    vectors = [
        bytes(one) for (one,) in archive.catalogue.connection.execute(
            "SELECT vector FROM vectors JOIN passages USING (hash) JOIN articles USING (a)"
            " WHERE article_id = ?", (gone.article_id,)
        )
    ]  # fmt: skip
    assert vectors
    assert len(vectors[0]) == len(vector)
    report = erase(archive, [gone.article_id, "nobody"])
    assert (report.erased, report.unknown) == ((gone.article_id,), ("nobody",))
    archive.close()
    left = [
        (file.name, what)
        for file, data in bytes_of(archive.folder)
        for what in [*(word.encode() for word in words), *vectors]
        if what in data or what.lower() in data
    ]
    assert left == []


def test_what_was_erased_is_not_taken_in_again_and_said(archive: Archive) -> None:
    gone = dispatch(3)
    archive.put([gone, dispatch(4)])
    erase(archive, [gone.article_id])
    archive.put([gone, replace(gone, article_id="f" * 16, key="under another key")])
    assert archive.status().articles == 1
    assert {error.message for error in archive.failures()} == {
        "it was erased, and is not taken in again"
    }
    assert found(archive, mark_of(4)) == [dispatch(4).key]
    followers_agree(archive)


def test_an_erasure_names_the_copies_that_stay(archive: Archive) -> None:
    one, other = wired(), wired("another", "Coast Daily")
    archive.put([one, other])
    assert erase(archive, [one.article_id]).copies == (other.article_id,)


def test_what_a_server_accepted_and_did_not_read_is_erased_too_and_the_rest_is_read(
    archive: Archive, tmp_path: Path
) -> None:
    rows = [
        {"id": "8", "outlet": "Mast", "title": "Pier", "text": "The pier of zqwaiting will close."},
        {"id": "9", "outlet": "Mast", "title": "Roof", "text": "A storm took the roof of zqother."},
    ]
    (tmp_path / "first.jsonl").write_text(json.dumps(rows[0]))
    ingest([tmp_path / "first.jsonl"], archive)
    (gone,) = archive.newest(9)
    accepted = archive.papers.accepted(archive.folder)
    for name, data in (
        ("day.jsonl", "\n".join(map(json.dumps, rows)).encode()),
        ("no reader.bin", bytes(range(256)) * 20 + b"zqwaiting"),
    ):
        path = accepted.place() / f"0{Path(name).suffix}"
        path.write_bytes(data)
        now, how = datetime.now(UTC), {"name": name, "format": "auto", "asked": name}
        accepted.keep(AcceptedFile(id=path.parent.name, path=path, how=how, created_at=now))
    report = erase_everywhere(archive, [gone.article_id])
    assert (report.erased, report.unread) == ((gone.article_id,), ("no reader.bin",))
    assert accepted.all() == []
    assert [one.title for one in archive.newest(9)] == ["Roof"]
    archive.close()
    left = [file.name for file, data in bytes_of(archive.folder) if b"zqwaiting" in data]
    assert left == []
