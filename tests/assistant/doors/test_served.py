"""A real `morgue serve`: the examples of docs/api.md run, and it is seen from outside."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from ingest.archive import Archive
from tests.loopback import PATIENT
from tests.otlp_receiver import Receiver, receiving

pytestmark = pytest.mark.slow  # it starts as slowly as the page is imported; .ci/run runs it

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
JAVASCRIPT = ROOT / ".demo" / "javascript" / "node_modules"


@dataclass
class Served:
    """A server that runs, and what it told by the time it has ended."""

    address: str
    folder: Path
    process: "subprocess.Popen[str]"
    receiver: Receiver
    said: str = field(default="")

    def end(self) -> int:
        """End it as a supervisor does, and return its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.said = self.process.communicate(timeout=30)[1]
        return self.process.returncode


@pytest.fixture(scope="module")
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture(scope="module")
def served(
    sample: Archive, receiver: Receiver, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    shutil.copytree(sample.folder, folder / "news")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **{k: v for k, v in os.environ.items() if not k.startswith(("MORGUE_", "OPENAI_"))},
        "XDG_DATA_HOME": str(folder / "data"),
        "MORGUE_EMBEDDER": "none",
        "MORGUE_MODEL": "none",
        "MORGUE_LOG": "requests",
        "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url,
    }
    command = [sys.executable, "-m", "assistant", "serve", "--archive", str(folder / "news")]
    process = subprocess.Popen(
        [*command, "--port", str(port)], env=environment, cwd=ROOT, text=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    found = Served(address, folder, process, receiver)
    try:
        wait(found)
        yield found
    finally:
        found.end()


def wait(served: Served) -> None:
    for _ in range(600):
        try:
            httpx.get(f"{served.address}/ready").raise_for_status()
        except httpx.HTTPError:
            assert served.process.poll() is None, served.process.communicate()[1]
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server is not ready")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def test_each_example_for_curl_is_answered(served: Served) -> None:
    if shutil.which("curl") is None:
        pytest.skip("there is no curl")
    (served.folder / "dump.jsonl").write_text('{"title": "Figs", "text": "The figs failed."}\n')
    examples = [block for block in blocks("sh") if block.startswith("curl")]
    replies = []
    for example in examples:
        command = example.replace("curl -s", "curl -sS --fail-with-body").replace(
            "localhost:7860", served.address.removeprefix("http://")
        )
        done = subprocess.run(
            command, shell=True, cwd=served.folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, (command, done.stdout, done.stderr)
        replies.append(json.loads(done.stdout))
    told = {"kind", "hits", "claims", "job_id", "articles", "quotations"}
    assert [set(reply) & told for reply in replies] == [
        {"kind", "claims"},
        {"claims", "quotations"},
        {"hits"},
        {"kind", "claims", "articles"},
        {"claims"},
        {"job_id"},
    ]


def test_the_example_in_javascript_runs(served: Served) -> None:
    if shutil.which("node") is None:
        pytest.skip("there is no node")
    if not (JAVASCRIPT / "openai").is_dir():
        pytest.skip("openai for node is not here: run `make javascript`")
    (program,) = blocks("js")
    (served.folder / "node_modules").symlink_to(JAVASCRIPT)
    file = served.folder / "example.mjs"
    file.write_text(program.replace("http://127.0.0.1:7860", served.address))
    done = subprocess.run(
        ["node", str(file)], cwd=served.folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "the coastguard said" in done.stdout
    assert re.search(r"^1 \S+ \d+ .*coastguard", done.stdout, re.MULTILINE)
    assert "Perdita" in done.stdout


def test_it_ends_in_order_and_has_told_its_doings_but_no_words(served: Served) -> None:
    body = {"question": "What did the coastguard say?"}
    answer = httpx.post(
        f"{served.address}/v1/ask", json=body, headers={"X-Request-ID": "t-1"}, timeout=PATIENT
    )
    scraped = httpx.get(f"{served.address}/metrics", timeout=PATIENT).text
    assert served.end() == 0
    lines = [json.loads(line) for line in served.said.splitlines() if line.startswith("{")]
    (line,) = [line for line in lines if line.get("request_id") == "t-1"]
    assert (line["route"], line["status"], line["key"]) == ("/v1/ask", 200, None)
    told = served.receiver.told()
    assert {"morgue.request", "morgue.answer", "morgue.search", "morgue.check"} <= told
    assert {"http.server.request.duration", "morgue.answers", "morgue.archive.articles"} <= told
    assert answer.json()["kind"] == "answer"
    assert 'morgue_answers_total{mode="quotes",outcome="answer"}' in scraped
    assert not [
        text for text in (served.said, scraped, served.receiver.text()) if "coastguard" in text
    ]
