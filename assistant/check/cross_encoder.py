"""Judge claims by their evidence, and sentences by a question, with two small encoders.

Both are BERT-shaped transformers of six layers, run by onnxruntime in int8, over one table of word
vectors. The first was trained to read: evidence reads itself, each claim reads the evidence and
itself (so several claims on one text share the work), and a score for every token of the claim is
pooled with weights that the model gives too. The second is a sentence encoder: a sentence answers
a question as far as their vectors point the same way.

The folder of a reader holds `supports.onnx` and `answers.onnx` (graphs without weights),
`weights.npz` (small integers with a scale for every 32 of them), `tokenizer.json.gz`, `card.json`.
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
Tokens = tuple[int, ...]

SUPPORTED, NOT_STATED, CONTRADICTED = range(3)
"""The columns of `CrossEncoder.supports`."""

TOKEN_WEIGHT = 4
"""The column of a token's scores that says how much it counts; the first three are `supports`."""

EVIDENCE_START = 72
"""The position of the evidence's first token; the claim stands before it."""

CLAIM_TOKENS = EVIDENCE_START - 2
EVIDENCE_TOKENS = 438
WINDOW_OVERLAP = 150
IMPRINT_TOKENS = 40
"""How much of the evidence's beginning (outlet, date, headline) is put before a later window."""

SENTENCE_TOKENS = 254
CLAIMS_A_ROW = 8
BATCH_TOKENS = 4096
MATMUL_MAX = 64
"""Weights within 64: processors without VNNI add two products of uint8 and int8 in 16 bits."""

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


