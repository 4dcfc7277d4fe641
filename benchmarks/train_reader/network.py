"""The reader as a torch module: evidence reads itself, each claim reads the evidence and itself.

The layers are BERT's (Devlin et al. 2019, post-normalised), the weights those of all-MiniLM-L6-v2
(Wang et al. 2020; Reimers and Gurevych 2019). That the claims do not read one another, and the
evidence none of them, lets eight claims share one reading of the evidence: four times as many
claims a second as pairs read one by one. Linear layers run on the tokens without padding; only
attention pads.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

SCORES = 6
"""Supported, not stated, contradicted, one unused, a weight in the pooling, one unused."""

HEADS = 12
EPSILON = 1e-12
DROPOUT = 0.05
MASKED = -1e4


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
    claims: Places
    claim_lengths: list[int]


def batch(
    texts: Sequence[Sequence[int]], claims: Sequence[Sequence[Sequence[int]]], start: int
) -> Batch:
    """Lay texts, whose first position is `start`, and their claims out for one step."""
    every = [claim for of_text in claims for claim in of_text]
    tokens = [token for run in [*texts, *every] for token in run]
    positions = [start + place for text in texts for place in range(len(text))]
    positions += [place for claim in every for place in range(len(claim))]
    text_live = torch.zeros(len(texts), max(map(len, texts)), dtype=torch.bool)
    claim_live = torch.zeros(
        len(texts), max(map(len, claims)), max(map(len, every)), dtype=torch.bool
    )
    for row, (text, of_text) in enumerate(zip(texts, claims, strict=True)):
        text_live[row, : len(text)] = True
        for place, claim in enumerate(of_text):
            claim_live[row, place, : len(claim)] = True
    return Batch(
        tokens=torch.tensor(tokens),
        positions=torch.tensor(positions),
        text_tokens=sum(map(len, texts)),
        texts=_places(text_live, text_live[:, None, None]),
        claims=_places(claim_live, claim_live[:, None, :, None, :]),
        claim_lengths=[len(claim) for claim in every],
    )


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

    def forward(self, hidden: Tensor, given: Batch) -> Tensor:
        lengths = [given.text_tokens, len(hidden) - given.text_tokens]
        text, claim = self.qkv(hidden).split(lengths)
        attended = torch.cat(self._attend(text, claim, given))
        hidden = self.ln1(hidden + self._drop(self.o(attended))).to(hidden.dtype)
        inner = self.f2(functional.gelu(self.f1(hidden)))
        normal: Tensor = self.ln2(hidden + self._drop(inner)).to(hidden.dtype)
        return normal

    def _attend(self, text: Tensor, claim: Tensor, given: Batch) -> tuple[Tensor, Tensor]:
        dims = text.shape[1] // 3
        size = dims // HEADS
        rows, _, _, width = given.texts.bias.shape
        _, _, claims, _, length = given.claims.bias.shape
        of_text = _pad(text, given.texts).view(rows, width, 3, HEADS, size)
        query, key, value = (part.transpose(1, 2).contiguous() for part in of_text.unbind(2))
        key = (key * size**-0.5).transpose(-1, -2)
        weights = _softmax(torch.matmul(query, key).add_(given.texts.bias))
        read = torch.matmul(weights, value).transpose(1, 2).reshape(rows * width, dims)

        of_claims = _pad(claim, given.claims).view(rows, claims, length, 3, HEADS, size)
        asks, own_key, own_value = (
            part.permute(0, 3, 1, 2, 4).contiguous() for part in of_claims.unbind(3)
        )
        flat = (rows, HEADS, claims * length)
        to_text = torch.matmul(asks.view(*flat, size), key)
        to_text = to_text.view(rows, HEADS, claims, length, width)
        to_own = torch.matmul(asks, (own_key * size**-0.5).transpose(-1, -2))
        weights = _softmax(
            torch.cat(
                [to_text.add_(given.texts.bias[:, :, None]), to_own.add_(given.claims.bias)], -1
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


class Reader(nn.Module):
    """Six layers and a score for every token of a claim; the word vectors stay as they were."""

    def __init__(self, weights: Path) -> None:
        super().__init__()
        known = load_file(weights)
        words = known["embeddings.word_embeddings.weight"]
        types = known["embeddings.token_type_embeddings.weight"]
        self.word = nn.Embedding(*words.shape)
        self.word.weight = nn.Parameter(words, requires_grad=False)
        self.pos = nn.Parameter(known["embeddings.position_embeddings.weight"] + types[0])
        self.ln = nn.LayerNorm(words.shape[1], EPSILON)
        _copy(self.ln, known, "embeddings.LayerNorm")
        inner = len(known["encoder.layer.0.intermediate.dense.bias"])
        self.layers = nn.ModuleList()
        while f"encoder.layer.{len(self.layers)}.output.dense.bias" in known:
            layer = _Layer(words.shape[1], inner)
            _copy_layer(layer, known, f"encoder.layer.{len(self.layers)}.")
            self.layers.append(layer)
        self.dense = nn.Linear(words.shape[1], words.shape[1])
        self.head = nn.Linear(words.shape[1], SCORES)
        nn.init.normal_(self.head.weight, std=0.02)
        nn.init.zeros_(self.head.bias)

    def forward(self, given: Batch) -> Tensor:
        """Return the logits (claims, 3) of supported, not stated, contradicted."""
        hidden = self.ln(self.word(given.tokens) + self.pos[given.positions]).bfloat16()
        with torch.autocast("cpu", torch.bfloat16):
            for layer in self.layers:
                hidden = layer(hidden, given)
            claims = hidden.split([given.text_tokens, len(hidden) - given.text_tokens])[1]
            scores = self.head(functional.gelu(self.dense(claims))).float()
        pooled = [
            of_claim[:, 4].softmax(0) @ of_claim[:, :3]
            for of_claim in scores.split(given.claim_lengths)
        ]
        return torch.stack(pooled)


def _copy(module: Any, known: dict[str, Tensor], name: str) -> None:
    module.weight.data = known[name + ".weight"].clone()
    module.bias.data = known[name + ".bias"].clone()


def _copy_layer(layer: _Layer, known: dict[str, Tensor], prefix: str) -> None:
    parts = [prefix + "attention.self." + part for part in ("query", "key", "value")]
    layer.qkv.weight.data = torch.cat([known[part + ".weight"] for part in parts])
    layer.qkv.bias.data = torch.cat([known[part + ".bias"] for part in parts])
    _copy(layer.o, known, prefix + "attention.output.dense")
    _copy(layer.ln1, known, prefix + "attention.output.LayerNorm")
    _copy(layer.f1, known, prefix + "intermediate.dense")
    _copy(layer.f2, known, prefix + "output.dense")
    _copy(layer.ln2, known, prefix + "output.LayerNorm")
