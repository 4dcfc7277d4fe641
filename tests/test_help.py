"""Every command's help fits a terminal of eighty columns, and no line of it is cut off."""

from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from assistant.doors.cli.commands import morgue


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    for name, command in sorted(group.commands.items()):
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name)


@pytest.mark.parametrize("path", commands(morgue), ids=" ".join)
def test_help_fits_eighty_columns(path: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    told = CliRunner().invoke(morgue, [*path, "--help"]).output.splitlines()
    assert max(map(len, told)) <= 80
    listed = told[told.index("Commands:") :] if "Commands:" in told else []
    assert [line for line in listed if line.endswith("...")] == []
