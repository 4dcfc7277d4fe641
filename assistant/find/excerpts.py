"""What a model is given to read: the paragraphs around the sentences that answer best."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest

from assistant.answer import Evidence
from assistant.find.candidates import Asked, Candidate
from assistant.find.rank import worth
from ingest.article import EVIDENCE, Article, Hit

LONGEST = 900
"""Characters of a paragraph up to which all of it is read for one of its sentences."""

_FEWEST = 6
"""Words of a paragraph: fewer are a dateline, a subheading, a name under a picture."""

BEST_SHARE, BEST_WORDS = 0.5, 400
"""Share of the budget for the best paragraphs, of whatever article; so many words at least."""

_NEW = 0.3
"""Share of a paragraph's words that nothing read before it may hold, or it tells nothing new."""

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Material:
    """What was found for a question or for a part of one: its sentences and its passages."""

    asked: Asked
    said: Sequence[Candidate]
    hits: Sequence[Hit]


def excerpts(parts: Sequence[Material], words: int) -> tuple[Evidence, ...]:
    """Return the stretches of articles to read, the best first, within a budget of words.

    They are the paragraphs of the sentences that answer best, then the passages of the hits: a
    question in another language than the article shares no word with it. On realtimeqa 250 words
    of such paragraphs hold the short answer as often as 400 of whole passages. Half of a large
    budget is for the rest of the articles that they are from, the first one whole before the
    second: who writes an answer needs what stands around the sentence that answers.
    """
    in_turn = chain.from_iterable(zip_longest(*(_best(part) for part in parts)))
    best = list(_once(one for one in in_turn if one is not None))
    first = list(_within(best, max(BEST_WORDS, round(words * BEST_SHARE))))
    around = (one for hit in _leading(first) for one in _whole(hit))
    return tuple(_within(_once([*first, *around, *best]), words))


def _best(found: Material) -> Iterator[Evidence]:
    ranked = sorted(found.said, key=lambda one: (-worth(one, found.asked), one.rank, one.start))
    paragraphs = (_paragraph(one) for one in ranked)
    passages = (
        Evidence(hit=hit, start=hit.passage.start, end=hit.passage.end)
        for hit in found.hits
        if hit.passage.part in EVIDENCE and hit.passage.part != "headline"
    )
    return _new([*paragraphs, *passages])


def _once(stretches: Iterable[Evidence]) -> Iterable[Evidence]:
    """Return each stretch at its first place."""
    known: dict[tuple[str, int, int], Evidence] = {}
    for one in stretches:
        known.setdefault((one.hit.article.article_id, one.start, one.end), one)
    return known.values()


def _leading(stretches: Iterable[Evidence]) -> Iterable[Hit]:
    """Return a hit of each article, in their order."""
    articles: dict[str, Hit] = {}
    for one in stretches:
        articles.setdefault(one.hit.article.article_id, one.hit)
    return articles.values()


def _whole(hit: Hit) -> Iterator[Evidence]:
    """Yield the paragraphs of an article's body."""
    for part in hit.article.parts:
        if part.part == "body":
            for start, end in _lines(hit.article, part.start, part.end):
                if _long(hit.article, (start, end)):
                    yield Evidence(hit=hit, start=start, end=end)


def _paragraph(one: Candidate) -> Evidence:
    """Return the paragraph of a sentence; of a headline the first one that stands under it."""
    article = one.hit.article
    for part in article.parts:
        if one.part == "headline" and part.part == "body":
            lines = _lines(article, part.start, part.end)
            start, end = next((span for span in lines if _long(article, span)), (0, 0))
            return Evidence(hit=one.hit, start=start, end=end)
        if part.start <= one.start < part.end:
            lines = _lines(article, part.start, part.end)
            start, end = next(span for span in lines if one.start < span[1])
            if end - start <= LONGEST and one.end <= end:
                return Evidence(hit=one.hit, start=start, end=end)
    return Evidence(hit=one.hit, start=one.start, end=one.end)


def _lines(article: Article, start: int, end: int) -> Iterator[tuple[int, int]]:
    for line in re.finditer(r"\S[^\n]*", article.text[start:end]):
        yield start + line.start(), start + line.end()


def _long(article: Article, span: tuple[int, int]) -> bool:
    return article.text.count(" ", *span) + 1 >= _FEWEST


def _new(stretches: Iterable[Evidence]) -> Iterator[Evidence]:
    """Leave out what tells nothing, and what was told before."""
    told: dict[str, set[str]] = {}
    for one in stretches:
        article = one.hit.article
        before = told.setdefault(article.article_id, set())
        words = _WORD.findall(article.text[one.start : one.end].casefold())
        news = sum(word not in before for word in words)
        if _long(article, (one.start, one.end)) and news >= _NEW * len(words):
            before.update(words)
            yield one


def _within(stretches: Iterable[Evidence], words: int) -> Iterator[Evidence]:
    """Yield the first stretches that a budget of words allows, one at least."""
    first = True
    for one in stretches:
        length = one.hit.article.text.count(" ", one.start, one.end) + 1
        if first or length <= words:
            words -= length
            yield one
        first = False
