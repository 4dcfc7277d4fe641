"""What is asked of a role or an organisation is answered by whoever has it."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from assistant.answer import Answer, NoAnswer
from assistant.ask import Assistant
from assistant.settings import Settings
from assistant.understand.requested_words import as_asked
from ingest.archive import Archive
from ingest.pipeline import ingest
from ingest.settings import IngestSettings

REPORTS = [
    {
        "title": "Lamp fever keeps the ill in bed for months",
        "text": (
            "MARL - Half of those who had lamp fever are still tired after a year.\n\n"
            "“Lamp fever is not over when the cough is,” said Dr. Ida Voss of the Marl clinic.\n\n"
            "“I pay for the lamps and I sleep well,” said Tom Reed, who sells lamp oil and says"
            " that lamp fever is a fairy tale."
        ),
    },
    {
        "title": "Fire at the rope works",
        "text": (
            "MARL - The rope works burned down on Monday.\n\n"
            "The fire began in the tar store, police said. “Nobody had locked it,” said Inspector"
            " Bo Lind.\n\n"
            "“We lost the tar store and all the rope in the fire,” said the owner, Mia Sand."
        ),
    },
    {
        "title": "Harbour dues",
        "text": (
            "MARL - Harbour dues go up.\n\n"
            "Sen. Karl Ost told the chamber that the harbour dues had been too low since the war."
            " The merchants called the harbour dues robbery."
        ),
    },
]


@contextmanager
def desk(folder: Path, reports: Sequence[dict[str, str]]) -> Iterator[Assistant]:
    """Return somebody to ask of some reports of one day."""
    file = folder / "reports.jsonl"
    rows = [{"id": str(n), "date": "2024-05-02", **one} for n, one in enumerate(reports)]
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    settings = IngestSettings(embedder="none")
    with Archive.open(folder / "archive", create=True, settings=settings) as archive:
        ingest([file], archive)
        yield Assistant(archive, Settings(mode="quotes"))


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with desk(tmp_path_factory.mktemp("marl"), REPORTS) as assistant:
        yield assistant


@pytest.mark.parametrize(
    ("asked", "words", "speaker"),
    [
        ("I need a quote from a doctor about lamp fever", "not over", "Ida Voss"),
        ("What did a doctor say about lamp fever?", "not over", "Ida Voss"),
        ("What did police say about the fire?", "tar store", "police"),
        ("What did a senator say about the harbour dues?", "too low", "Karl Ost"),
    ],
)
def test_a_role_is_asked(assistant: Assistant, asked: str, words: str, speaker: str) -> None:
    outcome = assistant.ask(asked)
    assert isinstance(outcome, Answer)
    assert words in outcome.claims[0].text
    assert outcome.claims[0].speaker == speaker


def test_a_role_finds_what_its_bearers_said(assistant: Assistant) -> None:
    told = [one.speaker for one in assistant.said("a doctor").statements]
    assert told == ["Ida Voss"]


@pytest.mark.parametrize(
    ("request_", "question"),
    [
        ("a quote from the mayor about dogs", "What did the mayor say about dogs?"),
        (
            "Is there a statement by the port authority on dredging?",
            "What did the port authority say about dredging?",
        ),
        (
            "Ich suche eine Stellungnahme der Hafenbehörde zum Ausbau",
            "Was sagte Hafenbehörde über Ausbau?",
        ),
        ("Une citation du maire sur les chiens", "Qu'a dit maire sur les chiens ?"),
    ],
)
def test_a_request_for_words_is_a_question(request_: str, question: str) -> None:
    assert as_asked(request_) == question


@pytest.mark.parametrize(
    "other",
    ["Who read a statement by the mayor on dogs?", "What does the quote say?", "comments on dogs"],
)
def test_what_asks_for_something_else_stays_as_it_is(other: str) -> None:
    assert as_asked(other) is None


ISLAND = [
    {
        "title": "A week in Port Elm",
        "text": (
            "PORT ELM - Mayor Ona Birk opened the new bridge.\n\n"
            "“The bridge will carry carts by May,” Ona Birk said of the bridge.\n\n"
            "It rained on Tuesday. It rained on Wednesday as well.\n\n"
            "“My cat sleeps well,” Ona Birk said when she was asked how she was.\n\n"
            "The fort at Quessel was taken in the same week."
        ),
    },
    {
        "title": "Editor stands by her reporters",
        "text": "PORT ELM - “Nobody will be intimidated by a stone,” said the editor, Una Rask.",
    },
]


@pytest.fixture(scope="module")
def island(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with desk(tmp_path_factory.mktemp("island"), ISLAND) as assistant:
        yield assistant


def test_somebody_who_says_nothing_of_a_name_does_not_answer(island: Assistant) -> None:
    assert isinstance(island.ask("What did Ona Birk say about Quessel?"), NoAnswer)


def test_what_somebody_said_of_other_things_is_left_out(island: Assistant) -> None:
    outcome = island.ask("What did Ona Birk say about the bridge?")
    assert isinstance(outcome, Answer)
    assert outcome.claims[0].text.startswith("“The bridge")
    assert not any("cat" in claim.text for claim in outcome.claims)


def test_words_that_nobody_printed_in_their_order_have_no_speaker(island: Assistant) -> None:
    asked = "Who said 'these good people shall never at all be intimidated'?"
    assert isinstance(island.ask(asked), NoAnswer)
