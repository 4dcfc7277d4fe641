"""Where the archive does not say: which names of the question no article prints."""

from collections.abc import Iterator

import pytest

from assistant.answer import NoAnswer
from assistant.ask import Assistant
from assistant.render.phrasing import understood
from ingest.article import Filters
from tests.assistant.find.desks import desk_over

_ARTICLES = (
    {
        "id": "ferry",
        "language": "en",
        "collection": "news",
        "title": "Ferry runs aground off Lundia",
        "text": "A ferry ran aground off Lundia on Monday. Nine people were hurt, it was said.",
    },
    {
        "id": "zug",
        "language": "de",
        "collection": "news",
        "title": "Ein Zug nach Brasilien",
        "text": "Der Zug nach Brasilien stand am Dienstag still. Niemand wurde verletzt.",
    },
    {
        "id": "kept",
        "language": "en",
        "collection": "vault",
        "title": "Pier at Korvik shut",
        "text": "The pier at Korvik was shut on Friday.",
    },
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with desk_over(_ARTICLES, tmp_path_factory.mktemp("desk")) as desk:
        yield desk


@pytest.mark.parametrize(
    ("asked", "nowhere"),
    [
        ("How many people were hurt on the ferry off Tarnmouth?", ["Tarnmouth"]),
        ("How many ferries ran aground off Lundia in Brazil?", []),  # a German paper prints it so
        ("What did the harbour of Lundia cost?", []),
        ("How many people were hurt on the ferry off Korvik?", ["Korvik"]),
    ],
)
def test_a_name_that_no_article_prints_is_said(
    desk: Assistant, asked: str, nowhere: list[str]
) -> None:
    outcome = desk.ask(asked, filters=Filters(collections=("news",)))
    assert isinstance(outcome, NoAnswer)
    assert outcome.searched.understood.get("nowhere", []) == nowhere
    said = [line for line in understood(outcome.searched) if line.startswith("No article prints")]
    assert said == [f"No article prints “{name}”." for name in nowhere]


def test_who_may_see_all_is_not_told_that_what_is_hidden_from_others_is_nowhere(
    desk: Assistant,
) -> None:
    outcome = desk.ask("How many people were hurt on the ferry off Korvik?")
    assert "nowhere" not in outcome.searched.understood
