"""Is what was found enough to answer? If it is not, the archive does not say."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.candidates import Candidate


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What speaks for an answer being there; each a share from 0 to 1.

    `best` is how much of the question one sentence holds with its neighbours and headline,
    `own` how much the best sentence holds by itself, `article` how much one article holds.
    """

    best: float
    own: float
    article: float


WEIGHTS = {"best": 5.0, "own": 1.7, "article": 3.2}
BIAS = -7.0
THRESHOLD = 0.5


def signs(candidates: Sequence[Candidate]) -> Signs:
    """Read the signs off the sentences that may answer."""
    return Signs(
        best=max((c.own + c.near for c in candidates), default=0.0),
        own=max((c.own for c in candidates), default=0.0),
        article=max((c.own + c.near + c.whole for c in candidates), default=0.0),
    )


def confidence(seen: Signs) -> float:
    """Return how likely the archive answers, from 0 to 1: a logistic regression over the signs."""
    value = BIAS + sum(weight * getattr(seen, name) for name, weight in WEIGHTS.items())
    return 1 / (1 + math.exp(-value))
