"""Where an archive and its models stand where nobody says otherwise."""

import os
import sys
from pathlib import Path


def data_dir() -> Path:
    """Return the user's data folder for Morgue, by the platform's custom."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "morgue"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "morgue"
    return Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share")) / "morgue"


def cache_dir() -> Path:
    """Return the user's cache folder for Morgue, by the platform's custom."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "morgue"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "morgue" / "cache"
    return Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "morgue"


def archive_dir() -> Path:
    """Return the folder of the archive: the environment's, the settings file's, the default.

    Settings are read only where there is a file of them: that takes half a second, more than
    to say what an archive holds.
    """
    named = os.environ.get("MORGUE_ARCHIVE")
    if named:
        return Path(named)
    if Path("morgue.toml").exists():
        from ingest.settings import Settings

        return Settings().archive
    return data_dir() / "archive"
