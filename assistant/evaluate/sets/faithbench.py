"""FaithBench (Bao et al. 2024): hard cases, summaries by ten language models."""

from collections.abc import Iterator
from pathlib import Path

from assistant.evaluate.rows import Row
from assistant.evaluate.sets.labelled import claims
from ingest.errors import ReadError


def rows(data: Path) -> Iterator[Row | ReadError]:
    """Yield the claims."""
    return claims(data, "faithbench")


def articles(_data: Path) -> None:
    """Have no archive: a claim has its source with it."""
