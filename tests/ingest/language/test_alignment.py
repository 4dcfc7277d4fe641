"""Words that somebody half remembers, and where they stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.language.alignment import align, words_of_text

TEXT = (
    "The board met late. “Not one litre of that water will leave the valley,” said Ilse Marant."
    " “Not while I live.” Geese passed."
)


def differing(asked: str, text: str = TEXT) -> tuple[str, list[tuple[str, str]]]:
    found = align(asked, text)
    assert found is not None
    for one in found.differences:
        assert text[slice(*one.at)] == one.printed
    told = [(one.asked, one.printed) for one in found.differences]
    return text[found.start : found.end], told


@pytest.mark.parametrize(
    ("asked", "printed", "told"),
    [
        ("not one litre of that water", "Not one litre of that water", []),
        ("not one drop of that water", "Not one litre of that water", [("drop", "litre")]),
        ("not one litre of water", "Not one litre of that water", [("", "that")]),
        ("no litre of that water will leave", "one litre of that water will leave",
         [("no", "one")]),
        ("that water will never leave the valley", "that water will leave the valley",
         [("never", "")]),
        ("that water will leave the city", "that water will leave the valley",
         [("city", "valley")]),
    ],
)  # fmt: skip
def test_what_differs_is_marked_word_by_word(
    asked: str, printed: str, told: list[tuple[str, str]]
) -> None:
    assert differing(asked) == (printed, told)


def test_a_word_that_stands_far_from_the_rest_is_not_taken_in() -> None:
    text = "The water rose. " + "Nothing happened for a long while. " * 3 + "All of it will leave."
    assert differing("the water will leave", text)[0] != text


def test_of_two_places_of_a_word_the_one_beside_the_rest_is_meant() -> None:
    text = "“It leans,” he said. “It is sound,” she said."
    assert differing("it is quite sound", text) == ("It is sound", [("quite", "")])


def test_what_has_no_words_is_nowhere() -> None:
    assert align("…!", TEXT) is None
    assert align("not one", " … ") is None


def test_words_of_a_script_without_spaces_are_its_characters() -> None:
    assert [one.low for one in words_of_text("港口关闭")] == ["港", "口", "关", "闭"]
    assert differing("港口关闭了", "昨天港口不关闭。")[1]


@given(st.text(), st.text())
def test_whatever_is_aligned_its_places_are_those_of_the_text(asked: str, text: str) -> None:
    found = align(asked, text)
    if found is not None:
        assert 0 <= found.start < found.end <= len(text)
        assert all(text[slice(*one.at)] == one.printed for one in found.differences)
        assert 0 < found.alike <= 1
        assert 0 < found.covered <= 1


@given(st.text(max_size=40))
def test_words_stand_where_they_are_said_to(text: str) -> None:
    for one in words_of_text(text):
        assert len(text[one.start : one.end]) == len(one.low)
