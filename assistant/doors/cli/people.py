"""The command `morgue people`: who may sign in to this archive with a name and a password."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant.doors.cli.console import Console
from assistant.doors.cli.options import archive_options

if TYPE_CHECKING:
    from assistant.doors.sign_in import People, UserAccount

_SCHEMA = 1


@click.group()
def people() -> None:
    """People who sign in where others can reach `morgue serve`.

    A password is asked for, or read from standard input: it is no argument, which others on the
    machine could read. Only a hash of it is kept.
    """


@people.command()
@click.argument("name")
@click.option("--admin", is_flag=True, help="May read articles in too, and see figures.")
@click.option("--collection", "collections", multiple=True, help="Only this; may be repeated.")
@click.option("--no-password", is_flag=True, help="A proxy or a provider alone says who it is.")
@archive_options
def add(folder: Path | None, as_json: bool, name: str, **given: Any) -> None:
    """Let NAME sign in."""
    with Console(as_json=as_json) as console, _people(folder) as known:
        password = None if given["no_password"] else _password()
        scope: Any = "admin" if given["admin"] else "read"
        person = known.add(name, password, scope=scope, collections=given["collections"])
        console.result({"schema": _SCHEMA, **person.shown()}, f"{_line(person)}")


@people.command("list")
@archive_options
def list_people(folder: Path | None, as_json: bool) -> None:
    """List the people: what each may see, since when."""
    with Console(as_json=as_json) as console, _people(folder) as known:
        found = known.all()
        lines = [*map(_line, found)] or ["nobody yet: `morgue people add NAME`"]
        console.result({"schema": _SCHEMA, "people": [one.shown() for one in found]}, lines)


@people.command()
@click.argument("name")
@archive_options
def remove(folder: Path | None, as_json: bool, name: str) -> None:
    """Let NAME in no more, at once."""
    with Console(as_json=as_json) as console, _people(folder) as known:
        person = known.remove(name)
        document = {"schema": _SCHEMA, "removed": person.shown()}
        console.result(document, [f"removed {_line(person)}"])


@people.command("password")
@click.argument("name")
@archive_options
def change_password(folder: Path | None, as_json: bool, name: str) -> None:
    """Give NAME another password, and end their sessions."""
    with Console(as_json=as_json) as console, _people(folder) as known:
        person = known.change_password(name, _password())
        console.result({"schema": _SCHEMA, **person.shown()}, [f"changed: {_line(person)}"])


def _password() -> str:
    """Ask for a password twice, or read it from what is not a terminal."""
    if sys.stdin.isatty():
        asked: str = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
        return asked
    return sys.stdin.readline().rstrip("\r\n")


def _line(person: "UserAccount") -> str:
    sees = ", ".join(person.collections) or "everything"
    elsewhere = ", by OpenID Connect" if person.subject else ", by a proxy alone"
    how = "" if person.hash else elsewhere
    return f"{person.scope:<5}  {person.name}: {sees}, since {person.created_at}{how}"


@contextmanager
def _people(folder: Path | None) -> "Iterator[People]":
    from assistant.doors.sign_in import People
    from ingest.archive.catalogue import papers_at

    with papers_at(folder) as papers:
        yield People(papers)
