"""Invented articles for an archive: whole, numbered, each with a word that no other has."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from ingest.archive import Archive, Search
from ingest.archive.search import By
from ingest.article import Article, Filters, Hit, Part, PartKind
from ingest.clean.identity import article_id

Block = tuple[PartKind, str] | tuple[PartKind, str, str]
"""A part of an article: its kind, its words and, for a comment, who wrote it."""

_TOWNS = ("Ostrova", "Velden", "Marrow Bay", "Tisk", "Upper Lorn", "Sund")
_BODIES = ("harbour board", "Ministry of Ports", "ferry union", "city council", "Veld Line")
_DEEDS = ("delayed", "approved", "rejected", "audited", "postponed", "defended", "withdrew")
_THINGS = ("the pier", "its budget", "a night ferry", "the customs shed", "dredging", "a strike")


def article(name: str, *blocks: Block, **about: object) -> Article:
    """Return an article of some blocks; a headline among them is its title."""
    text, parts = "", []
    for kind, words, *by in blocks:
        text += "\n\n" if text else ""
        author = by[0] if by else None
        start = len(text)
        text += words
        parts.append(Part(part=kind, start=start, end=len(text), author=author))
    title = next((words for kind, words, *_ in blocks if kind == "headline"), name)
    plain = Article(
        article_id=article_id(name), key=name, version=1, text=text, parts=tuple(parts), title=title
    )
    return replace(plain, **about)  # type: ignore[arg-type]


def mark_of(i: int) -> str:
    """Return the word that stands in the dispatch `i` and nowhere else."""
    return f"zq{i:05d}x"


def dispatch(i: int, *, paragraphs: int = 2, **about: object) -> Article:
    """Return the invented dispatch number `i`, always the same."""
    town, body = _TOWNS[i % len(_TOWNS)], _BODIES[i // 2 % len(_BODIES)]
    told = [
        f"The {body} of {town} {_DEEDS[(i + n) % len(_DEEDS)]} {_THINGS[(i * 3 + n) % 6]} after"
        f" {i % 9 + n + 2} hours of talks, and file {mark_of(i)} part {n} was left open until the"
        f" next session. Nobody from {_TOWNS[(i + n + 1) % 6]} spoke about {_THINGS[(i + n) % 6]}."
        for n in range(paragraphs)
    ]
    blocks: list[Block] = [("headline", f"{town}: {body} {_DEEDS[i % 7]} matter {i}")]
    blocks += [("body", words) for words in told]
    known: dict[str, object] = {
        "outlet": ("Ostrova Post", "Coast Daily")[i % 2],
        "date": date(2024, 1 + i // 28 % 12, 1 + i % 28),
        "language": "en",
    }
    return article(f"dispatch {i}", *blocks, **(known | about))


def dispatches(numbers: Iterable[int]) -> list[Article]:
    """Return some dispatches."""
    return [dispatch(i) for i in numbers]


def hits(
    archive: Archive, text: str, by: By = "words", filters: Filters | None = None, k: int = 10
) -> list[Hit]:
    """Search, with what a test seldom says left out."""
    return archive.search(Search(text=text, by=by, filters=filters or Filters(), k=k))


def found(
    archive: Archive, text: str, by: By = "words", filters: Filters | None = None, k: int = 10
) -> list[str]:
    """Return the keys of the articles that a search finds, best first."""
    return [hit.article.key for hit in hits(archive, text, by, filters, k)]


def keys(articles: Sequence[Article]) -> set[str]:
    """Return the keys of some articles."""
    return {one.key for one in articles}
