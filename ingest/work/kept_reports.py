"""A report of an ingest as a database keeps it, and back."""

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from ingest.errors import ReadError
from ingest.pipeline import Report


def as_kept(report: Report) -> dict[str, Any]:
    """Return a report as JSON has it, its failures as lists."""
    kept = asdict(replace(report, failed=()))
    return kept | {"failed": [[e.file, e.where, e.message, e.hint] for e in report.failed]}


def from_kept(kept: Mapping[str, Any]) -> Report:
    """Return the report that was kept."""
    failed = tuple(ReadError(*one) for one in kept["failed"])
    named = {name: tuple(kept.get(name, ())) for name in ("gone", "empty")}
    return Report(**{**kept, "failed": failed, **named})
