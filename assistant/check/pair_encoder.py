"""Anybody's cross-encoder as a reader: a folder with a graph in ONNX, its tokenizer, its labels.

What the labels are called says what they mean (`id2label` of config.json): two or more are a
reader of claims, evidence first; one is a ranker of sentences by a question. Without names, one
label ranks, and of two the second is "supported", as the published checkers have it.
"""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from assistant.check.cross_encoder import Asked, Floats, best_windows, softmax
from ingest.embed.onnx_graph import OnnxGraph
from ingest.errors import SettingsError

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

GRAPHS = ("model.onnx", "onnx/model.onnx")
TOKENS = 512
OVERLAP = 128
BATCH = 16

_SUPPORTED = re.compile(r"entail|^support|^consistent|^factual", re.IGNORECASE)
_CONTRADICTED = re.compile(r"contradict|refut", re.IGNORECASE)


class PairEncoder:
    """A reader loaded from its folder; several threads may use it."""

    def __init__(self, folder: Path, *, threads: int = 0) -> None:
        from tokenizers import Tokenizer

        graph = next((folder / name for name in GRAPHS if (folder / name).is_file()), None)
        if graph is None or not (folder / "tokenizer.json").is_file():
            raise SettingsError(
                f"{folder} holds no reader", f"it needs {GRAPHS[0]} and tokenizer.json"
            )
        of_claims, of_questions = (
            Tokenizer.from_file(str(folder / "tokenizer.json")) for _ in range(2)
        )
        of_claims.enable_truncation(TOKENS, stride=OVERLAP, strategy="only_first")
        of_questions.enable_truncation(TOKENS, stride=OVERLAP, strategy="only_second")
        self._of_claims, self._of_questions = of_claims, of_questions
        for tokenizer in (of_claims, of_questions):
            tokenizer.no_padding()
        config = folder / "config.json"
        named: dict[str, str] = (
            json.loads(config.read_text("utf-8")).get("id2label", {}) if config.is_file() else {}
        )
        self._labels = [named[key] for key in sorted(named, key=int)]
        self._graph = OnnxGraph(graph, threads)

    def supports(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        """Return for each (claim, evidence) how likely it is supported, not stated, contradicted.

        Evidence that is longer than the model reads at once is read in windows that overlap.
        """
        shown = _windows(self._of_claims, [(evidence, claim) for claim, evidence in pairs])
        read = [(number, self._shares(logits)) for number, logits in self._run(shown)]
        shares = np.array([one for _, one in read], dtype=np.float32).reshape(-1, 3)
        return best_windows(shares, [number for number, _ in read], len(pairs))

    def answers(self, asked: Sequence[Asked]) -> Floats:
        """Return how likely each sentence answers its question; .5 of each where none can tell."""
        likely = np.full(len(asked), 0.5, dtype=np.float32)
        if len(self._labels) > 1:
            return likely
        texts = [(q, f"{before} {told} {after}".strip()) for q, before, told, after in asked]
        for number, logits in self._run(_windows(self._of_questions, texts)):
            if len(logits) == 1:
                likely[number] = 1 / (1 + np.exp(-logits[0]))
        return likely

    def _run(self, shown: "Sequence[tuple[int, Encoding]]") -> Iterator[tuple[int, Floats]]:
        """Yield the logits of every window with the number of its pair."""
        ranked = sorted(shown, key=lambda one: len(one[1].ids))
        for start in range(0, len(ranked), BATCH):
            batch = ranked[start : start + BATCH]
            logits = self._graph.run(self._fed([one for _, one in batch]))
            for (number, _), of_one in zip(batch, logits, strict=True):
                yield number, np.atleast_1d(of_one).astype(np.float32)

    def _fed(self, encoded: "Sequence[Encoding]") -> dict[str, NDArray[np.int64]]:
        longest = max(len(one.ids) for one in encoded)
        given: dict[str, NDArray[np.int64]] = {}
        for name, part in (
            ("input_ids", "ids"),
            ("attention_mask", "attention_mask"),
            ("token_type_ids", "type_ids"),
        ):
            given[name] = np.zeros((len(encoded), longest), dtype=np.int64)
            for row, one in enumerate(encoded):
                told: Any = getattr(one, part)
                given[name][row, : len(told)] = told
        return given

    def _shares(self, logits: Floats) -> Floats:
        """Return supported, not stated, contradicted of a model's own labels."""
        if len(logits) == 1:
            supported = float(1 / (1 + np.exp(-logits[0])))
            return np.array([supported, 1 - supported, 0], dtype=np.float32)
        named = self._labels if len(self._labels) == len(logits) else []
        yes = [n for n, name in enumerate(named) if _SUPPORTED.search(name)] or [1]
        no = [n for n, name in enumerate(named) if _CONTRADICTED.search(name)]
        shares = softmax(logits)
        supported, contradicted = float(shares[yes].sum()), float(shares[no].sum())
        return np.array(
            [supported, max(0.0, 1 - supported - contradicted), contradicted], dtype=np.float32
        )


def _windows(
    tokenizer: "Tokenizer", texts: Sequence[tuple[str, str]]
) -> "list[tuple[int, Encoding]]":
    encoded = [tokenizer.encode(*pair) for pair in texts]
    return [
        (number, window)
        for number, whole in enumerate(encoded)
        for window in (whole, *whole.overflowing)
    ]
