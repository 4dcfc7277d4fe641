"""Options of commands whose result may be a file of another format: `--as FORMAT --out FILE`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import click

from assistant.doors.cli.options import Command

FORMATS = ("markdown", "html", "docx", "csv", "csl-json", "bibtex", "ris")
"""As `assistant.render.export` has them, which takes long to import."""


class ExportOrder(NamedTuple):
    """The format that was asked for, and the file; None is standard output."""

    as_: str
    out: Path | None


def export_options(command: Command) -> Command:
    """Let a command write its result as a file of another format."""
    command = click.option("--out", type=click.Path(dir_okay=False, path_type=Path),
                           help="Where --as writes to; else standard output.")(command)  # fmt: skip
    return click.option("--as", "as_", type=click.Choice(FORMATS),
                        help="Write the result in another format.")(command)  # fmt: skip


def ordered(given: Mapping[str, Any]) -> ExportOrder | None:
    """Return what was ordered, None where nothing was; wrong usage is told."""
    if given["as_"] is None:
        if given["out"] is not None and not given.get("table"):
            raise click.UsageError(f"--out goes with --as, one of {', '.join(FORMATS)}")
        return None
    if given["as_"] == "docx" and given["out"] is None:
        raise click.UsageError("--as docx needs --out FILE: a Word document is no text")
    return ExportOrder(given["as_"], given["out"])
