"""The time that a question's words name."""

from datetime import date

import pytest

from assistant.answer import Period
from assistant.understand.time_expressions import period

TODAY = date(2031, 8, 20)  # a Wednesday


@pytest.mark.parametrize(
    ("asked", "since", "until"),
    [
        ("What did the harbour cost in 2019?", date(2019, 1, 1), date(2019, 12, 31)),
        ("What was found in September 2022?", date(2022, 9, 1), date(2022, 9, 30)),
        ("What was said on 4 June 2021?", date(2021, 6, 4), date(2021, 6, 4)),
        ("Who resigned on June 4, 2021?", date(2021, 6, 4), date(2021, 6, 4)),
        ("What changed between March 2020 and May 2021?", date(2020, 3, 1), date(2021, 5, 31)),
        ("What has been built since 2019?", date(2019, 1, 1), None),
        ("Who ruled before 4 June 2021?", None, date(2021, 6, 3)),
        ("Who ruled before 2022?", None, date(2021, 12, 31)),
        ("Who ruled until 2022?", None, date(2022, 12, 31)),
        ("What was built through June 2022?", None, date(2022, 6, 30)),
        ("Who ruled after 2023?", date(2024, 1, 1), None),
        ("What happened from 2023 onwards?", date(2023, 1, 1), None),
        ("What sank between March and June 2022?", date(2022, 3, 1), date(2022, 6, 30)),
        ("What sank between November and March 2022?", date(2021, 11, 1), date(2022, 3, 31)),
        ("What sank between 3 and 5 June 2022?", date(2022, 6, 3), date(2022, 6, 5)),
        ("What sank from 30 May to 5 June 2022?", date(2022, 5, 30), date(2022, 6, 5)),
        ("What burned in the summer of 2022?", date(2022, 6, 1), date(2022, 8, 31)),
        ("What burned since the spring of 2022?", date(2022, 3, 1), None),
        ("What froze in winter 2023?", date(2023, 12, 1), date(2024, 2, 29)),
        ("¿Qué pasó en el otoño de 2022?", date(2022, 9, 1), date(2022, 11, 30)),
        ("Who spent a budget of 2022 crowns in 2021?", date(2021, 1, 1), date(2021, 12, 31)),
        ("Who won in 2022 elections?", date(2022, 1, 1), date(2022, 12, 31)),
        ("What of 2022 was lost?", date(2022, 1, 1), date(2022, 12, 31)),
        ("What happened last June?", date(2031, 6, 1), date(2031, 6, 30)),
        ("What happened last September?", date(2030, 9, 1), date(2030, 9, 30)),
        ("Who won this week?", date(2031, 8, 14), date(2031, 8, 20)),
        ("Who won last week?", date(2031, 8, 11), date(2031, 8, 17)),
        ("Who won last year?", date(2030, 1, 1), date(2030, 12, 31)),
        ("Who resigned on Tuesday?", date(2031, 8, 19), date(2031, 8, 19)),
        ("What burned down two days ago?", date(2031, 8, 18), date(2031, 8, 18)),
        ("What burned down a couple  of days ago?", date(2031, 8, 18), date(2031, 8, 18)),
        ("Who resigned in may?", date(2031, 5, 1), date(2031, 5, 31)),
        ("Who resigned last May?", date(2031, 5, 1), date(2031, 5, 31)),
        ("Who resigned in Sept 2022?", date(2022, 9, 1), date(2022, 9, 30)),
        ("Que s'est-il passé en mars 2022 ?", date(2022, 3, 1), date(2022, 3, 31)),
        ("Was geschah im Mai 2022?", date(2022, 5, 1), date(2022, 5, 31)),
        ("¿Qué pasó en septiembre de 2022?", date(2022, 9, 1), date(2022, 9, 30)),
        ("Що сталося у вересні 2022?", date(2022, 9, 1), date(2022, 9, 30)),
    ],
)
def test_words_name_a_time(asked: str, since: date | None, until: date | None) -> None:
    found = period(asked, TODAY)
    assert found is not None
    assert (found.since, found.until, found.only) == (since, until, False)


@pytest.mark.parametrize(
    "asked",
    [
        "May I ask who built it?",
        "Who won the 1998 cup?",
        "What was said on 31 February 2021?",
        "Who has a budget of 2022 crowns?",
        "Who got up to 2022 letters?",
        "Who spoke for 2022 people?",
        "Who pays by 2022.50 or so?",
        "What does this set of rules change?",
        "Who dropped out 2020?",
        "Who was of gen 2021?",
        "Why may this may matter?",
        "Who led this march on the capital?",
        "Who sat in front of this august assembly?",
        "What did the rover of Mars 2020 find?",
        "What does The Sun say of Sun Microsystems and Sat Nav?",
        "Who sang on Mon Laferte's record?",
    ],
)
def test_what_names_no_time_is_not_understood_as_one(asked: str) -> None:
    assert period(asked, TODAY) is None


@pytest.mark.parametrize("asked", ["Who won this week?", "Who resigned on Tuesday?"])
def test_without_a_day_to_count_from_this_week_says_nothing(asked: str) -> None:
    assert period(asked, None) is None


def test_only_what_was_printed_then_is_wanted_where_that_is_asked_for() -> None:
    found = period("Which articles published in 2021 name the harbour?", TODAY)
    assert found == Period(
        words="in 2021", since=date(2021, 1, 1), until=date(2021, 12, 31), only=True
    )


def test_news_of_a_time_is_printed_a_little_later_too() -> None:
    month = period("in September 2022", None)
    assert month is not None
    days = (date(2022, 8, 31), date(2022, 9, 1), date(2022, 10, 7), date(2022, 10, 8), None)
    assert [month.holds(day) for day in days] == [False, True, True, False, False]


@pytest.mark.parametrize("asked", ["999 years ago", "in 1600", "since 2099", "last 999 years"])
def test_far_away_times_do_not_fail(asked: str) -> None:
    for today in (date.min, date.max):
        found = period(asked, today)
        assert found is not None
        found.holds(today)
