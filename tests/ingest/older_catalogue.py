"""A catalogue as an earlier Morgue left it: without what later schemas added."""

import sqlite3
from pathlib import Path

_TABLES = {
    5: ("statements", "speakers", "speaker_words", "speaker_roles", "heard"),
    6: ("watches", "watched", "alerts", "deliveries", "erased"),
}
_INDEXES = {6: ("articles_by_put",)}
_COLUMNS = {6: ("put_at",)}


def set_back(folder: Path, schema: int) -> None:
    """Take out of an archive's catalogue what came after a schema, the fourth or a later one."""
    catalogue = sqlite3.connect(folder / "catalogue.sqlite")
    for later in range(schema + 1, max(_TABLES) + 1):
        for table in _TABLES[later]:
            catalogue.execute(f"DROP TABLE {table}")
        for index in _INDEXES.get(later, ()):
            catalogue.execute(f"DROP INDEX {index}")
        for column in _COLUMNS.get(later, ()):
            catalogue.execute(f"ALTER TABLE articles DROP COLUMN {column}")
    catalogue.execute("UPDATE meta SET value = ? WHERE key = 'schema'", (str(schema),))
    catalogue.commit()
    catalogue.close()
