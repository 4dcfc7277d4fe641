"""RGB with a small model: `python -m benchmarks.noise [--model NAME] [--first N] [--quoted]`.

Fifteen of the questions, drawn once; each with five snippets of which 40, 60 or 80 % are beside
the point, with five of those alone, and with two falsified ones beside two true ones (Chen et al.
2024). A conflict is shown where both answers stand in the answer or in what it cites. Replies are
kept: a run goes on where it was, and `--first N` takes the first questions only. `--quoted` asks
the other questions, in quotations, without a model. The set makes a falsified snippet of a true one
by another name or day in the same words, so conflicts are easier to see there than in the world.
"""

import argparse
import json
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from assistant.answer import Answer, Outcome
from assistant.ask import Assistant
from assistant.history import Records
from assistant.settings import Settings
from benchmarks import newsroom
from benchmarks.heard import heard
from benchmarks.written import LOCAL, SEED, WORDS, share
from ingest.archive import Archive
from ingest.article import Filters
from ingest.pipeline import ingest
from ingest.settings import IngestSettings

SAMPLE = 15
_SNIPPETS = 5
_BESIDE = "beside the point"
_TRUE = {"noise 40 %": 3, "noise 60 %": 2, "noise 80 %": 1, _BESIDE: 0}
_FALSE = "falsified"


def drawn() -> list[dict[str, Any]]:
    """Return the questions in the order in which they are drawn: the sample, then the others."""
    lines = (newsroom.DATA / "rgb" / "en_fact.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line]
    random.Random(SEED).shuffle(rows)
    return rows


def snippets(row: dict[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """Yield what is read for a question, by what it is a test of."""
    for name, true in _TRUE.items():
        yield name, row["positive"][:true] + row["negative"][: _SNIPPETS - true]
    yield _FALSE, row["positive_wrong"][:2] + row["positive"][:2] + row["negative"][:1]


def archive(folder: Path, rows: list[dict[str, Any]]) -> Archive:
    """Return an archive of words in which each question has its collections."""
    records = [
        {"id": f"{row['id']}-{name}-{n}", "collection": f"{row['id']} {name}", "text": text}
        for row in rows
        for name, texts in snippets(row)
        for n, text in enumerate(dict.fromkeys(texts))
    ]
    file = folder / "snippets.jsonl"
    file.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    shelf = Archive.open(folder / "archive", create=True, settings=IngestSettings(embedder="none"))
    ingest([file], shelf, embed=False)
    return shelf


def holds(answer: Any, text: str) -> bool:
    """Tell whether a text holds an answer: of several parts all, each in one of its spellings."""
    if isinstance(answer, str):
        return newsroom.holds(answer, text)
    return all(
        newsroom.holds(part, text) if isinstance(part, str) else any(holds(s, text) for s in part)
        for part in answer
    )


def shown(outcome: Outcome) -> str:
    """Return all that is shown of an answer: its text and the words that it cites."""
    cited = outcome.citations if isinstance(outcome, Answer) else ()
    return "\n".join([outcome.text, *(citation.text for citation in cited)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", default=LOCAL)
    parser.add_argument("--first", type=int, default=SAMPLE)
    parser.add_argument("--quoted", action="store_true")
    given = parser.parse_args()
    rows = drawn()[SAMPLE:] if given.quoted else drawn()[: min(given.first, SAMPLE)]
    with tempfile.TemporaryDirectory() as folder:
        shelf = archive(Path(folder), rows)
        got = _asked(shelf, rows, None if given.quoted else given.model)
        shelf.close()
    print(f"RGB, {len(rows)} questions, {'no model' if given.quoted else given.model}")
    for name in _TRUE:
        _agreeing(name, rows, got[name])
    both = [
        bool(_apart(o)) or (holds(r["answer"], shown(o)) and holds(r["fakeanswer"], shown(o)))
        for r, o in zip(rows, got[_FALSE], strict=True)
    ]
    share(f"{_FALSE}: answered", sum(bool(o.claims) for o in got[_FALSE]), len(rows))
    share(f"{_FALSE}: both sides shown", sum(both), len(rows))


def _asked(
    shelf: Archive, rows: list[dict[str, Any]], name: str | None
) -> dict[str, list[Outcome]]:
    model, settings = None, Settings(mode="quotes", model="none")
    if name is not None:
        settings = Settings(model=name, budget=WORDS, mode="written")
        model = heard(settings)
    assistant = Assistant(shelf, settings, model=model, records=Records(most=0))
    return {
        part: [
            assistant.ask(row["query"], filters=Filters(collections=(f"{row['id']} {part}",)))
            for row in rows
        ]
        for part in (*_TRUE, _FALSE)
    }


def _agreeing(name: str, rows: list[dict[str, Any]], outcomes: list[Outcome]) -> None:
    """Print how often an answer is right, or given at all, where no snippet is falsified."""
    answered = [bool(outcome.claims) for outcome in outcomes]
    right = [holds(r["answer"], o.text) for r, o in zip(rows, outcomes, strict=True)]
    if name == _BESIDE:
        share(f"{name}: refused", len(rows) - sum(answered), len(rows))
        share(f"{name}: right all the same", sum(right), len(rows))
    else:
        share(f"{name}: right", sum(right), len(rows))
        share(f"{name}: answered", sum(answered), len(rows))
    share(f"{name}: a conflict shown", sum(bool(_apart(o)) for o in outcomes), len(rows))


def _apart(outcome: Outcome) -> bool:
    return bool(getattr(outcome, "conflicts", ()))


if __name__ == "__main__":
    main()
