"""Quotations and speakers of anybody's answers."""

import pytest

from assistant.evaluate.quoting import same_person, speaker, verdict
from assistant.evaluate.result import RowTally
from assistant.evaluate.rows import AnsweredRow, Gold
from assistant.evaluate.saying import CitedSentence

PASSAGE = (
    "The kiln closed on Thursday. “We have no clay left in the pits of Oster Tarn,” its owner "
    "Ida Brandt said. The council’s leader, Otto Lund, said he was sorry."
)


@pytest.mark.parametrize(
    ("text", "quoted", "expected"),
    [
        ("“We have no clay left,” Ida Brandt said.", "We have no clay left,", "exact"),
        ('"we have no  clay left", Ida Brandt said.', "we have no  clay left", "normalised"),
        ("“We have no money left in the pits,” Ida Brandt said.",
         "We have no money left in the pits,", "altered"),
        ("“The bank has taken everything we own,” Ida Brandt said.",
         "The bank has taken everything we own,", "absent"),
        ("“We have no clay left,” Otto Lund said.", "We have no clay left,", "misattributed"),
    ],
)  # fmt: skip
def test_a_quotation_is_held_against_what_is_printed(text: str, quoted: str, expected: str) -> None:
    assert verdict(quoted, CitedSentence(text=text), [PASSAGE]) == expected


def test_an_office_that_a_passage_leaves_open_is_nobody_else() -> None:
    passage = "“We have no clay left in the pits,” the minister said."
    signed = CitedSentence(text="“We have no clay left in the pits.”", speaker="Ida Brandt")
    assert verdict("We have no clay left in the pits", signed, [passage]) == "exact"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ida Brandt", "Brandt", True),
        ("Judge Helmine Acker", "Acker", True),
        ("Halvoria's foreign ministry", "the foreign ministry", True),
        ("Ida Brandt", "Otto Brandt", False),
        ("Ida Brandt", "Otto Lund", False),
        ("", "Otto Lund", False),
    ],
)
def test_the_shorter_name_is_part_of_the_longer(one: str, other: str, same: bool) -> None:
    assert same_person(one, other) is same


@pytest.mark.parametrize(
    ("text", "named", "right"),
    [
        ("“We have no clay left,” Ida Brandt said.", 1.0, 1.0),
        ("“We have no clay left,” Otto Lund said.", 1.0, 0.0),
        ("There is no clay left.", 0.0, 0.0),
    ],
)
def test_the_speaker_is_named_and_is_the_right_one(text: str, named: float, right: float) -> None:
    row = AnsweredRow(
        id="1", question="?", text=text, sentences=(CitedSentence(text=text),), sources=(),
        abstained=False, cites=False, gold=Gold(speaker="Ida Brandt"),
    )  # fmt: skip
    tally = RowTally()
    speaker(tally, row)
    assert tally.shares == {"speaker_named": [named, 1.0], "speaker_accuracy": [right, 1.0]}
