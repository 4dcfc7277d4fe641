"""Questions that name whose figure they want, before it or behind it, or that ask who said it."""

from collections.abc import Iterator

import pytest

from assistant.answer import NoAnswer
from assistant.ask import Assistant
from assistant.find.candidates import read_question
from assistant.understand.question import understand
from tests.assistant.find.desks import desk_over

_ARTICLES = (
    {
        "id": "nets",
        "language": "en",
        "title": "What becomes of old nets",
        "text": "Few old nets in Lundia are recycled. Nets make up 40 per cent of what is recycled"
        " in the harbours of Lundia, according to Old Nets Recycled. Only 14 per cent of the old"
        " nets in Lundia are recycled, according to the Harbour Authority. Of ropes in Lundia 77"
        " per cent are recycled, said Greta Holm, who sells them.",
    },
    {
        "id": "quay",
        "language": "en",
        "title": "A new quay for Lundia",
        "text": "Arne Lund announced on Friday that Lundia gets a new quay in 2024. A minister said"
        " that the old quay was sinking. The Republican group in the council of Lundia has asked"
        " for a new quay for years.",
    },
    {
        "id": "netze",
        "language": "de",
        "title": "Was aus alten Netzen wird",
        "text": "In Lundia werden wenige Netze verwertet. Laut Netze Lundia sind 41 Prozent des"
        " verwerteten Abfalls in Lundia Netze. Laut Hafenamt werden in Lundia nur 15 Prozent der"
        " alten Netze verwertet.",
    },
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with desk_over(_ARTICLES, tmp_path_factory.mktemp("desk")) as desk:
        yield desk


@pytest.mark.parametrize(
    ("asked", "figure"),
    [
        ("How many old nets in Lundia are recycled, according to the Harbour Authority?", "14"),
        ("According to the Harbour Authority, how many old nets in Lundia are recycled?", "14"),
        (
            "According to Old Nets Recycled, what do nets make up of what is recycled in Lundia?",
            "40",
        ),
        ("Wie viele der alten Netze in Lundia werden laut Hafenamt verwertet?", "15 Prozent"),
    ],
)
def test_the_figure_is_that_of_the_source_that_is_named(
    desk: Assistant, asked: str, figure: str
) -> None:
    outcome = desk.ask(asked)
    assert not isinstance(outcome, NoAnswer), outcome
    assert figure in outcome.claims[0].text


@pytest.mark.parametrize(
    "asked",
    [
        "Which leading Republican announced a new quay for Lundia?",
        "Who announced a new quay for Lundia?",
    ],
)
def test_who_announced_it_is_asked_and_not_what_somebody_of_that_kind_said(
    desk: Assistant, asked: str
) -> None:
    outcome = desk.ask(asked)
    assert not isinstance(outcome, NoAnswer), outcome
    assert outcome.claims[0].text.startswith("Arne Lund announced")


@pytest.mark.parametrize(
    ("asked", "speech"),
    [
        ("What did Arne Lund propose for the quay?", True),
        ("¿Qué dijo la ministra de Pesca sobre el muelle de Lundia?", True),
        ("How long is the proposed quay of Lundia?", False),
        ("How many boats were recalled to the quay of Lundia?", False),
    ],
)
def test_what_was_done_to_a_thing_is_not_asked_as_speech(
    desk: Assistant, asked: str, speech: bool
) -> None:
    assert read_question(desk.archive, understand(asked)).speech == speech
