"""Does a system know when it does not know?"""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.evaluate.result import Result, RowTally
from assistant.evaluate.rows import AnsweredRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A point of the risk-coverage curve: what is answered from `confidence` on, and how wrong."""

    confidence: float
    coverage: float
    error: float


def abstain(tally: RowTally, row: AnsweredRow) -> None:
    """Count an abstention, right or wrong, and a question that should have met with one.

    F1 is counted as 2 tp of 2 tp + fp + fn, so that it sums over rows.
    """
    if row.gold.expects is None:
        return
    should = row.gold.expects == "no_answer"
    hit = float(should and row.abstained)
    tally.add("abstention_precision", hit, float(row.abstained))
    tally.add("abstention_recall", hit, float(should))
    tally.add("abstention_f1", 2 * hit, float(should) + float(row.abstained))
    tally.add("answered", float(not row.abstained), float(not should))


def curve(results: Sequence[Result]) -> list[Point]:
    """Return coverage against error, the surest answers first; equal confidences are one point.

    El-Yaniv and Wiener, On the Foundations of Noise-free Selective Classification (2010).
    """
    known = [
        (result.confidence, result.right)
        for result in results
        if result.confidence is not None and result.right is not None
    ]
    # Where only the questions that nothing answers can be scored, all that is answered is wrong.
    if not any(r.right is not None and "abstention_recall" not in r.shares for r in results):
        return []
    known.sort(key=lambda point: -point[0])
    points: list[Point] = []
    wrong = 0
    for at, (confidence, right) in enumerate(known, 1):
        wrong += not right
        if at < len(known) and known[at][0] == confidence:
            continue
        points.append(Point(confidence=confidence, coverage=at / len(known), error=wrong / at))
    return points


def area(points: Sequence[Point]) -> float | None:
    """Return the area under the curve, by steps: the mean error over all coverages."""
    if not points:
        return None
    before = 0.0
    total = 0.0
    for point in points:
        total += (point.coverage - before) * point.error
        before = point.coverage
    return total
