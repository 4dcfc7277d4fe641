"""One `morgue eval`: rows in, figures out, gates held."""

import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any, assert_never

from assistant.check import examined_reader, readers
from assistant.doors.cli.console import Console
from assistant.evaluate import bootstrap, compare, gate, html_report, report, sets
from assistant.evaluate.answers import Ruler, measure_answer, measure_claim
from assistant.evaluate.differing import measure_pair
from assistant.evaluate.progress import watched
from assistant.evaluate.questions import Interview, Way, Withholding
from assistant.evaluate.result import Result
from assistant.evaluate.rows import (
    AnsweredRow,
    AskedRow,
    ClaimRow,
    PairRow,
    Row,
    read,
    unanswered,
)
from assistant.evaluate.run import Journal, Run, digest, run
from assistant.settings import Settings as Assisting
from ingest.archive.record import digest as hashed
from ingest.article import Filters
from ingest.errors import ReadError, SettingsError
from ingest.places import cache_dir
from ingest.settings import IngestSettings

Rows = Sequence[Row | ReadError]
_UNREAD = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What the command was told."""

    given: Mapping[str, Any]
    filters: Filters

    @property
    def way(self) -> Way:
        """How questions are to be put."""
        given = self.given
        return Way(
            mode=given["mode"],
            by=("both", "words", "meaning") if given["by"] == "all" else (given["by"],),
            filters=self.filters,
            dated=not given["ignore_dates"],
            without_gold=given["without_gold"],
        )


def measure(
    console: Console,
    folder: Path | None,
    filters: Filters,
    given: Mapping[str, Any],
) -> int:
    """Measure what is given, print and write what is asked for; return the exit status."""
    rows = _rows(given)
    with ExitStack() as open_things:
        done = _run(open_things, console, folder, rows, Order(given=given, filters=filters))
    document = report.document(done)
    text = report.to_text(document, shutil.get_terminal_size().columns)
    status = _UNREAD if done.malformed else 0
    if given["compare"]:
        differences = compare.compare(compare.read(given["compare"]), done.results)
        document["compare"] = compare.to_json(differences)
        text += "\n\n" + compare.to_text(differences)
    if given["floor"]:
        fallen = gate.fallen(gate.read(given["floor"]), document["metrics"])
        document["fallen"] = [gate.to_json(one) for one in fallen]
        text += "\n\n" + gate.to_text(fallen)
        status = 1 if fallen else status
    if given["write_floor"]:
        told = gate.write(given["write_floor"], document["metrics"], given["lower"])
        text += f"\n\n{told}"
    if given["markdown"]:
        given["markdown"].write_text(report.to_markdown(document), encoding="utf-8")
    if given["html"]:
        given["html"].write_text(html_report.to_html(document), encoding="utf-8")
    console.result(document, text)
    return status


def _rows(given: Mapping[str, Any]) -> Rows:
    found = read(given["file"]) if given["file"] else sets.rows(given["named"], given["data"])
    rows: list[Row | ReadError] = []
    for row in found:
        rows.append(row)
        if given["limit"] and len(rows) == given["limit"]:
            break
    if any(isinstance(row, AnsweredRow) for row in rows):
        rows = [unanswered(row) if isinstance(row, AskedRow) else row for row in rows]
    return _with_gold(rows, given["gold"]) if given["gold"] else rows


def _with_gold(rows: Rows, file: Path) -> Rows:
    """Return the answers with what another file knows of their questions, by id."""
    right = {row.id: row.gold for row in read(file) if isinstance(row, AskedRow)}
    return [
        replace(row, gold=right[row.id])
        if isinstance(row, AnsweredRow) and row.id in right
        else row
        for row in rows
    ]


def _run(
    open_things: ExitStack, console: Console, folder: Path | None, rows: Rows, order: Order
) -> Run:
    given, assisting = order.given, Assisting()
    reader = readers.load(given["reader"], assisting) if given["reader"] else readers.small()
    examined = examined_reader.fared(reader)
    if examined is not None:
        console.say(f"{reader.name}: {examined.in_words}")
    ruler = Ruler(reader=reader)
    terms: dict[str, Any] = {
        "morgue": version("morgue"),
        "program": _program(),
        "rows": digest(rows),
        "of": given["named"] or given["file"].name,
        "read_by": reader.name,
        **({"examined": examined.in_words} if examined else {}),
        "intervals": {"draws": bootstrap.DRAWS, "seed": bootstrap.SEED, "level": bootstrap.LEVEL},
    }
    interview = None
    if any(isinstance(row, AskedRow) for row in rows):
        archive = _archive(open_things, console, folder, given)
        interview = Interview(archive, assisting, ruler, order.way)
        terms |= interview.terms
    journal = Journal.open(cache_dir() / "eval", {**terms, "archive folder": str(folder)})
    if journal.kept:
        console.say(f"going on where an interrupted run stopped: {len(journal.kept):,} rows kept")
    with watched() as progress:
        return run(rows, _measurer(ruler, interview), terms, journal, progress)


def _program() -> str:
    """Return what stands for the code: an interrupted run does not go on with another's rows."""
    code = (file for of in ("assistant", "ingest") for file in Path(str(files(of))).rglob("*.py"))
    return hashed("".join(file.read_text(encoding="utf-8") for file in sorted(code))).hex()[:16]


def _measurer(ruler: Ruler, interview: Interview | None) -> Callable[[Row], Result]:
    def one(row: Row) -> Result:
        match row:
            case AskedRow():
                assert interview is not None
                return interview.measure(row)
            case AnsweredRow():
                return measure_answer(row, ruler)
            case ClaimRow():
                return measure_claim(row, ruler)
            case PairRow():
                return measure_pair(row, ruler)
            case _:
                assert_never(row)

    return one


def _archive(
    open_things: ExitStack, console: Console, folder: Path | None, given: Mapping[str, Any]
) -> Withholding:
    """Open the archive that is asked: the one that is named, else the data set's own."""
    if given["named"] and folder is None:
        settings = sets.archive(given["named"], given["data"], console.say, console.progress)
    else:
        settings = IngestSettings(archive=folder) if folder else IngestSettings()
    archive = Withholding.open(settings=settings)
    open_things.callback(archive.close)
    if not archive.status().articles:
        raise SettingsError(
            f"the archive at {str(settings.archive)!r} is empty, so nothing can be asked of it",
            "run `morgue ingest PATH`, or name another with --archive",
        )
    return archive
