"""The one door to what was ingested."""

from ingest.archive.archive import Archive
from ingest.archive.search import Search

__all__ = ["Archive", "Search"]
