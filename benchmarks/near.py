"""How searching with meaning grows: `python -m benchmarks.near [--sizes 10000,30000,100000]`.

The short articles of `benchmarks.thin`, each with a vector of its lead, made without a model: of
the length of e5's, the sum of one fixed random direction for each word, the directions drawn in 32
dimensions and a tenth as much in all. So leads that share a speaker or an outlet lie near each
other, as those of one subject do, and vectors vary in few directions, as a model's do; which words
mean the same they do not know. At each
size, in a process of its own: seconds and megabytes to embed and index, to open and search first;
milliseconds of searches by words and meaning fused, by meaning alone, and within a year; memory of
who asks; and recall, the share of the ten nearest of all, scored one by one, that are found.
Then the exponents, and by them an estimate for a million articles.
"""

import argparse
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path

import numpy as np

from benchmarks import invented, thin
from benchmarks.large import Figures, table
from ingest.archive import Archive, Search
from ingest.archive.vectors import ALL, exact
from ingest.article import Filters
from ingest.embed.encoder import Vectors
from ingest.settings import IngestSettings

_DIMS, _VARIED, _NOISE = 384, 32, 0.1
_WORDS = 1 << 14
"""Words that are told apart; more share a direction."""

_ASKED = 40
_NEAREST = 10


@cache
def _directions() -> Vectors:
    """Return a direction a word: most of it in a few dimensions, a little in all."""
    draw = np.random.default_rng(7)
    few = draw.standard_normal((_WORDS, _VARIED), dtype=np.float32)
    turned = few @ draw.standard_normal((_VARIED, _DIMS), dtype=np.float32) / _VARIED**0.5
    noise = draw.standard_normal((_WORDS, _DIMS), dtype=np.float32)
    drawn = turned + _NOISE * noise
    made: Vectors = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
    return made


class WordSums:
    """An embedder without a model: a text is the sum of its words' directions."""

    fingerprint = "word-sums/1"
    dims = _DIMS

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Embed what is searched."""
        return np.stack([self.query(text) for text in texts])

    queries = passages

    def query(self, text: str) -> Vectors:
        """Embed one text."""
        words = [zlib.crc32(word.encode()) % _WORDS for word in text.casefold().split()]
        summed = _directions()[words or [0]].sum(axis=0)
        vector: Vectors = summed / np.linalg.norm(summed)
        return vector


def _opened(folder: Path) -> Archive:
    archive = Archive.open(folder, create=True, settings=IngestSettings(embedder="none"))
    archive.use(WordSums())
    return archive


def grown(folder: Path, articles: int) -> Figures:
    """Put the articles, embed their leads and index them; return what the latter two took."""
    with _opened(folder) as archive:
        thin.grow(archive, articles)
        before = _megabytes(folder)
        began, cpu = time.perf_counter(), time.process_time()
        archive.embed(leads_only=True)
        took, computed = time.perf_counter() - began, time.process_time() - cpu
    return {
        "embed and index s": took, "embed and index CPU s": computed, "writer MB": _peak(),
        "disk of it MB": _megabytes(folder) - before,
    }  # fmt: skip


def asked(folder: Path, articles: int) -> Figures:
    """Search an archive of so many; return the milliseconds of each kind, recall and memory."""
    chance = random.Random(5)
    texts = [f"{invented.name(chance.randrange(articles))} minister" for _ in range(_ASKED + 1)]
    year = Filters(since=date(2015, 1, 1), until=date(2015, 12, 31))
    began = time.perf_counter()
    with _opened(folder) as archive:
        archive.search(Search(text=texts[0]))
        found: Figures = {"opened and searched s": time.perf_counter() - began}
        kinds: Mapping[str, Callable[[str], object]] = {
            "fused": lambda text: archive.search(Search(text=text)),
            "by meaning": lambda text: archive.search(Search(text=text, by="meaning")),
            "of a year": lambda text: archive.search(Search(text=text, filters=year)),
        }
        for kind, call in kinds.items():
            call(texts[0])
            wall, cpu = zip(*(_timed(call, text) for text in texts[1:]), strict=True)
            found |= {
                f"{kind} p50 ms": statistics.median(wall), f"{kind} p95 ms": _p95(wall),
                f"{kind} p50 CPU ms": statistics.median(cpu), f"{kind} p95 CPU ms": _p95(cpu),
            }  # fmt: skip
        found["asking MB"] = _peak()
        found["recall of ten"] = statistics.mean(_recall(archive, text) for text in texts[1:])
    return found


def _recall(archive: Archive, text: str) -> float:
    """Return the share of the nearest leads of all that a search by meaning finds."""
    vector, anything = WordSums().query(text), Filters()
    near = archive.meaning.search(archive.catalogue, vector, "leads", anything, _NEAREST)
    best = exact(archive.catalogue, vector, "leads", (ALL, []), _NEAREST)
    line = min(one.score for one in best) - 1e-6  # another one as near is as good
    return sum(one.score >= line for one in near) / len(best)


def _timed(call: Callable[[str], object], text: str) -> tuple[float, float]:
    began, cpu = time.perf_counter(), time.process_time()
    call(text)
    return (time.perf_counter() - began) * 1000, (time.process_time() - cpu) * 1000


def _p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _megabytes(folder: Path) -> float:
    return sum(one.stat().st_size for one in folder.rglob("*") if one.is_file()) / 1e6


def _apart(part: str, folder: Path, articles: int) -> Figures:
    command = [sys.executable, "-m", "benchmarks.near", "--part", part, str(folder), str(articles)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    figures: Figures = json.loads(done.stdout)
    return figures


def main() -> None:
    """Grow, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="10000,30000,100000")
    parser.add_argument("--part", nargs=3, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.part:
        part, folder, articles = given.part
        works = {"grow": grown, "ask": asked}
        print(json.dumps(works[part](Path(folder), int(articles))))
        return
    found: dict[int, Figures] = {}
    for size in map(int, given.sizes.split(",")):
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "archive"
            found[size] = _apart("grow", folder, size) | _apart("ask", folder, size)
        print(f"{size:,} articles are measured", file=sys.stderr, flush=True)
    print(table(found))


if __name__ == "__main__":
    main()
