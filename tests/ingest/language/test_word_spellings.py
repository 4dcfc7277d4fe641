"""Words that two countries spell in two ways, and pairs that are two words."""

import pytest

from ingest.language.word_spellings import other_spellings

SAME = [
    ("organisation", "organization"),
    ("analysed", "analyzed"),
    ("labour", "labor"),
    ("behavioural", "behavioral"),
    ("theatres", "theaters"),
    ("defence", "defense"),
    ("dialogue", "dialog"),
    ("cancelled", "canceled"),
    ("instalment", "installment"),
    ("paediatric", "pediatric"),
    ("manoeuvre", "maneuver"),
    ("sceptical", "skeptical"),
]


@pytest.mark.parametrize(("british", "american"), SAME)
def test_each_is_the_other_spelling_of_the_other(british: str, american: str) -> None:
    assert american in other_spellings(british)
    assert british in other_spellings(american)


@pytest.mark.parametrize("words", [("filled", "filed"), ("four", "for"), ("prise", "prize")])
def test_two_words_are_not_taken_for_one(words: tuple[str, str]) -> None:
    first, second = words
    assert second not in other_spellings(first)
    assert first not in other_spellings(second)
