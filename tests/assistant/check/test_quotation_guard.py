"""Which claims misquote their sources, and which only look as if they did."""

import pytest

from assistant.check.quotation_guard import misquoted, names_alike
from assistant.check.same_person import same_person

SOURCE = (
    "“We sail at dawn on Friday,” said Ada Quill, the harbour master. Oran Mell was there too. "
    "“Nothing was ever signed,” he said. The ship is called “Halcyon Bay”."
)


@pytest.mark.parametrize(
    "claim",
    [
        "Ada Quill said: “We sail at dawn on Friday”.",
        'The harbour master, Quill, said that "we sail at dawn".',
        "They sail “at dawn on Friday”, said Quill.",
        "The “Halcyon Bays” of this world sail at dawn.",  # a name, as other languages inflect it
        "She sails at dawn.",
    ],
)
def test_what_is_printed_so_is_no_misquotation(claim: str) -> None:
    assert misquoted(claim, [SOURCE]) is None


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ("Ada Quill said: “We sail at noon on Friday”.", "quotes what its sources do not print"),
        ("It was “never really signed”.", "quotes what its sources do not print"),
        ("Oran Mell said: “We sail at dawn on Friday”.", "gives Oran Mell the words of Ada Quill"),
    ],
)
def test_a_changed_word_or_another_mouth_is_one(claim: str, reason: str) -> None:
    assert (misquoted(claim, [SOURCE]) or "").startswith(reason)


@pytest.mark.parametrize(
    ("name", "text", "there"),
    [
        ("Mark", "The market opened.", False),
        ("Ann", "He announced it.", False),
        ("Can", "Canada won.", False),
        ("Zoë Mark", "said MARK.", True),
        ("Ada Quill", "Quill’s boat", True),
    ],
)
def test_a_name_is_a_whole_word(name: str, text: str, there: bool) -> None:
    assert names_alike(name, text) is there


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Karin Vosse", "Pieter Vosse", False),
        ("Vosse", "Pieter Vosse", True),
        ("J. Smith", "John Smith", True),
        ("Mr Vosse", "Ada Quill", False),
        ("the school", "Ada Quill", True),
    ],
)
def test_two_names_may_be_one_persons(one: str, other: str, same: bool) -> None:
    assert same_person(one, other) is same
