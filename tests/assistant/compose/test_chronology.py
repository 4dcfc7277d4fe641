"""What is told of a time that a question names."""

from datetime import date

import pytest

from assistant.answer import Answer, NoAnswer, Period, Turn
from assistant.ask import Assistant
from assistant.settings import Settings
from assistant.understand.time_expressions import period, tells
from ingest.archive import Archive


@pytest.fixture
def assistant(sample: Archive) -> Assistant:
    return Assistant(sample, Settings(mode="quotes", model="none"))


def answered(assistant: Assistant, asked: str, *before: Turn) -> Answer:
    outcome = assistant.ask(asked, history=before)
    assert isinstance(outcome, Answer), outcome
    return outcome


def days(answer: Answer) -> set[date | None]:
    return {citation.article.date for citation in answer.citations}


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("What did Lucan Tesh say in 2021?", "I withdraw what I said on the fourth of June"),
        (
            "What happened at Grevdal in 2021?",
            "tailings pond at the Corvane Minerals mine gave way",
        ),
        ("What happened to the Perdita in 2023?", "fined the ferry company Skarn Line 2.4 million"),
    ],
)
def test_an_article_of_the_year_that_is_named_need_not_print_it(
    assistant: Assistant, asked: str, told: str
) -> None:
    assert told in answered(assistant, asked).text


def test_a_year_alone_makes_no_answer_of_an_article(assistant: Assistant) -> None:
    for asked in ("Who won the World Cup in 2022?", "What did Mira Holt say in 2021?"):
        assert isinstance(assistant.ask(asked), NoAnswer)


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("What happened at Grevdal in 2021?", date(2021, 6, 3), date(2021, 6, 24)),
        ("What happened at Grevdal since 2024?", date(2024, 3, 10), date(2024, 5, 1)),
        ("What happened to the Perdita in February 2022?", date(2022, 2, 15), date(2022, 2, 16)),
    ],
)
def test_what_happened_in_a_time_is_told_from_what_was_printed_then(
    assistant: Assistant, asked: str, first: date, last: date
) -> None:
    told = [day for day in days(answered(assistant, asked)) if day]
    assert (min(told), max(told)) == (first, last)


def test_what_was_printed_later_tells_of_a_time_that_it_names(assistant: Assistant) -> None:
    answer = answered(assistant, "What happened at Grevdal in 2019?")
    assert "The pond was inspected last in October 2019." in answer.text
    assert all("2019" in citation.text for citation in answer.citations)


def test_what_the_archive_has_of_other_years_only_is_not_told(assistant: Assistant) -> None:
    outcome = assistant.ask("What happened to the Perdita in 2019?")
    assert isinstance(outcome, NoAnswer)
    assert outcome.nearest


def test_a_follow_up_with_another_year_is_answered_of_that_year(assistant: Assistant) -> None:
    before = Turn(question="What happened at Grevdal in 2021?", answer="The pond burst.")
    found = days(answered(assistant, "and in 2024?", before))
    assert date(2024, 5, 1) in found
    assert {day.year for day in found if day} == {2024}


@pytest.mark.parametrize(
    "asked",
    [
        "What happened to the Perdita?",
        "What happened to the Perdita between February and June 2022?",
    ],
)
def test_what_happened_begins_with_the_news_though_its_name_comes_after_it(
    assistant: Assistant, asked: str
) -> None:
    first = answered(assistant, asked).claims[0].text
    assert "A passenger ferry with 187 people aboard ran on to rocks" in first


def test_news_that_names_something_in_passing_is_not_news_of_it(assistant: Assistant) -> None:
    told = answered(assistant, "What happened at Marrow Bay?").text
    assert "for carting the spoil to a lined tip at Marrow Bay" in told
    assert "GREVDAL" not in told


def within(words: str) -> Period:
    found = period(words, None)
    assert found is not None
    return found


def test_what_was_printed_before_a_time_does_not_tell_of_it() -> None:
    year = within("in 2022")
    plan, report = "It will open in June 2022.", "It had opened in June 2022."
    assert not tells(year, date(2021, 5, 1), plan)
    assert tells(year, date(2024, 5, 1), report)
    assert tells(year, None, report)
    assert not tells(year, date(2024, 5, 1), "It cost 2022% more than in 2021.")
    assert not tells(within("in June 2022"), date(2024, 5, 1), "It was of 2022.")
