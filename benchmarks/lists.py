"""How long lists take: `python -m benchmarks.lists [--archive DIR] [--rounds N]`.

Prints the median and the longest of each kind of list over the articles of realtimeqa, or of
another archive: facets of all, a page of all, of a word, of a name, what happened in a month.
"""

import argparse
import statistics
import time
from datetime import date
from pathlib import Path
from typing import get_args

from benchmarks import newsroom
from ingest.archive import Archive
from ingest.archive.browse import Browse, FacetField
from ingest.article import Filters
from ingest.settings import IngestSettings

_JUNE = Filters(since=date(2022, 6, 1), until=date(2022, 6, 30))
_WANTED = {
    "facets of all articles": Browse(k=0),
    "every facet of all articles": Browse(k=0, facets=get_args(FacetField)),
    "facets of one word": Browse(words="Ukraine", k=0),
    "a page of all articles": Browse(),
    "a page of two words": Browse(words="Marburg virus", order="relevance"),
    "a page of a name": Browse(names=("Shinzo Abe",)),
    "what happened in a month": Browse(order="news", filters=_JUNE),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--archive", type=Path)
    parser.add_argument("--rounds", type=int, default=20)
    given = parser.parse_args()
    settings = IngestSettings(embedder="none")
    opened = Archive.open(given.archive, settings=settings) if given.archive else None
    with opened or newsroom.archive("all", "none", Archive) as shelf:
        print(f"{shelf.counts.overview().articles:,} articles")
        for name, wanted in _WANTED.items():
            shelf.browse(wanted)  # what is read for the first time is read from the disk
            rounds = [_took(shelf, wanted) for _ in range(given.rounds)]
            took, worked = zip(*rounds, strict=True)
            median, most = statistics.median(took), max(took)
            told = f"{statistics.median(worked):.1f} ms of the processor"
            print(f"{name:32} median {median:6.1f} ms, longest {most:6.1f} ms; {told}")


def _took(shelf: Archive, wanted: Browse) -> tuple[float, float]:
    began, worked = time.perf_counter(), time.process_time()
    shelf.browse(wanted)
    return 1000 * (time.perf_counter() - began), 1000 * (time.process_time() - worked)


if __name__ == "__main__":
    main()
