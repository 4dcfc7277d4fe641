"""XSumFaith (Maynez et al. 2020): summaries of one sentence; nine in ten are unsupported."""

from collections.abc import Iterator
from pathlib import Path

from assistant.evaluate.rows import Row
from assistant.evaluate.sets.labelled import claims
from ingest.errors import ReadError


def rows(data: Path) -> Iterator[Row | ReadError]:
    """Yield the claims."""
    return claims(data, "xsumfaith")


def articles(_data: Path) -> None:
    """Have no archive: a claim has its source with it."""
