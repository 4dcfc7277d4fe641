"""Is a claim supported by its passages: a score, the sentence it rests on, the words in the air."""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from assistant.answer import Degree
from assistant.check.rules.contradictions import AGAINST
from assistant.check.rules.signals import Signals, signals

_OTHERWISE = 0.5
"""What is left of the score of a claim whose evidence says one thing otherwise: few people's
labels show swapped names or negations, so that no weight could be learned for them."""


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


def support(claim: str, passages: Sequence[str], *, published: date | None = None) -> Verdict:
    """Say whether a claim is supported by its passages.

    Weekdays and "yesterday" are resolved against `published`.
    """
    found = signals(claim, list(passages), published)
    if not found.claim.words:
        return Verdict(score=0.0, verdict="unsupported")
    by = model("words")
    score = discounted(weigh(found.values, by), found)
    passage, span = _rests_on(found)
    return Verdict(
        score=score,
        verdict=_verdict(score, found, by),
        passage=passage,
        span=span,
        unsupported=_unsupported(found),
        reasons=tuple(dict.fromkeys(clash.kind for clash in found.clashes)),
    )


def _rests_on(found: Signals) -> tuple[int | None, tuple[int, int] | None]:
    if not found.evidence:
        return None, None
    place = found.ground.sentences[found.evidence[0]]
    return place.passage, (place.start, place.end)


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


def discounted(score: float, found: Signals) -> float:
    """Return the score, less where the evidence says one thing otherwise or less surely."""
    return score * _OTHERWISE if found.contradicted or found.overstated else score


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportWeights:
    """A weighing of signals: sum of weight x (signal - mean) / spread, plus bias.

    Below .5, claims from `partly_from` on are supported in part.
    """

    bias: float
    partly_from: float
    weights: Mapping[str, tuple[float, float, float]]


@cache
def model(name: str) -> SupportWeights:
    """Return a model of weights.json."""
    described = json.loads(
        files("assistant.check.rules").joinpath("weights.json").read_text(encoding="utf-8")
    )["models"][name]
    return SupportWeights(
        bias=described["bias"],
        partly_from=described["partly_from"],
        weights={name: (w, m, s) for name, (w, m, s) in described["weights"].items()},
    )


def weigh(values: Mapping[str, float], by: SupportWeights) -> float:
    """Return the probability that a model gives to a claim with these signals."""
    total = by.bias + sum(
        weight * (values[name] - mean) / spread
        for name, (weight, mean, spread) in by.weights.items()
    )
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
