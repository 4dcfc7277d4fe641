"""Signing in at an OpenID Connect provider: who is let in, as whom, and what is refused."""

import json
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import httpx
import pytest
from starlette.testclient import TestClient

from assistant.doors import serving, web
from assistant.doors.api import Rules, create_app
from assistant.doors.openid import OpenIdProvider
from assistant.doors.sign_in import People, ProvenPerson, SignInFailed
from assistant.settings import OpenIdConnect
from ingest.archive.papers import FolderPapers
from ingest.errors import SettingsError
from tests.assistant.doors.test_sign_in import OTHER, QUICK, WORDS
from tests.loopback import PATIENT
from tests.newsroom import ScriptedNewsroom
from tests.openid_provider import CLIENT, GOOD, SECRET, Provider, provider

AT = "https://news.example"
ASKED = ["/.well-known/openid-configuration", "/token", "/jwks"]
GROUPS = {"oidc_admins": "/chiefs", "oidc_readers": "/desk, /all papers",
          "oidc_collections": "/sport=sport, /local=city, /local=sport"}  # fmt: skip


@dataclass
class House:
    """Pages at which people sign in by a provider, and its people."""

    sso: Provider
    people: People

    def provider(self, **settings: Any) -> OpenIdProvider:
        """Return the provider, as settings say."""
        known: dict[str, Any] = {
            "oidc_issuer": self.sso.address, "oidc_client": CLIENT, "oidc_secret": SECRET,
            "oidc_name": "the newsroom's account",
        }  # fmt: skip
        return OpenIdProvider(OpenIdConnect(**{**known, **settings}), AT)

    def browser(self, **settings: Any) -> TestClient:
        """Return a browser that has never been here; the settings are those of the provider."""
        openid, newsroom = self.provider(**settings), ScriptedNewsroom()
        rules = Rules(people=self.people, openid=openid, keys_needed=True, site=AT)
        app = web.mount(create_app(newsroom, rules), newsroom)
        accepted = {"Accept": "text/html", "Origin": AT}
        return TestClient(app, base_url=AT, headers=accepted, follow_redirects=False)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    people = People(FolderPapers(tmp_path), hasher=QUICK)
    people.add("Anna", None, collections=["city"])
    with provider() as sso:
        yield House(sso, people)


def at_the_provider(browser: TestClient, to: str = "") -> str:
    """Return where the provider leads a browser back to, as a path of ours."""
    left = browser.get(f"/sign-in/with{to}")
    assert left.status_code == 303, left.text
    back = httpx.get(left.headers["location"], verify=False, timeout=PATIENT).headers["location"]
    assert back.startswith(f"{AT}/sign-in/back?")
    return str(back.removeprefix(AT))


def sign_in(browser: TestClient) -> Any:
    return browser.get(at_the_provider(browser))


def named(openid: OpenIdProvider, **more: str) -> ProvenPerson:
    """Return whom the provider names to who went there and came back."""
    left = openid.begin("/")
    back = urlsplit(httpx.get(left.url, verify=False, timeout=PATIENT).headers["location"])
    given = {name: values[0] for name, values in parse_qs(back.query).items()}
    return openid.finish(left.cookie, {**given, **more}).person


def refused(openid: OpenIdProvider, **more: str) -> str:
    """Return why nobody is named."""
    try:
        return f"{named(openid, **more).name} was named"
    except SignInFailed as error:
        return error.message


def account(browser: TestClient) -> str:
    return browser.get("/account").text.replace("&#58;", ":")


def alert(reply: Any) -> str:
    assert reply.status_code == 401
    assert not any(c.startswith("__Host-morgue=") for c in reply.headers.get_list("set-cookie"))
    return str(reply.text.partition('role="alert"')[2].partition("</div>")[0])


# Who is let in


def test_whom_the_provider_names_is_let_in_and_led_where_they_wanted_to_go(house: House) -> None:
    browser = house.browser()
    led = browser.get("/list?q=a b").headers["location"]
    page = browser.get(led).text
    assert "Sign in with the newsroom" in page
    assert 'type="password"' not in page  # nobody has one
    way = page.partition('href="/sign-in/with')[2].partition('"')[0]
    back = browser.get(at_the_provider(browser, way))
    assert back.headers["location"] == "/list?q=a%20b"
    assert "You are Anna, and see: city." in account(browser)
    assert "Change the password" not in account(browser)


