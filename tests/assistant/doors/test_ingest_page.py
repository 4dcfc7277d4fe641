"""Files dropped on the page: what became of each, what failed and why, and whose business it is."""

import json
import threading
from collections.abc import Iterator
from functools import partial
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from assistant.ask import Assistant
from assistant.doors import web
from assistant.doors.api import Rules, create_app
from assistant.doors.api.jobs import Jobs
from assistant.doors.keyring import Keyring
from assistant.doors.serving import read_in
from assistant.history import Records
from assistant.settings import Settings
from ingest.archive import Archive
from ingest.pipeline import Defaults, Progress, Report
from ingest.settings import IngestSettings
from tests.ingest.archive.test_originals import NEWSPAPER

ROWS = [
    {"id": "1", "title": "Pier opens", "text": "The pier at Orm opens in May.", "outlet": "Mast"},
    {"id": "2", "title": "Bridge shut", "text": "The bridge at Veld is shut.", "outlet": "Mast"},
]
GOOD = "\n".join(map(json.dumps, ROWS)).encode()
BROKEN = GOOD + b'\n{"id": "3", "title":\n'
UNKNOWN = bytes(range(256)) * 20


class DropRoom:
    """An empty archive that is served with its jobs, and the browsers of who looks at it."""

    def __init__(self, archive: Archive, folder: Path, most: int = 256_000_000) -> None:
        keys = Keyring(archive.papers)
        rules = Rules(keys=keys, keys_needed=True, most_ingested=most, keeper="Ida, desk 4")
        assistant = Assistant(archive, Settings(mode="quotes"), records=Records(folder / "r"))
        self.archive = archive
        self.app = create_app(assistant, rules, partial(read_in, archive))
        web.mount(self.app, assistant)
        self.jobs: Jobs = self.app.state.jobs
        self._keys = {"admin": keys.add("ida", scope="admin")[0], "reader": keys.add("odo")[0]}

    def browser(self, name: str = "admin") -> TestClient:
        headers = {"Authorization": f"Bearer {self._keys[name]}"}
        return TestClient(self.app, headers=headers, base_url="http://127.0.0.1")

    def drop(self, *files: tuple[str, bytes], **fields: str) -> str:
        """Drop files, wait until they were read, and return the page."""
        sent = [("file", file) for file in files]
        answer = self.browser().post("/ingest/drop", files=sent, data=fields)
        assert answer.status_code == 200, answer.text
        return self.page()

    def page(self) -> str:
        for _ in range(2000):
            if not self.jobs.busy:
                break
            threading.Event().wait(0.01)
        return unescape(self.browser().get("/ingest").text)


@pytest.fixture
def room(tmp_path: Path) -> Iterator[DropRoom]:
    settings = IngestSettings(embedder="none")
    with Archive.open(tmp_path / "archive", create=True, settings=settings) as opened:
        room = DropRoom(opened, tmp_path)
        yield room
        room.jobs.close()


def test_files_are_dropped_several_at_once_and_each_says_what_it_gave(room: DropRoom) -> None:
    page = room.drop(("one.jsonl", GOOD), ("note.txt", b"A storm took the roof.\n\nMore."))
    assert room.archive.status().articles == 3
    assert page.index("note.txt") < page.index("one.jsonl")  # the newest first
    assert "added: 2" in page


def test_what_is_said_of_all_of_them_is_taken_over(room: DropRoom) -> None:
    room.drop(("note.txt", b"A storm took the roof."), outlet="Coast Daily", collection="city")
    (article,) = room.archive.newest(1)
    assert (article.outlet, article.collection) == ("Coast Daily", "city")


def test_a_record_that_cannot_be_read_is_told_with_its_place_and_the_rest_is_there(
    room: DropRoom,
) -> None:
    page = room.drop(("day.jsonl", BROKEN))
    assert room.archive.status().articles == 2
    assert "not read: 1" in page
    assert "day.jsonl · line 3" in page
    assert "Try again" not in page  # the same bytes would fail the same way


def test_a_file_of_which_nothing_could_be_read_is_tried_again_as_another_format(
    room: DropRoom,
) -> None:
    page = room.drop(("articles.bin", UNKNOWN + GOOD))
    assert "Could not be read" in page
    assert "Try again" in page
    (job,) = room.jobs.all()
    room.browser().post("/ingest/again", data={"job": job.id, "format": "text"})
    page = room.page()
    assert [one.id for one in room.jobs.all()] == [job.id]
    assert room.jobs.all()[0].order.format == "text"


def test_what_failed_is_forgotten_with_its_file(room: DropRoom) -> None:
    room.drop(("articles.bin", UNKNOWN))
    (job,) = room.jobs.all()
    assert job.may_be_tried_again
    room.browser().post("/ingest/forget", data={"job": job.id})
    assert (room.jobs.all(), job.file.exists()) == ([], False)
    assert "Nothing yet." in room.page()


def test_a_file_that_was_read_leaves_no_copy_behind(room: DropRoom) -> None:
    room.drop(("one.jsonl", GOOD))
    (job,) = room.jobs.all()
    assert not job.file.parent.exists()


