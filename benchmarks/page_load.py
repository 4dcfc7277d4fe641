"""How soon each page is there, and how much it is: `python -m benchmarks.page_load`.

The sample archive, or that of `--articles`, is served on loopback by words alone and opened in
Chromium, each page in a browser that was never here, then again in the same. Printed: the first
paint, the bytes that came, the requests, and those of them that would leave the machine. Last: the
seconds from a question of the archive's own to the first quotation on screen.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from assistant.ask import Assistant
from assistant.doors import web
from assistant.doors.api import create_app
from assistant.history import Records
from assistant.settings import Settings
from ingest.archive import Archive
from ingest.pipeline import ingest
from ingest.settings import IngestSettings
from tests import loopback
from tests.conftest import CHROMIUM, FLAGS

_SAMPLE = Path(__file__).parents[1] / "ingest" / "sample" / "articles"
PAGES = ("/", "/list", "/list?q=harbour", "/said", "/quote", "/draft", "/talks", "/watches")
_PAINTED = (
    "() => new Promise((told) => new PerformanceObserver((list, seen) => { seen.disconnect();"
    " told(list.getEntries().at(-1).startTime); })"
    '.observe({ type: "paint", buffered: true }))'
)
_PATIENCE_MS = 120_000


@dataclass
class Load:
    """One page, opened once: when it was first painted, and what came for it."""

    painted: float = 0.0
    came: int = 0
    requests: int = 0
    beyond: list[str] = field(default_factory=list)


@contextmanager
def served(articles: Path) -> Iterator[tuple[str, list[str]]]:
    """Serve the chat and every page over an archive; give their address and questions of it."""
    from app import mount

    settings = IngestSettings(embedder="none")
    with (
        tempfile.TemporaryDirectory() as folder,
        Archive.open(Path(folder) / "news", create=True, settings=settings) as archive,
    ):
        ingest([articles], archive, embed=False)
        records = Records(Path(folder) / "records")
        assistant = Assistant(archive, Settings(mode="quotes"), records=records)
        app = web.mount(create_app(assistant), assistant)
        with loopback.serving(mount(app, assistant)) as address:
            yield address, assistant.examples()


def load(context: BrowserContext, address: str) -> Load:
    """Open a page, and return what that took."""
    page, found = context.new_page(), Load()
    told = context.new_cdp_session(page)

    def finished(event: dict[str, Any]) -> None:
        found.came += int(event["encodedDataLength"])

    told.on("Network.loadingFinished", finished)
    told.send("Network.enable")
    page.on("request", lambda request: _note(found, request.url))
    _open(page, address)
    found.painted = float(page.evaluate(_PAINTED))
    page.close()
    return found


def _open(page: Page, address: str) -> None:
    """Open a page and wait until it can be used: the chat keeps a connection open."""
    page.goto(address, timeout=_PATIENCE_MS)
    page.locator("#question textarea, main h1").first.wait_for(timeout=_PATIENCE_MS)


def _note(found: Load, url: str) -> None:
    parts = urlsplit(url)
    found.requests += parts.scheme in {"http", "https", "ws", "wss"}
    if parts.hostname not in {"127.0.0.1", None}:
        found.beyond.append(url)


def to_first_quotation(page: Page, address: str, question: str) -> float:
    """Return the seconds from a question to the first quotation that is seen."""
    _open(page, address)
    page.locator(".masthead[data-tongue]").wait_for(timeout=_PATIENCE_MS)
    box = page.locator("#question textarea")
    box.fill(question)
    began = time.monotonic()
    box.press("Enter")
    page.locator("#chat .answer blockquote").first.wait_for(timeout=_PATIENCE_MS)
    return time.monotonic() - began


def measure(browser: Browser, address: str, questions: list[str], times: int) -> None:
    """Print how soon each page is there, and how soon an answer."""
    beyond = list[str]()
    print(f"{'page':<18}{'first paint, ms':>18}{'again, ms':>12}{'kB':>8}{'again, kB':>12}"
          f"{'requests':>10}{'beyond':>8}")  # fmt: skip
    for path in PAGES:
        first, again = list[Load](), list[Load]()
        for _ in range(times):
            context = browser.new_context(viewport={"width": 1280, "height": 860})
            first.append(load(context, address + path))
            again.append(load(context, address + path))
            context.close()
        beyond += [url for one in (*first, *again) for url in one.beyond]
        new, old = (statistics.median(one.painted for one in of) for of in (first, again))
        print(f"{path:<18}{new:>18.0f}{old:>12.0f}{first[0].came / 1000:>8.0f}"
              f"{again[0].came / 1000:>12.1f}{first[0].requests:>10}"
              f"{sum(len(one.beyond) for one in first):>8}")  # fmt: skip
    page = browser.new_page()
    to_first_quotation(page, address, questions[0])  # what is read at the first question of all
    seconds = [to_first_quotation(page, address, one) for one in questions for _ in range(times)]
    print(f"\nrequests beyond the machine: {len(beyond)} {sorted(set(beyond))[:5]}")
    print(f"from a question to its first quotation on screen: median "
          f"{statistics.median(seconds):.2f} s, worst {max(seconds):.2f} s")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=Path, default=_SAMPLE)
    parser.add_argument("--times", type=int, default=3)
    given = parser.parse_args()
    if CHROMIUM is None:
        raise SystemExit("there is no chromium on this machine's PATH")
    with served(given.articles) as (address, questions), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        measure(browser, address, questions, given.times)
        browser.close()


if __name__ == "__main__":
    main()
