"""Options that several commands share: which archive, which articles, many at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant.doors.cli.console import Console, in_words
from ingest.article import Filters
from ingest.errors import MorgueError

if TYPE_CHECKING:
    from assistant.doors.table_job import Work

Command = Callable[..., Any]


def _day(written: str) -> date:
    """Return the day that was written."""
    try:
        return datetime.strptime(written, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError as error:
        told = f"{written!r} is not a day; write it like 2024-03-12."
        raise click.BadParameter(told) from error


def day_option(*names: str, help: str) -> Callable[[Command], Command]:  # noqa: A002
    """Let a command be told a day."""
    return click.option(*names, type=_day, metavar="DAY", help=help)


def archive_options(command: Command) -> Command:
    """Let a command be told its archive, and to print JSON."""
    command = click.option(
        "--json", "as_json", is_flag=True, help="One JSON document, and nothing else."
    )(command)
    return click.option(
        "--archive", "folder", type=click.Path(path_type=Path), help="The archive's folder."
    )(command)


def filter_options(command: Command) -> Command:
    """Let a command leave articles out."""
    for option in (
        click.option("--from", "since", type=_day, metavar="DAY", help="Not before this day."),
        click.option("--to", "until", type=_day, metavar="DAY", help="Not after this day."),
        click.option("--as-of", type=_day, metavar="DAY", help="As the archive stood that day."),
        click.option("--outlet", "outlets", multiple=True, help="Of this outlet."),
        click.option("--language", "languages", multiple=True, help="In this language (en, uk)."),
        click.option("--section", "sections", multiple=True, help="Of this section."),
        click.option("--collection", "collections", multiple=True, help="Of this collection."),
        click.option("--comments", is_flag=True, help="Readers' comments too, marked as such."),
        click.option("--ignore-dates", is_flag=True, help="Do not read `date` as the as-of day."),
    ):  # fmt: skip
        command = option(command)
    return command


def facets_option(command: Command) -> Command:
    """Let a command count the articles that hold what is asked for."""
    return click.option(
        "--facets", is_flag=True, help="How many articles by outlet, speaker, month ..."
    )(command)


def many_options(command: Command) -> Command:
    """Let a command read its questions from a file."""
    return click.option(
        "--questions",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="Many at once: JSON lines with id, question, date, history.",
    )(command)


def table_options(command: Command) -> Command:
    """Let a command take a column of a table, and make a table of what it says to each cell."""
    for option in (
        click.option("--csv", "table", metavar="IN",
                     type=click.Path(exists=True, dir_okay=False, path_type=Path),
                     help="A table of them; --out names the one that is made."),
        click.option("--column", help="Which column; else what it is called, or the first."),
    ):  # fmt: skip
        command = option(command)
    return command


def table_out_option(command: Command) -> Command:
    """Let a command that writes nothing else be told where its table goes."""
    return click.option("--out", type=click.Path(dir_okay=False, path_type=Path),
                        help="The table that is made: .csv, .xlsx or .jsonl.")(command)  # fmt: skip


def tabled(given: Mapping[str, Any]) -> None:
    """Look whether a table is asked for with all that it takes; wrong usage is told."""
    if given["table"] and not given["out"]:
        raise click.UsageError("--csv IN needs --out OUT")
    if given["table"] and given.get("as_"):
        raise click.UsageError("--as writes one result, --csv a table of many: give one of the two")
    if given["out"] and not given["table"] and "as_" not in given:
        raise click.UsageError("--out OUT goes with --csv IN")


def made_table(
    console: Console,
    given: Mapping[str, Any],
    work: "Work",
    how: Mapping[str, object],
    named: Sequence[str] = (),
) -> int:
    """Make the table that was asked for; return how many rows failed."""
    from assistant.doors.table_job import TableJob

    said: set[str] = set()

    def failed(error: MorgueError) -> None:
        """Say once what a table does not: where a store is, and what its engine said."""
        if error.detail and error.whole not in said:
            said.add(error.whole)
            console.say(in_words(error))

    job = TableJob(
        source=given["table"], out=given["out"], column=given["column"], work=work, how=how,
        named=named, failed=failed,
    )  # fmt: skip
    report = job.run(console.progress)
    document = {"schema": 1, "out": str(given["out"]), **asdict(report)}
    told = f"{report.rows:,} {'row' if report.rows == 1 else 'rows'} in {given['out']}"
    told += f", {report.before:,} of them done before" if report.before else ""
    told += f"; {report.failed:,} failed, see the column `error`" if report.failed else ""
    console.result(document, [told])
    return report.failed


def filters(given: Mapping[str, Any]) -> Filters:
    """Return the filters that were given."""
    return Filters(
        since=given["since"],
        until=given["until"],
        as_of=given["as_of"],
        outlets=given["outlets"],
        languages=given["languages"],
        sections=given["sections"],
        collections=given["collections"],
        comments=given["comments"],
    )
