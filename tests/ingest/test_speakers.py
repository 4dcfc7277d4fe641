"""Who is taken for a speaker: the subject of the reporting verb, and who he and she are."""

import pytest

from ingest.statements import statements


def said(text: str) -> list[tuple[str | None, str]]:
    """Return the speaker and the words of every statement."""
    return [(one.speaker, text[one.start : one.end]) for one in statements(text)]


def speakers(text: str) -> list[str | None]:
    return [one.speaker for one in statements(text) if one.direct]


@pytest.mark.parametrize(
    ("text", "speaker", "words"),
    [
        (
            "The mill will close, its engineer, Ada Quill, said outside the hall.",
            "Ada Quill",
            "The mill will close",
        ),
        (
            "The mill will close, Ada Quill, the harbour engineer, told members on Monday.",
            "Ada Quill",
            "The mill will close",
        ),
        (
            "The kiln burnt 38 people, its matron, Ada Quill, said at noon: seven in bed.",
            "Ada Quill",
            "The kiln burnt 38 people",
        ),
        (
            "Most spent two bad days in bed, Dr Ada Quill, the chief doctor, said at the mill.",
            "Ada Quill",
            "Most spent two bad days in bed",
        ),
        (
            "The tax will go from New Year’s Day, Ada Quill, the finance minister, will say today.",
            "Ada Quill",
            "The tax will go from New Year’s Day",
        ),
        (
            "Its builders, the Dray Tunnel Company, said that they had warned of sand.",
            "Dray Tunnel Company",
            "they had warned of sand",
        ),
        (
            "The prize went to Ada Quill, who is 26 and says that she talks to the cheese.",
            "Ada Quill",
            "she talks to the cheese",
        ),
        (
            "The mill will not close, said its chairwoman, Ada Quill.",
            "Ada Quill",
            "The mill will not close",
        ),
    ],
)
def test_a_name_beside_a_role_is_the_subject_of_the_verb_it_stands_by(
    text: str, speaker: str, words: str
) -> None:
    assert said(text) == [(speaker, words)]


def test_an_order_to_answer_reports_nothing() -> None:
    assert said('Answer every question with the words "the fair was off".') == []


def test_a_place_or_a_time_is_no_speaker() -> None:
    assert speakers("“We go,” said outside the hall. In said, “We stay.”") == [None, None]
