"""The figures of a run, from its results: each a value with its interval and its count."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.evaluate.bootstrap import Interval, Numbers, auc, ratio, resample
from assistant.evaluate.result import Result

NAMES: Mapping[str, str] = {
    "recall@1": "an article that answers is the first that is found",
    "recall@5": "... is among the first five",
    "recall@10": "... is among the first ten",
    "mrr": "one over the rank of the first article that answers",
    "ndcg@10": "gain of the articles that answer, less the further down they are",
    "answer_contains": "the right short answer is in the answer",
    "answer_cited": "... and in a passage that it cites",
    "answer_f1": "words shared with the right short answer",
    "answer_exact": "the answer is the right one and nothing else",
    "citation_precision": "citations that carry their sentence (ALCE)",
    "citation_recall": "sentences that their citations carry (ALCE)",
    "citation_gold_precision": "citations of an article that answers",
    "citation_gold_recall": "answers that cite an article that answers",
    "quote_exact": "quotations printed so, letter by letter",
    "quote_normalised": "... but for case, marks and spaces",
    "quote_altered": "quotations with changed words",
    "quote_absent": "quotations that no source prints",
    "quote_misattributed": "quotations of somebody else's words",
    "speaker_named": "answers that name a speaker",
    "speaker_accuracy": "answers that name the right speaker",
    "answered": "answerable questions that are answered",
    "abstention_precision": "abstentions that are right",
    "abstention_recall": "unanswerable questions that are declined",
    "abstention_f1": "both together",
    "support_bacc": "checker and people agree on claims: balanced accuracy",
    "support_auc": "... area under the ROC curve",
    "paraphrase_true_far": "true claims in other words than their source's that are judged right",
    "paraphrase_true_close": "true claims in its words",
    "paraphrase_false_close": "false claims in its words",
    "paraphrase_false_far": "false claims in other words",
    "strong_true_shown": "true sentences of a strong model that are shown",
    "strong_false_shown": "false ones that are shown",
    "conflict_found": "pairs of reports that differ and are told to",
    "conflict_false_alarms_unrelated": "pairs about different things that are told to differ",
    "conflict_false_alarms_agree": "pairs that agree",
    "conflict_false_alarms_update": "pairs of which one goes on with the other",
    "faithfulness": "claims of an answer that its sources support, a mean over answers",
    "faithfulness_claims": "claims that their sources support, over all answers",
    "verbatim": "claims that are their source's own words",
}
"""What each figure counts. Names with a colon are the same of another ranking."""

BALANCED = {"support_bacc": ("support_true", "support_false")}
POOLED = frozenset({"quote_exact", "quote_normalised", "quote_altered", "quote_absent",
                    "quote_misattributed", "faithfulness_claims", "verbatim"})  # fmt: skip
"""Counted by quotations or claims and not by rows."""

SHOWN_ALWAYS = (
    "recall@1", "recall@5", "recall@10", "mrr", "ndcg@10", "answer_contains", "answer_f1",
    "citation_precision", "citation_recall", "quote_exact", "speaker_accuracy",
    "abstention_precision", "abstention_recall", "abstention_f1", "support_bacc", "support_auc",
    "faithfulness",
)  # fmt: skip
"""Names that every document has, null where there is nothing to count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure of a run: its value and interval, and how many rows or claims it is counted on."""

    interval: Interval
    n: int


Measure = Callable[[Numbers], Numbers]


def figures(results: Sequence[Result]) -> dict[str, Figure]:
    """Return the figures of some results, by name, in a fixed order."""
    found = {name: figure(name, results) for name in names(results)}
    return {name: found.get(name, Figure(interval=Interval(value=None), n=0)) for name in
            sorted({*found, *SHOWN_ALWAYS}, key=_place)}  # fmt: skip


def names(results: Sequence[Result]) -> list[str]:
    """Return the names of what can be measured of some results."""
    shares = {name for result in results for name in result.shares}
    halves = {half for pair in BALANCED.values() for half in pair}
    found = shares - halves
    found |= {name for name, pair in BALANCED.items() if shares & set(pair)}
    for name in _LABELLED:
        if _scored(name, results):
            found.add(name)
    return sorted(found, key=_place)


def _place(name: str) -> tuple[str, int, str]:
    plain, _, variant = name.partition(":")
    known = list(NAMES)
    return variant, known.index(plain) if plain in known else len(known), name


def figure(name: str, results: Sequence[Result]) -> Figure:
    """Return one figure of some results."""
    rows, measure = measured(name, results)
    pooled = name in POOLED
    n = sum(round(row.shares[name][1]) for row in rows) if pooled else len(rows)
    return Figure(interval=resample([row.group for row in rows], measure), n=n)


def measured(name: str, results: Sequence[Result]) -> tuple[list[Result], Measure]:
    """Return the rows that a figure counts, and how to count them under any weights."""
    if name in _LABELLED:
        return _by_label(name, results)
    if name in BALANCED:
        return _balanced(BALANCED[name], results)
    rows = [result for result in results if name in result.shares]
    right, of = _columns(name, rows)
    return rows, lambda weights: ratio(weights, right, of)


def _columns(name: str, rows: Sequence[Result]) -> tuple[Numbers, Numbers]:
    pairs = [row.shares.get(name, (0.0, 0.0)) for row in rows]
    return np.array([p[0] for p in pairs]), np.array([p[1] for p in pairs])


def _balanced(pair: tuple[str, str], results: Sequence[Result]) -> tuple[list[Result], Measure]:
    """Count balanced accuracy: the mean of the shares right among positives and negatives."""
    rows = [result for result in results if any(half in result.shares for half in pair)]
    halves = [_columns(half, rows) for half in pair]

    def measure(weights: Numbers) -> Numbers:
        first, second = (ratio(weights, right, of) for right, of in halves)
        mean: Numbers = (first + second) / 2
        return mean

    return rows, measure


_LABELLED = {"support_auc": "score"}


def _scored(name: str, results: Sequence[Result]) -> list[Result]:
    field = _LABELLED[name]
    return [
        r
        for r in results
        if r.kind == "claim" and r.claims and r.claims[0].label is not None
        and getattr(r.claims[0], field) is not None
    ]  # fmt: skip


def _by_label(name: str, results: Sequence[Result]) -> tuple[list[Result], Measure]:
    rows = _scored(name, results)
    scores = np.array([float(getattr(row.claims[0], _LABELLED[name])) for row in rows])
    labels = np.array([bool(row.claims[0].label) for row in rows])
    return rows, lambda weights: auc(weights, scores, labels)


def unscored(results: Sequence[Result]) -> dict[str, int]:
    """Return how many rows could not be scored in something, by the reason."""
    counted = Counter(reason for result in results for reason in result.unscored)
    return dict(sorted(counted.items()))
