"""Filters leave out the same articles by words and by meaning, scored exactly or by Chroma."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from ingest.archive import Archive
from ingest.archive.search import By
from ingest.article import Article, Filters
from tests.ingest.archive.desk import opened
from tests.ingest.archive.dispatches import Block, article, found, hits

WORDS = "harbour board ferry"


def story(name: str, body: str = "", **about: object) -> Article:
    blocks: list[Block] = [
        ("headline", f"Harbour board {name}"),
        ("body", f"The harbour board heard about the ferry from {name}. {body}"),
    ]
    return article(name, *blocks, **about)


@pytest.fixture(scope="module")
def filed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """Return an archive of six articles that differ in every field a filter knows."""
    folder: Path = tmp_path_factory.mktemp("filed") / "archive"
    with opened(folder) as archive:
        archive.put(
            [
                story("first", date=date(2024, 3, 1), outlet="Post", language="en", section="Sea"),
                story("second", date=date(2024, 3, 2), outlet="Post", language="uk", section="Sea"),
                story("third", date=date(2024, 3, 3), outlet="Mast", language="en", section="City"),
                story("fourth", date=date(2024, 3, 3), outlet="Mast's “x” OR 1", collection="wire"),
                story("undated", outlet="Post", language="en", collection="wire"),
                article(
                    "talked",
                    ("headline", "Quiet at the quay"),
                    ("body", "Nothing else was said."),
                    ("comment", "The harbour board should run the ferry!", "gull_9"),
                    date=date(2024, 3, 2),
                    outlet="Forum",
                ),
            ]
        )
        archive.embed()
        yield archive


CASES = [
    (Filters(), "first second third fourth undated"),
    (Filters(since=date(2024, 3, 2)), "second third fourth"),
    (Filters(until=date(2024, 3, 2)), "first second"),
    (Filters(since=date(2024, 3, 2), until=date(2024, 3, 2)), "second"),
    (Filters(since=date(2024, 3, 4)), ""),
    (Filters(as_of=date(2024, 3, 2)), "first second undated"),
    (Filters(as_of=date(2024, 2, 1)), "undated"),
    (Filters(as_of=date(2024, 3, 2), since=date(2024, 3, 2)), "second"),
    (Filters(outlets=("Mast",)), "third"),
    (Filters(outlets=("Mast", "Post")), "first second third undated"),
    (Filters(outlets=("mast",)), ""),
    (Filters(outlets=("Mast's “x” OR 1",)), "fourth"),
    (Filters(languages=("uk",)), "second"),
    (Filters(sections=("Sea", "City")), "first second third"),
    (Filters(collections=("wire",)), "fourth undated"),
    (Filters(collections=("wire",), outlets=("Post",)), "undated"),
]


def among(archive: Archive, by: By, filters: Filters) -> set[str]:
    return {key for key in found(archive, WORDS, by, filters) if key != "talked"}


@pytest.mark.parametrize(("filters", "expected"), CASES, ids=[str(i) for i in range(len(CASES))])
def test_filters_leave_out_the_same_whoever_searches(
    filed: Archive, filters: Filters, expected: str
) -> None:
    wanted = set(expected.split())
    assert among(filed, "words", filters) == wanted
    filed.meaning.exact = 1000
    assert among(filed, "meaning", filters) == wanted
    filed.meaning.exact = 0
    assert among(filed, "meaning", filters) == wanted
    assert among(filed, "both", filters) == wanted


@pytest.mark.parametrize("exact", [1000, 0], ids=["scored", "chroma"])
@pytest.mark.parametrize("by", ["words", "meaning", "both"])
def test_comments_are_found_only_when_asked_for(filed: Archive, by: By, exact: int) -> None:
    filed.meaning.exact = exact
    plain = hits(filed, WORDS, by)
    assert {hit.passage.part for hit in plain} <= {"headline", "body"}
    asked = hits(filed, WORDS, by, Filters(comments=True))
    (comment,) = [hit for hit in asked if hit.passage.part == "comment"]
    assert (comment.article.key, comment.passage.author) == ("talked", "gull_9")


def test_many_comments_do_not_crowd_out_what_was_printed(tmp_path: Path) -> None:
    comments: list[Block] = [
        ("comment", f"The ferry of the harbour board, I say {i}!", f"gull_{i}") for i in range(450)
    ]
    with opened(tmp_path / "archive") as archive:
        archive.put(
            [
                article("loud", ("headline", "Open"), ("body", "Have your say."), *comments),
                story("first"),
            ]
        )
        archive.embed()
        archive.meaning.exact = 0
        ranked = archive.embedder.query("The ferry of the harbour board, I say")  # type: ignore[union-attr]
        near = archive.meaning.search(archive.catalogue, ranked, "passages", Filters(), 3)
        parts = [one.part for _, one in archive.catalogue.passages(i for i, _ in near).values()]
        assert sorted(parts) == ["body", "body", "headline"]
