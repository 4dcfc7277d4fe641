"""What an ingest did, as JSON."""

from assistant.render.documents import SCHEMA, Document
from ingest.errors import ReadError
from ingest.pipeline import Report


def report_to_json(report: Report) -> Document:
    """Return what `ingest --json` prints."""
    return {
        "schema": SCHEMA,
        "read": report.read,
        "added": report.added,
        "updated": report.updated,
        "unchanged": report.unchanged,
        "copies": report.copies,
        "failed": [failure_to_json(error) for error in report.failed],
        "left_out": dict(report.left_out),
        "withheld": dict(report.withheld),
        "passages": report.passages,
        "embedded": report.embedded,
        "pending": report.pending,
        "gone": list(report.gone),
        "pruned": report.pruned,
        "empty": list(report.empty),
        "seconds": dict(report.seconds),
    }


def failure_to_json(error: ReadError) -> Document:
    """Return a record that could not be read: where it stands, why, and what to do about it."""
    return {
        "file": error.file, "where": error.where, "why": error.message, "hint": error.hint or None
    }  # fmt: skip
