import time
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingest.language.quotations import quotations

MARKS = st.lists(
    st.sampled_from(
        [
            "“",
            "”",
            '"',
            "'",
            "‘",
            "’",
            "''",
            "``",
            "„",
            "«",
            "»",
            "「",
            "」",
            "a",
            "s",
            " ",
            "\n",
            "don’t",
            ".",
            ",",
        ]
    )
).map("".join)


def quoted(text: str) -> list[str]:
    return [text[found.start : found.end] for found in quotations(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He called it “plain theft.”", ["plain theft."]),
        ('end “the hot stage" of the war', ["the hot stage"]),
        ('"a", "b" and ("c")—"d".', ["a", "b", "c", "d"]),
        ("''We go,'' she said.", ["We go,"]),
        ("``We go,'' she said.", ["We go,"]),
        ("« Oui », dit-elle. „Nein“, »doch«", [" Oui ", "Nein", "doch"]),
        ("「いいえ」と言った", ["いいえ"]),
        ("”Nej”, sa hon", ["Nej"]),
        ("“He told me ‘no’ and “never” again,” she said", ["He told me ‘no’ and “never” again,"]),
        (
            "‘The workers’ rights,’ he said, ‘don’t count.’",
            ["The workers’ rights,", "don’t count."],
        ),
        ("She said 'not now' to the dockers' union", ["not now"]),
        ('Lee:"We stay."', ["We stay."]),
    ],
)
def test_finds_what_stands_between_marks(text: str, expected: list[str]) -> None:
    assert quoted(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "the workers' rights and the dockers' pay",
        "rock 'n' roll of the '90s isn't dead",
        "5'2\" tall",
        "don’t, won’t, Lee’s",
        "“ ”",
        "”””“““",
    ],
)
def test_an_apostrophe_or_a_stray_mark_is_no_quotation(text: str) -> None:
    assert quoted(text) == []


def test_a_quotation_goes_on_over_paragraphs_that_open_again() -> None:
    text = "“One.\n\n“Two.\n“Three,” she said."
    found = quotations(text)
    assert quoted(text) == ["One.", "Two.", "Three,"]
    assert [one.continues for one in found] == [True, True, False]


def test_a_quotation_goes_on_until_the_line_that_closes_it() -> None:
    assert quoted("She wrote: “One.\nTwo.\nThree.” Then she left.") == ["One.", "Two.", "Three."]


def test_a_forgotten_closing_mark_spoils_no_other_quotation() -> None:
    assert quoted('"We go, he said. "We stay."\n“No, she said. “Yes,” he said.') == [
        "We stay.",
        "Yes,",
    ]


def test_what_is_quoted_within_a_quotation_that_goes_on_is_not_outermost() -> None:
    assert quoted("“He called it 'a swindle' then.\n“We stay,” she said.") == [
        "He called it 'a swindle' then.",
        "We stay,",
    ]
    assert quoted("“He called it 'a swindle' then.\nShe left.") == ["a swindle"]


@example("“'a'\n“")
@example("'a “b'\n“")
@given(MARKS)
def test_quotations_are_ordered_apart_and_exact(text: str) -> None:
    found = quotations(text)
    for one in found:
        assert one.outer[0] <= one.start < one.end <= one.outer[1]
        assert "\n" not in text[one.outer[0] : one.outer[1]]
    for one, other in pairwise(found):
        assert one.outer[1] <= other.outer[0]


@pytest.mark.parametrize(
    "piece", ['"', "“", "”", "'", "''", "‘", "’", "“ ", '" ', "'a ", "«", "“\n", '"a\n', "“”", "`"]
)
def test_hostile_text_takes_linear_time(piece: str) -> None:
    begun = time.process_time()
    quotations(piece * (200_000 // len(piece)))
    assert time.process_time() - begun < 8
