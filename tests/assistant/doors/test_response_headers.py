"""What every response of every door tells a browser, whoever made it."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from starlette.routing import BaseRoute, Route
from starlette.testclient import TestClient

from assistant.doors import mcp, web
from assistant.doors.api import Rules, create_app
from assistant.doors.api.response_headers import GUARDS
from assistant.doors.keyring import Keyring
from ingest.archive.papers import FolderPapers
from tests.assistant.doors.test_serving import connected
from tests.loopback import PATIENT, serving
from tests.newsroom import ScriptedNewsroom

ORIGIN = "https://desk.example"
KEPT_LONGER = {"/looks/page.css", "/theme.css"}
"""What came with the program."""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> tuple[FastAPI, str]:
    """Return every door there is, and a key to them."""
    from app import mount as page

    newsroom = ScriptedNewsroom()
    keys = Keyring(FolderPapers(tmp_path_factory.mktemp("keys")))
    key, _ = keys.add("desk")
    api = create_app(newsroom, Rules(keys=keys, keys_needed=True, origins=(ORIGIN,)))
    mcp.mount(api, newsroom)  # type: ignore[arg-type]
    return page(web.mount(api, newsroom), newsroom), key


@pytest.fixture(scope="module")
def client(house: tuple[FastAPI, str]) -> Iterator[TestClient]:
    with TestClient(house[0], raise_server_exceptions=False) as client:
        yield client


def addresses(routes: list[BaseRoute]) -> Iterator[tuple[str, str]]:
    """Yield a method and an address of each route of ours, whatever it asks for."""
    for route in routes:
        if isinstance(route, Route) and "{rest:path}" not in route.path:
            filled = "/".join("x" if "{" in part else part for part in route.path.split("/"))
            for method in sorted(route.methods or ()):
                yield method, filled


OTHERS = [
    ("GET", "/"), ("GET", "/config"), ("GET", "/theme.css"), ("GET", "/looks/page.css"),
    ("GET", "/gradio_api/info"), ("POST", "/gradio_api/queue/join"), ("GET", "/nonsense"),
    ("GET", "/v1/nonsense"), ("DELETE", "/v1/ask"), ("POST", "/mcp"), ("GET", "/feeds/x"),
]  # fmt: skip


@pytest.mark.parametrize("with_key", [True, False])
def test_each_response_is_neither_guessed_framed_nor_kept(
    house: tuple[FastAPI, str], client: TestClient, with_key: bool
) -> None:
    api, key = house
    told = {"Authorization": f"Bearer {key}"} if with_key else {}
    asked = [*addresses(api.routes), *OTHERS]
    assert len(asked) > 40
    for method, path in asked:
        reply = client.request(method, path, headers=told)
        lacking = [name for name in GUARDS if name.lower() not in reply.headers]
        assert lacking == [], (method, path)
        assert "frame-ancestors 'none'" in reply.headers["content-security-policy"], (method, path)
        if path not in KEPT_LONGER:
            assert "private" in reply.headers["cache-control"], (method, path)


def test_what_a_browser_asks_before_it_asks_is_answered_so_too(client: TestClient) -> None:
    asks = {"Origin": ORIGIN, "Access-Control-Request-Method": "POST"}
    for origin in (ORIGIN, "https://evil.example"):
        reply = client.options("/v1/ask", headers={**asks, "Origin": origin})
        assert [name for name in GUARDS if name.lower() not in reply.headers] == []


def test_what_is_refused_before_it_is_a_request_is_answered_so_too(tmp_path: Path) -> None:
    with serving(create_app(ScriptedNewsroom())) as address, connected(address) as client:
        client.sendall(b"this is no HTTP\r\n\r\n")
        client.settimeout(10)
        said = client.recv(65_536).decode().lower()
        assert [name for name in GUARDS if f"\r\n{name.lower()}: " not in said] == []
        assert "\r\ncache-control: private, no-store\r\n" in said


def test_no_response_says_what_it_is_served_by() -> None:
    with serving(create_app(ScriptedNewsroom())) as address:
        reply = httpx.get(f"{address}/health", timeout=PATIENT)
        assert {"server", "x-powered-by", "via"} & set(reply.headers) == set()
