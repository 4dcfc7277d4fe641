"""How an archive grows: `python -m benchmarks.large [--articles 10000]`, or `make bench-large`.

Invented articles (`benchmarks.invented`) are read by words into one archive, and at each size
that is printed everything is measured anew, reading and asking each in a process of its own:
seconds, memory, disk, and percentiles of what is asked. CPU seconds beside the wall's: a shared
machine varies by half. Memory is the most there was, the index's files that are mapped with it.
Then the exponents (what takes n to the power of it when there are n articles), and by them an
estimate for a million: an estimate, not a measurement. With `--keep` the archive stays in a folder
with its figures, so that it can be grown further another time.
"""

import argparse
import json
import math
import random
import re
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import get_args

from assistant.ask import Assistant
from assistant.history import Records
from assistant.settings import Settings
from benchmarks import invented
from ingest.archive import Archive
from ingest.archive.browse import FacetField
from ingest.pipeline import Defaults, ingest
from ingest.settings import IngestSettings

_SIZES = (1_000, 3_000, 10_000, 30_000, 100_000, 300_000, 1_000_000)
_ESTIMATED = 1_000_000
_ASKED = 40
"""Questions of each kind: enough for a 95th percentile that two slow ones do not make."""

Figures = dict[str, float]


def opened(folder: Path) -> Archive:
    """Open the archive that grows."""
    return Archive.open(folder, create=True, settings=IngestSettings(embedder="none"))


def grown(folder: Path, first: int, last: int) -> Figures:
    """Read articles from one number up to another; return what it took."""
    file = folder.parent / "given.jsonl"
    invented.write(file, first, last)
    with opened(folder) as archive:
        if archive.counts.overview().articles > first:
            raise SystemExit(f"{folder} was left in the middle of a step: begin in another folder")
        began, cpu = time.perf_counter(), time.process_time()
        ingest([file], archive, given=Defaults(anew=True))
        read, cpu_read = time.perf_counter() - began, time.process_time() - cpu
        began, cpu = time.perf_counter(), time.process_time()
        archive.speech.hear()
        heard, cpu_heard = time.perf_counter() - began, time.process_time() - cpu
        archive.follow()
        status = archive.status()
    file.unlink()
    return {
        "passages": status.passages,
        "read s": read, "read CPU s": cpu_read, "statements s": heard,
        "statements CPU s": cpu_heard, "writer MB": _peak(),
        "disk MB": sum(one.stat().st_size for one in folder.rglob("*") if one.is_file()) / 1e6,
    }  # fmt: skip


def asked(folder: Path, articles: int) -> Figures:
    """Ask an archive of so many articles; return the milliseconds of each kind, and memory."""
    with opened(folder) as archive:
        desk = Assistant(archive, Settings(mode="quotes", model="none"), records=Records(most=0))
        found: Figures = {}
        own = 0.0
        for kind, (call, texts) in _kinds(desk, articles).items():
            call(texts[0])  # what is loaded once is not measured
            wall, cpu = zip(*(_timed(call, text) for text in texts[1:]), strict=True)
            found |= {
                f"{kind} p50 ms": statistics.median(wall), f"{kind} p95 ms": _p95(wall),
                f"{kind} p50 CPU ms": statistics.median(cpu), f"{kind} p95 CPU ms": _p95(cpu),
            }  # fmt: skip
            own = max(own, _own())
    return found | {"asking MB": _peak(), "of it not mapped MB": own}


def _kinds(
    desk: Assistant, articles: int
) -> Mapping[str, tuple[Callable[[str], object], Sequence[str]]]:
    """Return each way of asking, with what is asked: words of articles that are there."""
    chance = random.Random(5)
    rows = [invented.row(chance.randrange(articles)) for _ in range(_ASKED + 1)]
    words = [" ".join(chance.sample(re.findall(r"\w{5,}", row["text"]), 3)) for row in rows]
    phrases = [f'"{_phrase(row["text"], chance)}"' for row in rows]
    people = [invented.spoke(row["text"]) or row["author"] for row in rows]
    every = get_args(FacetField)
    return {
        "search": (lambda text: desk.search(text, by="words"), words),
        "phrase": (lambda text: desk.search(text, by="words"), phrases),
        "list": (lambda text: desk.browse(" ".join(text.split()[:2])), words),
        "facets": (lambda text: desk.browse(text.split()[0], facets=every), words),
        "said": (desk.said, people),
        "ask": (lambda name: desk.ask(f"What did {name} say?"), people),
    }


