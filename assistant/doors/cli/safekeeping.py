"""The commands that keep an archive safe: backup, restore, verify, and erasing what must go."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant.doors.cli.console import Console
from assistant.doors.cli.options import archive_options

if TYPE_CHECKING:
    from ingest.archive.backup import BackupReport

_SCHEMA = 1
_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.argument("file", type=_FILE)
@click.option("--key", type=_FILE, help="Encrypt it for the age keys in this file, public or not.")
@click.option("--new-key", type=_FILE, help="Make a key, write it to this file, and use it.")
@archive_options
def backup(folder: Path | None, as_json: bool, file: Path, **keys: Path | None) -> None:
    """Write the whole archive to one FILE, as it is at this moment.

    Whoever serves or writes goes on. It holds articles and vectors, keys, watches and what was
    accepted and not read yet; the indexes are built anew when it is restored.
    """
    from ingest.archive import Archive
    from ingest.archive.backup import backup as written
    from ingest.archive.encryption import make_key

    key, new = keys["key"], keys["new_key"]
    if key and new:
        raise click.UsageError("name a key that is there, or a new one, not both")
    with Console(as_json=as_json) as console, Archive.open(folder) as archive:
        if new:
            make_key(new)
        try:
            report = written(archive, file, key=new or key)
        except BaseException:
            if new:
                new.unlink()  # nothing was encrypted for it
            raise
        _told(console, report, f"{file} holds")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--key", type=_FILE, help="The file with the secret key of an encrypted backup.")
@archive_options
def restore(folder: Path | None, as_json: bool, file: Path, key: Path | None) -> None:
    """Make an archive of a backup, in a folder where there is none."""
    from ingest.archive.backup import restore as made
    from ingest.settings import IngestSettings

    with Console(as_json=as_json) as console:
        settings = IngestSettings(archive=folder) if folder else IngestSettings()
        _told(console, made(file, settings, key=key), f"{settings.archive} holds")


def _told(console: Console, report: "BackupReport", holds: str) -> None:
    articles = f"{report.articles:,} articles as of change {report.change:,}"
    console.result({"schema": _SCHEMA, **asdict(report)}, [f"{holds} {articles}"])


@click.command()
@click.option(
    "--to",
    required=True,
    metavar="WHERE",
    help="postgresql://HOST/DATABASE, its password best in ~/.pgpass; or a folder.",
)
@archive_options
def move(folder: Path | None, as_json: bool, to: str) -> None:
    """Carry the archive over to PostgreSQL, or into a folder.

    Every article is compared there with what it was.

    Keys, people, answers on record and conversations go along; into a folder also the files that
    were dropped and are kept. All of it arrives or nothing. It stays where it was too: set
    MORGUE_DATABASE to the new address from then on, or unset it.
    """
    from ingest.archive import Archive
    from ingest.archive.kept_originals import KEPT
    from ingest.archive.moving import move as moved

    with Console(as_json=as_json) as console, Archive.open(folder) as archive:
        report = moved(archive, to)
        compared = (
            f"{report.articles:,} articles ({report.versions:,} versions,"
            f" {report.vectors:,} vectors)"
            f" as of change {report.change:,} are in {report.to}, each compared,"
            f" with {report.records:,} answers on record and {report.conversations:,} conversations"
        )
        lines = [compared]
        if report.originals:
            lines.append(f"{report.originals:,} files that were dropped went along")
        if report.originals_left:
            lines.append(
                f"{report.originals_left:,} files that were dropped stay in"
                f" {str(archive.folder / KEPT)!r}: printed pages are shown from them where that"
                " folder is served, and nowhere else; delete it with the catalogue beside it"
            )
        console.result({"schema": _SCHEMA, **asdict(report)}, lines)


@click.command()
@archive_options
@click.pass_context
def verify(context: click.Context, folder: Path | None, as_json: bool) -> None:
    """Look at every span, hash, vector and index.

    Every span must be in its text, every hash its text's, and the indexes must hold all of it.
    """
    from assistant.doors.cli.keeping import checked
    from ingest.archive import Archive
    from ingest.archive.verification import verify as looked_at

    with Console(as_json=as_json) as console:
        with Archive.open(folder) as archive:
            checks = looked_at(archive)
        ok = checked(console, checks)
    context.exit(0 if ok else 1)


@click.command()
@click.argument("article_ids", nargs=-1, required=True)
@archive_options
def erase(folder: Path | None, as_json: bool, **given: Any) -> None:
    """Erase articles: no byte of them is left on disk.

    They are never taken in again.

    Where a court orders it: out of the catalogue, both indexes, alerts and your answers on record.
    Backups and the files that they were read from are yours to delete.
    """
    from ingest.archive import Archive
    from ingest.work.emptying import erase_everywhere

    with Console(as_json=as_json) as console:
        with Archive.open(folder) as archive:
            report = erase_everywhere(archive, [*given["article_ids"]])
        document = {"schema": _SCHEMA, **asdict(report)}
        named = f"{report.records} answers on record that named them"
        lines = [f"{len(report.erased)} erased, and {named}"]
        if report.unknown:
            lines.append(f"unknown: {', '.join(report.unknown)}")
        if report.copies:
            lines.append(f"copies that others printed, and that stay: {', '.join(report.copies)}")
        if report.unread:
            names = ", ".join(report.unread)
            lines.append(f"waited, could not be read, and went: hand them over again: {names}")
        if report.left_in:
            lines.append(f"what may hold them still: {report.left_in}")
        lines.append("backups and the files that they were read from are yours to delete")
        console.result(document, lines)
