"""Which names may be one speaker's, and which may not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.language.speech import speaker_names


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("Ilse Marant", "Ilse Marant"), ("Marant", "Ilse Marant"), ("Ilse Marant", "Marant"),
        ("I. Marant", "Ilse Marant"), ("Dan Brey", "Daniel Brey"), ("Mr Brey", "Odo Brey"),
        ("Zelensky", "Volodymyr Zelenskyy"), ("Zelenskiy", "Zelensky"), ("Hasek", "Jan Hašek"),
        ("Odo Brey Jr.", "Odo Brey"), ("the foreign ministry", "foreign ministry"),
        ("Veldian foreign ministry", "Veldia’s Foreign Ministry"), ("Acme", "Acme Inc."),
        ("Acme", "an Acme spokesman"), ("foreign ministry", "Veldia’s foreign ministry"),
    ],
)  # fmt: skip
def test_these_may_be_one_speaker(asked: str, name: str) -> None:
    assert speaker_names.alike(asked, name)


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("Ilse Marant", "Odo Marant"), ("Marant", "Marant administration"),
        ("Marant", "another Marant ally"), ("Marant", "Marantz"), ("Karin Vosse", "Karl Vosse"),
        ("Veldian foreign ministry", "Ostrovia’s foreign ministry"),
        ("foreign ministry", "the foreign minister"), ("Marant", "Ilse"), ("Marant", ""),
    ],
)  # fmt: skip
def test_these_may_not(asked: str, name: str) -> None:
    assert not speaker_names.alike(asked, name)


def test_a_name_of_nothing_but_marks_is_nobodys() -> None:
    assert speaker_names.keys("…") == ()
    assert not speaker_names.alike("…", "Ilse Marant")


FIRSTS = ("Ann", "Anna", "Annabel", "An", "A.", "B.", "Bo", "Ben", "Benno", "Bennoni", "Mira")


def one_by_one(names: set[str]) -> list[list[str]]:
    """Return names as people, each held against all that were there before."""
    found: list[list[str]] = []
    for name in sorted(names, key=lambda name: (-len(speaker_names.keys(name)), name)):
        for group in found:
            if all(speaker_names.alike(name, other) for other in group):
                group.append(name)
                break
        else:
            found.append([name])
    return found


@given(
    st.sets(
        st.tuples(
            st.lists(st.sampled_from(FIRSTS), min_size=1, max_size=3),
            st.sampled_from(("Marant", "Marrant", "Vosse")),
        ).map(lambda name: " ".join([*name[0], name[1]])),
        max_size=25,
    )
)
def test_people_are_the_same_as_if_every_name_were_held_against_every_other(
    names: set[str],
) -> None:
    full = {name for name in names if speaker_names.in_full(name)}
    assert speaker_names.people(full) == one_by_one(full)


def role(text: str, name: str) -> str | None:
    at = text.index(name)
    span = speaker_names.role(text, at, at + len(name))
    return text[slice(*span)] if span else None


def test_a_role_stands_before_a_name_or_between_commas_after_it() -> None:
    assert role("So said Harbour Minister Ilse Marant.", "Ilse Marant") == "Harbour Minister"
    assert role("Ilse Marant, the harbour minister, left.", "Ilse Marant") == "harbour minister"
    assert role("Ilse Marant, who was late, left.", "Ilse Marant") is None
    assert role("The minister met Ilse Marant.", "Ilse Marant") is None


def test_a_body_has_the_country_that_its_article_names() -> None:
    text = "Veldia’s Foreign Ministry spoke.\n\nThe Foreign Ministry said no."
    assert speaker_names.qualified("Foreign Ministry", text) == "Veldia’s Foreign Ministry"
    two = text + " Ostrovia’s Foreign Ministry agreed."
    assert speaker_names.qualified("Foreign Ministry", two) == "Foreign Ministry"
    house = "Ilse Marant met the press. Marant’s White House was silent."
    assert speaker_names.qualified("White House", house) == "White House"
