"""Claims that people labelled as supported by a source or not: `faithfulness/NAME.jsonl`."""

import re
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path

from assistant.evaluate import sets
from assistant.evaluate.rows import ClaimRow

_PRINTED = re.compile(r"\(meta data\) PUBLISHED DATETIME: (\d{4}-\d\d-\d\d)")


def claims(data: Path, name: str) -> Iterator[ClaimRow]:
    """Yield the claims of a set. Claims about one source are one group."""
    seen: dict[str, int] = {}
    for given in sets.lines(data / "faithfulness" / f"{name}.jsonl"):
        source = given.get("source") or "\n".join(given["source_sentences"])
        printed = _PRINTED.search(source[:2000])
        known = str(given["id"])
        seen[known] = seen.get(known, 0) + 1
        yield ClaimRow(
            id=known if seen[known] == 1 else f"{known}#{seen[known]}",
            claim=given["claim"].replace("\\'", "'"),
            passages=(source,),
            supported=given["supported"],
            group=sha256(source.encode()).hexdigest()[:16],
            published=date.fromisoformat(printed[1]) if printed else None,
        )
