"""How fast and in how much memory each format is read: `python -m benchmarks.intake`.

1. Articles a second until they can be found by words, by the command `morgue ingest --no-embed`:
   saved pages, one file each and in a WARC (those of the extraction set, five times, each time
   in other words; beside it the time of trafilatura alone on the same pages, in one process),
   JSON lines and Parquet (realtimeqa).
2. Memory and time over 3,000 and 30,000 articles (recombined from realtimeqa and Wikinews), and
   over the same file again, unchanged.

Times are wall time from the start of the command to its end, memory is the most that all its
processes had resident at once, looked at five times a second.
"""

import argparse
import gzip
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple

from benchmarks import newsroom
from benchmarks.recombined import recombined
from benchmarks.speed import some

_WORDS = re.compile(rb"(?<=>)[^<>{}]{30,}(?=<)")
_LONGER = re.compile(rb"\b[a-z]{5,}\b")

_ALONE = """
import sys, time
from pathlib import Path
from trafilatura import extract
pages = [path.read_bytes() for path in sorted(Path(sys.argv[1]).iterdir())]
for page in pages:
    extract(page)
"""


class Run(NamedTuple):
    """What an ingest read, in how many seconds, and its peak in megabytes."""

    articles: int
    failed: int
    seconds: float
    megabytes: float


def ingested(path: Path, archive: Path) -> Run:
    """Run the command on a path and watch what memory its processes take."""
    command = [sys.executable, "-m", "assistant", "ingest", "--no-embed", "--json", str(path)]
    environment = {**os.environ, "MORGUE_ARCHIVE": str(archive)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # what is installed has its bytecode
    began = time.perf_counter()
    with tempfile.TemporaryFile("w+") as told:
        running = subprocess.Popen(command, env=environment, stdout=told, stderr=subprocess.DEVNULL)
        peak = 0.0
        while running.poll() is None:
            peak = max(peak, resident(running.pid))
            time.sleep(0.2)
        seconds = time.perf_counter() - began
        told.seek(0)
        report = json.load(told)
    return Run(report["read"], len(report["failed"]), seconds, peak)


def resident(root: int) -> float:
    """Return the megabytes that a process and all that it started have resident."""
    children = defaultdict[int, list[int]](list)
    sizes: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # it has ended
            parent = (folder / "stat").read_text().rpartition(")")[2].split()[1]
            children[int(parent)].append(int(folder.name))
            sizes[int(folder.name)] = int((folder / "statm").read_text().split()[1])
    tree, found = [root], 0
    while tree:
        one = tree.pop()
        found += sizes.get(one, 0)
        tree += children[one]
    return found * os.sysconf("SC_PAGE_SIZE") / 1e6


def pages(rounds: int) -> list[bytes]:
    """Return the pages of the extraction set so many times, each time in other words."""
    return [_WORDS.sub(partial(turned, at), page) for at in range(rounds) for page in _pages()]


def turned(by: int, words: re.Match[bytes]) -> bytes:
    """Turn the letters of each longer word round by some places."""
    return _LONGER.sub(lambda word: word[0][by:] + word[0][:by], words[0])


def _pages() -> list[bytes]:
    folder = newsroom.DATA / "extraction"
    found = [gzip.decompress(path.read_bytes()) for path in sorted((folder / "html").glob("*.gz"))]
    with gzip.open(folder / "metadata-pages.jsonl.gz", "rt", encoding="utf-8") as rows:
        return found + [json.loads(row)["html"].encode() for row in rows]


def saved(found: Sequence[bytes], folder: Path) -> Path:
    """Write pages to a folder, one file each."""
    folder.mkdir()
    for at, page in enumerate(found):
        (folder / f"{at:05}.html").write_bytes(page)
    return folder


def crawled(found: Sequence[bytes], file: Path) -> Path:
    """Write pages to a WARC, as a crawler does."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    with file.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        for at, page in enumerate(found):
            answer = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], "HTTP/1.1")
            address = f"https://crawled.example/{at}"
            body = io.BytesIO(page)
            record = writer.create_warc_record(address, "response", body, http_headers=answer)
            writer.write_record(record)
    return file


def table(lines: Path, file: Path) -> Path:
    """Write JSON lines to a Parquet file, a row an article."""
    import pyarrow
    import pyarrow.parquet

    rows = [json.loads(line) for line in lines.open(encoding="utf-8")]
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), file)
    return file


def lines_of(count: int, file: Path) -> Path:
    """Write recombined articles as JSON lines."""
    with file.open("w", encoding="utf-8") as kept:
        for article in recombined(count):
            row: dict[str, str | None] = {
                "id": article.key,
                "title": article.title,
                "text": article.text,
            }
            row |= {"outlet": article.outlet, "date": "2024-03-01"}
            kept.write(json.dumps(row, ensure_ascii=False) + "\n")
    return file


def formats(folder: Path) -> None:
    """Print how fast each format is read."""
    held = pages(5)
    html = saved(held, folder / "pages")
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", _ALONE, str(html)], check=True)
    alone = time.perf_counter() - began
    print(f"trafilatura alone, {len(held)} pages: {alone:.1f} s, {len(held) / alone:.0f} pages/s")
    lines = some(2909, folder)
    for name, path in (
        ("HTML", html),
        ("WARC", crawled(held, folder / "pages.warc.gz")),
        ("JSONL", lines),
        ("Parquet", table(lines, folder / "rows.parquet")),
    ):
        run = ingested(path, folder / f"archive-{name}")
        print(f"{name}: {told(run)}", flush=True)
        if name in {"HTML", "WARC"}:
            print(f"  {run.seconds / alone:.2f} times what trafilatura alone takes", flush=True)


def told(run: Run) -> str:
    """Say what a run did."""
    return (
        f"{run.articles:,} articles and {run.failed} failures in {run.seconds:.1f} s: "
        f"{run.articles / run.seconds:.0f} articles/s until found by words, "
        f"peak {run.megabytes:.0f} MB"
    )


def flat(folder: Path, most: int) -> None:
    """Print memory over a tenth of the articles and all, and the time of reading them again."""
    for count in (most // 10, most):
        file = lines_of(count, folder / f"{count}.jsonl")
        archive = folder / f"archive-{count}"
        first = ingested(file, archive)
        print(f"recombined: {told(first)}", flush=True)
    again = ingested(file, archive)
    print(
        f"again, unchanged: {again.seconds:.2f} s, {first.seconds / again.seconds:.0f} times faster"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=30_000, help="articles for memory; 0: none")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        formats(Path(temporary))
        if given.most:
            flat(Path(temporary), given.most)


if __name__ == "__main__":
    main()
