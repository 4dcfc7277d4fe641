"""What changed between two statements of one speaker, told where it is exact."""

from datetime import date

import pytest

from ingest.archive.statement_changes import changes
from ingest.archive.statement_store import Spoke
from ingest.article import Statement, Story
from ingest.language.speech.sayings import Manner
from tests.ingest.archive.dispatches import article


def spoke(day: date, words: str, *, manner: Manner = "direct", speaker: str = "Ilse Marant",
          denied: bool = False) -> Spoke:  # fmt: skip
    of = article(f"{day}{words}", ("body", words), date=day, language="en")
    return Spoke(
        article=of,
        statement=Statement(start=0, end=len(words), direct=manner == "direct", speaker=speaker),
        manner=manner, denied=denied, hedged=False, named=True, speaker=speaker, again=0,
        story=Story(id=of.article_id, outlets=(), article_ids=(of.article_id,)),
    )  # fmt: skip


EARLY, LATE = date(2021, 3, 17), date(2022, 11, 2)


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        ("The harbour wall will cost 640 million crowns.",
         "The harbour wall will cost 815 million crowns.",
         [("number", "640 million", "815 million")]),
        ("The harbour wall is going to cost 640 million crowns and nothing more.",
         "Because of the sand the harbour wall must cost us 815 million crowns.",
         [("number", "640 million crowns", "815 million crowns")]),
        ("The harbour wall opens on 3 May 2023, whatever the weather.",
         "The harbour wall opens on 9 June 2024, whatever the weather.",
         [("day", "3 May 2023", "9 June 2024")]),
        ("The county will pay for the harbour wall.",
         "The county will not pay for the harbour wall.",
         [("negation", "", "not")]),
        ("We shall build the harbour wall for everybody here.",
         "We shall build the harbour wall for islanders here.",
         [("words", "everybody", "islanders")]),
    ],
)  # fmt: skip
def test_what_differs_between_statements_on_one_matter_is_told(
    before: str, now: str, told: list[tuple[str, str, str]]
) -> None:
    found = changes([spoke(EARLY, before), spoke(LATE, now)])
    assert [(one.kind, one.before, one.now) for one in found] == told
    assert all((one.since, one.number) == (1, 2) for one in found)


def test_it_is_told_of_the_later_one_whichever_stands_first() -> None:
    page = [spoke(LATE, "The wall around the harbour costs 9 crowns."),
            spoke(EARLY, "The wall around the harbour costs 7 crowns.")]  # fmt: skip
    (found,) = changes(page, 21)
    assert (found.since, found.number) == (22, 21)


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("The harbour wall costs 640 million crowns.", "Geese passed over 12 villages."),
        ("The harbour wall costs 640 million crowns and takes 3 years.",
         "Nobody who saw the harbour wall counts crowns any more."),
        ("Of the harbour wall, 3 metres stand and 4 metres do not.",
         "The harbour wall has 5 metres that stand, and 2 metres that lean."),
    ],
)  # fmt: skip
def test_nothing_is_told_where_it_cannot_be_exact(before: str, now: str) -> None:
    assert changes([spoke(EARLY, before), spoke(LATE, now)]) == ()


def test_words_that_a_reporter_chose_are_no_change() -> None:
    page = [
        spoke(EARLY, "the harbour wall would stand for a century", manner="indirect"),
        spoke(LATE, "the harbour wall would last for a century", manner="indirect"),
    ]
    assert changes(page) == ()


def test_two_speakers_do_not_contradict_themselves() -> None:
    page = [
        spoke(EARLY, "The harbour wall costs 640 million crowns."),
        spoke(LATE, "The harbour wall costs 815 million crowns.", speaker="Odo Brey"),
    ]
    assert changes(page) == ()
