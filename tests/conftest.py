"""What every test stands on: no network but loopback, a clean environment."""

import gc
import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

import pytest

from tests import postgres_server
from tests.postgres_server import TemporaryServer

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from ingest.archive import Archive
    from ingest.archive.papers import Papers

SHARED = Path(__file__).resolve().parents[1].parent / "shared" / "data"

SAMPLE = Path(__file__).resolve().parents[1] / "ingest" / "sample" / "articles"

PLUGINS = Path(__file__).parent / "plugins"
"""A package as others offer them: its checker is `tests.fakes.OverlapReader`."""

sys.path.append(str(PLUGINS))

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
OVER_POSTGRES = os.environ.get("MORGUE_TEST_DATABASE") == "postgres"
"""Whether the suite is run over PostgreSQL: `MORGUE_TEST_DATABASE=postgres make test`."""

_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


with suppress(ImportError):  # the ruler alone is tested without it
    from hypothesis import settings

    # A machine with much else to do takes seconds for what takes a moment elsewhere: how long a
    # single example took says nothing.
    settings.register_profile("patient", settings(), deadline=None)
    settings.load_profile("patient")


@pytest.fixture(autouse=True)
def loopback_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that would leave the machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6}:
            host = address[0] if isinstance(address, tuple) else address
            if host not in _LOOPBACK:
                raise AssertionError(f"a test tried to reach {host!r}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session", autouse=True)
def counting_words() -> None:
    """Have a reader that counts words: what reads well is tested where it matters."""
    os.environ["MORGUE_CHECKER"] = "overlap"
    os.environ["PYTHONPATH"] = os.pathsep.join([str(PLUGINS), str(PLUGINS.parents[1])])


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Take away what the developer's own shell has set."""
    for name in list(os.environ):
        if name.startswith(("MORGUE_", "OPENAI_")) and name != "MORGUE_CHECKER":
            monkeypatch.delenv(name)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data-home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config-home"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[TemporaryServer]:
    """Return a PostgreSQL that runs for the tests; skips where none is installed."""
    if why := postgres_server.missing():
        pytest.skip(why)
    with postgres_server.running() as server:
        yield server


@pytest.fixture(scope="session", autouse=True)
def database_of_all(request: pytest.FixtureRequest) -> str | None:
    """Keep catalogues in PostgreSQL where the suite is run over it, each in a schema of its own.

    Those too that are read once for many tests.
    """
    if not OVER_POSTGRES:
        return None
    server: TemporaryServer = request.getfixturevalue("postgres")
    url = f"{server.url}&schema={{folder}}"
    os.environ["MORGUE_DATABASE"] = url
    return url


@pytest.fixture(autouse=True)
def the_database(
    clean_environment: None, database_of_all: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Name it anew: a test's surroundings are clean."""
    if database_of_all:
        monkeypatch.setenv("MORGUE_DATABASE", database_of_all)


@pytest.fixture(scope="session")
def sample_into(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], None]:
    """Return what lays the archive of the sample articles into a folder, without vectors.

    They are read once: an archive is copied as it lies there, where its catalogue does too.
    """
    from ingest.archive import Archive
    from ingest.pipeline import ingest
    from ingest.settings import IngestSettings

    read = tmp_path_factory.mktemp("sample") / "archive"

    def into(folder: Path) -> None:
        made = folder if OVER_POSTGRES else read
        if not made.exists():
            settings = IngestSettings(embedder="none")
            with Archive.open(made, create=True, settings=settings) as archive:
                ingest([SAMPLE], archive)
        if made != folder:
            shutil.copytree(made, folder)

    return into


@pytest.fixture(params=["folder", "postgres"])
def host(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> "Iterator[Callable[[str], Papers]]":
    """Return what people left with one archive as a host finds it, by the name of its folder.

    Hosts share a folder where the archive is one, a database where it is in PostgreSQL.
    """
    # Imported here: the ruler alone is tested where nothing of an archive is installed.
    from ingest.archive.catalogue import Catalogue, database_of
    from ingest.archive.papers import FolderPapers

    if request.param == "folder":
        yield lambda _: FolderPapers(tmp_path / "archive", tmp_path / "reader" / "records")
        return
    server: TemporaryServer = request.getfixturevalue("postgres")
    url = f"{server.url}&schema=t_{token_hex(8)}"
    with ExitStack() as opened:

        def papers(name: str) -> "Papers":
            catalogue = Catalogue(database_of(tmp_path / name, url), create=True)
            return opened.enter_context(closing(catalogue)).database.papers(tmp_path / name)

        yield papers


@pytest.fixture
def papers(host: "Callable[[str], Papers]") -> "Papers":
    """Return what people left with an archive, in files and in PostgreSQL."""
    return host("archive")


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """A browser to drive the page in; skips where the machine has none."""
    if CHROMIUM is None:
        pytest.skip("there is no chromium on this machine's PATH")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Archive]":
    """An archive of the sample articles, searched by words alone."""
    # Imported here, as above.
    from tests.sample_server import sampled

    with sampled(tmp_path_factory.mktemp("sample")) as archive:
        yield archive


@pytest.fixture(scope="module")
def address(sample: "Archive", tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the page is served over the sample archive."""
    from tests.sample_server import serving

    with serving(sample, tmp_path_factory.mktemp("kept")) as address:
        yield address


@pytest.fixture(scope="module", autouse=True)
def nothing_is_left_open() -> Iterator[None]:
    """Collect what a module's tests left: a socket or an event loop still open fails there.

    Otherwise it would be found at a chance moment, and fail whatever test runs then.
    """
    yield
    gc.collect()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what needs the evaluation data where it is not there."""
    if item.get_closest_marker("shared") and not SHARED.is_dir():
        pytest.skip("the evaluation data (../shared/data) is not here")
    if OVER_POSTGRES and item.get_closest_marker("embedded"):
        pytest.skip("it looks into SQLite's own file")


@pytest.fixture
def shared() -> Path:
    """Return the folder of evaluation data."""
    return SHARED
