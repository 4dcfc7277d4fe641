"""The catalogue's tables: made anew, or brought from an older schema to this one."""

import secrets
from importlib.resources import files
from typing import TYPE_CHECKING

from ingest.archive.database import Database
from ingest.errors import ArchiveDamaged

if TYPE_CHECKING:
    from ingest.archive.catalogue import Catalogue

SCHEMA = 7


def prepare(catalogue: "Catalogue", *, create: bool) -> None:
    """Make the tables that are not there yet.

    Raises ArchiveDamaged where the file holds no catalogue, or one of a later Morgue.
    """
    if create and not _there(catalogue):
        catalogue.database.make_place()
        with catalogue.transaction():
            if not _there(catalogue):  # another process may have been quicker
                _create(catalogue)
    if not _there(catalogue):
        raise ArchiveDamaged(
            f"{catalogue.database.address!r} holds no catalogue", "delete it and ingest again"
        )
    found = catalogue.meta("schema")
    first = min(catalogue.database.schemas)
    if found is not None and found.isdigit() and first <= int(found) < SCHEMA:
        with catalogue.transaction():
            _migrate(catalogue)
    elif found != str(SCHEMA):
        raise ArchiveDamaged(
            f"the archive has schema {found}, this Morgue reads {SCHEMA}",
            "open it with the version that wrote it, or ingest again",
        )


def _there(catalogue: "Catalogue") -> bool:
    return catalogue.database.is_laid_out()


def _create(catalogue: "Catalogue") -> None:
    lay_out(catalogue.database)
    catalogue.set_meta("schema", str(SCHEMA))
    catalogue.set_meta("change", "0")
    catalogue.set_meta("id", secrets.token_hex(8))


def lay_out(database: Database) -> None:
    """Make the tables of a catalogue, without a row, within a transaction."""
    for number in sorted(database.schemas):
        _run(database, number)


def _migrate(catalogue: "Catalogue") -> None:
    found = int(catalogue.meta("schema") or 0)  # another process may have been quicker
    for number in (later for later in catalogue.database.schemas if later > found):
        _run(catalogue.database, number)
        catalogue.set_meta("schema", str(number))


def _run(database: Database, number: int) -> None:
    file = database.schemas[number]
    sql = files("ingest.archive").joinpath(file).read_text(encoding="utf-8")
    lines = [line.partition("--")[0] for line in sql.splitlines()]
    for statement in "\n".join(lines).split(";"):
        if statement.strip():
            database.connection.execute(statement)
