"""How fast and how large: `python -m benchmarks.speed [--articles 2909]`.

Articles a second until they can be found by words, peak memory of that at 300 and at all
articles, the median time of `search` and `ask` in quotes mode, and cold starts of the command
line. Each ingest runs in a process of its own. Wall time on a shared machine varies by half:
compare ratios.
"""

import argparse
import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import newsroom


def ingested(articles: Path, folder: Path) -> dict[str, float]:
    """Read articles into a new archive, by words, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.speed_reading", str(articles), str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def some(most: int, folder: Path) -> Path:
    """Write the first articles of the set to a file."""
    file = folder / f"{most}.jsonl"
    whole = newsroom.DATA / "realtimeqa" / "articles.jsonl.gz"
    with gzip.open(whole, "rt", encoding="utf-8") as lines, file.open("w") as kept:
        kept.writelines(line for _, line in zip(range(most), lines, strict=False))
    return file


def cold(*arguments: str, archive: Path) -> float:
    """Return the median seconds of five cold starts of a command."""
    environment = {**os.environ, "MORGUE_ARCHIVE": str(archive), "MORGUE_EMBEDDER": "none"}
    spent = []
    for _ in range(5):
        began = time.perf_counter()
        command = [sys.executable, "-m", "assistant", *arguments]
        subprocess.run(command, env=environment, capture_output=True, check=True)
        spent.append(time.perf_counter() - began)
    return statistics.median(spent)


def warm(archive: Path) -> tuple[float, float]:
    """Return the median milliseconds of a search and of an answer, by words."""
    from assistant.ask import Assistant
    from assistant.history import Records
    from assistant.settings import Settings
    from ingest.archive import Archive
    from ingest.settings import IngestSettings

    with Archive.open(archive, settings=IngestSettings(embedder="none")) as shelf:
        assistant = Assistant(shelf, Settings(mode="quotes", model="none"), records=Records(most=0))
        spent: dict[str, list[float]] = {"search": [], "ask": []}
        for asked in newsroom.questions():
            for verb, call in (("search", assistant.search), ("ask", assistant.ask)):
                began = time.perf_counter()
                call(asked.text)
                spent[verb].append(time.perf_counter() - began)
    return statistics.median(spent["search"]) * 1000, statistics.median(spent["ask"]) * 1000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=2909)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for most in (300, given.articles):
            found = ingested(some(most, folder), folder / f"archive-{most}")
            print(
                f"{found['articles']:.0f} articles, {found['passages']:.0f} passages by words: "
                f"{found['articles'] / found['seconds']:.0f} articles/s, "
                f"{found['articles'] / found['cpu']:.0f} a CPU-second, "
                f"peak {found['megabytes']:.0f} MB"
            )
        archive = folder / f"archive-{given.articles}"
        print(f"cold status: {cold('status', archive=archive):.2f} s")
        question = newsroom.questions()[0].text
        print(f"cold ask:    {cold('ask', question, archive=archive):.2f} s")
        search, ask = warm(archive)
        print(f"search: median {search:.0f} ms    ask, quotes: median {ask:.0f} ms (by words)")


if __name__ == "__main__":
    main()
