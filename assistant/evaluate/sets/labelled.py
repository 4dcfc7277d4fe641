"""Claims that people labelled as supported by a source or not: `faithfulness/NAME.jsonl`."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from assistant.evaluate import sets
from assistant.evaluate.rows import ClaimRow, Row
from ingest.errors import MorgueError, ReadError

_PRINTED = re.compile(r"\(meta data\) PUBLISHED DATETIME: (\d{4}-\d\d-\d\d)")


def claims(data: Path, name: str) -> Iterator[Row | ReadError]:
    """Yield the claims of a set. Claims about one source are one group."""
    seen: Counter[str] = Counter()

    def claim(given: Any) -> Iterator[ClaimRow]:
        source = given.get("source") or "\n".join(given.get("source_sentences") or ())
        if not source.strip():
            raise MorgueError("its source is empty", "fill `source` or `source_sentences`")
        printed = _PRINTED.search(source[:2000])
        known = str(given["id"])
        seen[known] += 1
        yield ClaimRow(
            id=known if seen[known] == 1 else f"{known}#{seen[known]}",
            claim=given["claim"].replace("\\'", "'"),
            passages=(source,),
            supported=given["supported"],
            group=sha256(source.encode()).hexdigest()[:16],
            published=date.fromisoformat(printed[1]) if printed else None,
        )

    return sets.each(data / "faithfulness" / f"{name}.jsonl", claim)
