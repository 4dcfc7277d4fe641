"""A BERT-shaped encoder run by onnxruntime on the processor."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingest.embed import unigram
from ingest.embed.onnx_graph import OnnxGraph
from ingest.errors import SettingsError

Vectors = NDArray[np.float32]

BATCH_TOKENS = 2048
"""Padded tokens a forward pass. 1024, 2048 and 4096 differed by less than the noise on 96
passages; memory grows with it (652 MB at 1024, 789 at 4096)."""

CHARACTERS_PER_TOKEN = 32
"""Text beyond this many characters for each token the model reads is not even tokenised."""

TEXTS_AT_ONCE = 2048
"""Texts tokenised together, so that memory stays flat however many are given."""


class OnnxEmbedder:
    """A BERT-shaped encoder in a folder, run by onnxruntime on the processor.

    The folder holds `model.onnx` (input_ids, attention_mask and, if it wants them,
    token_type_ids -> last_hidden_state first), `tokenizer.json` and `model.json`.
    """

    def __init__(self, folder: Path, *, threads: int = 0, graph: str = "model.onnx") -> None:
        described = _description(folder)
        self.dims: int = described["dims"]
        self.max_tokens: int = described["max_tokens"]
        self.fingerprint: str = "/".join(
            [described["name"], described["preparation"], described["weights_sha256"][:12]]
        )
        self._query_prefix: str = described["query_prefix"]
        self._passage_prefix: str = described["passage_prefix"]
        ours = described["preparation"] != _OWN
        self._numbered = _numbering(folder, self.max_tokens, ours=ours)
        self._graph = OnnxGraph(folder / graph, threads or os.cpu_count() or 1)

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Embed what is searched."""
        return self._embed([self._passage_prefix + text for text in self._cut(texts)])

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Embed what is asked."""
        return self._embed([self._query_prefix + text for text in self._cut(texts)])

    def query(self, text: str) -> Vectors:
        """Embed one question."""
        vector: Vectors = self.queries([text])[0]
        return vector

    def _cut(self, texts: Sequence[str]) -> list[str]:
        longest = self.max_tokens * CHARACTERS_PER_TOKEN
        return [text[:longest] for text in texts]

    def _embed(self, texts: list[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dims), dtype=np.float32)
        for start in range(0, len(texts), TEXTS_AT_ONCE):
            tokens = self._numbered(texts[start : start + TEXTS_AT_ONCE])
            for rows in _batches([len(ids) for ids in tokens]):
                places = [start + row for row in rows]
                vectors[places] = self._forward([tokens[row] for row in rows])
        return vectors

    def _forward(self, tokens: list[list[int]]) -> Vectors:
        longest = max(len(ids) for ids in tokens)
        ids = np.zeros((len(tokens), longest), dtype=np.int64)
        mask = np.zeros((len(tokens), longest), dtype=np.int64)
        for row, known in enumerate(tokens):
            ids[row, : len(known)] = known
            mask[row, : len(known)] = 1
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        return _pooled(self._graph.run(given), mask)


_OWN = "own"
_OWN_MODEL = "it needs model.onnx, tokenizer.json and model.json (dims, max_tokens)"


def _description(folder: Path) -> dict[str, Any]:
    """Read model.json; its name, preparation and hash may be missing in a model of one's own."""
    try:
        found: dict[str, Any] = json.loads((folder / "model.json").read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise SettingsError(
            f"{str(folder)!r} does not hold a model: {error}",
            hint=_OWN_MODEL,
        ) from error
    for name in ("model.onnx", "tokenizer.json"):
        if not (folder / name).is_file():
            raise SettingsError(f"{str(folder)!r} holds no {name}", hint=_OWN_MODEL)
    missing = {"dims", "max_tokens"} - set(found)
    if missing:
        raise SettingsError(f"{str(folder / 'model.json')!r} does not say {sorted(missing)}")
    defaults = {"name": folder.name, "preparation": _OWN}
    defaults |= {"query_prefix": "", "passage_prefix": ""}
    if "weights_sha256" not in found:
        with (folder / "model.onnx").open("rb") as file:
            found["weights_sha256"] = hashlib.file_digest(file, "sha256").hexdigest()
    return defaults | found


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Yield row numbers in batches of like length, so that little is padding."""
    batch: list[int] = []
    for row in sorted(range(len(lengths)), key=lengths.__getitem__, reverse=True):
        if batch and (len(batch) + 1) * lengths[batch[0]] > BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def _pooled(hidden: Vectors, mask: NDArray[np.int64]) -> Vectors:
    """Return the mean over each text's own tokens, at unit length."""
    weights = mask[:, :, None].astype(np.float32)
    mean = (hidden * weights).sum(axis=1) / weights.sum(axis=1)
    length = np.linalg.norm(mean, axis=1, keepdims=True)
    return np.asarray(mean / np.maximum(length, 1e-12), dtype=np.float32)


def _numbering(
    folder: Path, max_tokens: int, *, ours: bool
) -> Callable[[Sequence[str]], list[list[int]]]:
    """Return what numbers the tokens of texts: by a table where it can, else by the library.

    A model that was prepared before there were tables gets its own now; beside a model of one's
    own nothing is written.
    """
    table = folder / unigram.TABLE
    if ours and (table.is_file() or unigram.write_beside(folder / "tokenizer.json")):
        return unigram.PieceTable(table, max_tokens)
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    # Some tokenizer files pad and cut by themselves, at a length of their own.
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_tokens)
    return lambda texts: [one.ids for one in tokenizer.encode_batch_fast(list(texts))]
