"""Confidence intervals by resampling: seeded, so that the same rows give the same interval.

Efron, Bootstrap Methods: Another Look at the Jackknife (1979), percentile intervals. What is drawn
are groups of rows, since claims about one article are no independent witnesses.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

DRAWS = 1000
SEED = 20261124
LEVEL = 0.95

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A figure and its 95 % interval; None where there is nothing to say."""

    value: float | None
    low: float | None = None
    high: float | None = None


@cache
def draws(groups: int) -> Numbers:
    """Return how often each group is drawn: a row for each of the resamples."""
    generator = np.random.default_rng(SEED)
    counts = generator.multinomial(groups, np.full(groups, 1 / groups), size=DRAWS)
    return counts.astype(np.float64)


def resample(groups: Sequence[str], measure: Callable[[Numbers], Numbers]) -> Interval:
    """Return a figure and its interval.

    `measure` is given weights, a row for each resample and a column for each row that is measured,
    and returns a figure for each resample, NaN where there is none.
    """
    if not groups:
        return Interval(value=None)
    value = float(measure(np.ones((1, len(groups))))[0])
    if not np.isfinite(value):
        return Interval(value=None)
    names = {name: at for at, name in enumerate(dict.fromkeys(groups))}
    columns = np.array([names[group] for group in groups])
    if len(names) == 1:
        return Interval(value=plain(value))
    found = measure(draws(len(names))[:, columns])
    found = found[np.isfinite(found)]
    if not len(found):
        return Interval(value=plain(value))
    edge = (1 - LEVEL) / 2
    low, high = np.quantile(found, [edge, 1 - edge])
    return Interval(value=plain(value), low=plain(float(low)), high=plain(float(high)))


def plain(value: float) -> float:
    """Return a figure to six places, which no order of summation changes."""
    return round(value, 6) + 0.0


def ratio(weights: Numbers, right: Numbers, of: Numbers) -> Numbers:
    """Return for each resample the share of what is right of all."""
    whole = (weights * of).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(whole > 0, (weights * right).sum(axis=1) / whole, np.nan)


def auc(weights: Numbers, scores: Numbers, labels: NDArray[np.bool_]) -> Numbers:
    """Return for each resample the area under the ROC curve, ties counted half.

    Hanley and McNeil, Radiology 143 (1982): the probability that a positive outscores a negative.
    """
    _, tied = np.unique(scores, return_inverse=True)
    order = np.argsort(scores, kind="stable")
    starts = np.flatnonzero(np.diff(tied[order], prepend=-1))
    positive = np.add.reduceat((weights * labels)[:, order], starts, axis=1)
    negative = np.add.reduceat((weights * ~labels)[:, order], starts, axis=1)
    below = np.cumsum(negative, axis=1) - negative
    won = (positive * (below + negative / 2)).sum(axis=1)
    pairs = positive.sum(axis=1) * negative.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(pairs > 0, won / pairs, np.nan)