def test_the_cookies_are_for_this_site_alone_and_no_script(house: House) -> None:
    browser = house.browser()
    (underway,) = browser.get("/sign-in/with").headers.get_list("set-cookie")
    come = sign_in(browser).headers.get_list("set-cookie")
    begun = next(one for one in come if one.startswith("__Host-morgue="))
    for cookie in (underway, begun):
        about = {part.strip().casefold() for part in cookie.split(";")}
        assert {"httponly", "secure", "samesite=lax", "path=/"} <= about
        assert cookie.startswith("__Host-")
    assert any(c.startswith("__Host-morgue-oidc=") and "Max-Age=0" in c for c in come)


def test_what_a_group_gives_its_people_see(house: House) -> None:
    told = dict[str, tuple[str | None, tuple[str, ...]]]()
    several = ["/sport", "/local", "/x"]
    each = [["/chiefs", "/sport"], ["/all papers"], ["/sport"], "/sport", several]
    for groups in (*each, [], None, ["/else", 1], {"/sport": 1}, 7):
        house.sso.claims["groups"] = groups
        person = named(house.provider(**GROUPS))
        told[str(groups)] = (person.scope, person.collections)
    sport = ("read", ("sport",))
    assert list(told.values()) == [
        ("admin", ()), ("read", ()), sport, sport, ("read", ("sport", "city")), *[(None, ())] * 5,
    ]  # fmt: skip


def test_who_is_in_a_group_is_let_in_with_what_it_gives(house: House) -> None:
    browser = house.browser(**GROUPS)
    house.sso.claims.update(preferred_username="Berta", groups=["/local"])
    assert sign_in(browser).headers["location"] == "/"
    assert "You are Berta, and see: city, sport." in account(browser)
    assert "You keep this archive" not in account(browser)
    house.sso.claims["groups"] = ["/chiefs"]
    assert sign_in(browser).headers["location"] == "/"
    assert "You keep this archive" in account(browser)
    house.sso.claims.update(preferred_username="Zoe", sub="another", groups=["/else"])
    told = alert(sign_in(house.browser(**GROUPS)))
    assert "You are not among the people of this archive" in told
    assert [one.name for one in house.people.all()] == ["Anna", "Berta"]


def test_roles_that_stand_deeper_in_the_claims_are_found(house: House) -> None:
    house.sso.claims["realm_access"] = {"roles": ["chief"]}
    openid = house.provider(oidc_groups="realm_access.roles", oidc_admins="chief")
    assert named(openid).scope == "admin"


def test_who_left_the_group_is_out_at_the_next_sign_in_wherever_they_were_in(house: House) -> None:
    house.sso.claims.update(preferred_username="Berta", groups=["/sport"])
    browser = house.browser(**GROUPS)
    sign_in(browser)
    house.sso.claims["groups"] = []
    assert "not among the people" in alert(sign_in(house.browser(**GROUPS)))
    assert browser.get("/account").status_code == 303


def test_whom_an_admin_added_sees_what_they_were_given_whatever_their_groups(house: House) -> None:
    house.sso.claims["groups"] = ["/chiefs"]
    browser = house.browser(**GROUPS)
    sign_in(browser)
    assert "You are Anna, and see: city." in account(browser)


def test_a_name_opens_the_account_of_whom_it_was_first_alone(house: House) -> None:
    """A name may be chosen at the provider; who somebody is there may not."""
    sign_in(house.browser())
    house.sso.claims["sub"] = "another"
    assert "Somebody else here goes by your name" in alert(sign_in(house.browser()))
    house.sso.claims.update(GOOD, preferred_username="anna.married")
    renamed = house.browser()
    sign_in(renamed)
    assert "You are Anna" in account(renamed)


def test_nobody_comes_by_the_name_of_somebody_who_has_a_password_here(house: House) -> None:
    house.people.add("Boris", WORDS, scope="admin")
    house.sso.claims["preferred_username"] = "BORIS"
    browser = house.browser()
    assert "Somebody else here goes by your name" in alert(sign_in(browser))
    form = browser.get("/sign-in").text
    assert form.count('type="password"') == 1
    assert "Sign in with" in form
    reply = browser.post("/sign-in", data={"name": "Boris", "password": WORDS})
    assert reply.status_code == 303
    assert "Change the password" in account(browser)


