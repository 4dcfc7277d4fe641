"""What the documents say is so: their commands run, and what the code has stands in them."""

import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from assistant.doors.cli.commands import morgue
from assistant.errors import AnswerError
from assistant.settings import Alerting, Keeping, OpenIdConnect, Planning, Serving, SigningIn
from assistant.settings import Settings as AssistantSettings
from ingest.errors import MorgueError
from ingest.settings import Configured, IngestSettings

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


def lines() -> list[str]:
    joined = "".join(blocks("console")).replace("\\\n", " ")
    return [line for line in joined.splitlines() if line.strip()]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return an environment with an archive of its own, searched by words."""
    folder = tmp_path_factory.mktemp("readme")
    scripts = folder / "bin"
    scripts.mkdir()
    command = scripts / "morgue"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m assistant "$@"\n')
    command.chmod(0o755)
    return {
        **os.environ,
        "PATH": f"{scripts}:{os.environ['PATH']}",
        "MORGUE_ARCHIVE": str(folder / "archive"),
        "XDG_DATA_HOME": str(folder / "data"),
        "MORGUE_EMBEDDER": "none",
    }


def test_the_commands_of_the_readme_run_in_their_order(environment: dict[str, str]) -> None:
    commands = [line for line in lines() if line.startswith("morgue ") and "serve" not in line]
    assert len(commands) >= 5
    printed = []
    for command in commands:
        done = subprocess.run(
            command, shell=True, cwd=ROOT, env=environment, capture_output=True, text=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 0, (command, done.stderr)
        assert done.stdout.strip(), command
        printed.append(done.stdout)
    shown = blocks("text")
    assert shown
    for block in shown:
        assert any(one.startswith(block) for one in printed), block


def test_the_targets_of_the_readme_are_in_the_makefile() -> None:
    targets = {line.split()[1] for line in lines() if line.startswith("make ")}
    assert {"demo", "test", "serve"} <= targets
    assert all(re.search(rf"^{target}:", MAKEFILE, re.MULTILINE) for target in targets)


def test_the_program_of_the_readme_runs(environment: dict[str, str], tmp_path: Path) -> None:
    (program,) = blocks("python")
    done = subprocess.run(
        [sys.executable, "-c", program.replace('"ingest/', f'"{ROOT}/ingest/')],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Lucan Tesh" in done.stdout


@pytest.mark.parametrize(
    "settings",
    [
        IngestSettings,
        AssistantSettings,
        Keeping,
        Planning,
        Serving,
        SigningIn,
        OpenIdConnect,
        Alerting,
    ],
)
def test_every_setting_is_described(settings: type[Configured]) -> None:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    for name, field in settings.model_fields.items():
        assert f"`MORGUE_{name.upper()}`" in page
        assert (field.description or "").replace("|", "/") in page


def test_every_verb_is_in_the_interface() -> None:
    page = (ROOT / "docs" / "interface.md").read_text(encoding="utf-8")
    assert isinstance(morgue, click.Group)
    for verb in morgue.commands:
        assert re.search(rf"`{verb}\b", page), verb


def test_every_error_is_in_the_map_of_the_house() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")

    def below(kind: type[MorgueError]) -> set[type[MorgueError]]:
        return {kind}.union(*(below(sub) for sub in kind.__subclasses__()))

    assert AnswerError in below(MorgueError)
    ours = {k for k in below(MorgueError) if k.__module__.startswith(("ingest", "assistant"))}
    assert not {k.__name__ for k in ours if k.__name__ not in page}


def test_every_file_that_a_stranger_is_led_to_is_there() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    (table,) = re.findall(
        r"^### Questions of a stranger.*?(?=^#|\Z)", page, re.DOTALL | re.MULTILINE
    )
    rows = [row.split("|")[2] for row in table.splitlines() if row.startswith("|")][2:]
    assert len(rows) >= 20
    for row in rows:
        first, *beside = re.findall("`([^`]+)`", row)
        assert (ROOT / first).exists(), first
        for name in beside:
            assert (ROOT / name).exists() or ((ROOT / first).parent / name).exists(), name


def test_every_prompt_says_its_fields_its_user_and_why() -> None:
    for file in (ROOT / "prompts").glob("*.md"):
        head = file.read_text(encoding="utf-8").casefold()
        assert all(word in head for word in ("fields", "user", "why")), file.name
