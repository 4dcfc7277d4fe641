"""The command `morgue eval`: measure questions, answers or claims."""

import sys
from pathlib import Path
from typing import Any

import click

from assistant.doors.cli.console import Console
from assistant.doors.cli.options import archive_options, filter_options, filters

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_NEW = click.Path(dir_okay=False, path_type=Path)


@click.command("eval")
@click.argument("file", required=False, type=_FILE, metavar="QUESTIONS|ANSWERS")
@click.option("--set", "named", metavar="NAME", help="A known data set instead of a file.")
@click.option(
    "--data",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder of the data sets.",
)
@click.option("--gold", type=_FILE, help="Questions whose right answers these answers, by id.")
@click.option(
    "--mode", type=click.Choice(["auto", "quotes", "written"]), help="How questions are answered."
)
@click.option(
    "--by",
    "by",
    type=click.Choice(["all", "both", "words", "meaning"]),
    default="all",
    help="The rankings that are measured.",
)
@click.option("--without-gold", is_flag=True, help="Hide each question's own articles from it.")
@click.option("--limit", type=click.IntRange(1), help="The first so many rows only.")
@click.option(
    "--reader",
    metavar="NAME",
    help="Who reads the claims: onnx:NAME, model:NAME or words; by default the small reader.",
)
@click.option("--markdown", type=_NEW, help="Write the figures here as Markdown.")
@click.option("--html", type=_NEW, help="Write a page here, with charts and the worst cases.")
@click.option("--compare", type=_FILE, metavar="RUN.json", help="What `--json` printed before.")
@click.option("--floor", type=_FILE, help="Fail where a figure is below what this file holds.")
@click.option("--write-floor", type=_NEW, help="Raise the floors in this file to these figures.")
@click.option("--lower", multiple=True, metavar="NAME=REASON",
              help="Let --write-floor lower this one, and keep the reason.")  # fmt: skip
@filter_options
@archive_options
def evaluate(folder: Path | None, as_json: bool, **given: Any) -> None:
    """Measure how faithful answers are: an archive's, or anybody's.

    Rows with `response` or `claims` are answers, rows with `claim` are claims to check, other
    rows with `question` are put to the archive. Exit status: 1 where a figure is below its
    floor, 3 where a row could not be read.
    """
    from assistant.doors.cli import measuring

    if (given["file"] is None) == (given["named"] is None):
        raise click.UsageError("give a file of rows, or --set NAME --data DIR")
    if given["named"] and not given["data"]:
        raise click.UsageError("--set needs --data DIR, the folder of the data sets")
    if given["lower"] and not given["write_floor"]:
        raise click.UsageError("--lower goes with --write-floor FILE")
    with Console(as_json=as_json) as console:
        status = measuring.measure(console, folder, filters(given), given)
    sys.exit(status)