def test_who_is_removed_is_out_at_once_and_does_not_come_back(house: House) -> None:
    browser = house.browser()
    sign_in(browser)
    house.people.remove("Anna")
    assert browser.get("/account").status_code == 303
    assert "not among the people" in alert(sign_in(browser))


# What is not believed


def test_a_token_that_is_not_for_this_sign_in_opens_nothing(house: House) -> None:
    now, openid = int(time.time()), house.provider()
    wrong: list[dict[str, Any]] = [
        {"nonce": "another"}, {"nonce": None}, {"aud": "another"}, {"aud": None},
        {"aud": [CLIENT, "another"]}, {"aud": [CLIENT, "x"], "azp": "x"}, {"exp": now - 300},
        {"exp": None}, {"iat": now + 3000}, {"nbf": now + 3000}, {"iss": "https://evil.example"},
        {"iss": None}, {"sub": None}, {"sub": ""}, {"sub": " "}, {"sub": 7}, {"sub": ["a"]},
        {"at_hash": "of another"}, {"exp": "tomorrow"}, {"iat": None},
    ]  # fmt: skip
    for claims in wrong:
        house.sso.claims = {**GOOD, **claims}
        assert "cannot be relied on" in refused(openid), claims
    house.sso.claims = {**GOOD, "exp": int(time.time()) - 30}  # clocks differ
    assert named(openid).name == "anna"


def test_a_token_that_the_provider_did_not_sign_opens_nothing(house: House) -> None:
    openid = house.provider()
    for house.sso.signing, house.sso.own_key in (("none", True), ("HS256", True), ("ES256", False)):
        assert "cannot be relied on" in refused(openid), house.sso.signing


def test_who_is_not_named_is_nobody(house: House) -> None:
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("preferred_username", {"preferred_username": None}),
        ("preferred_username", {"preferred_username": " "}),
        ("preferred_username", {"preferred_username": ["anna"]}),
        ("email", {"email": "anna"}),
        ("email", {"email": "anna", "email_verified": "true"}),
        ("a.b", {"a": {"c": "anna"}}),
    ]
    for claim, claims in wrong:
        house.sso.claims = {**GOOD, **claims}
        assert "does not say who you are" in refused(house.provider(oidc_claim=claim)), claims


def test_an_address_of_mail_counts_where_it_is_verified(house: House) -> None:
    house.sso.claims.update(email="ANNA", email_verified=True)
    assert named(house.provider(oidc_claim="email")).name == "ANNA"


def test_a_name_that_cannot_be_kept_is_refused_in_words(house: House) -> None:
    house.sso.claims.update(preferred_username="x" * 400, groups=["/desk"])
    assert "80 characters" in alert(sign_in(house.browser(**GROUPS)))


def test_what_the_provider_says_of_somebody_is_no_markup(house: House) -> None:
    name = '<script>alert(1)</script> "x" [a](javascript:1)'
    house.sso.claims.update(preferred_username=name, groups=["/desk"])
    browser = house.browser(**GROUPS)
    assert sign_in(browser).status_code == 303
    page = browser.get("/account").text
    assert "You are &lt;script&gt;alert" in page
    assert "<script>alert" not in page
    assert 'href="javascript' not in page


def test_a_name_that_could_be_read_otherwise_is_refused(house: House) -> None:
    for name in ("an\u202ena", "anna\x00", "an\u200bna"):
        house.sso.claims.update(preferred_username=name, groups=["/desk"])
        assert "a name is one line" in alert(sign_in(house.browser(**GROUPS))), name


def test_who_comes_anew_ends_the_session_that_their_browser_had(house: House) -> None:
    browser = house.browser()
    sign_in(browser)
    before = {"Cookie": f"__Host-morgue={browser.cookies['__Host-morgue']}"}
    sign_in(browser)
    assert "You are Anna" in account(browser)
    assert house.browser().get("/account", headers=before).status_code == 303


def test_nobody_is_signed_in_by_a_link_of_somebody_elses(house: House) -> None:
    """A code and a state that another browser began with open nothing in this one."""
    theirs, browser = at_the_provider(house.browser()), house.browser()
    assert "was not begun here" in alert(browser.get(theirs))
    own = at_the_provider(browser)
    code = parse_qs(urlsplit(theirs).query)["code"][0]
    mixed = f"/sign-in/back?code={code}&state={parse_qs(urlsplit(own).query)['state'][0]}"
    assert "was not begun here" in alert(browser.get(mixed))


