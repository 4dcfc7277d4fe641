"""Write a BERT-shaped encoder as an ONNX model, in int8 or in fp32, without torch.

The graph is input_ids, attention_mask (batch, tokens) -> last_hidden_state. It uses
onnxruntime's own operators (`com.microsoft`) where one of them does the work of several.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Tensor = NDArray[np.float32]

INT8_MAX = 127
MATMUL_MAX = 64
"""Processors without VNNI add two products of a uint8 and an int8 in 16 bits and cut what does
not fit: up to 255 * 127 * 2. Weights within 64 always fit; with 127, one product of a random
matrix was wrong by 1.2 where rounding alone would give 0.06."""

BLOCK = 8192
OPSET = 17
RUNTIME_OPS = "com.microsoft"


@dataclass(frozen=True, slots=True, kw_only=True)
class Linear:
    """`x @ weight + bias`; weight is (inputs, outputs)."""

    weight: Tensor
    bias: Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class Norm:
    """A layer normalisation's scale and shift."""

    scale: Tensor
    shift: Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One transformer layer; `attend` is query, key and value side by side."""

    attend: Linear
    attended: Linear
    attended_norm: Norm
    widen: Linear
    narrow: Linear
    narrow_norm: Norm


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoder:
    """A BERT-shaped encoder. `positions` holds what every token type 0 gets added too."""

    heads: int
    epsilon: float
    words: Tensor
    positions: Tensor
    norm: Norm
    layers: Sequence[Layer]

    @property
    def dims(self) -> int:
        """How long a token's vector is."""
        return int(self.words.shape[1])


def write(encoder: Encoder, path: Path, *, int8: bool = True) -> None:
    """Write the encoder as an ONNX file of at most 2 GB."""
    import onnx

    graph = _Graph(int8=int8)
    hidden = _embeddings(graph, encoder)
    mask = graph.node("Cast", ["attention_mask"], "mask", to=onnx.TensorProto.INT32)
    for number, layer in enumerate(encoder.layers):
        hidden = _layer(graph, f"layer{number}.", hidden, mask, (layer, encoder))
    graph.node("Identity", [hidden], "last_hidden_state")
    onnx.save(graph.model(encoder.dims), str(path))


def _embeddings(graph: "_Graph", encoder: Encoder) -> str:
    words = graph.rows("words", encoder.words)
    graph.tensor("positions", encoder.positions)
    graph.tensor("first", np.array([0], dtype=np.int64))
    graph.tensor("along", np.array([1], dtype=np.int64))
    shape = graph.node("Shape", ["input_ids"], "shape")
    length = graph.node("Gather", [shape, "along"], "length")
    places = graph.node("Slice", ["positions", "first", length, "first"], "places")
    placed = graph.node("Add", [words, places], "placed")
    return graph.norm("embedded", placed, encoder.norm, encoder.epsilon)


def _layer(graph: "_Graph", name: str, hidden: str, mask: str, shape: tuple[Layer, Encoder]) -> str:
    layer, encoder = shape
    together = graph.linear(name + "attend", hidden, layer.attend)
    three = [name + part for part in ("query", "key", "value")]
    graph.split(together, three, encoder.dims)
    heads = graph.node(
        "MultiHeadAttention",
        [*three, "", mask],
        name + "heads",
        domain=RUNTIME_OPS,
        num_heads=encoder.heads,
    )
    attended = graph.linear(name + "attended", heads, layer.attended)
    hidden = graph.skip_norm(
        name + "attended_norm", (attended, hidden), layer.attended_norm, encoder.epsilon
    )
    wide = graph.linear(name + "widen", hidden, layer.widen)
    active = graph.node("Gelu", [wide], name + "gelu", domain=RUNTIME_OPS)
    narrow = graph.linear(name + "narrow", active, layer.narrow)
    return graph.skip_norm(
        name + "narrow_norm", (narrow, hidden), layer.narrow_norm, encoder.epsilon
    )


