"""Signing in by the pages and by a proxy: who is let in, what they see, what is theirs."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant.ask import Assistant
from assistant.doors import serving, web
from assistant.doors.api import Rules, create_app
from assistant.doors.api.authentication import Proxies
from assistant.doors.keyring import Keyring
from assistant.doors.sign_in import People
from assistant.doors.tries import Tries
from assistant.doors.web import talks_of
from assistant.history import Records
from assistant.settings import Settings
from assistant.talks import Owner
from ingest.archive import Archive
from ingest.archive.papers import FolderPapers
from ingest.article import Filters
from ingest.errors import SettingsError
from ingest.pipeline import Defaults, ingest
from ingest.settings import IngestSettings
from tests import loopback
from tests.assistant.doors.test_sign_in import OTHER, QUICK, WORDS
from tests.loopback import PATIENT

QUESTION = "When will the bridge at Veld open?"
BRIDGE = "The bridge at Veld will open in September, Mayor Karin Vosse said on Monday."
AT = "http://news.example"
HTML = {"Accept": "text/html,*/*"}


class Office:
    """An archive of two collections, three people and a program, the API and the pages."""

    def __init__(self, archive: Archive, folder: Path) -> None:
        self.archive, self.folder = archive, folder
        self.people = People(FolderPapers(folder), hasher=QUICK, tries=Tries(now=lambda: 0.0))
        self.people.add("Anna", WORDS, collections=["city"])
        self.people.add("Boris", OTHER)
        self.people.add("Clara", None, scope="admin")
        self.keys = Keyring(FolderPapers(folder))
        self.assistant = Assistant(
            archive,
            Settings(mode="quotes"),
            records=Records(folder / "records"),
        )
        self.app = self.served()

    def served(self, **rules: Any) -> FastAPI:
        known: dict[str, Any] = {"keys": self.keys, "people": self.people, "keys_needed": True}
        app = create_app(self.assistant, Rules(**{**known, **rules}))
        return web.mount(app, self.assistant)

    def browser(
        self, at: str = AT, app: FastAPI | None = None, peer: str = "10.0.0.9"
    ) -> TestClient:
        origin = {"Origin": at, **HTML}
        return TestClient(app or self.app, base_url=at, headers=origin, client=(peer, 50_000))

    def signed_in(self, name: str, password: str = WORDS, at: str = AT) -> TestClient:
        browser = self.browser(at)
        assert sign_in(browser, name, password).status_code == 303
        return browser


def sign_in(browser: TestClient, name: str, password: str, to: str = "/talks") -> Any:
    form = {"name": name, "password": password, "to": to}
    return browser.post("/sign-in", data=form, follow_redirects=False)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    folder, settings = tmp_path_factory.mktemp("news"), IngestSettings(embedder="none")
    with Archive.open(folder / "archive", create=True, settings=settings) as archive:
        for collection, title, text in (
            ("city", "Bridge delayed", f"{BRIDGE} It was to open in May."),
            ("sport", "Regatta won", "Mira Dahl won the regatta at Orm by a length."),
        ):
            row = {"id": title, "title": title, "text": text, "outlet": "Mast"}
            page = folder / f"{collection}.jsonl"
            page.write_text(json.dumps({**row, "date": "2024-05-01"}))
            ingest([page], archive, given=Defaults(collection=collection), embed=False)
        yield archive


@pytest.fixture
def office(archive: Archive, tmp_path: Path) -> Office:
    return Office(archive, tmp_path)


# Who is let in


@pytest.mark.parametrize("path", ["/talks", "/", "/list?q=a%20b", "/a/x", "/draft", "/docs"])
def test_a_browser_is_led_to_sign_in_and_then_where_it_wanted_to_go(
    office: Office, path: str
) -> None:
    browser = office.browser()
    led = browser.get(path, follow_redirects=False)
    assert led.status_code == 303
    where = urlsplit(led.headers["location"])
    assert where.path == "/sign-in"
    form = browser.get(led.headers["location"])
    (to,) = re.findall(r'name="to" value="([^"]*)"', form.text)
    assert to == path
    assert parse_qs(where.query).get("to", ["/"]) == [path]
    assert sign_in(browser, "Anna", WORDS, to).headers["location"] == path


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/status"),
        ("POST", "/v1/ask"),
        ("POST", "/mcp"),
        ("POST", "/talks/delete"),
        ("POST", "/a/x/again"),
        ("POST", "/account/password"),
        ("GET", "/metrics"),
        ("POST", "/gradio_api/queue/join"),
    ],
)
def test_nobody_who_is_not_known_is_served(office: Office, method: str, path: str) -> None:
    reply = office.browser().request(method, path, follow_redirects=False)
    assert reply.status_code in {401, 303}
    if reply.status_code == 401:  # no browser asks for a password of its own
        assert reply.headers["www-authenticate"] == "Bearer"
        assert "/sign-in" in reply.json()["hint"]


def test_the_key_of_a_program_opens_what_it_did(office: Office) -> None:
    key, _ = office.keys.add("program", collections=["city"])
    program = TestClient(office.app, base_url=AT, headers={"Authorization": f"Bearer {key}"})
    assert program.get("/v1/status").json()["articles"] == 1
    assert program.get("/talks").status_code == 200
    wrong = office.signed_in("Anna").get("/v1/status", headers={"Authorization": "Bearer x"})
    assert wrong.status_code == 401


def test_a_session_opens_the_api_for_the_pages_own_scripts(office: Office) -> None:
    assert office.signed_in("Anna").get("/v1/status").json()["articles"] == 1
    assert office.signed_in("Boris", OTHER).get("/v1/status").json()["articles"] == 2


@pytest.mark.parametrize("at", [AT, "https://news.example"])
def test_the_cookie_of_a_session_is_for_this_site_alone_and_no_script(
    office: Office, at: str
) -> None:
    cookie = sign_in(office.browser(at), "Anna", WORDS).headers["set-cookie"]
    name, *about = (part.strip().casefold() for part in cookie.split(";"))
    assert {"httponly", "samesite=lax", "path=/", "max-age=604800"} <= set(about)
    assert ("secure" in about) == at.startswith("https")
    assert name.startswith("__host-morgue=") == at.startswith("https")
    assert not any(one.startswith("domain") for one in about)


def test_a_proxy_that_says_https_has_a_secure_cookie(office: Office) -> None:
    browser = office.browser()
    browser.headers["X-Forwarded-Proto"] = "https"
    reply = sign_in(browser, "Anna", WORDS)
    assert "Secure" in reply.headers["set-cookie"]
    token = reply.headers["set-cookie"].partition(";")[0]
    browser.cookies.clear()
    assert browser.get("/talks", headers={"Cookie": token}).status_code == 200


@pytest.mark.parametrize(
    ("headers", "secure"),
    [
        ({}, True),  # the proxy keeps the name that the browser knows
        ({"Host": "127.0.0.1:7860"}, False),  # on this machine, past the proxy
        ({"Host": "127.0.0.1:7860", "X-Forwarded-Host": "news.example"}, True),
        ({"X-Forwarded-Proto": "http"}, False),  # it says otherwise
    ],
)
def test_behind_a_proxy_that_does_not_say_https_the_sites_own_address_does(
    office: Office, headers: dict[str, str], secure: bool
) -> None:
    browser = office.browser(AT, office.served(site="https://news.example"))
    browser.headers.update({"Origin": "https://news.example", **headers})
    cookie = sign_in(browser, "Anna", WORDS).headers["set-cookie"]
    assert ("Secure" in cookie, cookie.startswith("__Host-morgue=")) == (secure, secure)
    token = cookie.partition(";")[0]
    browser.cookies.clear()
    assert browser.get("/talks", headers={"Cookie": token}).status_code == 200


def test_who_signs_in_anew_ends_the_session_that_their_browser_had(office: Office) -> None:
    browser = office.signed_in("Anna")
    before = {"Cookie": f"morgue={browser.cookies['morgue']}"}
    assert sign_in(browser, "Anna", WORDS).status_code == 303
    assert browser.get("/v1/status").status_code == 200
    assert office.browser().get("/v1/status", headers=before).status_code == 401


@pytest.mark.parametrize("at", [AT, "https://news.example"])
def test_the_other_kind_of_cookie_opens_nothing(office: Office, at: str) -> None:
    """What a page of another scheme or host could set is not looked at."""
    token = office.people.sign_in("Anna", WORDS)
    wrong = "morgue" if at.startswith("https") else "__Host-morgue"
    reply = office.browser(at).get(
        "/talks", headers={"Cookie": f"{wrong}={token}"}, follow_redirects=False
    )
    assert reply.status_code == 303


@pytest.mark.parametrize(
    "to",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "",
        " /talks",
    ],
)
def test_nobody_is_led_to_another_site(office: Office, to: str) -> None:
    assert sign_in(office.browser(), "Anna", WORDS, to).headers["location"] == "/"
    signed_in = office.signed_in("Anna")
    led = signed_in.get("/sign-in", params={"to": to}, follow_redirects=False)
    assert led.headers["location"] == "/"


def test_a_wrong_name_is_told_as_a_wrong_password_is(office: Office) -> None:
    wrong = [sign_in(office.browser(), name, OTHER) for name in ("Anna", "Zoe", "Clara")]
    pages = {
        reply.text.replace(name, "")
        for reply, name in zip(wrong, ("Anna", "Zoe", "Clara"), strict=True)
    }
    assert len(pages) == 1
    assert {reply.status_code for reply in wrong} == {401}
    assert "set-cookie" not in wrong[0].headers


def test_who_guesses_is_told_to_wait(office: Office) -> None:
    replies = [sign_in(office.browser(), "Anna", OTHER) for _ in range(6)]
    assert [reply.status_code for reply in replies] == [401] * 5 + [429]
    assert int(replies[-1].headers["retry-after"]) >= 1
    assert "Try again in" in replies[-1].text
    assert sign_in(office.browser(peer="10.0.0.8"), "Anna", WORDS).status_code == 303


def test_who_guesses_behind_a_proxy_keeps_nobody_else_out(office: Office) -> None:
    app = office.served(proxies=Proxies.read("10.0.0.9", ""))
    for place, status in (("1.1.1.1", 429), ("2.2.2.2", 303), ("9.9.9.9, 1.1.1.1", 429)):
        browser = office.browser(app=app)
        browser.headers["X-Forwarded-For"] = place
        for _ in range(5 if place == "1.1.1.1" else 0):
            sign_in(browser, "Anna", OTHER)
        assert sign_in(browser, "Anna", WORDS).status_code == status


@pytest.mark.parametrize("path", ["/sign-in", "/sign-out", "/account/password", "/talks/share"])
@pytest.mark.parametrize("origin", ["https://evil.example", "http://news.example:81", "null"])
def test_no_page_of_another_site_signs_anybody_in_or_out(
    office: Office, path: str, origin: str
) -> None:
    browser = office.signed_in("Anna")
    form = {"name": "Anna", "password": WORDS, "new": OTHER}
    reply = browser.post(path, data=form, headers={"Origin": origin}, follow_redirects=False)
    assert (reply.status_code, "set-cookie" in reply.headers) == (403, False)
    assert browser.get("/v1/status").status_code == 200


def test_a_form_comes_with_an_origin(office: Office) -> None:
    told = office.browser().get("/sign-in").headers
    assert told["referrer-policy"] == "same-origin"
    assert "form-action 'self'" in told["content-security-policy"]
    assert "unsafe" not in told["content-security-policy"]
    assert told["cache-control"] == "private, no-store"


def test_nothing_of_a_name_or_an_address_is_markup(office: Office) -> None:
    hostile = '"><script>alert(1)</script>'
    page = sign_in(office.browser(), hostile, OTHER, f"/{hostile}").text
    assert "<script>alert" not in page
    office.people.add(hostile, WORDS)
    assert "<script>alert" not in office.signed_in(hostile).get("/account").text


# Who leaves


def test_who_signs_out_is_out_wherever_the_cookie_was_copied_to(office: Office) -> None:
    browser = office.signed_in("Anna")
    cookie = {"Cookie": f"morgue={browser.cookies['morgue']}"}
    left = browser.post("/sign-out", follow_redirects=False)
    assert left.headers["location"] == "/sign-in"
    assert browser.get("/talks", follow_redirects=False).status_code == 303
    copied = office.browser().get("/talks", headers=cookie, follow_redirects=False)
    assert copied.status_code == 303


def test_who_changes_their_password_stays_and_is_out_everywhere_else(office: Office) -> None:
    here, elsewhere = office.signed_in("Anna"), office.signed_in("Anna")
    before = here.cookies["morgue"]
    wrong = here.post("/account/password", data={"password": OTHER, "new": OTHER})
    poor = here.post("/account/password", data={"password": WORDS, "new": "short"})
    assert [wrong.status_code, poor.status_code] == [401, 422]
    changed = here.post("/account/password", data={"password": WORDS, "new": OTHER})
    assert (changed.status_code, here.cookies["morgue"] != before) == (200, True)
    assert here.get("/v1/status").status_code == 200
    assert elsewhere.get("/v1/status").status_code == 401
    assert sign_in(office.browser(), "Anna", WORDS).status_code == 401
    assert sign_in(office.browser(), "Anna", OTHER).status_code == 303


def test_the_account_says_who_somebody_is_and_what_they_see(office: Office) -> None:
    page = office.signed_in("Anna").get("/account").text.replace("&#58;", ":")
    assert "You are Anna, and see: city." in page
    page = office.signed_in("Boris", OTHER).get("/account").text.replace("&#58;", ":")
    assert "You are Boris, and see: the whole archive." in page
    assert "Change the password" in page


# A proxy that knows who it is


def test_whom_a_proxy_names_is_let_in_from_its_address_alone(office: Office) -> None:
    app = office.served(proxies=Proxies.read("10.0.0.0/28 ::1", "Remote-User"))

    def through(peer: str, name: str | None, **more: str) -> Any:
        sent = {"Remote-User": name} if name is not None else {}
        browser = office.browser(app=app, peer=peer)
        return browser.get("/account", headers={**sent, **more}, follow_redirects=False)

    for peer in ("10.0.0.9", "::1", "::ffff:10.0.0.9"):
        page = through(peer, "clara").text
        assert "You are Clara" in page
        assert "Sign out" not in page
    for peer in ("10.0.0.16", "127.0.0.1", "evil"):
        assert through(peer, "clara").status_code == 303
        assert through(peer, "clara", **{"X-Forwarded-For": "10.0.0.9"}).status_code == 303
    assert [through("10.0.0.9", name).status_code for name in (None, "")] == [303, 303]
    unknown = through("10.0.0.9", "zoe")
    assert (unknown.status_code, "people add" in unknown.json()["hint"]) == (403, True)
    assert "'zoe' is not among the people" in unknown.json()["detail"]


@pytest.mark.parametrize(
    ("proxies", "header"),
    [("", "Remote-User"), ("10.0.0.7/24", ""), ("proxy.example", ""), ("0.0.0.0/0", "Remote-User")],
)
def test_a_proxy_that_anybody_could_be_is_refused(proxies: str, header: str) -> None:
    with pytest.raises(SettingsError):
        Proxies.read(proxies, header)


# Where it listens


def test_nothing_is_open_beyond_this_machine_to_nobody_in_particular(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SettingsError, match="nobody can sign in or has a key"):
        serving.rules(tmp_path, "0.0.0.0", FolderPapers(tmp_path))
    monkeypatch.setenv("MORGUE_SIGN_IN", "always")
    with pytest.raises(SettingsError, match="nobody can sign in"):
        serving.rules(tmp_path, "127.0.0.1", FolderPapers(tmp_path))
    People(FolderPapers(tmp_path), hasher=QUICK).add("Anna", WORDS)
    monkeypatch.setenv("MORGUE_PUBLIC_URL", "https://news.example/")
    near = serving.rules(tmp_path, "127.0.0.1", FolderPapers(tmp_path))
    assert near.keys_needed
    assert (near.site, near.hosts[-1]) == ("https://news.example", "news.example")
    assert "127.0.0.1" in near.hosts
    monkeypatch.delenv("MORGUE_SIGN_IN")
    monkeypatch.setenv("MORGUE_SESSION_IDLE", "0.5")
    far, near = (
        serving.rules(tmp_path, "0.0.0.0", FolderPapers(tmp_path)),
        serving.rules(tmp_path, "localhost", FolderPapers(tmp_path)),
    )
    assert (far.keys_needed, near.keys_needed) == (True, False)
    assert "news.example" not in near.hosts
    assert far.people
    assert far.people.limits.idle == 1800
    monkeypatch.setenv("MORGUE_PROXIES", "127.0.0.1")
    monkeypatch.setenv("MORGUE_PROXY_HEADER", "Remote-User")
    assert serving.rules(tmp_path, "127.0.0.1", FolderPapers(tmp_path)).keys_needed


def test_what_a_proxy_passed_on_is_not_of_this_machine(office: Office) -> None:
    near = office.served(keys_needed=False, hosts=("127.0.0.1",))
    with loopback.serving(near) as address:
        assert httpx.get(f"{address}/v1/status", timeout=PATIENT).status_code == 200
        for name in ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP"):
            passed = httpx.get(f"{address}/v1/status", headers={name: "10.0.0.7"}, timeout=PATIENT)
            assert passed.status_code == 401
        rebound = httpx.get(
            f"{address}/v1/status", headers={"Host": "evil.example"}, timeout=PATIENT
        )
        assert rebound.status_code == 400


def test_a_form_is_taken_from_the_site_by_which_browsers_reach_it(office: Office) -> None:
    app = office.served(site="https://news.example")
    browser = office.browser("http://127.0.0.1:7860", app)
    browser.headers["Origin"] = "https://news.example"
    assert sign_in(browser, "Anna", WORDS).status_code == 303
    browser.headers["Origin"] = "https://evil.example"
    assert sign_in(browser, "Anna", WORDS).status_code == 403


def test_over_real_sockets_somebody_signs_in_asks_and_is_known_after_a_restart(
    office: Office,
) -> None:
    with (
        loopback.serving(office.served()) as address,
        httpx.Client(base_url=address, timeout=PATIENT) as browser,
    ):
        form = {"name": "Anna", "password": WORDS, "to": "/talks"}
        led = browser.post("/sign-in", data=form, headers={"Origin": address})
        assert (led.status_code, led.headers["location"]) == (303, "/talks")
        answer = browser.post("/v1/ask", json={"question": QUESTION}).json()
        assert answer["claims"]
        cookies = browser.cookies
    office.people = People(FolderPapers(office.folder), hasher=QUICK)
    with loopback.serving(office.served()) as address:
        page = httpx.get(
            f"{address}/a/{answer['record_id']}", cookies=dict(cookies), timeout=PATIENT
        )
        assert BRIDGE in page.text.replace("&#58;", ":")


# Conversations


def talk_of(office: Office, name: str, *questions: str) -> str:
    """Let somebody ask in a conversation, as the chat does; return which."""
    (person,) = [one for one in office.people.all() if one.name == name]
    talks, talk_id = talks_of(office.assistant), None
    for question in questions:
        owner = Owner(archive=office.archive.papers.archive, asker=person.id)
        talk_id, n = talks.begin(owner, question, talk_id)
        filters = Filters(collections=person.collections)
        answer = office.assistant.ask(question, filters=filters, asker=person.id)
        talks.answered(talk_id, n, str(answer.record_id))
    return str(talk_id)


def shared(office: Office, name: str, password: str, talk_id: str) -> tuple[bool, int]:
    """Return whether a conversation is among those shared with somebody, and how it is shown."""
    browser = office.signed_in(name, password)
    listed = talk_id in browser.get("/talks/shared").text
    return listed, browser.get(f"/talks/shared/{talk_id}").status_code


def test_each_sees_their_own_conversations_and_answers(office: Office) -> None:
    talk_of(office, "Anna", QUESTION)
    anna, boris = office.signed_in("Anna"), office.signed_in("Boris", OTHER)
    assert QUESTION in anna.get("/talks").text
    assert QUESTION not in boris.get("/talks").text
    assert [len(one.get("/v1/records").json()["records"]) for one in (anna, boris)] == [1, 0]


def test_a_conversation_that_is_shared_is_there_for_the_newsroom_until_it_is_not(
    office: Office,
) -> None:
    talk_id = talk_of(office, "Anna", QUESTION)
    assert shared(office, "Boris", OTHER, talk_id) == (False, 404)
    anna, boris = office.signed_in("Anna"), office.signed_in("Boris", OTHER)
    assert "Share no more" in anna.post("/talks/share", data={"talk": talk_id}).text
    assert shared(office, "Boris", OTHER, talk_id) == (True, 200)
    page = boris.get(f"/talks/shared/{talk_id}").text
    assert QUESTION in page
    assert BRIDGE in page.replace("&#58;", ":")
    assert "Anna" in page
    for path in ("share", "rename", "delete", "purge"):  # it is not theirs to change
        form = {"talk": talk_id, "shared": "false", "title": "mine"}
        boris.post(f"/talks/{path}", data=form)
    assert shared(office, "Boris", OTHER, talk_id) == (True, 200)
    assert QUESTION in anna.get("/talks").text
    anna.post("/talks/share", data={"talk": talk_id, "shared": "false"})
    assert shared(office, "Boris", OTHER, talk_id) == (False, 404)


def test_what_is_deleted_is_shared_no_more(office: Office) -> None:
    talk_id, anna = talk_of(office, "Anna", QUESTION), office.signed_in("Anna")
    anna.post("/talks/share", data={"talk": talk_id})
    anna.post("/talks/delete", data={"talk": talk_id})
    assert shared(office, "Boris", OTHER, talk_id) == (False, 404)


def test_what_rests_on_what_somebody_may_not_see_is_not_shared_with_them(office: Office) -> None:
    boris = office.signed_in("Boris", OTHER)
    both = talk_of(office, "Boris", QUESTION, "Who won the regatta at Orm?")
    boris.post("/talks/share", data={"talk": both})
    assert shared(office, "Anna", WORDS, both) == (False, 404)
    assert shared(office, "Boris", OTHER, both) == (True, 200)


def test_on_this_machine_alone_nobody_is_there_to_share_with(office: Office) -> None:
    talks_of(office.assistant).begin(Owner(archive=office.archive.papers.archive), QUESTION)
    near = office.browser("http://127.0.0.1", office.served(keys_needed=False))
    page = near.get("/talks").text
    assert QUESTION in page
    assert "Share" not in page
