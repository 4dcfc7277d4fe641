"""A real `morgue serve` that is told to end while a browser and a stream are open."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from ingest.archive import Archive
from tests.assistant.doors.test_listener import head
from tests.assistant.doors.test_served import ROOT
from tests.assistant.doors.test_serving import QUESTION, connected
from tests.ingest.archive.processes import comes_true
from tests.openai_server import OpenAIServer, Reply

pytestmark = pytest.mark.slow  # it starts as slowly as the page is imported; .ci/run runs it


def started(folder: Path, model: str) -> tuple["subprocess.Popen[str]", str]:
    """Start a server over an archive, and return it with its address once it serves."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("MORGUE_", "OPENAI_"))}
    settings = {"MORGUE_EMBEDDER": "none", "MORGUE_MODEL": "scripted", "MORGUE_BASE_URL": model,
                "MORGUE_CHROMA_URL": "http://127.0.0.1:9"}  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", "serve", "--archive", str(folder), "--port", str(port)],
        env={**kept, **settings, "XDG_DATA_HOME": str(folder.parent / "data")},
        cwd=ROOT, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    for _ in range(900):
        try:
            httpx.get(f"{address}/ready").raise_for_status()
        except httpx.HTTPError:
            assert process.poll() is None, process.communicate()
            time.sleep(0.1)
        else:
            return process, address
    raise AssertionError("the server is not ready")


@pytest.mark.parametrize("first", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("again", [True, False])
def test_it_ends_in_order_with_a_browser_and_a_stream_open(
    sample: Archive, tmp_path: Path, first: signal.Signals, again: bool
) -> None:
    shutil.copytree(sample.folder, tmp_path / "news")
    with OpenAIServer(Reply(text="late", delay=60)) as model:
        process, address = started(tmp_path / "news", model.url)
        try:
            body = json.dumps({"question": QUESTION, "mode": "written", "stream": True}).encode()
            with (
                connected(address) as browser,
                connected(address) as stream,
                connected(address) as half,
            ):
                half.sendall(head("POST", "/v1/ask", "Content-Length: 500") + b"{")
                browser.sendall(head("GET", "/gradio_api/heartbeat/abc"))
                stream.sendall(head("POST", "/v1/ask", f"Content-Length: {len(body)}") + body)
                browser.settimeout(20)
                assert browser.recv(1000).startswith(b"HTTP/1.1 200")
                assert comes_true(lambda: bool(model.chats), seconds=60)
                began = time.monotonic()
                process.send_signal(first)
                if again:
                    time.sleep(0.3)
                    process.send_signal(signal.SIGINT)
                printed, said = process.communicate(timeout=30)
                took = time.monotonic() - began
                told = b""
                while piece := stream.recv(65536):
                    told += piece
        finally:
            process.kill()
    assert process.returncode == 0, said
    assert took < 8  # it is three where nothing else runs; the model would take sixty
    assert b"event: error" in told
    assert b'"kind": "Stopping"' in told
    assert printed.startswith(f"the chat: {address}")
    logged = [json.loads(line) for line in said.splitlines()]
    assert [(one["logger"], one["status"]) for one in logged] == [("morgue.requests", 503)]


def test_a_port_that_is_taken_is_a_failure_in_words(sample: Archive, tmp_path: Path) -> None:
    shutil.copytree(sample.folder, tmp_path / "news")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-m", "assistant", "serve", "--archive", str(tmp_path / "news"),
             "--port", port],
            env={**os.environ, "MORGUE_EMBEDDER": "none", "MORGUE_MODEL": "none",
                 "MORGUE_CHROMA_URL": "http://127.0.0.1:9"},
            cwd=ROOT, text=True, capture_output=True, check=False,
        )  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"morgue: nothing can be served at 127.0.0.1:{port}:")
