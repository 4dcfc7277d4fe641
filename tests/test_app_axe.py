"""No state of the page breaks a rule of WCAG that axe-core can see: `make axe` fetches it."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from ingest.archive import Archive
from ingest.pipeline import ingest
from ingest.settings import IngestSettings
from tests.ingest.archive.test_originals import NEWSPAPER
from tests.sample_server import FERRY, serving
from tests.test_app import PATIENCE_MS, ask

AXE = Path(__file__).resolve().parents[1] / ".demo/axe/node_modules/axe-core/axe.min.js"
RUN = """() => axe.run(document).then(({ violations }) => violations.map(
  ({ id, nodes }) => [id, nodes.map((node) => node.html.slice(0, 200))]))"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not AXE.is_file(), reason="axe-core is not here: `make axe`"),
]


BOTH_LOOKS = [(1280, "light"), (390, "dark")]


@contextmanager
def looked_at(browser: Browser, width: int, scheme: str) -> Iterator[Page]:
    """Open a page of some width, by day or by night, to which axe-core may be added."""
    context = browser.new_context(
        viewport={"width": width, "height": 860},
        color_scheme="dark" if scheme == "dark" else "light",
        bypass_csp=True,
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    yield page
    context.close()


def violations(page: Page) -> list[object]:
    page.wait_for_timeout(700)  # what is drawn over some moments is looked at whole
    page.add_script_tag(path=AXE)
    found: list[object] = page.evaluate(RUN)
    return found


def filtered(page: Page) -> None:
    page.get_by_text("How to answer, and from what").click()
    page.get_by_role("button", name="2022", exact=True).click()
    page.locator("#chips button.chip").first.wait_for()


def opened(page: Page) -> None:
    page.locator("summary", has_text="Read the whole article").first.click()
    page.get_by_text("passages found").first.click()


STATES: tuple[tuple[str, Callable[[Page], None]], ...] = (
    ("nothing is asked yet", lambda page: page.locator(".greeting").wait_for()),
    ("answered", lambda page: ask(page, FERRY)),
    ("filters are set", filtered),
    ("a whole article and the steps are open", opened),
    ("all by date", lambda page: page.get_by_role("tab", name="All by date").click()),
    ("to copy", lambda page: page.get_by_role("tab", name="To copy").click()),
    ("nothing was asked", lambda page: ask(page, "hello")),
    ("too long", lambda page: ask(page, "ships " * 700)),
)

SPEAKER = "Lucan Tesh"
EXACT = "Not one litre of that water has reached the Linna"
ALTERED = "Not one litre of this water has ever reached the Linna"
SPEECH = (
    "/said",
    f"/said?speaker={quote(SPEAKER)}",
    f"/said?speaker={quote(SPEAKER)}&year=2021&q=litre",
    "/said?q=litre",
    "/said?speaker=Nobody+Atall",
    "/quote",
    f"/quote?words={quote(EXACT)}",
    f"/quote?words={quote(ALTERED)}",
    "/quote?words=Zeppelins+never+landed+at+the+quay+at+night",
    f"/quote?words={'pier+' * 450}",
)


PAGES = (
    "/talks", "/talks?q=perdita", "/talks/trash", "/a/none", "/list?q=ferry", "/watches",
    "/watches?q=ferry&outlet=The+Tarnholt+Courier&from=2022-01-01", "/ingest", "/draft",
)  # fmt: skip


def saved(page: Page, address: str) -> None:
    page.goto(f"{address}/watches?q=ferry")
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator(".undo, .failure").first.wait_for()


def told(page: Page, address: str) -> None:
    """Drop an article that a watch is for, a line that is none, and a file that nobody reads."""
    page.goto(f"{address}/ingest")
    words = f"The ferry to Skarn was late on day {page.viewport_size}."
    row = json.dumps({"id": words, "title": "A late ferry", "text": words})
    files: list[FilePayload] = [
        {"name": "a.jsonl", "mimeType": "", "buffer": f"{row}\n{{broken\n".encode()},
        {"name": "b.bin", "mimeType": "", "buffer": bytes(range(256)) * 20},
    ]
    page.locator("#file").set_input_files(files)
    page.get_by_role("button", name="Add them").click()
    expect(page.get_by_role("button", name="Forget “b.bin”").first).to_be_visible()
    expect(page.locator("#jobs [data-busy]")).to_have_count(0)


def new_for_a_watch(page: Page, address: str) -> None:
    page.goto(f"{address}/watches")
    page.get_by_role("button", name="Look now").click()
    expect(page.locator(".watch .listed li").first).to_be_visible()
    expect(page.locator(".masthead .fresh")).to_be_visible()


def drafted(page: Page, address: str) -> None:
    page.goto(f"{address}/draft")
    page.locator("#text").fill(
        "“It was like a door slamming under the sea,” said Berit Onsager. “We will all swim,” "
        "said Hedda Lorne. The Perdita left Port Ellin at 9pm."
    )
    page.get_by_role("button", name="Check it").click()
    page.locator(".checked").wait_for()


FORMS: tuple[tuple[str, Callable[[Page, str], None]], ...] = (
    ("a watch is saved", saved),
    ("files were dropped, and some failed", told),
    ("something is new for a watch", new_for_a_watch),
    ("a draft is checked", drafted),
)


@pytest.mark.parametrize(("width", "scheme"), BOTH_LOOKS)
def test_no_state_breaks_a_rule(browser: Browser, address: str, width: int, scheme: str) -> None:
    found: dict[str, list[object]] = {}
    with looked_at(browser, width, scheme) as page:
        page.goto(address)
        page.locator("#question textarea").wait_for()
        for name, reach in STATES:
            reach(page)
            found[name] = violations(page)
        answer = str(page.locator("#chat a.address").first.get_attribute("href"))
        article = str(page.locator(".whole a").first.get_attribute("href"))
        for where in (answer, article, *PAGES, *SPEECH):
            page.goto(address + where)
            found[where] = violations(page)
        for name, reach_at in FORMS:
            reach_at(page, address)
            found[name] = violations(page)
    assert found == {name: [] for name in found}


@pytest.mark.parametrize(("width", "scheme"), BOTH_LOOKS)
def test_a_page_as_printed_breaks_no_rule(
    browser: Browser, tmp_path: Path, width: int, scheme: str
) -> None:
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "mill.pdf").write_bytes(NEWSPAPER)
    settings = IngestSettings(embedder="none")
    found: dict[str, list[object]] = {}
    with Archive.open(tmp_path / "news", create=True, settings=settings) as archive:
        ingest([tmp_path / "papers"], archive, embed=False)
        at = f"/article/{archive.newest(1)[0].article_id}"
        with (
            serving(archive, tmp_path / "kept") as address,
            looked_at(browser, width, scheme) as page,
        ):
            for where in (f"{at}?mark=0-14", f"{at}/page/2?mark=0-14", f"{at}/page/9"):
                page.goto(address + where)
                page.locator(".facsimile, main > .none").first.wait_for()
                found[where] = violations(page)
    assert found == {name: [] for name in found}
