"""Claims that people labelled as supported by a source or not, as they lie in `shared/data`."""

import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

SHARED = Path(__file__).resolve().parents[1].parent / "shared" / "data"
TRAINING = ("xsumfaith", "wice")
UNSEEN = ("qags", "attributionbench", "faithbench")
_ESCAPED = "\\'"
_PRINTED = re.compile(r"\(meta data\) PUBLISHED DATETIME: (\d{4}-\d\d-\d\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A claim, its passages and people's label; `words` are the spans they found unsupported."""

    id: str
    claim: str
    passages: tuple[str, ...]
    supported: bool
    group: str
    label: str = ""
    published: date | None = None
    words: tuple[tuple[int, int], ...] = ()
    sentences: tuple[str, ...] = field(default_factory=tuple)


def labelled(name: str, data: Path = SHARED) -> list[Labelled]:
    """Read the claims of a set by its name."""
    path = data / "faithfulness" / f"{name}.jsonl.gz"
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [_row(json.loads(line)) for line in lines]


def _row(row: dict[str, Any]) -> Labelled:
    source = row.get("source") or "\n".join(row["source_sentences"])
    printed = _PRINTED.search(source[:2000])
    claim = row["claim"]
    return Labelled(
        id=row["id"],
        claim=claim.replace(_ESCAPED, "'"),
        passages=(source,),
        supported=row["supported"],
        group=source[:300],
        label=row.get("label", ""),
        published=date.fromisoformat(printed[1]) if printed else None,
        words=tuple(_words(claim, row.get("unsupported_spans") or ())),
        sentences=tuple(_supporting(row)),
    )


def _words(claim: str, spans: Any) -> Iterator[tuple[int, int]]:
    for start, end, _ in spans:  # counted from one, backslashes included
        first, last = max(0, start - 1), end - 1
        yield first - claim[:first].count(_ESCAPED), last - claim[:last].count(_ESCAPED)


def _supporting(row: dict[str, Any]) -> Iterator[str]:
    for one in row.get("supporting_sentences") or ():
        for at in one if isinstance(one, list) else [one]:
            yield row["source_sentences"][at]
