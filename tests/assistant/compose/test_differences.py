"""Where two sentences that tell one thing do not agree."""

from datetime import date

import pytest

from assistant.compose.differences import Stated, difference

COST = "Cleaning the harbour at Ostrova will cost 41 million crowns, the ministry said."


def kind(one: str, other: str, published: date | None = None) -> str | None:
    found = difference(
        Stated(text=one, published=published), Stated(text=other, published=published)
    )
    return found.kind if found else None


@pytest.mark.parametrize(
    ("one", "other", "differs"),
    [
        (COST, "Cleaning the harbour at Ostrova will cost 57 million crowns.", "number"),
        (
            COST,
            "Cleaning the harbour at Ostrova will cost 57 million crowns, not the 41 million.",
            "number",
        ),
        ("The strike began on 4 May.", "The long strike began on 9 June.", "day"),
        ("The mayor signed the treaty.", "The mayor has not signed the treaty.", "yes or no"),
    ],
)
def test_what_differs_is_named(one: str, other: str, differs: str) -> None:
    assert (kind(one, other), kind(other, one)) == (differs, differs)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (COST, COST),
        (COST, "Cleaning the harbour at Ostrova will cost about 40 million crowns."),
        (COST, "Cleaning the harbour took 41 divers nine weeks, and the ministry thanked them."),
        ("Twelve boats were lost off Skarn.", "12 boats were lost off Skarn."),
        ("Fares rose by 3 crowns to 12 crowns in May.", "Fares rose to 12 crowns in May."),
        ("The mayor signed it.", "Nobody came to the fair."),
        (
            "The firm took 60 samples at the ford by the river.",
            "The firm took sample No. 41 at the ford by the river.",
        ),
        (
            "The mill pond at Dray was inspected last in October 2019.",
            "The mill pond at Dray gave way last June.",
        ),
    ],
)
def test_what_agrees_or_tells_another_thing_does_not_differ(one: str, other: str) -> None:
    assert (kind(one, other), kind(other, one)) == (None, None)


def test_a_dateline_is_not_what_happened() -> None:
    one = "OSTROVA, 9 June (Wire) - The council met in the harbour hall and talked of fares."
    other = "OSTROVA, 20 June (Wire) - The council met in the harbour hall and talked of fares."
    assert kind(one, other) is None


def test_the_spans_are_the_words_that_differ() -> None:
    other = "Cleaning the harbour at Ostrova will cost 57 million crowns."
    found = difference(Stated(text=COST), Stated(text=other))
    assert found is not None
    assert COST[slice(*found.one)] == "41 million"
    assert other[slice(*found.other)] == "57 million"
