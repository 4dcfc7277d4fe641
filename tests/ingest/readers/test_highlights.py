"""Where cited words stand on a page: across lines, columns, hyphens, and more than once."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.readers.highlights import Box, PlacedText, WordsWanted, highlights, is_page_of, squeezed

LEFT = ("The old mill of Sorrel", "burned down on Mon-", "day night. Nobody was")
RIGHT = ("hurt, the miller said.", "He will build it again", "before the winter.")


def set_in(lines: tuple[str, ...], left: float, top: float) -> list[list[PlacedText]]:
    """Set lines of words of a width each, one under another."""
    return [
        [
            PlacedText(word, Box(left + 0.07 * n, top + 0.03 * row, left + 0.07 * n + 0.06,
                                 top + 0.03 * row + 0.02))
            for n, word in enumerate(line.split())
        ]
        for row, line in enumerate(lines)
    ]  # fmt: skip


COLUMNS = set_in(LEFT, 0.05, 0.1), set_in(RIGHT, 0.6, 0.1)
BY_COLUMN = [word for column in COLUMNS for line in column for word in line]
BY_ROW = [word for pair in zip(*COLUMNS, strict=True) for line in pair for word in line]


def found(placed: list[PlacedText], words: str, nth: int = 0) -> list[tuple[float, float]]:
    ((*boxes,),) = highlights(placed, [WordsWanted(words, nth)])
    return [(round(box.left, 2), round(box.top, 2)) for box in boxes]


def test_words_are_found_over_lines_and_a_hyphen_a_box_a_line() -> None:
    expected = [(0.05, 0.13), (0.05, 0.16)]
    assert found(BY_COLUMN, "burned down on Monday night.") == expected
    assert found(BY_ROW, "burned down on Monday night.") == expected


def test_words_are_found_from_one_column_to_the_next_however_the_page_was_written() -> None:
    expected = [(0.12, 0.16), (0.6, 0.1)]
    assert found(BY_COLUMN, "Nobody was hurt, the miller said.")[1] == expected[1]
    assert found(BY_ROW, "Nobody was hurt, the miller said.") == found(
        BY_COLUMN, "Nobody was hurt, the miller said."
    )


def test_what_a_running_head_parts_is_found_in_stretches() -> None:
    head = set_in(("Sorrel Gazette Page 4",), 0.3, 0.02)[0]
    parted = [*BY_COLUMN[:12], *head, *BY_COLUMN[12:]]
    assert len(found(parted, "burned down on Monday night. Nobody was hurt, the miller")) == 3


def test_of_words_that_stand_there_twice_the_ones_that_are_meant_are_marked() -> None:
    twice = [word for line in set_in(("rain and rain", "then rain"), 0.1, 0.1) for word in line]
    assert [found(twice, "rain", nth) for nth in (0, 1, 2, 9)] == [
        [(0.1, 0.1)], [(0.24, 0.1)], [(0.17, 0.13)], [(0.17, 0.13)],
    ]  # fmt: skip


def test_words_that_are_not_there_are_marked_nowhere() -> None:
    assert found(BY_COLUMN, "The bridge was opened by the queen in person") == []
    assert found(BY_COLUMN, "…") == []
    assert found([], "anything at all") == []


def test_a_page_is_told_by_its_words() -> None:
    text = " ".join((*LEFT, *RIGHT)).replace("- ", "")
    assert is_page_of(BY_ROW, text)
    assert not is_page_of(BY_ROW, "Readers everywhere applauded yesterday as lanterns vanished")


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.text(max_size=12), max_size=30), st.text(max_size=60), st.integers(0, 3))
def test_whatever_stands_on_a_page_boxes_stay_on_it(
    words: list[str], wanted: str, nth: int
) -> None:
    placed = [
        PlacedText(word, Box(n / 40, n % 5 / 5, n / 40 + 0.02, n % 5 / 5 + 0.1))
        for n, word in enumerate(words)
    ]
    (boxes,) = highlights(placed, [WordsWanted(wanted, nth)])
    assert all(0 <= edge <= 1 for box in boxes for edge in box)
    together = squeezed("".join(words))
    assert bool(boxes) or squeezed(wanted) not in together or not squeezed(wanted)