class CrossEncoder:
    """A reader loaded from its folder; several threads may use it."""

    def __init__(self, folder: Path, *, threads: int = 0) -> None:
        from tokenizers import Tokenizer

        self.card: dict[str, Any] = json.loads((folder / "card.json").read_text("utf-8"))
        packed = gzip.decompress((folder / "tokenizer.json.gz").read_bytes())
        self._tokenizer = Tokenizer.from_str(packed.decode("utf-8"))
        self._first, self._last = self.card["tokens"]["first"], self.card["tokens"]["last"]
        with np.load(folder / "weights.npz") as file:
            stored: dict[str, NDArray[Any]] = dict(file.items())
        words = stored.pop("words.codes"), stored.pop("words.scales")
        self._supports = _Encoder(folder / "supports.onnx", stored, words, threads)
        self._answers = _Encoder(folder / "answers.onnx", stored, words, threads)

    def supports(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        """Return for each (claim, evidence) how likely it is supported, not stated, contradicted.

        The evidence is "OUTLET. DATE. HEADLINE. text", each of the first three where known.
        Evidence that is longer than the model reads at once is read in windows that overlap: a
        claim is as well supported as by the best of them.
        """
        readers: dict[Tokens, list[tuple[int, Tokens]]] = {}
        owners: list[int] = []
        claims = self._encoded(claim for claim, _ in pairs)
        texts = self._encoded(evidence for _, evidence in pairs)
        for number, (claim, text) in enumerate(zip(claims, texts, strict=True)):
            for window in _windows(text):
                readers.setdefault(window, []).append((len(owners), claim))
                owners.append(number)
        logits = np.zeros((len(owners), 3), dtype=np.float32)
        for result, scores in self._supports.run(list(self._claim_rows(readers))):
            logits[result] = _softmax(scores[:, TOKEN_WEIGHT]) @ scores[:, :3]
        shares = _softmax(logits / self.card["temperature"]["supports"])
        return _best_windows(shares, owners, len(pairs))

    def answers(self, quads: Sequence[tuple[str, str, str, str]]) -> Floats:
        """Return how likely the sentence answers: for each (question, before, sentence, after).

        The sentence is read alone: with its neighbours the sentence encoder told answers from
        other sentences worse, on held-out questions of the training data.
        """
        questions = self._encoded(question for question, *_ in quads)
        sentences = self._encoded(sentence for _, _, sentence, _ in quads)
        distinct = list(dict.fromkeys([*questions, *sentences]))
        rows = []
        for number, tokens in enumerate(distinct):
            framed = [self._first, *tokens[:SENTENCE_TOKENS], self._last]
            places = list(range(len(framed)))
            rows.append(_Row(framed, places, [0] * len(framed), [(number, 0, len(framed))]))
        vectors: dict[Tokens, Floats] = {}
        for number, hidden in self._answers.run(rows):
            mean = hidden.mean(axis=0)
            vectors[distinct[number]] = mean / np.linalg.norm(mean)
        together = zip(questions, sentences, strict=True)
        cosines = np.array([vectors[asked] @ vectors[told] for asked, told in together])
        slope, shift = self.card["answers"]["slope"], self.card["answers"]["shift"]
        likely: Floats = 1 / (1 + np.exp(-(slope * cosines + shift)))
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

    def _encoded(self, texts: Iterable[str]) -> list[Tokens]:
        known = list(texts)
        distinct = list(dict.fromkeys(known))
        encodings = self._tokenizer.encode_batch(distinct, add_special_tokens=False)
        tokens = dict(zip(distinct, (tuple(one.ids) for one in encodings), strict=True))
        return [tokens[text] for text in known]


class _Encoder:
    """One of the encoders: its graph, whose weights are unpacked and handed over at load."""

    def __init__(
        self,
        graph: Path,
        stored: dict[str, NDArray[Any]],
        words: tuple[NDArray[np.int8], NDArray[np.float16]],
        threads: int,
    ) -> None:
        import onnxruntime

        prefix = graph.stem + "/"
        mine = {name.removeprefix(prefix): stored[name] for name in stored if prefix in name}
        self._words, self._scales = words
        self._positions = mine.pop("positions").astype(np.float32)
        tensors = dict(_unpacked(mine))
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        values = [onnxruntime.OrtValue.ortvalue_from_numpy(value) for value in tensors.values()]
        options.add_external_initializers(list(tensors), values)
        self._session = onnxruntime.InferenceSession(
            graph.read_bytes(), options, providers=["CPUExecutionProvider"]
        )

    def run(self, rows: Sequence[_Row]) -> Iterator[tuple[int, Floats]]:
        """Yield every result's number with what the model gives for its tokens."""
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
            inputs = {
                "embedded": self._embedded(tokens) + self._positions[positions],
                "attention_bias": np.where(allowed, np.float32(0), np.float32(MASKED)),
            }
            for row, given in zip(batch, self._session.run(None, inputs)[0], strict=True):
                for result, start, end in row.spans:
                    yield result, given[start:end]

    def _embedded(self, tokens: NDArray[np.int64]) -> Floats:
        scales = self._scales[tokens].astype(np.float32)
        grouped: Floats = self._words[tokens].reshape(*scales.shape, -1) * scales[..., None]
        return grouped.reshape(*tokens.shape, -1)


def _unpacked(stored: dict[str, NDArray[Any]]) -> Iterator[tuple[str, NDArray[Any]]]:
    """Yield a graph's tensors: int8 matrices with a scale a column, the rest in float."""
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
            yield name, np.ascontiguousarray(value, dtype=np.float32)


def _windows(text: Tokens) -> Iterator[Tokens]:
    """Yield the text whole, or in windows that overlap, each after the imprint."""
    yield text[:EVIDENCE_TOKENS]
    size = EVIDENCE_TOKENS - IMPRINT_TOKENS
    end = EVIDENCE_TOKENS
    while end < len(text):
        end = min(end + size - WINDOW_OVERLAP, len(text))
        yield text[:IMPRINT_TOKENS] + text[end - size : end]


def _best_windows(shares: Floats, owners: Sequence[int], count: int) -> Floats:
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


def _softmax(values: Floats) -> Floats:
    """Return values as shares of one along the last axis."""
    raised = np.exp(values - values.max(axis=-1, keepdims=True))
    shares: Floats = raised / raised.sum(axis=-1, keepdims=True)
    return shares
