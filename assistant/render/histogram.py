"""How many articles there are by month or year, as an inline picture whose bars lead somewhere."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from html import escape
from itertools import islice
from math import ceil
from typing import NamedTuple

_MOST = 72
"""Bars of a month or a year that can still be pressed; more months than that are told by year."""
_NEARLY_ALL = 0.9
"""Share of the articles from which their months are worth more than the years of all."""

_WIDTH, _HEIGHT, _FOOT = 600, 90, 16
_NARROWEST = 24.0
"""Of a bar, in pixels: what is narrower is hard to press. What is wider than the page scrolls."""
_LABEL = 75
"""Pixels from one label to the next, at least."""


class Bar(NamedTuple):
    """A stretch of days and how many articles it has; `name` is "2024-05" or "2024".

    One that is `beyond` the others stands for all before or after them: "≤ 1952".
    """

    name: str
    since: date
    until: date
    articles: int
    beyond: bool = False


def bars(months: Mapping[str, int]) -> list[Bar]:
    """Return a bar for each month from the first to the last, empty ones too; or for each year.

    Where these are too many to be looked at (an article is dated 1450), a bar for each of the
    months or years that have the most, and one for all before them and one for all after.
    """
    if not months:
        return []
    by_month = [
        Bar(m, _begins(m), _ends(m), months.get(m, 0))
        for m in islice(_months(min(months), max(months)), _MOST + 1)
    ]
    if len(by_month) <= _MOST:
        return by_month
    years = Counter[int]()
    for month, n in months.items():
        years[int(month[:4])] += n
    by_year = _some_years(years)
    if not (by_year[0].beyond or by_year[-1].beyond):
        return by_year
    some = _some_months(months)
    told = sum(bar.articles for bar in some if not bar.beyond)
    return some if told >= _NEARLY_ALL * sum(months.values()) else by_year


def _some_years(years: Mapping[int, int]) -> list[Bar]:
    start, end = _fullest(years)
    shown = [
        Bar(f"{y:04}", date(y, 1, 1), date(y, 12, 31), years.get(y, 0))
        for y in range(start, end + 1)
    ]
    before = sum(n for y, n in years.items() if y < start)
    after = sum(n for y, n in years.items() if y > end)
    return _between(shown, (date(min(years), 1, 1), before), (date(max(years), 12, 31), after))


def _some_months(months: Mapping[str, int]) -> list[Bar]:
    counted = {12 * int(m[:4]) + int(m[5:]) - 1: n for m, n in months.items()}
    start, end = _fullest(counted)
    names = [f"{at // 12:04}-{at % 12 + 1:02}" for at in range(start, end + 1)]
    shown = [Bar(m, _begins(m), _ends(m), months.get(m, 0)) for m in names]
    before = sum(n for at, n in counted.items() if at < start)
    after = sum(n for at, n in counted.items() if at > end)
    return _between(shown, (_begins(min(months)), before), (_ends(max(months)), after))


def _fullest(counted: Mapping[int, int]) -> tuple[int, int]:
    """Return the first and the last of the stretch of at most so many that has the most."""

    def held(start: int) -> int:
        return sum(n for at, n in counted.items() if start <= at < start + _MOST)

    start = max(sorted(counted), key=held)
    return start, max(at for at in counted if at < start + _MOST)


def _between(shown: list[Bar], before: tuple[date, int], after: tuple[date, int]) -> list[Bar]:
    """Return bars with one for all that is before them, and one for all after, if there is any."""
    day = timedelta(1)
    if before[1]:
        until = shown[0].since - day
        named = f"{until.isoformat()[: len(shown[0].name)]}"
        shown = [Bar(f"≤ {named}", before[0], until, before[1], beyond=True), *shown]
    if after[1]:
        since = shown[-1].until + day
        named = f"{since.isoformat()[: len(shown[-1].name)]}"
        shown = [*shown, Bar(f"≥ {named}", since, after[0], after[1], beyond=True)]
    return shown


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
        f'<rect class="bar{" beyond" if bar.beyond else ""}" x="{x + step * 0.08:.1f}" '
        f'y="{_HEIGHT - height:.1f}" '
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
