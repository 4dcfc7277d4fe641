"""The reader as a torch module: a text reads itself, each claim on it reads the text and itself.

The layers are MPNet's (Song et al. 2020: BERT's, with a bias for the distance of two tokens that
all layers share), the weights those of all-mpnet-base-v2 (Reimers and Gurevych 2019). That the
claims do not read one another, and the text none of them, lets ten claims share one reading of
the text: four times as many claims a second as pairs read one by one. A question is read in one
text with the sentences that may answer it. Linear layers run on the tokens without padding; only
attention pads.

The reader can be left half way: the scores after six layers are taught beside those after all
twelve, also by them, so one training gives a small reader and a large one. The small one is then
trained further by itself, which takes half the time a step.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

SCORES = 6
"""Of a token: supported, not stated, contradicted, answers; its weight in a claim, a sentence."""

ANSWERS, CLAIM_WEIGHT, SENTENCE_WEIGHT = 3, 4, 5
EXITS = (6, 12)
FROZEN = 2
"""Layers that stay as they were, as the word vectors do."""

HEADS = 12
EPSILON = 1e-5
DROPOUT = 0.05
MASKED = -1e4
FIRST_POSITION = 2
BUCKETS, FURTHEST = 32, 128
"""How MPNet counts distances: one by one up to eight, then in logarithmic steps, both ways."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where the tokens of a batch stand among padded ones, and back."""

    padded: Tensor
    flat: Tensor
    live: Tensor
    bias: Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Texts and the claims on each, laid end to end: all texts first, then all claims."""

    tokens: Tensor
    positions: Tensor
    text_tokens: int
    texts: Places
    claims: Places | None
    claim_lengths: list[int]
    sentences: list[tuple[int, int]] = field(default_factory=list)
    """Where the sentences stand that may answer, among the tokens of all texts."""
    start: int = 0


def batch(
    texts: Sequence[Sequence[int]], claims: Sequence[Sequence[Sequence[int]]], start: int
) -> Batch:
    """Lay texts, whose first position is `start`, and their claims out for one step."""
    every = [claim for of_text in claims for claim in of_text]
    tokens = [token for run in [*texts, *every] for token in run]
    positions = [start + place for text in texts for place in range(len(text))]
    positions += [place for claim in every for place in range(len(claim))]
    claim_live = torch.zeros(
        len(texts), max(map(len, claims)), max(map(len, every)), dtype=torch.bool
    )
    for row, of_text in enumerate(claims):
        for place, claim in enumerate(of_text):
            claim_live[row, place, : len(claim)] = True
    return Batch(
        tokens=torch.tensor(tokens),
        positions=torch.tensor(positions),
        text_tokens=sum(map(len, texts)),
        texts=_text_places(texts),
        claims=_places(claim_live, claim_live[:, None, :, None, :]),
        claim_lengths=[len(claim) for claim in every],
        start=start,
    )


def question_batch(
    texts: Sequence[Sequence[int]], sentences: Sequence[Sequence[tuple[int, int]]]
) -> Batch:
    """Lay texts out that begin with a question; the sentences' places are counted in their text."""
    starts = [0]
    for text in texts:
        starts.append(starts[-1] + len(text))
    return Batch(
        tokens=torch.tensor([token for text in texts for token in text]),
        positions=torch.tensor([place for text in texts for place in range(len(text))]),
        text_tokens=starts[-1],
        texts=_text_places(texts),
        claims=None,
        claim_lengths=[],
        sentences=[
            (start + first, start + last)
            for start, of_text in zip(starts, sentences, strict=False)
            for first, last in of_text
        ],
    )


def _text_places(texts: Sequence[Sequence[int]]) -> Places:
    live = torch.zeros(len(texts), max(map(len, texts)), dtype=torch.bool)
    for row, text in enumerate(texts):
        live[row, : len(text)] = True
    return _places(live, live[:, None, None])


def _places(live: Tensor, keys: Tensor) -> Places:
    flat = live.reshape(-1).nonzero()[:, 0]
    padded = torch.zeros(live.numel(), dtype=torch.long)
    padded[flat] = torch.arange(len(flat))
    bias = torch.zeros(keys.shape, dtype=torch.bfloat16).masked_fill_(~keys, MASKED)
    return Places(padded=padded, flat=flat, live=live.reshape(-1, 1).bfloat16(), bias=bias)


class _Pick(torch.autograd.Function):
    """Pick rows; where each row is picked once, the gradient is a pick as well, not a scatter."""

    @staticmethod
    def forward(context: Any, rows: Tensor, there: Tensor, back: Tensor, live: Tensor) -> Tensor:
        context.save_for_backward(back, live)
        return rows.index_select(0, there)

    @staticmethod
    def backward(context: Any, *gradients: Tensor) -> tuple[Tensor, None, None, None]:
        back, live = context.saved_tensors
        picked = gradients[0].index_select(0, back)
        return picked * live if len(live) == len(picked) else picked, None, None, None


