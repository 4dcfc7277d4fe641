"""What fits a question besides what an answer shows, and how to see it."""

import re
from collections.abc import Collection, Sequence

from assistant.answer import More, Question
from assistant.find.candidates import Asked, Candidate
from assistant.find.rank import LEAST, worth
from ingest.archive import Archive
from ingest.archive.browse import Browse

_WORD = re.compile(r"[\w’'-]+")


def more(
    archive: Archive,
    question: Question,
    asked: Asked,
    said: Sequence[Candidate],
    shown: Collection[tuple[str, int]],
) -> More | None:
    """Return how many sentences were left that fit as well, and how many articles.

    An article fits that holds every telling word of the question, a sentence that holds one.
    `shown` are the articles of the answer, and where in each of them it begins to quote. None
    where nothing is left.
    """
    best = max((worth(one, asked) for one in said), default=0.0)
    fitting = [one for one in said if worth(one, asked) >= LEAST * best]
    kept = _telling(archive, asked)
    left = sum(
        one.place not in shown and not kept.isdisjoint(archive.stems(one.text, all_words=True))
        for one in fitting
    )
    query = telling(archive, question, asked)
    found = archive.browse(Browse(words=query, filters=question.filters, k=_MOST, facets=()))
    stories = {one.hit.story.id for one in said if one.hit.article.article_id in dict(shown)}
    known = sum(one.story.id in stories for one in found.articles)
    articles = max(0, found.total - known)
    return More(sentences=left, articles=articles, query=query) if left or articles else None


_MOST = 100
"""Articles that are compared with those shown; of more, a few too many may be told of."""


def telling(archive: Archive, question: Question, asked: Asked) -> str:
    """Return the words of a question that tell what it is about, in its order."""
    kept = _telling(archive, asked)
    words = _WORD.findall(question.text)
    return " ".join(word for word in words if kept.intersection(archive.stems(word)))


def _telling(archive: Archive, asked: Asked) -> frozenset[str]:
    """Return the stems of a question that tell what it is about."""
    most = max((archive.rarity(stem) for stem in asked.stems), default=0.0)
    return frozenset(stem for stem, weight in asked.stems.items() if weight >= most / _SAYS_LITTLE)


_SAYS_LITTLE = 4.0
"""A word that is four times as common (by its logarithm) as the rarest says little beside it."""
