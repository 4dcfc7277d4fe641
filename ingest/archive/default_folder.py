"""The folder of the archive where nobody names one."""

import os
from pathlib import Path

from ingest.places import data_dir


def archive_dir() -> Path:
    """Return the folder of the archive: the environment's, the settings file's, the default.

    Settings are read only where there is a file of them: that takes half a second, more than
    to say what an archive holds.
    """
    named = os.environ.get("MORGUE_ARCHIVE")
    if named:
        return Path(named)
    if Path("morgue.toml").exists():
        from ingest.settings import IngestSettings

        return IngestSettings().archive
    return data_dir() / "archive"
