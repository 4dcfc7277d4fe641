"""The command `morgue check`: a draft held against the archive."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant.doors.cli.console import Console
from assistant.doors.cli.export_options import export_options, ordered
from assistant.doors.cli.options import archive_options, day_option, filter_options, filters
from ingest.errors import ReadError

if TYPE_CHECKING:
    from assistant.factcheck.draft_text import DraftText


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path, allow_dash=True))
@day_option("--date", "day", help="The day the draft is of: its “yesterday” is told from it.")
@click.option("--strict", is_flag=True, help="Exit with 1 where anything is wrong or not there.")
@click.option("--html", "page", type=click.Path(dir_okay=False, path_type=Path),
              help="Write a page here: the draft beside what is printed.")  # fmt: skip
@export_options
@filter_options
@archive_options
def check(folder: Path | None, as_json: bool, file: Path, **given: Any) -> None:
    """Hold a draft against the archive: quotations, sentences, names.

    FILE is text, Markdown or .docx; - is standard input. Exit status 0, whatever is found; with
    --strict 1 where anything is altered, misattributed, contradicted or absent.
    """
    from assistant.ask import Assistant
    from assistant.doors.cli.exporting import deliver
    from assistant.render import draft_to_html, draft_to_json, draft_to_text
    from ingest.archive import Archive
    from ingest.settings import IngestSettings

    order = ordered(given)
    with Console(as_json=as_json) as console:
        draft = _draft(file)
        settings = IngestSettings(archive=folder) if folder else IngestSettings()
        assistant = Assistant(console.holding(Archive.open(settings=settings)))
        found = assistant.check(draft, filters=filters(given), day=given["day"])
        if given["page"]:
            given["page"].write_text(draft_to_html(found), encoding="utf-8")
            console.say(f"the page is in {given['page']}")
        if order:
            deliver(console, found, order, draft_to_json(found))
        else:
            console.result(draft_to_json(found), draft_to_text(found))
    sys.exit(1 if given["strict"] and not found.clean else 0)


def _draft(file: Path) -> "DraftText":
    """Return the draft of a file or of standard input. Raises ReadError."""
    from assistant.factcheck.draft_text import read_draft

    if str(file) == "-":
        return read_draft(sys.stdin.buffer.read())
    try:
        return read_draft(file.read_bytes(), file.name)
    except OSError as error:
        why = error.strerror or "it cannot be read"
        raise ReadError(str(file), "", why, "give a file, or - for standard input") from error
