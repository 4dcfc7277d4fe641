"""The sides of a comparison, each told of in its own paper's words."""

from collections.abc import Iterator

import pytest

from assistant.answer import Answer
from assistant.ask import Assistant
from tests.assistant.find.desks import desk_over

_ARTICLES = (
    {
        "id": "rud",
        "language": "en",
        "title": "Ines Rud steps down as mayor of Lundia",
        "text": "Ines Rud steps down as mayor of Lundia in May, she told the council. She goes"
        " after nine years.",
    },
    {
        "id": "vang",
        "language": "en",
        "title": "The exit of Peder Vang",
        "text": "The exit of Peder Vang from the harbour board was sudden. He left on Tuesday.",
    },
    {
        "id": "fair",
        "language": "en",
        "title": "A crowded fair",
        "text": "Nine hundred came to the fair. The only exit was blocked by a stall, and the"
        " firemen complained. Two people fainted at the exit of the great tent.",
    },
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with desk_over(_ARTICLES, tmp_path_factory.mktemp("desk")) as desk:
        yield desk


@pytest.mark.parametrize(
    "asked",
    [
        "Compare the exit of Ines Rud and Peder Vang.",
        "Compare the exit of Peder Vang and Ines Rud.",
    ],
)
def test_a_side_is_told_though_its_paper_has_another_word_for_it(
    desk: Assistant, asked: str
) -> None:
    answer = desk.ask(asked)
    assert isinstance(answer, Answer)
    assert "Ines Rud steps down" in answer.text
    assert "The exit of Peder Vang" in answer.text
    assert not [one for one in answer.warnings if one.code == "partly"]


def test_what_shares_the_common_word_alone_is_of_neither_side(desk: Assistant) -> None:
    answer = desk.ask("Compare the exit of Ines Rud and Peder Vang.")
    assert "stall" not in answer.text
    assert "fainted" not in answer.text
