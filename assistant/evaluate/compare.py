"""Two runs of the same rows: what got better, what got worse, and whether that is chance."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.evaluate.bootstrap import Interval, Numbers, resample
from assistant.evaluate.gate import less_is_better
from assistant.evaluate.metrics import Measure, measured, names
from assistant.evaluate.result import Result, from_json
from ingest.errors import ReadError

_SHOWN = 8
_CHANGES = ("answer_contains", "recall@1", "recall@10", "citation_recall", "faithfulness",
            "speaker_accuracy", "answered")  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureChange:
    """How one figure differs over the rows that both runs have: later less earlier."""

    name: str
    before: float | None
    after: float | None
    difference: Interval
    n: int
    better: tuple[str, ...]
    worse: tuple[str, ...]


def read(file: Path) -> list[Result]:
    """Read the results of an earlier run from what `--json` printed. Raises ReadError."""
    try:
        document = json.loads(file.read_bytes())
        return [from_json({**row, "seconds": 0.0}) for row in document["rows"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReadError(
            file.name, "", "it is not a run", "make one: `morgue eval ... --json > RUN.json`"
        ) from error


def compare(before: Sequence[Result], after: Sequence[Result]) -> list[FigureChange]:
    """Return how the figures differ over the rows that both runs have, paired row by row."""
    earlier = {result.id: result for result in before}
    pairs = [(earlier[one.id], one) for one in after if one.id in earlier]
    old, new = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    shared = set(names(old)) & set(names(new))
    return [_difference(name, old, new) for name in names(new) if name in shared]


def _difference(name: str, old: Sequence[Result], new: Sequence[Result]) -> FigureChange:
    """Resample the pairs: a row weighs the same in both runs."""
    groups = [result.group for result in new]
    places = {result.id: at for at, result in enumerate(new)}
    first, second = (_aligned(measured(name, results), places) for results in (old, new))
    better, worse = _changed(name, old, new)
    return FigureChange(
        name=name,
        before=resample(groups, first).value,
        after=resample(groups, second).value,
        difference=resample(groups, lambda weights: second(weights) - first(weights)),
        n=len(new),
        better=better,
        worse=worse,
    )


def _aligned(counted: tuple[list[Result], Measure], places: Mapping[str, int]) -> Measure:
    rows, measure = counted
    columns = np.array([places[row.id] for row in rows], dtype=np.intp)

    def at(weights: Numbers) -> Numbers:
        return measure(weights[:, columns])

    return at


def _changed(
    name: str, old: Sequence[Result], new: Sequence[Result]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the ids of the rows whose own figure rose and fell."""
    better: list[str] = []
    worse: list[str] = []
    for one, other in zip(old, new, strict=True):
        if name in one.shares and name in other.shares:
            change = _share(other, name) - _share(one, name)
            change *= -1 if less_is_better(name) else 1
            if change:
                (better if change > 0 else worse).append(other.id)
    return tuple(better), tuple(worse)


def _share(result: Result, name: str) -> float:
    right, of = result.shares[name]
    return right / of


def to_json(differences: Sequence[FigureChange]) -> list[dict[str, Any]]:
    """Return differences as JSON."""
    return [asdict(one) for one in differences]


def to_text(differences: Sequence[FigureChange]) -> str:
    """Return differences as lines, and which rows changed."""
    if not differences:
        return "nothing to compare: the two runs share no row with a figure"
    lines = ["compared with the earlier run, over the rows of both:"]
    for one in differences:
        if one.before is None or one.after is None or one.difference.value is None:
            continue
        lines.append(
            f"  {one.name:26}{one.before:7.3f} ->{one.after:7.3f}  {_signed(one.difference)}"
            f"  {len(one.better)} better, {len(one.worse)} worse"
        )
        for word, ids in (("better", one.better), ("worse", one.worse)):
            if ids and one.name in _CHANGES:
                more = f" and {len(ids) - _SHOWN} more" if len(ids) > _SHOWN else ""
                lines.append(f"      {word}: {', '.join(map(repr, ids[:_SHOWN]))}{more}")
    return "\n".join(lines)


def _signed(interval: Interval) -> str:
    value = f"{interval.value:+.3f}"
    if interval.low is None or interval.high is None:
        return f"{value:27}"
    return f"{value} [{interval.low:+.3f}, {interval.high:+.3f}]"
