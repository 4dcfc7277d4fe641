"""Files that were dropped: kept while an article needs their pages, and not a moment longer."""

import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from secrets import token_hex

import pytest

from ingest.archive import Archive
from ingest.archive.backup import backup, restore
from ingest.archive.erasure import erase
from ingest.archive.kept_originals import KEPT, KeptOriginals
from ingest.archive.moving import move
from ingest.archive.originals import PrintedPage
from ingest.article import Article
from ingest.pipeline import Defaults, ingest
from ingest.settings import IngestSettings
from tests.ingest.archive.test_originals import FIRST, LENT, NEWSPAPER, SECOND, cited
from tests.ingest.readers.printing import column, pdf
from tests.postgres_server import TemporaryServer

LATER = pdf([[(50, 760, 24, "Mill burns down"), *column(50, 700, FIRST)],
             column(50, 760, SECOND.replace("forty", "sixty"))])  # fmt: skip


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    settings = IngestSettings(embedder="none")
    with Archive.open(tmp_path / "archive", create=True, settings=settings) as archive:
        yield archive


def dropped(archive: Archive, name: str, data: bytes, **given: str) -> list[Article]:
    """Read a file as a server does that it was dropped on; return what it gave."""
    file = archive.folder / "incoming" / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(data)
    filed = list[str]()
    ingest([file], archive, given=Defaults(**given), embed=False, filed=filed.extend)  # type: ignore[arg-type]
    archive.originals.keep(file, filed)
    file.unlink(missing_ok=True)
    return [one for one in map(archive.get, filed) if one is not None]


def kept(archive: Archive) -> list[str]:
    """Name what lies in the folder: the files, and how many notes."""
    folder = archive.folder / KEPT
    found = [one for one in folder.rglob("*") if one.is_file()] if folder.is_dir() else []
    assert sum(one.suffix == ".part" for one in found) == 0
    return sorted("note" if one.suffix == ".json" else one.name for one in found)


def is_shown(archive: Archive, article: Article, number: int = 2) -> bool:
    return isinstance(archive.originals.page(article, number), PrintedPage)


def test_a_page_of_what_was_dropped_is_shown_with_its_cited_words(archive: Archive) -> None:
    (article,) = dropped(archive, "mill.pdf", NEWSPAPER)
    page = archive.originals.page(article, 2, cited(article, LENT))
    assert isinstance(page, PrintedPage)
    assert page.drawn.marks
    assert not page.missed
    assert kept(archive) == ["mill.pdf", "note"]
    assert all(one.stat().st_mode & 0o077 == 0 for one in (archive.folder / KEPT).glob("*.json"))


