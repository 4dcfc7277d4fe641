"""Do follow-ups find what they ask for? `python -m benchmarks.conversations`.

The conversations of mtrag with reference passages: all their passages are one archive, and a
last turn is right if one of its own is among the five best, searched by words: as it was typed,
joined with the turn before where it leans on it, and as it is understood to stand alone.
"""

import gzip
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.answer import Turn
from assistant.find.told_of import told_of
from assistant.understand.coreference import ToldOf, follows
from assistant.understand.question import understand
from benchmarks.newsroom import DATA
from ingest.archive import Archive, Search
from ingest.pipeline import ingest
from ingest.settings import IngestSettings

_BEST = 5


def conversations() -> Iterator[tuple[str, list[Turn], dict[str, str]]]:
    """Yield the last turn of each conversation, the turns before it, and its passages by id."""
    with gzip.open(DATA / "chat" / "mtrag.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row: dict[str, Any] = json.loads(line)
            said = [turn["text"] for turn in row["input"]]
            passages = {c["document_id"]: c["text"] for c in row["contexts"]}
            if len(said) > 2 and passages:
                before = zip(said[0::2], said[1::2], strict=False)
                yield said[-1], [Turn(question=q, answer=a) for q, a in before], passages


def _forms(asked: str, history: list[Turn], told: ToldOf) -> dict[str, str]:
    leans = follows(" ".join(asked.split()))
    alone = understand(asked, history=history, told_of=told)
    return {
        "as typed": asked,
        "joined with the last question": f"{asked} {history[-1].question}" if leans else asked,
        "standing alone": f"{alone.text} {alone.topic}",
    }


def main() -> None:
    rows = list(conversations())
    with tempfile.TemporaryDirectory() as folder:
        passages = {name: text for _, _, held in rows for name, text in held.items()}
        file = Path(folder) / "passages.jsonl"
        file.write_text(
            "".join(json.dumps({"id": n, "text": t}) + "\n" for n, t in passages.items()),
            encoding="utf-8",
        )
        settings = IngestSettings(embedder="none")
        with Archive.open(Path(folder) / "archive", create=True, settings=settings) as archive:
            ingest([file], archive, embed=False)
            leaning = [row for row in rows if follows(" ".join(row[0].split()))]
            for name, some in (("all last turns", rows), ("those that lean on it", leaning)):
                print(f"{name}: {len(some)}")
                for form in _forms(*rows[0][:2], told_of(archive, None)):
                    print(f"  {form + ':':32}{_found(archive, some, form)}")


def _found(archive: Archive, rows: list[tuple[str, list[Turn], dict[str, str]]], form: str) -> int:
    found, told = 0, told_of(archive, None)
    for asked, history, passages in rows:
        hits = archive.search(Search(text=_forms(asked, history, told)[form], k=_BEST))
        own = {_beginning(text) for text in passages.values()}
        found += any(_beginning(hit.article.text) in own for hit in hits)
    return found


def _beginning(text: str) -> str:
    return " ".join(text.split()[:12])


if __name__ == "__main__":
    main()
