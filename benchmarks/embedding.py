"""Measure the local embedders: int8 as prepared, against fp32 sessions of the same weights.

    python -m benchmarks.embedding [--models e5-small minilm] [--articles 300] [--data FOLDER]

One run, one thread, three ways taken in turn on the same chunks of leads (headline and first
180 words): `int8` is what the program does, `fp32` the same with an fp32 graph, `naive` that
graph in the given order, 32 texts at a time, as a plain loop would. Rates are texts a
CPU-second. The fp32 graph is made in the user's cache and is no part of an ordinary pull.
"""

import argparse
import gzip
import json
import resource
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ingest.embed import local_models
from ingest.embed.encoder import OnnxEmbedder, Vectors
from ingest.places import cache_dir

LEAD_WORDS = 180
CHUNK = 32
DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
SAMPLE = Path(__file__).resolve().parents[1] / "ingest" / "sample" / "articles"

Embed = Callable[[Sequence[str]], Vectors]


class Timed(NamedTuple):
    """What one way gave, and the CPU-seconds it took."""

    vectors: Vectors
    seconds: float


def leads(data: Path, count: int) -> list[str]:
    """Return the leads of evenly spread articles, of the sample where the data is absent."""
    file = data / "realtimeqa" / "articles.jsonl.gz"
    if file.is_file():
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            records = [json.loads(line) for line in lines]
    else:
        lines_of = (path.read_text("utf-8").splitlines() for path in SAMPLE.rglob("*.jsonl"))
        records = [json.loads(line) for lines in lines_of for line in lines]
    records = [record for record in records if record.get("text")]
    spread = records[:: max(1, len(records) // count)][:count]
    return [
        f"{record.get('title') or ''}\n{' '.join(record['text'].split()[:LEAD_WORDS])}"
        for record in spread
    ]


def naive(folder: Path) -> Embed:
    """Return a plain loop's embedding: 32 texts in their order, padded to the longest."""
    import onnxruntime
    from tokenizers import Tokenizer

    described = json.loads((folder / "model.json").read_text("utf-8"))
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.enable_truncation(described["max_tokens"])
    tokenizer.enable_padding()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        folder / "fp32.onnx", options, providers=["CPUExecutionProvider"]
    )

    def embed(texts: Sequence[str]) -> Vectors:
        encoded = tokenizer.encode_batch([described["passage_prefix"] + text for text in texts])
        mask = np.array([one.attention_mask for one in encoded])
        ids = np.array([one.ids for one in encoded])
        (hidden,) = session.run(None, {"input_ids": ids, "attention_mask": mask})
        mean = (hidden * mask[:, :, None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        return np.asarray(mean / np.linalg.norm(mean, axis=1, keepdims=True), dtype=np.float32)

    return embed


def measure(ways: dict[str, Embed], texts: Sequence[str]) -> dict[str, Timed]:
    """Run every way on every chunk in turn, so that a busy machine is busy for all."""
    made: dict[str, list[Vectors]] = {way: [] for way in ways}
    spent = dict.fromkeys(ways, 0.0)
    for embed in ways.values():
        embed(texts[:2])
    for start in range(0, len(texts), CHUNK):
        for way, embed in ways.items():
            begun = time.process_time()
            made[way].append(embed(texts[start : start + CHUNK]))
            spent[way] += time.process_time() - begun
    return {way: Timed(np.concatenate(made[way]), spent[way]) for way in ways}


def query_milliseconds(embedder: OnnxEmbedder) -> float:
    """Return the median CPU time of a question."""
    taken = []
    for number in range(21):
        begun = time.process_time()
        embedder.query(f"What did the council decide about bridge number {number}?")
        taken.append(time.process_time() - begun)
    return 1000 * sorted(taken)[len(taken) // 2]


def report(name: str, texts: Sequence[str]) -> None:
    folder = local_models.pull(name, into=cache_dir() / "benchmarks" / "models", keep_fp32=True)
    # The model as the program keeps it is measured first, so that peak memory is its own.
    begun = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    small = OnnxEmbedder(folder, threads=1)
    small.passages(texts[:CHUNK])
    peak = max(begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) // 1024
    query = query_milliseconds(small)
    whole = OnnxEmbedder(folder, threads=1, graph="fp32.onnx")
    timed = measure({"int8": small.passages, "fp32": whole.passages, "naive": naive(folder)}, texts)
    cosines = (timed["int8"].vectors * timed["fp32"].vectors).sum(axis=1)
    rates = {way: len(texts) / timed[way].seconds for way in timed}
    print(f"{name}: {len(texts)} leads, one thread", flush=True)
    print("  " + "  ".join(f"{way} {rate:.2f}/CPU-s" for way, rate in rates.items()))
    print(
        f"  int8 is {rates['int8'] / rates['fp32']:.2f} times fp32,"
        f" {rates['int8'] / rates['naive']:.2f} times naive fp32"
    )
    print(f"  cosine with fp32: mean {cosines.mean():.4f}, min {cosines.min():.4f}")
    print(f"  a question: {query:.1f} ms of CPU; peak memory so far {peak} MB")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--models", nargs="+", default=list(local_models.KNOWN))
    asked.add_argument("--articles", type=int, default=300)
    asked.add_argument("--data", type=Path, default=DATA)
    given = asked.parse_args()
    texts = leads(given.data, given.articles)
    for name in given.models:
        report(name, texts)


if __name__ == "__main__":
    main()
