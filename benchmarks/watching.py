"""What a run over saved searches takes: `python -m benchmarks.watching [--watches 1000]`.

A thousand watches of two or three words of headlines, over a thousand new articles on top of the
rest of the realtimeqa set, by words; then, with `--meaning`, by meaning with hashed words for
vectors, which says what the machinery costs beside the embedder.
"""

import argparse
import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks import newsroom
from ingest.archive import Archive, alerting
from ingest.archive.watches import Wanted, WatchKind
from ingest.article import Article
from ingest.settings import IngestSettings
from tests.fakes import HashingEmbedder

_NEW = 1_000


def queries(articles: Sequence[Article], count: int) -> list[str]:
    """Return queries of two or three longer words of headlines, always the same."""
    chance = random.Random(7)
    found: list[str] = []
    while len(found) < count:
        words = re.findall(r"\w{4,}", chance.choice(articles).title)
        if len(words) >= 3:
            found.append(" ".join(chance.sample(words, chance.choice([2, 3]))))
    return found


def measure(count: int, kind: WatchKind) -> None:
    """Print how long a run takes, and the next one, which finds nothing new."""
    with newsroom.archive("all", "none", Archive) as whole:
        numbers = [a for (a,) in whole.catalogue.connection.execute("SELECT a FROM articles")]
        articles = [replace(one, version=1) for _, one in whole.catalogue.live(numbers)]
    random.Random(5).shuffle(articles)
    old, new = articles[_NEW:], articles[:_NEW]
    embedder = None if kind == "words" else HashingEmbedder(384)
    with tempfile.TemporaryDirectory() as folder:
        settings = IngestSettings(embedder="none")
        archive = Archive.open(
            Path(folder) / "archive", create=True, settings=settings, embedder=embedder
        )
        with archive:
            archive.put(old)
            archive.embed()
            for i, query in enumerate(queries(articles, count)):
                archive.watches.add(Wanted(name=f"watch {i}", query=query, kind=kind))
            archive.put(new)
            archive.embed()
            for told in ("first", "next"):
                began, worked = time.perf_counter(), time.process_time()
                run = alerting.run(archive, archive.watches.all())
                seconds, worked = time.perf_counter() - began, time.process_time() - worked
                kinds = Counter(alert.watch.name for alert in run.alerts)
                print(
                    f"{kind}, {told} run: {run.watches:,} watches, {run.looked_at:,} new articles,"
                    f" {len(run.alerts):,} alerts of {len(kinds):,} watches: {seconds:.2f} s"
                    f", {worked:.2f} of the processor"
                )


def main() -> None:
    """Measure by words, and by meaning if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--watches", type=int, default=1_000)
    parser.add_argument("--meaning", action="store_true")
    given = parser.parse_args()
    measure(given.watches, "words")
    if given.meaning:
        measure(given.watches, "meaning")


if __name__ == "__main__":
    main()
