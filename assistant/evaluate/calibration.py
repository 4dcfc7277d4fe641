"""Does a score of .8 mean that eight in ten are supported?"""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from assistant.evaluate.result import Result

_BINS = 10
_Z = 1.959964


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Claims whose scores lie together: their mean score, and how many people found supported.

    `low` and `high` are Wilson's interval of that share (JASA 22, 1927).
    """

    n: int
    score: float
    supported: float
    low: float
    high: float


def bins(results: Sequence[Result]) -> list[Bin]:
    """Return the labelled claims in ten bins of equal width, empty ones left out."""
    held: list[list[tuple[float, bool]]] = [[] for _ in range(_BINS)]
    for result in results:
        for claim in result.claims:
            if claim.label is not None:
                held[min(_BINS - 1, int(claim.score * _BINS))].append((claim.score, claim.label))
    return [_bin(one) for one in held if one]


def _bin(claims: Sequence[tuple[float, bool]]) -> Bin:
    n = len(claims)
    share = sum(label for _, label in claims) / n
    middle = (share + _Z**2 / (2 * n)) / (1 + _Z**2 / n)
    reach = _Z / (1 + _Z**2 / n) * math.sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
    return Bin(
        n=n,
        score=round(sum(score for score, _ in claims) / n, 6),
        supported=round(share, 6),
        low=round(max(0.0, middle - reach), 6),
        high=round(min(1.0, middle + reach), 6),
    )


def to_json(one: Bin) -> dict[str, Any]:
    """Return a bin as JSON."""
    return asdict(one)
