"""SQLite against PostgreSQL, in one run: `python -m benchmarks.engines [--articles N]`.

The same invented articles are put by batches of a hundred, and the same hundred searches and lists
asked, of a catalogue in a file and of one in a PostgreSQL that is started for it on this machine,
as its maker has set it up. The figures are ratios: what a machine takes differs, and others use it.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from ingest.archive import Archive
from ingest.archive.browse import Browse
from ingest.archive.moving import move
from ingest.archive.search import Search
from ingest.settings import IngestSettings
from tests import postgres_server
from tests.ingest.archive.dispatches import dispatch, mark_of

_BATCH = 100
_ASKED = 100


def took(work: Callable[[], object]) -> float:
    """Return the seconds that something takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def filled(archive: Archive, articles: int) -> None:
    """Put invented articles, a batch a transaction."""
    for first in range(0, articles, _BATCH):
        archive.put([dispatch(i, paragraphs=6) for i in range(first, first + _BATCH)])


def searched(archive: Archive, articles: int) -> None:
    """Search for a word that one article has, and for one that many have."""
    for i in range(_ASKED // 2):
        archive.search(Search(text=mark_of(i * 7 % articles), by="words"))
        archive.search(Search(text="dredging harbour board", by="words"))


def browsed(archive: Archive) -> None:
    """List the articles that hold a word, with their facets."""
    for _ in range(_ASKED // 10):
        archive.browse(Browse(words="dredging"))


def measured(folder: Path, url: str | None, articles: int) -> dict[str, float]:
    """Return what each thing takes over one engine."""
    settings = IngestSettings(embedder="none", database=url)
    with Archive.open(folder, create=True, settings=settings) as archive:
        found = {"put": took(lambda: filled(archive, articles))}
        searched(archive, articles)  # once unmeasured: what is read first is kept from then on
        found["search"] = took(lambda: searched(archive, articles))
        found["list"] = took(lambda: browsed(archive))
        if url is None:
            return found
        found["move back"] = took(lambda: move(archive, str(folder / "moved")))
    return found


def main() -> None:
    """Print the table."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--articles", type=int, default=1_000)
    given.add_argument("--rounds", type=int, default=3)
    asked = given.parse_args()
    rounds: list[tuple[dict[str, float], dict[str, float]]] = []
    with postgres_server.running(durable=True) as server, tempfile.TemporaryDirectory() as folder:
        for n in range(asked.rounds):
            at, url = Path(folder) / f"round{n}", f"{server.url}&schema=round_{n}"
            rounds.append(
                (measured(at / "file", None, asked.articles),
                 measured(at / "server", url, asked.articles))
            )  # fmt: skip
    print(f"| {asked.articles:,} articles | SQLite s | PostgreSQL s | ratio |\n|---|---|---|---|")
    for what in rounds[0][0]:
        one = statistics.median(a[what] for a, _ in rounds)
        other = statistics.median(b[what] for _, b in rounds)
        print(f"| {what} | {one:.2f} | {other:.2f} | {other / one:.2f} |")
    moved = statistics.median(b["move back"] for _, b in rounds)
    print(f"| move, compared |  | {moved:.2f} |  |")


if __name__ == "__main__":
    main()
