"""The commands that fill an archive: ingest and embed."""

import os
import signal
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import islice
from shutil import get_terminal_size
from textwrap import fill
from threading import Event
from typing import Any, NoReturn

from assistant.doors.cli import working
from assistant.doors.cli.console import Console
from assistant.render import SCHEMA, article_to_json, article_to_text, phrasing
from assistant.render.phrasing import count
from assistant.render.reports import failure_to_json, report_to_json
from ingest import pipeline
from ingest.archive import Archive
from ingest.article import Article
from ingest.errors import LeftOut, MorgueError, ReadError, SettingsError
from ingest.settings import IngestSettings

_EVERY = 2.0
"""Seconds between two looks at what is watched."""

_SHARE = 20
"""A look may take a twentieth of the time between two: a large folder is looked at less often."""

_NO_FILE = (
    "no file is there\n  hidden files are passed over; give the folder that holds the articles"
)

_SHOWN = 5
"""Articles that a dry run shows, and failures that are named one by one."""


def ingest(console: Console, settings: IngestSettings, options: Mapping[str, Any]) -> int:
    """Read files into the archive; return how many records could not be read."""
    given = pipeline.Defaults(
        format=options["format_"],
        mapping=_mapping(options["mapping"]),
        encoding=options["encoding"],
        ocr=options["ocr"],
        outlet=options["outlet"],
        collection=options["collection"],
        prune=options["prune"],
        anew=options["anew"],
        workers=max(1, (os.cpu_count() or 2) - 1),
    )
    if options["dry_run"]:
        return _dry_run(console, options["paths"], given)
    if options["queue"]:
        return working.hand_over(console, settings, options["paths"], given, wait=options["wait"])
    with Archive.open(settings=settings, create=True) as archive:
        before = pipeline.looked_at(options["paths"]) if options["watch"] else {}
        with _ended_in_words(
            archive, "the same command: what was read to its end is not read again"
        ):
            report = _read_in(console, archive, options, given)
        console.result(report_to_json(report), _told(report))
        if options["watch"]:
            _watch(console, archive, options, replace(given, anew=False), before)
    return len(report.failed)


@contextmanager
def _ended_in_words(archive: Archive, how: str) -> Iterator[None]:
    """Let an interruption of a block end with what is done, and how to go on."""

    def end(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    except KeyboardInterrupt:
        found = archive.status()
        raise MorgueError(
            f"interrupted; {count(found.articles, 'article')} are kept and found by words, "
            f"{found.embedded:,} of {found.passages:,} passages are embedded",
            f"go on with {how}",
        ) from None
    finally:
        signal.signal(signal.SIGTERM, before)


def _read_in(
    console: Console, archive: Archive, options: Mapping[str, Any], given: pipeline.Defaults
) -> pipeline.Report:
    return pipeline.ingest(
        options["paths"],
        archive,
        given=given,
        embed=not options["no_embed"],
        say=console.say,
        progress=console.intake(),
    )


def _watch(
    console: Console,
    archive: Archive,
    options: Mapping[str, Any],
    given: pipeline.Defaults,
    before: Mapping[str, tuple[int, ...]],
) -> None:
    """Read what comes and what changes, until interrupted; say so each time.

    The archive is asked nothing while the files are as they were `before`.
    """
    console.say("watching; Ctrl-C ends it")
    failed = 0
    ended = Event()

    def end(*_: object) -> NoReturn:
        # An exception that is raised while an object is being finalized is lost; this is not.
        ended.set()
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    with suppress(KeyboardInterrupt):
        pause = _EVERY
        while not ended.wait(pause):
            began = time.monotonic()
            now = pipeline.looked_at(options["paths"])
            pause = max(_EVERY, _SHARE * (time.monotonic() - began))
            if now == before:
                continue
            before = now
            report = _read_in(console, archive, options, given)
            if report.added or report.updated or report.pruned or len(report.failed) != failed:
                console.result(report_to_json(report), _told(report))
            failed = len(report.failed)


def _mapping(pairs: Sequence[str]) -> dict[str, str]:
    mapping = {}
    for pair in pairs:
        field, equals, theirs = pair.partition("=")
        if not equals or not field or not theirs:
            raise SettingsError(f"--map {pair!r} is not FIELD=THEIRS", "as in `--map title=hl1`")
        mapping[field] = theirs
    return mapping


def _dry_run(console: Console, paths: Sequence[str], given: pipeline.Defaults) -> int:
    found = list(islice(pipeline.articles(paths, given), _SHOWN))
    failed = [one for one in found if isinstance(one, ReadError) and not isinstance(one, LeftOut)]
    articles = [one for one in found if isinstance(one, Article)]
    document = {
        "schema": SCHEMA,
        "articles": [article_to_json(article) for article in articles],
        "failed": [failure_to_json(one) for one in failed],
    }
    told = [article_to_text(article) for article in articles]
    told += ["\n".join(_failures(failed))] if failed else []
    told += [] if found else [f"nothing to read in {', '.join(map(str, paths))}: {_NO_FILE}"]
    console.result(document, "\n\n".join(told))
    return len(failed)


def _failures(failed: Sequence[ReadError]) -> list[str]:
    """Return what could not be read and why, and once each what to do about it."""
    more = len(failed) - _SHOWN
    width = get_terminal_size().columns
    hints = dict.fromkeys(error.hint for error in failed[:_SHOWN] if error.hint)
    return [
        *(f"not read: {error}" for error in failed[:_SHOWN]),
        *([f"... and {more:,} more, see `--json`"] if more > 0 else []),
        *(fill(f"  {hint}", width, subsequent_indent="  ") for hint in hints),
    ]


def _told(report: pipeline.Report) -> str:
    fates = f"{report.added:,} new, {report.updated:,} changed, {report.unchanged:,} unchanged"
    vectors = f"{report.embedded:,} embedded with the leads"
    lines = [
        f"{count(report.read, 'article')} read: {fates}",
        f"copies of another paper's dispatch: {report.copies:,}",
        f"{report.passages:,} passages; {vectors}, {report.pending:,} pending",
        f"{report.seconds['total']:.1f} s",
    ]
    if report.left_out:
        kinds = (f"{number:,} ({kind})" for kind, number in sorted(report.left_out.items()))
        lines.append(f"left out, being no article: {', '.join(kinds)}")
    if report.withheld:
        lines.append(phrasing.withheld(report.withheld))
    lines += [f"nothing to read in {one}: {_NO_FILE}" for one in report.empty]
    return "\n".join([*lines, *_gone(report), *_failures(report.failed)])


def _gone(report: pipeline.Report) -> list[str]:
    """Say which files have gone from a folder, and what became of their articles."""
    if not report.gone:
        return []
    named = ", ".join(report.gone[:_SHOWN]) + (" ..." if len(report.gone) > _SHOWN else "")
    kept = f"{report.pruned:,} articles went with them" if report.pruned else "`--prune` drops them"
    return [f"{len(report.gone):,} files have gone from the folder ({named}): {kept}"]


def embed(console: Console, settings: IngestSettings) -> None:
    """Embed what is pending."""
    with Archive.open(settings=settings) as archive:
        with _ended_in_words(archive, "`morgue embed`"), archive.writing():
            embedded = pipeline.embed_pending(archive, console.say, console.progress)
        pending = archive.status().pending
    document = {"schema": SCHEMA, "embedded": embedded, "pending": pending}
    console.result(document, f"{embedded:,} embedded, {pending:,} pending")
