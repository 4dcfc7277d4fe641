"""A Chroma server is reached at the address that was given: its scheme, its port, its path."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from ingest.archive import Archive
from ingest.archive.chroma_store import chroma_address
from ingest.errors import MorgueError, SettingsError
from ingest.settings import IngestSettings
from tests.fakes import HashingEmbedder
from tests.ingest.archive.dispatches import dispatch


@pytest.mark.parametrize(
    ("given", "reached"),
    [
        ("http://chroma.example", "http://chroma.example:8000"),
        ("http://chroma.example:9000/", "http://chroma.example:9000"),
        ("https://chroma.example", "https://chroma.example"),
        ("https://chroma.example:444/team", "https://chroma.example:444/team"),
        ("http://proxy.example/chroma/", "http://proxy.example/chroma"),
        ("http://[::1]:8001", "http://[::1]:8001"),
    ],
)
def test_an_address_is_taken_as_it_is(given: str, reached: str) -> None:
    assert chroma_address(given) == reached


@pytest.mark.parametrize("given", ["chroma.example", "http://", "http://x:port", "ftp://x"])
def test_what_is_no_address_is_told(given: str) -> None:
    with pytest.raises(SettingsError, match="is no address"):
        chroma_address(given)


@contextmanager
def refusing(asked: list[str]) -> Iterator[str]:
    """Serve nothing at all, and note what was asked for."""

    class Refusing(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_the_path_of_an_address_is_asked_for(tmp_path: Path) -> None:
    asked: list[str] = []
    with refusing(asked) as address:
        settings = IngestSettings(embedder="none", chroma_url=f"{address}/behind/a/proxy")
        with Archive.open(
            tmp_path, create=True, settings=settings, embedder=HashingEmbedder(8)
        ) as archive:
            archive.put([dispatch(1)])
            with pytest.raises(MorgueError):
                archive.embed()
    assert asked
    assert all(path.startswith("/behind/a/proxy/api/v2/") for path in asked)


def test_the_password_of_an_address_is_told_nobody(tmp_path: Path) -> None:
    with refusing([]) as address:
        signed_in = address.replace("//", "//desk:hunter2x@")
        shards = "..2015=http://desk:hunter2x@127.0.0.1:9; 2016..=http://desk:hunter2x@127.0.0.1:11"
        for url in (
            signed_in, "chroma.example:hunter2x@host", "http://desk:hunter2x@127.0.0.1:9", shards
        ):  # fmt: skip
            settings = IngestSettings(embedder="none", chroma_url=url)
            folder = tmp_path / url.rpartition(":")[2]
            with (
                Archive.open(
                    folder, create=True, settings=settings, embedder=HashingEmbedder(8)
                ) as archive,
                pytest.raises(MorgueError) as told,
            ):
                archive.put([dispatch(1)])
                archive.embed()
            assert "hunter2x" not in f"{told.value} {told.value.hint}"
