"""The pages beside the chat in a real browser: lists, drafts, watches, files dropped in."""

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from ingest.archive import Archive
from ingest.pipeline import ingest
from ingest.settings import IngestSettings
from tests.ingest.archive.test_originals import NEWSPAPER
from tests.sample_server import FERRY, serving
from tests.test_app import PATIENCE_MS, ask
from tests.test_app_talks import opened

WIDTH = """async (shown) => {
  const come = await fetch(shown.href.baseVal);
  return (await createImageBitmap(await come.blob())).width;
}"""

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    with opened(browser, f"{address}/list") as page:
        yield page


def test_a_list_is_narrowed_by_what_is_clicked_paged_through_and_taken_out(
    page: Page, tmp_path: Path
) -> None:
    page.get_by_role("link", name="Next page").click()
    expect(page.get_by_role("link", name="First page")).to_be_visible()
    page.locator(".facet, .browse > div").get_by_role("link", name="The Tarnholt Courier").click()
    expect(page.locator(".chips")).to_contain_text("The Tarnholt Courier")
    expect(page.locator(".counted")).to_be_focused()
    page.locator(".histogram a").last.press("Enter")
    expect(page.locator(".chips a.chip")).to_have_count(5)  # an outlet, two days, all, save
    titles = page.locator(".listed h2").all_inner_texts()
    with page.expect_download() as come:
        page.get_by_role("link", name="As a table").click()
    table = tmp_path / "list.csv"
    come.value.save_as(table)
    rows = list(csv.DictReader(io.StringIO(table.read_text(encoding="utf-8"))))
    assert [row["title"] for row in rows] == titles
    page.locator(".listed summary").first.press("Enter")
    expect(page.locator(".listed details.whole p").first).to_be_visible()
    page.get_by_role("link", name="Clear all").click()
    expect(page.locator(".chips")).to_have_count(0)


def test_a_list_sends_what_it_shows_and_the_words_of_an_article_when_it_is_opened(
    page: Page, address: str
) -> None:
    page.goto(f"{address}/list?q=Perdita")
    expect(page.locator(".listed li").first).to_be_visible()
    expect(page.locator(".listed .whole p.body")).to_have_count(0)
    page.locator(".listed summary").first.click()
    expect(page.locator(".listed .whole p.body").first).to_be_visible()


def test_a_language_has_its_name_and_a_moment_the_zone_of_its_reader(
    browser: Browser, address: str
) -> None:
    context = browser.new_context(locale="de-DE", timezone_id="Asia/Tokyo")
    page = context.new_page()
    page.goto(f"{address}/list")
    page.locator(".facet a", has_text="Englisch").click()
    expect(page.locator("a.chip").first).to_contain_text("Englisch")
    page.goto(f"{address}/watches?q=ferry")
    page.get_by_role("button", name="Speichern").click()
    page.goto(f"{address}/watches")
    expect(page.locator("time[datetime$=Z]").first).to_contain_text("GMT+9")
    page.locator("summary", has_text="Entfernen").first.click()
    page.locator("details.sure button").first.click()
    context.close()


def test_a_page_says_which_it_is_and_leads_to_all_others(page: Page) -> None:
    here = page.locator("nav [aria-current=page]")
    expect(here).to_have_text("Articles")
    expect(page.locator("nav a")).to_have_text(
        ["Ask the archive", "Articles", "Who said what", "Find a quotation", "Watches",
         "Check a draft", "Conversations", "Add articles"]
    )  # fmt: skip


def test_a_draft_is_checked_changed_and_checked_again(page: Page, address: str) -> None:
    page.goto(f"{address}/draft")
    page.locator("#text").fill("“We will all swim,” said Hedda Lorne.")
    page.get_by_role("button", name="Check it").click()
    expect(page.locator(".checked")).to_contain_text("the archive does not print it")
    page.locator("summary", has_text="Change it").press("Enter")
    box = page.locator("#text")
    expect(box).to_have_value("“We will all swim,” said Hedda Lorne.")
    box.fill("“It was like a door slamming under the sea,” said Berit Onsager.")
    page.get_by_role("button", name="Check it").click()
    expect(page.locator(".checked")).not_to_contain_text("We will all swim")
    expect(page.locator(".checked")).to_contain_text("exact")