def _pad(rows: Tensor, places: Places) -> Tensor:
    one = torch.ones(1, 1, dtype=rows.dtype)
    picked: Tensor = _Pick.apply(rows, places.padded, places.flat, one)  # type: ignore[no-untyped-call]
    return picked


def _unpad(rows: Tensor, places: Places) -> Tensor:
    picked: Tensor = _Pick.apply(rows, places.flat, places.padded, places.live)  # type: ignore[no-untyped-call]
    return picked


class _Layer(nn.Module):
    def __init__(self, dims: int, inner: int) -> None:
        super().__init__()
        self.qkv = nn.Linear(dims, 3 * dims)
        self.o = nn.Linear(dims, dims)
        self.ln1 = nn.LayerNorm(dims, EPSILON)
        self.f1 = nn.Linear(dims, inner)
        self.f2 = nn.Linear(inner, dims)
        self.ln2 = nn.LayerNorm(dims, EPSILON)

    def forward(self, hidden: Tensor, given: Batch, distances: Tensor) -> Tensor:
        lengths = [given.text_tokens, len(hidden) - given.text_tokens]
        text, claim = self.qkv(hidden).split(lengths)
        attended = torch.cat(self._attend(text, claim, given, distances))
        hidden = self.ln1(hidden + self._drop(self.o(attended))).to(hidden.dtype)
        inner = self.f2(functional.gelu(self.f1(hidden)))
        normal: Tensor = self.ln2(hidden + self._drop(inner)).to(hidden.dtype)
        return normal

    def _attend(
        self, text: Tensor, claim: Tensor, given: Batch, distances: Tensor
    ) -> tuple[Tensor, ...]:
        dims = text.shape[1] // 3
        size = dims // HEADS
        rows, _, _, width = given.texts.bias.shape
        of_text = _pad(text, given.texts).view(rows, width, 3, HEADS, size)
        query, key, value = (part.transpose(1, 2).contiguous() for part in of_text.unbind(2))
        key = (key * size**-0.5).transpose(-1, -2)
        near = _bias(distances, width, 0, width, 0) + given.texts.bias
        weights = _softmax(torch.matmul(query, key).add_(near))
        read = torch.matmul(weights, value).transpose(1, 2).reshape(rows * width, dims)
        if given.claims is None:
            return (_unpad(read, given.texts),)

        _, _, claims, _, length = given.claims.bias.shape
        of_claims = _pad(claim, given.claims).view(rows, claims, length, 3, HEADS, size)
        asks, own_key, own_value = (
            part.permute(0, 3, 1, 2, 4).contiguous() for part in of_claims.unbind(3)
        )
        flat = (rows, HEADS, claims * length)
        to_text = torch.matmul(asks.view(*flat, size), key)
        to_text = to_text.view(rows, HEADS, claims, length, width)
        to_own = torch.matmul(asks, (own_key * size**-0.5).transpose(-1, -2))
        far = _bias(distances, length, 0, width, given.start)[:, None]
        near = _bias(distances, length, 0, length, 0)[:, None]
        weights = _softmax(
            torch.cat(
                [
                    to_text.add_(far).add_(given.texts.bias[:, :, None]),
                    to_own.add_(near).add_(given.claims.bias),
                ],
                -1,
            )
        )
        of_text_share, own_share = torch.split(weights, [width, length], -1)
        from_text = torch.matmul(of_text_share.reshape(*flat, width), value).view(asks.shape)
        judged = from_text + torch.matmul(own_share, own_value)
        judged = judged.permute(0, 2, 3, 1, 4).reshape(rows * claims * length, dims)
        return _unpad(read, given.texts), _unpad(judged, given.claims)

    def _drop(self, rows: Tensor) -> Tensor:
        """Drop features of all rows alike: a mask for every token costs more than a layer here."""
        if not self.training:
            return rows
        kept = (torch.rand(1, rows.shape[1]) > DROPOUT).to(rows.dtype)
        return rows * (kept / (1 - DROPOUT))


def _softmax(weights: Tensor) -> Tensor:
    with torch.autocast("cpu", enabled=False):  # which would run it in fp32, at twice the time
        return weights.softmax(-1)


