"""The API over real sockets: many at once, clients that dawdle or leave, one answer everywhere."""

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from assistant.answer import Step
from assistant.ask import Assistant
from assistant.doors.api import Rules, create_app
from assistant.render import to_json
from assistant.settings import Settings
from ingest.archive import Archive
from tests.loopback import PATIENT, serving
from tests.newsroom import ScriptedNewsroom
from tests.openai_server import OpenAIServer, Reply

QUESTION = "What did the foreign ministry say about associate membership?"


@pytest.fixture(scope="module")
def address(sample: Archive) -> Iterator[str]:
    with serving(create_app(Assistant(sample))) as address:
        yield address


def steady(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document without what is of one answer alone: its times and its record."""
    return {k: v for k, v in document.items() if k not in {"seconds", "record_id", "reading"}}


def test_the_command_the_api_its_stream_and_python_say_the_same(
    address: str, sample: Archive
) -> None:
    body = {"question": QUESTION, "mode": "quotes"}
    by_api = httpx.post(f"{address}/v1/ask", json=body, timeout=PATIENT).json()
    stream = httpx.post(f"{address}/v1/ask", json={**body, "stream": True}, timeout=PATIENT).text
    by_stream = json.loads(stream.rpartition("data: ")[2])
    by_python = to_json(Assistant(sample).ask(QUESTION, mode="quotes"))
    command = ["ask", QUESTION, "--mode", "quotes", "--json", "--archive", str(sample.folder)]
    done = subprocess.run(
        [sys.executable, "-m", "assistant", *command], capture_output=True, text=True, check=True,
        env={**os.environ, "MORGUE_EMBEDDER": "none", "PATH": ""},
    )  # fmt: skip
    assert by_api["kind"] == "answer"
    assert steady(by_api) == steady(json.loads(json.dumps(by_python)))
    assert steady(by_api) == steady(by_stream) == steady(json.loads(done.stdout))


def test_two_hundred_at_once_are_all_answered_alike(address: str) -> None:
    async def ask_all() -> list[httpx.Response]:
        limits = httpx.Limits(max_connections=200)
        async with httpx.AsyncClient(timeout=120, limits=limits) as client:
            body = {"query": "associate membership", "k": 3}
            asking = [client.post(f"{address}/v1/search", json=body) for _ in range(200)]
            return await asyncio.gather(*asking)

    replies = asyncio.run(ask_all())
    assert {reply.status_code for reply in replies} == {200}
    assert len({reply.text for reply in replies}) == 1


def connected(address: str) -> socket.socket:
    place = urlsplit(address)
    return socket.create_connection((str(place.hostname), place.port or 80), timeout=10)


def head(path: str, length: int) -> bytes:
    return (
        f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        f"Content-Length: {length}\r\n\r\n"
    ).encode()


def test_a_client_that_sends_a_byte_at_a_time_is_told_that_it_is_too_slow() -> None:
    impatient = create_app(ScriptedNewsroom(), Rules(body_seconds=0.3))
    with serving(impatient) as address, connected(address) as client:
        client.sendall(head("/v1/search", 1000))
        for _ in range(5):
            client.sendall(b"{")
            time.sleep(0.1)
        assert client.recv(100).startswith(b"HTTP/1.1 408")


def test_a_client_that_stops_reading_keeps_nobody_waiting(address: str) -> None:
    body = json.dumps({"question": QUESTION, "stream": True}).encode()
    idle = [connected(address) for _ in range(20)]
    try:
        for client in idle:
            client.sendall(head("/v1/ask", len(body)) + body)
        reply = httpx.post(f"{address}/v1/search", json={"query": "membership"}, timeout=30)
        assert reply.status_code == 200
    finally:
        for client in idle:
            client.close()


@dataclass(kw_only=True)
class PatientNewsroom(ScriptedNewsroom):
    """Says its sentences without end, until its reader leaves."""

    begun: Event = field(default_factory=Event)
    left: Event = field(default_factory=Event)

    def steps(self, question: str, **how: Any) -> Iterator[Step]:
        """Repeat the steps of an answer for ever."""
        first = list(super().steps("What did the ministry say?"))[:3]
        self.begun.set()
        try:
            while True:
                yield from first
                time.sleep(0.02)
        finally:
            self.left.set()


@pytest.mark.parametrize("stream", [True, False])
def test_an_answer_ends_when_its_client_leaves(stream: bool) -> None:
    newsroom = PatientNewsroom()
    body = json.dumps({"question": "What?", "stream": stream}).encode()
    with serving(create_app(newsroom)) as address:
        with connected(address) as client:
            client.sendall(head("/v1/ask", len(body)) + body)
            if stream:
                assert client.recv(100).startswith(b"HTTP/1.1 200")
            assert newsroom.begun.wait(10)
            assert not newsroom.left.is_set()
        assert newsroom.left.wait(10)


@dataclass(kw_only=True)
class ThoroughNewsroom(ScriptedNewsroom):
    """Has something left to do when its answer is told."""

    done: Event = field(default_factory=Event)

    def steps(self, question: str, **how: Any) -> Iterator[Step]:
        """Play the steps, and clear the desk."""
        yield from super().steps(question, **how)
        time.sleep(0.2)
        self.done.set()


def test_an_answer_is_sent_once_its_work_has_ended() -> None:
    newsroom = ThoroughNewsroom()
    with serving(create_app(newsroom)) as address:
        httpx.post(
            f"{address}/v1/ask", json={"question": "What did the ministry say?"}, timeout=PATIENT
        )
        assert newsroom.done.is_set()


@pytest.mark.parametrize("stream", [True, False])
def test_those_who_left_a_silent_model_keep_nobody_waiting(sample: Archive, stream: bool) -> None:
    body = json.dumps({"question": QUESTION, "mode": "written", "stream": stream}).encode()
    with OpenAIServer(Reply(text="late", delay=60)) as model:
        desk = Assistant(sample, Settings(base_url=model.url, model="scripted"))
        with serving(create_app(desk)) as address:
            clients = [connected(address) for _ in range(9)]
            for client in clients:
                client.sendall(head("/v1/ask", len(body)) + body)
            deadline = time.monotonic() + 30
            while len(model.chats) < 8 and time.monotonic() < deadline:
                time.sleep(0.05)
            for client in clients:
                client.close()
            asked = {"question": QUESTION, "mode": "quotes"}
            answer = httpx.post(f"{address}/v1/ask", json=asked, timeout=20).json()
    assert answer["kind"] == "answer"


PAGE = (Path(__file__).parents[3] / "docs" / "api.md").read_text(encoding="utf-8")


def test_the_program_of_the_page_on_http_runs(address: str) -> None:
    (program,) = re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    done = subprocess.run(
        [sys.executable, "-c", program.replace("http://127.0.0.1:7860", address)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "the coastguard said" in done.stdout


def test_every_route_is_on_the_page_on_http() -> None:
    shown = {*re.findall(r"`(?:GET|POST|DELETE) (/[^`?]*)`", PAGE), "/v1/models/{model}", "/docs"}
    shown.remove("/feeds/{token}")  # for feed readers, who bring no key
    assert set(create_app(ScriptedNewsroom()).openapi()["paths"]) == shown
