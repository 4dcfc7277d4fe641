"""MultiHop-RAG: questions that need several articles, and some that nothing answers.

`multihop/questions.jsonl`, `facts.jsonl`, `bodies.jsonl`. The archive is each article of the
facts: its body where that is there, else its facts.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.evaluate import sets
from assistant.evaluate.rows import AskedRow, Gold, Row, article_keys
from ingest.errors import ReadError

_NULL = "null_query"
_CHANCE = frozenset({"yes", "no", "before", "after"})
"""Answers that stand in most articles by chance."""


def rows(data: Path) -> Iterator[Row | ReadError]:
    """Yield the questions; all of their articles are needed."""
    return sets.each(data / "multihop" / "questions.jsonl", _asked)


def _asked(given: Any) -> Iterator[Row]:
    null = given["type"] == _NULL
    titles = [one["title"] for one in given["evidence"]]
    yield AskedRow(
        id=str(given["id"]),
        group=str(given["id"]),
        question=given["question"],
        gold=Gold(
            answers=() if null or given["answer"].casefold() in _CHANCE else (given["answer"],),
            articles=frozenset(key for t in titles for key in article_keys(title=t)) or None,
            every=True,
            expects="no_answer" if null else "answer",
            quotes=tuple(one["fact"] for one in given["evidence"]),
        ),
    )


def articles(data: Path) -> Iterator[sets.Record]:
    """Yield the articles."""
    bodies = {one["title"]: one["text"] for one in sets.lines(data / "multihop" / "bodies.jsonl")}
    facts: dict[str, list[sets.Record]] = {}
    for fact in sets.lines(data / "multihop" / "facts.jsonl"):
        facts.setdefault(fact["title"], []).append(fact)
    for title, told in facts.items():
        first = told[0]
        words = "\n\n".join(dict.fromkeys(one["fact"] for one in told))
        yield {
            "id": first["url"] or title,
            "url": first["url"],
            "title": title,
            "date": first["published_at"],
            "outlet": first["source"],
            "author": first["author"],
            "section": first["category"],
            "text": bodies.get(title, words),
        }
