"""Judge claims by their evidence, and sentences by a question, with a small trained transformer.

It is MPNet-shaped (Song et al. 2020) and run by onnxruntime in int8. Evidence reads itself, each
claim reads the evidence and itself (so several claims on one text share the work), and a score for
every token of the claim is pooled with weights that the model gives too. A question is read in one
text with the sentences that may answer it, each pooled from its own tokens.

The folder of a reader holds `reader.onnx` (a graph without weights), `weights.npz` (small integers
with a scale for every 64 of them), `tokenizer.json.gz`, `card.json`.
"""

import gzip
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.check import packed_weights
from ingest.embed.onnx_graph import OnnxGraph

Floats = NDArray[np.float32]
Tokens = tuple[int, ...]
Asked = tuple[str, str, str, str]
"""A question, what stands before the sentence, the sentence, what stands after it."""

SUPPORTED, NOT_STATED, CONTRADICTED = range(3)
"""The columns of `CrossEncoder.supports`."""

ANSWERS, CLAIM_WEIGHT, SENTENCE_WEIGHT = 3, 4, 5
"""Columns of a token's scores; the first three are those of `supports`."""

EVIDENCE_START = 72
"""The position of the evidence's first token; the claim stands before it."""

CLAIM_TOKENS = EVIDENCE_START - 2
EVIDENCE_TOKENS = 438
WINDOW_OVERLAP = 150
IMPRINT_TOKENS = 40
"""How much of the evidence's beginning (outlet, date, headline) is put before a later window."""

MOST_WINDOWS = 3
"""Of long evidence, the windows that hold most of a claim's words are read."""

SENTENCE_TOKENS = 120
CLAIMS_A_ROW = 10
BATCH_TOKENS = 2048
MASKED = -1e4


@dataclass(slots=True)
class _Row:
    """Tokens to run as one row: what all of them may read, and parts that read it and themselves.

    `spans` holds, for each result wanted, its number and where its tokens stand.
    """

    tokens: list[int]
    positions: list[int]
    parts: list[int]
    spans: list[tuple[int, int, int]] = field(default_factory=list)

    def append_part(self, result: int, tokens: Sequence[int]) -> None:
        """Append tokens that nothing else in the row may read."""
        start = len(self.tokens)
        self.spans.append((result, start, start + len(tokens)))
        self.parts += [len(self.spans)] * len(tokens)
        self.tokens += tokens
        self.positions += range(len(tokens))

    def append_span(self, result: int, tokens: Sequence[int]) -> None:
        """Append tokens that all of the row may read."""
        start = len(self.tokens)
        self.spans.append((result, start, start + len(tokens)))
        self.extend(tokens)

    def extend(self, tokens: Sequence[int]) -> None:
        """Append tokens that all of the row may read and nothing is asked of."""
        self.parts += [0] * len(tokens)
        self.positions += range(len(self.tokens), len(self.tokens) + len(tokens))
        self.tokens += tokens


