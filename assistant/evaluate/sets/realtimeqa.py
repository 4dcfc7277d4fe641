"""RealTime QA: weekly news-quiz questions and an archive of the articles they came from.

`realtimeqa/questions.jsonl`, `unanswerable.jsonl`, `articles.jsonl`. Questions without a gold
article are left out of what the archive can answer, since nobody says whether it can.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.evaluate import sets
from assistant.evaluate.rows import AskedRow, Row, row
from ingest.errors import ReadError


def rows(data: Path) -> Iterator[Row | ReadError]:
    """Yield the questions with a gold article, then those of two years later."""
    for file in ("questions.jsonl", "unanswerable.jsonl"):
        yield from sets.each(data / "realtimeqa" / file, _asked)


def _asked(given: Any) -> Iterator[Row]:
    asked = row(given, str(given["id"]))
    if isinstance(asked, AskedRow) and asked.gold.expects is not None:
        # The as-of day of a later question is later than the whole archive: no help.
        yield replace(asked, day=asked.day if asked.gold.articles else None)


def articles(data: Path) -> Iterable[sets.Record]:
    """Yield the articles."""
    return sets.lines(data / "realtimeqa" / "articles.jsonl")