def test_the_focus_goes_on_where_a_watch_was_saved_looked_at_and_removed(
    page: Page, address: str
) -> None:
    page.goto(f"{address}/watches?q=ferry")
    page.get_by_role("button", name="Save", exact=True).press("Enter")
    expect(page.locator(".undo").first).to_be_focused()
    page.get_by_role("button", name="Look now").press("Enter")
    page.wait_for_url("**/watches?by=look")
    expect(page.get_by_role("button", name="Look now")).to_be_focused()
    page.locator("summary", has_text="Remove").press("Enter")
    page.locator("details.sure button").press("Enter")
    page.wait_for_url("**/watches?by=list")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    expect(page.locator(".watch")).to_have_count(0)


def dropped(page: Page, *names: str) -> None:
    row = json.dumps({"id": names[0], "title": names[0], "text": f"A storm over {names[0]}."})
    broken: list[FilePayload] = [
        {"name": name, "mimeType": "", "buffer": bytes(range(256)) * 20} for name in names[1:]
    ]
    good: FilePayload = {"name": names[0], "mimeType": "", "buffer": row.encode()}
    page.locator("#file").set_input_files([good, *broken])
    page.get_by_role("button", name="Add them").press("Enter")


def test_files_that_are_dropped_say_how_far_they_are_and_the_focus_stays_where_it_is(
    page: Page, address: str
) -> None:
    page.goto(f"{address}/ingest")
    dropped(page, "one.jsonl", "two.bin")
    expect(page.get_by_role("heading", name="What was dropped")).to_be_focused()
    expect(page.locator("#jobs [data-busy]")).to_have_count(0, timeout=PATIENCE_MS)
    expect(page.locator("#jobs [role=status]")).to_have_text("Read: 1 · Could not be read: 1")
    page.get_by_role("button", name="Try again").press("Enter")
    page.wait_for_url("**/ingest?at=*")
    expect(page.get_by_role("heading", name="two.bin")).to_be_focused()
    expect(page.locator("#jobs [data-busy]")).to_have_count(0, timeout=PATIENCE_MS)
    expect(page.get_by_role("heading", name="two.bin")).to_be_focused()
    page.goto(f"{address}/list")  # a job outlives the page
    page.goto(f"{address}/ingest")
    page.get_by_role("button", name="Forget “two.bin”").press("Enter")
    expect(page.get_by_role("heading", name="What was dropped")).to_be_focused()
    expect(page.locator(".job")).to_have_count(1)


@pytest.mark.parametrize("form", ["Word", "Markdown", "HTML"])
def test_an_answer_leaves_as_a_file(page: Page, address: str, form: str) -> None:
    page.goto(address)
    ask(page, FERRY)
    page.goto(address + str(page.locator("#chat a.address").first.get_attribute("href")))
    page.locator("summary", has_text="Save as").press("Enter")
    with page.expect_download() as come:
        page.locator(".files").get_by_role("link", name=form).click()
    assert Path(come.value.path()).stat().st_size > 300


@pytest.fixture
def paper(browser: Browser, tmp_path: Path) -> Iterator[Page]:
    """Return a page over a newspaper that was read from a PDF."""
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "mill.pdf").write_bytes(NEWSPAPER)
    settings = IngestSettings(embedder="none")
    with Archive.open(tmp_path / "news", create=True, settings=settings) as archive:
        ingest([tmp_path / "papers"], archive, embed=False)
        with serving(archive, tmp_path / "kept") as address, opened(browser, address) as page:
            yield page


def test_the_page_as_printed_opens_in_its_source_at_the_cited_words(paper: Page) -> None:
    ask(paper, "What did the mayor Ottilie Brand say?")
    paper.locator("#sources .whole summary").first.click()
    link = paper.locator("#sources a.printed").first
    link.click()
    mark = paper.locator("#sources .facsimile .mark").first
    expect(mark).to_be_in_viewport(timeout=PATIENCE_MS)
    expect(paper.locator("#sources .facsimile figcaption")).to_contain_text("are marked on it")
    wide = paper.locator("#sources .facsimile image").evaluate(WIDTH)
    assert wide > 1000  # the picture came, through the policy of the page
    expect(link).to_have_attribute("aria-expanded", "true")
    link.press("Enter")
    expect(paper.locator("#sources .facsimile")).to_have_count(0)


def test_an_articles_own_page_opens_its_printed_page_beside_its_text(paper: Page) -> None:
    ask(paper, "What did the mayor Ottilie Brand say?")
    where = paper.locator("#sources .alone a").first.get_attribute("href")
    paper.goto(paper.url.split("/?")[0] + str(where))
    mark = paper.locator("main > div .facsimile .mark").first
    expect(mark).to_be_in_viewport(timeout=PATIENCE_MS)
    expect(paper.locator("article.whole mark").first).to_be_visible()
