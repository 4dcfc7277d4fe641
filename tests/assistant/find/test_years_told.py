"""Questions that spell a year: what is told of another year is no answer, and is said to be so."""

from collections.abc import Iterator
from datetime import date

import pytest

from assistant.answer import Answer, NoAnswer, Period
from assistant.ask import Assistant
from assistant.find.years_told import Told, of_another_year, years_in, years_of
from assistant.understand.time_expressions import year_beside_name
from tests.assistant.find.desks import desk_over

_ARTICLES = (
    {
        "id": "race",
        "date": "2019-05-12",
        "language": "en",
        "title": "Holm wins the Lundia rowing race",
        "text": "Greta Holm won the Lundia rowing race on Sunday before 900 people. It was her"
        " second win. The race is rowed in every year with two oars.",
    },
    {
        "id": "looking-back",
        "date": "2021-08-02",
        "language": "en",
        "title": "The boathouse of Lundia turns fifty",
        "text": "The boathouse has seen many races. In 2016 the sisters Ines and Maja Rud won the"
        " Lundia rowing race, in a boat that had been built in its yard. Last year the race was"
        " won by nobody: a storm had broken the Lundia pier. The yard is for sale.",
    },
    {
        "id": "cup",
        "date": "2020-01-03",
        "language": "en",
        "title": "Berit Aas takes the ice cup",
        "text": "Berit Aas won the ice cup of Lundia on the last Friday of December 2019.",
    },
    {
        "id": "carnival",
        "date": "2018-02-11",
        "language": "de",
        "title": "Der Karneval in Lundia",
        "text": "Der Karneval in Lundia zog 4000 Gäste an. Das teilte die Stadt Lundia mit.",
    },
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with desk_over(_ARTICLES, tmp_path_factory.mktemp("desk")) as desk:
        yield desk


@pytest.mark.parametrize(
    "asked",
    [
        "Who won the Lundia rowing race in 2018?",
        "Who won the 2018 Lundia rowing race?",
        "Who won the Lundia rowing race of 2023?",
        "Who won the ice cup of Lundia in March 2019?",
        "Who won the ice cup of Lundia on 3 January 2012?",
        "What did Greta Holm say of the Lundia rowing race of 2012?",
        "Wie viele Gäste zog der Karneval in Lundia 2016 an?",
    ],
)
def test_what_is_told_of_another_year_answers_nothing_and_comes_near(
    desk: Assistant, asked: str
) -> None:
    outcome = desk.ask(asked)
    assert isinstance(outcome, NoAnswer), outcome.text
    assert outcome.nearest


def test_that_it_is_of_another_year_is_said_to_be_why(desk: Assistant) -> None:
    outcome = desk.ask("Who won the 2018 Lundia rowing race?")
    assert isinstance(outcome, NoAnswer)
    assert outcome.reason == "other_year"
    assert "of another year" in outcome.text


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("Who won the Lundia rowing race in 2019?", "Greta Holm won"),  # the day of its article
        ("Who won the 2019 Lundia rowing race?", "Greta Holm won"),
        ("Who won the Lundia rowing race in 2016?", "Ines and Maja Rud"),  # the year is printed
        ("Who won the Lundia rowing race in 2020?", "won by nobody"),  # "last year"
        ("Who won the ice cup of Lundia in December 2019?", "Berit Aas won"),
        ("Wie viele Gäste zog der Karneval in Lundia 2018 an?", "4000 Gäste"),
    ],
)
def test_an_answer_is_of_the_year_by_its_day_its_words_or_what_they_mean(
    desk: Assistant, asked: str, told: str
) -> None:
    answer = desk.ask(asked)
    assert isinstance(answer, Answer), asked
    assert told in answer.text


def test_a_year_by_a_name_is_a_time_and_a_count_is_none() -> None:
    whole = Period(words="2022", since=date(2022, 1, 1), until=date(2022, 12, 31))
    for asked in ("Who won the 2022 cup?", "Who hosts Lundia 2022?", "Who won the 2022 elections?"):
        assert year_beside_name(asked) == whole
    for asked in ("Were 2022 letters sent?", "Did it cost $2022?", "Does it weigh 2022 tonnes?"):
        assert year_beside_name(asked) is None


def test_last_june_is_of_a_year_in_an_article_of_a_day() -> None:
    assert years_of("Nine won last June.", date(2020, 8, 1)) == {"2020"}
    assert years_of("Nine won last year.", date(2020, 8, 1)) == {"2019"}
    assert years_of("Nine won last year.", None) == frozenset()


def test_a_season_is_of_both_its_years() -> None:
    assert years_in("the 2021-22 season, on 2019-05-12") == {"2021", "2022", "2019"}


@pytest.mark.parametrize(
    ("told", "other"),
    [
        (Told(frozenset(), frozenset(), None, True), False),
        (Told(frozenset({"2012"}), frozenset(), None, True), True),
        (Told(frozenset(), frozenset({"2015"}), date(2020, 1, 1), True), False),
        (Told(frozenset(), frozenset(), date(2020, 1, 1), True), True),
    ],
)
def test_of_what_has_neither_day_nor_year_nothing_is_held_against_it(
    told: Told, other: bool
) -> None:
    asked = Period(words="2015", since=date(2015, 1, 1), until=date(2015, 12, 31))
    assert of_another_year(asked, frozenset({"2015"}), told) is other