def two_papers() -> bytes:
    """Return a packed file of two papers."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("mill.pdf", NEWSPAPER)
        made.writestr(
            "wall.pdf", pdf([column(50, 760, "Lanterns vanished from every wall.\n" * 3)])
        )
    return packed.getvalue()


def test_what_has_no_pages_is_not_kept(archive: Archive) -> None:
    row = {"title": "Mill burns down", "text": "The old mill of Sorrel burned down."}
    assert dropped(archive, "mill.jsonl", json.dumps(row).encode())
    assert kept(archive) == []


def test_a_packed_file_is_kept_once_for_all_that_it_gave(archive: Archive) -> None:
    first, second = dropped(archive, "week.zip", two_papers())
    assert kept(archive) == ["note", "note", "week.zip"]
    assert is_shown(archive, first, 1)
    archive.drop([first.article_id])
    assert kept(archive) == ["note", "week.zip"]
    assert is_shown(archive, second, 1)
    archive.drop([second.article_id])
    assert kept(archive) == []


def test_a_later_version_takes_the_place_of_the_earlier_file(archive: Archive) -> None:
    (earlier,) = dropped(archive, "mill.pdf", NEWSPAPER)
    (newest,) = dropped(archive, "mill.pdf", LATER)
    assert (earlier.version, newest.version) == (1, 2)
    assert archive.originals.page(earlier, 2) == "earlier"
    assert is_shown(archive, newest)
    assert kept(archive) == ["mill.pdf", "note"]


def test_a_version_from_elsewhere_is_not_shown_from_the_file_of_another(
    archive: Archive, tmp_path: Path
) -> None:
    dropped(archive, "mill.pdf", NEWSPAPER)
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "mill.pdf").write_bytes(LATER)
    ingest([tmp_path / "papers"], archive, embed=False)
    (newest,) = archive.newest(1)
    (tmp_path / "papers" / "mill.pdf").unlink()
    assert newest.version == 2
    assert archive.originals.page(newest, 2) == "gone"


def test_what_is_erased_is_in_no_byte_of_what_is_kept(archive: Archive) -> None:
    gone, stays = dropped(archive, "week.zip", two_papers())
    erase(archive, [gone.article_id])
    assert archive.get(stays.article_id)
    assert not is_shown(archive, stays, 1)  # it stood in the same file
    assert "week.zip" not in kept(archive)
    assert dropped(archive, "mill.pdf", NEWSPAPER) == []
    assert "mill.pdf" not in kept(archive)


def test_a_backup_takes_them_along(archive: Archive, tmp_path: Path) -> None:
    (article,) = dropped(archive, "mill.pdf", NEWSPAPER)
    backup(archive, tmp_path / "news.morgue")
    settings = IngestSettings(embedder="none", archive=tmp_path / "restored")
    restore(tmp_path / "news.morgue", settings)
    with Archive.open(settings=settings) as restored:
        assert is_shown(restored, article)


def test_a_file_whose_version_waits_for_its_embargo_is_not_kept_for_the_one_before(
    archive: Archive,
) -> None:
    (article,) = dropped(archive, "mill.pdf", NEWSPAPER)
    text = article.text.replace("forty", "sixty")
    archive.put([replace(article, text=text, embargo_until=datetime(2199, 1, 1, tzinfo=UTC))])
    (archive.folder / "mill.pdf").write_bytes(LATER)
    archive.originals.keep(archive.folder / "mill.pdf", [article.article_id])
    assert (archive.folder / "mill.pdf").exists()
    assert is_shown(archive, article)


@pytest.mark.parametrize(
    "note",
    [
        b"", b"{", b"[]", b'{"version": 1}', b'{"version": 1, "file": "../mill.pdf"}',
        b'{"version": 1, "file": "/etc/passwd"}', b'{"version": "x", "file": "a/b"}',
    ],
)  # fmt: skip
def test_a_note_that_somebody_else_wrote_leads_nowhere(archive: Archive, note: bytes) -> None:
    (article,) = dropped(archive, "mill.pdf", NEWSPAPER)
    (archive.folder / "mill.pdf").write_bytes(NEWSPAPER)
    (archive.folder / KEPT / f"{article.article_id}.json").write_bytes(note)
    assert archive.originals.page(article, 2) == "gone"
    archive.originals.sweep()
    assert kept(archive) == []


@pytest.mark.embedded
def test_what_is_kept_goes_along_into_another_folder(archive: Archive, tmp_path: Path) -> None:
    (article,) = dropped(archive, "mill.pdf", NEWSPAPER)
    other = tmp_path / "other"
    report = move(archive, str(other))
    assert (report.originals, report.originals_left) == (1, 0)
    assert kept(archive) == ["mill.pdf", "note"]
    with Archive.open(other, settings=IngestSettings(embedder="none")) as moved:
        assert kept(moved) == ["mill.pdf", "note"]
        assert is_shown(moved, article)
    assert (other / KEPT).stat().st_mode & 0o777 == (archive.folder / KEPT).stat().st_mode & 0o777


def test_a_copy_that_cannot_be_made_takes_nothing_away_that_was_there(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dropped(archive, "mill.pdf", NEWSPAPER)
    kept_here = KeptOriginals(archive.folder / KEPT)
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    (old / "theirs.pdf").write_bytes(b"theirs")

    def half(_: Path, folder: Path, **how: object) -> None:
        folder.mkdir(exist_ok=True)
        raise OSError("no space is left")

    monkeypatch.setattr(shutil, "copytree", half)
    for folder in (old, new):
        with pytest.raises(OSError, match="no space"):
            kept_here.copy_to(folder)
    assert (old / "theirs.pdf").read_bytes() == b"theirs"
    assert not new.exists()


@pytest.mark.embedded
def test_what_is_kept_stays_when_the_catalogue_goes_into_a_database_and_comes_back(
    archive: Archive, tmp_path: Path, postgres: TemporaryServer
) -> None:
    (article,) = dropped(archive, "mill.pdf", NEWSPAPER)
    to = f"{postgres.url}&schema=kept_originals_{token_hex(4)}"
    report = move(archive, to)
    assert (report.originals, report.originals_left) == (0, 1)
    folder, settings = archive.folder, IngestSettings(embedder="none", database=to)
    with Archive.open(folder, settings=settings) as served:
        assert is_shown(served, article)
        back = move(served, str(tmp_path / "back"))
        assert (back.originals, back.originals_left) == (1, 0)
    with Archive.open(tmp_path / "back", settings=IngestSettings(embedder="none")) as again:
        assert is_shown(again, article)
