"""What was measured of one row. Everything in a report is made from results alone.

A result is kept as JSON and read back even where nothing was interrupted, so that a run that was
resumed and one that was not cannot differ.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(slots=True, kw_only=True)
class RowTally:
    """A row while it is being measured: for each metric how much is right, of how much."""

    shares: dict[str, list[float]] = field(default_factory=dict)
    unscored: list[str] = field(default_factory=list)

    def add(self, metric: str, right: float, of: float = 1.0) -> None:
        """Count `right` of `of`; nothing where there is nothing to be right about."""
        if of:
            had = self.shares.get(metric, [0.0, 0.0])
            self.shares[metric] = [had[0] + float(right), had[1] + float(of)]

    def miss(self, reason: str) -> None:
        """Note why something of the row cannot be scored, once."""
        if reason not in self.unscored:
            self.unscored.append(reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A claim as it was held against its passages.

    `passage` is the one that it rests on most, `span` the sentence there; `reason` says why it
    does not stand, `read_by` who read it.
    """

    claim: str
    score: float
    verdict: str
    passage: str = ""
    span: tuple[int, int] | None = None
    read_by: str = ""
    reason: str | None = None
    label: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What was measured of a row.

    `shares` holds [right, of] for each metric. `confidence` and `right` are a point of the
    risk-coverage curve: how sure the system was, and whether the answer is right (of a question
    that it declined: would have been). `group` ties rows that are no independent witnesses.
    """

    id: str
    group: str
    kind: str
    shares: Mapping[str, list[float]]
    unscored: tuple[str, ...] = ()
    question: str = ""
    text: str = ""
    claims: tuple[Judged, ...] = ()
    confidence: float | None = None
    right: bool | None = None
    tokens: int | None = None
    seconds: float = 0.0


def to_json(result: Result) -> dict[str, Any]:
    """Return a result as JSON can hold it."""
    return asdict(result)


def from_json(kept: Mapping[str, Any]) -> Result:
    """Return the result that was kept."""
    claims = tuple(
        Judged(**{**claim, "span": tuple(claim["span"]) if claim["span"] else None})
        for claim in kept["claims"]
    )
    return Result(**{**kept, "claims": claims, "unscored": tuple(kept["unscored"])})
