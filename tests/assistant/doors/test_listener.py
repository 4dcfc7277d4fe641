"""What is let in before anybody knows who asks, over real sockets: at every door alike."""

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator, Iterator
from http.client import HTTPResponse
from pathlib import Path
from threading import Event, Thread

import httpx
import pytest
from starlette.responses import StreamingResponse

from assistant.doors.api import Rules, create_app
from assistant.doors.api.entry import MOST_HEAD
from assistant.doors.keyring import Keyring
from ingest.archive.papers import FolderPapers
from tests.assistant.doors.test_serving import connected
from tests.loopback import PATIENT, serving
from tests.newsroom import ScriptedNewsroom

DOORS = [
    ("POST", "/v1/ask"),
    ("POST", "/v1/chat/completions"),
    ("POST", "/v1/responses"),
    ("POST", "/mcp"),
    ("POST", "/gradio_api/queue/join"),
    ("POST", "/gradio_api/upload"),
    ("POST", "/gradio_api/run/predict"),
    ("POST", "/"),
    ("POST", "/health"),
    ("PUT", "/nonsense"),
]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Serve every door there is, with limits that a test can reach."""
    from app import mount as page
    from assistant.doors import mcp

    newsroom = ScriptedNewsroom()
    rules = Rules(most_bytes=100_000, body_seconds=0.5, hosts=("127.0.0.1", "x"))
    app = mcp.mount(create_app(newsroom, rules), newsroom)  # type: ignore[arg-type]
    with serving(page(app, newsroom)) as address:
        yield address


def head(method: str, path: str, *more: str) -> bytes:
    lines = ["Host: 127.0.0.1", "Content-Type: application/json", *more]
    return "\r\n".join([f"{method} {path} HTTP/1.1", *lines, "", ""]).encode()


def told(client: socket.socket) -> tuple[int, dict[str, object]]:
    """Return the status and the document of what comes back."""
    client.settimeout(10)
    reply = HTTPResponse(client)
    reply.begin()
    return reply.status, json.loads(reply.read())


@pytest.mark.parametrize(("method", "path"), DOORS)
def test_a_long_body_is_refused_before_it_has_come(address: str, method: str, path: str) -> None:
    with connected(address) as client:
        client.sendall(head(method, path, "Content-Length: 300000000"))
        client.sendall(b"[" * 100_001)
        status, problem = told(client)
    assert (status, problem["title"]) == (413, "Too long")


@pytest.mark.parametrize(("method", "path"), DOORS)
def test_a_body_in_pieces_is_counted_too(address: str, method: str, path: str) -> None:
    piece = b"8000\r\n" + b"[" * 0x8000 + b"\r\n"
    with connected(address) as client:
        client.sendall(head(method, path, "Transfer-Encoding: chunked"))
        client.sendall(piece * 4)
        status, problem = told(client)
    assert (status, problem["title"]) == (413, "Too long")


@pytest.mark.parametrize(("method", "path"), DOORS)
def test_a_body_that_does_not_come_is_not_waited_for(address: str, method: str, path: str) -> None:
    with connected(address) as client:
        client.sendall(head(method, path, "Content-Length: 1000") + b"{")
        status, problem = told(client)
    assert (status, problem["title"]) == (408, "Timeout")


@pytest.mark.parametrize(("method", "path"), [*DOORS, ("GET", "/"), ("GET", "/v1/status")])
@pytest.mark.parametrize("whole", [True, False])
def test_a_long_head_is_refused_before_a_key_is_looked_at(
    address: str, method: str, path: str, whole: bool
) -> None:
    long = head(method, path, *(f"X-{n}: {'y' * 1000}" for n in range(40)))
    with connected(address) as client:
        client.sendall(long if whole else long[:-2])
        status, problem = told(client)
    assert (status, problem["title"]) == (431, "Too long")
    assert len(long) > MOST_HEAD


@pytest.mark.parametrize("first", [b"", b"GET / HTTP/1.1\r\nHost: x\r\n"])
def test_a_head_that_does_not_come_is_not_waited_for(address: str, first: bytes) -> None:
    with connected(address) as client:
        for n in range(3):  # a client that drips is no faster than one that is silent
            client.sendall(first if n == 0 else f"X-{n}: y\r\n".encode() if first else b"")
            time.sleep(0.1)
        client.settimeout(10)
        came = client.recv(65536)
    assert came.startswith(b"HTTP/1.1 408") if first else came == b""


def test_a_second_head_on_a_connection_is_not_waited_for_either(address: str) -> None:
    with connected(address) as client:
        client.sendall(head("GET", "/health"))
        assert told(client)[0] == 200
        client.sendall(b"GET /health HTTP/1.1\r\n")
        client.settimeout(10)
        assert client.recv(65536).startswith(b"HTTP/1.1 408")


def test_what_is_no_request_is_a_problem(address: str) -> None:
    with connected(address) as client:
        client.sendall(b"\x16\x03\x01 hello\r\n\r\n")
        status, problem = told(client)
    assert (status, problem["title"]) == (400, "Invalid request")


@pytest.mark.parametrize("path", ["/", "/gradio_api/info", "/config", "/v1/status", "/health"])
@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
@pytest.mark.parametrize("origin", ["https://evil.example", "http://127.0.0.1:1", "null"])
def test_no_other_site_is_told_that_it_may_read(
    address: str, path: str, method: str, origin: str
) -> None:
    asks = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    reply = httpx.request(method, f"{address}{path}", headers=asks, timeout=PATIENT)
    assert "access-control-allow-origin" not in reply.headers


@pytest.mark.parametrize("path", ["/", "/gradio_api/queue/join", "/mcp", "/v1/ask"])
def test_no_other_site_may_write(address: str, path: str) -> None:
    reply = httpx.post(
        f"{address}{path}", json={}, headers={"Origin": "https://evil.example"}, timeout=PATIENT
    )
    assert (reply.status_code, reply.json()["error"]["kind"]) == (403, "Forbidden")


@pytest.mark.parametrize(
    "path", ["/", "/config", "/v1/status", "/v1/nonsense", "/health", "/docs", "/nonsense"]
)
def test_a_browser_is_told_what_it_may_do_with_each_reply(address: str, path: str) -> None:
    told = httpx.get(f"{address}{path}", timeout=PATIENT).headers
    assert told["x-content-type-options"] == "nosniff"
    assert told["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in told["content-security-policy"]
    page = path in {"/", "/config", "/nonsense"}
    assert ("default-src 'self'" in told["content-security-policy"]) == page


@pytest.mark.parametrize("host", ["evil.example", "evil.example:7860", "127.0.0.1.evil.example"])
@pytest.mark.parametrize("path", ["/", "/v1/status", "/mcp", "/health"])
def test_no_other_name_leads_here(address: str, host: str, path: str) -> None:
    reply = httpx.get(f"{address}{path}", headers={"Host": host}, timeout=PATIENT)
    assert (reply.status_code, reply.json()["error"]["kind"]) == (400, "WrongHost")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/v1/ask", "POST"),
        ("DELETE", "/v1/articles/a1", "GET"),
        ("PUT", "/v1/chat/completions", "POST"),
        ("POST", "/health", "GET, HEAD"),
        ("POST", "/docs", "GET"),
    ],
)
def test_a_wrong_method_is_told_the_right_one_beside_the_page_too(
    address: str, method: str, path: str, allowed: str
) -> None:
    reply = httpx.request(method, f"{address}{path}", timeout=PATIENT)
    assert (reply.status_code, reply.headers["allow"]) == (405, allowed)
    assert reply.json()["error"]["kind"] == "NotAllowed"


@pytest.mark.parametrize("path", ["/v1/nonsense", "/nonsense", "/gradio_api/nonsense"])
def test_an_address_that_is_none_is_told_in_the_same_shape(address: str, path: str) -> None:
    reply = httpx.get(f"{address}{path}", timeout=PATIENT)
    assert (reply.status_code, reply.json()["error"]["kind"]) == (404, "NotFound")


@pytest.mark.parametrize("path", ["/health", "/ready"])
def test_a_look_without_a_body_is_answered(address: str, path: str) -> None:
    reply = httpx.head(f"{address}{path}", timeout=PATIENT)
    assert (reply.status_code, reply.content) == (200, b"")


def test_who_has_no_key_is_refused_before_a_body_comes(tmp_path: Path) -> None:
    keys = Keyring(FolderPapers(tmp_path))
    with (
        serving(create_app(ScriptedNewsroom(), Rules(keys=keys, keys_needed=True))) as address,
        connected(address) as client,
    ):
        client.sendall(head("POST", "/v1/ask", "Content-Length: 900000"))
        status, _ = told(client)
    assert status == 401


def test_a_bug_is_a_problem_with_the_request_s_id() -> None:
    with serving(create_app(ScriptedNewsroom())) as address:
        asked = {"question": "bug"}
        reply = httpx.post(
            f"{address}/v1/ask", json=asked, headers={"X-Request-ID": "b-1"}, timeout=PATIENT
        )
    assert (reply.status_code, reply.headers["x-request-id"]) == (500, "b-1")
    assert reply.json()["request_id"] == "b-1"


def test_who_waits_is_told_when_the_server_ends_and_nobody_is_waited_for() -> None:
    newsroom = ScriptedNewsroom()
    said: dict[bool, httpx.Response] = {}

    def ask(address: str, stream: bool) -> None:
        body = {"question": "slow", "stream": stream}
        said[stream] = httpx.post(f"{address}/v1/ask", json=body, timeout=30)

    asking: list[Thread] = []

    def open_when_all_are_told() -> None:
        for thread in asking:
            thread.join(30)
        newsroom.gate.set()

    with serving(create_app(newsroom)) as address:
        asking += [Thread(target=ask, args=(address, stream)) for stream in (True, False)]
        for thread in asking:
            thread.start()
        while len(newsroom.histories) < 2:
            time.sleep(0.02)
        later = Thread(target=open_when_all_are_told)
        later.start()
    later.join()
    assert (said[False].status_code, said[False].json()["error"]["kind"]) == (503, "Stopping")
    *_, last = said[True].text.strip().split("\n\n")
    assert last.startswith("event: error")
    assert json.loads(last.partition("data: ")[2])["error"]["kind"] == "Stopping"


def test_a_stream_that_is_broken_off_ends_with_its_last_words() -> None:
    app, lasting = create_app(ScriptedNewsroom()), Event()

    @app.get("/lasting")
    async def flow() -> StreamingResponse:
        async def forever() -> AsyncIterator[bytes]:
            yield b"first"
            await asyncio.sleep(60)

        return StreamingResponse(forever())

    app.state.farewells["/lasting"] = b" and last"
    heard: list[bytes] = []

    def listen(address: str) -> None:
        with httpx.stream("GET", f"{address}/lasting", timeout=PATIENT) as reply:
            for piece in reply.iter_raw():
                heard.append(piece)
                lasting.set()

    with serving(app) as address:
        listening = Thread(target=listen, args=(address,))
        listening.start()
        assert lasting.wait(PATIENT)
    listening.join()
    assert b"".join(heard) == b"first and last"
