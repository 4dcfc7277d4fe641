"""While a slow model writes, in a real browser: what stands, what folds, what can be done."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.newsroom import QUOTE, ScriptedNewsroom
from tests.test_app import PATIENCE_MS, ask, opened, serving

pytestmark = pytest.mark.browser

WRITE = "Please write what happened"


@pytest.fixture(scope="module")
def newsroom() -> ScriptedNewsroom:
    return ScriptedNewsroom()


@pytest.fixture(scope="module")
def address(newsroom: ScriptedNewsroom) -> Iterator[str]:
    with serving(newsroom) as address:
        yield address


@pytest.fixture
def writing(browser: Browser, address: str, newsroom: ScriptedNewsroom) -> Iterator[Page]:
    """Return a page whose model has not written anything yet."""
    newsroom.gate.clear()
    with opened(browser, address) as page:
        page.locator("#question textarea").fill(WRITE)
        page.locator("#question textarea").press("Enter")
        expect(page.locator(".meanwhile .writing")).to_be_visible(timeout=PATIENCE_MS)
        yield page
        newsroom.gate.set()


def test_quotations_stand_while_a_model_writes_and_fold_beside_what_it_wrote(
    writing: Page, newsroom: ScriptedNewsroom
) -> None:
    expect(writing.locator(".meanwhile blockquote")).to_contain_text(QUOTE)
    expect(writing.locator("#sources .passage mark")).to_have_text(QUOTE)
    newsroom.gate.set()
    expect(writing.locator(".answer .searched")).to_be_visible(timeout=PATIENCE_MS)
    expect(writing.locator("details.meanwhile blockquote")).to_be_hidden()
    writing.locator("details.meanwhile summary").click()
    writing.locator("details.meanwhile a.marker").click()
    expect(writing.locator("#quoted1-source-1")).to_be_focused()
    writing.locator("details.meanwhile summary").click()
    writing.locator("#quoted1-source-1 a.back").click()
    expect(writing.locator("details.meanwhile a.marker")).to_be_focused()


def test_what_was_left_out_opens_with_the_reason(writing: Page, newsroom: ScriptedNewsroom) -> None:
    newsroom.gate.set()
    expect(writing.locator(".answer .searched")).to_be_visible(timeout=PATIENCE_MS)
    writing.get_by_text("1 sentence left out").click()
    expect(writing.locator(".omitted li")).to_have_text("The mayor resigned. (no source says it)")


def test_a_stopped_answer_keeps_its_quotations_and_is_asked_again(
    writing: Page, newsroom: ScriptedNewsroom
) -> None:
    writing.get_by_role("button", name="Stop").click()
    expect(writing.locator(".unsaid")).to_have_text("Stopped.")
    expect(writing.locator(".meanwhile blockquote")).to_be_visible()
    newsroom.gate.set()
    writing.locator("#chat a.again").click()
    expect(writing.locator("#chat .user h2")).to_have_text([WRITE, WRITE], timeout=PATIENCE_MS)
    expect(writing.locator(".answer .searched")).to_have_count(1, timeout=PATIENCE_MS)


def test_what_is_asked_again_stands_where_it_stood(
    browser: Browser, address: str, newsroom: ScriptedNewsroom
) -> None:
    with opened(browser, address) as page:
        ask(page, "What did the ministry say?")
        ask(page, "And who won?")
        page.locator("#chat a.again").last.click()
        expect(page.locator(".answer .searched")).to_have_count(3, timeout=PATIENCE_MS)
    once, again = newsroom.histories[-2:]
    assert (len(once), again) == (1, once)


def test_a_question_is_put_back_into_the_box_to_be_changed(browser: Browser, address: str) -> None:
    with opened(browser, address) as page:
        ask(page, "What did the ministry say?")
        page.locator("#chat a.edit").click()
        expect(page.locator("#question textarea")).to_be_focused()
        expect(page.locator("#question textarea")).to_have_value("What did the ministry say?")
