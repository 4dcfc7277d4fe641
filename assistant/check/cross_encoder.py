"""Judge claims by their evidence, and sentences by a question, with a small cross-encoder.

The encoder is a BERT-shaped transformer run by onnxruntime in int8. Evidence reads itself; each
claim reads the evidence and itself, so several claims on one stretch of text share the work of
reading it. A score for every token is pooled over the claim, or over the sentence, with weights
that the model gives too.

The folder of a reader holds `model.onnx` (the graph), `weights.npz` (its weights and the word
vectors as small integers with a scale for every 32 of them), `tokenizer.json.gz` and `card.json`.
"""

import gzip
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

SUPPORTED, NOT_STATED, CONTRADICTED = range(3)
"""The columns of `CrossEncoder.supports`."""

ANSWERS, CLAIM_WEIGHT, SENTENCE_WEIGHT = 3, 4, 5
"""What a token's scores hold after the three of `supports`."""

EVIDENCE_START = 72
"""The position of the evidence's first token; a claim or a question stands before it."""

CLAIM_TOKENS = EVIDENCE_START - 2
EVIDENCE_TOKENS = 438
WINDOW_OVERLAP = 150
IMPRINT_TOKENS = 40
"""How much of the evidence's beginning (outlet, date, headline) is put before a later window."""

CLAIMS_A_ROW = 8
BATCH_TOKENS = 4096
MATMUL_MAX = 64
"""Weights within 64: processors without VNNI add two products of uint8 and int8 in 16 bits."""

MASKED = -1e4


@dataclass(slots=True)
class _Row:
    """Tokens to run as one row: what all of them may read, and parts that read it and themselves.

    `spans` holds, for each result wanted, its place among the results and its tokens' place.
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


class CrossEncoder:
    """A reader loaded from its folder; it holds about 60 MB and may be used by several threads."""

    def __init__(self, folder: Path, *, threads: int = 0) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        self.card: dict[str, Any] = json.loads((folder / "card.json").read_text("utf-8"))
        packed = gzip.decompress((folder / "tokenizer.json.gz").read_bytes())
        self._tokenizer = Tokenizer.from_str(packed.decode("utf-8"))
        with np.load(folder / "weights.npz") as file:
            stored: dict[str, NDArray[Any]] = dict(file.items())
        self._first, self._last = self.card["tokens"]["first"], self.card["tokens"]["last"]
        self._words = stored.pop("words.codes")
        self._word_scales = stored.pop("words.scales")
        self._positions = stored.pop("positions").astype(np.float32)
        tensors = dict(_unpacked(stored))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        values = [onnxruntime.OrtValue.ortvalue_from_numpy(value) for value in tensors.values()]
        options.add_external_initializers(list(tensors), values)
        self._session = onnxruntime.InferenceSession(
            (folder / "model.onnx").read_bytes(), options, providers=["CPUExecutionProvider"]
        )

    def supports(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        """Return for each (claim, evidence) how likely it is supported, not stated, contradicted.

        The evidence is "OUTLET. DATE. HEADLINE. text", each of the first three where known.
        Evidence that is longer than the model reads at once is read in windows that overlap: a
        claim is as well supported as by the best of them.
        """
        claims: dict[tuple[int, ...], list[tuple[int, list[int]]]] = {}
        owners: list[int] = []
        texts = self._encoded([evidence for _, evidence in pairs])
        for number, (claim, text) in enumerate(
            zip(self._encoded([claim for claim, _ in pairs]), texts, strict=True)
        ):
            for window in _windows(text):
                claims.setdefault(tuple(window), []).append((len(owners), claim))
                owners.append(number)
        rows: list[_Row] = []
        for window_tokens, readers in claims.items():
            for start in range(0, len(readers), CLAIMS_A_ROW):
                row = _evidence_row([*window_tokens, self._last])
                for result, claim in readers[start : start + CLAIMS_A_ROW]:
                    row.append_part(result, self._framed(claim))
                rows.append(row)
        logits = np.zeros((len(owners), 3), dtype=np.float32)
        for result, scores in self._run(rows):
            weights = _softmax(scores[:, CLAIM_WEIGHT])
            logits[result] = weights @ scores[:, :ANSWERS]
        shares = _softmax(logits / self.card["temperature"]["supports"])
        return _best_windows(shares, np.array(owners, dtype=np.int64), len(pairs))

    def answers(self, quads: Sequence[tuple[str, str, str, str]]) -> Floats:
        """Return how likely the sentence answers: for each (question, before, sentence, after).

        `before` is the headline and the sentences before it, `after` those that follow. Calls
        for several sentences of one text are read as one.
        """
        columns = [self._encoded(column) for column in zip(*quads, strict=True)]
        rows: dict[tuple[tuple[int, ...], tuple[int, ...]], _Row] = {}
        for number, (question, *around) in enumerate(zip(*columns, strict=True)):
            before, sentence, after = _fitted(*around)
            asked = self._framed(question)
            text = [*before, *sentence, *after, self._last]
            key = (tuple(asked), tuple(text))
            if key not in rows:
                places = range(EVIDENCE_START, EVIDENCE_START + len(text))
                tokens = asked + text
                rows[key] = _Row(tokens, [*range(len(asked)), *places], [0] * len(tokens))
            start = len(asked) + len(before)
            rows[key].spans.append((number, start, start + len(sentence)))
        logits = np.zeros(len(quads), dtype=np.float32)
        for result, scores in self._run(list(rows.values())):
            logits[result] = _softmax(scores[:, SENTENCE_WEIGHT]) @ scores[:, ANSWERS]
        likely: Floats = 1 / (1 + np.exp(-logits / self.card["temperature"]["answers"]))
        return likely

    def _framed(self, tokens: list[int]) -> list[int]:
        return [self._first, *tokens[:CLAIM_TOKENS], self._last]

    def _encoded(self, texts: Iterable[str]) -> list[list[int]]:
        known = list(texts)
        distinct = list(dict.fromkeys(known))
        encodings = self._tokenizer.encode_batch(distinct, add_special_tokens=False)
        ids = (encoding.ids or [self._last] for encoding in encodings)
        tokens = dict(zip(distinct, ids, strict=True))
        return [tokens[text] for text in known]

    def _run(self, rows: Sequence[_Row]) -> Iterator[tuple[int, Floats]]:
        """Yield every result's number with its tokens' scores."""
        for batch in _batches(rows):
            longest = max(len(row.tokens) for row in batch)
            tokens = np.zeros((len(batch), longest), dtype=np.int64)
            positions = np.zeros_like(tokens)
            parts = np.full((len(batch), longest), -1, dtype=np.int64)
            for number, row in enumerate(batch):
                tokens[number, : len(row.tokens)] = row.tokens
                positions[number, : len(row.tokens)] = row.positions
                parts[number, : len(row.tokens)] = row.parts
            read, reader = parts[:, None, None, :], parts[:, None, :, None]
            allowed = (read == 0) | ((read == reader) & (read >= 0))
            scores = self._session.run(
                ["scores"],
                {
                    "embedded": self._embedded(tokens) + self._positions[positions],
                    "attention_bias": np.where(allowed, np.float32(0), np.float32(MASKED)),
                },
            )[0]
            for row, row_scores in zip(batch, scores, strict=True):
                for result, start, end in row.spans:
                    yield result, row_scores[start:end]

    def _embedded(self, tokens: NDArray[np.int64]) -> Floats:
        scales = self._word_scales[tokens].astype(np.float32)
        grouped = self._words[tokens].reshape(*scales.shape, -1) * scales[..., None]
        return grouped.reshape(*tokens.shape, -1)


def _unpacked(stored: dict[str, NDArray[Any]]) -> Iterator[tuple[str, NDArray[Any]]]:
    """Yield the graph's tensors: int8 matrices with a scale a column, the rest in float."""
    for name, value in stored.items():
        base, _, kind = name.rpartition(".")
        if kind == "codes":
            scales = stored[base + ".scales"].astype(np.float32)
            weight = (value.reshape(*scales.shape, -1) * scales[..., None]).reshape(value.shape)
            widest = np.maximum(np.abs(weight).max(axis=1), 1e-9) / MATMUL_MAX
            small = np.rint(weight / widest[:, None]).astype(np.int8)
            yield base + ".w", np.ascontiguousarray(small.T)
            yield base + ".s", widest.astype(np.float32)
        elif kind != "scales":
            yield name, value.astype(np.float32)


