"""Take docs/screenshot.png, the chat over the sample archive after one question, and docs/pictures.

Those are the same in the dark, on a telephone, with filters, and the plain pages, as printed too.
Run it as `python docs/screenshot.py [QUESTION]`; it needs Chromium. What is asked is kept in a
temporary folder, not in yours.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "ingest" / "sample" / "articles"
PICTURE = ROOT / "docs" / "screenshot.png"
PICTURES = ROOT / "docs" / "pictures"
QUESTION = (
    "What did the foreign ministry say about associate membership of the Northern Customs Compact?"
)
ALTERED = "Not+one+litre+of+this+water+has+ever+reached+the+Linna"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PATIENCE_SECONDS = 120


def main() -> None:
    """Fill an archive in a temporary folder, serve it, ask, take the picture."""
    question = " ".join(sys.argv[1:]) or QUESTION
    with tempfile.TemporaryDirectory() as folder:
        archive = str(Path(folder) / "archive")
        os.environ["XDG_DATA_HOME"] = str(Path(folder) / "kept")
        subprocess.run([*_morgue("ingest", archive), str(SAMPLE)], check=True)  # noqa: S603
        port = _free_port()
        server = subprocess.Popen([*_morgue("serve", archive), "--port", str(port)])  # noqa: S603
        try:
            _wait_for(f"http://127.0.0.1:{port}/health", server)
            _take(f"http://127.0.0.1:{port}/", question)
        finally:
            server.terminate()
            server.wait(timeout=30)


def _morgue(verb: str, archive: str) -> list[str]:
    start = "from assistant.doors.cli.commands import main; main()"
    return [sys.executable, "-c", start, verb, "--archive", archive]


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_for(address: str, server: "subprocess.Popen[bytes]") -> None:
    give_up = time.monotonic() + PATIENCE_SECONDS
    while server.poll() is None and time.monotonic() < give_up:
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310
        except OSError:
            time.sleep(0.5)
        else:
            return
    raise SystemExit("the server did not start")


def _take(address: str, question: str) -> None:
    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = _opened(browser, address, 1280)
        _ask(page, question)
        page.screenshot(path=PICTURE)
        talk, answer = page.url, page.locator("#chat a.address").get_attribute("href")
        _filter(page)
        page.screenshot(path=PICTURES / "filters.png")
        for name, where, width, dark in (
            ("dark", talk, 1920, True),
            ("telephone", talk, 390, False),
            ("answer", address.rstrip("/") + str(answer), 1280, False),
            ("conversations", f"{address}talks", 1280, True),
            ("list", f"{address}list?q=ferry", 1280, False),
            ("list-telephone", f"{address}list?q=ferry", 390, True),
            ("said", f"{address}said?speaker=Lucan+Tesh", 1280, False),
            ("quote", f"{address}quote?words={ALTERED}", 1280, False),
        ):
            shown = _opened(browser, where, width, dark=dark)
            shown.wait_for_timeout(1500)
            shown.screenshot(path=PICTURES / f"{name}.png")
            if name == "answer":
                shown.emulate_media(media="print")
                shown.screenshot(path=PICTURES / "print.png", full_page=True)
        browser.close()


def _opened(browser: Browser, address: str, width: int, *, dark: bool = False) -> Page:
    size = ViewportSize(width=width, height=860)
    page = browser.new_page(viewport=size, color_scheme="dark" if dark else "light")
    page.set_default_timeout(PATIENCE_SECONDS * 1000)
    page.goto(address)
    page.locator("#question textarea, main#content").first.wait_for()
    return page


def _filter(page: Page) -> None:
    page.get_by_text("How to answer, and from what").click()
    page.get_by_role("button", name="2022", exact=True).click()
    page.locator("#chips .chip").first.wait_for()
    page.locator("#filters").scroll_into_view_if_needed()
    page.wait_for_timeout(800)


def _ask(page: Page, question: str) -> None:
    page.locator("#question textarea").fill(question)
    page.locator("#question textarea").press("Enter")
    page.locator(".answer .searched, .failure").wait_for()
    page.wait_for_timeout(1000)


if __name__ == "__main__":
    main()
