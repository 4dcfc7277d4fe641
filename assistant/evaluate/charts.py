"""Charts as inline SVG: nothing to fetch, nothing to run, readable by a screen reader."""

import html
from collections.abc import Callable, Mapping, Sequence
from typing import Any

_WIDTH, _HEIGHT = 440, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 16, 14, 46
_TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)


def risk_coverage(points: Sequence[Mapping[str, float]]) -> str:
    """Return the risk-coverage curve: how wrong it is to answer so much, the surest first."""
    if not points:
        return ""
    stairs = "".join(
        f"{'M' if at == 0 else 'L'}{_x(p['coverage']):.1f} {_y(p['error']):.1f}"
        for at, p in enumerate(points)
    )
    last = points[-1]
    told = (
        f"Error by coverage: {points[0]['error']:.2f} for the surest "
        f"{points[0]['coverage']:.0%}, {last['error']:.2f} for all."
    )
    dots = "".join(
        f'<circle class="dot" cx="{_x(p["coverage"]):.1f}" cy="{_y(p["error"]):.1f}" r="2.5">'
        f"<title>{_told(p)}</title></circle>"
        for p in points
    )
    return _frame(told, "share of questions answered", "share of them wrong",
                  f'<path class="line" d="{stairs}"/>{dots}')  # fmt: skip


def _told(point: Mapping[str, float]) -> str:
    return html.escape(
        f"confidence from {point['confidence']:.2f}: {point['coverage']:.0%} answered, "
        f"{point['error']:.0%} of them wrong"
    )


def calibration(bins: Sequence[Mapping[str, Any]]) -> str:
    """Return the calibration plot: of claims with a score, how many people found supported."""
    if not bins:
        return ""
    most = max(one["n"] for one in bins)
    marks = "".join(
        f'<line class="reach" x1="{_x(one["score"]):.1f}" x2="{_x(one["score"]):.1f}" '
        f'y1="{_y(one["low"]):.1f}" y2="{_y(one["high"]):.1f}"/>'
        f'<circle class="dot" cx="{_x(one["score"]):.1f}" cy="{_y(one["supported"]):.1f}" '
        f'r="{3 + 5 * (one["n"] / most) ** 0.5:.1f}"><title>{one["n"]} claims scored about '
        f"{one['score']:.2f}: {one['supported']:.0%} supported</title></circle>"
        for one in bins
    )
    diagonal = f'<path class="ideal" d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}"/>'
    told = "; ".join(
        f"of {one['n']} claims scored about {one['score']:.2f}, {one['supported']:.0%} are so"
        for one in bins
    )
    return _frame(told, "the checker's score", "share that people found supported",
                  diagonal + marks)  # fmt: skip


def _x(value: float) -> float:
    return _LEFT + value * (_WIDTH - _LEFT - _RIGHT)


def _y(value: float) -> float:
    return _HEIGHT - _BOTTOM - value * (_HEIGHT - _TOP - _BOTTOM)


def _frame(told: str, across: str, up: str, inside: str) -> str:
    grid = "".join(
        f'<line class="grid" x1="{_x(0)}" x2="{_x(1)}" y1="{_y(t)}" y2="{_y(t)}"/>'
        f'<text class="tick" x="{_x(0) - 8}" y="{_y(t) + 4}" text-anchor="end">{t:g}</text>'
        f'<text class="tick" x="{_x(t)}" y="{_y(0) + 18}" text-anchor="middle">{t:g}</text>'
        for t in _TICKS
    )
    middle = (_y(0) + _y(1)) / 2
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{html.escape(told)}">{grid}'
        f'<text class="axis" x="{(_x(0) + _x(1)) / 2}" y="{_HEIGHT - 6}" text-anchor="middle">'
        f"{html.escape(across)}</text>"
        f'<text class="axis" x="14" y="{middle}" text-anchor="middle" '
        f'transform="rotate(-90 14 {middle})">{html.escape(up)}</text>{inside}</svg>'
    )


def bar(low: float | None, value: float, high: float | None) -> str:
    """Return a figure between 0 and 1 as a small bar with its interval."""
    width: Callable[[float], str] = lambda share: f"{max(0.0, min(1.0, share)) * 120:.1f}"  # noqa: E731
    reach = ""
    if low is not None and high is not None:
        reach = f'<line class="reach" x1="{width(low)}" x2="{width(high)}" y1="6" y2="6"/>'
    return (
        f'<svg class="bar" viewBox="0 0 120 12" aria-hidden="true">'
        f'<rect class="all" width="120" height="12" rx="2"/>'
        f'<rect class="part" width="{width(value)}" height="12" rx="2"/>{reach}</svg>'
    )
