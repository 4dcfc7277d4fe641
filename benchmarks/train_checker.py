"""Train the faithfulness checker and write assistant/checker.json.

    python -m benchmarks.train_checker [--data DIR] [--articles N] [--embedder NAME]

Trained on xsumfaith, wice and pairs made by rule from news, each set and each label with the
weight said below. The threshold is the one with the best balanced accuracy on average over
xsumfaith and wice, each claim scored by a model that saw no claim of its article.
"""

import argparse
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.signals import signals
from assistant.support import meaning
from benchmarks.cached import CachedEmbedder
from benchmarks.fitting import Floats, area, balanced, best_threshold, folds, logistic
from benchmarks.labelled import SHARED, TRAINING, Labelled, labelled
from benchmarks.rule_pairs import pairs, stories
from ingest import embed
from ingest.settings import Settings

_FILE = Path(__file__).resolve().parents[1] / "assistant" / "checker.json"

SET_WEIGHTS = {"xsumfaith": 1.0, "wice": 1.0, "rules": 0.3}
"""How much each training set counts; 0.05, 0.1, 0.3 and 1 were tried for the rules."""

RIDGE = 10.0
"""For 600 claims' worth of weight; 1, 3, 10 and 30 were tried, on cross-validation."""

_EVERY = 5
"""Of the pairs made by rule every fifth is embedded, so that training takes minutes."""

_CLAIMS_WORTH = 600.0

AGAINST = frozenset(
    "novel novel_run novel_name novel_number first_novel last_novel pieces jumps jumps_share"
    " number_absent number_elsewhere date negation antonym modality roles speaker name_absent"
    " attribution clash_copied".split()
)
"""Signals that can only count against a claim."""

EITHER = frozenset("claim_words passage_words claim_content names".split())
"""Signals that may count either way; all others can only count for a claim."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A training set as numbers: a row a claim, a column a signal."""

    x: Floats
    y: Floats
    contradicted: Any
    weight: Floats
    fold: Any
    label: tuple[str, ...]


Extra = Callable[[Any], Mapping[str, float]]


def training(
    data: Path, articles: int, extra: Extra | None = None
) -> tuple[list[str], dict[str, Table]]:
    """Return the names of the signals and the training sets."""
    claims: dict[str, list[Labelled]] = {name: labelled(name, data) for name in TRAINING}
    made = list(pairs(stories(data, articles)))[:: _EVERY if extra else 1]
    counts = Counter(pair.kind for pair in made)
    claims["rules"] = [
        Labelled(
            id=str(n),
            claim=pair.claim,
            passages=pair.passages,
            supported=pair.supported,
            group=pair.group,
            label=pair.kind,
            published=pair.published,
        )
        for n, pair in enumerate(made)
    ]
    names: list[str] = []
    tables = {}
    for name, rows in claims.items():
        found = [signals(row.claim, row.passages, row.published) for row in rows]
        values = [{**one.values, **(extra(one) if extra else {})} for one in found]
        names = list(values[0])
        tables[name] = Table(
            x=np.array([[one[k] for k in names] for one in values]),
            y=np.array([float(row.supported) for row in rows]),
            contradicted=np.array([one.contradicted or one.overstated for one in found]),
            weight=np.array([counts.get(row.label, 1) ** -0.5 for row in rows]),
            fold=folds([row.group for row in rows]),
            label=tuple(row.label for row in rows),
        )
    return names, tables


def fit(names: Sequence[str], tables: Mapping[str, Table], without: int = -1) -> dict[str, Any]:
    """Fit one model to all training sets, leaving a fold out."""
    xs, ys, ws = [], [], []
    for name, table in tables.items():
        kept = table.fold != without
        y, w = table.y[kept], table.weight[kept]
        w = np.where(y == 1, w / w[y == 1].sum(), w / w[y == 0].sum()) * SET_WEIGHTS[name]
        xs.append(table.x[kept])
        ys.append(y)
        ws.append(w)
    x, y, w = np.vstack(xs), np.concatenate(ys), np.concatenate(ws)
    w = w / w.sum()
    mean = w @ x
    spread = np.sqrt(w @ (x - mean) ** 2) + 0.02
    signs = np.array([0 if k in EITHER else -1 if k in AGAINST else 1 for k in names], float)
    weights = logistic((x - mean) / spread, y, w * _CLAIMS_WORTH, ridge=RIDGE, signs=signs)
    return {"mean": mean, "spread": spread, "weights": weights[:-1], "bias": weights[-1]}


