"""Two names of one person, and of two."""

import pytest

from assistant.check.same_person import same_person

ONE = [
    ("Karin Vosse", "Vosse"),
    ("Karin Vosse", "K. Vosse"),
    ("Karin Vosse", "Minister Karin Vosse"),
    ("Karin Vosse", "Karin Vosse Holm"),
    ("Abe Shinzo", "Shinzo Abe"),
    ("Kim Jong Un", "Kim Jong-un"),
    ("Volodymyr Zelensky", "Volodymyr Zelenskyy"),
]
TWO = [("Karin Vosse", "Pieter Vosse"), ("Andrew Holm", "Andrew Marl"), ("Vosse", "Holm")]


@pytest.mark.parametrize(("name", "other"), ONE)
def test_they_may_be_one_person(name: str, other: str) -> None:
    assert same_person(name, other)
    assert same_person(other, name)


@pytest.mark.parametrize(("name", "other"), TWO)
def test_they_are_two_people(name: str, other: str) -> None:
    assert not same_person(name, other)
    assert not same_person(other, name)
