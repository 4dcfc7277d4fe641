"""The page, driven in a real browser over a real server; the assistant is scripted."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from starlette.testclient import TestClient

from assistant.answer import Turn
from assistant.doors.api import Rules, create_app
from ingest.article import Filters
from tests import loopback
from tests.newsroom import QUOTE, Counts, ScriptedNewsroom, Shelf, harbour_answer

PATIENCE_MS = 60_000
"""A loaded machine takes several seconds to load the page."""

pytestmark = pytest.mark.browser


@contextmanager
def serving(newsroom: ScriptedNewsroom, rules: Rules | None = None) -> Iterator[str]:
    """Serve the page and the API on a free loopback port."""
    from app import mount

    with loopback.serving(mount(create_app(newsroom, rules), newsroom)) as address:
        yield address


@pytest.fixture(scope="module")
def newsroom() -> ScriptedNewsroom:
    return ScriptedNewsroom()


@pytest.fixture(scope="module")
def address(newsroom: ScriptedNewsroom) -> Iterator[str]:
    with serving(newsroom) as address:
        yield address


@contextmanager
def opened(browser: Browser, address: str, width: int = 1280, height: int = 844) -> Iterator[Page]:
    page = browser.new_page(viewport={"width": width, "height": height})
    page.set_default_timeout(PATIENCE_MS)
    page.goto(address)
    page.locator("#question textarea").wait_for()
    try:
        yield page
    finally:
        page.close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with opened(browser, address) as page:
        yield page


def ask(page: Page, question: str) -> None:
    """Ask with the keyboard alone, and wait until the answer is whole."""
    over = page.locator(".answer .searched, .failure")
    before = over.count()
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")
    expect(over).to_have_count(before + 1, timeout=PATIENCE_MS)


def test_an_answer_quotes_with_a_marker_and_marks_the_words_in_its_source(page: Page) -> None:
    ask(page, "What did the ministry say?")
    quoted = page.locator(".answer blockquote")
    expect(quoted).to_have_text(f"{QUOTE}Ministry of Ports, in The Ostrova Post, 12 March 2024 1")
    expect(page.locator("#sources .passage blockquote mark")).to_have_text(QUOTE)


def test_the_steps_are_told_in_a_fold_above_the_answer(page: Page) -> None:
    ask(page, "What did the ministry say?")
    page.get_by_text("3 passages found, 1 citation").click()
    expect(page.locator("#chat li")).to_have_text(
        [
            "Looking for: What did the ministry say?",
            "Passages found: 3, in 2 of 3 articles",
            "Holding every sentence against the words it rests on",
        ]
    )


def test_a_marker_leads_to_its_source_from_any_tab(page: Page) -> None:
    ask(page, "What did the ministry say?")
    page.get_by_role("tab", name="All by date").click()
    page.locator("a.marker").click()
    expect(page.locator(".passage.shown mark")).to_have_text(QUOTE)
    expect(page.locator(".passage.shown")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("a.marker")).to_be_focused()


def test_a_source_opens_where_it_was_printed_and_as_a_whole_article(page: Page) -> None:
    ask(page, "What did the ministry say?")
    link = page.locator(".source h3 a")
    expect(link).to_have_attribute("href", "https://post.example/harbour?a=1&b=2")
    expect(link).to_have_attribute("rel", "noopener noreferrer")
    page.get_by_text("Read the whole article").click()
    expect(page.locator(".whole mark")).to_be_visible()
    expect(page.locator(".whole .comment b")).to_have_text("Reader’s comment by dockhand_7")


def test_every_hit_stands_in_a_plain_list_by_date(page: Page) -> None:
    ask(page, "What did the ministry say?")
    page.get_by_role("tab", name="All by date").click()
    titles = ["Harbour talks collapse", "Harbour talks collapse", "A quiet season"]
    expect(page.locator(".hits strong")).to_have_text(titles)


def test_an_answer_can_be_copied_with_its_footnotes(page: Page) -> None:
    ask(page, "What did the ministry say?")
    page.get_by_role("tab", name="To copy").click()
    copied = page.get_by_role("tabpanel").get_by_role("textbox")
    expect(copied).to_be_visible()
    assert "[^1]: *Harbour talks collapse*, The Ostrova Post" in copied.input_value()


def test_the_archive_not_saying_is_told_with_what_came_nearest(page: Page) -> None:
    ask(page, "Who won the regatta?")
    sentence = "The archive does not say: what comes near does not answer it."
    expect(page.locator(".answer .unsaid")).to_have_text(sentence)
    expect(page.locator(".answer .nearest")).to_have_text("What came nearest: 1 A quiet season")
    expect(page.locator("#sources .near")).to_have_text("No answer, but this came nearest:")
    expect(page.locator("#sources mark").first).to_have_text("Few ships came in.")


def test_a_readers_comment_is_called_one_in_answer_and_source(page: Page) -> None:
    ask(page, "What do readers say?")
    expect(page.locator(".answer cite")).to_contain_text("Reader’s comment by dockhand_7")
    expect(page.locator(".source .badge")).to_have_text(
        "Reader’s comment by dockhand_7, not reporting"
    )


def test_an_example_is_asked_with_one_click(page: Page) -> None:
    page.get_by_role("button", name="What did the ministry say about the harbour?").click()
    expect(page.locator(".answer blockquote")).to_contain_text(QUOTE, timeout=PATIENCE_MS)


def test_a_hostile_article_stays_words(page: Page) -> None:
    expect(page.get_by_text("What is *hostile* <b>here</b>?")).to_be_visible(timeout=PATIENCE_MS)
    ask(page, "A hostile *question* <img src=x onerror='window.pwned = 8'>")
    page.get_by_role("tab", name="All by date").click()
    page.get_by_role("tab", name="To copy").click()
    page.get_by_role("tab", name="Sources").click()
    page.get_by_text("Read the whole article").click()
    expect(page.locator(".whole mark")).to_contain_text("<b>not bold</b>")
    expect(page.locator(".answer blockquote")).to_contain_text("[link](https://evil.example/)")
    expect(page.locator("#chat .user")).to_contain_text("*question* <img")
    made = "#chat :is(script, img, b, i, em, code, h1), .source :is(script, img, i, em, code, h1)"
    assert page.locator(made).count() == 0
    assert page.locator("a[href*='evil'], a[href^='javascript']").count() == 0
    assert page.evaluate("window.pwned") is None


def test_an_error_is_shown_as_words_with_a_hint(page: Page) -> None:
    ask(page, "busy")
    told = page.locator(".failure p")
    expect(told).to_have_text(["process 12 is *writing* <b>", "wait for it"])


def test_a_bug_is_told_without_its_inside_and_the_talk_goes_on(page: Page) -> None:
    ask(page, "bug")
    expect(page.locator(".failure")).to_contain_text("Something in Morgue itself failed.")
    assert "secret" not in page.locator("body").inner_text()
    ask(page, "What did the ministry say?")
    expect(page.locator(".answer blockquote")).to_be_visible()


def begin_slowly(page: Page, newsroom: ScriptedNewsroom) -> None:
    """Ask what is answered as far as its first sentence, and no further until the gate opens."""
    newsroom.gate.clear()
    page.locator("#question textarea").fill("a slow ministry")
    page.locator("#question textarea").press("Enter")
    expect(page.locator(".answer blockquote")).to_be_visible(timeout=PATIENCE_MS)


def test_an_answer_can_be_stopped_and_what_is_typed_meanwhile_stays(
    page: Page, newsroom: ScriptedNewsroom
) -> None:
    begin_slowly(page, newsroom)
    question = page.locator("#question textarea")
    question.fill("the next question")
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".unsaid")).to_have_text("Stopped.")
    newsroom.gate.set()
    expect(page.get_by_role("button", name="Ask")).to_be_visible()
    expect(question).to_have_value("the next question")
    expect(page.locator("#sources mark").first).to_have_text(QUOTE)


def test_the_next_question_is_answered_while_a_stopped_one_still_waits_for_its_model(
    page: Page, newsroom: ScriptedNewsroom
) -> None:
    begin_slowly(page, newsroom)
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".unsaid")).to_have_text("Stopped.")
    ask(page, "Who won the regatta?")
    expect(page.locator("#sources .near")).to_be_visible()
    newsroom.gate.set()


def test_a_question_sent_during_an_answer_waits_in_the_box(
    page: Page, newsroom: ScriptedNewsroom
) -> None:
    begin_slowly(page, newsroom)
    page.locator("#question textarea").fill("Who won the regatta?")
    page.locator("#question textarea").press("Enter")
    page.wait_for_timeout(1500)  # nothing is to happen
    newsroom.gate.set()
    expect(page.locator(".answer .searched")).to_have_count(1, timeout=PATIENCE_MS)
    expect(page.locator("#question textarea")).to_have_value("Who won the regatta?")
    expect(page.locator("#chat .user")).to_have_count(1)


def test_what_nobody_has_answered_yet_outlives_a_reload(
    page: Page, newsroom: ScriptedNewsroom
) -> None:
    box = page.locator("#question textarea")
    begin_slowly(page, newsroom)
    asked = page.locator("#chat .user h2").inner_text()
    page.reload()
    expect(box).to_have_value(asked)
    box.fill("Who won the reg")
    page.reload()
    expect(box).to_have_value("Who won the reg")
    newsroom.gate.set()
    ask(page, "Who won the regatta?")
    page.reload()
    expect(page.locator("#chat .user h2").last).to_have_text("Who won the regatta?")
    expect(box).to_have_value("")
    page.goto(page.url)  # somebody else may sit here by now
    expect(box).to_have_value("")


def test_a_talk_cleared_during_an_answer_stays_cleared(
    page: Page, newsroom: ScriptedNewsroom
) -> None:
    begin_slowly(page, newsroom)
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    ask(page, "Who won the regatta?")
    newsroom.gate.set()
    page.wait_for_timeout(1000)
    expect(page.locator("#chat .user")).to_have_text(["Who won the regatta?"])
    expect(page.locator(".answer blockquote")).to_have_count(0)


@pytest.mark.parametrize("typed", ["last week", "I know"])
def test_what_is_no_day_is_said_to_be_none(page: Page, typed: str) -> None:
    page.get_by_text("How to answer, and from what").click()
    page.locator("#filters input.time").first.fill(typed)
    ask(page, "What did the ministry say?")
    told = page.locator(".failure p")
    day = typed.replace("now", "n\u200bow")
    expect(told).to_have_text([f"From: “{day}” is not a day", "write it like 2024-03-12"])


def test_a_talk_is_a_conversation_until_it_is_cleared(
    page: Page, newsroom: ScriptedNewsroom
) -> None:
    ask(page, "What did the ministry say?")
    ask(page, "And who won?")
    first = Turn(question="What did the ministry say?", answer=harbour_answer().text)
    assert newsroom.histories[-1] == [first]
    page.locator(".earlier summary").first.click()
    page.get_by_role("button", name="Clear").click()
    expect(page.locator("#sources .none")).to_be_visible()
    ask(page, "Who won?")
    assert newsroom.histories[-1] == []


def test_filters_are_handed_to_the_assistant(page: Page, newsroom: ScriptedNewsroom) -> None:
    page.get_by_text("How to answer, and from what").click()
    days = page.locator("#filters input.time")
    for number, day in enumerate(("2024-01-02", "2024-03-04", "2024-05-06")):
        days.nth(number).fill(day)
        days.nth(number).press("Enter")
    page.get_by_label("Outlets").click()
    page.get_by_role("option", name="Mast").click()
    page.get_by_label("Readers’ comments too").check()
    page.get_by_label("Quotations").check()
    ask(page, "Who won?")
    expected = Filters(
        since=date(2024, 1, 2),
        until=date(2024, 3, 4),
        as_of=date(2024, 5, 6),
        outlets=("Mast",),
        comments=True,
    )
    assert (newsroom.filters[-1], newsroom.modes[-1]) == (expected, "quotes")


def test_the_page_asks_this_machine_alone(browser: Browser, address: str) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    page.locator("#question textarea").wait_for(timeout=PATIENCE_MS)
    ask(page, "A hostile question")
    page.get_by_text("How to answer, and from what").click()
    hosts = {urlsplit(url).hostname for url in asked if url.startswith(("http", "ws"))}
    page.close()
    assert hosts == {"127.0.0.1"}


def test_the_page_keeps_the_rules_that_the_browser_is_told(browser: Browser, address: str) -> None:
    page = browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda told: complaints.append(told.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(address)
    page.locator("#question textarea").wait_for(timeout=PATIENCE_MS)
    ask(page, "What did the ministry say?")
    page.get_by_text("How to answer, and from what").click()
    page.get_by_role("tab", name="To copy").click()
    page.close()
    assert [text for text in complaints if "Security Policy" in text or "unsafe" in text] == []


def test_what_the_page_is_asked_stands_in_the_audit(browser: Browser, tmp_path: Path) -> None:
    audit, newsroom = tmp_path / "audit.jsonl", ScriptedNewsroom()
    with serving(newsroom, Rules(audit=audit)) as address, opened(browser, address) as page:
        ask(page, "What did the ministry say?")
        ask(page, "busy")
        page.close()
    lines = [json.loads(line) for line in audit.read_text().splitlines()]
    told = [(line["name"], line["path"], line["asked"], line["status"]) for line in lines]
    assert told == [
        ("local", "/", "What did the ministry say?", 200),
        ("local", "/", "busy", 503),
    ]


def test_a_telephone_shows_the_answer_above_its_sources(browser: Browser, address: str) -> None:
    with opened(browser, address, width=390) as page:
        ask(page, "What did the ministry say?")
        chat, panel = (page.locator(name).bounding_box() for name in ("#chat", "#panel"))
        assert chat
        assert panel
        assert chat["y"] + chat["height"] <= panel["y"]
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        tabs = [page.get_by_role("tab", name=tab) for tab in ("Sources", "All by date", "To copy")]
        assert [tab.is_visible() for tab in tabs] == [True, True, True]


_ROOM_FOR_PLACEHOLDER = """box => {
  const style = getComputedStyle(box, "::placeholder"), own = getComputedStyle(box);
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `${style.fontSize} ${style.fontFamily}`;
  const room = box.clientWidth - parseFloat(own.paddingLeft) - parseFloat(own.paddingRight);
  return room - pen.measureText(box.placeholder).width;
}"""


def test_a_telephone_has_room_for_what_is_asked_and_for_long_words(
    browser: Browser, address: str
) -> None:
    with opened(browser, address, width=390) as page:
        assert page.locator("#question textarea").evaluate(_ROOM_FOR_PLACEHOLDER) >= 0
        chat = page.locator("#chat").bounding_box()
        assert chat
        assert chat["x"] < 12
        ask(page, "A hostile question")
        page.locator("#sources h3").first.evaluate("head => head.textContent = 'a'.repeat(300)")
        wider = "cards => cards.filter(card => card.scrollWidth > card.clientWidth).length"
        assert page.locator("#sources .source").evaluate_all(wider) == 0


def test_stop_stands_where_ask_stood(page: Page, newsroom: ScriptedNewsroom) -> None:
    # What loads beside the chat may still move it, and the page's stream keeps the network busy.
    button = page.get_by_role("button", name="Ask", exact=True)
    asking, before = button.bounding_box(), None
    while asking != before:
        page.wait_for_timeout(300)
        asking, before = button.bounding_box(), asking
    begin_slowly(page, newsroom)
    stopping = page.get_by_role("button", name="Stop").bounding_box()
    newsroom.gate.set()
    assert asking
    assert stopping
    assert (stopping["y"], stopping["height"]) == (asking["y"], asking["height"])


@pytest.mark.parametrize("tongue", ["uk", "es", "de", "fr"])
def test_a_telephone_has_room_for_what_is_asked_in_every_language(
    browser: Browser, address: str, tongue: str
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale=tongue)
    page = context.new_page()
    page.goto(address)
    page.locator(f"html[lang={tongue}]").wait_for(timeout=PATIENCE_MS)
    expect(page.locator(".greeting")).to_be_visible(timeout=PATIENCE_MS)
    english = "Who said what, when, about what?"
    expect(page.locator("#question textarea")).not_to_have_attribute("placeholder", english)
    assert page.locator("#question textarea").evaluate(_ROOM_FOR_PLACEHOLDER) >= 0
    context.close()


def test_the_newest_question_stays_in_view_above_its_answer(browser: Browser, address: str) -> None:
    with opened(browser, address, height=500) as page:
        ask(page, "What did the ministry say?")
        ask(page, "A hostile question")
        expect(page.locator("#chat .user").nth(1)).to_be_in_viewport(ratio=1)
        expect(page.locator("#chat .user").nth(0)).not_to_be_in_viewport()


def test_a_message_is_not_named_by_its_markup(page: Page) -> None:
    ask(page, "What did the ministry say?")
    expect(page.locator("#chat [aria-label*='<']")).to_have_count(0)


def test_an_empty_archive_says_how_to_fill_it(browser: Browser) -> None:
    empty = ScriptedNewsroom(archive=Shelf(counts=Counts(articles=0, outlets={})))
    with serving(empty) as address, opened(browser, address) as page:
        expect(page.locator(".greeting")).to_contain_text("morgue ingest PATH")
        expect(page.get_by_role("button", name="What did")).to_have_count(0)


def test_the_page_leaves_the_api_where_it_is(address: str) -> None:
    import httpx

    question = {"question": "What did the ministry say?"}
    with httpx.Client(base_url=address, timeout=30) as client:
        answered = client.post("/v1/ask", json=question).json()["kind"]
        told = (answered, client.get("/health").json()["status"], client.get("/v1/x").status_code)
        page = client.get("/").headers["content-type"]
    assert (told, page) == (("answer", "ok", 404), "text/html; charset=utf-8")


def test_no_file_comes_in_or_goes_out(newsroom: ScriptedNewsroom) -> None:
    from app import mount

    file = Path(__file__).resolve()
    with TestClient(mount(create_app(newsroom), newsroom)) as client:
        put = client.post("/gradio_api/upload", files={"files": ("a.txt", b"x" * 10)})
        got = client.get(f"/gradio_api/file={file}")
    assert (put.status_code, got.status_code) == (413, 403)
