"""The commands that hand work over to other processes, and do what was handed over."""

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant.doors.cli.console import Console
from assistant.doors.cli.options import archive_options

if TYPE_CHECKING:
    from ingest.archive.database import Database
    from ingest.archive.job_queue import Chore, QueueState
    from ingest.archive.parcels import BatchState, Parcels
    from ingest.archive.shared_archive import SharedArchive
    from ingest.pipeline import Defaults, Report
    from ingest.settings import IngestSettings
    from ingest.work.handing_over import HandedOver

_SCHEMA = 1
_EVERY = 1.0
"""Seconds between two looks at how far others have come."""

_NOBODY = "no worker runs: `morgue work`, on any host, reads them"
_SHOWN = 5
_COUNTED = ("read", "added", "updated", "unchanged", "copies", "passages")


@click.command()
@click.option("--jobs", type=click.IntRange(1, 64), default=2, help="How many at once; default 2.")
@click.option("--lost-after", type=click.FloatRange(2, 3600), default=30.0, metavar="SECONDS",
              help="How long a worker may be silent until its jobs are others'.")  # fmt: skip
@click.option("--until-empty", is_flag=True, help="End when nothing waits.")
@click.option("--again", is_flag=True, help="Try once more first what was given up.")
@archive_options
def work(folder: Path | None, as_json: bool, **given: Any) -> None:
    """Do what waits in the archive's queue.

    It reads, embeds, lets the indexes follow and looks at watches.

    On as many hosts as you like; the archive must be in PostgreSQL. SIGTERM ends it, and leaves
    nothing by half.
    """
    from ingest.archive.job_queue import WorkPlan
    from ingest.archive.shared_archive import SharedArchive
    from ingest.settings import IngestSettings
    from ingest.work.handing_over import opened
    from ingest.work.worker import work as begin

    with Console(as_json=as_json) as console:
        settings = IngestSettings(archive=folder) if folder else IngestSettings()
        with opened(settings):
            pass  # said at once where there can be no queue
        plan = WorkPlan(
            at_once=given["jobs"],
            lost_after=given["lost_after"],
            until_empty=given["until_empty"],
            again=given["again"],
        )
        with SharedArchive.open(settings=settings, create=True) as archive:
            begin(archive, plan, console.say, watches(archive))
            _told(console, state_of(archive.catalogue.database))


def _told(console: Console, state: "QueueState | None") -> None:
    console.result({"schema": _SCHEMA, "queue": queue_to_json(state)}, queue_lines(state))


def watches(archive: "SharedArchive") -> "list[Chore]":
    """Return what looks at the watches, as often as the settings say."""
    from assistant.doors.alerts.watch_desk import WatchDesk
    from assistant.settings import Alerting
    from ingest.archive.job_queue import Chore

    alerting = Alerting()
    if not alerting.watch_seconds:
        return []
    desk = WatchDesk(archive, alerting)

    def look(_: object) -> None:
        archive.follow_here()
        desk.run_shared()

    return [Chore(name="watches", do=look, every=max(int(alerting.watch_seconds), 1))]


def hand_over(
    console: Console,
    settings: "IngestSettings",
    paths: Sequence[str],
    given: "Defaults",
    *,
    wait: bool,
) -> int:
    """Put files into the queue; return how many records could not be read, as far as is known."""
    from ingest.work import handing_over

    with handing_over.opened(settings) as parcels:
        handed = handing_over.hand_over(paths, parcels, given, console.progress)
        workers = parcels.queue.workers()
        if wait:
            return _wait(console, parcels, handed)
    document, lines = _handed(handed, workers)
    console.result(document, lines)
    return len(handed.failed)


def _handed(handed: "HandedOver", workers: int) -> tuple[dict[str, object], list[str]]:
    from assistant.render.reports import failure_to_json

    document = {
        "schema": _SCHEMA,
        "batch": handed.batch,
        "handed_over": handed.files,
        "jobs": handed.parcels,
        "unchanged": handed.unchanged,
        "failed": [failure_to_json(error) for error in handed.failed],
        "workers": workers,
    }
    lines = [
        f"{handed.files:,} files in {handed.parcels:,} jobs, {handed.unchanged:,} known already",
        f"{workers:,} workers; `morgue status` says how far they are" if workers else _NOBODY,
    ]
    return document, [*lines, *(f"not read: {error}" for error in handed.failed[:_SHOWN])]


