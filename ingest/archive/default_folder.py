"""The folder of the archive where nobody names one, and the database and servers that keep it."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.archive.sqlite import ours
from ingest.places import config_dir, data_dir

if TYPE_CHECKING:
    from ingest.settings import IngestSettings


def archive_dir() -> Path:
    """Return the folder of the archive: the environment's, the settings file's, the default.

    Settings are read only where there is a file of them: that takes half a second, more than
    to say what an archive holds.
    """
    named = os.environ.get("MORGUE_ARCHIVE")
    if named:
        return Path(named)
    written = _written()
    return written.archive if written else data_dir() / "archive"


def database_url(settings: "IngestSettings | None" = None) -> str | None:
    """Return the address of the database, with its password; None for a file in the folder.

    It is that of the settings where there are some.
    """
    named = os.environ.get("MORGUE_DATABASE")
    if named and settings is None:
        return named
    written = settings or _written()
    return written.database.get_secret_value() if written and written.database else None


def chroma_url() -> str | None:
    """Return what names the Chroma servers; None where the vectors are in the archive's folder."""
    named = os.environ.get("MORGUE_CHROMA_URL")
    if named:
        return named
    written = _written()
    return written.chroma_url if written else None


def _written() -> "IngestSettings | None":
    """Return the settings where there is a file of them."""
    if not any(map(_holds_settings, (Path(), config_dir()))):
        return None
    from ingest.settings import IngestSettings

    return IngestSettings()


def _holds_settings(folder: Path) -> bool:
    """Tell whether a folder has a file of settings; what may not be looked into is nobody's."""
    try:
        return (folder / "morgue.toml").exists()
    except PermissionError:
        return False


def make_folder(folder: Path) -> None:
    """Make the folder of an archive where there is none yet. Raises ArchiveError."""
    with ours(folder):
        folder.mkdir(parents=True, exist_ok=True)
