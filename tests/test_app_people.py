"""Signing in, and the chat of somebody who sees a part of the archive, in a real browser."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.ask import Assistant
from assistant.doors import web
from assistant.doors.api import Rules, create_app
from assistant.doors.sign_in import People
from assistant.history import Records
from assistant.settings import Settings
from ingest.archive import Archive
from ingest.archive.papers import FolderPapers
from ingest.pipeline import Defaults, ingest
from ingest.settings import IngestSettings
from tests import loopback
from tests.assistant.doors.test_sign_in import OTHER, QUICK, WORDS
from tests.test_app import PATIENCE_MS
from tests.test_app_axe import AXE, BOTH_LOOKS, looked_at, violations

BRIDGE = "When will the bridge at Veld open?"
REGATTA = "Who won the regatta at Orm?"

pytestmark = pytest.mark.browser


@pytest.fixture
def people(tmp_path: Path) -> People:
    found = People(FolderPapers(tmp_path), hasher=QUICK)
    found.add("Anna", WORDS, collections=["city"])
    found.add("Bert", WORDS, collections=["city"])
    found.add("Cara", WORDS, collections=["sport"])
    return found


@pytest.fixture
def address(tmp_path: Path, people: People) -> Iterator[str]:
    from app import mount

    settings = IngestSettings(embedder="none")
    with Archive.open(tmp_path / "news", create=True, settings=settings) as archive:
        for collection, text in (
            ("city", "The bridge at Veld will open in September, Mayor Vosse said."),
            ("sport", "Mira Dahl won the regatta at Orm by a length."),
        ):
            page = tmp_path / f"{collection}.jsonl"
            row = {"title": collection, "text": text, "outlet": f"The {collection}"}
            page.write_text(json.dumps({**row, "date": "2024-05-01"}))
            ingest([page], archive, given=Defaults(collection=collection), embed=False)
        records = Records(tmp_path / "records")
        assistant = Assistant(archive, Settings(mode="quotes"), records=records)
        app = create_app(assistant, Rules(people=people, keys_needed=True))
        with loopback.serving(mount(web.mount(app, assistant), assistant)) as address:
            yield address


def sign_in(page: Page, password: str = WORDS, name: str = "Anna") -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def ask(page: Page, question: str) -> None:
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")


def test_somebody_signs_in_sees_their_part_and_is_asked_again_when_it_is_over(
    browser: Browser, address: str, people: People
) -> None:
    page = browser.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(address)
    page.wait_for_url("**/sign-in")
    sign_in(page, OTHER)
    expect(page.get_by_role("alert")).to_contain_text("The name or the password is wrong.")
    sign_in(page)
    expect(page.locator(".masthead")).to_contain_text("1 article", timeout=PATIENCE_MS)
    assert all(cookie.get("httpOnly") for cookie in page.context.cookies())
    ask(page, BRIDGE)
    expect(page.locator("#chat .answer").first).to_contain_text("September", timeout=PATIENCE_MS)
    ask(page, REGATTA)
    expect(page.locator(".answer .searched")).to_have_count(2, timeout=PATIENCE_MS)
    expect(page.locator("body")).not_to_contain_text("Mira Dahl")
    expect(page.locator("body")).not_to_contain_text("The sport")
    people.change_password("Anna", OTHER)
    ask(page, "What did Vosse say?")
    page.wait_for_url("**/sign-in?to=*")
    sign_in(page, OTHER)
    expect(page.locator("#chat .user").last).to_contain_text("Vosse", timeout=PATIENCE_MS)
    page.get_by_role("link", name="Anna").click()
    page.get_by_role("button", name="Sign out").click()
    page.goto(address)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    page.close()


def test_the_address_of_anothers_conversation_leads_to_it_where_it_is_shared(
    browser: Browser, address: str
) -> None:
    """It is what anybody copies: the address of the chat as it stands in the browser."""
    pages = {}
    for name in ("Anna", "Bert", "Cara"):
        pages[name] = page = browser.new_context().new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.goto(f"{address}/sign-in?to=/talks")
        sign_in(page, name=name)
        page.wait_for_url("**/talks")
    anna, bert, cara = (pages[name] for name in ("Anna", "Bert", "Cara"))
    anna.goto(f"{address}/?q={BRIDGE}")
    anna.wait_for_url("**/?t=*")
    expect(anna.locator(".answer .searched")).to_have_count(1, timeout=PATIENCE_MS)
    talk = anna.url
    bert.goto(talk)
    expect(bert.get_by_role("heading", name="No such conversation")).to_be_visible(
        timeout=PATIENCE_MS
    )
    anna.goto(f"{address}/talks")
    anna.get_by_role("button", name="Share “").click()
    anna.get_by_role("button", name="Share no more").wait_for()
    bert.goto(talk)
    expect(bert.locator("main .answer")).to_contain_text("September", timeout=PATIENCE_MS)
    cara.goto(talk)
    expect(cara.get_by_role("heading", name="No such conversation")).to_be_visible(
        timeout=PATIENCE_MS
    )
    expect(cara.locator("body")).not_to_contain_text("Veld")
    for page in pages.values():
        page.context.close()


@pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not here: `make axe`")
@pytest.mark.parametrize(("width", "scheme"), BOTH_LOOKS)
def test_no_state_of_signing_in_breaks_a_rule(
    browser: Browser, address: str, width: int, scheme: str
) -> None:
    found = dict[str, list[object]]()
    with looked_at(browser, width, scheme) as page:
        page.goto(f"{address}/sign-in?to=/talks")
        found["sign-in"] = violations(page)
        sign_in(page, OTHER)
        page.get_by_role("alert").wait_for()
        found["wrong"] = violations(page)
        sign_in(page)
        page.wait_for_url("**/talks")
        page.goto(f"{address}/account")
        found["account"] = violations(page)
        page.goto(f"{address}/?q={BRIDGE}")
        page.wait_for_url("**/?t=*")
        expect(page.locator(".answer .searched")).to_have_count(1, timeout=PATIENCE_MS)
        found["chat"] = violations(page)
        page.goto(f"{address}/talks")
        page.get_by_role("button", name="Share “").click()
        page.get_by_role("button", name="Share no more").wait_for()
        found["talks"] = violations(page)
        page.get_by_role("link", name="Shared with the newsroom").click()
        found["shared"] = violations(page)
        page.get_by_role("link", name=BRIDGE).click()
        expect(page.locator("main")).to_contain_text("September")
        found["shared talk"] = violations(page)
    assert found == {name: [] for name in found}
