"""Fit the weights of `assistant.find.answerability`: `python -m benchmarks.abstention SIGNS.jsonl`.

Reads what `python -m benchmarks.answers --signs SIGNS.jsonl` kept. Prints weights fitted on all
of it, and by ten-fold cross-validation how many questions of each group would be answered.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
GROUPS = ("gold", "never", "hard")
NAMES = ("best", "own", "article", "near")
_FOLDS, _STEPS, _RATE, _RIDGE = 10, 4000, 0.5, 0.5


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
    given = parser.parse_args()
    rows = [json.loads(line) for line in given.signs.open(encoding="utf-8")]
    rows = [r for r in rows if r["group"] != "hard" or not r["held"]]
    names = [name for name in NAMES if all(r[name] is not None for r in rows)]
    signs = np.array([[r[name] for name in names] for r in rows])
    group = np.array([GROUPS.index(r["group"]) for r in rows])
    answered = (group == 0).astype(float)
    weights = np.zeros(len(rows))
    for g, share in enumerate((1.0, 0.5, 0.5)):
        weights[group == g] = share * len(rows) / max((group == g).sum(), 1)
    folds = np.random.default_rng(20261124).integers(0, _FOLDS, len(rows))
    value = np.zeros(len(rows))
    for fold in range(_FOLDS):
        slopes, bias = fit(signs[folds != fold], answered[folds != fold], weights[folds != fold])
        value[folds == fold] = signs[folds == fold] @ slopes + bias
    slopes, bias = fit(signs, answered, weights)
    print({name: round(float(w), 3) for name, w in zip(names, slopes, strict=True)}, round(bias, 3))
    print(f"{'shift':>6}{'gold refused':>14}{'never answered':>16}{'hard answered':>15}")
    for shift in np.arange(-1.5, 1.75, 0.25):
        refused = float((value[group == 0] < shift).mean())
        wrong = [float((value[group == g] >= shift).mean()) for g in (1, 2)]
        print(f"{shift:6.2f}{refused:14.3f}{wrong[0]:16.3f}{wrong[1]:15.3f}")


if __name__ == "__main__":
    main()
