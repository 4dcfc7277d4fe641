"""Claims that people labelled as supported by a source or not: `faithfulness/NAME.jsonl`."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from assistant.check.judge import imprint
from assistant.evaluate import sets
from assistant.evaluate.rows import ClaimRow, Row
from ingest.errors import MorgueError, ReadError

Rows = Iterator[Row | ReadError]


def claims(data: Path, name: str) -> Rows:
    """Yield the claims of a set. Claims about one source are one group."""
    return _each(data, name, lambda row, _: row)


def in_cells(data: Path, name: str) -> Rows:
    """Yield the claims of a set in four cells, true or false, close or far, and by kind."""

    def counted(row: ClaimRow, given: Mapping[str, Any]) -> ClaimRow:
        cell = f"paraphrase_{str(given['cell']).replace('-', '_')}"
        kind = given.get("kind")
        return replace(row, right=(cell, f"{cell}:{kind}") if kind else (cell,))

    return _each(data, name, counted)


def of_model(data: Path, name: str) -> Rows:
    """Yield the sentences of a model's answers, true and false ones counted apart, by kind."""

    def counted(row: ClaimRow, given: Mapping[str, Any]) -> ClaimRow:
        shown = f"strong_{'true' if row.supported else 'false'}_shown"
        return replace(row, shown=(shown, f"{shown}:{given['kind']}"))

    return _each(data, name, counted)


def _each(
    data: Path, name: str, counted: Callable[[ClaimRow, Mapping[str, Any]], ClaimRow]
) -> Rows:
    seen: Counter[str] = Counter()

    def claim(given: Any) -> Iterator[ClaimRow]:
        source = given.get("source") or "\n".join(given.get("source_sentences") or ())
        if not source.strip():
            raise MorgueError("its source is empty", "fill `source` or `source_sentences`")
        known = str(given["id"])
        seen[known] += 1
        row = ClaimRow(
            id=known if seen[known] == 1 else f"{known}#{seen[known]}",
            claim=given["claim"].replace("\\'", "'"),
            passages=(_above(given) + source,),
            supported=given["supported"],
            group=sha256(source.encode()).hexdigest()[:16],
        )
        yield counted(row, given)

    return sets.each(data / "faithfulness" / f"{name}.jsonl", claim)


def _above(given: Mapping[str, Any]) -> str:
    day = given.get("date")
    printed = date.fromisoformat(day) if day else None
    return imprint(given.get("outlet"), printed, given.get("title") or "")
