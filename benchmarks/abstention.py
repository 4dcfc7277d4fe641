"""Fit the weights of `assistant.find.answerability`: `python -m benchmarks.abstention SIGNS.jsonl`.

Reads what `python -m benchmarks.near_misses --signs SIGNS.jsonl` kept. Prints weights fitted on
all of it, and by ten-fold cross-validation, no text in two folds, how many questions of each group
would be answered; `--on OTHER.jsonl`, of `python -m benchmarks.answers --signs`, what these weights
make of questions on which nothing is fitted.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
GROUPS: Mapping[str, tuple[bool, float]] = {
    "gold": (True, 0.875),
    "never": (False, 0.875 / 3),
    "hard": (False, 0.875 / 3),
    "swapped": (False, 0.875 / 3),
    "sample": (True, 0.125),
    "sample-not": (False, 0.125),
}
"""Whether what the questions of a group ask for is there, and how much they weigh together."""

NAMES = ("best", "own", "article", "names", "near")
_FOLDS, _STEPS, _RATE, _RIDGE = 10, 4000, 0.5, 0.5
_SHIFTS = np.arange(-0.5, 2.25, 0.25)


def fit(signs: Matrix, answered: Matrix, weights: Matrix) -> tuple[Matrix, float]:
    """Return the weights and bias of a ridge logistic regression, by gradient descent."""
    mean, spread = signs.mean(0), signs.std(0) + 1e-9
    scaled = np.c_[(signs - mean) / spread, np.ones(len(signs))]
    found = np.zeros(scaled.shape[1])
    for _ in range(_STEPS):
        likely = 1 / (1 + np.exp(-scaled @ found))
        slope = scaled.T @ (weights * (likely - answered)) + _RIDGE * np.r_[found[:-1], 0]
        found -= _RATE * slope / weights.sum()
    slopes = found[:-1] / spread
    return slopes, float(found[-1] - slopes @ mean)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("signs", type=Path)
    parser.add_argument("--on", type=Path, help="measure on the signs of other questions")
    parser.add_argument("--wikinews", action="store_true", help="without the sample's questions")
    given = parser.parse_args()
    rows = _rows(given.signs)
    if given.wikinews:
        rows = [r for r in rows if not r["group"].startswith("sample")]
    names = [name for name in NAMES if all(r[name] is not None for r in rows)]
    signs, groups = _signs(rows, names), [r["group"] for r in rows]
    answered = np.array([float(GROUPS[group][0]) for group in groups])
    weights = np.array([GROUPS[g][1] * len(rows) / groups.count(g) for g in groups])
    fold = _folds([r["item"] for r in rows])
    value = np.zeros(len(rows))
    for n in range(_FOLDS):
        slopes, bias = fit(signs[fold != n], answered[fold != n], weights[fold != n])
        value[fold == n] = signs[fold == n] @ slopes + bias
    slopes, bias = fit(signs, answered, weights)
    print({name: round(float(w), 3) for name, w in zip(names, slopes, strict=True)}, round(bias, 3))
    _table(groups, value)
    if given.on:
        others = _rows(given.on)
        _table([r["group"] for r in others], _signs(others, names) @ slopes + bias)


def _rows(file: Path) -> list[dict[str, Any]]:
    """Return the signs of questions: not of those whose article was not found, or is not missed."""
    rows = [json.loads(line) for line in file.open(encoding="utf-8")]
    rows = [r for r in rows if r["group"] != "hard" or not r.get("held")]
    return [r for r in rows if r["group"] != "gold" or r.get("read", True)]


def _signs(rows: Sequence[dict[str, Any]], names: Sequence[str]) -> Matrix:
    return np.array([[r[name] for name in names] for r in rows])


def _folds(items: Sequence[str]) -> NDArray[np.int64]:
    """Return the fold of each row: rows of one text share one."""
    texts = sorted(set(items))
    folds = np.random.default_rng(20261124).permutation(len(texts)) % _FOLDS
    of_text = dict(zip(texts, folds, strict=True))
    return np.array([of_text[item] for item in items])


def _table(groups: Sequence[str], value: Matrix) -> None:
    there = {g: np.array([one == g for one in groups]) for g in GROUPS if g in groups}
    what = (f"{g} {'refused' if GROUPS[g][0] else 'answered'}" for g in there)
    print(f"{'shift':>6}", *(f"{one:>19}" for one in what))
    for shift in _SHIFTS:
        wrong = ((value[of] < shift) == GROUPS[g][0] for g, of in there.items())
        print(f"{shift:6.2f}", *(f"{float(one.mean()):19.3f}" for one in wrong))


if __name__ == "__main__":
    main()
