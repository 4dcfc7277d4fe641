"""Sentences of answers as a strong language model writes them, with ~220 words of their article."""

from collections.abc import Iterator
from pathlib import Path

from assistant.evaluate.rows import Row
from assistant.evaluate.sets.labelled import of_model
from ingest.errors import ReadError


def rows(data: Path) -> Iterator[Row | ReadError]:
    """Yield the claims."""
    return of_model(data, "strong")


def articles(_data: Path) -> None:
    """Have no archive: a claim has its source with it."""