class _Graph:
    """ONNX nodes and their tensors as they are put together; every method returns a name."""

    def __init__(self, *, int8: bool) -> None:
        self._int8 = int8
        self._nodes: list[Any] = []
        self._tensors: list[Any] = []

    def tensor(self, name: str, values: NDArray[Any]) -> str:
        from onnx import numpy_helper

        self._tensors.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(
        self, operator: str, inputs: Sequence[str], output: str, domain: str = "", **how: Any
    ) -> str:
        from onnx import helper

        self._nodes.append(helper.make_node(operator, inputs, [output], domain=domain, **how))
        return output

    def split(self, together: str, names: Sequence[str], width: int) -> None:
        from onnx import helper

        sizes = self.tensor(names[0] + ".sizes", np.full(len(names), width, dtype=np.int64))
        self._nodes.append(helper.make_node("Split", [together, sizes], names, axis=-1))

    def rows(self, name: str, table: Tensor) -> str:
        """Look up a row a token; in int8 with a scale a row, a quarter of the memory."""
        if not self._int8:
            return self.node("Gather", [self.tensor(name + ".table", table), "input_ids"], name)
        from onnx import TensorProto

        small, scales = quantised(table.T, INT8_MAX)
        self.tensor(name + ".table", small.T)
        self.tensor(name + ".scales", scales[:, None])
        row = self.node("Gather", [name + ".table", "input_ids"], name + ".small")
        scale = self.node("Gather", [name + ".scales", "input_ids"], name + ".scale")
        wide = self.node("Cast", [row], name + ".wide", to=TensorProto.FLOAT)
        return self.node("Mul", [wide, scale], name)

    def linear(self, name: str, hidden: str, linear: Linear) -> str:
        bias = self.tensor(name + ".bias", linear.bias)
        if not self._int8:
            weight = self.tensor(name + ".weight", linear.weight)
            product = self.node("MatMul", [hidden, weight], name + ".product")
            return self.node("Add", [product, bias], name)
        small, scales = quantised(linear.weight, MATMUL_MAX)
        weight = self.tensor(name + ".weight", small)
        scale = self.tensor(name + ".scales", scales)
        inputs = [hidden, weight, scale, "", bias]
        return self.node("DynamicQuantizeMatMul", inputs, name, domain=RUNTIME_OPS)

    def norm(self, name: str, hidden: str, norm: Norm, epsilon: float) -> str:
        inputs = [hidden, *self._norm_tensors(name, norm)]
        return self.node("LayerNormalization", inputs, name, axis=-1, epsilon=epsilon)

    def skip_norm(self, name: str, summed: tuple[str, str], norm: Norm, epsilon: float) -> str:
        inputs = [*summed, *self._norm_tensors(name, norm)]
        return self.node(
            "SkipLayerNormalization", inputs, name, domain=RUNTIME_OPS, epsilon=epsilon
        )

    def _norm_tensors(self, name: str, norm: Norm) -> tuple[str, str]:
        return self.tensor(name + ".scale", norm.scale), self.tensor(name + ".shift", norm.shift)

    def model(self, dims: int) -> Any:
        from onnx import TensorProto, helper

        sizes: list[str | int] = ["batch", "tokens"]
        inputs = [
            helper.make_tensor_value_info(name, TensorProto.INT64, sizes)
            for name in ("input_ids", "attention_mask")
        ]
        output = helper.make_tensor_value_info(
            "last_hidden_state", TensorProto.FLOAT, [*sizes, dims]
        )
        graph = helper.make_graph(self._nodes, "encoder", inputs, [output], self._tensors)
        opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(RUNTIME_OPS, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=8)


def quantised(weight: Tensor, largest: int) -> tuple[NDArray[np.int8], Tensor]:
    """Return a weight within `largest` and one scale a column: weight is about int8 * scale."""
    small = np.empty(weight.shape, dtype=np.int8)
    scales = np.empty(weight.shape[1], dtype=np.float32)
    for start in range(0, weight.shape[1], BLOCK):  # a large table whole would take gigabytes
        columns = slice(start, start + BLOCK)
        widest = np.abs(weight[:, columns]).max(axis=0)
        scales[columns] = np.where(widest > 0, widest / largest, 1)
        small[:, columns] = np.rint(weight[:, columns] / scales[columns])
    return small, scales