class CrossEncoder:
    """A reader loaded from its folder; several threads may use it."""

    def __init__(self, folder: Path, *, threads: int = 0) -> None:
        from tokenizers import Tokenizer

        self.card: dict[str, Any] = json.loads((folder / "card.json").read_text("utf-8"))
        packed = gzip.decompress((folder / "tokenizer.json.gz").read_bytes())
        self._tokenizer = Tokenizer.from_str(packed.decode("utf-8"))
        self._first, self._last = self.card["tokens"]["first"], self.card["tokens"]["last"]
        self._encoder = _Encoder(folder, threads)

    def supports(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        """Return for each (claim, evidence) how likely it is supported, not stated, contradicted.

        The evidence is "OUTLET. DATE. HEADLINE. text", each of the first three where known.
        Evidence that is longer than the model reads at once is read in windows that overlap: a
        claim is as well supported as by the best of those that hold most of its words.
        """
        readers: dict[Tokens, list[tuple[int, Tokens]]] = {}
        owners: list[int] = []
        claims = self._encoded(claim for claim, _ in pairs)
        texts = self._encoded(evidence for _, evidence in pairs)
        for number, (claim, text) in enumerate(zip(claims, texts, strict=True)):
            windows = sorted(_windows(text), key=lambda window: -_held(claim, window))
            for window in windows[:MOST_WINDOWS]:
                readers.setdefault(window, []).append((len(owners), claim))
                owners.append(number)
        logits = np.zeros((len(owners), 3), dtype=np.float32)
        for result, scores in self._encoder.run(list(self._claim_rows(readers))):
            logits[result] = softmax(scores[:, CLAIM_WEIGHT]) @ scores[:, :3]
        shares = best_windows(softmax(logits), owners, len(pairs))
        return self._weighed(shares, self.held(pairs))

    def held(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        """Return for each (claim, evidence) the share of the claim's pieces that stand there."""
        claims = self._encoded(claim for claim, _ in pairs)
        texts = self._encoded(evidence for _, evidence in pairs)
        return np.array(list(map(_held, claims, texts)), dtype=np.float32)

    def _weighed(self, shares: Floats, held: Floats) -> Floats:
        """Return the shares with the support that follows from them and from the words held.

        How much each counts was fitted on claims that were kept apart in training.
        """
        line = self.card["supports"]
        clipped = np.clip(shares[:, SUPPORTED], 1e-6, 1 - 1e-6)
        odds = np.log(clipped / (1 - clipped))
        odds = (odds - line["shift"]) / line["temperature"] + line["overlap"] * held
        weighed = shares.copy()
        weighed[:, SUPPORTED] = 1 / (1 + np.exp(-odds))
        rest = (1 - weighed[:, SUPPORTED]) / np.maximum(1 - shares[:, SUPPORTED], 1e-6)
        weighed[:, NOT_STATED:] = shares[:, NOT_STATED:] * rest[:, None]
        return weighed

    def answers(self, asked: Sequence[Asked]) -> Floats:
        """Return how likely each sentence answers its question, read with what stands around it.

        Sentences of one window, whose text is that of before, sentence and after together, are
        read at once.
        """
        logits = np.zeros(len(asked), dtype=np.float32)
        for result, scores in self._encoder.run(list(self._question_rows(asked))):
            logits[result] = softmax(scores[:, SENTENCE_WEIGHT]) @ scores[:, ANSWERS]
        line = self.card["answers"]
        likely: Floats = 1 / (1 + np.exp(-(logits - line["shift"]) / line["temperature"]))
        return likely

    def _claim_rows(self, readers: dict[Tokens, list[tuple[int, Tokens]]]) -> Iterator[_Row]:
        """Yield rows of one window of evidence and a few of the claims on it."""
        for window, claims in readers.items():
            for start in range(0, len(claims), CLAIMS_A_ROW):
                shared = [*window, self._last]
                places = list(range(EVIDENCE_START, EVIDENCE_START + len(shared)))
                row = _Row(shared, places, [0] * len(shared))
                for result, claim in claims[start : start + CLAIMS_A_ROW]:
                    row.append_part(result, [self._first, *claim[:CLAIM_TOKENS], self._last])
                yield row

    def _question_rows(self, asked: Sequence[Asked]) -> Iterator[_Row]:
        """Yield rows of a question and a window, in which several sentences are asked of."""
        windows: dict[tuple[str, str], list[tuple[int, int, int]]] = {}
        for number, (question, before, sentence, after) in enumerate(asked):
            whole = before + sentence + after
            place = (len(before), len(before) + len(sentence), number)
            windows.setdefault((question, whole), []).append(place)
        parts = {key: list(_parts(key[1], places)) for key, places in windows.items()}
        texts = [text for of_window in parts.values() for text, _ in of_window]
        texts += [question for question, _ in windows]
        tokens = dict(zip(texts, map(list, self._encoded(texts)), strict=True))
        for (question, _), of_window in parts.items():
            row = self._asking(tokens[question])
            for text, result in of_window:
                told = tokens[text][:SENTENCE_TOKENS]
                if len(row.tokens) + len(told) > EVIDENCE_TOKENS:
                    row.extend([self._last])
                    yield row
                    row = self._asking(tokens[question])
                if result is None:
                    row.extend(told)
                else:
                    row.append_span(result, told or [self._last])
            row.extend([self._last])
            yield row

    def _asking(self, question: Sequence[int]) -> _Row:
        row = _Row([], [], [])
        row.extend([self._first, *question[:CLAIM_TOKENS], self._last])
        return row

    def _encoded(self, texts: Iterable[str]) -> list[Tokens]:
        known = list(texts)
        distinct = list(dict.fromkeys(known))
        encodings = self._tokenizer.encode_batch(distinct, add_special_tokens=False)
        tokens = dict(zip(distinct, (tuple(one.ids) for one in encodings), strict=True))
        return [tokens[text] for text in known]


def _held(claim: Tokens, text: Tokens) -> float:
    """Return the share of a claim's pieces of words that its evidence has."""
    pieces = set(claim)
    return len(pieces.intersection(text)) / max(1, len(pieces))


def _parts(window: str, places: Sequence[tuple[int, int, int]]) -> Iterator[tuple[str, int | None]]:
    """Yield a window's stretches in their order; what is asked of has a number."""
    here = 0
    again: list[tuple[int, int, int]] = []
    for start, end, number in sorted(places):
        if start < here:
            again.append((start, end, number))
            continue
        yield window[here:start], None
        yield window[start:end], number
        here = end
    yield window[here:], None
    for start, end, number in again:  # what overlaps is read once more
        yield window[start:end], number


class _Encoder:
    """The graph, whose weights are unpacked and handed over at load."""

    def __init__(self, folder: Path, threads: int) -> None:
        with np.load(folder / "weights.npz") as file:
            stored = packed_weights.inflated(dict(file.items()))
        self._words, self._scales = stored.pop("words.codes"), stored.pop("words.scales")
        self._positions = stored.pop("positions").astype(np.float32)
        self._reach = len(self._positions)
        graph = (folder / "reader.onnx").read_bytes()
        self._graph = OnnxGraph(graph, threads, dict(packed_weights.tensors(stored)))

    def run(self, rows: Sequence[_Row]) -> Iterator[tuple[int, Floats]]:
        """Yield every result's number with what the model gives for its tokens."""
        for batch in _batches(rows):
            longest = max(len(row.tokens) for row in batch)
            tokens = np.zeros((len(batch), longest), dtype=np.int64)
            positions = np.zeros((len(batch), longest), dtype=np.int32)
            parts = np.full((len(batch), longest), -1, dtype=np.int32)
            for number, row in enumerate(batch):
                tokens[number, : len(row.tokens)] = row.tokens
                positions[number, : len(row.tokens)] = row.positions
                parts[number, : len(row.tokens)] = row.parts
            read, reader = parts[:, None, :], parts[:, :, None]
            allowed = (read == 0) | ((read == reader) & (read >= 0))
            apart = positions[:, None, :] - positions[:, :, None] + self._reach
            inputs = {
                "embedded": self._embedded(tokens) + self._positions[positions],
                "apart": np.where(allowed, apart, np.int32(2 * self._reach + 1)),
            }
            for row, given in zip(batch, self._graph.run(inputs), strict=True):
                for result, start, end in row.spans:
                    yield result, given[start:end]

    def _embedded(self, tokens: NDArray[np.int64]) -> Floats:
        scales = self._scales[tokens].astype(np.float32)
        grouped: Floats = self._words[tokens].reshape(*scales.shape, -1) * scales[..., None]
        return grouped.reshape(*tokens.shape, -1)


def _windows(text: Tokens) -> Iterator[Tokens]:
    """Yield the text whole, or in windows that overlap, each after the imprint."""
    yield text[:EVIDENCE_TOKENS]
    size = EVIDENCE_TOKENS - IMPRINT_TOKENS
    end = EVIDENCE_TOKENS
    while end < len(text):
        end = min(end + size - WINDOW_OVERLAP, len(text))
        yield text[:IMPRINT_TOKENS] + text[end - size : end]


def best_windows(shares: Floats, owners: Sequence[int], count: int) -> Floats:
    """Return each claim's shares: support from the best window, the rest where it says most."""
    best = np.zeros((count, 3), dtype=np.float32)
    told = np.zeros(count, dtype=np.float32)
    for owner, share in zip(owners, shares, strict=True):
        best[owner, SUPPORTED] = max(best[owner, SUPPORTED], share[SUPPORTED])
        said = share[SUPPORTED] + share[CONTRADICTED]
        if said >= told[owner]:
            told[owner] = said
            rest = share[NOT_STATED] + share[CONTRADICTED]
            best[owner, CONTRADICTED] = share[CONTRADICTED] / max(rest, 1e-9)
    best[:, CONTRADICTED] *= 1 - best[:, SUPPORTED]
    best[:, NOT_STATED] = 1 - best[:, SUPPORTED] - best[:, CONTRADICTED]
    return best


def _batches(rows: Sequence[_Row]) -> Iterator[list[_Row]]:
    """Yield rows of about one length together, so that little is padded."""
    batch: list[_Row] = []
    for row in sorted(rows, key=lambda row: len(row.tokens)):
        if batch and len(row.tokens) * (len(batch) + 1) > BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def softmax(values: Floats) -> Floats:
    """Return values as shares of one along the last axis."""
    raised = np.exp(values - values.max(axis=-1, keepdims=True))
    shares: Floats = raised / raised.sum(axis=-1, keepdims=True)
    return shares
