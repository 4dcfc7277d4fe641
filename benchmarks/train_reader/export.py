"""Write a trained reader as its folder: two graphs without weights, the weights as small integers.

Weights are stored within 12 and word vectors within 31 steps of zero, with a scale for every 32
of a row that was chosen to err least: 4.5 and 5.5 bits after compression. The reader widens them
to int8 at load.
"""

import gzip
import hashlib
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from benchmarks.train_reader import network

Arrays = dict[str, NDArray[Any]]

WORD_STEPS = 31
WEIGHT_STEPS = 12
GROUP = 32
NARROWED = np.linspace(0.75, 1.0, 6)
"""Scales tried, as shares of the one at which nothing is cut off."""

RUNTIME_OPS = "com.microsoft"
UNCALIBRATED: dict[str, Any] = {
    "temperature": {"supports": 1.0},
    "answers": {"slope": 1.0, "shift": 0.0},
}


@dataclass(frozen=True, slots=True)
class Folder:
    """Where a reader is written, and the tokenizer that it is written with."""

    path: Path
    tokenizer: Tokenizer

    def write(
        self, trained: network.Reader, untaught: network.Reader, card: dict[str, Any]
    ) -> None:
        """Write the folder anew beside the old one and put it in its place."""
        new = self.path.with_name(self.path.name + ".new")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(parents=True)
        arrays: Arrays = {}
        _store(arrays, "words", trained.word.weight.numpy(), WORD_STEPS)
        for name, reader in (("supports", trained), ("answers", untaught)):
            scores = network.SCORES if name == "supports" else 0
            (new / f"{name}.onnx").write_bytes(_graph(len(reader.layers), scores))
            arrays |= {f"{name}/{key}": value for key, value in _arrays(reader, scores).items()}
        np.savez_compressed(new / "weights.npz", **arrays)  # type: ignore[arg-type]
        packed = gzip.compress(self.tokenizer.to_str().encode(), mtime=0)
        (new / "tokenizer.json.gz").write_bytes(packed)
        first, last = map(self.tokenizer.token_to_id, ("[CLS]", "[SEP]"))
        sums = {one.name: hashlib.sha256(one.read_bytes()).hexdigest() for one in new.iterdir()}
        whole = card | {"tokens": {"first": first, "last": last}, "sha256": sums}
        (new / "card.json").write_text(json.dumps(whole, indent=1), encoding="utf-8")
        shutil.rmtree(self.path, ignore_errors=True)
        new.rename(self.path)


def _arrays(reader: network.Reader, scores: int) -> Arrays:
    state = {name: value.detach().numpy() for name, value in reader.state_dict().items()}
    arrays: Arrays = {"positions": state["pos"].astype(np.float16)}
    arrays |= {"ln.w": state["ln.weight"], "ln.b": state["ln.bias"]}
    for number in range(len(reader.layers)):
        here, there = f"layers.{number}.", f"l{number}."
        for part in ("qkv", "o", "f1", "f2"):
            _store(arrays, there + part, state[here + part + ".weight"], WEIGHT_STEPS)
            arrays[there + part + ".b"] = state[here + part + ".bias"]
        for part in ("ln1", "ln2"):
            arrays[there + part + ".w"] = state[here + part + ".weight"]
            arrays[there + part + ".b"] = state[here + part + ".bias"]
    if scores:
        _store(arrays, "dense", state["dense.weight"], WEIGHT_STEPS)
        arrays["dense.b"] = state["dense.bias"]
        arrays |= {"head.w": state["head.weight"].T, "head.b": state["head.bias"]}
    return arrays


def _store(arrays: Arrays, name: str, weight: NDArray[np.float32], steps: int) -> None:
    """Store a matrix as whole steps and, for every `GROUP` of a row, the scale that errs least."""
    groups = weight.reshape(len(weight), -1, GROUP)
    widest = np.maximum(np.abs(groups).max(-1, keepdims=True), 1e-6)
    best = np.zeros_like(groups)
    scales = np.zeros_like(widest)
    least = np.full_like(widest, np.inf)
    for share in NARROWED:
        scale = (widest * share / steps).astype(np.float16).astype(np.float32)
        codes = np.clip(np.rint(groups / scale), -steps, steps)
        error = ((codes * scale - groups) ** 2).sum(-1, keepdims=True)
        better = error < least
        best, scales = np.where(better, codes, best), np.where(better, scale, scales)
        least = np.where(better, error, least)
    arrays[name + ".codes"] = best.reshape(weight.shape).astype(np.int8)
    arrays[name + ".scales"] = scales[..., 0].astype(np.float16)


def _graph(layers: int, scores: int, dims: int = 384, inner: int = 1536) -> bytes:
    """Return the encoder as an ONNX graph; with scores for tokens, or the hidden states."""
    from onnx import TensorProto, helper

    graph = _Graph()
    hidden = graph.node("LayerNormalization", ["embedded", *graph.norm("ln", dims)], "x", axis=-1)
    for number in range(layers):
        here = f"l{number}."
        parts = [here + part for part in ("query", "key", "value")]
        graph.split(graph.linear(here + "qkv", hidden, dims, 3 * dims), parts, dims)
        heads = graph.node(
            "MultiHeadAttention",
            [*parts, "", "", "attention_bias"],
            here + "heads",
            num_heads=network.HEADS,
        )
        attended = graph.linear(here + "o", heads, dims, dims)
        hidden = graph.skip_norm(here + "ln1", attended, hidden, dims)
        wide = graph.node("Gelu", [graph.linear(here + "f1", hidden, dims, inner)], here + "gelu")
        narrow = graph.linear(here + "f2", wide, inner, dims)
        hidden = graph.skip_norm(here + "ln2", narrow, hidden, dims)
    if scores:
        dense = graph.node("Gelu", [graph.linear("dense", hidden, dims, dims)], "dense.gelu")
        weight = graph.outside("head.w", [dims, scores], TensorProto.FLOAT)
        product = graph.node("MatMul", [dense, weight], "product")
        bias = graph.outside("head.b", [scores], TensorProto.FLOAT)
        hidden = graph.node("Add", [product, bias], "scored")
    graph.node("Identity", [hidden], "given")
    lengths: Sequence[str | int] = ["rows", "tokens"]
    inputs = [
        helper.make_tensor_value_info("embedded", TensorProto.FLOAT, [*lengths, dims]),
        helper.make_tensor_value_info(
            "attention_bias", TensorProto.FLOAT, ["rows", 1, "tokens", "tokens"]
        ),
    ]
    output = helper.make_tensor_value_info("given", TensorProto.FLOAT, [*lengths, scores or dims])
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

        standard = {"LayerNormalization", "MatMul", "Add", "Identity", "Split"}
        domain = "" if operator in standard else RUNTIME_OPS
        if "Norm" in operator or operator.endswith("Normalization"):
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
