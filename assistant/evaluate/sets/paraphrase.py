"""Paraphrases: sentences about stretches of articles, true and false, close and far."""

from collections.abc import Iterator
from pathlib import Path

from assistant.evaluate.rows import Row
from assistant.evaluate.sets.labelled import in_cells
from ingest.errors import ReadError


def rows(data: Path) -> Iterator[Row | ReadError]:
    """Yield the claims."""
    return in_cells(data, "paraphrase")


def articles(_data: Path) -> None:
    """Have no archive: a claim has its source with it."""