def scores(model: Mapping[str, Any], x: Floats) -> Floats:
    logits = (x - model["mean"]) / model["spread"] @ model["weights"] + model["bias"]
    return np.asarray(1 / (1 + np.exp(-logits)))


def cross_validated(names: Sequence[str], tables: Mapping[str, Table]) -> dict[str, Floats]:
    """Score each claim by a model that saw no claim of its article."""
    out = {name: np.zeros(len(table.y)) for name, table in tables.items()}
    for fold in range(5):
        model = fit(names, tables, without=fold)
        for name, table in tables.items():
            held = table.fold == fold
            out[name][held] = scores(model, table.x[held])
    return out


def described(names: Sequence[str], tables: Mapping[str, Table], embedder: str) -> dict[str, Any]:
    """Return the model of the file: the bias moved so that the threshold is one half."""
    held_out = cross_validated(names, tables)
    threshold = best_threshold(
        [(np.where(tables[n].contradicted, 0, held_out[n]), tables[n].y) for n in TRAINING]
    )
    model = fit(names, tables)
    shift = float(np.log(threshold / (1 - threshold)))
    final = {
        n: moved(held_out[n], shift) * np.where(table.contradicted, 0.5, 1)
        for n, table in tables.items()
    }
    return {
        "embedder": embedder,
        "bias": round(float(model["bias"]) - shift, 4),
        "partly_from": round(_partly(final["wice"], tables["wice"].label), 3),
        "cross_validated": {
            name: {
                "balanced_accuracy": round(balanced(final[name], table.y, 0.5), 3),
                "auc": round(area(final[name], table.y), 3),
            }
            for name, table in tables.items()
        },
        "weights": {
            names[i]: [round(float(model[k][i]), 4) for k in ("weights", "mean", "spread")]
            for i in np.argsort(-np.abs(model["weights"]))
            if abs(model["weights"][i]) >= 0.005
        },
    }


def moved(score: Floats, shift: float) -> Floats:
    """Return probabilities with their log odds moved down."""
    return np.asarray(1 / (1 + np.exp(shift - np.log(score / (1 - score)))))


def _partly(held_out: Floats, labels: Sequence[str]) -> float:
    """Return the threshold that best tells partly supported claims of wice from unsupported."""
    kept = np.array([label != "supported" for label in labels])
    some = np.array([float(label == "partially_supported") for label in labels])
    return best_threshold([(held_out[kept], some[kept])])


def main() -> None:
    parser = argparse.ArgumentParser(description="Train the faithfulness checker.")
    parser.add_argument("--data", type=Path, default=SHARED)
    parser.add_argument("--articles", type=int, default=500)
    parser.add_argument("--embedder", default="onnx:e5-small", help="none keeps those weights")
    parser.add_argument("--out", type=Path, default=_FILE)
    chosen = parser.parse_args()
    names, tables = training(chosen.data, chosen.articles)
    models = {"words": described(names, tables, "none")}
    claims = {name: len(table.y) for name, table in tables.items()}
    embedder = embed.load(Settings(embedder=chosen.embedder))
    if embedder is None:
        models["words_and_meaning"] = json.loads(_FILE.read_text(encoding="utf-8"))["models"][
            "words_and_meaning"
        ]
    else:
        cached = CachedEmbedder(embedder)
        known = training(chosen.data, chosen.articles, lambda one: meaning(one, cached))
        models["words_and_meaning"] = described(*known, embedder.fingerprint.split("/")[0])
    file = {
        "what": "Weights of the faithfulness checker: a logistic regression over the signals of"
        " assistant/signals.py. Each weight stands with the mean and the spread of its signal."
        " A score of .5 is the line between supported and not.",
        "trained_on": {
            "xsumfaith": "human labels on BBC summaries by five systems, CC BY 4.0",
            "wice": "human labels on Wikipedia claims, ODC-BY; partly supported counts as not",
            "rules": "claims made by rule from news headlines and sentences"
            " (benchmarks/rule_pairs.py)",
        },
        "set_weights": SET_WEIGHTS,
        "claims": claims,
        "command": "make train-checker",
        "models": models,
    }
    chosen.out.write_text(json.dumps(file, indent=1) + "\n", encoding="utf-8")
    for name, model in models.items():
        for trained, figures in model["cross_validated"].items():
            print(name, trained, figures)
    print("written:", chosen.out)


if __name__ == "__main__":
    main()
