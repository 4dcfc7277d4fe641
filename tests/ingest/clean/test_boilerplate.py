"""Lines that are only page are told from prose that speaks of the same things."""

import pytest

from ingest.clean.boilerplate import credits_in, line_kind


@pytest.mark.parametrize(
    "line",
    [
        "(Reporting by Ada Marl in Harrowmere and Ben Orr; editing by Ines Tull)",
        "Like this story? Share it with a friend!",
        "Have a tip? Ada Marl may be reached at the Post.",
        "More great Harbour stories",
        "DON'T MISS",
        "SEE MORE: Goats of Callow Bay",
        "Filed under Harbour, Boats",
        "SOURCE: News agencies",
        "Ada Marl covers the harbour. Follow her on Twitter and write to her.",
        "Start the day with the tides: sign up for the free daily newsletter",
        "copyright Harrow Post 2024",
        "You have used all of your free articles this month.",
        "Subscribe to The Ull Post to keep reading this story",
        "This story is only for our subscribers.",
        "Get unlimited digital access for a crown a month",
    ],
)
def test_a_line_that_is_only_page_is_boilerplate(line: str) -> None:
    assert line_kind(line) == "boilerplate"


@pytest.mark.parametrize(
    "line",
    [
        "“We have no comment,” said a spokesperson for Tull Lines when asked by Reuters.",
        "The plan was set out in a letter that was seen by AFP.",
        "Reporting by the committee was late, the mayor said.",
        "The mayor told residents to sign up for the ferry before noon.",
        "You have read my mind, the mayor told the poet.",
        "The library wants to keep reading rooms open so that pupils can register there.",
        "This story is for children who like boats.",
        "A source in the harbour said that more stories would follow.",
    ],
)
def test_prose_that_speaks_of_the_same_things_is_body(line: str) -> None:
    assert line_kind(line) == "body"


def test_the_credits_of_an_agency_are_told_at_the_end_of_a_paragraph() -> None:
    prose = "The lock is shut, the office said."
    credit = "(Reporting by Ada Marl in Ullmark; Editing by Ben Orr)"
    assert credits_in(f"{prose} {credit}") == len(prose) + 1
    assert credits_in(f"{prose} Additional reporting by Ada Marl, editing by Ben Orr") is not None
    assert credits_in(f"{prose} She praised the reporting by the paper.") is None
