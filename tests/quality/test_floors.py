"""How good the sample archive's answers are never falls unseen: `morgue eval --floor`."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAMPLE = ROOT / "ingest" / "sample"
FLOORS = Path(__file__).with_name("floors.json")


def morgue(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "MORGUE_EMBEDDER": "none", "MORGUE_ARCHIVE": str(folder),
                   "MORGUE_CHECKER": "auto",
                   "XDG_CACHE_HOME": str(folder.parent / "cache")}  # fmt: skip
    return subprocess.run(
        [sys.executable, "-m", "assistant", *arguments],
        cwd=folder.parent, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, sample_into: Callable[[Path], None]) -> Path:
    folder = tmp_path_factory.mktemp("floors") / "archive"
    sample_into(folder)
    return folder


@pytest.mark.parametrize(
    ("floors", "arguments"),
    [(FLOORS, []), (FLOORS.with_name("floors-without-gold.json"), ["--without-gold"])],
    ids=["with the articles that answer", "without them"],
)
def test_no_figure_of_the_sample_archive_falls_below_its_floor(
    archive: Path, floors: Path, arguments: list[str]
) -> None:
    done = morgue(
        archive, "eval", str(SAMPLE / "questions.jsonl"), "--floor", str(floors), *arguments
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "nothing fell below its floor" in done.stdout