def _evidence_row(tokens: list[int]) -> _Row:
    places = list(range(EVIDENCE_START, EVIDENCE_START + len(tokens)))
    return _Row(tokens, places, [0] * len(tokens))


def _windows(text: list[int]) -> Iterator[list[int]]:
    """Yield the text whole, or in windows that overlap, each after the imprint."""
    if len(text) <= EVIDENCE_TOKENS:
        yield text
        return
    yield text[:EVIDENCE_TOKENS]
    imprint = text[:IMPRINT_TOKENS]
    size = EVIDENCE_TOKENS - IMPRINT_TOKENS
    start = EVIDENCE_TOKENS - WINDOW_OVERLAP
    while True:
        start = min(start, len(text) - size)
        yield imprint + text[start : start + size]
        if start + size >= len(text):
            return
        start += size - WINDOW_OVERLAP


def _best_windows(shares: Floats, owners: NDArray[np.int64], count: int) -> Floats:
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


def _fitted(
    before: list[int], sentence: list[int], after: list[int]
) -> tuple[list[int], list[int], list[int]]:
    """Return the three cut to what the model reads: the sentence whole, then what is nearest."""
    sentence = sentence[:EVIDENCE_TOKENS]
    room = EVIDENCE_TOKENS - len(sentence)
    kept = min(len(before), max(room - len(after), room // 2))
    return before[len(before) - kept :], sentence, after[: room - kept]


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


def _softmax(values: Floats) -> Floats:
    """Return values as shares of one along the last axis."""
    raised = np.exp(values - values.max(axis=-1, keepdims=True))
    shares: Floats = raised / raised.sum(axis=-1, keepdims=True)
    return shares
