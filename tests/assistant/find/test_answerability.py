"""What is enough to answer: the names that a question names weigh apart from its other words."""

from collections.abc import Iterator

import pytest

from assistant.answer import NoAnswer
from assistant.ask import Assistant
from assistant.find.answerability import THRESHOLD, Signs, confidence
from assistant.find.candidates import candidates, read_question
from assistant.find.retrieve import retrieve
from assistant.understand.question import understand
from tests.assistant.find.desks import desk_over

_ARTICLES = (
    {
        "id": "wells",
        "language": "en",
        "date": "2021-04-03",
        "title": "Four wells were closed in Lundia",
        "text": "Four wells were closed in Lundia after children fell ill, the health board said."
        " Approximately 300 people fetch their water from the church.",
    },
    {
        "id": "bridge",
        "language": "en",
        "date": "2021-04-05",
        "title": "A bridge for Torvik",
        "text": "Torvik gets a new bridge in May. It is to be painted green.",
    },
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with desk_over(_ARTICLES, tmp_path_factory.mktemp("desk")) as desk:
        yield desk


def names(desk: Assistant, asked: str) -> float:
    question = understand(asked)
    hits = retrieve(desk.archive, question).hits
    found = candidates(desk.archive, read_question(desk.archive, question), hits)
    return max(found, key=lambda one: one.own + one.near).names


def test_a_name_that_the_article_lacks_is_missed_and_a_common_word_is_not(desk: Assistant) -> None:
    assert names(desk, "How many wells were shut down in Lundia?") == 1.0
    assert names(desk, "How many wells were closed in Morvane?") == 0.0
    assert 0.0 < names(desk, "How many wells were closed in Lundia, Morvane?") < 1.0


def test_a_word_that_begins_a_sentence_is_no_name(desk: Assistant) -> None:
    assert names(desk, "Approximately how many wells were closed in Lundia?") == 1.0
    assert names(desk, "Officially, wells were closed in Lundia. How many?") == 1.0


@pytest.mark.parametrize(
    "asked", ["How many wells were closed in Morvane?", "How many wells in Morvane were closed?"]
)
def test_a_place_that_nothing_prints_is_not_passed_over(desk: Assistant, asked: str) -> None:
    assert isinstance(desk.ask(asked), NoAnswer)


@pytest.mark.parametrize("near", [None, 0.0])
def test_a_missing_name_costs_more_than_as_much_of_other_words(near: float | None) -> None:
    known = Signs(best=0.8, own=0.8, article=0.8, names=1.0, near=near)
    strange = known._replace(names=0.0)
    assert confidence(known) > THRESHOLD > confidence(strange)
