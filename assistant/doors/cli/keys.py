"""The command `morgue keys`: who may ask this archive over the network."""

import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant.doors.cli.console import Console
from assistant.doors.cli.options import archive_options

if TYPE_CHECKING:
    from assistant.doors.keyring import Key, Keyring

_SCHEMA = 1
_WIDTH = 80  # columns


@click.group()
def keys() -> None:
    """Keys for whoever asks over the network.

    Only a hash of each is kept.
    """


@keys.command()
@click.argument("name")
@click.option("--scope", type=click.Choice(["read", "admin"]), default="read",
              help="An admin may ingest too.")  # fmt: skip
@click.option("--collection", "collections", multiple=True, help="Only this; may be repeated.")
@click.option("--rate", type=click.IntRange(min=1), help="Requests a minute.")
@archive_options
def add(folder: Path | None, as_json: bool, name: str, **given: Any) -> None:
    """Make a key for NAME. It is shown this once."""
    with Console(as_json=as_json) as console, _ring(folder) as ring:
        secret, key = ring.add(name, **given)
        document = {"schema": _SCHEMA, "key": secret, **key.shown()}
        console.result(document, secret)
        console.say("keep it: it is not shown again")


@keys.command("list")
@archive_options
def list_keys(folder: Path | None, as_json: bool) -> None:
    """List the keys: whose, for what, since when."""
    with Console(as_json=as_json) as console, _ring(folder) as ring:
        found = ring.all()
        lines = [line for key in found for line in _lines(key)] or [
            "no keys yet: `morgue keys add NAME`"
        ]
        console.result({"schema": _SCHEMA, "keys": [key.shown() for key in found]}, lines)


@keys.command()
@click.argument("named", metavar="ID|NAME")
@archive_options
def revoke(folder: Path | None, as_json: bool, named: str) -> None:
    """Let a key open nothing any more, at once."""
    with Console(as_json=as_json) as console, _ring(folder) as ring:
        revoked = ring.revoke(named)
        document = {"schema": _SCHEMA, "revoked": [key.shown() for key in revoked]}
        lines = [line for key in revoked for line in _lines(key)]
        console.result(document, ["revoked", *lines])


def _lines(key: "Key") -> list[str]:
    opens = ", ".join(key.collections) or "everything"
    state = f"revoked {_minute(key.revoked_at)}" if key.revoked_at else _minute(key.created_at)
    line = f"{key.id}  {key.scope:<5}  {state}  {key.name}: {opens}"
    return textwrap.wrap(line, _WIDTH, subsequent_indent=" " * 10)


def _minute(moment: str) -> str:
    """Return a moment to the minute, in UTC: 2024-03-01 17:05Z."""
    at = datetime.fromisoformat(moment).astimezone(UTC)
    return f"{at:%Y-%m-%d %H:%MZ}"


@contextmanager
def _ring(folder: Path | None) -> "Iterator[Keyring]":
    from assistant.doors.keyring import Keyring
    from ingest.archive.catalogue import papers_at

    with papers_at(folder) as papers:
        yield Keyring(papers)
