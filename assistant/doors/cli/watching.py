"""The command `morgue watch`: searches that are saved, and what they find that is new."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from assistant.doors.cli.console import Console
from assistant.doors.cli.options import archive_options, filter_options, filters

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from assistant.doors.alerts.watch_desk import WatchDesk
    from ingest.archive.watches import WatchKind

_SCHEMA = 1


@click.group()
def watch() -> None:
    """Save searches, and tell what is new or corrected for each."""


@watch.command()
@click.argument("name")
@click.argument("query", required=False, default="")
@click.option("--by", type=click.Choice(["words", "meaning", "both"]), default="words",
              help="Every word of it, what is near in meaning, or either.")  # fmt: skip
@click.option("--cited", is_flag=True, help="Corrections of what your answers cite; no QUERY.")
@click.option("--webhook", metavar="URL", help="Send what is new there, signed.")
@click.option("--mail", multiple=True, metavar="ADDRESS", help="Send it by mail; repeatable.")
@filter_options
@archive_options
def add(folder: Path | None, as_json: bool, name: str, query: str, **given: Any) -> None:
    """Save a search: from now on what is new for QUERY is told.

    Without QUERY, all that the filters leave. The address of its feed is shown this once.
    """
    from ingest.archive.watches import Wanted

    with Console(as_json=as_json) as console, _desk(folder) as desk:
        wanted = Wanted(
            name=name,
            query=query,
            kind=cast("WatchKind", "cited" if given["cited"] else given["by"]),
            filters=filters(given),
            webhook=given["webhook"],
            mail=tuple(given["mail"]),
        )
        saved = desk.add(wanted)
        at = desk.address(saved.token)
        document = {"schema": _SCHEMA, "name": name, "feed": at, "secret": saved.secret}
        lines = ["saved; its feed, where `morgue serve` runs:", f"  {at}"]
        lines += [f"its webhook is signed with {saved.secret}"] if saved.secret else []
        console.result(document, lines)
        console.say("keep them: they are not shown again")


@watch.command("list")
@archive_options
def list_watches(folder: Path | None, as_json: bool) -> None:
    """List the watches of everybody, and what could not be sent."""
    with Console(as_json=as_json) as console, _desk(folder) as desk:
        found = desk.listed()
        lines = [line for one in found for line in _lines(one)]
        hint = ["no watches yet: `morgue watch add NAME QUERY`"]
        console.result({"schema": _SCHEMA, "watches": found}, lines or hint)


def _lines(document: dict[str, Any]) -> list[str]:
    what = document["query"] or ("what was cited" if document["kind"] == "cited" else "everything")
    ways = [way for way in ("webhook", "mail", "feed") if document[way]]
    lines = [f"{document['name']}: {what} ({document['kind']}; {', '.join(ways) or 'no way out'})"]
    return lines + [
        f"    not sent by {one['way']}, tried {one['tries']}: {one['error'] or 'yet'}"
        for one in document["waiting"]
    ]


@watch.command()
@click.argument("names", nargs=-1)
@click.option("--no-send", is_flag=True, help="Send nothing by webhook or mail.")
@archive_options
def run(folder: Path | None, as_json: bool, names: Sequence[str], no_send: bool) -> None:
    """Tell what is new for watches, and send it on.

    For all of them, or for those that are named.
    """
    from assistant.render.alerts import alerts_to_text, run_to_json

    with Console(as_json=as_json) as console, _desk(folder) as desk:
        found = desk.run(names)
        sending = None if no_send else desk.deliver()
        document = run_to_json(found)
        lines = alerts_to_text(found.alerts)
        lines += [f"{one.name}: {one.why}" for one in found.skipped]
        if sending is not None:
            document |= {"sent": sending.sent, "not_sent": list(sending.failed)}
            lines += [f"not sent: {one}" for one in sending.failed]
        several = "watch" if found.watches == 1 else "watches"
        nothing = f"nothing new for {found.watches:,} {several}"
        console.result(document, lines or [nothing])


@watch.command()
@click.argument("name")
@click.option("-k", "most", type=click.IntRange(1, 1000), default=20, help="How many.")
@archive_options
def show(folder: Path | None, as_json: bool, name: str, most: int) -> None:
    """Show again what a watch has told, the newest first."""
    from assistant.render.alerts import alert_to_json, alerts_to_text

    with Console(as_json=as_json) as console, _desk(folder) as desk:
        found = desk.alerts(name, most=most)
        document = {"schema": _SCHEMA, "alerts": [alert_to_json(one) for one in found]}
        console.result(document, alerts_to_text(found) or ["it has told nothing yet"])


@watch.command()
@click.argument("name")
@click.option("--revoke", is_flag=True, help="Take the address away, and give no other.")
@archive_options
def feed(folder: Path | None, as_json: bool, name: str, revoke: bool) -> None:
    """Give a watch's feed a new address.

    The one before opens nothing any more.
    """
    with Console(as_json=as_json) as console, _desk(folder) as desk:
        if revoke:
            desk.close_feed(name)
            console.result({"schema": _SCHEMA, "name": name, "feed": None}, "it has no feed now")
        else:
            at = desk.address(desk.renew(name))
            console.result({"schema": _SCHEMA, "name": name, "feed": at}, at)


@watch.command()
@click.argument("name")
@archive_options
def remove(folder: Path | None, as_json: bool, name: str) -> None:
    """Forget a watch, and what it told."""
    with Console(as_json=as_json) as console, _desk(folder) as desk:
        desk.remove(name)
        console.result({"schema": _SCHEMA, "removed": name}, f"removed {name}")


def _desk(folder: Path | None) -> "AbstractContextManager[WatchDesk]":
    from contextlib import contextmanager

    from assistant.doors.alerts.watch_desk import WatchDesk
    from ingest.archive import Archive

    @contextmanager
    def opened() -> Any:
        with Archive.open(folder) as archive:
            yield WatchDesk(archive)

    return opened()
