"""Claims that people labelled as supported by a source or not: `faithfulness/NAME.jsonl`."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from assistant.check.judge import imprint
from assistant.evaluate import sets
from assistant.evaluate.rows import ClaimRow


def claims(data: Path, name: str) -> Iterator[ClaimRow]:
    """Yield the claims of a set. Claims about one source are one group."""
    seen: dict[str, int] = {}
    for given in sets.lines(data / "faithfulness" / f"{name}.jsonl"):
        source = given.get("source") or "\n".join(given["source_sentences"])
        known = str(given["id"])
        seen[known] = seen.get(known, 0) + 1
        yield ClaimRow(
            id=known if seen[known] == 1 else f"{known}#{seen[known]}",
            claim=given["claim"].replace("\\'", "'"),
            passages=(_above(given) + source,),
            supported=given["supported"],
            group=sha256(source.encode()).hexdigest()[:16],
        )


def _above(given: Mapping[str, Any]) -> str:
    day = given.get("date")
    printed = date.fromisoformat(day) if day else None
    return imprint(given.get("outlet"), printed, given.get("title") or "")


def in_cells(data: Path, name: str) -> Iterator[ClaimRow]:
    """Yield the claims of a set whose rows stand in cells: true or false, close or far."""
    cells = [str(given["cell"]) for given in sets.lines(data / "faithfulness" / f"{name}.jsonl")]
    for row, cell in zip(claims(data, name), cells, strict=True):
        yield replace(row, right=(f"paraphrase_{cell.replace('-', '_')}",))


def of_model(data: Path, name: str) -> Iterator[ClaimRow]:
    """Yield the sentences of a model's answers, true and false ones counted apart, by kind."""
    kinds = [str(given["kind"]) for given in sets.lines(data / "faithfulness" / f"{name}.jsonl")]
    for row, kind in zip(claims(data, name), kinds, strict=True):
        shown = f"strong_{'true' if row.supported else 'false'}_shown"
        yield replace(row, shown=(shown, f"{shown}:{kind}"))
