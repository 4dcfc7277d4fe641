"""MTRAG (Katsis et al. 2025): conversations with follow-ups and questions nothing answers.

`chat/mtrag.jsonl`. The archive is every reference passage of every conversation; an
underspecified question is neither answerable nor not, so its abstention is not counted.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

from assistant.answer import Turn
from assistant.evaluate import sets
from assistant.evaluate.rows import AskedRow, Gold, Row, article_keys
from ingest.errors import ReadError

_EXPECTS: dict[str, Literal["answer", "no_answer"]] = {
    "ANSWERABLE": "answer", "PARTIAL": "answer", "UNANSWERABLE": "no_answer"
}  # fmt: skip


def rows(data: Path) -> Iterator[Row | ReadError]:
    """Yield the last question of each conversation, with the turns before it."""
    return sets.each(data / "chat" / "mtrag.jsonl", _asked)


def _asked(given: Any) -> Iterator[Row]:
    *before, last = given["input"]
    expects = _EXPECTS.get(given["answerability"][0])
    keys = frozenset(key for one in given["contexts"] for key in article_keys(url=_url(one)))
    yield AskedRow(
        id=given["task_id"],
        group=given["conversation_id"],
        question=last["text"],
        history=tuple(_turns(before)),
        gold=Gold(articles=keys or None, expects=expects),
    )


def _turns(said: list[Any]) -> Iterator[Turn]:
    question = ""
    for one in said:
        if one["speaker"] == "user":
            question = one["text"]
        elif question:
            yield Turn(question=question, answer=one["text"])
            question = ""


def articles(data: Path) -> Iterator[sets.Record]:
    """Yield the reference passages, each an article that is known by its id."""
    seen: set[str] = set()
    for given in sets.lines(data / "chat" / "mtrag.jsonl"):
        for one in given["contexts"]:
            if one["document_id"] not in seen and one["text"].strip():
                seen.add(one["document_id"])
                yield {"id": one["document_id"], "url": _url(one), "text": one["text"]}


def _url(context: Any) -> str:
    return f"https://mtrag.example/{context['document_id']}"
