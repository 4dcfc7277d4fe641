"""The folders of a user where archives and models stand unless somebody says otherwise."""

from pathlib import Path

from platformdirs import user_cache_path, user_config_path, user_data_path


def data_dir() -> Path:
    """Return the user's data folder for Morgue, by the platform's custom."""
    return user_data_path("morgue", appauthor=False)


def cache_dir() -> Path:
    """Return the user's cache folder for Morgue, by the platform's custom."""
    return user_cache_path("morgue", appauthor=False)


def config_dir() -> Path:
    """Return the user's folder of settings for Morgue, by the platform's custom."""
    return user_config_path("morgue", appauthor=False)
