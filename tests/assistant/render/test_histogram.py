"""The bars of time: none is lost between the first and the last, and each leads to its days."""

import re
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.render.histogram import bars, histogram_svg

MONTHS = st.dates(date(1700, 1, 1), date(2100, 12, 31)).map(lambda day: day.isoformat()[:7])


@settings(deadline=None)
@given(st.dictionaries(MONTHS, st.integers(1, 9)))
def test_no_article_and_no_day_is_lost(months: dict[str, int]) -> None:
    found = bars(months)
    assert sum(bar.articles for bar in found) == sum(months.values())
    assert all(
        (later.since - earlier.until).days == 1
        for earlier, later in zip(found, found[1:], strict=False)
    )


def test_a_bar_leads_to_its_days_and_says_how_many_it_has() -> None:
    found = bars({"2024-02": 3, "2024-04": 1})
    drawn = histogram_svg(found, "<By> time", lambda bar: f"/list?from={bar.since}&to={bar.until}")
    assert re.findall(r'href="([^"]*)" aria-label="([^"]*)"', drawn) == [
        ("/list?from=2024-02-01&amp;to=2024-02-29", "2024-02: 3"),
        ("/list?from=2024-04-01&amp;to=2024-04-30", "2024-04: 1"),
    ]
    assert "<By>" not in drawn


def test_every_bar_can_be_pressed_however_many_there_are() -> None:
    months = {f"{year}-{month:02}": 1 for year in range(2019, 2025) for month in range(1, 13)}
    drawn = histogram_svg(bars(months), "By time", lambda _: "/list")
    rooms = [float(room) for room in re.findall(r'class="room"[^>]* width="([\d.]+)"', drawn)]
    assert len(rooms) == 72
    assert min(rooms) >= 24