def test_a_pdf_that_was_dropped_is_shown_as_it_was_printed(room: DropRoom) -> None:
    room.drop(("mill.pdf", NEWSPAPER), collection="city")
    (article,) = room.archive.newest(1)
    page = room.browser().get(f"/article/{article.article_id}/page/2?version=1")
    assert "<image href=" in page.text
    (job,) = room.jobs.all()
    assert not job.file.parent.exists()
    room.archive.drop([article.article_id])
    assert list((room.archive.folder / "originals").iterdir()) == []


@pytest.mark.parametrize("where", ["/ingest", "/ingest/drop", "/ingest/again", "/ingest/forget"])
def test_a_reader_adds_nothing_and_is_told_whom_to_ask(room: DropRoom, where: str) -> None:
    browser = room.browser("reader")
    if where != "/ingest":
        browser.post(where, files=[("file", ("one.jsonl", GOOD))], data={"job": "x"})
    page = browser.get("/ingest")
    assert page.status_code == 403
    assert "Ida, desk 4" in unescape(page.text)
    assert 'type="file"' not in page.text
    assert browser.get("/ingest/jobs").status_code == 403
    assert (room.jobs.all(), room.archive.status().articles) == ([], 0)


def test_an_empty_archive_says_where_to_drop_or_whom_to_ask(room: DropRoom) -> None:
    admin = room.browser("admin").get("/list").text
    reader = unescape(room.browser("reader").get("/list").text)
    assert 'href="/ingest"' in admin
    assert "Ida, desk 4" in reader
    assert 'href="/ingest"' not in reader


def test_more_than_may_be_taken_in_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    settings = IngestSettings(embedder="none")
    with Archive.open(tmp_path / "archive", create=True, settings=settings) as opened:
        room = DropRoom(opened, tmp_path, most=10_000)
        sent = [("file", ("big.jsonl", GOOD * 200))]
        answer = room.browser().post("/ingest/drop", files=sent)
        none = room.browser().post("/ingest/drop", data={"outlet": "Mast"}, files=[])
        room.jobs.close()
    assert answer.status_code == 413
    assert 'role="alert"' in answer.text
    assert room.jobs.all() == []
    assert none.status_code in {400, 422}
    incoming = tmp_path / "archive" / "incoming"
    assert not incoming.exists() or list(incoming.iterdir()) == []


def test_no_markup_of_a_name_or_a_record_reaches_the_page(room: DropRoom) -> None:
    bad = "<img src=x onerror=y>.jsonl"
    room.drop((bad, b'{"id": "<script>", "text": 3}\n<b>no</b>\n'), outlet="<i>Mast</i>")
    page = room.browser().get("/ingest").text
    assert not any(made in page for made in ("<img", "<script>", "<b>no", "<i>"))
    assert "&lt;img" in page


def test_a_job_goes_on_when_the_page_is_left_and_tells_how_far_it_is(tmp_path: Path) -> None:
    gate, begun = threading.Event(), threading.Event()

    def reading(file: Path, given: Defaults, progress: Progress) -> Report:
        progress("articles", 1_200, 0)
        progress("passages", 50, 200)
        begun.set()
        gate.wait(20)
        return Report(read=1_200, added=1_200)

    settings = IngestSettings(embedder="none")
    with Archive.open(tmp_path / "archive", create=True, settings=settings) as opened:
        assistant = Assistant(opened, Settings(mode="quotes"), records=Records(tmp_path / "r"))
        app = web.mount(create_app(assistant, None, reading), assistant)
        browser = TestClient(app, base_url="http://127.0.0.1")
        browser.post("/ingest/drop", files=[("file", ("one.jsonl", GOOD))])
        assert begun.wait(10)
        told = browser.get("/ingest/jobs").text
        gate.set()
        app.state.jobs.close()
        ended = browser.get("/ingest").text
    assert "data-busy" in told
    assert "articles: 1,200" in told
    assert 'max="200" value="50"' in told
    assert "added: 1,200" in ended
    assert "data-busy" not in ended


def test_a_file_that_failed_is_kept_for_the_next_server_too(tmp_path: Path) -> None:
    settings = IngestSettings(embedder="none")
    with Archive.open(tmp_path / "archive", create=True, settings=settings) as opened:
        room = DropRoom(opened, tmp_path)
        room.drop(("articles.bin", UNKNOWN))
        (job,) = room.jobs.all()
        room.jobs.close()
        later = DropRoom(opened, tmp_path)
        later.jobs.resume()
        page = later.page()
        later.jobs.close()
    assert [one.id for one in later.jobs.all()] == [job.id]
    assert "Try again" in page


def test_why_a_file_was_not_read_is_told_in_the_browsers_language_its_name_as_it_is(
    room: DropRoom,
) -> None:
    room.drop(("no reader.bin", UNKNOWN))
    page = unescape(room.browser().get("/ingest", headers={"Accept-Language": "de"}).text)
    assert "no reader.bin</b>: Sein Format ist hier nicht bekannt" in page
    assert '<span class="meta" lang="en">(no reader knows its format)</span>' in page
