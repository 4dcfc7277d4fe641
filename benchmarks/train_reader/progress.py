"""How a reader under training fares on held-out articles."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from sklearn.metrics import roc_auc_score

from benchmarks.train_reader import feeding, network, rows

LOOKED_AT = 90
"""Items and questions for a look in between."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What is held out."""

    items: Sequence[rows.Item]
    questions: Sequence[rows.Question]


@torch.no_grad()
def look(
    reader: network.Reader, feeder: feeding.Feeder, kept: Kept, *, whole: bool = False
) -> dict[str, float]:
    """Return areas under the curve by exit: claims as written, among others, whole; sentences."""
    reader.eval()
    most = None if whole else LOOKED_AT
    stretches = [item for item in kept.items if len(item.text.split()) < feeding.STRETCH_WORDS]
    articles = [item for item in kept.items if item not in stretches]
    figures: dict[str, float] = {}
    for name, items, padded in (
        ("stretch", stretches[:most], False),
        ("padded", stretches[:most], True),
        ("article", articles[: most and most // 3], False),
    ):
        figures |= _claims(reader, feeder, items, name, padded=padded)
    return figures | _questions(reader, feeder, kept.questions[:most])


def _claims(
    reader: network.Reader,
    feeder: feeding.Feeder,
    items: Sequence[rows.Item],
    name: str,
    *,
    padded: bool,
) -> dict[str, float]:
    said: dict[int, list[float]] = {depth: [] for depth in reader.depths}
    claims = [claim for item in items for claim in item.claims]
    for item in items:
        row = feeder.row(item, feeder.padded(item) if padded else item.text)
        given = network.batch([row.text], [row.claims], feeding.EVIDENCE_START)
        for depth, logits in reader(given).items():
            said[depth] += logits.softmax(-1)[:, 0].tolist()
    true = np.array([claim.is_a == rows.SUPPORTED for claim in claims])
    hard = np.array([claim.cell in ("true-far", "false-close") for claim in claims])
    figures = {}
    for depth, shares in said.items():
        of_hard = np.array(shares)[hard]
        figures[f"{name}@{depth}"] = round(float(roc_auc_score(true, shares)), 3)
        figures[f"{name}-hard@{depth}"] = round(float(roc_auc_score(true[hard], of_hard)), 3)
    return figures


def _questions(
    reader: network.Reader, feeder: feeding.Feeder, questions: Sequence[rows.Question]
) -> dict[str, float]:
    said: dict[int, list[list[float]]] = {depth: [] for depth in reader.depths}
    asked = [feeder.asked(question) for question in questions]
    for one in asked:
        given = network.question_batch([one.text], [one.sentences])
        for depth, logits in reader(given).items():
            said[depth].append(logits[:, 0].tolist())
    answered = [any(one.answers) for one in asked]
    figures = {}
    for depth, scores in said.items():
        every = [score for of_one in scores for score in of_one]
        truth = [answer for one in asked for answer in one.answers]
        first = [
            one.answers[int(np.argmax(of_one))]
            for one, of_one in zip(asked, scores, strict=True)
            if any(one.answers)
        ]
        best = [max(of_one) for of_one in scores]
        figures[f"answers@{depth}"] = round(float(roc_auc_score(truth, every)), 3)
        figures[f"answers-first@{depth}"] = round(float(np.mean(first)), 3)
        figures[f"answerable@{depth}"] = round(float(roc_auc_score(answered, best)), 3)
    return figures