def test_another_state_opens_nothing_and_asks_nobody(house: House) -> None:
    browser = house.browser()
    at_the_provider(browser)
    asked, cookies = len(house.sso.asked), dict(browser.cookies)
    for state in ("", "&state=", "&state=x", "&state=%F0%9F%90%9F"):
        browser.cookies.update(cookies)
        assert "was not begun here" in alert(browser.get(f"/sign-in/back?code=x{state}"))
    assert len(house.sso.asked) == asked


def test_a_code_opens_one_session(house: House) -> None:
    browser = house.browser()
    back = at_the_provider(browser)
    cookies = dict(browser.cookies)
    assert browser.get(back).status_code == 303
    again = house.browser()
    again.cookies.update(cookies)
    assert "was not begun here" in alert(again.get(back))


def test_an_answer_of_another_issuer_is_not_taken(house: House) -> None:
    assert "cannot be relied on" in refused(house.provider(), iss="https://evil.example")
    assert named(house.provider(), iss=house.sso.address).name == "anna"


def test_who_is_refused_there_is_told_so(house: House) -> None:
    house.sso.refuses = '<script>alert("x")</script>'
    reply = sign_in(house.browser())
    assert "did not let you in" in alert(reply)
    assert "<script>alert" not in reply.text


def test_nobody_is_led_to_another_site_afterwards(house: House) -> None:
    browser = house.browser()
    for to in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x"):
        back = at_the_provider(browser, f"?to={quote(to)}")
        (name,) = browser.cookies
        assert browser.get(back).headers["location"] == "/"
        # Nor by a cookie that somebody wrote themselves.
        browser.cookies.clear()
        back = at_the_provider(browser)
        secret = browser.cookies[name].partition(".")[0]
        browser.cookies.clear()
        own = {"Cookie": f"{name}={secret}.{quote(to, safe='')}"}
        assert browser.get(back, headers=own).headers["location"] == "/"
        browser.cookies.clear()


# Where one cannot sign in


@pytest.mark.parametrize("path", ASKED)
def test_a_provider_that_fails_is_told_of_in_words(house: House, path: str) -> None:
    answers = {
        (500, b"{}", ""): "does not answer",
        (429, b"", ""): "does not answer",
        (404, b"{}", ""): "cannot be relied on",
        (200, b"<p>captive", ""): "cannot be relied on",
        (200, b"[]", ""): "cannot be relied on",
        (200, b"{}", ""): "cannot be relied on",
        (200, b'{"a": "' + b"x" * 1_000_000 + b'"}', ""): "cannot be relied on",
        (200, b'{"keys": [7], "id_token": 7}', ""): "cannot be relied on",
    }
    openid = house.provider()
    for house.sso.answers[path], told in answers.items():
        assert told in refused(openid), house.sso.answers
    del house.sso.answers[path]
    assert named(openid).name == "anna"


