"""Pairs of reports that agree, conflict, go on with one another, or are about different things."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from assistant.compose.relation import Pair, ReportSide
from assistant.evaluate import sets
from assistant.evaluate.rows import PairRow, Row


def rows(data: Path) -> Iterator[Row]:
    """Yield the pairs, the earlier report first."""
    for given in sets.lines(data / "conflicts" / "dev.jsonl"):
        one, other = _side(given["a"]), _side(given["b"])
        turned = one.published and other.published and other.published < one.published
        sides = (other, one) if turned else (one, other)
        yield PairRow(
            id=str(given["id"]),
            pair=Pair(given["question"], *sides),
            relation=given["relation"],
            group=given["question"],
        )


def _side(given: Mapping[str, Any]) -> ReportSide:
    return ReportSide(
        text=given["text"],
        outlet=given.get("outlet"),
        published=date.fromisoformat(given["date"]) if given.get("date") else None,
        headline=given.get("title") or "",
    )


def articles(_data: Path) -> None:
    """Have no archive: a pair has its texts with it."""
