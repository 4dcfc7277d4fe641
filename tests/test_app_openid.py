"""Signing in at a provider, in a real browser: the way there and back, and what is seen of it."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.doors import web
from assistant.doors.api import Rules, create_app
from assistant.doors.openid import OpenIdProvider
from assistant.doors.sign_in import People
from assistant.settings import OpenIdConnect
from ingest.archive.papers import FolderPapers
from tests import loopback
from tests.assistant.doors.test_sign_in import QUICK, WORDS
from tests.newsroom import ScriptedNewsroom
from tests.openid_provider import CLIENT, SECRET, Provider, provider
from tests.test_app import PATIENCE_MS
from tests.test_app_axe import AXE, looked_at, violations

pytestmark = pytest.mark.browser


class Comes(OpenIdProvider):
    """A provider that leads back to whatever port a test has."""

    def come_back_to(self, site: str) -> None:
        self._site = site


@pytest.fixture
def sso() -> Iterator[Provider]:
    with provider() as sso:
        yield sso


@pytest.fixture
def address(tmp_path: Path, sso: Provider) -> Iterator[str]:
    people = People(FolderPapers(tmp_path), hasher=QUICK)
    people.add("Anna", None)
    people.add("Boris", WORDS)
    settings = OpenIdConnect(
        oidc_issuer=sso.address, oidc_client=CLIENT, oidc_secret=SECRET, oidc_name="Newsroom"
    )
    openid = Comes(settings, "http://127.0.0.1")
    newsroom = ScriptedNewsroom()
    rules = replace(Rules(people=people, keys_needed=True), openid=openid)
    with loopback.serving(web.mount(create_app(newsroom, rules), newsroom)) as address:
        openid.come_back_to(address)
        yield address


def test_somebody_goes_there_comes_back_and_leaves(
    browser: Browser, address: str, sso: Provider
) -> None:
    page = browser.new_page()
    page.set_default_timeout(PATIENCE_MS)
    sso.refuses = "access_denied"
    page.goto(f"{address}/account")
    page.get_by_role("link", name="Sign in with Newsroom").click()
    expect(page.get_by_role("alert")).to_contain_text("did not let you in")
    sso.refuses = ""
    page.goto(f"{address}/account")
    page.get_by_role("link", name="Sign in with Newsroom").click()
    page.wait_for_url("**/account")
    expect(page.locator("main")).to_contain_text("You are Anna")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out")
    page.get_by_role("link", name="Sign out there too").click()
    page.wait_for_url(f"{sso.address}/logout*")
    page.goto(f"{address}/account")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.close()


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not here: `make axe`")
@pytest.mark.parametrize(("width", "scheme"), [(1280, "dark"), (390, "light")])
def test_no_state_of_it_breaks_a_rule(
    browser: Browser, address: str, width: int, scheme: str
) -> None:
    found = dict[str, list[object]]()
    with looked_at(browser, width, scheme) as page:
        for state in ("/sign-in?to=/talks", "/sign-in/back?code=x", "/sign-in?out=1"):
            page.goto(f"{address}{state}")
            found[state] = violations(page)
            assert _fits(page), state
    assert found == {state: [] for state in found}


def _fits(page: Page) -> bool:
    """Tell whether nothing of a page stands beyond its right edge."""
    wide = "() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    return bool(page.evaluate(wide))
