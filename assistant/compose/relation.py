"""Whether two reports of one thing agree, conflict, go on with one another, or are of two things.

A reader says how far each report supports and contradicts the other, and whether both answer the
question; a multinomial logistic regression over that, their days and their numbers says which of
the four it is. Its weights stand in `relation.json`, fitted to each reader on invented pairs
(`python -m benchmarks.relations --write`). Where there are none for the reader that reads, nobody
is told to differ.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

from assistant.check.judge import imprint
from assistant.check.reader import AskedSentence, ClaimReader, Probabilities
from ingest.language.numbers import numbers
from ingest.language.sentences import sentences

Relation = Literal["agree", "conflict", "unrelated", "update"]

_DIGITS = 15
"""Digits of a number that are read: longer ones are no count of anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportSide:
    """A stretch of an article that answers a question: its words, and who printed it when."""

    text: str
    outlet: str | None
    published: date | None
    headline: str = ""
    language: str | None = None

    @property
    def as_evidence(self) -> str:
        """What a reader is given of it."""
        return imprint(self.outlet, self.published, self.headline) + self.text


class _Told(NamedTuple):
    """The sentence of a report that answers best, and how probably it does."""

    sentence: str
    answers: float


class _Fitted(NamedTuple):
    """What was fitted to a reader."""

    differing_from: float
    weights: Mapping[Relation, tuple[float, ...]]


class Pair(NamedTuple):
    """A question and two reports that look like answering it, the earlier first."""

    question: str
    earlier: ReportSide
    later: ReportSide


def relations(pairs: Sequence[Pair], reader: ClaimReader) -> list[Mapping[Relation, float]]:
    """Return for each pair the probability of each relation, by a reader they are fitted to.

    Raises what the reader raises.
    """
    own = weights()[reader.name]
    return [_weighed(signs, own) for signs in features(pairs, reader)]


def features(pairs: Sequence[Pair], reader: ClaimReader) -> list[tuple[float, ...]]:
    """Return what each pair is judged by, in the order of the weights.

    Of each report the sentence that answers best is held against the whole of the other: what
    else a report tells is no reason why it should not agree.
    """
    told = _told([(one.question, side) for one in pairs for side in one[1:]], reader)
    first, second = told[::2], told[1::2]
    both = [(own.sentence, one.later.as_evidence) for own, one in zip(first, pairs, strict=True)]
    both += [
        (own.sentence, one.earlier.as_evidence) for own, one in zip(second, pairs, strict=True)
    ]
    read = reader.supports(both)
    size = len(pairs)
    return [
        _signs(pair, (read[n], read[n + size]), (first[n].answers, second[n].answers))
        for n, pair in enumerate(pairs)
    ]


def _told(reports: Sequence[tuple[str, ReportSide]], reader: ClaimReader) -> list[_Told]:
    cut = [[side.text[slice(*span)] for span in sentences(side.text)] for _, side in reports]
    cut = [own or [side.text] for own, (_, side) in zip(cut, reports, strict=True)]
    asked = [
        AskedSentence(question, imprint(None, side.published, side.headline), one, "")
        for own, (question, side) in zip(cut, reports, strict=True)
        for one in own
    ]
    answers = iter(reader.answers(asked))
    return [max((_Told(one, next(answers)) for one in own), key=lambda t: t.answers) for own in cut]


def _signs(
    pair: Pair, read: tuple[Probabilities, Probabilities], told: tuple[float, float]
) -> tuple[float, ...]:
    first, second = read
    days = _days(pair)
    own, other = _numbers(pair.earlier), _numbers(pair.later)
    asked = _numbers(replace(pair.earlier, text=pair.question))
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
        math.log1p(days or 0),
        float(days == 0),
        float(shared),
        float(apart),
        float(apart and max(other) > max(own)),
        _common(pair),
    )


def _numbers(report: ReportSide) -> set[int]:
    """Return the numbers of a report: the digits of any, and what words of its language say."""
    figures = re.findall(r"\d[\d.,\u00a0\u202f]*", report.text)
    found = {int(re.sub(r"\D", "", one)[:_DIGITS]) for one in figures}
    told = (one.value for one in numbers(report.text, report.language))
    whole = (value for value in told if value.is_integer() and value < 10**_DIGITS)
    return found | {int(value) for value in whole}


def _days(pair: Pair) -> int | None:
    first, last = pair.earlier.published, pair.later.published
    return abs((last - first).days) if first and last else None


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


def fitted(reader: ClaimReader) -> bool:
    """Whether there are weights for a reader: without them nothing can be said of two reports."""
    return reader.name in weights()


def differing_from(reader: ClaimReader) -> float:
    """Return the probability of a conflict from which two reports are told to differ.

    It was chosen with the weights, so that hardly any of the pairs that do not differ have it.
    """
    return _fitted()[reader.name].differing_from


@cache
def weights() -> Mapping[str, Mapping[Relation, tuple[float, ...]]]:
    """Return for each reader the weights of each relation, the last of them its bias."""
    return {reader: one.weights for reader, one in _fitted().items()}


@cache
def _fitted() -> Mapping[str, _Fitted]:
    file = files("assistant.compose").joinpath("relation.json")
    kept = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return {
        reader: _Fitted(
            differing_from=float(one["differing_from"]),
            weights={name: tuple(own) for name, own in one["weights"].items()},
        )
        for reader, one in kept.items()
    }


def _weighed(
    signs: tuple[float, ...], own_weights: Mapping[Relation, tuple[float, ...]]
) -> Mapping[Relation, float]:
    totals = {
        name: sum(w * s for w, s in zip(own, (*signs, 1.0), strict=True))
        for name, own in own_weights.items()
    }
    top = max(totals.values())
    raised = {name: math.exp(total - top) for name, total in totals.items()}
    whole = sum(raised.values())
    return {name: one / whole for name, one in raised.items()}
