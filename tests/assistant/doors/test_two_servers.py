"""Two real `morgue serve` over one PostgreSQL: what is begun at one goes on at the other."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from secrets import token_hex

import httpx
import pytest

from tests.assistant.doors.test_served import ROOT
from tests.postgres_server import TemporaryServer

pytestmark = pytest.mark.slow  # each starts as slowly as the page is imported; .ci/run runs it

PASSWORD = "quiet harbour nine lamps"
ROW = {"id": "1", "outlet": "Mast", "title": "Pier", "text": "The pier at Orm opens in May."}


def surroundings(folder: Path, url: str) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("MORGUE_", "OPENAI_"))}
    return {
        **kept, "XDG_DATA_HOME": str(folder / "data"), "MORGUE_ARCHIVE": str(folder / "news"),
        "MORGUE_DATABASE": url, "MORGUE_EMBEDDER": "none", "MORGUE_MODEL": "none",
        "MORGUE_SIGN_IN": "always", "MORGUE_RATE": "60",
    }  # fmt: skip


def morgue(folder: Path, url: str, *words: str, given: str = "") -> None:
    done = subprocess.run(
        [sys.executable, "-m", "assistant", *words], env=surroundings(folder, url), cwd=ROOT,
        input=given, text=True, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@contextmanager
def served(folder: Path, url: str) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", "serve", "--port", port],
        env=surroundings(folder, url), cwd=ROOT, text=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        yield f"http://127.0.0.1:{port}", process
    finally:
        process.terminate()
        process.communicate(timeout=60)


def ready(address: str, process: "subprocess.Popen[str]") -> None:
    for _ in range(1800):
        try:
            httpx.get(f"{address}/health").raise_for_status()
        except httpx.HTTPError:
            assert process.poll() is None, process.communicate()
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server is not ready")


def ended(client: httpx.Client, address: str, job: str) -> dict[str, object]:
    for _ in range(600):
        told: dict[str, object] = client.get(f"{address}/v1/ingest/{job}").json()
        if told["state"] in {"done", "failed"}:
            return told
        time.sleep(0.2)
    raise AssertionError(told)


def test_what_is_begun_at_one_server_goes_on_at_another(
    postgres: TemporaryServer, tmp_path: Path
) -> None:
    url = f"{postgres.url}&schema=t_{token_hex(8)}"
    one, other = tmp_path / "one", tmp_path / "other"
    (tmp_path / "first.jsonl").write_text(json.dumps({**ROW, "id": "0", "title": "Roof"}))
    morgue(one, url, "ingest", str(tmp_path / "first.jsonl"))
    morgue(one, url, "people", "add", "anna", "--admin", given=PASSWORD + "\n")
    with served(one, url) as (first, a), served(other, url) as (second, b):
        ready(first, a)
        ready(second, b)
        with httpx.Client(timeout=120) as client:
            assert client.get(f"{second}/v1/records").status_code == 401
            form = {"name": "anna", "password": PASSWORD}
            signed_in = client.post(f"{first}/sign-in", data=form)
            assert signed_in.status_code == 303, signed_in.text
            client.headers["Cookie"] = signed_in.headers["set-cookie"].partition(";")[0]
            assert "anna" in client.get(f"{second}/account").text
            sent = client.post(f"{first}/v1/ingest?name=day.jsonl", content=json.dumps(ROW))
            told = ended(client, second, sent.json()["job_id"])
            assert told["state"] == "done", told
            assert client.get(f"{first}/v1/ingest/{told['job_id']}").json() == told
            asked = client.post(f"{first}/v1/ask", json={"question": "When does the pier open?"})
            record = asked.json()["record_id"]
            assert client.get(f"{second}/v1/records/{record}").status_code == 200
            again = client.post(f"{second}/v1/ask", json={"question": "When does the pier open?"})
            assert again.json()["kind"] == asked.json()["kind"] == "answer"
            a.terminate()
            assert a.wait(30) == 0
            assert "anna" in client.get(f"{second}/account").text
            refused = [
                client.post(f"{second}/sign-in", data={**form, "password": "wrong " * 3})
                for _ in range(6)
            ][-1]
            assert refused.status_code == 429
