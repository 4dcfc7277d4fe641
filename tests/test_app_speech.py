"""Who said what, a quotation, a talk as a file and the chat's own words, in a real browser."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from assistant.doors.web import Tongue
from tests.test_app import PATIENCE_MS, ask

LITRE = "What did Lucan Tesh say about the litre?"

pytestmark = pytest.mark.browser


@contextmanager
def opened(browser: Browser, address: str, language: str = "en-GB") -> Iterator[Page]:
    context = browser.new_context(locale=language, viewport={"width": 1280, "height": 860})
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(address)
    try:
        yield page
    finally:
        context.close()


def test_the_speaker_of_an_answer_leads_to_statements_and_these_to_their_words(
    browser: Browser, address: str
) -> None:
    with opened(browser, address) as page:
        page.locator("#question textarea").wait_for()
        ask(page, LITRE)
        where = page.locator("#chat a.speaker").first.get_attribute("href")
        page.goto(f"{address}{where}")
        expect(page.locator("h1")).to_have_text("Lucan Tesh")
        page.locator(".facet a", has_text="2021").click()
        expect(page.locator(".chip").first).to_contain_text("2021")
        words = page.locator(".statement blockquote").first.inner_text()
        page.locator(".statement .meta a").first.click()
        marked = page.locator(".whole mark").first
        expect(marked).to_be_in_viewport()
        assert marked.inner_text().strip(" ,.“”") in words


def test_pasted_words_are_looked_up_and_lead_to_who_said_them(
    browser: Browser, address: str
) -> None:
    with opened(browser, f"{address}/said") as page:
        page.get_by_role("link", name="Find a quotation").click()
        page.get_by_label("The words as you have them").fill(
            "Not one litre of this water has ever reached the Linna"
        )
        page.get_by_role("button", name="Look them up").click()
        expect(page.locator(".verdict")).to_contain_text("altered")
        assert page.locator(".statement ins, .statement del").count() >= 1
        expect(page.locator(".statement a.speaker").first).to_have_text("Lucan Tesh")


def test_a_talk_is_saved_as_a_file_from_beside_the_chat(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    with opened(browser, address) as page:
        page.locator("#question textarea").wait_for()
        ask(page, LITRE)
        page.locator(".talk-list [aria-current]").wait_for()
        with page.expect_download() as download:
            page.locator(".talk-list .save a", has_text="Markdown").click()
        file = tmp_path / "talk.md"
        download.value.save_as(file)
        assert file.read_text(encoding="utf-8").count(f"## {LITRE}") == 1


@pytest.mark.parametrize("code", ["de", "uk"])
def test_the_chat_speaks_the_browsers_language(browser: Browser, address: str, code: str) -> None:
    say = Tongue(code).say
    with opened(browser, address, code) as page:
        page.locator(f"html[lang={code}]").wait_for()
        box = page.locator("#question textarea")
        expect(box).to_have_attribute("placeholder", say("Who said what, when, about what?"))
        expect(page.locator("#question .submit-button")).to_have_text(say("Ask"))
        expect(page.locator(".greeting h2")).to_have_text(say("Ask the archive"))
        for name in ("Sources", "All by date", "To copy"):
            expect(page.get_by_role("tab", name=say(name))).to_be_attached()
        expect(page.locator(".talk-list h2")).to_have_text(say("Conversations"))
        expect(page.locator(".masthead nav")).to_contain_text(say("Find a quotation"))
        page.get_by_text(say("How to answer, and from what")).click()
        filters = page.locator("#filters")
        for name in ("Answer with", "Best available", "From", "Outlets", "Readers’ comments too"):
            expect(filters).to_contain_text(say(name), use_inner_text=True)
        page.get_by_role("button", name="2021", exact=True).click()
        expect(page.locator("#chips button.chip.every")).to_have_text(say("Clear all"))
        box.fill(LITRE)
        page.locator("#question .submit-button").click()
        expect(page.locator(".answer .searched")).to_have_count(1, timeout=PATIENCE_MS)
        expect(page.locator("#question .submit-button")).to_have_text(say("Ask"))
