"""The few articles worth reading for a question, copies of one dispatch once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.answer import Question, Searched
from ingest.archive import Archive, Search
from ingest.archive.search import By
from ingest.article import Filters, Hit, Notice

ARTICLES = 8
"""Articles that are read for an answer. Tried 3, 5, 8 and 12 on realtimeqa: the short answer
stands in none but the first few, and every article costs time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieved:
    """The hits to read, best first, and what was searched to find them."""

    hits: tuple[Hit, ...]
    searched: Searched
    warnings: tuple[Notice, ...] = ()


def retrieve(archive: Archive, question: Question, *, articles: int = ARTICLES) -> Retrieved:
    """Return the passages of the articles that fit a question best."""
    search = Search(text=question.text, k=articles * 3, filters=question.filters, per_article=3)
    hits = archive.search(search)
    return Retrieved(
        hits=tuple(collapse(hits)),
        searched=searched(archive, question),
        warnings=tuple(_warnings(archive, question, hits)),
    )


def collapse(hits: list[Hit]) -> list[Hit]:
    """Keep the best-placed copy of each dispatch; its story names the others."""
    kept: dict[str, str] = {}
    return [
        hit
        for hit in hits
        if kept.setdefault(hit.story.id, hit.article.article_id) == hit.article.article_id
    ]


def within(hits: Sequence[Hit], words: int) -> list[Hit]:
    """Return as many of the first hits as a budget of words allows, one at least."""
    kept: list[Hit] = []
    for hit in hits:
        words -= hit.text.count(" ") + 1
        if kept and words < 0:
            break
        kept.append(hit)
    return kept


def searched(archive: Archive, question: Question, *, by: By = "both") -> Searched:
    """Say what a search of the archive covers."""
    within = question.filters.collections
    found = archive.status(Filters(collections=within) if within else None)
    return Searched(
        articles=found.articles,
        since=found.since,
        until=found.until,
        embedded=0.0 if by == "words" else found.embedded / max(found.passages, 1),
        understood=question.understood,
    )


def _warnings(archive: Archive, question: Question, hits: Sequence[Hit]) -> Iterator[Notice]:
    if archive.status().words_at < archive.status().change:
        yield Notice(
            code="words_behind",
            text="The index by words is behind: run `morgue rebuild words` to find everything.",
        )
    mismatch = archive.mismatch()
    if mismatch is not None:
        yield Notice(code="embedder_mismatch", text=f"Searched by words alone: {mismatch.message}.")
    elif archive.status().leads_embedded == 0 and archive.status().articles:
        yield Notice(code="words_only", text="Searched by words alone: nothing is embedded yet.")
    if question.filters.as_of and any(hit.article.date is None for hit in hits):
        yield Notice(
            code="undated", text="Some articles have no date and may be later than the day asked."
        )
