"""The numbers of a text, as values, in five languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.language.numbers import NumberAt, numbers

Told = list[tuple[str, float, str]]


def told(text: str, language: str | None) -> Told:
    return [(text[n.start : n.end], n.value, n.unit) for n in numbers(text, language)]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "It cost 5.5 and 1,200,000.50", [("5.5", 5.5, ""), ("1,200,000.50", 1200000.5, "")]),
        ("en", "about five and a half miles", [("five and a half", 5.5, "")]),
        ("en", "1,200 men", [("1,200", 1200, "")]),
        ("en", "twelve hundred", [("twelve hundred", 1200, "")]),
        ("en", "two dozen, half a dozen", [("two dozen", 24, ""), ("half a dozen", 6, "")]),
        ("en", "two and a half million", [("two and a half million", 2.5e6, "")]),
        ("en", "a million and a half", [("a million and a half", 1.5e6, "")]),
        ("en", "nineteen ninety-nine", [("nineteen ninety-nine", 1999, "")]),
        ("en", "half of them", [("half", 0.5, "")]),
        ("en", "It was cut by half.", [("half", 0.5, "")]),
        ("en", "three quarters of", [("three quarters", 0.75, "")]),
        (
            "en",
            "the twenty-first, the 3rd",
            [("twenty-first", 21, "ordinal"), ("3rd", 3, "ordinal")],
        ),
        ("en", "£5m and 3bn", [("5m", 5e6, "money"), ("3bn", 3e9, "")]),
        ("es", "5,5 y 1.200", [("5,5", 5.5, ""), ("1.200", 1200, "")]),
        ("es", "cinco y medio", [("cinco y medio", 5.5, "")]),
        ("es", "treinta y cinco mil", [("treinta y cinco mil", 35_000, "")]),
        ("es", "dos mil millones", [("dos mil millones", 2e9, "")]),
        ("es", "la mitad de ellos", [("mitad", 0.5, "")]),
        ("es", "tres cuartos de la ciudad", [("tres cuartos", 0.75, "")]),
        ("es", "dos docenas", [("dos docenas", 24, "")]),
        ("uk", "5,5 і 1 200", [("5,5", 5.5, ""), ("1 200", 1200, "")]),
        ("uk", "п’ять з половиною", [("п’ять з половиною", 5.5, "")]),
        ("uk", "двадцять п'ять тисяч", [("двадцять п'ять тисяч", 25_000, "")]),
        ("uk", "півтора мільйона", [("півтора мільйона", 1.5e6, "")]),
        ("uk", "3 млн, 5 тис.", [("3 млн", 3e6, ""), ("5 тис", 5000, "")]),
        ("de", "5,5 und 1.200", [("5,5", 5.5, ""), ("1.200", 1200, "")]),
        ("de", "fünfundzwanzig", [("fünfundzwanzig", 25, "")]),
        ("de", "zweihundertfünfzig", [("zweihundertfünfzig", 250, "")]),
        ("de", "fünfeinhalb Millionen", [("fünfeinhalb Millionen", 5.5e6, "")]),
        ("de", "zwei Dutzend", [("zwei Dutzend", 24, "")]),
        ("de", "die Hälfte der Leute", [("Hälfte", 0.5, "")]),
        ("fr", "5,5 et 1 200", [("5,5", 5.5, ""), ("1 200", 1200, "")]),
        ("fr", "quatre-vingt-quinze", [("quatre-vingt-quinze", 95, "")]),
        ("fr", "soixante et onze", [("soixante et onze", 71, "")]),
        ("fr", "deux millions et demi", [("deux millions et demi", 2.5e6, "")]),
        ("fr", "deux douzaines", [("deux douzaines", 24, "")]),
        (None, "It rose 5.5 from 41", [("5.5", 5.5, ""), ("41", 41, "")]),
    ],
)
def test_a_number_is_its_value(language: str | None, text: str, expected: Told) -> None:
    assert told(text, language) == expected


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "50 per cent"),
        ("en", "50%"),
        ("en", "fifty percent"),
        ("es", "50 por ciento"),
        ("uk", "50 відсотків"),
        ("de", "50 Prozent"),
        ("fr", "50 pour cent"),
        ("fr", "50\u00a0%"),
    ],
)
def test_a_share_is_told_from_a_count(language: str, text: str) -> None:
    assert numbers(text, language) == (NumberAt(0, len(text), 50, "percent"),)
    assert numbers("50 percentage points", "en") == (NumberAt(0, 20, 50, "points"),)


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "a few hundred, several thousand, dozens"),
        ("en", "one of them, no one, a second"),
        ("en", "the third man's F-16, B12, COVID-19 and the 1990s"),
        ("en", "12.03.2024, 2024-03-12, 10:30, version 1.2.3"),
        ("en", "5m from the quay"),
        ("es", "1,200 en México"),
        ("es", "varios miles, uno de ellos"),
        ("uk", "один із них, тисячі людей"),
        ("de", "ein Mann, Hunderte Leute"),
        ("fr", "une femme, un millier"),
        (None, "1,200"),
    ],
)
def test_what_may_be_read_in_two_ways_is_no_number(language: str | None, text: str) -> None:
    assert [n for n in numbers(text, language) if n.unit != "ordinal"] == []


def test_numbers_side_by_side_stay_apart() -> None:
    for text, values in (
        ("between one hundred and five hundred", [100, 500]),
        ("3-2", [3, 2]),
        ("twenty thirty-year-olds", [20, 30]),
        ("ten, twenty, five", [10, 20, 5]),
        ("two or three hundred", [300]),
        ("2 to 3 million", [3e6]),
    ):
        assert [n.value for n in numbers(text, "en")] == values


@given(st.text(max_size=80), st.sampled_from(["en", "es", "uk", "de", "fr", "xx", None]))
def test_any_text_is_read_and_its_numbers_stand_in_order(text: str, language: str | None) -> None:
    ends = 0
    for found in numbers(text, language):
        assert ends <= found.start < found.end <= len(text)
        ends = found.end
