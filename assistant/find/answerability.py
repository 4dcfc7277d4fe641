"""Is what was found enough to answer? If it is not, the archive does not say.

A logistic regression over a few signs, fitted by `python -m benchmarks.abstention` on questions
that were written by hand over articles of Wikinews (`python -m benchmarks.near_misses`): those that
their archive answers, the same with their article taken out, the same with another name put into
them, some over other texts, and those of the sample archive. None of the sets that measure it is
among them.
"""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from assistant.find.candidates import Candidate
from ingest.article import Hit

THRESHOLD = 0.5
LINE = 0.5
"""Below it a reader says that a sentence does not answer."""

_BY_WORDS: Mapping[str, float] = {
    "best": 6.6, "own": 1.18, "article": 1.97, "names": 2.4, "bias": -9.26
}  # fmt: skip
_BY_MEANING: Mapping[str, float] = {
    "best": 2.09, "own": 0.7, "article": 0.27, "names": 1.89, "near": 0.75, "bias": -3.6
}  # fmt: skip
"""Fitted with one draw of the names that are changed, by words with the sample's questions and by
meaning without (`--wikinews`); what the command prints differs by the draw, by .2 at most.

Three things are not as fitted. The bias is moved, by about 1 and by 1.4: so far that a question
whose article is missing is answered in one case of eight or nine, and no more questions that
nothing answers are answered than before, of the sample archive by words or of realtimeqa. By words,
names weigh half as much as fitted: on the questions fitted on that decides alike, and some of
realtimeqa's name what no article need print. And these weights are multiplied by 2.4, which by
itself decides nothing: a reader may take as much away as before."""

_TYPICAL: Mapping[str, tuple[float, float]] = {"e5-small": (0.85, 0.02)}
"""The cosine of a question to the lead of an article about it, and how far that varies: a
model's own scale. Where it is not known, words decide alone."""

_FARTHEST = 1.5
"""How much nearness may say for or against. The only article of an archive may hold every word of
a question deep in its text while its lead is about something else: words must outweigh that.
Anything from 1.5 to no limit at all decides alike over the 2,909 articles."""


class Signs(NamedTuple):
    """What speaks for an answer being there.

    `best` is how much of the question one sentence holds with its neighbours and headline,
    `names` how much of what the question names its article holds, `own` how much of the question
    the best sentence holds by itself, `article` how much one article holds, each a share from 0 to
    1. `near` is how near the nearest lead is, in
    the embedder's own scale, from -1.5 to 1.5; None where nothing was searched by meaning.
    `answers` is how likely the likeliest sentence answers; None where nobody read.
    """

    best: float
    own: float
    article: float
    names: float
    near: float | None
    answers: float | None = None


def signs(
    candidates: Sequence[Candidate], hits: Sequence[Hit], embedder: str | None = None
) -> Signs:
    """Read the signs off the sentences that may answer and the hits that they stand in."""
    typical, spread = _TYPICAL.get((embedder or "").partition("/")[0], (0.0, 0.0))
    cosines = [hit.nearness for hit in hits if hit.nearness is not None]
    best = max(candidates, key=lambda c: (c.own + c.near, c.names), default=None)
    return Signs(
        best=best.own + best.near if best else 0.0,
        own=max((c.own for c in candidates), default=0.0),
        article=max((c.own + c.near + c.whole for c in candidates), default=0.0),
        names=best.names if best else 0.0,
        near=_limited((max(cosines) - typical) / spread) if cosines and spread else None,
        answers=max((c.answers for c in candidates if c.answers is not None), default=None),
    )


def _limited(near: float) -> float:
    return max(-_FARTHEST, min(_FARTHEST, near))


def confidence(seen: Signs) -> float:
    """Return how likely the archive answers, from 0 to 1.

    Whoever read may take away from what the words say: as far as no sentence reaches their line.
    """
    weights = _BY_WORDS if seen.near is None else _BY_MEANING
    signs_of = seen._asdict()
    read = signs_of.pop("answers")
    value = weights["bias"] + sum(
        weights[name] * sign for name, sign in signs_of.items() if sign is not None
    )
    likely = 1 / (1 + math.exp(-value))
    return likely if read is None else likely * min(1.0, read / LINE)