def _bias(distances: Tensor, readers: int, reader: int, read: int, first: int) -> Tensor:
    """Return (heads, readers, read): both runs begin at the position given."""
    apart = (
        torch.arange(first, first + read)[None] - torch.arange(reader, reader + readers)[:, None]
    )
    return distances[:, apart + distances.shape[1] // 2]


def _distances(relative: Tensor, positions: int) -> Tensor:
    """Return (heads, 2 * positions + 1): the bias of what stands so far before or after."""
    apart = -torch.arange(-positions, positions + 1)
    half, exact = BUCKETS // 2, BUCKETS // 4
    far = exact + (
        (apart.abs().clamp(min=1) / exact).log() / math.log(FURTHEST / exact) * (half - exact)
    ).long().clamp(max=half - exact - 1)
    bucket = torch.where(apart < 0, half, 0) + torch.where(apart.abs() < exact, apart.abs(), far)
    return relative[bucket].T.contiguous().bfloat16()


class _Exit(nn.Module):
    """Scores for every token at one depth."""

    def __init__(self, dims: int) -> None:
        super().__init__()
        self.dense = nn.Linear(dims, dims)
        self.head = nn.Linear(dims, SCORES)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)

    def forward(self, hidden: Tensor) -> Tensor:
        scores: Tensor = self.head(functional.gelu(self.dense(hidden))).float()
        return scores


class Reader(nn.Module):
    """Twelve layers, and scores for tokens after some; the word vectors stay as they were."""

    def __init__(self, weights: Path, layers: int = EXITS[-1]) -> None:
        super().__init__()
        self.scales: dict[str, NDArray[np.float32]] = {}
        known = load_file(weights)
        words = known["embeddings.word_embeddings.weight"]
        self.word = nn.Embedding(*words.shape)
        self.word.weight = nn.Parameter(words, requires_grad=False)
        positions = known["embeddings.position_embeddings.weight"][FIRST_POSITION:]
        self.pos = nn.Parameter(positions, requires_grad=False)
        relative = known["encoder.relative_attention_bias.weight"]
        self.distances = nn.Parameter(_distances(relative, len(positions)), requires_grad=False)
        self.ln = nn.LayerNorm(words.shape[1], EPSILON)
        _copy(self.ln, known, "embeddings.LayerNorm")
        inner = len(known["encoder.layer.0.intermediate.dense.bias"])
        self.layers = nn.ModuleList()
        while len(self.layers) < layers:
            layer = _Layer(words.shape[1], inner)
            _copy_layer(layer, known, f"encoder.layer.{len(self.layers)}.")
            self.layers.append(layer)
        self.exits = nn.ModuleDict(
            {str(depth): _Exit(words.shape[1]) for depth in EXITS if depth <= layers}
        )
        for part in (self.ln, *self.layers[:FROZEN]):
            part.requires_grad_(False)

    @property
    def depths(self) -> list[int]:
        """After how many layers there are scores."""
        return [int(depth) for depth in self.exits]

    def forward(self, given: Batch) -> dict[int, Tensor]:
        """Return for each exit the logits of claims (claims, 3) or of sentences (sentences, 1)."""
        logits = {}
        with torch.no_grad():
            hidden = self.ln(self.word(given.tokens) + self.pos[given.positions]).bfloat16()
        for number, layer in enumerate(self.layers, start=1):
            with torch.set_grad_enabled(self.training and number > FROZEN):
                with torch.autocast("cpu", torch.bfloat16):
                    hidden = layer(hidden, given, self.distances)
                    if str(number) in self.exits:
                        scores = self.exits[str(number)](hidden)
                if str(number) in self.exits:
                    logits[number] = _pooled(scores, given)
        return logits


def _pooled(scores: Tensor, given: Batch) -> Tensor:
    if given.claims is None:
        parts = [scores[first:last] for first, last in given.sentences]
        weight, columns = SENTENCE_WEIGHT, slice(ANSWERS, ANSWERS + 1)
    else:
        parts = list(scores[given.text_tokens :].split(given.claim_lengths))
        weight, columns = CLAIM_WEIGHT, slice(0, ANSWERS)
    return torch.stack([part[:, weight].softmax(0) @ part[:, columns] for part in parts])


def _copy(module: Any, known: dict[str, Tensor], name: str) -> None:
    module.weight.data = known[name + ".weight"].clone()
    module.bias.data = known[name + ".bias"].clone()


def _copy_layer(layer: _Layer, known: dict[str, Tensor], prefix: str) -> None:
    parts = [prefix + "attention.attn." + part for part in "qkv"]
    layer.qkv.weight.data = torch.cat([known[part + ".weight"] for part in parts])
    layer.qkv.bias.data = torch.cat([known[part + ".bias"] for part in parts])
    _copy(layer.o, known, prefix + "attention.attn.o")
    _copy(layer.ln1, known, prefix + "attention.LayerNorm")
    _copy(layer.f1, known, prefix + "intermediate.dense")
    _copy(layer.f2, known, prefix + "output.dense")
    _copy(layer.ln2, known, prefix + "output.LayerNorm")
