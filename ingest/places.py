"""The folders of a user where archives and models stand unless somebody says otherwise."""

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


def config_dir() -> Path:
    """Return the user's folder of settings for Morgue, by the platform's custom."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "morgue"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "morgue"
    return Path(os.environ.get("XDG_CONFIG_HOME", Path.home() / ".config")) / "morgue"
