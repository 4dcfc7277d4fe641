"""Fit and measure what tells supported claims from others; numpy only."""

import zlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def logistic(x: Floats, y: Floats, w: Floats, *, ridge: float, signs: Floats) -> Floats:
    """Return the weights and, last, the bias of a ridge logistic regression.

    Where `signs` is 1 a weight cannot be negative, where it is -1 not positive: a signal that
    speaks for support never counts against it, however the training sets lean. Newton's method,
    each step solved under the signs by coordinate descent.
    """
    x = np.c_[x, np.ones(len(x))]
    signs = np.r_[signs, 0]
    penalty = np.full(x.shape[1], ridge)
    penalty[-1] = 0
    weights = np.zeros(x.shape[1])
    for _ in range(40):
        p = _probability(x @ weights)
        slope = x.T @ (w * (p - y)) + penalty * weights
        bend = (x * (w * p * (1 - p) + 1e-9)[:, None]).T @ x + np.diag(penalty)
        moved = _step(weights, slope, bend, signs)
        done = np.abs(moved - weights).max() < 1e-6
        weights = moved
        if done:
            break
    return weights


def _step(weights: Floats, slope: Floats, bend: Floats, signs: Floats) -> Floats:
    moved = weights.copy()
    for _ in range(60):
        most = 0.0
        for j in range(len(moved)):
            gain = slope[j] + bend[j] @ (moved - weights)
            value = moved[j] - gain / bend[j, j]
            if signs[j] * value < 0:
                value = 0.0
            most = max(most, abs(value - moved[j]))
            moved[j] = value
        if most < 1e-8:
            break
    return moved


def _probability(logits: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -30, 30))))


def area(scores: Floats, labels: Floats) -> float:
    """Return the area under the ROC curve; ties count half."""
    _, place, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    right = labels.sum()
    wrong = len(labels) - right
    return float((ranks[labels == 1].sum() - right * (right + 1) / 2) / (right * wrong))


def balanced(scores: Floats, labels: Floats, threshold: float) -> float:
    """Return the mean of the shares of supported and unsupported claims told right."""
    kept = scores >= threshold
    return float((kept[labels == 1].mean() + (~kept[labels == 0]).mean()) / 2)


def best_threshold(sets: Sequence[tuple[Floats, Floats]]) -> float:
    """Return the threshold with the best balanced accuracy on average over the sets."""
    tried = np.linspace(0.02, 0.98, 193)
    means = [np.mean([balanced(s, y, t) for s, y in sets]) for t in tried]
    return float(tried[int(np.argmax(means))])


def folds(groups: Sequence[str], count: int = 5) -> NDArray[np.int64]:
    """Return the fold of each claim; claims of one article share a fold."""
    return np.array([zlib.crc32(group.encode()) % count for group in groups])
