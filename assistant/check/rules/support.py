"""Is a claim supported by its passages: a score, the sentence it rests on, the words in the air."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal, Protocol

from assistant.check.rules.contradictions import AGAINST
from assistant.check.rules.signals import Signals, signals

if TYPE_CHECKING:
    from ingest.embed.embedders import Embedder

Degree = Literal["supported", "partly", "unsupported", "contradicted"]

_OTHERWISE = 0.5
"""What is left of the score of a claim whose evidence says one thing otherwise: few people's
labels show swapped names or negations, so that no weight could be learned for them."""


class Stretch(Protocol):
    """A stretch of an article, as `assistant.answer.Evidence` is one."""

    @property
    def hit(self) -> "_Hit":
        """The hit it is a stretch of."""

    @property
    def start(self) -> int:
        """Where in the article it begins."""

    @property
    def end(self) -> int:
        """Where in the article it ends."""


class _Hit(Protocol):
    @property
    def article(self) -> "_Article": ...


class _Article(Protocol):
    @property
    def text(self) -> str: ...

    @property
    def date(self) -> date | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How far passages support a claim.

    `score` is 0..1 and .5 is the line between supported and not. `passage` is the index of the
    passage with the sentence that it rests on most, `span` where that stands: in the passage,
    or in the article where the passage is a stretch of one; both None where no word of the
    claim stands anywhere. `unsupported` are the spans of the claim that nothing supports.
    `reasons` name what stands against it ("number_absent", "negation", ...).
    """

    score: float
    verdict: Degree
    passage: int | None = None
    span: tuple[int, int] | None = None
    unsupported: tuple[tuple[int, int], ...] = ()
    reasons: tuple[str, ...] = ()


def support(
    claim: str,
    passages: Sequence[Stretch | str],
    *,
    embedder: "Embedder | None" = None,
    published: date | None = None,
) -> Verdict:
    """Say whether a claim is supported by its passages.

    Words alone decide without an embedder, and with one whose cosines the weights were not
    trained on; else the claim and at most three sentences are embedded. Weekdays and
    "yesterday" are resolved against `published`, or against the date of the articles where all
    passages are of one day. Raises what the embedder raises.
    """
    found = signals(claim, [_text(one) for one in passages], published or _day(passages))
    if not found.claim.words:
        return Verdict(score=0.0, verdict="unsupported")
    by = model("words")
    values = found.values
    if embedder is not None and knows(embedder):
        by = model("words_and_meaning")
        values = {**values, **meaning(found, embedder)}
    score = discounted(weigh(values, by), found)
    passage, span = _rests_on(found, passages)
    return Verdict(
        score=score,
        verdict=_verdict(score, found, by),
        passage=passage,
        span=span,
        unsupported=_unsupported(found),
        reasons=tuple(dict.fromkeys(clash.kind for clash in found.clashes)),
    )


def _text(passage: Stretch | str) -> str:
    if isinstance(passage, str):
        return passage
    return passage.hit.article.text[passage.start : passage.end]


def _day(passages: Sequence[Stretch | str]) -> date | None:
    printed = {one.hit.article.date for one in passages if not isinstance(one, str)}
    return printed.pop() if len(printed) == 1 else None


def _rests_on(
    found: Signals, passages: Sequence[Stretch | str]
) -> tuple[int | None, tuple[int, int] | None]:
    if not found.evidence:
        return None, None
    place = found.ground.sentences[found.evidence[0]]
    passage = passages[place.passage]
    offset = 0 if isinstance(passage, str) else passage.start
    return place.passage, (place.start + offset, place.end + offset)


def _unsupported(found: Signals) -> tuple[tuple[int, int], ...]:
    """Return the spans of novel and clashing words, neighbours made one."""
    words = found.claim.words
    spans = {(words[at].start, words[at].end) for at in found.novel}
    spans |= {(c.start, c.end) for c in found.clashes if c.end > c.start and c.kind in AGAINST}
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and not found.claim.text[merged[-1][1] : start].strip(" -’'"):
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return tuple(merged)


def _verdict(score: float, found: Signals, by: "SupportWeights") -> Degree:
    if score >= 0.5:
        return "supported"
    if found.contradicted:
        return "contradicted"
    if found.overstated:
        return "partly"
    return "partly" if score >= by.partly_from else "unsupported"


def knows(embedder: "Embedder") -> bool:
    """Whether the weights were trained with this embedder: no two have the same cosines."""
    return embedder.fingerprint.split("/")[0] == model("words_and_meaning").embedder


def discounted(score: float, found: Signals) -> float:
    """Return the score, less where the evidence says one thing otherwise or less surely."""
    return score * _OTHERWISE if found.contradicted or found.overstated else score


def meaning(found: Signals, embedder: "Embedder") -> dict[str, float]:
    """Return how near in meaning the claim is to the sentences that it may rest on."""
    ground = found.ground
    chosen = found.evidence or tuple(range(min(3, len(ground.sentences))))
    places = [ground.sentences[at] for at in chosen]
    texts = [ground.readings[p.passage].text[p.start : p.end] for p in places]
    if not texts:
        return {"similar": 0.0, "similar_all": 0.0}
    vectors = embedder.passages([found.claim.text, *texts])
    near = [float(one) for one in vectors[1:] @ vectors[0]]
    return {"similar": max(near), "similar_all": sum(near) / len(near)}


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportWeights:
    """A weighing of signals: sum of weight x (signal - mean) / spread, plus bias.

    Below .5, claims from `partly_from` on are supported in part. `embedder` names the one
    whose cosines are weighed.
    """

    bias: float
    partly_from: float
    embedder: str
    weights: Mapping[str, tuple[float, float, float]]


@cache
def model(name: str) -> SupportWeights:
    """Return a model of weights.json: "words" or "words_and_meaning"."""
    described = json.loads(
        files("assistant.check.rules").joinpath("weights.json").read_text(encoding="utf-8")
    )["models"][name]
    return SupportWeights(
        bias=described["bias"],
        partly_from=described["partly_from"],
        embedder=described["embedder"],
        weights={name: (w, m, s) for name, (w, m, s) in described["weights"].items()},
    )


def weigh(values: Mapping[str, float], by: SupportWeights) -> float:
    """Return the probability that a model gives to a claim with these signals."""
    total = by.bias + sum(
        weight * (values[name] - mean) / spread
        for name, (weight, mean, spread) in by.weights.items()
    )
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
