"""How many newsrooms stand behind an answer: copies of one dispatch are one witness."""

from collections.abc import Iterable
from dataclasses import dataclass

from assistant.answer import Citation


@dataclass(frozen=True, slots=True, kw_only=True)
class Witnesses:
    """Who told it independently: `newsrooms`, and for each dispatch among them its `copies`."""

    newsrooms: int
    copies: tuple[int, ...]


def witnesses(citations: Iterable[Citation]) -> Witnesses:
    """Count who told independently what is cited; readers' comments are no witnesses.

    A dispatch that several printed is one newsroom, whoever wrote it; an outlet is one, however
    many of its articles are cited; an article whose outlet is not known is one by itself.
    """
    stories = {c.story.id: c for c in citations if c.part != "comment"}.values()
    dispatches = tuple(c.story.copies for c in stories if c.story.copies > 1)
    alone = {c.article.outlet or c.article.article_id for c in stories if c.story.copies < 2}
    return Witnesses(newsrooms=len(alone) + len(dispatches), copies=dispatches)
