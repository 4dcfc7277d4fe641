"""The catalogue's tables: made anew, or brought from an older schema to this one."""

import secrets
from importlib.resources import files
from typing import TYPE_CHECKING

from ingest.errors import ArchiveDamaged

if TYPE_CHECKING:
    from ingest.archive.catalogue import Catalogue

SCHEMA = 6
_SQL = {1: "schema.sql"} | {n: f"schema_{n}.sql" for n in range(2, SCHEMA + 1)}


def prepare(catalogue: "Catalogue", *, create: bool) -> None:
    """Make the tables that are not there yet.

    Raises ArchiveDamaged where the file holds no catalogue, or one of a later Morgue.
    """
    if create and not _there(catalogue):
        with catalogue.transaction():
            if not _there(catalogue):  # another process may have been quicker
                _create(catalogue)
    if not _there(catalogue):
        raise ArchiveDamaged(
            f"{str(catalogue.path)!r} holds no catalogue", "delete it and ingest again"
        )
    found = catalogue.meta("schema")
    if found is not None and found.isdigit() and 0 < int(found) < SCHEMA:
        with catalogue.transaction():
            _migrate(catalogue)
    elif found != str(SCHEMA):
        raise ArchiveDamaged(
            f"the archive has schema {found}, this Morgue reads {SCHEMA}",
            "open it with the version that wrote it, or ingest again",
        )


def _there(catalogue: "Catalogue") -> bool:
    found = catalogue.connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'")
    return found.fetchone() is not None


def _create(catalogue: "Catalogue") -> None:
    _run(catalogue, 1)
    catalogue.set_meta("schema", "1")
    catalogue.set_meta("change", "0")
    catalogue.set_meta("id", secrets.token_hex(8))
    _migrate(catalogue)


def _migrate(catalogue: "Catalogue") -> None:
    found = int(catalogue.meta("schema") or 0)  # another process may have been quicker
    for number in (later for later in _SQL if later > found):
        _run(catalogue, number)
        catalogue.set_meta("schema", str(number))


def _run(catalogue: "Catalogue", number: int) -> None:
    sql = files("ingest.archive").joinpath(_SQL[number]).read_text(encoding="utf-8")
    lines = [line.partition("--")[0] for line in sql.splitlines()]
    for statement in "\n".join(lines).split(";"):
        if statement.strip():
            catalogue.connection.execute(statement)
