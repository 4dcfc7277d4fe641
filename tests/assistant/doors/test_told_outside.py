"""What a broken store tells over a network: what is wrong, and nothing of where it is."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.ask import Assistant
from assistant.doors import mcp
from assistant.doors.api import Rules, create_app
from assistant.settings import Settings
from ingest.archive import Archive
from ingest.archive.catalogue import CATALOGUE
from ingest.settings import IngestSettings
from tests.ingest.archive.dispatches import article
from tests.postgres_server import TemporaryServer

WORDS = "The pier at Orm opens in May."
TOOL = {"jsonrpc": "2.0", "id": 1, "method": "tools/call"}
DOORS: dict[str, tuple[str, object]] = {
    "health": ("/health", None),
    "ready": ("/ready", None),
    "status": ("/v1/status", None),
    "search": ("/v1/search", {"query": "pier"}),
    "ask": ("/v1/ask", {"question": "When does the pier open?"}),
    "stream": ("/v1/ask", {"question": "When does the pier open?", "stream": True}),
    "list": ("/v1/list", {"query": "pier"}),
    "article": ("/v1/articles/0000000000000000", None),
    "chat completions": (
        "/v1/chat/completions",
        {"model": "morgue", "messages": [{"role": "user", "content": "When does the pier open?"}]},
    ),
    "a tool": (
        "/mcp", {**TOOL, "params": {"name": "search_archive", "arguments": {"query": "pier"}}}
    ),
}  # fmt: skip


def stopped(request: pytest.FixtureRequest, folder: Path) -> tuple[str | None, Callable[[], None]]:
    """Return the address of a database, and what cuts it off."""
    server: TemporaryServer = request.getfixturevalue("postgres")
    request.addfinalizer(server.start)
    return f"{server.url}&schema=told_{folder.parent.name.replace('-', '_')}", server.stop


def damaged(_: pytest.FixtureRequest, folder: Path) -> tuple[str | None, Callable[[], None]]:
    """Return no address, and what writes over the file of the catalogue."""

    def damage() -> None:
        for file in folder.glob(f"{CATALOGUE}*"):
            file.write_bytes(b"\xff" * file.stat().st_size)

    return None, damage


@pytest.fixture(scope="module", params=[damaged, stopped], ids=["folder", "postgres"])
def broken(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[TestClient, tuple[str, ...]]]:
    """Return a client of a server whose catalogue went away, and what nobody is to be told."""
    folder = tmp_path_factory.mktemp("kept") / "archive"
    database, breaks = request.param(request, folder)
    settings = IngestSettings(embedder="none", database=database)
    with Archive.open(folder, create=True, settings=settings) as archive:
        archive.put([article("a", ("headline", "Pier"), ("body", WORDS))])
        assistant = Assistant(archive, Settings(model="none"))
        app = create_app(assistant, Rules())
        with TestClient(mcp.mount(app, assistant), raise_server_exceptions=False) as client:
            breaks()
            secret = (str(folder), CATALOGUE, "secret-word", "keeper", "socket", "/tmp/")
            yield client, secret


@pytest.mark.embedded
@pytest.mark.parametrize("door", DOORS)
def test_the_world_is_told_what_is_wrong_and_the_log_where(
    broken: tuple[TestClient, tuple[str, ...]], door: str, caplog: pytest.LogCaptureFixture
) -> None:
    client, secret = broken
    path, body = DOORS[door]
    with caplog.at_level(logging.WARNING):
        headers = {"Accept": "application/json, text/event-stream"}
        reply = client.get(path) if body is None else client.post(path, json=body, headers=headers)
    told = f"{reply.text} {reply.headers}"
    assert "cannot be used" in told or "damaged" in told
    assert not [one for one in secret if one in told]
    assert any(one in caplog.text for one in (*secret, "not a database", "malformed"))
