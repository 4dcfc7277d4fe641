"""What the first question of a process costs with e5: `python -m benchmarks.first_question`.

The model is loaded and asked once in a process of its own, by the table of its pieces and, from a
folder of links that is a model of one's own, by the tokenizers library, in turns: CPU seconds, the
memory of its own that stays (in place or swapped out), and its peak. Before, both number the
tokens of real articles and of the program's words in five languages, which must come to the same.
"""

import argparse
import gzip
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import newsroom
from ingest.embed import local_models, unigram
from ingest.places import cache_dir

ROOT = Path(__file__).resolve().parents[1]
_CHILD = """
import sys, time
from pathlib import Path
from ingest.embed.encoder import OnnxEmbedder
embedder = OnnxEmbedder(Path(sys.argv[1]), threads=1)
embedder.query("What did the council decide about the bridge?")
said = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
size = {name: int(said[name].split()[0]) / 1024 for name in ("RssAnon", "VmSwap", "VmHWM")}
print(time.process_time(), size["RssAnon"] + size["VmSwap"], size["VmHWM"])
"""
CUT = 900
"""Characters of a text: about a passage."""


def texts(most: int) -> Iterator[str]:
    """Yield the beginnings of articles, and the program's own words in five languages."""
    articles = newsroom.DATA / "realtimeqa" / "articles.jsonl.gz"
    with gzip.open(articles, "rt", encoding="utf-8") as lines:
        for line, _ in zip(lines, range(most), strict=False):
            yield json.loads(line)["text"][:CUT]
    for file in sorted((ROOT / "ingest" / "language" / "lexicon").glob("*.toml")):
        words = file.read_text("utf-8")
        yield from (words[at : at + CUT] for at in range(0, len(words), CUT))


def compare(folder: Path, most: int) -> None:
    """Say whether the table and the library number the same texts alike."""
    from tokenizers import Tokenizer

    library = Tokenizer.from_file(str(folder / "tokenizer.json"))
    library.enable_truncation(512)
    given = list(texts(most))
    ours = unigram.PieceTable(folder / unigram.TABLE, 512)(given)
    theirs = [one.ids for one in library.encode_batch_fast(given)]
    unlike = sum(one != other for one, other in zip(ours, theirs, strict=True))
    print(f"{len(given):,} texts, {sum(map(len, theirs)):,} tokens: {unlike} texts numbered unlike")


def as_ones_own(folder: Path, into: Path) -> Path:
    """Lay links to a model in a folder where it is nobody's but the user's."""
    for name in ("model.onnx", "tokenizer.json"):
        (into / name).symlink_to(folder / name)
    described = json.loads((folder / "model.json").read_text("utf-8"))
    del described["preparation"]
    (into / "model.json").write_text(json.dumps(described), "utf-8")
    return into


def measured(folder: Path) -> list[float]:
    """Return CPU seconds, the process's own megabytes and its peak after a first question."""
    command = [sys.executable, "-c", _CHILD, str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return [float(number) for number in done.stdout.split()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("--articles", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    folder = local_models.pull("e5-small", into=cache_dir() / "models")
    measured(folder)  # writes the table of a model that has none yet
    compare(folder, given.articles)
    with tempfile.TemporaryDirectory() as name:
        ways = {"table": folder, "library": as_ones_own(folder, Path(name))}
        rounds = [{way: measured(ways[way]) for way in ways} for _ in range(given.rounds)]
    for way in ways:
        least = [min(numbers) for numbers in zip(*(one[way] for one in rounds), strict=True)]
        print("{:8} {:.2f} CPU s, {:.0f} MB stay, {:.0f} MB at most".format(way, *least))


if __name__ == "__main__":
    main()
