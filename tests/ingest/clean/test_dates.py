"""Dates are read strictly: nothing is guessed, nothing invented."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.clean.dates import ReadDate, believed, read_date

NOW = datetime(2024, 6, 1, tzinfo=UTC)
DAY = date(2022, 6, 16)
CET = timezone(timedelta(hours=2))


@pytest.mark.parametrize(
    "written",
    [
        "2022-06-16",
        "20220616",
        "2022/06/16",
        "16.06.2022",
        "16/06/2022",
        "06/16/2022",
        "June 16, 2022",
        "Thursday, June 16th, 2022",
        "16 June 2022",
        "16-JUN-2022 15:01:01.79",
        "2022-06-16 10:22:00",
        "2022-06-16T10:22:00",
        "Jun 16 2022 at 10:22 PM",
        "16 de junio de 2022",
        "16 червня 2022",
        "16 июня 2022 г.",
        "16. Juni 2022",
        "jeudi 16 juin 2022 à 10:22",
        "16 czerwca 2022",
        "jeudi 16 juin 2022 à 10h22",
        "20220616102200",
        "20220616T1022",
        "2022 June 16",
        "2022年6月16日 10時22分",
        "2022년 6월 16일",
    ],
)
def test_a_day_is_read_and_no_moment_invented(written: str) -> None:
    assert read_date(written, NOW) == ReadDate(day=DAY)


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2022-06-16T10:22:00Z", datetime(2022, 6, 16, 10, 22, tzinfo=UTC)),
        ("2022-06-16T10:22:00.000+02:00", datetime(2022, 6, 16, 10, 22, tzinfo=CET)),
        ("2022-06-16 10:22:00 +0200", datetime(2022, 6, 16, 10, 22, tzinfo=CET)),
        ("Thu, 16 Jun 2022 10:22:00 +0200", datetime(2022, 6, 16, 10, 22, tzinfo=CET)),
        ("Thu, 16 Jun 2022 10:22:00 GMT", datetime(2022, 6, 16, 10, 22, tzinfo=UTC)),
        ("June 16, 2022 10:22 pm UTC", datetime(2022, 6, 16, 22, 22, tzinfo=UTC)),
        ("1655374920", datetime(2022, 6, 16, 10, 22, tzinfo=UTC)),
        ("1655374920000", datetime(2022, 6, 16, 10, 22, tzinfo=UTC)),
    ],
)
def test_a_time_with_a_zone_is_a_moment(written: str, moment: datetime) -> None:
    assert read_date(written, NOW) == ReadDate(day=DAY, moment=moment)


@pytest.mark.parametrize("written", ["03/04/2021", "3-4-2021", "03/04/2021 10:00"])
def test_day_and_month_that_may_be_either_are_not_guessed(written: str) -> None:
    why = f"given as {written!r}, which is ambiguous: day or month first"
    assert read_date(written, NOW) == ReadDate(problem=why)


@pytest.mark.parametrize(
    "written",
    ["yesterday", "2 hours ago", "June 2022", "2022", "16/06/22", "31.02.2022", "x" * 500],
)
def test_what_names_no_day_is_no_date(written: str) -> None:
    found = read_date(written, NOW)
    assert (found.day, found.moment) == (None, None)
    assert found.problem
    assert found.problem.startswith("given as ")


def test_a_day_in_the_future_is_kept_and_flagged() -> None:
    why = "given as '2031-01-01', which is in the future"
    assert read_date("2031-01-01", NOW) == ReadDate(day=date(2031, 1, 1), problem=why)


def test_a_day_years_ahead_is_not_believed_of_what_is_printed() -> None:
    soon, far = read_date("2024-07-01", NOW), read_date("2099-01-01", NOW)
    assert believed(soon, NOW) is soon
    why = "given as '2099-01-01', which is in the future, too far ahead to be believed"
    assert believed(far, NOW) == ReadDate(problem=why)


def test_a_day_before_newspapers_is_not_believed() -> None:
    why = "given as '0202-06-16', which is before 1600"
    assert read_date("0202-06-16", NOW) == ReadDate(problem=why)


def test_the_day_is_the_one_that_was_printed() -> None:
    assert read_date("2022-06-16T00:30:00+09:00", NOW).day == DAY


@settings(deadline=None)
@given(st.text(st.sampled_from("0123456789-/.: TZ+JunadMarch,é"), max_size=40))
def test_no_string_breaks_the_reading(written: str) -> None:
    read_date(written, NOW)
