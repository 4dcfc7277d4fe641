"""A run as a document, as a table for a terminal, and as Markdown."""

import io
import re
import statistics
from collections.abc import Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from assistant.evaluate import abstention, agreement, calibration
from assistant.evaluate.metrics import NAMES, figures, unscored
from assistant.evaluate.result import Result, to_json
from assistant.evaluate.run import Run
from assistant.render import SCHEMA

Document = dict[str, Any]

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")

_WIDEST = 160
"""Columns beyond which a table only grows emptier."""

_RANKINGS = frozenset({"words", "meaning"})

_ROOMY = 110
"""Columns from which there is room to say what a figure counts."""


def document(run: Run) -> Document:
    """Return a run as JSON: what `eval --json` prints. All that depends on time stands apart."""
    results = run.results
    points = abstention.curve(results)
    return {
        "schema": SCHEMA,
        "metrics": {
            name: {
                "value": one.interval.value,
                "low": one.interval.low,
                "high": one.interval.high,
                "n": one.n,
            }
            for name, one in figures(results).items()
        },
        "unscored": _unscored(run),
        "malformed": [
            {"file": one.file, "where": one.where, "why": one.message} for one in run.malformed
        ],
        "notes": _notes(run),
        "curve": {
            "points": [
                {"confidence": p.confidence, "coverage": p.coverage, "error": p.error}
                for p in points
            ],
            "area": abstention.area(points),
        },
        "calibration": [calibration.to_json(one) for one in calibration.bins(results)],
        "rows": [_row(result) for result in results],
        "tokens": sum(result.tokens or 0 for result in results),
        "run": dict(run.terms),
        "seconds": run.seconds,
        "times": _times(results),
    }


def _unscored(run: Run) -> dict[str, int]:
    counted = unscored(run.results)
    if run.malformed:
        counted["the row cannot be read"] = len(run.malformed)
    return counted


def _row(result: Result) -> Document:
    kept = to_json(result)
    del kept["seconds"]
    return kept


def _times(results: Sequence[Result]) -> dict[str, float | None]:
    taken = sorted(result.seconds for result in results if result.seconds)
    if not taken:
        return {"median": None, "p95": None, "total": None}
    return {
        "median": round(statistics.median(taken), 4),
        "p95": round(taken[min(len(taken) - 1, int(len(taken) * 0.95))], 4),
        "total": round(sum(taken), 4),
    }


def _notes(run: Run) -> list[str]:
    results, notes = run.results, []
    verbatim = sum(
        bool(r.claims) and all(c.verdict == "verbatim" for c in r.claims) for r in results
    )
    if verbatim:
        notes.append(
            f"{verbatim} answers are quotations, word for word: their faithfulness is 1 by "
            "construction"
        )
    judged = any(c.verdict != "verbatim" for r in results for c in r.claims)
    reader = run.terms.get("read_by")
    if reader and (judged or any(r.kind == "pair" for r in results)):
        notes.append(agreement.in_words(reader, run.terms.get("examined")))
    return notes


# For people


def to_text(given: Document, width: int = 100) -> str:
    """Return the figures as a table for a terminal."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("", no_wrap=True)
    table.add_column("figure", justify="right")
    table.add_column("95 % interval", no_wrap=True)
    table.add_column("of", justify="right")
    roomy = width >= _ROOMY
    if roomy:
        table.add_column("what it counts", overflow="fold")
    variant = ""
    for name, one in given["metrics"].items():
        if one["value"] is None:
            continue
        if name.partition(":")[2] != variant:
            variant = name.partition(":")[2]
            table.add_section()
        cells = [name, _number(one["value"]), _interval(one), f"{one['n']:,}"]
        table.add_row(*cells, *([told(name)] if roomy else []))
    out = Console(file=io.StringIO(), width=min(width, _WIDEST), highlight=False)
    out.print(table)
    for line in _lines(given):
        out.print(Text(_CONTROL.sub(" ", line)))
    return str(out.file.getvalue()).rstrip()  # type: ignore[attr-defined]


def to_markdown(given: Document) -> str:
    """Return the figures as Markdown."""
    lines = ["| | figure | 95 % interval | of | what it counts |", "|---|---:|---|---:|---|"]
    lines += [
        f"| {name} | {_number(one['value'])} | {_interval(one)} | {one['n']:,} | {told(name)} |"
        for name, one in given["metrics"].items()
        if one["value"] is not None
    ]
    return "\n".join([*lines, "", *(f"- {_plain(line)}" for line in _lines(given))]) + "\n"


def told(name: str) -> str:
    """Return what a figure counts, in words."""
    plain, _, variant = name.partition(":")
    words = NAMES.get(plain, "")
    if variant == "passages":
        return f"the same of passages: {words}"
    if variant in _RANKINGS:
        return f"searched by {variant} alone: {words}"
    return f"of the kind {variant.replace('_', ' ')}: {words}" if variant else words


def _lines(given: Document) -> list[str]:
    lines = [f"not scored, {count:,}: {why}" for why, count in given["unscored"].items()]
    lines += [f"  {one['file']}, {one['where']}: {one['why']}" for one in given["malformed"][:5]]
    lines += given["notes"]
    if given["curve"]["area"] is not None:
        lines.append(
            f"error over all coverages (area under the risk-coverage curve): "
            f"{given['curve']['area']:.3f}"
        )
    times = given["times"]
    if times["median"] is not None:
        lines.append(
            f"a question takes {times['median'] * 1000:.0f} ms (median), "
            f"{times['p95'] * 1000:.0f} ms (95 of 100)"
        )
    if given["tokens"]:
        lines.append(f"{given['tokens']:,} tokens")
    rows = len(given["rows"])
    return [*lines, f"{rows:,} rows measured in {given['seconds']:.1f} s"]


def _number(value: float) -> str:
    return f"{value:.3f}"


def _interval(one: Mapping[str, float | None]) -> str:
    if one["low"] is None or one["high"] is None:
        return ""
    return f"{one['low']:.3f} to {one['high']:.3f}"


def _plain(text: str) -> str:
    """Return text as nothing but words to Markdown."""
    flat = " ".join(text.split())
    return "".join(f"\\{c}" if c in "\\`*_[]<>|#~" else c for c in flat)
