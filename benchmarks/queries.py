"""What operators cost: `python -m benchmarks.queries [ARCHIVE]`.

The median and the slowest time of queries of each kind on the 2,909 articles of realtimeqa, ten
hits each, by words, beside the median of the processor's time, which a busy machine leaves as it
is, and the size of the index. An archive of one's own may be named.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import newsroom
from ingest.archive import Archive, Search
from ingest.archive.query import read_query
from ingest.article import Filters
from ingest.pipeline import ingest
from ingest.settings import IngestSettings

KINDS = {
    "words alone": ["Musk Twitter lawsuit", "grain exports from Odesa", "monkeypox vaccine"],
    "phrase": [
        '"a clarion call to crypto platforms"', '"house of cards"', '"prime minister"',
        '"the White House"', '"climate change"', '"Supreme Court" abortion', '"long COVID"',
        '"cost of living"', '"partial mobilization"', '"World Cup"',
    ],
    "sentence": [
        "Musk /s lawsuit", "Biden /s inflation", "grain /s Odesa", "Truss /s resign",
        "FTX /s fraud",
        "Putin /s mobilization", "Shinzo /s Abe", "Fed /s rates", "strike /s nurses",
        "(Musk OR Tesla) /s shares",
    ],
    "paragraph": ["Musk /p lawsuit", "Biden /p inflation", "Truss /p tax", "vaccine /p children"],
    "near": ['"grain deal"~4', '"prime resign minister"~6', '"rates Fed raise"~5'],
    "without": ["Musk Twitter -lawsuit", '"prime minister" -Truss', "Biden -Trump -inflation"],
    "prefix": ["Zelensk*", "vaccin* children", "Zelensk* /s grain"],
    "field": ["title:Musk", "outlet:cnn.com Musk", "after:2022-07 before:2022-09 Abe"],
    "speaker": ["speaker:Gensler", "speaker:Truss tax", "speaker:Biden inflation"],
}  # fmt: skip
_ROUNDS = 5


def timed(archive: Archive, typed: str) -> tuple[float, float, int]:
    """Return a query's milliseconds, by the clock and the processor's, from what is typed on.

    And its hits.
    """
    began, worked = time.perf_counter(), time.process_time()
    query, filters = archive.narrowed(read_query(typed), Filters())
    search = Search(text=query.ranking, must=query.must, filters=filters, by="words")
    found = archive.search(search)
    spent = time.perf_counter() - began, time.process_time() - worked
    return spent[0] * 1000, spent[1] * 1000, len(found)


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(temporary) / "archive"
        settings = IngestSettings(embedder="none")
        with Archive.open(folder, create=True, settings=settings) as archive:
            if len(sys.argv) == 1:
                ingest([newsroom.DATA / "realtimeqa" / "articles.jsonl.gz"], archive, embed=False)
            archive.follow()
            timed(archive, "ferry")
            for kind, queries in KINDS.items():
                rounds = [timed(archive, typed) for _ in range(_ROUNDS) for typed in queries]
                spent = [milliseconds for milliseconds, *_ in rounds]
                median, most = statistics.median(spent), max(spent)
                worked = statistics.median(milliseconds for _, milliseconds, _ in rounds)
                hits = [found for *_, found in rounds[: len(queries)]]
                print(
                    f"{kind}: median {median:.1f} ms ({worked:.1f} of the processor), slowest"
                    f" {most:.1f}; hits {hits}",
                    flush=True,
                )
            for part in ("articles", "passages"):
                files = (folder / "words").glob(f"*/{part}/*")
                print(f"{part}: {sum(one.stat().st_size for one in files) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
