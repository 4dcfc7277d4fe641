"""What readers wrote: under the articles that are about something, or under a name."""

from collections.abc import Iterator, Sequence

from assistant.answer import Question
from assistant.find.asked_speech import speaker_and_matter
from assistant.find.candidates import Asked, Candidate, candidates
from assistant.understand.coreference import names
from ingest.archive import Archive
from ingest.archive.commenters import wrote
from ingest.article import Article, Filters, Hit, Passage

_ABOUT = 0.7
"""Share of what is asked that a sentence of an article holds, with its neighbours and headline,
from which the article is about it, and its comments too."""


def comments_on(
    archive: Archive,
    question: Question,
    asked: Asked,
    hits: Sequence[Hit],
    reported: Sequence[Candidate],
) -> list[Candidate]:
    """Return the sentences of readers' comments on what is asked about.

    Those of a reader who is named; else all that stand under an article about it, and those that
    name it themselves elsewhere.
    """
    by = _comments_by(archive, question.plan.query, asked, question.filters)
    if by:
        return by
    about: dict[str, float] = {}
    for one in reported:
        article = one.hit.article.article_id
        about[article] = max(about.get(article, 0.0), one.own + one.near)
    return [
        one
        for one in candidates(archive, asked, hits, comments=True, every=True)
        if about.get(one.hit.article.article_id, 0.0) >= _ABOUT or one.own + one.near >= _ABOUT
    ]


def in_comments(
    archive: Archive, question: Question, asked: Asked, hits: Sequence[Hit], filters: Filters
) -> list[Candidate]:
    """Return the sentences of readers' comments that may answer besides what was reported.

    Where it is asked what somebody says whom nothing reports, a reader may be called so.
    """
    found = candidates(archive, asked, hits, comments=True)
    told = None if any(one.speaks for one in found) else speaker_and_matter(question.text)
    return (told and _comments_by(archive, told[0], asked, filters)) or found


def _comments_by(archive: Archive, name: str, asked: Asked, filters: Filters) -> list[Candidate]:
    """Return what a reader of a name wrote, each sentence as if it held the name."""
    if not name or names(name) not in ([], [name]):
        return []
    hits = [
        hit
        for article in archive.speech.commented(name, filters)
        for hit in _hits(archive, article, name, filters)
    ]
    found = candidates(archive, asked, hits, comments=True, every=True)
    return [one for one in found if wrote(_author(one), name)]


def _author(one: Candidate) -> str | None:
    part = one.hit.article.part_at(one.start)
    return part.author if part else None


def _hits(archive: Archive, article: Article, name: str, filters: Filters) -> Iterator[Hit]:
    story = archive.story(article.article_id, filters.collections)
    for part in article.parts:
        if story is not None and wrote(part.author, name):
            passage = Passage(start=part.start, end=part.end, part=part.part)
            yield Hit(article=article, passage=passage, score=1.0, by=("words",), story=story)
