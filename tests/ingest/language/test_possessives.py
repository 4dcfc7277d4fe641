"""A name without what says that something is its, in the languages that say it so."""

import pytest

from ingest.language.possessives import is_possessive, without_possessive


@pytest.mark.parametrize(
    ("owning", "name"),
    [
        ("Lee's", "Lee"),
        ("Ann Lee’s", "Ann Lee"),
        ("Jones'", "Jones"),
        ("MÜLLER'S", "MÜLLER"),
        ("O'Hara", "O'Hara"),
        ("Дем'ян", "Дем'ян"),
        ("Jones", "Jones"),
    ],
)
def test_an_ending_that_owns_is_no_part_of_a_name(owning: str, name: str) -> None:
    assert without_possessive(owning) == name
    assert is_possessive(owning) == (owning != name)
