"""The names of a byline in several languages."""

import pytest

from ingest.clean.byline_names import names_in


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
