"""What a model is given to read: the paragraphs around the sentences that answer best."""

import re
from collections.abc import Iterable, Iterator, Sequence

from assistant.answer import Evidence
from assistant.find.candidates import Asked, Candidate
from assistant.find.rank import worth
from ingest.article import EVIDENCE, Article, Hit

LONGEST = 900
"""Characters of a paragraph up to which all of it is read for one of its sentences."""

_FEWEST = 6
"""Words of a paragraph: fewer are a dateline, a subheading, a name under a picture."""

_NEW = 0.3
"""Share of a paragraph's words that nothing read before it may hold, or it tells nothing new."""

_WORD = re.compile(r"\w+")


def excerpts(
    asked: Asked, said: Sequence[Candidate], hits: Sequence[Hit], words: int
) -> tuple[Evidence, ...]:
    """Return the stretches of articles to read, the best first, within a budget of words.

    They are the paragraphs of the sentences that answer best, then the passages of the hits: a
    question in another language than the article shares no word with it. On realtimeqa 250 words
    of such paragraphs hold the short answer as often as 400 of whole passages.
    """
    ranked = sorted(said, key=lambda one: (-worth(one, asked), one.rank, one.start))
    paragraphs = (_paragraph(one) for one in ranked)
    passages = (
        Evidence(hit=hit, start=hit.passage.start, end=hit.passage.end)
        for hit in hits
        if hit.passage.part in EVIDENCE and hit.passage.part != "headline"
    )
    return tuple(_within(_new([*paragraphs, *passages]), words))


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
    """Yield as many of the first stretches as a budget of words allows, one at least."""
    first = True
    for one in stretches:
        words -= one.hit.article.text.count(" ", one.start, one.end) + 1
        if not first and words < 0:
            return
        first = False
        yield one
