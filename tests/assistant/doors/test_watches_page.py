"""Saved searches on their page: what is new, whose they are, what is seen, where the feed is."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from assistant.ask import Assistant
from assistant.doors import web
from assistant.doors.alerts.watch_desk import WatchDesk
from assistant.doors.api import Rules, create_app
from assistant.doors.keyring import Keyring
from assistant.history import Records
from assistant.settings import Alerting, Settings
from ingest.archive import Archive
from ingest.settings import IngestSettings
from tests.ingest.archive.dispatches import article


class WatchRoom:
    """An archive with two collections, its watches, and the browsers of three readers."""

    def __init__(self, archive: Archive, folder: Path) -> None:
        self.archive = archive
        records = Records(folder / "records")
        assistant = Assistant(archive, Settings(mode="quotes"), records=records)
        self.desk = WatchDesk(archive, Alerting(), records)
        keys = Keyring(archive.papers)
        app = create_app(assistant, Rules(keys=keys, keys_needed=True), watches=self.desk)
        self._app = web.mount(app, assistant)
        self._keys = {name: keys.add(name)[0] for name in ("ida", "odo")}
        self._keys["city"] = keys.add("city", collections=["city"])[0]

    def browser(self, name: str = "ida", language: str = "en") -> TestClient:
        headers = {"Authorization": f"Bearer {self._keys[name]}", "Accept-Language": language}
        return TestClient(self._app, headers=headers, base_url="http://127.0.0.1")

    def comes(self, name: str, words: str = "The pier opens in May.", **about: Any) -> None:
        """Put an article, and look for what watches want."""
        self.archive.put([article(name, ("headline", name), ("body", words), **about)])
        self.archive.follow()
        self.desk.run()


@pytest.fixture
def room(tmp_path: Path) -> Iterator[WatchRoom]:
    settings = IngestSettings(embedder="none")
    with Archive.open(tmp_path / "archive", create=True, settings=settings) as opened:
        yield WatchRoom(opened, tmp_path / "kept")


def save(browser: TestClient, q: str = "pier", **given: Any) -> str:
    return browser.post("/watches", data={"q": q, "name": q, **given}).text


def fresh(browser: TestClient) -> int:
    return int(browser.get("/watches/new").json()["new"])


def see_all(browser: TestClient) -> None:
    page = browser.get("/watches").text
    watch, upto = (re.findall(rf'name="{n}" value="(\d+)"', page) for n in ("watch", "upto"))
    browser.post("/watches/seen", data={"watch": watch, "upto": upto})


def test_what_comes_is_new_until_its_reader_has_seen_it(room: WatchRoom) -> None:
    browser = room.browser()
    save(browser)
    room.comes("Pier opens")
    assert fresh(browser) == 1
    page = browser.get("/watches").text
    assert "Pier opens" in page
    assert '<span class="fresh">1 new</span>' in page
    assert "The pier opens in May." in unescape(page)
    assert fresh(browser) == 1  # to look at it is not to have seen it
    see_all(browser)
    assert fresh(browser) == 0
    again = browser.get("/watches").text
    assert "Nothing new." in again
    assert "Seen before: 1" in unescape(again)


def test_what_came_after_the_page_was_shown_stays_new(room: WatchRoom) -> None:
    browser = room.browser()
    save(browser)
    room.comes("First", "The pier opens in May.")
    page = browser.get("/watches").text
    room.comes("Second", "A storm took the pier's roof away on Friday night.")
    watch, upto = (re.findall(rf'name="{n}" value="(\d+)"', page) for n in ("watch", "upto"))
    browser.post("/watches/seen", data={"watch": watch, "upto": upto})
    assert fresh(browser) == 1


def test_each_reader_has_watches_of_their_own(room: WatchRoom) -> None:
    ida, odo = room.browser("ida"), room.browser("odo")
    save(ida)
    room.comes("Pier opens")
    assert (fresh(ida), fresh(odo)) == (1, 0)
    assert "Pier opens" not in odo.get("/watches").text
    (number,) = [watch.id for watch in room.archive.watches.all()]
    odo.post("/watches/seen", data={"watch": [number], "upto": [99]})
    odo.post("/watches/remove", data={"name": "pier"})
    assert fresh(ida) == 1


def test_a_watch_tells_nothing_of_what_its_reader_may_not_see(room: WatchRoom) -> None:
    browser = room.browser("city")
    save(browser)
    room.comes("Town pier", "The town's pier opens in May.", collection="city")
    room.comes("Secret pier", "Another pier is sold in secret.", collection="board")
    page = browser.get("/watches").text
    assert fresh(browser) == 1
    assert "Town pier" in page
    assert "Secret" not in page


def test_the_feed_is_told_once_and_opens_without_a_key(room: WatchRoom) -> None:
    browser = room.browser()
    told = unescape(save(browser))
    (where,) = re.findall(r'class="feed" href="http://127\.0\.0\.1(/feeds/[^"]+)"', told)
    assert "/feeds/" not in browser.get("/watches").text
    room.comes("Pier opens")
    assert "Pier opens" in TestClient(browser.app, base_url="http://127.0.0.1").get(where).text
    renewed = unescape(browser.post("/watches/feed", data={"name": "pier"}).text)
    assert re.search(r'class="feed" href="http://127\.0\.0\.1/feeds/', renewed)
    assert browser.get(where).status_code == 404


def test_a_removed_watch_is_gone_with_its_mark(room: WatchRoom) -> None:
    browser = room.browser()
    save(browser)
    room.comes("Pier opens")
    page = browser.post("/watches/remove", data={"name": "pier"}).text
    assert (fresh(browser), "Pier opens" in page) == (0, False)


def test_a_list_and_its_filters_become_a_watch(room: WatchRoom) -> None:
    room.comes("Old pier", outlet="Mast")
    browser = room.browser()
    listed = unescape(browser.get("/list?q=pier&outlet=Mast").text)
    assert "/watches?q=pier&outlet=Mast" in listed
    form = unescape(browser.get("/watches?q=pier&outlet=Mast&from=2024-01-01").text)
    assert '<input type="hidden" name="outlet" value="Mast">' in form
    assert "Articles that fit it today: 1" in form
    assert "Days are left out" in form
    save(browser, outlet=["Mast"])
    room.comes("Pier in Mast", "A crane lifts the pier's last beam.", outlet="Mast")
    room.comes("Pier in Post", "Nobody came to see the pier burn.", outlet="Post")
    page = browser.get("/watches").text
    assert "Pier in Mast" in page
    assert "Pier in Post" not in page


@pytest.mark.parametrize(
    ("given", "why"),
    [({"q": '"open', "name": "x"}, "quotation mark"), ({"q": "pier", "name": "a/b"}, "without /"),
     ({"q": "?!", "name": "x"}, "holds no word")],
)  # fmt: skip
def test_what_could_never_tell_is_said_and_its_words_stand_in_the_form(
    room: WatchRoom, given: dict[str, str], why: str
) -> None:
    answer = room.browser().post("/watches", data=given)
    text = unescape(answer.text)
    assert answer.status_code == 422
    assert 'role="alert"' in text
    assert why in text
    assert f'name="q" value="{given["q"]}"' in text
    assert room.archive.watches.all() == []


def test_no_markup_of_a_watch_or_an_article_reaches_the_page(room: WatchRoom) -> None:
    browser = room.browser()
    bad = "pier <script>alert(1)<b>"
    browser.post("/watches", data={"q": "pier", "name": bad.replace("/", "")})
    room.comes("<img src=x onerror=y>", "The pier <script>alert(2)</script> opens.", outlet="<i>x")
    page = browser.get("/watches").text
    assert not re.search(r"<script>|<img|<i>|<b>", page)
    assert fresh(browser) == 1


def test_a_correction_of_what_was_told_is_called_one(room: WatchRoom) -> None:
    browser = room.browser()
    save(browser)
    room.comes("Pier opens")
    see_all(browser)
    room.archive.put([
        article("Pier opens", ("headline", "Pier opens"), ("body", "The pier opens in June."),
                ("correction", "Correction: it opens in June, not May.")),
    ])  # fmt: skip
    room.archive.follow()
    room.desk.run()
    assert fresh(browser) == 1
    assert '<span class="badge">Corrected</span>' in browser.get("/watches").text


def test_a_server_without_watches_says_so(tmp_path: Path) -> None:
    with Archive.open(tmp_path, create=True, settings=IngestSettings(embedder="none")) as archive:
        assistant = Assistant(archive, Settings(mode="quotes"), records=Records(tmp_path / "r"))
        app = web.mount(create_app(assistant), assistant)
        browser = TestClient(app, base_url="http://127.0.0.1")
        assert browser.get("/watches/new").json()["new"] == 0
        page = browser.get("/watches")
    assert page.status_code == 404
    assert "keeps no watches" in page.text
