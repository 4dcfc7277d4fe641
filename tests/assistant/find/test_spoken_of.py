"""Whether whom a question asks speaks of what it asks, and whether it is them who speaks."""

from collections.abc import Iterator

import pytest

from assistant.answer import Answer, NoAnswer, Turn
from assistant.ask import Assistant
from tests.assistant.find.desks import desk_over

_LUND = " ".join(
    f"“The bridge will stand for {years} years,” Lund said." for years in range(40, 52)
)
_ARTICLES = (
    {
        "id": "bridge",
        "language": "en",
        "title": "Mayor defends the bridge",
        "text": f"Mayor Marek Lund said the bridge at Skarn was safe. {_LUND}\n\n"
        "Ida Lund, his daughter, said that the bridge at Skarn frightened her.\n\n"
        "A lawyer for Lund said that the bridge at Skarn was never inspected.",
    },
    {
        "id": "herring",
        "language": "en",
        "title": "Herring catch falls",
        "text": "The herring catch at Skarn fell by half. Fishermen said the climate had changed.",
    },
    {
        "id": "court",
        "language": "en",
        "title": "Ida Brown Reed is to be a judge",
        "text": "Ida Brown Reed is to be a judge at Skarn, where precedent counts.\n\n“The law is "
        "old,” said Ali Brown, a clerk. The coach of the Browns, Olaf Birk, said that he was glad.",
    },
)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with desk_over(_ARTICLES, tmp_path_factory.mktemp("desk")) as desk:
        desk.archive.speech.hear()
        yield desk


@pytest.mark.parametrize(
    "asked",
    [
        "What did Lund say about herring?",
        "What did Marek Lund say about herring?",
        "What did Marek Lund say about the herring catch at Skarn?",
        "Was sagte Lund über herring?",
        "What did Ida Brown Reed say about precedent?",
    ],
)
def test_what_somebody_never_speaks_of_is_not_answered_by_what_else_they_say(
    desk: Assistant, asked: str
) -> None:
    assert isinstance(desk.ask(asked), NoAnswer)


@pytest.mark.parametrize(
    "asked", ["What did fishermen say about the bridge?", "What did divers say about Skarn?"]
)
def test_who_is_asked_for_by_what_they_are_has_to_say_something(
    desk: Assistant, asked: str
) -> None:
    assert isinstance(desk.ask(asked), NoAnswer)


def test_one_whom_no_article_prints_is_not_of_the_talk(desk: Assistant) -> None:
    talk = [Turn(question="What did Lund say about the bridge at Skarn?")]
    outcome = desk.ask("Did the mayor of Tarnmouth resign?", history=talk)
    assert isinstance(outcome, NoAnswer)
    assert "follows" not in outcome.searched.understood


def test_a_last_name_means_whom_the_archive_means_by_it(desk: Assistant) -> None:
    outcome = desk.ask("What did Lund say about the bridge at Skarn?")
    assert isinstance(outcome, Answer)
    said = [claim.text for claim in outcome.claims]
    assert any("bridge at Skarn was safe" in one for one in said)
    assert not any("frightened" in one or "inspected" in one for one in said)


def test_whoever_is_named_in_full_may_have_the_last_name_of_another(desk: Assistant) -> None:
    outcome = desk.ask("What did Ida Lund say about the bridge?")
    assert isinstance(outcome, Answer)
    assert "frightened" in outcome.claims[0].text


def test_whoever_speaks_for_somebody_is_found_when_asked_for(desk: Assistant) -> None:
    outcome = desk.ask("What did Lund's lawyer say about the bridge?")
    assert isinstance(outcome, Answer)
    assert any("inspected" in claim.text for claim in outcome.claims)
