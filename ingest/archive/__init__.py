"""The one door to what was ingested."""

from ingest.archive.archive import Archive, Search

__all__ = ["Archive", "Search"]
