"""The folder of the archive where nobody names one."""

import os
from pathlib import Path

from ingest.places import config_dir, data_dir


def archive_dir() -> Path:
    """Return the folder of the archive: the environment's, the settings file's, the default.

    Settings are read only where there is a file of them: that takes half a second, more than
    to say what an archive holds.
    """
    named = os.environ.get("MORGUE_ARCHIVE")
    if named:
        return Path(named)
    if any((folder / "morgue.toml").exists() for folder in (Path(), config_dir())):
        from ingest.settings import IngestSettings

        return IngestSettings().archive
    return data_dir() / "archive"
