"""Labels read of every article and kept: they tell what reading these articles alone tells."""

from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import get_args

import pytest

from ingest.archive import Archive
from ingest.archive.browse import Browse, FacetField
from ingest.archive.kept_whole import KeptWhole
from ingest.article import WITHHELD, Article, Filters
from tests.ingest.archive.desk import opened
from tests.ingest.archive.dispatches import article

FIRST = date(2024, 1, 30)
WIRE = (
    "The night ferry to Lundby was held at the pier for {n} hours, the harbour office said. "
    "None of its {n} passengers was hurt, and the next boat of the line left at its usual time. "
    "What had stopped the engine was still being looked into late in the evening of day {n}."
)


def printed(n: int, chance: Random) -> Article:
    """Return one of some articles: every third prints what the one before it prints."""
    told = n - 1 if n % 3 == 2 else n
    rare = " A heron watched." if n % 11 == 0 else ""
    return article(
        f"a{n}",
        ("headline", f"Ferry held, day {n}"),
        ("body", WIRE.format(n=told) + rare),
        date=chance.choice((FIRST, FIRST + timedelta(days=chance.randrange(4)), None)),
        outlet=chance.choice(("Post", "Mast", None)),
        section=chance.choice(("city", "sport", None)),
        language="en",
        collection=chance.choice(("news", "desk")),
        authors=tuple(chance.sample(("Ann", "Bo"), chance.randrange(3))),
        embargo_until=WITHHELD if chance.random() < 0.15 else None,
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    chance = Random(3)
    place: Path = tmp_path_factory.mktemp("columns") / "archive"
    with opened(place) as archive:
        archive.put(printed(n, chance) for n in range(66))
        archive.speech.unheard()
    return place


SCOPES = [
    Filters(),
    Filters(collections=("desk",)),
    Filters(collections=("news", "desk"), outlets=("Post",)),
    Filters(since=FIRST, until=FIRST + timedelta(days=1)),
    Filters(as_of=FIRST + timedelta(days=1), sections=("city",)),
]


@pytest.mark.parametrize("filters", SCOPES)
def test_few_articles_are_told_of_alike_whether_all_were_read_or_they_alone(
    folder: Path, filters: Filters
) -> None:
    asked = Browse(words="heron", filters=filters, facets=get_args(FacetField))
    with opened(folder) as archive:
        alone = archive.browse(asked)
        everything(archive, filters)
        assert archive.browse(asked) == alone
    assert alone.total_with_copies <= 6


def everything(archive: Archive, filters: Filters) -> None:
    """Ask for so much that every article is read, more than once."""
    for _ in range(3):
        archive.browse(Browse(facets=get_args(FacetField)))
        archive.browse(Browse(filters=filters, facets=get_args(FacetField)))


@pytest.mark.parametrize("collections", [(), ("desk",), ("news", "desk")])
def test_dispatches_are_as_many_as_there_are_stories_to_a_reader(
    folder: Path, collections: tuple[str, ...]
) -> None:
    ids = [printed(n, Random()).article_id for n in range(66)]
    with opened(folder) as archive:
        shown = [name for name in ids if archive.readable(name, collections=collections)]
        stories = {story.id for name in shown if (story := archive.story(name, collections))}
        found = archive.browse(Browse(filters=Filters(collections=collections)))
    assert (found.total, found.total_with_copies) == (len(stories), len(shown))
    assert len(stories) < len(shown)


def test_a_whole_is_read_once_so_many_were_asked_for_and_follows_or_is_read_again() -> None:
    state, read, follows = [1], list[int](), [False]

    def whole() -> int:
        read.append(state[0])
        return state[0]

    def follow(kept: int, since: tuple[int, ...]) -> int | None:
        assert (kept,) == since
        return state[0] if follows[0] else None

    kept = KeptWhole(lambda: (state[0],), whole, follow)
    assert kept.at_hand(10, there=100) is None
    assert kept.at_hand(14, there=100) is None
    assert kept.at_hand(1, there=100) == 1
    assert kept.at_hand(1, there=100) == 1
    state[0] = 2
    assert kept.at_hand(24, there=100) is None
    assert kept.at_hand(100, there=100) == 2
    follows[0], state[0] = True, 3
    assert kept.at_hand(1, there=1000) is None  # too few to copy whole arrays for
    assert kept.at_hand(9, there=1000) == 3
    state[0] = 2  # a snapshot that was taken before
    assert kept.at_hand(100, there=100) is None
    assert read == [1, 2]