def _wait(console: Console, parcels: "Parcels", handed: "HandedOver") -> int:
    """Show how far the workers are until all is done; return what could not be read."""
    from ingest.errors import MorgueError

    show, said = console.intake(), set[str]()
    try:
        while not (state := parcels.state(handed.batch)).over:
            if not parcels.queue.workers():
                _once(console.say, said, _NOBODY)
            for trouble in state.troubles:
                _once(console.say, said, f"tried again later: {trouble}")
            _show(show, state)
            time.sleep(_EVERY)
    except KeyboardInterrupt:
        raise MorgueError(
            f"not waited for: {state.files - state.ended:,} of {state.files:,} files are still to"
            " be read",
            "the workers go on without you; `morgue status` says how far they are",
        ) from None
    _show(show, state)
    return _ended(console, parcels, handed, state)


def _once(say: Callable[[str], None], said: set[str], line: str) -> None:
    if line not in said:
        said.add(line)
        say(line)


def _show(show: Callable[[str, int, int], None], state: "BatchState") -> None:
    read = sum(int(report["read"]) for report in state.reports)
    failed = sum(len(report["failed"]) for report in state.reports) + len(state.given_up)
    show("files", state.ended, state.files)
    if failed:
        show("failed", failed, 0)
    show("articles", read + sum(one.get("articles", 0) for one in state.progress), 0)


def _ended(console: Console, parcels: "Parcels", handed: "HandedOver", state: "BatchState") -> int:
    from assistant.render.reports import report_to_json

    report = added_up(handed, state, parcels.catalogue.lacking_vectors("passages"))
    fates = f"{report.added:,} new, {report.updated:,} changed, {report.unchanged:,} unchanged"
    document = dict(report_to_json(report)) | {
        "batch": handed.batch, "handed_over": handed.files, "known": handed.unchanged
    }  # fmt: skip
    lines = [
        f"{handed.files:,} files handed over, {handed.unchanged:,} known already",
        f"{report.read:,} articles read: {fates}",
        f"{report.passages:,} passages; {report.pending:,} pending",
        *(f"not read: {error}" for error in report.failed[:_SHOWN]),
    ]
    if len(report.failed) > _SHOWN:
        lines.append(f"... and {len(report.failed) - _SHOWN:,} more, see `--json`")
    console.result(document, lines)
    return len(report.failed)


def added_up(handed: "HandedOver", state: "BatchState", pending: int) -> "Report":
    """Return what a batch gave, all its jobs together."""
    from collections import Counter

    from ingest.errors import ReadError
    from ingest.pipeline import Report

    counts, kinds, withheld = Counter[str](), Counter[str](), Counter[str]()
    failed = list(handed.failed)
    for one in state.reports:
        counts.update({name: one[name] for name in _COUNTED})
        kinds.update(one["left_out"])
        withheld.update(one["withheld"])
        failed += [ReadError(*error) for error in one["failed"]]
    failed += [ReadError(name, "", f"given up: {why}") for name, why in state.given_up]
    total = sum(one["seconds"]["total"] for one in state.reports)
    return Report(
        read=counts["read"],
        added=counts["added"],
        updated=counts["updated"],
        unchanged=counts["unchanged"],
        copies=counts["copies"],
        passages=counts["passages"],
        pending=pending,
        failed=tuple(failed),
        left_out=dict(kinds),
        withheld=dict(withheld),
        seconds={"total": round(total, 3)},
    )


def state_of(database: "Database") -> "QueueState | None":
    """Return what waits in the queue of an archive; None where there is none."""
    queue = database.job_queue()
    return queue.state() if queue else None


def queue_to_json(state: "QueueState | None") -> dict[str, object] | None:
    """Return what waits in the queue, as `status` prints it."""
    if state is None:
        return None
    return {
        "waiting": state.waiting,
        "reading": state.reading,
        "given_up": state.given_up,
        "to_embed": state.to_embed,
        "workers": state.workers,
        "troubles": [
            {
                "what": one.about,
                "why": one.why,
                "hint": one.advice or None,
                "again": one.again and one.again.isoformat(timespec="seconds"),
            }
            for one in state.troubles
        ],
    }


def queue_lines(state: "QueueState | None") -> list[str]:
    """Say what waits in the queue, and what does not work."""
    if state is None:
        return []
    files = f"{state.waiting:,} files wait, {state.reading:,} are being read"
    others = f"{state.given_up:,} were given up; {state.to_embed:,} jobs to embed"
    lines = [f"queue: {files}, {others}; {state.workers:,} workers"]
    for one in state.troubles:
        when = f"tried again at {one.again:%H:%M:%S} UTC" if one.again else "given up"
        lines.append(f"  {one.about}: {one.why}; {when}")
        if one.advice:
            lines.append(f"    {one.advice}")
    return lines


def refused(given: Mapping[str, Any]) -> str | None:
    """Return what cannot be asked for together with handing over, if it is."""
    if given["wait"] and not given["queue"]:
        return "--wait goes with --queue"
    both = [name for name in ("dry_run", "watch", "prune") if given["queue"] and given[name]]
    return f"--{both[0].replace('_', '-')} does not go with --queue" if both else None
