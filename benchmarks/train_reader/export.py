"""Write a trained reader as its folder: a graph without weights, the weights as small integers.

The reader widens them to int8 at load. Words that the training texts do not have leave the
vocabulary: the tokenizer spells them.
"""

import gzip
import hashlib
import json
import shutil
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers import Tokenizer

from assistant.check import packed_weights
from assistant.check.cross_encoder import MASKED
from assistant.check.packed_weights import Arrays
from benchmarks.train_reader import network

RUNTIME_OPS = "com.microsoft"
UNCALIBRATED: dict[str, Any] = {
    "supports": {"shift": 0.0, "temperature": 1.0, "overlap": 0.0},
    "answers": {"shift": 0.0, "temperature": 1.0},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much of a reader is written, and how finely."""

    layers: int
    weight_steps: int
    word_steps: int
    words: int


SMALL = Size(layers=6, weight_steps=5, word_steps=5, words=16_000)
LARGE = Size(layers=12, weight_steps=31, word_steps=31, words=40_000)


def write(
    path: Path,
    reader: network.Reader,
    tokenizer: Tokenizer,
    counts: Counter[int],
    size: Size,
    card: dict[str, Any],
) -> None:
    """Write the folder anew beside the old one and put it in its place.

    `counts` says how often each token stands in the training texts. Matrices that were rounded
    while they were trained keep the reader's `scales`.
    """
    new = path.with_name(path.name + ".new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    kept, spelled = _narrowed(tokenizer, counts, size.words)
    arrays = _arrays(reader, size)
    words, own = reader.word.weight.detach().numpy()[kept], reader.scales.get("word.weight")
    own = None if own is None else own[kept]
    arrays |= packed_weights.packed("words", words, size.word_steps, own)
    np.savez(new / "weights.npz", **arrays)  # type: ignore[arg-type]
    (new / "reader.onnx").write_bytes(_graph(size.layers))
    (new / "tokenizer.json.gz").write_bytes(gzip.compress(spelled.encode(), mtime=0))
    first, last = (kept.index(tokenizer.token_to_id(token) or 0) for token in ("<s>", "</s>"))
    sums = {one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in new.iterdir()}
    whole = card | {"tokens": {"first": first, "last": last}, "sha256": sums}
    (new / "card.json").write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")
    shutil.rmtree(path, ignore_errors=True)
    new.rename(path)


def token_counts(tokenizer: Tokenizer, texts: Iterable[str]) -> Counter[int]:
    """Return how often each token stands in the texts."""
    counts: Counter[int] = Counter()
    for encoded in tokenizer.encode_batch(list(texts), add_special_tokens=False):
        counts.update(encoded.ids)
    return counts


def _narrowed(tokenizer: Tokenizer, counts: Counter[int], words: int) -> tuple[list[int], str]:
    """Return the ids that are kept, in their order, and the tokenizer that knows these alone."""
    about = json.loads(tokenizer.to_str())
    vocabulary: dict[str, int] = about["model"]["vocab"]
    needed = {one["id"] for one in about["added_tokens"]}
    # Short pieces spell what is not kept; the rest by how often it is met, then by its place,
    # which is by how often it was met when the vocabulary was made.
    needed |= {i for piece, i in vocabulary.items() if len(piece.removeprefix("##")) <= 2}
    rest = sorted(
        (i for piece, i in vocabulary.items() if not piece.startswith("[unused")),
        key=lambda i: (-counts[i], i),
    )
    kept = sorted([*needed, *[i for i in rest if i not in needed][: max(0, words - len(needed))]])
    places = {i: place for place, i in enumerate(kept)}
    about["model"]["vocab"] = {piece: places[i] for piece, i in vocabulary.items() if i in places}
    for one in about["added_tokens"]:
        one["id"] = places[one["id"]]
    about["post_processor"] = about["truncation"] = about["padding"] = None
    return kept, json.dumps(about)


def _arrays(reader: network.Reader, size: Size) -> Arrays:
    state = {name: value.detach().float().numpy() for name, value in reader.state_dict().items()}
    table = state["distances"].T  # (distances, heads)
    arrays: Arrays = {"positions": state["pos"].astype(np.float16)}
    arrays["distances"] = np.vstack([table, np.full((1, table.shape[1]), MASKED)]).astype(
        np.float16
    )
    arrays |= {"ln.w": state["ln.weight"], "ln.b": state["ln.bias"]}
    for number in range(size.layers):
        here, there = f"layers.{number}.", f"l{number}."
        for part in ("qkv", "o", "f1", "f2"):
            name = here + part + ".weight"
            scales = reader.scales.get(name)
            arrays |= packed_weights.packed(there + part, state[name], size.weight_steps, scales)
            arrays[there + part + ".b"] = state[here + part + ".bias"]
        for part in ("ln1", "ln2"):
            arrays[there + part + ".w"] = state[here + part + ".weight"]
            arrays[there + part + ".b"] = state[here + part + ".bias"]
    left = f"exits.{size.layers}."
    name = left + "dense.weight"
    scales = reader.scales.get(name)
    arrays |= packed_weights.packed("dense", state[name], size.weight_steps, scales)
    arrays["dense.b"] = state[left + "dense.bias"]
    arrays |= {"head.w": state[left + "head.weight"].T, "head.b": state[left + "head.bias"]}
    return arrays


def _graph(layers: int, dims: int = 768, inner: int = 3072) -> bytes:
    """Return the encoder as an ONNX graph that gives the scores of every token."""
    from onnx import TensorProto, helper

    graph = _Graph()
    table = graph.outside("distances", [2 * 512 + 2, network.HEADS], TensorProto.FLOAT)
    looked_up = graph.node("Gather", [table, "apart"], "looked_up", axis=0)
    bias = graph.node("Transpose", [looked_up], "attention_bias", perm=[0, 3, 1, 2])
    hidden = graph.node("LayerNormalization", ["embedded", *graph.norm("ln", dims)], "x", axis=-1)
    for number in range(layers):
        here = f"l{number}."
        parts = [here + part for part in ("query", "key", "value")]
        graph.split(graph.linear(here + "qkv", hidden, dims, 3 * dims), parts, dims)
        heads = graph.node(
            "MultiHeadAttention", [*parts, "", "", bias], here + "heads", num_heads=network.HEADS
        )
        attended = graph.linear(here + "o", heads, dims, dims)
        hidden = graph.skip_norm(here + "ln1", attended, hidden, dims)
        wide = graph.node("Gelu", [graph.linear(here + "f1", hidden, dims, inner)], here + "gelu")
        narrow = graph.linear(here + "f2", wide, inner, dims)
        hidden = graph.skip_norm(here + "ln2", narrow, hidden, dims)
    dense = graph.node("Gelu", [graph.linear("dense", hidden, dims, dims)], "dense.gelu")
    weight = graph.outside("head.w", [dims, network.SCORES], TensorProto.FLOAT)
    product = graph.node("MatMul", [dense, weight], "product")
    shift = graph.outside("head.b", [network.SCORES], TensorProto.FLOAT)
    graph.node("Add", [product, shift], "scores")
    lengths: Sequence[str | int] = ["rows", "tokens"]
    inputs = [
        helper.make_tensor_value_info("embedded", TensorProto.FLOAT, [*lengths, dims]),
        helper.make_tensor_value_info("apart", TensorProto.INT32, ["rows", "tokens", "tokens"]),
    ]
    output = helper.make_tensor_value_info("scores", TensorProto.FLOAT, [*lengths, network.SCORES])
    whole = helper.make_graph(graph.nodes, "reader", inputs, [output], graph.tensors)
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid(RUNTIME_OPS, 1)]
    model: bytes = helper.make_model(whole, opset_imports=opsets, ir_version=8).SerializeToString()
    return model


@dataclass(slots=True)
class _Graph:
    """ONNX nodes and tensors as they are put together; every method returns a name."""

    nodes: list[Any] = field(default_factory=list)
    tensors: list[Any] = field(default_factory=list)

    def outside(self, name: str, shape: Sequence[int], kind: int) -> str:
        """Declare a tensor whose values are handed over at load."""
        from onnx import TensorProto

        tensor = TensorProto(name=name, dims=shape, data_type=kind)
        tensor.data_location = TensorProto.EXTERNAL
        size = int(np.prod(shape)) * (1 if kind == TensorProto.INT8 else 4)
        for key, value in (("location", "weights"), ("offset", "0"), ("length", str(size))):
            tensor.external_data.add(key=key, value=value)
        self.tensors.append(tensor)
        return name

    def node(self, operator: str, inputs: Sequence[str], output: str, **how: Any) -> str:
        """Add a node; operators that only onnxruntime has are found in its own set."""
        from onnx import helper

        standard = {"LayerNormalization", "MatMul", "Add", "Gather", "Transpose", "Split"}
        domain = "" if operator in standard else RUNTIME_OPS
        if "Norm" in operator:
            how["epsilon"] = network.EPSILON
        self.nodes.append(helper.make_node(operator, inputs, [output], domain=domain, **how))
        return output

    def split(self, together: str, parts: Sequence[str], width: int) -> None:
        """Cut the last axis into parts of one width."""
        from onnx import helper, numpy_helper

        sizes = numpy_helper.from_array(np.full(len(parts), width, np.int64), parts[0] + ".sizes")
        self.tensors.append(sizes)
        self.nodes.append(helper.make_node("Split", [together, sizes.name], parts, axis=-1))

    def linear(self, name: str, hidden: str, inputs: int, outputs: int) -> str:
        """Multiply by an int8 matrix and add a bias."""
        from onnx import TensorProto

        weight = self.outside(name + ".w", [inputs, outputs], TensorProto.INT8)
        scale = self.outside(name + ".s", [outputs], TensorProto.FLOAT)
        bias = self.outside(name + ".b", [outputs], TensorProto.FLOAT)
        return self.node("DynamicQuantizeMatMul", [hidden, weight, scale, "", bias], name)

    def norm(self, name: str, dims: int) -> tuple[str, str]:
        """Declare a normalisation's scale and shift."""
        from onnx import TensorProto

        scale = self.outside(name + ".w", [dims], TensorProto.FLOAT)
        return scale, self.outside(name + ".b", [dims], TensorProto.FLOAT)

    def skip_norm(self, name: str, added: str, hidden: str, dims: int) -> str:
        """Add two and normalise the sum."""
        inputs = [added, hidden, *self.norm(name, dims)]
        return self.node("SkipLayerNormalization", inputs, name)
