"""How many articles there are by month or year, as an inline picture whose bars lead somewhere."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from html import escape
from math import ceil
from typing import NamedTuple

_MOST_MONTHS = 72
"""Bars that can still be pressed; more months than that are told by year."""

_WIDTH, _HEIGHT, _FOOT = 600, 90, 16
_NARROWEST = 24.0
"""Of a bar, in pixels: what is narrower is hard to press. What is wider than the page scrolls."""
_LABEL = 75
"""Pixels from one label to the next, at least."""


class Bar(NamedTuple):
    """A stretch of days and how many articles it has; `name` is "2024-05" or "2024"."""

    name: str
    since: date
    until: date
    articles: int


def bars(months: Mapping[str, int]) -> list[Bar]:
    """Return a bar for each month from the first to the last, empty ones too; or for each year."""
    if not months:
        return []
    first, last = min(months), max(months)
    every = list(_months(first, last))
    if len(every) <= _MOST_MONTHS:
        return [Bar(m, _begins(m), _ends(m), months.get(m, 0)) for m in every]
    years = range(int(first[:4]), int(last[:4]) + 1)
    return [
        Bar(f"{y:04}", date(y, 1, 1), date(y, 12, 31),
            sum(n for month, n in months.items() if int(month[:4]) == y))
        for y in years
    ]  # fmt: skip


def histogram_svg(found: list[Bar], name: str, leads_to: Callable[[Bar], str]) -> str:
    """Return the bars as SVG, each a link; `name` is what the picture shows."""
    if len(found) < 2:
        return ""
    tallest = max(bar.articles for bar in found) or 1
    step = max(_WIDTH / len(found), _NARROWEST)
    every = max(1, ceil(_LABEL / step))
    drawn = "".join(
        _drawn(bar, n * step, step, bar.articles / tallest, leads_to, labelled=n % every == 0)
        for n, bar in enumerate(found)
    )
    width = round(step * (len(found) - 1) + max(step, _LABEL))  # the last label has room
    return (
        f'<div class="histogram"><svg width="{width}" height="{_HEIGHT + _FOOT}" '
        f'viewBox="0 0 {width} {_HEIGHT + _FOOT}" role="group" '
        f'aria-label="{escape(name)}" xmlns="http://www.w3.org/2000/svg">{drawn}</svg></div>'
    )


def _drawn(
    bar: Bar, x: float, step: float, share: float, leads_to: Callable[[Bar], str], *, labelled: bool
) -> str:
    height = max(2.0, share * (_HEIGHT - 6)) if bar.articles else 0.0
    label = f'<text x="{x:.1f}" y="{_HEIGHT + 12}">{escape(bar.name)}</text>' if labelled else ""
    if not bar.articles:
        return label
    told = f"{bar.name}: {bar.articles:,}"
    return (
        f'<a href="{escape(leads_to(bar))}" aria-label="{told}"><title>{told}</title>'
        f'<rect class="room" x="{x:.1f}" y="0" width="{step:.1f}" height="{_HEIGHT}"/>'
        f'<rect class="bar" x="{x + step * 0.08:.1f}" y="{_HEIGHT - height:.1f}" '
        f'width="{step * 0.84:.1f}" height="{height:.1f}"/></a>{label}'
    )


def _months(first: str, last: str) -> Iterator[str]:
    year, month = int(first[:4]), int(first[5:])
    while (name := f"{year:04}-{month:02}") <= last:
        yield name
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)


def _begins(month: str) -> date:
    return date(int(month[:4]), int(month[5:]), 1)


def _ends(month: str) -> date:
    return (_begins(month) + timedelta(31)).replace(day=1) - timedelta(1)
