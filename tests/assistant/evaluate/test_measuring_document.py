"""docs/measuring.md: its commands and programs run as they stand."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.evaluate.metrics import NAMES

ROOT = Path(__file__).resolve().parents[3]
DOCUMENT = (ROOT / "docs" / "measuring.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", DOCUMENT, re.DOTALL | re.MULTILINE)


@pytest.fixture
def desk(tmp_path: Path) -> tuple[Path, dict[str, str]]:
    """Return a folder where `morgue` and the sample are, and the environment to run in."""
    command = tmp_path / "bin" / "morgue"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m assistant "$@"\n')
    command.chmod(0o755)
    (tmp_path / "ingest").symlink_to(ROOT / "ingest")
    return tmp_path, {
        **os.environ,
        "PATH": f"{command.parent}:{os.environ['PATH']}",
        "MORGUE_ARCHIVE": str(tmp_path / "archive"),
        "MORGUE_EMBEDDER": "none",
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
    }


@pytest.mark.slow
def test_the_commands_run_in_their_order(desk: tuple[Path, dict[str, str]]) -> None:
    folder, environment = desk
    script = "set -e\n" + "".join(blocks("console"))
    done = subprocess.run(
        ["sh", "-c", script], cwd=folder, env=environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "nothing fell below its floor" in done.stdout
    assert (folder / "report.html").read_text().count("<article>") == 2


def test_the_programs_run(desk: tuple[Path, dict[str, str]]) -> None:
    folder, environment = desk
    checker, theirs, evaluator = blocks("python")
    (folder / "checker.py").write_text(checker)
    (folder / "test_theirs.py").write_text(theirs)
    (folder / "evaluator.py").write_text(evaluator)
    passed, found, printed = (
        subprocess.run(
            [sys.executable, *command], cwd=folder, env=environment, capture_output=True,
            text=True, check=False,
        ).stdout
        for command in (["-m", "pytest", "-q", "test_theirs.py"], ["checker.py"], ["evaluator.py"])
    )  # fmt: skip
    assert "1 passed" in passed
    assert found.split()[0] in {"contradicted", "partly", "unsupported"}
    assert printed == "True 1.0\n"


def test_every_figure_that_is_named_is_one() -> None:
    families = "answer|citation|quote|speaker|support|recall|paraphrase|strong|conflict"
    named = re.findall(rf"`((?:{families})[_@][a-z0-9_*@k]+)`", DOCUMENT)
    assert named
    for name in named:
        start = name.replace("@k", "@").rstrip("*")
        assert any(known.startswith(start) for known in NAMES), name


def test_every_figure_of_the_sets_is_explained() -> None:
    families = ("paraphrase_", "strong_", "conflict_", "support_")
    for name in (name for name in NAMES if name.startswith(families)):
        assert f"`{name}`" in DOCUMENT, name
