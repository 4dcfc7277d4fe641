"""The wheel: built, installed beside nothing of this checkout, it works from any folder."""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the scripts' folder of an environment that holds the wheel and its dependencies.

    The dependencies are those of the running environment, reached by path; a path that is
    reached so brings no editable install along.
    """
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    packages = folder / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}"
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(packages / "site-packages")
    (packages / "site-packages" / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    return folder / "bin"


def run(scripts: Path, *arguments: str, within: Path) -> subprocess.CompletedProcess[str]:
    command = [
        str(scripts / "python"),
        "-c",
        "from assistant.doors.cli.commands import main; main()",
        *arguments,
    ]
    environment = {**os.environ, "MORGUE_EMBEDDER": "none", "PYTHONSAFEPATH": "1"}
    return subprocess.run(
        command, cwd=within, env=environment, capture_output=True, text=True, check=False
    )


def test_the_wheel_holds_the_page_the_prompts_and_the_sample(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {
        "morgue_app/__init__.py",
        "morgue_prompts/write.md",
        "ingest/archive/schema.sql",
        "ingest/sample/articles/articles.jsonl",
        "ingest/py.typed",
        "assistant/py.typed",
    } <= names
    assert not {name for name in names if name.startswith(("tests/", "benchmarks/", "app.py"))}


def test_the_wheel_answers_from_any_folder(installed: Path, tmp_path: Path) -> None:
    articles = tmp_path / "in.jsonl"
    articles.write_text(
        '{"title": "Kiln closes", "date": "2024-05-02", "outlet": "The Tarn Post", "text":'
        ' "The last brick kiln of Oster Tarn closed on Thursday, its owner Ida Brandt said."}\n'
    )
    archive = str(tmp_path / "archive")
    read = run(installed, "ingest", "--archive", archive, str(articles), within=tmp_path)
    assert (read.returncode, read.stderr) == (0, "")
    asked = run(installed, "ask", "--archive", archive, "When did the kiln close?", within=tmp_path)
    assert "closed on Thursday" in asked.stdout


def test_the_wheel_finds_its_prompts_and_its_page(installed: Path, tmp_path: Path) -> None:
    code = (
        "from importlib.metadata import entry_points\n"
        "from assistant.models import prompts\n"
        "from assistant.doors.serving import page\n"
        "print(prompts.names(), page().__module__)"
    )
    environment = {**os.environ, "PYTHONSAFEPATH": "1"}
    done = subprocess.run(
        [str(installed / "python"), "-W", "ignore", "-c", code],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "'write'" in done.stdout
    assert done.stdout.strip().endswith("morgue_app")
