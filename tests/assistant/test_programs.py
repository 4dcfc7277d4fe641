"""The programs in the documents run, and the examples in docstrings are true."""

import doctest
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import anyio
import pytest
from mcp import Client

from assistant.ask import Assistant
from assistant.doors.mcp import server
from ingest.archive import Archive

ROOT = Path(__file__).resolve().parents[2]
PYTHON = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
MCP = (ROOT / "docs" / "mcp.md").read_text(encoding="utf-8")
SAMPLE = ROOT / "ingest" / "sample" / "articles"


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page, re.DOTALL | re.MULTILINE)


@pytest.fixture
def desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sample_into: Callable[[Path], None]
) -> Path:
    """Go to a folder with a command `morgue` and the sample archive in `news`."""
    command = tmp_path / "morgue"
    command.write_text(f'#!/bin/sh\nexec {sys.executable} -m assistant "$@"\n')
    command.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("MORGUE_EMBEDDER", "none")
    monkeypatch.setenv("MORGUE_MODEL", "none")
    sample_into(tmp_path / "news")
    return tmp_path


def run(program: str) -> None:
    # In this process: another would spend its time on importing what is here already.
    exec(compile(program, "page", "exec"), {"__name__": "__main__"})


def test_the_page_on_python_is_a_program_that_runs(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "\n".join(blocks(PYTHON, "python"))
    run(text.replace('"ingest/sample/articles"', repr(str(SAMPLE))))
    printed = capsys.readouterr().out
    assert "Lucan Tesh verbatim ['The Grevdal Echo']" in printed
    assert "only_after_as_of" in printed
    assert "Understood\nFound\nSaid" in printed
    assert "faithful: True False" in printed


def test_the_page_on_agents_is_a_program_that_runs(
    desk: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run("\n".join(blocks(MCP, "python")))
    printed = capsys.readouterr().out
    assert "I withdraw what I said" in printed
    assert "The mill of Oster Tarn burned in 1913." in printed


def test_the_configuration_for_agents_names_a_command_that_is_there(desk: Path) -> None:
    (configuration,) = blocks(MCP, "json")
    named = json.loads(configuration)["mcpServers"]["morgue"]
    done = subprocess.run(
        [desk / named["command"], named["args"][0], "--help"], capture_output=True, check=False
    )
    assert done.returncode == 0
    assert b"--archive" in done.stdout


def test_every_tool_argument_and_resource_is_on_the_page(sample: Archive) -> None:
    async def listed() -> tuple[set[str], set[str], set[str]]:
        async with Client(server(Assistant(sample))) as client:
            tools = (await client.list_tools()).tools
            templates = (await client.list_resource_templates()).resource_templates
        arguments = {name for tool in tools for name in tool.input_schema["properties"]}
        within = {
            name
            for tool in tools
            for name in tool.input_schema.get("$defs", {})
            .get("FiltersBody", {})
            .get("properties", ())
        }
        addresses = {template.uri_template for template in templates}
        return {tool.name for tool in tools} | arguments | addresses, within, addresses

    named, within, addresses = anyio.run(listed)
    assert len(addresses) == 3
    assert not {name for name in named if f"`{name}`" not in MCP}
    assert within
    assert not {name for name in within if f'"{name}"' not in MCP}


@pytest.mark.parametrize(
    "name", ["assistant.ask", "assistant.asynchronous", "ingest.archive.retriever"]
)
def test_the_examples_in_docstrings_are_true(name: str, sample: Archive) -> None:
    module = import_module(name)
    found = doctest.testmod(module, extraglobs={"archive": sample}, report=False)
    assert found.attempted
    assert found.failed == 0
