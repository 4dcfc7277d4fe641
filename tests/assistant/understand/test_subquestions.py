"""Questions in a question, each with its subject."""

import pytest

from assistant.answer import Turn
from assistant.understand.question import understand
from assistant.understand.subquestions import parts


def texts(asked: str, *before: Turn) -> list[str]:
    return [part.text for part in parts(understand(asked, history=before))]


@pytest.mark.parametrize(
    ("asked", "alone"),
    [
        (
            "What did Ilse Marant say about the pier and when will it close?",
            [
                "What did Ilse Marant say about the pier?",
                "When will it close? (What did Ilse Marant say about the pier?)",
            ],
        ),
        (
            "When was the Dray Cup stolen and when was it found?",
            ["When was the Dray Cup stolen?", "When was the Dray Cup found?"],
        ),
        (
            "Where did the Dray Mill burn, how many were hurt, who is the owner, and what was it?",
            [
                "Where did the Dray Mill burn?",
                "How many were hurt? (Where did the Dray Mill burn?)",
                "Who is the owner? (Where did the Dray Mill burn?)",
                "What was the Dray Mill?",
            ],
        ),
    ],
)
def test_a_later_part_keeps_the_subject_of_the_first(asked: str, alone: list[str]) -> None:
    assert texts(asked) == alone


def test_a_later_part_that_names_somebody_is_about_the_first_besides() -> None:
    _, later = parts(understand("What did Ilse Marant say, and how did Odo Brey respond?"))
    assert later.text == "How did Odo Brey respond?"
    assert later.topic == "What did Ilse Marant say?"


def test_a_part_is_told_as_it_was_asked() -> None:
    _, later = parts(understand("Where did the Dray Mill burn and how many were hurt?"))
    assert later.asked == "How many were hurt?"


@pytest.mark.parametrize(
    "asked",
    [
        "What were the cost and the date of the Dray Mill?",
        "Was Ilse Marant hurt, and when?",
        "When the Dray Mill burnt, who was in it?",
        "Did Odo Brey, who was in it, escape?",
    ],
)
def test_one_question_has_no_parts(asked: str) -> None:
    assert texts(asked) == []


def test_a_clause_between_commas_is_no_part() -> None:
    asked = "Did Odo Brey, who was in the mill, escape and what did he say?"
    assert texts(asked) == ["Did Odo Brey, who was in the mill, escape?", "What did Odo Brey say?"]


def test_a_short_part_goes_with_the_one_before_it() -> None:
    asked = "Who owns the Dray Mill and what does it make and who works there?"
    assert len(texts(asked)) == 3
    assert len(texts("Who owns the Dray Mill and what does it make and who pays?")) == 2


def test_parts_of_a_follow_up_are_about_what_it_leans_on() -> None:
    before = Turn(question="Who owns the Dray Mill?")
    first, later = texts("When was it built and how many were hurt?", before)
    assert first == "When was the Dray Mill built?"
    assert later == "How many were hurt? (When was the Dray Mill built?)"
