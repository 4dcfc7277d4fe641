"""The container's files: the schema of Compose holds them, and what they name is there."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from assistant.doors.cli.commands import morgue

ROOT = Path(__file__).resolve().parents[1]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def service() -> dict[str, Any]:
    loaded = YAML(typ="safe").load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
    found: dict[str, Any] = loaded["services"]["morgue"]
    return found


def test_compose_is_as_its_specification_says() -> None:
    command = ["-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    done = subprocess.run(
        [sys.executable, *command, str(ROOT / "compose.yaml")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_container_is_no_root_and_writes_to_its_volume_alone(service: dict[str, Any]) -> None:
    kept = {name: service[name] for name in ("user", "read_only", "cap_drop", "security_opt")}
    assert kept == {
        "user": "10001:10001",
        "read_only": True,
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges:true"],
    }
    assert "USER 10001:10001" in DOCKERFILE
    assert service["volumes"][0] == "archive:/data"
    assert all(volume["read_only"] for volume in service["volumes"][1:])
    folders = re.findall(r"(?:XDG_DATA_HOME|XDG_CACHE_HOME|MORGUE_ARCHIVE)=(\S+)", DOCKERFILE)
    assert len(folders) == 3
    assert all(folder.startswith("/data") for folder in folders)


def test_it_is_healthy_when_it_is_ready_and_reached_from_this_machine_alone(
    service: dict[str, Any],
) -> None:
    command, *arguments, program = service["healthcheck"]["test"]
    compile(program, "healthcheck", "exec")
    assert (command, arguments) == ("CMD", ["python", "-c"])
    assert "/ready" in program
    assert service["ports"] == ["127.0.0.1:7860:7860"]


def test_what_is_copied_is_there_and_let_in() -> None:
    let_in = set(re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
    copied = {
        name
        for line in re.findall(r"^COPY (?!--from)(.+)$", DOCKERFILE, re.MULTILINE)
        for name in line.split()[:-1]
    }
    assert copied == let_in
    assert not [name for name in copied if not (ROOT / name).exists()]


def test_every_command_of_the_page_is_one_of_ours() -> None:
    page = (ROOT / "docs" / "docker.md").read_text(encoding="utf-8")
    commands = re.findall(r"docker compose run --rm morgue (\w+)", page)
    assert len(commands) >= 3
    for command in commands:
        assert CliRunner().invoke(morgue, [command, "--help"]).exit_code == 0
