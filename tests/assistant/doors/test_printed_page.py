"""A page as it was printed, for whoever may see its article, and for nobody else."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from ingest.archive import Archive
from ingest.article import Article
from ingest.pipeline import Defaults, ingest
from ingest.settings import IngestSettings
from tests.assistant.doors.test_web import Newsdesk
from tests.ingest.archive.test_originals import LENT, NEWSPAPER


class PaperDesk:
    """A newspaper of the city's, read from a PDF, and what three readers see of it."""

    def __init__(self, archive: Archive, folder: Path) -> None:
        self.file = folder / "papers" / "mill.pdf"
        self.file.parent.mkdir()
        self.file.write_bytes(NEWSPAPER)
        ingest([self.file.parent], archive, given=Defaults(collection="city"), embed=False)
        self._desk = Newsdesk(archive, folder)
        (self.article,) = archive.newest(1)
        start = self.article.text.index(LENT)
        self.mark = f"{start}-{start + len(LENT)}"
        self.page = f"/article/{self.article.article_id}/page/2?version=1&mark={self.mark}"

    def browser(self, name: str, language: str = "en") -> TestClient:
        return self._desk.browser(name, language)


@pytest.fixture
def paper(tmp_path: Path) -> Iterator[PaperDesk]:
    settings = IngestSettings(embedder="none")
    with Archive.open(tmp_path / "news", create=True, settings=settings) as archive:
        yield PaperDesk(archive, tmp_path)


def test_an_article_leads_to_the_page_that_holds_its_cited_words(paper: PaperDesk) -> None:
    browser = paper.browser("city")
    whole = browser.get(f"/article/{paper.article.article_id}?version=1&mark={paper.mark}").text
    links = [unescape(link) for link in re.findall(r'button printed" href="([^"]+)"', whole)]
    assert links == [paper.page]
    page = browser.get(links[0])
    assert "The cited words are marked on it." in page.text
    assert len(re.findall(r'<rect class="mark"', page.text)) == 2  # it runs over two lines
    assert [unescape(one) for one in re.findall(r'class="button" href="([^"]+)"', page.text)] == [
        paper.page.replace("/page/2", ""), paper.page.replace("/page/2", "/page/1"),
    ]  # fmt: skip


def test_the_picture_is_a_jpeg_that_no_cache_keeps_for_others(paper: PaperDesk) -> None:
    browser = paper.browser("all")
    (where,) = re.findall(r'<image href="([^"]+)"', browser.get(paper.page).text)
    picture = browser.get(unescape(where))
    assert picture.headers["content-type"] == "image/jpeg"
    assert picture.content.startswith(b"\xff\xd8\xff")
    assert picture.headers["cache-control"] == "private, no-store"


def test_whoever_may_not_see_the_article_is_told_what_is_told_of_one_that_never_was(
    paper: PaperDesk,
) -> None:
    for where in ("/page/2", "/page/2?within=1", "/page/2/picture"):
        hidden, never = (
            paper.browser("sport").get(f"/article/{name}{where}")
            for name in (paper.article.article_id, "0123456789abcdef")
        )
        assert (hidden.status_code, hidden.text) == (404, never.text)


def test_a_page_within_another_is_the_picture_alone(paper: PaperDesk) -> None:
    fragment = paper.browser("city").get(f"{paper.page}&within=1").text
    assert fragment.startswith("<figure")
    assert "<html" not in fragment


def test_a_page_whose_file_went_says_so_in_its_readers_language(paper: PaperDesk) -> None:
    paper.file.unlink()
    told = paper.browser("city", "de").get(paper.page)
    assert told.status_code == 200
    assert "die Datei, aus der sie gelesen wurde, ist nicht mehr da" in told.text
    picture = paper.page.replace("?", "/picture?")
    assert paper.browser("city").get(picture).status_code == 404


@pytest.mark.parametrize("number", ["0", "3", "999999", "-1", "..%2F..%2Fetc", "9" * 30])
def test_an_address_names_a_page_and_no_file(paper: PaperDesk, number: str) -> None:
    found = paper.browser("city").get(f"/article/{paper.article.article_id}/page/{number}")
    assert found.status_code in {200, 404, 422}
    assert "<image" not in found.text
    assert str(paper.file) not in found.text


def test_an_article_of_no_pages_names_none(paper: PaperDesk, tmp_path: Path) -> None:
    assert "printed" not in of_note(paper, tmp_path)


def of_note(paper: PaperDesk, folder: Path) -> str:
    (folder / "note.txt").write_text("A note on the mill.\n\nIt burned down, and is built again.")
    archive = paper._desk.archive
    ingest([folder / "note.txt"], archive, given=Defaults(collection="city"), embed=False)
    note: Article = next(one for one in archive.newest(9) if one.file == "note.txt")
    return paper.browser("city").get(f"/article/{note.article_id}?mark=0-6").text.split("<main")[1]
