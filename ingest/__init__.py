"""An archive of articles in, a searchable Archive out."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingest.archive import Archive, Search
    from ingest.pipeline import Report, ingest

__all__ = ["Archive", "Report", "Search", "ingest"]

_FROM = {
    "Archive": "ingest.archive",
    "Search": "ingest.archive",
    "Report": "ingest.pipeline",
    "ingest": "ingest.pipeline",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for: a cold start stays short."""
    if name not in _FROM:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_FROM[name]), name)
