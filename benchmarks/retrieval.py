"""Is the answering article found? `python -m benchmarks.retrieval [--size 600] [--meaning all]`.

The 86 questions of realtimeqa whose article is in the archive, by words and by meaning, without
and with the question's date as the as-of day. Recall and reciprocal rank count articles.
"""

import argparse
import statistics
import time

from benchmarks import newsroom
from ingest.archive import Archive, Search
from ingest.article import Filters

K = 10


def ranks(archive: Archive, by: str, *, dated: bool) -> tuple[list[int], list[float]]:
    """Return for each question the rank of its article (0: not among ten) and the seconds."""
    found: list[int] = []
    seconds: list[float] = []
    for asked in newsroom.questions():
        filters = Filters(as_of=asked.day if dated else None)
        began = time.perf_counter()
        hits = archive.search(Search(text=asked.text, k=K, filters=filters, by=by))  # type: ignore[arg-type]
        seconds.append(time.perf_counter() - began)
        urls = [newsroom.address(hit.article.url) for hit in hits]
        found.append(next((i for i, url in enumerate(urls, 1) if url in asked.gold), 0))
    return found, seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=["600", "all"], default="all")
    parser.add_argument("--meaning", choices=["none", "leads", "all"], default="leads")
    given = parser.parse_args()
    archive = newsroom.archive(given.size, given.meaning, Archive)
    status = archive.status()
    print(f"{status.articles:,} articles, {status.leads_embedded:,} leads and "
          f"{status.embedded:,} of {status.passages:,} passages embedded")  # fmt: skip
    print(f"{'':22}{'R@1':>7}{'R@5':>7}{'R@10':>7}{'found':>7}{'MRR':>7}{'median ms':>11}")
    for by in ("words", "meaning", "both") if given.meaning != "none" else ("words",):
        for dated in (False, True):
            found, seconds = ranks(archive, by, dated=dated)
            n = len(found)
            at = [sum(0 < rank <= k for rank in found) / n for k in (1, 5, 10)]
            mrr = sum(1 / rank for rank in found if rank) / n
            label = f"{by}, {'as of its day' if dated else 'no date'}"
            shares = "".join(f"{share:7.3f}" for share in at)
            print(f"{label:22}{shares}{sum(r > 0 for r in found):7}{mrr:7.3f}"
                  f"{statistics.median(seconds) * 1000:11.0f}")  # fmt: skip


if __name__ == "__main__":
    main()
