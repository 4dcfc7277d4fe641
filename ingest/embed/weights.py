"""Read an encoder's weights and its tokenizer from the files they are published in.

Two layouts: safetensors with BERT's names beside a tokenizer.json, and the packed 4-bit file of
multilingual-e5-small (`unpack`). Files are read as data; no code that came with them is run.
"""

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ingest.embed.onnx_export import Encoder, Layer, Linear, Norm, Tensor
from ingest.errors import ServiceRefused

if TYPE_CHECKING:
    from tokenizers import Tokenizer

HEAD_WIDTH = 32
"""Of both known models; another model says its number of heads in its config.json."""

EPSILON = 1e-12
NUMBERS: Mapping[str, np.dtype[Any]] = {"F32": np.dtype("<f4"), "F16": np.dtype("<f2")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """An encoder and the tokenizer its words are numbered by."""

    encoder: Encoder
    tokenizer: "Tokenizer"


def safetensors(weights: Path, tokenizer: Path, config: Path | None = None) -> Weights:
    """Read a model published as safetensors; ServiceRefused if it is not BERT-shaped."""
    from tokenizers import Tokenizer

    settings = json.loads(config.read_text("utf-8")) if config else {}
    try:
        encoder = _bert(_named_tensors(weights), settings)
    except (KeyError, ValueError, struct.error) as error:
        raise ServiceRefused(f"{weights.name} is not a BERT-shaped model: {error!r}") from error
    return Weights(encoder=encoder, tokenizer=Tokenizer.from_file(str(tokenizer)))


def _named_tensors(path: Path) -> dict[str, Tensor]:
    """Read a safetensors file: a length, a JSON header of names and offsets, the numbers."""
    raw = path.read_bytes()
    (length,) = struct.unpack_from("<Q", raw)
    header = json.loads(raw[8 : 8 + length])
    header.pop("__metadata__", None)
    tensors: dict[str, Tensor] = {}
    for name, entry in header.items():
        if entry["dtype"] not in NUMBERS:
            continue  # position ids, which a graph without an upper layer does not need
        start, end = (8 + length + offset for offset in entry["data_offsets"])
        numbers = np.frombuffer(raw[start:end], NUMBERS[entry["dtype"]])
        tensors[name.removeprefix("bert.")] = numbers.reshape(entry["shape"]).astype(np.float32)
    return tensors


def _bert(tensors: Mapping[str, Tensor], settings: Mapping[str, Any]) -> Encoder:
    words = tensors["embeddings.word_embeddings.weight"]
    positions = tensors["embeddings.position_embeddings.weight"]
    layers: list[Layer] = []
    while f"encoder.layer.{len(layers)}.output.dense.weight" in tensors:
        layers.append(_bert_layer(tensors, f"encoder.layer.{len(layers)}."))
    return Encoder(
        heads=int(settings.get("num_attention_heads", words.shape[1] // HEAD_WIDTH)),
        epsilon=float(settings.get("layer_norm_eps", EPSILON)),
        words=words,
        positions=positions + tensors["embeddings.token_type_embeddings.weight"][0],
        norm=_bert_norm(tensors, "embeddings.LayerNorm."),
        layers=layers,
    )


def _bert_layer(tensors: Mapping[str, Tensor], at: str) -> Layer:
    three = [_bert_linear(tensors, f"{at}attention.self.{part}.") for part in _THREE]
    return Layer(
        attend=_side_by_side(three),
        attended=_bert_linear(tensors, at + "attention.output.dense."),
        attended_norm=_bert_norm(tensors, at + "attention.output.LayerNorm."),
        widen=_bert_linear(tensors, at + "intermediate.dense."),
        narrow=_bert_linear(tensors, at + "output.dense."),
        narrow_norm=_bert_norm(tensors, at + "output.LayerNorm."),
    )


_THREE = ("query", "key", "value")


def _bert_linear(tensors: Mapping[str, Tensor], at: str) -> Linear:
    return Linear(weight=tensors[at + "weight"].T, bias=tensors[at + "bias"])


def _bert_norm(tensors: Mapping[str, Tensor], at: str) -> Norm:
    return Norm(scale=tensors[at + "weight"], shift=tensors[at + "bias"])


def _side_by_side(parts: list[Linear]) -> Linear:
    return Linear(
        weight=np.concatenate([part.weight for part in parts], axis=1),
        bias=np.concatenate([part.bias for part in parts]),
    )


# The packed file, little-endian throughout:
#   magic (8 bytes); 7 int32: dims, layers, heads, inner width, words, positions, token types;
#   float32 epsilon; int32 block length of a quantised row
#   tokenizer: 5 int32: pieces, <s>, </s>, <pad>, <unk>; uint64 bytes of all pieces;
#     uint32 offsets (pieces + 1); float32 scores (pieces); the pieces' bytes
#   character map: int32 entries, uint32 bytes; an entry is uint32 from, uint8 n, n uint32 to
#   directory: int32 tensors; each uint16 length of name, name, uint8 kind, uint32 numbers,
#     uint64 offset, uint64 bytes
#   tensors: kind 0 float32; kind 1 blocks of 32 numbers: a float16 scale, then 16 bytes whose
#     low halves are the first 16 numbers and whose high halves are the last 16, each less 8

_HEADER = struct.Struct("<8s7ifi")
_PIECES = struct.Struct("<5iQ")
_ENTRY = struct.Struct("<BIQQ")
_BLOCK = np.dtype([("scale", "<f2"), ("halves", "u1", 16)])


def packed_e5(path: Path) -> Weights:
    """Read multilingual-e5-small from its packed 4-bit file."""
    try:
        return _Packed(path.read_bytes()).weights()
    except (KeyError, ValueError, struct.error) as error:
        raise ServiceRefused(f"{path.name} is not a packed e5 model: {error!r}") from error


class _Packed:
    """The packed file's contents by name."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        header = _HEADER.unpack_from(raw)
        self._dims, self._layers, self._heads, self._inner, self._words = header[1:6]
        self._epsilon = float(header[8])
        at = _HEADER.size
        count, self._start, self._end, _, self._unknown, size = _PIECES.unpack_from(raw, at)
        at += _PIECES.size
        offsets = np.frombuffer(raw, "<u4", count + 1, at)
        at += offsets.nbytes
        scores = np.frombuffer(raw, "<f4", count, at)
        at += scores.nbytes
        self._pieces = [
            (raw[at + start : at + end].decode("utf-8"), float(score))
            for start, end, score in zip(offsets[:-1], offsets[1:], scores, strict=True)
        ]
        at += size
        (map_bytes,) = struct.unpack_from("<I", raw, at + 4)
        self._directory = self._read_directory(at + 8 + map_bytes)

    def _read_directory(self, at: int) -> dict[str, tuple[int, int]]:
        (count,) = struct.unpack_from("<i", self._raw, at)
        at += 4
        directory: dict[str, tuple[int, int]] = {}
        for _ in range(count):
            (length,) = struct.unpack_from("<H", self._raw, at)
            at += 2
            name = self._raw[at : at + length].decode("ascii")
            _, _, offset, size = _ENTRY.unpack_from(self._raw, at + length)
            directory[name] = (offset, size)
            at += length + _ENTRY.size
        return directory

    def weights(self) -> Weights:
        types = self._floats("emb.type").reshape(-1, self._dims)
        positions = self._floats("emb.pos").reshape(-1, self._dims)
        encoder = Encoder(
            heads=self._heads,
            epsilon=self._epsilon,
            words=self._blocks("emb.word", self._words),
            positions=positions + types[0],
            norm=self._norm("emb.ln"),
            layers=[self._layer(f"l{number}.") for number in range(self._layers)],
        )
        return Weights(encoder=encoder, tokenizer=self._tokenizer())

    def _layer(self, at: str) -> Layer:
        dims = self._dims
        return Layer(
            attend=_side_by_side([self._linear(at + part, dims) for part in "qkv"]),
            attended=self._linear(at + "ao", dims),
            attended_norm=self._norm(at + "aln"),
            widen=self._linear(at + "fi", self._inner),
            narrow=self._linear(at + "fo", dims),
            narrow_norm=self._norm(at + "oln"),
        )

    def _linear(self, name: str, outputs: int) -> Linear:
        return Linear(weight=self._blocks(name + ".w", outputs).T, bias=self._floats(name + ".b"))

    def _norm(self, name: str) -> Norm:
        return Norm(scale=self._floats(name + ".w"), shift=self._floats(name + ".b"))

    def _floats(self, name: str) -> Tensor:
        offset, size = self._directory[name]
        return np.frombuffer(self._raw, "<f4", size // 4, offset)

    def _blocks(self, name: str, rows: int) -> Tensor:
        offset, size = self._directory[name]
        blocks = np.frombuffer(self._raw, _BLOCK, size // _BLOCK.itemsize, offset)
        numbers = np.empty((len(blocks), 32), dtype=np.float32)
        numbers[:, :16] = blocks["halves"] & 15
        numbers[:, 16:] = blocks["halves"] >> 4
        numbers -= 8
        numbers *= blocks["scale"].astype(np.float32)[:, None]
        return numbers.reshape(rows, -1)

    def _tokenizer(self) -> "Tokenizer":
        from tokenizers import Tokenizer, models, pre_tokenizers, processors

        tokenizer = Tokenizer(models.Unigram(self._pieces, unk_id=self._unknown))
        tokenizer.normalizer = _normalizer()
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
            [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace()]
        )
        start, end = self._pieces[self._start][0], self._pieces[self._end][0]
        tokenizer.post_processor = processors.TemplateProcessing(
            single=f"{start} $A {end}",
            special_tokens=[(start, self._start), (end, self._end)],
        )
        return tokenizer


DROPPED = "[\x01-\x08\x0b\x0e-\x1f\x7f\x8f\x9f]"
SPACES = "[\t\n\x0c\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]"


def _normalizer() -> Any:
    """Return what the file's character map does, in the tokenizers library's own terms.

    The map (4,837 entries) is NFKC, but for the characters of DROPPED and SPACES and for 74
    that Unicode took in after it was made: compared for every code point.
    """
    from tokenizers import Regex, normalizers

    return normalizers.Sequence(
        [
            normalizers.Replace(Regex(DROPPED), ""),
            normalizers.Replace(Regex(SPACES), " "),
            normalizers.NFKC(),
        ]
    )
