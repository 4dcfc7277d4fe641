"""The names of a byline in several languages."""

import pytest

from ingest.clean.byline_names import names_in, of_sender


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ("By Ada Marl and Ben Orr", ["Ada Marl", "Ben Orr"]),
        ("Von Ada Marl und Ben Orr", ["Ada Marl", "Ben Orr"]),
        ("Ana Gil y José Ortega y Gasset", ["Ana Gil", "José Ortega y Gasset"]),
        ("Олена Крук та Ігор Гай", ["Олена Крук", "Ігор Гай"]),
        ("Ada Marl in Ullmark and Ben Orr in Velden", ["Ada Marl", "Ben Orr"]),
        ("Олена Крук у Львові", ["Олена Крук"]),
        ("Mac & i", ["Mac & i"]),
        ("Ada Marl (mit Ben Orr und Cleo Venn)", ["Ada Marl (mit Ben Orr und Cleo Venn)"]),
        ("Ada Marl; Ben Orr", ["Ada Marl", "Ben Orr"]),
        ("Reporting by Ada Marl", ["Reporting by Ada Marl"]),
        ("Lost in Translation", ["Lost in Translation"]),
        ("", []),
    ],
)
def test_a_byline_is_parted_between_whole_names(given: str, names: list[str]) -> None:
    assert names_in(given) == names


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("Marl, Ada", "Ada Marl"),
        ("Dahl, Rolf K.", "Rolf K. Dahl"),
        ("Ull Post, Newsroom", "Ull Post, Newsroom"),
        ("Ada Marl", "Ada Marl"),
        ("", ""),
    ],
)
def test_who_sent_a_mail_is_named_as_spoken(given: str, name: str) -> None:
    assert of_sender(given) == name
