"""Calibrate a reader on held-out articles of the training data, and say how it fares there.

The threshold is chosen on long evidence alone (stretches among others, whole articles): one that
was chosen on stretches of a hundred words is too strict for what the product shows a reader.
"""

import itertools
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score, roc_auc_score

from assistant.check.cross_encoder import CrossEncoder
from benchmarks.train_reader import feeding, rows

Floats = NDArray[np.float32]

LICENCES = {
    "bump": "MIT",
    "fever": "CC BY-SA 3.0",
    "fever-article": "CC BY-SA 3.0",
    "fever-symmetric": "CC BY-SA 3.0",
    "fib": "CC BY 4.0",
    "fool-me-twice": "Apache-2.0",
    "summedits": "Apache-2.0",
    "hand": "written for this project, over Wikinews (CC BY 2.5) and fib (CC BY 4.0)",
}
REFUSED = 0.08
ELSEWHERE = 700
"""Texts of the other sets, held out, that are measured."""

LONG = ("padded", "article")
"""What the line is drawn on: the product shows a reader long evidence."""


def card(
    folder: Path,
    feeder: feeding.Feeder,
    kept: Sequence[rows.Item],
    others: Sequence[rows.Item],
    questions: Sequence[rows.Question],
) -> dict[str, Any]:
    """Return the card of the uncalibrated reader in the folder.

    Half of the line's weight is that of claims written by hand, half that of the other sets.
    """
    reader = CrossEncoder(folder)
    long = [item for item in kept if len(item.text.split()) >= feeding.STRETCH_WORDS]
    asked = {
        "stretch": [(item, _imprinted(item, item.text)) for item in kept if item not in long],
        "padded": [(item, _imprinted(item, feeder.padded(item))) for item in kept],
        "article": [(item, _imprinted(item, item.text)) for item in long],
        "elsewhere": [(item, item.text) for item in others],
    }
    claims = {name: [claim for item, _ in asked[name] for claim in item.claims] for name in asked}
    signs = {}
    for name, of_name in asked.items():
        pairs = [(claim.words, text) for item, text in of_name for claim in item.claims]
        odds = _odds(reader.supports(pairs)[:, 0])
        signs[name] = np.column_stack([odds, reader.held(pairs)])
    weights = {name: np.full(len(signs[name]), 1 / len(signs[name])) for name in LONG}
    weights["elsewhere"] = np.full(len(signs["elsewhere"]), len(LONG) / len(signs["elsewhere"]))
    true = {name: _true(claims[name]) for name in claims}
    names = (*LONG, "elsewhere")
    fitted = LogisticRegression(C=1e4, class_weight="balanced").fit(
        np.concatenate([signs[name] for name in names]),
        np.concatenate([true[name] for name in names]),
        np.concatenate([weights[name] for name in names]) * 1000,
    )
    slope, overlap = map(float, fitted.coef_[0])
    of_sentences, answered = _answers(reader, questions)
    figures = {
        name: _figures(claims[name], fitted.decision_function(signs[name]), signs[name][:, 0])
        for name in claims
    }
    return {
        "supports": {
            "shift": -float(fitted.intercept_[0]) / slope,
            "temperature": 1 / slope,
            "overlap": overlap,
        },
        "answers": of_sentences,
        "held_out": figures | {"questions": answered},
    }


def counts(items: Sequence[rows.Item]) -> list[dict[str, Any]]:
    """Return how many claims each set gave, with its licence."""
    known = Counter[str]()
    for item in items:
        known["hand" if item.cell_known else item.source] += len(item.claims)
    return [
        {"set": name, "claims": count, "licence": LICENCES.get(name, LICENCES["summedits"])}
        for name, count in sorted(known.items())
    ]


def _odds(shares: Floats) -> Floats:
    clipped = np.clip(shares, 1e-6, 1 - 1e-6)
    odds: Floats = np.log(clipped / (1 - clipped))
    return odds


def _line(odds: Floats, true: NDArray[np.bool_]) -> dict[str, float]:
    """Return where the line lies and how steep it is, true and false counted alike (Platt 1999)."""
    fitted = LogisticRegression(C=1e4, class_weight="balanced").fit(odds[:, None], true)
    slope = float(fitted.coef_[0, 0])
    return {"shift": -float(fitted.intercept_[0]) / slope, "temperature": 1 / slope}


def _figures(
    claims: Sequence[rows.Claim], odds: NDArray[Any], read: NDArray[Any]
) -> dict[str, Any]:
    """Return how the claims fare: read and weighed with the words held, and read alone."""
    true = _true(claims)
    right = (odds > 0) == true
    cells = np.array([claim.cell for claim in claims])
    kinds = np.array([claim.kind for claim in claims])
    return {
        "claims": len(claims),
        "auc": _round(roc_auc_score(true, odds)),
        "auc_read_alone": _round(roc_auc_score(true, read)),
        "balanced_accuracy": _round(balanced_accuracy_score(true, odds > 0)),
        "right_by_cell": {cell: _round(right[cells == cell].mean()) for cell in sorted(set(cells))},
        "right_by_kind": {kind: _round(right[kinds == kind].mean()) for kind in sorted(set(kinds))},
    }


def _answers(
    reader: CrossEncoder, questions: Sequence[rows.Question]
) -> tuple[dict[str, float], dict[str, Any]]:
    """Return the line of sentences that answer, and how the held-out questions fare.

    The line is where the best sentence of `REFUSED` of the answerable questions falls below it.
    """
    asked = [
        (
            one.words,
            "".join(told + " " for told in [*titled(one), *one.sentences[:place]]),
            sentence,
            "".join(" " + told for told in one.sentences[place + 1 :]),
        )
        for one in questions
        for place, sentence in enumerate(one.sentences)
    ]
    answering = np.array(
        [place in one.answers for one in questions for place in range(len(one.sentences))]
    )
    odds = _odds(reader.answers(asked))
    starts = np.cumsum([0, *(len(one.sentences) for one in questions)])
    of_each = [odds[start:end] for start, end in itertools.pairwise(starts)]
    first = [
        int(of_one.argmax()) in one.answers
        for one, of_one in zip(questions, of_each, strict=True)
        if one.answers
    ]
    answerable = np.array([bool(one.answers) for one in questions])
    best = np.array([float(of_one.max()) for of_one in of_each])
    line = _line(odds, answering)
    line["shift"] = float(np.quantile(best[answerable], REFUSED))
    return line, {
        "questions": len(questions),
        "answerable_refused": _round(np.mean(best[answerable] < line["shift"])),
        "unanswerable_answered": _round(np.mean(best[~answerable] > line["shift"])),
        "auc": _round(roc_auc_score(answering, odds)),
        "first_answers": _round(np.mean(first)),
        "answerable_auc": _round(roc_auc_score(answerable, best)),
    }


def titled(question: rows.Question) -> list[str]:
    """Return the headline as it stands before a text."""
    return [question.title.rstrip(".") + "."] if question.title else []


def _round(value: Any) -> float:
    return round(float(value), 3)


def _true(claims: Sequence[rows.Claim]) -> NDArray[np.bool_]:
    return np.array([claim.is_a == rows.SUPPORTED for claim in claims])


def _imprinted(item: rows.Item, text: str) -> str:
    return "".join(part.rstrip(".") + ". " for part in (item.date, item.title) if part) + text
