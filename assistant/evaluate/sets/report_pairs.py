"""Pairs of reports that agree, conflict, go on with one another, or are about different things."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from assistant.compose.relation import Pair, ReportSide
from assistant.evaluate import sets
from assistant.evaluate.rows import PairRow, Row
from ingest.errors import ReadError
from ingest.language.identify import likely


def rows(data: Path) -> Iterator[Row | ReadError]:
    """Yield the pairs, the earlier report first."""
    return sets.each(data / "conflicts" / "dev.jsonl", _pair)


def _pair(given: Any) -> Iterator[PairRow]:
    one, other = _side(given["a"]), _side(given["b"])
    turned = one.published and other.published and other.published < one.published
    yield PairRow(
        id=str(given["id"]),
        pair=Pair(given["question"], *((other, one) if turned else (one, other))),
        relation=given["relation"],
        group=given["question"],
    )


def _side(given: Mapping[str, Any]) -> ReportSide:
    return ReportSide(
        text=given["text"],
        outlet=given.get("outlet"),
        published=date.fromisoformat(given["date"]) if given.get("date") else None,
        headline=given.get("title") or "",
        language=given.get("language") or likely(given["text"]),
    )


def articles(_data: Path) -> None:
    """Have no archive: a pair has its texts with it."""
