"""What finding copies costs: `python -m benchmarks.recombined [--articles 100000]`.

CPU time and memory over articles made by recombining the paragraphs of realtimeqa and Wikinews,
one in ten of them a copy of an earlier one, cut to half.
"""

import argparse
import itertools
import random
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.stories import cut, pieces
from ingest.archive import copies
from ingest.archive.catalogue import Catalogue
from ingest.archive.stories import sketch
from ingest.article import Article, Part


def recombined(count: int) -> Iterator[Article]:
    """Yield articles of paragraphs from all over, their words shuffled, one in ten a copy.

    Shuffled, since the paragraphs of some thousand articles would each come again fifty times.
    """
    chance = random.Random(3)
    paragraphs = [p.split() for piece in pieces() for p in piece.paragraphs]
    recent: list[list[str]] = [[]]
    for i in range(count):
        if i % 10 == 9:
            own = cut(chance.choice(recent[1:]), 0.5)
        else:
            own = [" ".join(chance.sample(p, len(p))) for p in chance.sample(paragraphs, 9)]
            recent = [*recent[-500:], own]
        yield whole(i, own)


def whole(i: int, paragraphs: Sequence[str]) -> Article:
    """Return an article of some paragraphs."""
    text = "\n\n".join(paragraphs)
    ends = list(itertools.accumulate(len(p) + 2 for p in paragraphs))
    parts = tuple(
        Part(part="body", start=end - 2 - len(p), end=end - 2)
        for p, end in zip(paragraphs, ends, strict=True)
    )
    return Article(
        article_id=f"{i:016x}", key=str(i), version=1, text=text, parts=parts, title=f"Piece {i}",
        outlet=f"Paper {i % 50}",
    )  # fmt: skip


def speed(count: int) -> None:
    """Print what finding copies costs beside keeping the articles, and the memory."""
    keeping = finding = sketching = 0.0
    counts: Counter[bool] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        catalogue = Catalogue(Path(folder) / "catalogue.sqlite", create=True)
        made = recombined(count)
        while batch := list(itertools.islice(made, 200)):
            began = time.process_time()
            sketches = [sketch(article) for article in batch]
            sketching += time.process_time() - began
            with catalogue.transaction():
                began = time.process_time()
                numbers = [catalogue.put(a, (), 1, a.key.encode())[0] for a in batch]
                between = time.process_time()
                for a, article, hashes in zip(numbers, batch, sketches, strict=True):
                    alike = copies.alike(catalogue, article, hashes, a)
                    copies.join(catalogue, a, article, hashes, alike)
                finding += time.process_time() - between
                keeping += between - began
            counts.update(copies.story(catalogue, a).copies > 1 for a in numbers)
        size = (Path(folder) / "catalogue.sqlite").stat().st_size / 1e6
        rows = catalogue.connection.execute("SELECT count(*) FROM sketches").fetchone()[0]
        catalogue.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    each = 1000 / count
    print(
        f"{count} articles, CPU ms each: {sketching * each:.2f} to sketch (in a process beside), "
        f"{finding * each:.2f} to find and keep the story, {keeping * each:.2f} to keep the rest; "
        f"{counts[True]} told to share a story as they were put ({count // 10} made as copies); "
        f"peak {peak:.0f} MB; "
        f"{rows / count:.1f} hashes an article; catalogue {size:.0f} MB"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    speed(parser.parse_args().articles)


if __name__ == "__main__":
    main()
