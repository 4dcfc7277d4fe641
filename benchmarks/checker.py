"""Measure the faithfulness checker against people's labels, beside the word-overlap floor.

    python -m benchmarks.checker [--data DIR] [--embedder NAME] [--limit N]

Word overlap is the share of a claim's words that its source holds. Its threshold follows the
checker's rule: the best balanced accuracy on average over the training sets. The checker's own
figures on its training sets are the cross-validated ones of its weights' file; here every claim
of the other sets is scored once, at the threshold of that file. `best` is what the set's own
best threshold would give: it was not used and shows how far the threshold is off.
"""

import argparse
import json
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.check.checker import not_said, support
from assistant.check.support import model
from benchmarks.cached import CachedEmbedder
from benchmarks.fitting import Floats, area, balanced, best_threshold
from benchmarks.labelled import SHARED, TRAINING, UNSEEN, Labelled, labelled
from ingest.embed import embedders
from ingest.embed.embedders import Embedder
from ingest.settings import IngestSettings

_FILE = Path(__file__).resolve().parents[1] / "assistant" / "check" / "checker.json"
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table."""

    name: str
    claims: int
    supported: float
    accuracy: float
    best: float
    auc: float
    floor: float
    floor_auc: float


def overlap(one: Labelled) -> float:
    claim = set(_WORD.findall(one.claim.lower()))
    source = set(_WORD.findall(" ".join(one.passages).lower()))
    return len(claim & source) / max(1, len(claim))


def parts(name: str, rows: Sequence[Labelled]) -> dict[str, list[Labelled]]:
    """Return the set and, of qags, its two halves, which come from different newspapers."""
    if name != "qags":
        return {name: list(rows)}
    halves = {
        f"qags {half}": [row for row in rows if row.id.startswith(half)]
        for half in ("cnndm", "xsum")
    }
    return {"qags": list(rows), **halves}


def labels(rows: Sequence[Labelled]) -> Floats:
    return np.array([float(row.supported) for row in rows])


def floor_threshold(data: Path) -> float:
    sets = [labelled(name, data) for name in TRAINING]
    return best_threshold([(np.array([overlap(r) for r in rows]), labels(rows)) for rows in sets])


def row(name: str, rows: Sequence[Labelled], scores: Floats, floor: float) -> Row:
    y = labels(rows)
    words = np.array([overlap(one) for one in rows])
    return Row(
        name=name,
        claims=len(rows),
        supported=float(y.mean()),
        accuracy=balanced(scores, y, 0.5),
        best=balanced(scores, y, best_threshold([(scores, y)])),
        auc=area(scores, y),
        floor=balanced(words, y, floor),
        floor_auc=area(words, y),
    )


def unseen(data: Path, embedder: Embedder | None, floor: float, limit: int | None) -> list[Row]:
    """Score every claim of the sets that nothing was trained on."""
    table = []
    for name in UNSEEN:
        rows = labelled(name, data)[:limit]
        begun = time.process_time()
        scored = {
            one.id: support(
                one.claim, one.passages, embedder=embedder, published=one.published
            ).score
            for one in rows
        }
        speed = len(rows) / (time.process_time() - begun)
        print(f"{name}: {speed:.0f} claims a CPU-second")
        for part, some in parts(name, rows).items():
            scores = np.array([scored[one.id] for one in some])
            table.append(row(part, some, scores, floor))
    return table


def evidence(data: Path) -> float:
    """Return how often the sentence found for a claim of wice is one that people chose."""
    rows = [row for row in labelled("wice", data) if row.sentences]
    right = 0
    for one in rows:
        found = support(one.claim, one.passages, published=one.published)
        text = one.passages[0][slice(*found.span)] if found.span else ""
        right += bool(text) and any(text in s or s in text for s in one.sentences)
    return right / len(rows)


def unsupported_words(data: Path) -> tuple[float, float]:
    """Return precision and recall of unsupported words of xsumfaith, by characters.

    Against what any of the people marked, in claims where somebody marked something.
    """
    both = told = marked = 0
    for one in labelled("xsumfaith", data):
        if one.words:
            by_people = {at for start, end in one.words for at in range(start, end)}
            found = support(one.claim, one.passages).unsupported
            ours = {at for start, end in found for at in range(start, end)}
            both += len(ours & by_people)
            told += len(ours)
            marked += len(by_people)
    return both / told, both / marked


def left_out(name: str, data: Path) -> tuple[float, float]:
    """Return what share of supported and of unsupported claims written mode would leave out."""
    rows = labelled(name, data)
    fallen = np.array(
        [
            bool(not_said(one.claim, support(one.claim, one.passages, published=one.published)))
            for one in rows
        ]
    )
    y = labels(rows)
    return float(fallen[y == 1].mean()), float(fallen[y == 0].mean())


def average(table: Sequence[Row], held_out: Mapping[str, Mapping[str, float]]) -> float:
    """Return the mean balanced accuracy over the four sets that the aim is set for."""
    own = {one.name: one.accuracy for one in table}
    trained = [held_out[name]["balanced_accuracy"] for name in TRAINING]
    return float(np.mean([own["qags"], own["attributionbench"], *trained]))


def show(table: Sequence[Row]) -> None:
    print("set               claims  supp.  checker  (best)   AUC   overlap   AUC")
    for one in table:
        print(
            f"{one.name:17s} {one.claims:6d}  {one.supported:.2f}   {one.accuracy:.3f}"
            f"   {one.best:.3f}   {one.auc:.3f}  {one.floor:.3f}    {one.floor_auc:.3f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the faithfulness checker.")
    parser.add_argument("--data", type=Path, default=SHARED)
    parser.add_argument("--embedder", default="none")
    parser.add_argument("--limit", type=int, default=None)
    chosen = parser.parse_args()
    loaded = embedders.load(IngestSettings(embedder=chosen.embedder))
    embedder = CachedEmbedder(loaded) if loaded else None
    floor = floor_threshold(chosen.data)
    described = json.loads(_FILE.read_text(encoding="utf-8"))["models"]
    name = "words" if embedder is None else "words_and_meaning"
    for trained, figures in described[name]["cross_validated"].items():
        print(f"{trained}, cross-validated: {figures}")
    for trained in TRAINING:
        rows = labelled(trained, chosen.data)
        words = np.array([overlap(one) for one in rows])
        accuracy = balanced(words, labels(rows), floor)
        print(f"{trained}, word overlap: {accuracy:.3f}, AUC {area(words, labels(rows)):.3f}")
    print(f"threshold of word overlap {floor:.3f}; {len(model(name).weights)} signals")
    print(f"wice: the sentence found is one that people chose: {evidence(chosen.data):.3f}")
    precision, recall = unsupported_words(chosen.data)
    print(f"xsumfaith: unsupported words, precision {precision:.3f}, recall {recall:.3f}")
    table = unseen(chosen.data, embedder, floor, chosen.limit)
    show(table)
    mean = average(table, described[name]["cross_validated"])
    print(f"qags, attributionbench, xsumfaith and wice, on average: {mean:.3f} (aim: .72)")
    for one in (*TRAINING, *UNSEEN):
        right, wrong = left_out(one, chosen.data)
        print(f"{one}: written mode leaves out {right:.2f} of supported, {wrong:.2f} of others")


if __name__ == "__main__":
    main()
