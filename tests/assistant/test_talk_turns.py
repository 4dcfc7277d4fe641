"""A talk of several turns over the sample: what it is about is kept, and a change is noticed."""

from assistant.answer import Finished, Turn, Understood
from assistant.ask import Assistant
from ingest.archive import Archive


def _talk(sample: Archive, *asked: str) -> list[tuple[object, str]]:
    """Return of each question how it was understood first, and what came of it."""
    assistant = Assistant(sample)
    turns: list[Turn] = []
    told: list[tuple[object, str]] = []
    for one in asked:
        first, *_, last = assistant.steps(one, history=turns, mode="quotes")
        assert isinstance(first, Understood)
        assert isinstance(last, Finished)
        turns.append(Turn(question=one, answer=last.outcome.text))
        told.append((first.question.understood.get("question"), last.outcome.text))
    return told


def test_the_event_is_kept_through_a_talk(sample: Archive) -> None:
    first = "When did the Grevdal mine shut?"
    asked = (first, "How many jobs were lost?", "What did Pieter Vosse say?", "And Tesh?")
    assert [understood for understood, _ in _talk(sample, *asked)] == [
        None,
        f"How many jobs were lost? ({first})",
        f"What did Pieter Vosse say? ({first})",
        f"What did Tesh say? ({first})",
    ]


def test_somebody_whom_an_answer_names_below_its_first_line_is_kept(sample: Archive) -> None:
    asked = ("Who was missing after the wreck of the Perdita?", "Where was he found?")
    _, found, sister = _talk(sample, *asked, "What did his sister say?")
    assert found[0] == "Where was Olaf Birk found?"
    assert "dry socks" in sister[1]


def test_what_the_archive_tells_nowhere_with_the_talk_is_another_subject(sample: Archive) -> None:
    fever = "What was the source of the river fever?"
    asked = ("Who rings the bell of Upper Dray?", fever, "How many were ill?")
    _, source, ill = _talk(sample, *asked)
    assert source[0] is None
    assert "Tanner's Cross" in source[1]
    assert ill[0] == f"How many were ill? ({fever})"
