"""Whether two reports of one thing agree, conflict, go on with one another, or are of two things.

A reader says how far each report supports and contradicts the other, and whether both answer the
question; a multinomial logistic regression over that, their days and their numbers says which of
the four it is. Its weights stand in `relation.json`, fitted to one reader on
invented pairs (`python -m benchmarks.relations --write`). Until they are there, nobody is told to
differ.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple, cast

from assistant.check.judge import imprint
from assistant.check.reader import AskedSentence, ClaimReader, Probabilities

Relation = Literal["agree", "conflict", "unrelated", "update"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSide:
    """A stretch of an article that answers a question: its words, and who printed it when."""

    text: str
    outlet: str | None
    published: date | None
    headline: str = ""

    @property
    def as_evidence(self) -> str:
        """What a reader is given of it."""
        return imprint(self.outlet, self.published, self.headline) + self.text


class Pair(NamedTuple):
    """A question and two reports that look like answering it, the earlier first."""

    question: str
    earlier: ReportSide
    later: ReportSide


def relations(pairs: Sequence[Pair], reader: ClaimReader) -> list[Mapping[Relation, float]]:
    """Return for each pair the probability of each relation. Raises what the reader raises."""
    return [_weighed(signs) for signs in features(pairs, reader)]


def features(pairs: Sequence[Pair], reader: ClaimReader) -> list[tuple[float, ...]]:
    """Return what each pair is judged by, in the order of the weights."""
    both = [(one.earlier.text, one.later.as_evidence) for one in pairs]
    both += [(one.later.text, one.earlier.as_evidence) for one in pairs]
    read = reader.supports(both)
    told = reader.answers([_asked(one.question, side) for one in pairs for side in one[1:]])
    size = len(pairs)
    return [
        _signs(pair, (read[n], read[n + size]), (told[2 * n], told[2 * n + 1]))
        for n, pair in enumerate(pairs)
    ]


def _asked(question: str, report: ReportSide) -> AskedSentence:
    above = imprint(None, report.published, report.headline)
    return AskedSentence(question, above, report.text, "")


def _signs(
    pair: Pair, read: tuple[Probabilities, Probabilities], told: tuple[float, float]
) -> tuple[float, ...]:
    first, second = read
    days = _days(pair)
    own, other = _numbers(pair.earlier.text), _numbers(pair.later.text)
    asked = _numbers(pair.question)
    own, other = own - asked, other - asked
    shared = bool(own & other)
    apart = bool(own) and bool(other) and not shared
    return (
        _logit(min(told)),
        _logit(max(told)),
        _logit(max(first.supported, second.supported)),
        _logit(min(first.supported, second.supported)),
        _logit(max(first.contradicted, second.contradicted)),
        _logit(min(first.contradicted, second.contradicted)),
        math.log1p(days),
        float(days == 0),
        float(shared),
        float(apart),
        float(apart and max(map(int, other)) > max(map(int, own))),
        float(pair.earlier.outlet == pair.later.outlet),
        _common(pair),
    )


def _numbers(text: str) -> set[str]:
    """Return the numbers that a text has in figures, in any language."""
    return {re.sub(r"\D", "", found) for found in re.findall(r"\d[\d.,\u00a0\u202f]*", text)}


def _days(pair: Pair) -> int:
    first, last = pair.earlier.published, pair.later.published
    return abs((last - first).days) if first and last else 0


def _common(pair: Pair) -> float:
    """Return the share of words that the two have in common, of both together (Jaccard)."""
    one, other = (
        {word for word in f"{side.headline} {side.text}".casefold().split() if len(word) > 3}
        for side in (pair.earlier, pair.later)
    )
    return len(one & other) / max(1, len(one | other))


def _logit(probability: float) -> float:
    kept = min(max(probability, 1e-3), 1 - 1e-3)
    return math.log(kept / (1 - kept))


@cache
def fitted() -> bool:
    """Whether there are weights: without them nothing can be said of two reports."""
    return files("assistant.compose").joinpath("relation.json").is_file()


@cache
def weights() -> Mapping[Relation, tuple[float, ...]]:
    """Return the weights of each relation, the last of them its bias."""
    text = files("assistant.compose").joinpath("relation.json").read_text(encoding="utf-8")
    kept = cast("dict[Relation, list[float]]", json.loads(text)["weights"])
    return {name: tuple(own) for name, own in kept.items()}


def _weighed(signs: tuple[float, ...]) -> Mapping[Relation, float]:
    totals = {
        name: sum(w * s for w, s in zip(own, (*signs, 1.0), strict=True))
        for name, own in weights().items()
    }
    top = max(totals.values())
    raised = {name: math.exp(total - top) for name, total in totals.items()}
    whole = sum(raised.values())
    return {name: one / whole for name, one in raised.items()}
