"""What is asked in one language and printed in another: found by meaning, and quoted as printed.

Words do not meet across languages, so the sentences of the nearest articles are embedded and held
against the question. No written sentence is let out there: what checks it goes by words.
"""

from collections.abc import Sequence
from itertools import chain, zip_longest

from assistant.answer import Question
from assistant.find.article_sentences import printed_sentences
from assistant.find.candidates import Candidate
from ingest.archive import Archive
from ingest.article import Hit, Notice, PartKind
from ingest.language.identify import likely

NOTICE = Notice(
    code="other_language",
    text="What answers is in another language than the question, and is quoted as it was printed.",
)

_SCALE = {"e5-small": (0.79, 0.89)}
"""The cosines between a question and a sentence of another language that mean nothing and all,
by the embedder. Set on 25 Spanish and Ukrainian questions that the English articles of the sample
archive answer and 25 that they do not (`python -m benchmarks.languages --set`): the middle, .84,
lets 10 and none of them through; .82 would be 19 and 2, and of 12 others 4 and not 1."""

_ARTICLES = 3
_SENTENCES = 64
"""That are embedded for a question: less than a second on two processors."""

_LETTERS = 12
"""Of a question, to tell its language: of 612 English ones none is taken for another."""

Place = tuple[int, int, PartKind]


def sentences(archive: Archive, question: Question, hits: Sequence[Hit]) -> list[Candidate]:
    """Return sentences near a question of the articles in other languages that were found.

    `own` says how near, from 0 to 1. None where nothing tells: no embedder whose scale is known, no
    such article, a question whose language is not clear. Raises what the embedder raises.
    """
    scale = _SCALE.get((archive.counts.embedder or "").partition("/")[0])
    embedder = archive.embedder
    if embedder is None or scale is None or archive.mismatch() is not None:
        return []
    articles = _foreign(hits, likely(question.text, letters=_LETTERS))
    places = [_places(of_article) for of_article in articles]
    rounds = chain.from_iterable(
        zip_longest(*([(n, p) for p in at] for n, at in enumerate(places)))
    )
    chosen = [one for one in rounds if one is not None][:_SENTENCES]
    if not chosen:
        return []
    texts = [articles[n][0].article.text[start:end] for n, (start, end, _) in chosen]
    cosines = embedder.passages(texts) @ embedder.query(question.text)
    low, high = scale
    return [
        _candidate(articles[n], n, place, min(1.0, max(0.0, (float(cosine) - low) / (high - low))))
        for (n, place), cosine in zip(chosen, cosines, strict=True)
    ]


def _foreign(hits: Sequence[Hit], asked: str | None) -> list[list[Hit]]:
    """Return the hits of the nearest articles in other languages, by article."""
    grouped: dict[str, list[Hit]] = {}
    for hit in sorted(hits, key=lambda one: -(one.nearness or 0.0)):
        spoken = hit.article.language
        if asked and spoken and spoken != asked and hit.nearness is not None:
            grouped.setdefault(hit.article.article_id, []).append(hit)
    return list(grouped.values())[:_ARTICLES]


def _places(hits: Sequence[Hit]) -> list[Place]:
    """Return where an article's sentences stand: those of what was found first, then in order."""
    places = list(printed_sentences(hits[0].article))
    return sorted(places, key=lambda place: not _found(hits, place))


def _found(hits: Sequence[Hit], place: Place) -> bool:
    return any(h.passage.start < place[1] and place[0] < h.passage.end for h in hits)


def _candidate(hits: Sequence[Hit], rank: int, place: Place, near: float) -> Candidate:
    start, end, part = place
    return Candidate(
        hit=hits[0], start=start, end=end, part=part, rank=rank, own=near, near=0.0, whole=0.0,
        read=_found(hits, place), early=False, timely=False, kind=False, speaker=None,
        voiced=False, speaks=0.0, window=(start, end),
    )  # fmt: skip
