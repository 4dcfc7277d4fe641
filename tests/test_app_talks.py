"""Conversations, addresses, filters and sources, in a real browser over a real archive."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from starlette.requests import Request

from assistant.ask import Assistant
from assistant.doors.api.pace import Pace
from assistant.history import Records
from assistant.settings import Settings
from ingest.archive import Archive
from tests.sample_server import FERRY, MINISTRY, serving
from tests.test_app import PATIENCE_MS, ask

pytestmark = pytest.mark.browser


@contextmanager
def opened(browser: Browser, address: str) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": 1280, "height": 860})
    page.set_default_timeout(PATIENCE_MS)
    page.goto(address)
    page.locator("#question textarea, main").first.wait_for()
    try:
        yield page
    finally:
        page.close()


def questions(page: Page, *wanted: str) -> None:
    """See that the chat shows these questions, each with its answer."""
    expect(page.locator("#chat .user h2")).to_have_text(list(wanted), timeout=PATIENCE_MS)
    expect(page.locator(".answer .searched")).to_have_count(len(wanted), timeout=PATIENCE_MS)


def test_a_reload_a_second_window_and_a_new_server_show_a_conversation_again(
    browser: Browser, sample: Archive, tmp_path: Path
) -> None:
    with serving(sample, tmp_path) as address, opened(browser, address) as page:
        ask(page, FERRY)
        page.wait_for_url("**/?t=*")
        where = page.url.removeprefix(address)
        page.reload()
        questions(page, FERRY)
        expect(page.locator("#sources .passage")).not_to_have_count(0)
        with opened(browser, address + where) as second:
            questions(second, FERRY)
            ask(second, MINISTRY)
        page.reload()
        questions(page, FERRY, MINISTRY)
    with serving(sample, tmp_path) as address, opened(browser, address + where) as page:
        questions(page, FERRY, MINISTRY)
        expect(page.locator(".talk-list [aria-current=page] span")).to_have_text(FERRY)


def test_back_and_forward_lead_between_conversations(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        ask(page, FERRY)
        page.get_by_role("link", name="New conversation").click()
        expect(page.locator(".greeting")).to_be_visible(timeout=PATIENCE_MS)
        ask(page, MINISTRY)
        questions(page, MINISTRY)
        page.go_back()
        expect(page.locator(".greeting")).to_be_visible(timeout=PATIENCE_MS)
        page.go_back()
        questions(page, FERRY)
        page.go_forward()
        expect(page.locator(".greeting")).to_be_visible(timeout=PATIENCE_MS)


def test_who_asks_before_the_page_is_whole_has_their_conversation_marked(
    sample: Archive, tmp_path: Path
) -> None:
    """Its address is that of the mark: what comes late must not take it off."""
    import gradio as gr

    from app import Page as Behind

    desk = Assistant(sample, Settings(mode="quotes"), records=Records(tmp_path / "r"))
    behind = Behind(desk, Pace(seconds=60))
    scope = {"type": "http", "query_string": b"", "headers": [], "path": "/"}
    request = gr.Request(request=Request(scope))
    asked = behind.answer(request, FERRY, (), "", "", None, None, None, [], [], [], [], False)
    where = str(next(asked)[1])
    assert f'data-talk="{where}"' in behind.open(request, where)[2]
    assert 'data-talk=""' in behind.open(request, "")[2]


def test_an_address_asks(browser: Browser, address: str) -> None:
    with opened(browser, f"{address}/?q=What+happened+to+the+Perdita%3F") as page:
        questions(page, FERRY)
        page.wait_for_url("**/?t=*")
        page.reload()
        questions(page, FERRY)


def test_an_answer_has_an_address_and_is_asked_again_there(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        ask(page, FERRY)
        page.goto(address + str(page.locator("#chat a.address").get_attribute("href")))
        expect(page.locator("h1")).to_have_text(FERRY)
        page.locator("a.marker").first.click()
        expect(page.locator(".passage").first).to_be_focused()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.locator("a.marker").first).to_be_focused()
        page.get_by_role("button", name="Ask again and compare").click()
        expect(page.locator(".differs")).to_contain_text("The answer is the same as before.")


def test_conversations_are_deleted_and_brought_back_with_forms_alone(
    browser: Browser, address: str
) -> None:
    with opened(browser, address) as page:
        ask(page, "What did Lucan Tesh withdraw?")
        page.get_by_role("link", name="Search, rename, delete").click()
        row = page.locator(".talks li", has_text="Lucan Tesh")
        row.get_by_text("Rename").click()
        row.locator("input[name=title]").fill("Tesh's words")
        row.get_by_role("button", name="Save").click()
        page.get_by_label("Choose “Tesh's words”").check()
        page.get_by_role("button", name="Delete the chosen ones").click()
        expect(page.locator(".undo")).to_contain_text("1 deleted.")
        expect(page.get_by_role("link", name="Tesh's words")).to_have_count(0)
        page.get_by_role("button", name="Undo").click()
        expect(page.get_by_role("link", name="Tesh's words")).to_be_visible()


def test_the_focus_goes_on_where_a_conversation_was_changed(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        ask(page, "What did the ministry of ports say?")
        page.goto(f"{address}/talks")
        row = page.locator(".talks li", has_text="ministry of ports")
        row.get_by_text("Rename").press("Enter")
        row.locator("input[name=title]").press("Enter")
        expect(row.locator("summary", has_text="Rename")).to_be_focused()
        row.get_by_role("button", name="Delete “").press("Enter")
        expect(page.get_by_role("button", name="Undo")).to_be_focused()
        expect(page.get_by_role("button", name="Undo")).to_have_accessible_description("1 deleted.")
        page.keyboard.press("Enter")
        expect(row.locator("a.title")).to_be_focused()
        page.get_by_role("button", name="Delete the chosen ones").press("Enter")
        expect(page.get_by_role("heading", level=1)).to_be_focused()
        row.get_by_role("button", name="Delete “").press("Enter")
        page.goto(f"{address}/talks/trash")
        page.get_by_role("button", name="Delete “").first.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_be_focused()


def test_an_article_opens_in_place_at_its_cited_words_all_of_them_marked(
    browser: Browser, address: str
) -> None:
    with opened(browser, address) as page:
        ask(page, MINISTRY)
        card = page.locator("#sources .source", has=page.locator(".passage + .passage")).first
        cited = card.locator(".passage > blockquote mark").all_inner_texts()
        card.get_by_text("Read the whole article").click()
        assert card.locator(".whole mark").all_inner_texts() == cited
        assert len(cited) > 1
        expect(card.locator(".whole mark").first).to_be_in_viewport()


def chips(page: Page) -> list[str]:
    return page.locator("#chips button.chip").all_inner_texts()


def test_filters_that_are_set_are_seen_and_taken_off(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        page.get_by_text("How to answer, and from what").click()
        page.get_by_role("button", name="2022", exact=True).click()
        page.get_by_label("Outlets").click()
        page.get_by_role("option", name="The Tarnholt Courier").click()
        every = page.get_by_role("button", name="Clear all")
        expect(page.locator("#chips button.chip")).to_have_count(4, timeout=PATIENCE_MS)
        assert chips(page)[0] == "From 1 January 2022 ×"
        page.get_by_role("button", name="Take off: From").click()
        expect(page.locator("#chips button.chip")).to_have_count(3, timeout=PATIENCE_MS)
        expect(page.locator("#filters input.time").first).to_have_value("")
        ask(page, FERRY)
        outlets = set(page.locator(".hits .meta").all_text_contents())
        assert all("The Tarnholt Courier" in outlet for outlet in outlets)
        every.click()
        expect(page.locator("#chips button.chip")).to_have_count(0, timeout=PATIENCE_MS)


def test_a_question_that_is_too_long_is_told_and_kept(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        ask(page, "ships " * 700)
        expect(page.locator(".failure")).to_contain_text("4,199 characters")
        assert page.locator("#question textarea").input_value().strip() == ("ships " * 700).strip()


def test_who_says_hello_is_told_what_is_here_and_how_to_ask(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        ask(page, "hello")
        expect(page.locator(".help")).to_contain_text("The archive holds: 45 articles · 7 outlets")
        expect(page.locator(".help li")).to_have_count(4)


def test_a_question_is_edited_and_an_answer_copied(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        ask(page, FERRY)
        page.locator("#chat a.edit").click()
        expect(page.locator("#question textarea")).to_have_value(FERRY)
        page.locator("#chat a.copy").click()
        expect(page.locator("#chat a.copy")).to_have_text("✓ Copy")
        assert "[^1]:" in page.evaluate("navigator.clipboard.readText()")


def test_what_is_printed_has_answer_and_sources_and_nothing_to_press(
    browser: Browser, address: str
) -> None:
    with opened(browser, address) as page:
        ask(page, FERRY)
        where = str(page.locator("#chat a.address").get_attribute("href"))
        for place in (None, where):
            if place:
                page.goto(address + place)
            page.emulate_media(media="print")
            seen = "els => els.filter(el => el.checkVisibility()).length"
            assert page.locator("button, input, textarea, nav").evaluate_all(seen) == 0
            assert page.locator(".answer blockquote, .passage blockquote").evaluate_all(seen) > 2


class Balancer:
    """Leads every connection to the server of the moment, as what stands before several does."""

    def __init__(self) -> None:
        self.to = ("127.0.0.1", 0)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def lead_to(self, address: str) -> None:
        parts = urlsplit(address)
        self.to = (str(parts.hostname), int(parts.port or 0))

    def close(self) -> None:
        self._listening.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                try:
                    server = socket.create_connection(self.to)
                except OSError:
                    client.close()
                    continue
                for source, to in ((client, server), (server, client)):
                    threading.Thread(target=self._carry, args=(source, to), daemon=True).start()

    def _carry(self, source: socket.socket, to: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                to.sendall(data)
        for end in (source, to):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


def test_an_open_page_goes_on_with_another_server_when_its_own_goes_away(
    browser: Browser, sample: Archive, tmp_path: Path
) -> None:
    with closing(Balancer()) as balancer, serving(sample, tmp_path) as second:
        with serving(sample, tmp_path) as first:
            balancer.lead_to(first)
            page = browser.new_page(viewport={"width": 1280, "height": 860})
            page.set_default_timeout(PATIENCE_MS)
            page.goto(balancer.address)
            page.locator("#question textarea").first.wait_for()
            ask(page, FERRY)
            page.wait_for_url("**/?t=*")
            questions(page, FERRY)
            balancer.lead_to(second)
        ask(page, "And when was that?")
        questions(page, FERRY, "And when was that?")
        page.close()
