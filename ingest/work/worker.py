"""What a worker does: read what was handed over, embed what was put, follow, keep things tidy."""

import contextlib
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest import pipeline
from ingest.archive import change_log
from ingest.archive.embedding import Of
from ingest.archive.job_queue import EMBED, READ, Chore, JobQueue, JobTurn, WorkPlan
from ingest.archive.parcels import Parcels, unpacked_in
from ingest.archive.shared_archive import SharedArchive
from ingest.pipeline import Defaults, Report
from ingest.work.kept_reports import as_kept

_FOLLOW, _CATCH_UP, _TIDY, _SWEEP = 15, 600, 3_600, 86_400
"""Seconds between two rounds."""

Say = Callable[[str], None]


def work(archive: SharedArchive, plan: WorkPlan, say: Say, rounds: Sequence[Chore] = ()) -> None:
    """Do what waits in the queue of an archive until told to stop; `rounds` come round too.

    Raises SettingsError where the archive is no database's.
    """
    queue = archive.catalogue.database.make_job_queue()
    bench = Workbench(archive, queue, say)
    bench.clear_away()
    pipeline.fetch_embedder(archive, say)
    if mismatch := archive.mismatch():
        say(f"embedding is left to others: {mismatch.message}")
    embeds = archive.embedder is not None and mismatch is None
    chores = [*bench.chores(embeds=embeds), *rounds]
    say(f"working; takes {', '.join(sorted({chore.name for chore in chores}))}")
    queue.work(chores, plan, say)


@dataclass(frozen=True, slots=True)
class Workbench:
    """The jobs that a worker of one archive knows how to do."""

    archive: SharedArchive
    queue: JobQueue
    say: Say

    def chores(self, *, embeds: bool) -> list[Chore]:
        """Return the kinds of jobs; embedding is left to others where there is no embedder."""
        place = change_log.place_of(self.archive.folder)
        chores = [
            Chore(name=READ, do=self._read, queue=READ, about=self._about_parcel),
            Chore(name="follow", do=self._follow, every=_FOLLOW, place=place, queue=f"at {place}"),
            Chore(name="tidy", do=self._tidy, every=_TIDY),
            Chore(name="sweep", do=self._sweep, every=_SWEEP),
        ]
        if embeds:
            chores += [
                Chore(name=EMBED, do=self._embed, queue=EMBED, about=_about_articles),
                Chore(name="catch up", do=self._catch_up, every=_CATCH_UP, queue=EMBED),
            ]
        return chores

    @property
    def _parcels(self) -> Parcels:
        return Parcels(catalogue=self.archive.catalogue, queue=self.queue)

    def _about_parcel(self, arguments: Mapping[str, Any]) -> str:
        return self._parcels.named(int(arguments["parcel"]))

    def _read(self, turn: JobTurn) -> None:
        """Read a parcel: each article whole or not at all, and nothing twice."""
        parcel, parcels = int(turn.arguments["parcel"]), self._parcels
        with unpacked_in(self._handed) as folder:
            unpacked = parcels.begin(parcel, folder)
            if unpacked is None:
                return
            seen: dict[str, int] = {}

            def progress(what: str, done: int, _: int) -> None:
                seen[what] = done
                if what == "articles":
                    parcels.come(parcel, seen)
                turn.go_on()

            report = pipeline.take_in(
                unpacked.files,
                self.archive,
                given=Defaults(**unpacked.how, workers=1),
                handed=unpacked.digests,
                progress=progress,
            )
        parcels.end(parcel, as_kept(report))
        self.say(f"read {parcels.named(parcel)}: {_counted(report)}")

    def _embed(self, turn: JobTurn) -> None:
        articles = [int(a) for a in turn.arguments["articles"]]
        of: Of = "leads" if turn.arguments["of"] == "leads" else "passages"

        def progress(*_: object) -> None:
            turn.go_on()

        done = self.archive.embed_some(of, articles, progress)
        if of == "passages":
            self.archive.hear_some(articles)
        if done:
            self.say(f"embedded {done:,} {of} of {len(articles):,} articles")

    def _follow(self, _: JobTurn) -> None:
        self.archive.follow_here()

    def _catch_up(self, _: JobTurn) -> None:
        """Let be embedded what was put where there was no queue yet."""
        with self.archive.catalogue.transaction():
            if not self.queue.unfinished(EMBED):
                self.queue.embed(self.archive.unembedded())

    def _tidy(self, _: JobTurn) -> None:
        self._parcels.tidy()
        change_log.trim(self.archive.catalogue)
        self.queue.forget_lost_hosts()

    def _sweep(self, _: JobTurn) -> None:
        """Delete the vectors that nothing uses any more: it looks through every passage."""
        if not self.queue.unfinished(EMBED):
            with self.archive.catalogue.transaction():
                self.archive.catalogue.sweep()

    # Files on their way

    @property
    def _handed(self) -> Path:
        return self.archive.folder / "handed" / str(os.getpid())

    def clear_away(self) -> None:
        """Delete what a worker left that was killed: the bytes are in the queue."""
        with contextlib.suppress(OSError):
            for left in (self.archive.folder / "handed").iterdir():
                if not (left.name.isdigit() and _alive(int(left.name))):
                    shutil.rmtree(left, ignore_errors=True)


def _counted(report: Report) -> str:
    counted = f"{report.added:,} new, {report.updated:,} changed, {report.unchanged:,} unchanged"
    return counted + (f", {len(report.failed):,} not read" if report.failed else "")


def _about_articles(arguments: Mapping[str, Any]) -> str:
    return f"{arguments.get('of')} of {len(arguments.get('articles', ())):,} articles"


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
