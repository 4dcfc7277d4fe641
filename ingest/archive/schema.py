"""The catalogue's tables: made anew, or brought from an older schema to this one."""

import secrets
from importlib.resources import files
from typing import TYPE_CHECKING

from ingest.errors import ArchiveDamaged

if TYPE_CHECKING:
    from ingest.archive.catalogue import Catalogue

SCHEMA = 6


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
    first = min(catalogue.database.schemas)
    _run(catalogue, first)
    catalogue.set_meta("schema", str(first))
    catalogue.set_meta("change", "0")
    catalogue.set_meta("id", secrets.token_hex(8))
    _migrate(catalogue)


def _migrate(catalogue: "Catalogue") -> None:
    found = int(catalogue.meta("schema") or 0)  # another process may have been quicker
    for number in (later for later in catalogue.database.schemas if later > found):
        _run(catalogue, number)
        catalogue.set_meta("schema", str(number))


def _run(catalogue: "Catalogue", number: int) -> None:
    sql = (
        files("ingest.archive")
        .joinpath(catalogue.database.schemas[number])
        .read_text(encoding="utf-8")
    )
    lines = [line.partition("--")[0] for line in sql.splitlines()]
    for statement in "\n".join(lines).split(";"):
        if statement.strip():
            catalogue.connection.execute(statement)