def _phrase(text: str, chance: random.Random) -> str:
    """Return four words of a text in a row."""
    lines = [re.findall(r"\w+", line) for line in re.split(r"[.\n\"“”]", text)]
    words = chance.choice([line for line in lines if len(line) > 5])
    at = chance.randrange(len(words) - 4)
    return " ".join(words[at : at + 4])


def _timed(call: Callable[[str], object], text: str) -> tuple[float, float]:
    began, cpu = time.perf_counter(), time.process_time()
    call(text)
    return (time.perf_counter() - began) * 1000, (time.process_time() - cpu) * 1000


def _p95(values: Sequence[float]) -> float:
    return statistics.quantiles(values, n=20)[-1]


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _own() -> float:
    """Return the MB that this process holds now without the files that it has mapped."""
    status = Path("/proc/self/status").read_text("utf-8")
    return int(status.partition("RssAnon:")[2].split()[0]) / 1024


def measured(place: Path, sizes: Sequence[int]) -> dict[int, Figures]:
    """Grow an archive to each size, and measure it there; what reading took is added up.

    The figures stand beside the archive in the folder `place`: what is there is not done again.
    """
    notes = place / "figures.json"
    kept = json.loads(notes.read_text("utf-8")) if notes.exists() else {}
    found: dict[int, Figures] = {int(size): figures for size, figures in kept.items()}
    folder, before = place / "archive", max(found, default=0)
    spent: Figures = dict(found.get(before, {}))
    for size in (size for size in sizes if size > before):
        grew = _apart("grow", folder, before, size)
        for what in ("read s", "read CPU s", "statements s", "statements CPU s"):
            spent[what] = grew[what] = spent.get(what, 0.0) + grew[what]
        found[size] = grew | _apart("ask", folder, size)
        notes.write_text(json.dumps(found), "utf-8")
        print(f"{size:,} articles are measured", file=sys.stderr, flush=True)
        before = size
    return found


def _apart(part: str, *words: object) -> Figures:
    """Do one part in a process of its own: its memory is then its own, too."""
    command = [sys.executable, "-m", "benchmarks.large", "--part", part, *map(str, words)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    figures: Figures = json.loads(done.stdout)
    return figures


def table(found: Mapping[int, Figures]) -> str:
    """Return the figures at each size, their exponents, and the estimate, as Markdown."""
    sizes = list(found)
    heads = ["", *(f"{size:,}" for size in sizes), "exponent", f"estimate for {_ESTIMATED:,}"]
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    for what in found[sizes[0]]:
        values = [found[size][what] for size in sizes]
        exponent = _exponent(sizes, values)
        cells = [what, *map(_told, values)]
        if exponent is None:
            cells += ["", ""]
        else:
            cells += [f"{exponent:.2f}", _told(values[-1] * (_ESTIMATED / sizes[-1]) ** exponent)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _exponent(sizes: Sequence[int], values: Sequence[float]) -> float | None:
    """Return the power with which a figure grows, the straight line through the logarithms."""
    if len(sizes) < 2 or min(values) <= 0:
        return None
    return statistics.linear_regression(
        [math.log(size) for size in sizes], [math.log(value) for value in values]
    ).slope


def _told(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


_PARTS: Mapping[str, Callable[..., Figures]] = {"grow": grown, "ask": asked}


def main() -> None:
    """Grow, measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=10_000, help="the last size")
    parser.add_argument("--sizes", help="the sizes, in place of the usual ones: 1000,3000")
    parser.add_argument(
        "--keep", type=Path, help="a folder where archive and figures stay, to go on"
    )
    parser.add_argument("--part", nargs="+", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.part:
        part, folder, *numbers = given.part
        print(json.dumps(_PARTS[part](Path(folder), *map(int, numbers))))
        return
    sizes = [int(size) for size in given.sizes.split(",")] if given.sizes else [
        *(size for size in _SIZES if size < given.articles), given.articles,
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as passing:
        place: Path = given.keep or Path(passing)
        place.mkdir(parents=True, exist_ok=True)
        print(table(measured(place, sizes)))
    print(
        f"\nThe last column is an estimate: the last size, carried on by the exponent through all."
        f" {_ASKED} questions of each kind, by words, one at a time."
    )


if __name__ == "__main__":
    main()
