"""What readers wrote under the articles that are about something."""

from collections.abc import Sequence

from assistant.find.candidates import Asked, Candidate, candidates
from ingest.archive import Archive
from ingest.article import Hit

_ABOUT = 0.7
"""Share of what is asked that a sentence of an article holds, with its neighbours and headline,
from which the article is about it, and its comments too."""


def comments_on(
    archive: Archive, asked: Asked, hits: Sequence[Hit], reported: Sequence[Candidate]
) -> list[Candidate]:
    """Return the sentences of readers' comments on what is asked about.

    All that stand under an article about it, and those that name it themselves elsewhere.
    """
    about: dict[str, float] = {}
    for one in reported:
        article = one.hit.article.article_id
        about[article] = max(about.get(article, 0.0), one.own + one.near)
    return [
        one
        for one in candidates(archive, asked, hits, comments=True, every=True)
        if about.get(one.hit.article.article_id, 0.0) >= _ABOUT or one.own + one.near >= _ABOUT
    ]
