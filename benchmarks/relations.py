"""Fit how two reports stand to each other, and say how well: `python -m benchmarks.relations`.

Multinomial logistic regression (ridge, Newton's method is not needed: gradient descent on a few
hundred rows) over what `assistant.compose.relation.features` reads off each pair of
`benchmarks/relation_pairs.jsonl`, invented texts. Figures are of folds over stories: a pair's
sisters are never in its training part. `--write` writes assistant/compose/relation.json, for the
small reader or the one that `--reader` names; weights for one say nothing to another. Some 2,000
readings of a sentence, a minute. Then `morgue eval --set conflicts --data ../shared/data`.
"""

import argparse
import json
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from assistant.check import readers
from assistant.compose.relation import Pair, Relation, ReportSide, features
from assistant.settings import Settings

Floats = NDArray[np.float64]

_PAIRS = Path(__file__).with_name("relation_pairs.jsonl")
_WEIGHTS = Path(__file__).parents[1] / "assistant" / "compose" / "relation.json"
_NAMES: tuple[Relation, ...] = get_args(Relation)
_FOLDS = 8
_RIDGE = 0.02
_STEPS = 3000
_CONSTANT = 1e-6
_ALARMS = 0.01
"""Share of the pairs that agree or are of two things that may be told to differ."""

_UPDATES = 0.05
"""The same of those that go on with one another."""


def side(given: dict[str, Any]) -> ReportSide:
    """Return one report. Outlets are invented and say nothing, so they are left out."""
    return ReportSide(
        text=given["text"],
        outlet=None,
        published=date.fromisoformat(given["date"]),
        headline=given["title"],
        language="en",
    )


def pair(given: dict[str, Any]) -> Pair:
    """Return a pair, the earlier report first."""
    first, last = sorted((side(given["a"]), side(given["b"])), key=lambda s: str(s.published))
    return Pair(given["question"], first, last)


def fit(x: Floats, y: NDArray[np.int64]) -> Floats:
    """Return weights, a row a relation, by gradient descent on the cross-entropy."""
    x = np.c_[x, np.ones(len(x))]
    weights = np.zeros((len(_NAMES), x.shape[1]))
    wanted = np.eye(len(_NAMES))[y]
    for _ in range(_STEPS):
        slope = (shares(weights, x) - wanted).T @ x / len(x)
        slope[:, :-1] += _RIDGE * weights[:, :-1]
        weights -= 0.3 * slope
    return weights


def shares(weights: Floats, x: Floats) -> Floats:
    """Return the probability of each relation, a row a pair."""
    logits = x @ weights.T
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def scaled(x: Floats) -> tuple[Floats, Floats, Floats]:
    """Return features of mean 0 and spread 1, with the means and spreads.

    One that never varies, as where a reader tells no contradiction, stays as it is: divided by next
    to nothing it would weigh more than all others.
    """
    mean, spread = x.mean(axis=0), x.std(axis=0)
    spread = np.where(spread < _CONSTANT, 1.0, spread)
    return (x - mean) / spread, mean, spread


def line(conflict: Floats, y: NDArray[np.int64]) -> float:
    """Return from which probability on two reports are told to differ, by folds.

    The lowest one that next to none of those that agree or are of two things have, and few of
    those that go on with one another.
    """
    for sure in np.arange(0.5, 0.96, 0.05):
        told = {name: conflict[y == n] >= sure for n, name in enumerate(_NAMES)}
        rest = np.concatenate([told["agree"], told["unrelated"]])
        if rest.mean() <= _ALARMS and told["update"].mean() <= _UPDATES:
            return round(float(sure), 2)
    return 0.95


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--reader", help="by default the small reader of the package")
    given = parser.parse_args()
    reader = readers.load(given.reader, Settings()) if given.reader else readers.small()
    if given.write and not reader.name.startswith("onnx:"):
        sys.exit(f"{reader.name} does not read, so nothing is fitted to it: train a reader first "
                 "(`make train-reader`), or name one with --reader")  # fmt: skip
    rows = [json.loads(line) for line in _PAIRS.read_text(encoding="utf-8").splitlines()]
    x = np.array(features([pair(row) for row in rows], reader), dtype=np.float64)
    y = np.array([_NAMES.index(row["relation"]) for row in rows])
    groups = [row["id"][:3] if row["id"].startswith("g") else row["id"] for row in rows]
    folds = np.array([sorted(set(groups)).index(one) % _FOLDS for one in groups])
    x, mean, spread = scaled(x)
    held = np.zeros((len(y), len(_NAMES)))
    for fold in range(_FOLDS):
        inside = folds == fold
        weights = fit(x[~inside], y[~inside])
        held[inside] = shares(weights, np.c_[x[inside], np.ones(inside.sum())])
    print(f"read by {reader.name}; right {np.mean(held.argmax(axis=1) == y):.3f}")
    conflict = held[:, _NAMES.index("conflict")]
    sure = line(conflict, y)
    for name in _NAMES:
        told = conflict[y == _NAMES.index(name)]
        print(f"{name}: told to differ from {sure} on: {np.mean(told >= sure):.3f} of {len(told)}")
    taken = [(_NAMES[a], _NAMES[b]) for a, b in zip(y, held.argmax(axis=1), strict=True)]
    print("taken for:", Counter(taken))
    if given.write:
        weights = fit(x, y)
        plain = weights[:, :-1] / spread
        bias = weights[:, -1] - plain @ mean
        kept = {
            name: [round(float(w), 5) for w in (*plain[n], bias[n])]
            for n, name in enumerate(_NAMES)
        }
        known = json.loads(_WEIGHTS.read_text(encoding="utf-8")) if _WEIGHTS.is_file() else {}
        known[reader.name] = {"pairs": len(rows), "differing_from": sure, "weights": kept}
        _WEIGHTS.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
