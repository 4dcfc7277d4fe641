"""What is told of a time that a question names."""

import pytest

from assistant.answer import Answer, NoAnswer
from assistant.ask import Assistant
from assistant.settings import Settings
from ingest.archive import Archive


@pytest.fixture
def assistant(sample: Archive) -> Assistant:
    return Assistant(sample, Settings(mode="quotes", model="none"))


def answered(assistant: Assistant, asked: str) -> Answer:
    outcome = assistant.ask(asked)
    assert isinstance(outcome, Answer), outcome
    return outcome


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
