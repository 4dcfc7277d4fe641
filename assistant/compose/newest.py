"""One sentence of each: of each article the newest first, of each reader's comment."""

from collections.abc import Sequence

from assistant.answer import Draft
from assistant.compose.extractive import quoted
from assistant.find.candidates import Asked, Candidate
from assistant.find.rank import worth
from ingest.language.normalise import fold

_FITS = 0.8
"""Share of what the best sentence and its neighbours hold of a question from which one fits."""

_OWN = 0.6
"""Share of what the best sentence holds of it by itself."""


def newest_first(asked: Asked, said: Sequence[Candidate], *, most: int) -> Draft:
    """Return the best sentence of each article that fits, the newest article first.

    Where the question asks what somebody said, those of that speaker come before others.
    """
    reported = [one for one in said if one.part != "comment"]
    whole = {one.hit.article.article_id for one in reported if one.part != "headline"}
    told = [
        one for one in reported if one.part != "headline" or one.hit.article.article_id not in whole
    ]
    best = max((one.own + one.near for one in told), default=0.0)
    own = max((one.own for one in told), default=0.0)
    fitting = [one for one in told if one.own + one.near >= _FITS * best and one.own >= _OWN * own]
    if asked.speech and any(one.speaks for one in fitting):
        # Whoever speaks goes on under a pronoun, and without naming what they speak of again.
        least = _FITS * best
        fitting = [one for one in told if one.speaks and one.own + one.near + one.whole >= least]
    chosen: dict[str, Candidate] = {}
    for one in sorted(fitting, key=lambda c: (-worth(c, asked), c.rank, c.start)):
        chosen.setdefault(one.hit.article.article_id, one)
    once = {fold(one.text).text: one for one in reversed([*chosen.values()])}
    dated = sorted(once.values(), key=lambda c: str(c.hit.article.date or ""), reverse=True)
    return Draft(mode="quotes", claims=tuple(quoted(one) for one in dated[:most]))


def each_comment(said: Sequence[Candidate], *, most: int) -> Draft:
    """Return the sentence of each reader's comment that has most to do with the question."""
    best: dict[tuple[str, int], Candidate] = {}
    for one in sorted(said, key=lambda c: (-c.own, c.start)):
        part = one.hit.article.part_at(one.start)
        if part is not None:
            best.setdefault((one.hit.article.article_id, part.start), one)
    chosen = sorted(best.values(), key=lambda c: (-c.own - c.near, c.rank, c.start))
    return Draft(mode="quotes", claims=tuple(quoted(one) for one in chosen[:most]))
