"""RGB (Chen et al. 2024): questions with true, beside-the-point and falsified snippets.

`rgb/en_fact.jsonl`. Each question is put three times, each time to a collection of its own:
`noise` has true and irrelevant snippets, `refusal` irrelevant ones alone (the archive does not
say), `false` falsified ones alone, where the falsified answer is the right one: an answer that
says otherwise did not come from the archive.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.evaluate import sets
from assistant.evaluate.rows import AskedRow, Gold, Row
from ingest.errors import ReadError

_HELD = {"noise": ("positive", "negative"), "refusal": ("negative",), "false": ("positive_wrong",)}
_RIGHT = {"noise": "answer", "false": "fakeanswer"}


def rows(data: Path) -> Iterator[Row | ReadError]:
    """Yield each question three times."""
    return sets.each(data / "rgb" / "en_fact.jsonl", _asked)


def _asked(given: Any) -> Iterator[Row]:
    for kind in _HELD:
        yield AskedRow(
            id=f"{given['id']}-{kind}",
            group=str(given["id"]),
            question=given["query"],
            collection=_collection(given, kind),
            gold=Gold(
                answers=tuple(_answers(given[_RIGHT[kind]])) if kind in _RIGHT else (),
                expects="answer" if kind in _RIGHT else "no_answer",
            ),
        )


def articles(data: Path) -> Iterator[sets.Record]:
    """Yield the snippets, each an article of its question's collection."""
    for given in sets.lines(data / "rgb" / "en_fact.jsonl"):
        for kind, held in _HELD.items():
            snippets = dict.fromkeys(text for name in held for text in given[name] if text.strip())
            for number, text in enumerate(snippets):
                name = _collection(given, kind)
                yield {"id": f"{name}-{number}", "collection": name, "text": text}


def _collection(given: Any, kind: str) -> str:
    return f"rgb-{given['id']}-{kind}"


def _answers(given: Any) -> Iterator[str]:
    """Yield the answers; of several parts, any way that one is written."""
    if isinstance(given, str):
        yield given
    else:
        for one in given:
            yield from _answers(one)
