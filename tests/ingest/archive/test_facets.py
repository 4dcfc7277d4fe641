"""Facets: they sum to what is counted, and hold nothing that a reader may not see."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.archive import Archive, statement_store
from ingest.archive.browse import Browse, Browsed, FacetField
from ingest.article import WITHHELD, Article, Filters
from tests.ingest.archive.desk import opened
from tests.ingest.archive.dispatches import Block, article

OUTLETS = ("Post", "Mast", None)
SECTIONS = ("sport", "city", None)
PEOPLE = ("Ilse Marant", "Odo Brey", "Karl Venner")
COLLECTIONS = ("news", "desk")
FIRST = date(2023, 11, 20)
ONE_EACH: tuple[FacetField, ...] = (
    "outlet", "section", "language", "kind", "collection", "year", "month", "day",
)  # fmt: skip


@dataclass(frozen=True)
class Printed:
    """An article that was put, and what the facets must know of it."""

    article: Article
    word: str
    speakers: frozenset[str]

    @property
    def labels(self) -> dict[str, list[str]]:
        """Its values by facet."""
        one = self.article
        day = one.date.isoformat() if one.date else None
        single = {
            "outlet": one.outlet, "section": one.section, "language": one.language,
            "kind": one.kind, "collection": one.collection,
            "year": day and day[:4], "month": day and day[:7], "day": day,
        }  # fmt: skip
        several = {"author": sorted(set(one.authors)), "speaker": sorted(self.speakers)}
        return {name: [value] if value else [] for name, value in single.items()} | several


def printed(n: int, chance: Random) -> Printed:
    """Return an article by chance: who speaks, when and where it was printed, who may see it."""
    speakers = chance.sample(PEOPLE, chance.randrange(3))
    word = chance.choice(("pier", "ferry"))
    said: list[Block] = [
        ("body", f"“Number {n} of the {word} is {who[0]}{n},” said {who}.") for who in speakers
    ]
    day = FIRST + timedelta(days=chance.randrange(90))
    made = article(
        f"a{n}",
        ("headline", f"Report {n}"),
        *said,
        ("body", f"A {word} was seen for the {n}th time, and nobody else was there but gull {n}."),
        date=chance.choice((day, day, day, None)),
        outlet=chance.choice(OUTLETS),
        section=chance.choice(SECTIONS),
        language=chance.choice(("en", "en", "uk")),
        kind=chance.choice(("news", None)),
        collection=chance.choice(COLLECTIONS),
        authors=tuple(chance.sample(("Ann", "Bo"), chance.randrange(3))),
        embargo_until=WITHHELD if chance.random() < 0.2 else None,
    )
    return Printed(made, word, frozenset(speakers))


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Archive, list[Printed]]]:
    chance = Random(11)
    made = [printed(n, chance) for n in range(60)]
    folder: Path = tmp_path_factory.mktemp("facets") / "archive"
    with opened(folder) as archive:
        archive.put(one.article for one in made)
        archive.speech.unheard()
        yield archive, made


def fits(one: Printed, filters: Filters, word: str) -> bool:
    """Tell whether a reader sees an article under filters: read from the article alone."""
    about = one.article
    dated = about.date is not None and (filters.since or FIRST) <= about.date
    return (
        about.embargo_until is None
        and (not filters.since or dated)
        and (not filters.outlets or about.outlet in filters.outlets)
        and (not filters.collections or about.collection in filters.collections)
        and (not word or one.word == word)
    )


def counted(archive: Archive, filters: Filters, word: str) -> Browsed:
    facets = get_args(FacetField)
    return archive.browse(Browse(words=word, filters=filters, k=0, facets=facets))


FILTERS = st.builds(
    Filters,
    since=st.none() | st.dates(FIRST, FIRST + timedelta(days=80)),
    outlets=st.sampled_from(((), ("Post",), ("Post", "Mast"))),
    collections=st.sampled_from(((), *((one,) for one in COLLECTIONS), COLLECTIONS, ("none",))),
)


@settings(max_examples=40, deadline=None)
@given(filters=FILTERS, word=st.sampled_from(("", "pier", "ferry", "gull")))
def test_facets_sum_to_what_is_counted_and_hold_nothing_hidden(
    shelf: tuple[Archive, list[Printed]], filters: Filters, word: str
) -> None:
    archive, made = shelf
    seen = [one for one in made if fits(one, filters, "" if word == "gull" else word)]
    found = counted(archive, filters, word)
    assert found.total_with_copies == len(seen)
    for name, values in found.facets.items():
        assert dict(values) == Counter(value for one in seen for value in one.labels[name]), name
    for name in ONE_EACH:
        without = sum(not one.labels[name] for one in seen)
        assert sum(found.facets[name].values()) + without == found.total_with_copies, name


def told_as_they_are(archive: Archive, made: list[Printed]) -> None:
    seen = [one for one in made if fits(one, Filters(), "")]
    for _ in range(2):
        for name, values in counted(archive, Filters(), "").facets.items():
            assert dict(values) == Counter(v for one in seen for v in one.labels[name]), name


def test_facets_that_are_kept_are_counted_again_after_every_change(tmp_path: Path) -> None:
    chance = Random(5)
    made = [printed(n, chance) for n in range(300)]
    with opened(tmp_path) as archive:
        archive.put(one.article for one in made[:290])
        archive.speech.hear()
        told_as_they_are(archive, made[:290])
        archive.put(one.article for one in made[290:])
        before = counted(archive, Filters(), "").facets["speaker"]
        archive.speech.hear()
        told_as_they_are(archive, made)
        assert counted(archive, Filters(), "").facets["speaker"] != before
        archive.drop([made[0].article.article_id, made[1].article.article_id])
        told_as_they_are(archive, made[2:])
        statement_store.forget(archive.catalogue)
        assert not counted(archive, Filters(), "").facets["speaker"]
