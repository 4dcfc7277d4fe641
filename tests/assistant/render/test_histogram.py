"""The bars of time: none is lost between the first and the last, and each leads to its days."""

import re
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.render.histogram import bars, histogram_svg

MONTHS = st.dates(date(1, 1, 1), date(9999, 11, 30)).map(lambda day: day.isoformat()[:7])


@settings(deadline=None)
@given(st.dictionaries(MONTHS, st.integers(1, 9)))
def test_no_article_and_no_day_is_lost(months: dict[str, int]) -> None:
    found = bars(months)
    assert sum(bar.articles for bar in found) == sum(months.values())
    assert len(found) <= 74
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


def test_a_date_far_from_all_others_makes_one_bar_and_leads_to_its_days() -> None:
    near = {f"2024-{month:02}": 9 for month in range(1, 13)}
    found = bars({"0001-01": 1, "1450-03": 2, **near, "2999-12": 1})
    first, *months, last = found
    assert (first.name, first.articles, first.beyond) == ("≤ 2023-12", 3, True)
    assert (str(first.since), str(first.until)) == ("0001-01-01", "2023-12-31")
    assert [bar.name for bar in months] == sorted(near)
    assert (last.name, last.articles, str(last.until)) == ("≥ 2025-01", 1, "2999-12-31")
    assert 'class="bar beyond"' in histogram_svg(found, "By time", lambda _: "/list")


def test_the_years_that_have_the_most_are_told_where_no_few_months_have_nearly_all() -> None:
    found = bars({"1450-03": 2, **{f"{year}-06": 1 for year in range(1900, 2025)}})
    assert (found[0].name, found[0].beyond) == ("≤ 1899", True)
    assert len(found) == 74
    assert found[-1].name == "≥ 1972"
