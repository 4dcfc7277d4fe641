"""WiCE (Kamoi et al. 2023): claims and their cited page; supported in part is not."""

from collections.abc import Iterator
from pathlib import Path

from assistant.evaluate.rows import Row
from assistant.evaluate.sets.labelled import claims
from ingest.errors import ReadError


def rows(data: Path) -> Iterator[Row | ReadError]:
    """Yield the claims."""
    return claims(data, "wice")


def articles(_data: Path) -> None:
    """Have no archive: a claim has its source with it."""