def test_a_provider_that_is_not_there_is_told_of_in_words(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    with provider() as gone:
        pass
    with caplog.at_level(logging.WARNING, "morgue.people"):
        left = house.browser(oidc_issuer=gone.address).get("/sign-in/with?to=/talks")
    assert "does not answer" in alert(left)
    assert "/sign-in/with?to=%2Ftalks" in left.text  # and may be tried again
    assert "ConnectError" in caplog.text
    assert SECRET not in caplog.text


@pytest.mark.parametrize("path", ASKED)
def test_nobody_is_followed_to_another_address(house: House, path: str) -> None:
    with provider() as other:
        house.sso.answers[path] = (302, b"", f"{other.address}{path}")
        assert "cannot be relied on" in refused(house.provider())
        assert other.asked == []


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint", "jwks_uri"])
def test_no_host_is_asked_but_the_providers_own(house: House, name: str) -> None:
    with provider() as other:
        wrong = (
            "http://169.254.169.254/x",
            "file:///etc/passwd",
            f"{other.address}/x",
            "",
            7,
            None,
        )
        for house.sso.says[name] in wrong:
            assert "cannot be relied on" in refused(house.provider()), house.sso.says
        assert other.asked == []


def test_a_provider_that_calls_itself_another_is_not_believed(house: House) -> None:
    house.sso.says["issuer"] = "https://evil.example"
    assert "cannot be relied on" in refused(house.provider())


def test_a_provider_that_wants_the_secret_in_the_body_gets_it_there(house: House) -> None:
    house.sso.says["token_endpoint_auth_methods_supported"] = ["client_secret_post"]
    assert named(house.provider()).name == "anna"


# Who leaves


def test_who_signs_out_is_out_and_may_sign_out_there_too(house: House) -> None:
    browser = house.browser()
    sign_in(browser)
    left = browser.post("/sign-out")
    assert browser.get("/talks").status_code == 303
    page = browser.get(left.headers["location"]).text
    assert "You are signed out" in page
    assert 'href="/sign-in/leave"' in page
    there = urlsplit(browser.get("/sign-in/leave").headers["location"])
    assert f"{there.scheme}://{there.netloc}{there.path}" == f"{house.sso.address}/logout"
    back = {"client_id": [CLIENT], "post_logout_redirect_uri": [f"{AT}/sign-in"]}
    assert parse_qs(there.query) == back


def test_nobody_is_led_elsewhere_to_leave(house: House) -> None:
    house.sso.says["end_session_endpoint"] = None
    assert house.provider().leaving() is None
    house.sso.says["end_session_endpoint"] = "https://evil.example/logout"
    with pytest.raises(SignInFailed, match="cannot be relied on"):
        house.provider().leaving()


# How it is set


def test_what_happens_is_told_in_the_browsers_language(house: House) -> None:
    house.sso.refuses = "access_denied"
    browser = house.browser()
    browser.headers["Accept-Language"] = "de"
    assert "hat Sie nicht eingelassen" in alert(sign_in(browser))


@pytest.mark.parametrize(
    ("settings", "site", "wrong"),
    [
        ({"oidc_issuer": "http://sso.example.org"}, AT, "https://"),
        ({"oidc_issuer": "sso.example.org"}, AT, "no address"),
        ({"oidc_client": ""}, AT, "MORGUE_OIDC_CLIENT"),
        ({}, "", "MORGUE_PUBLIC_URL"),
        ({"oidc_collections": "sport"}, AT, "MORGUE_OIDC_COLLECTIONS"),
        ({"oidc_collections": "a=b, =c"}, AT, "MORGUE_OIDC_COLLECTIONS"),
        ({"oidc_hosts": "https://x"}, AT, "MORGUE_OIDC_HOSTS"),
    ],
)
def test_a_setting_that_is_missing_or_wrong_is_named(
    settings: dict[str, str], site: str, wrong: str
) -> None:
    known = {"oidc_issuer": "https://sso.example.org", "oidc_client": "morgue"}
    with pytest.raises(SettingsError, match=wrong):
        serving.provider(OpenIdConnect.model_validate({**known, **settings}), site)


def test_it_is_set_by_its_user_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in OpenIdConnect.model_fields:
        Path("morgue.toml").write_text(f"{name} = {json.dumps('https://evil.example')}")
        with pytest.raises(SettingsError, match=f"cannot set '{name}'"):
            OpenIdConnect()


def test_where_a_provider_is_set_others_may_come_without_anybody_added(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MORGUE_OIDC_ISSUER", "https://sso.example.org/realms/news/")
    monkeypatch.setenv("MORGUE_OIDC_CLIENT", "morgue")
    monkeypatch.setenv("MORGUE_OIDC_SECRET", SECRET)
    monkeypatch.setenv("MORGUE_PUBLIC_URL", AT)
    for host in ("0.0.0.0", "127.0.0.1"):
        rules = serving.rules(tmp_path, host, FolderPapers(tmp_path))
        assert rules.keys_needed
        assert rules.people_sign_in
        assert rules.openid
        assert rules.openid.name == "sso.example.org"
    assert SECRET not in repr(OpenIdConnect())
    monkeypatch.delenv("MORGUE_OIDC_ISSUER")
    assert serving.rules(tmp_path, "127.0.0.1", FolderPapers(tmp_path)).openid is None


def test_of_whom_a_provider_named_it_is_not_shown_who_they_are_there(house: House) -> None:
    sign_in(house.browser())
    (anna,) = house.people.all()
    assert anna.subject == f"{house.sso.address} {GOOD['sub']}"
    assert GOOD["sub"] not in json.dumps(anna.shown())
    assert house.people.sign_in("Anna", OTHER) is None
