"""Would a small encoder tell support better? A bounded look, without any deep-learning library.

    python -m benchmarks.encoder_head [--data DIR] [--embedder NAME]

A head is trained over the encoder's frozen vectors: a ridge logistic regression over the products
and the distances, dimension by dimension, of the claim and the sentence it rests on most, on the
same training sets, chosen on the same sets left out. It is set beside the checker's signals alone
and beside both together. The encoder itself is not fine-tuned.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.check.signals import Signals, signals
from benchmarks.cached import CachedEmbedder
from benchmarks.fitting import Floats, area, balanced, best_threshold, folds, logistic
from benchmarks.labelled import SHARED, TRAINING, UNSEEN, labelled
from ingest.embed import embedders
from ingest.settings import IngestSettings

RIDGES = (30.0, 100.0, 300.0, 1000.0)
_WORTH = 600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """A set as numbers, with people's labels and the folds of its articles."""

    head: Floats
    signals: Floats
    y: Floats
    fold: Floats

    def columns(self, kind: str) -> Floats:
        parts = {"head": [self.head], "signals": [self.signals]}
        return np.hstack(parts.get(kind, [self.head, self.signals]))


def pair(found: Signals, embedder: CachedEmbedder) -> Floats:
    """Return products and distances of the claim's vector and its best sentence's."""
    ground = found.ground
    place = ground.sentences[found.evidence[0]] if found.evidence else None
    text = ground.readings[place.passage].text[place.start : place.end] if place else ""
    one, other = embedder.passages([found.claim.text, text or "-"])
    return np.concatenate([one * other, np.abs(one - other)]).astype(float)


def rows(name: str, data: Path, embedder: CachedEmbedder) -> Rows:
    claims = labelled(name, data)
    found = [signals(row.claim, row.passages, row.published) for row in claims]
    return Rows(
        head=np.array([pair(one, embedder) for one in found]),
        signals=np.array([list(one.values.values()) for one in found]),
        y=np.array([float(row.supported) for row in claims]),
        fold=folds([row.group for row in claims]).astype(float),
    )


def fit(sets: Sequence[tuple[Floats, Floats]], tried: Floats, ridge: float) -> Floats:
    """Fit some sets, each and each label weighing alike; return the scores of what is tried."""
    x = np.vstack([one for one, _ in sets])
    y = np.concatenate([labels for _, labels in sets])
    w = np.concatenate([np.where(one == 1, 1 / one.sum(), 1 / (1 - one).sum()) for _, one in sets])
    w /= w.sum()
    mean = w @ x
    spread = np.sqrt(w @ (x - mean) ** 2) + 1e-6
    fitted = logistic((x - mean) / spread, y, w * _WORTH, ridge=ridge, signs=np.zeros(x.shape[1]))
    logits = (tried - mean) / spread @ fitted[:-1] + fitted[-1]
    return np.asarray(1 / (1 + np.exp(-np.clip(logits, -30, 30))))


def held_out(kind: str, ridge: float, sets: Sequence[Rows]) -> list[tuple[Floats, Floats]]:
    """Return scores by models that saw no claim of the article, with the labels."""
    scored = [np.zeros(len(one.y)) for one in sets]
    for fold in range(5):
        known = [(one.columns(kind)[one.fold != fold], one.y[one.fold != fold]) for one in sets]
        for one, into in zip(sets, scored, strict=True):
            here = one.fold == fold
            into[here] = fit(known, one.columns(kind)[here], ridge)
    return [(into, one.y) for one, into in zip(sets, scored, strict=True)]


def transfer(kind: str, ridge: float, sets: Sequence[Rows]) -> float:
    """Return the mean AUC of each training set by a model of the other one."""
    one, other = sets
    return float(
        np.mean(
            [
                area(fit([(a.columns(kind), a.y)], b.columns(kind), ridge), b.y)
                for a, b in ((one, other), (other, one))
            ]
        )
    )


def main() -> None:
    parser = argparse.ArgumentParser(description="Try a head over an encoder's vectors.")
    parser.add_argument("--data", type=Path, default=SHARED)
    parser.add_argument("--embedder", default="onnx:e5-small")
    chosen = parser.parse_args()
    loaded = embedders.load(IngestSettings(embedder=chosen.embedder))
    assert loaded is not None
    embedder = CachedEmbedder(loaded)
    known = [rows(name, chosen.data, embedder) for name in TRAINING]
    unseen = {name: rows(name, chosen.data, embedder) for name in UNSEEN}
    for kind in ("signals", "head", "both"):
        ridge = max(RIDGES, key=lambda one: transfer(kind, one, known))
        scored = held_out(kind, ridge, known)
        line = best_threshold(scored)
        print(f"{kind}: ridge {ridge:.0f}, a training set left out AUC "
              f"{transfer(kind, ridge, known):.3f}")  # fmt: skip
        for name, (s, y) in zip(TRAINING, scored, strict=True):
            print(f"  {name}, cross-validated: {balanced(s, y, line):.3f}, AUC {area(s, y):.3f}")
        sets = [(one.columns(kind), one.y) for one in known]
        for name, one in unseen.items():
            s = fit(sets, one.columns(kind), ridge)
            print(f"  {name}: {balanced(s, one.y, line):.3f}, AUC {area(s, one.y):.3f}")


if __name__ == "__main__":
    main()
