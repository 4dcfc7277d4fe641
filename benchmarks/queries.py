"""What operators cost: `python -m benchmarks.queries [ARCHIVE]`.

The median and the slowest time of queries of each kind on the 2,909 articles of realtimeqa, ten
hits each, by words, beside the median of the processor's time, which a busy machine leaves as it
is, and the size of the index; of a page of what somebody said, by name and by role, and of where
words are printed, with nobody who reads. An archive of one's own may be named.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from assistant.check.reader import NearCopies
from assistant.compose import who_said
from benchmarks import newsroom
from ingest.archive import Archive, Search
from ingest.archive.query import read_query
from ingest.archive.statement_store import Speech
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
SPEAKERS = [
    ("Biden", ""), ("Biden", "inflation"), ("Putin", ""), ("Truss", "tax"), ("Gensler", ""),
    ("Shinzo Abe", ""), ("a doctor", ""), ("the foreign ministry", ""), ("police", "shooting"),
]  # fmt: skip
"""Whose words are asked for, and which."""

QUOTED = [
    "a clarion call to crypto platforms", "the beginning of the end", "we will not be intimidated",
    "this is not who we are as a nation", "the worst is yet to come for families this winter",
]  # fmt: skip
_ROUNDS = 5


def searched(archive: Archive, typed: str) -> int:
    """Return how many hits a query has, from what is typed on."""
    query, filters = archive.narrowed(read_query(typed), Filters())
    search = Search(text=query.ranking, must=query.must, filters=filters, by="words")
    return len(archive.search(search))


def said(archive: Archive, speaker: str, words: str) -> int:
    """Return how many statements a speaker made, having looked up a page of them."""
    return who_said.said(archive, NearCopies(), Speech(speaker=speaker, words=words)).total


def quoted(archive: Archive, words: str) -> int:
    """Return in how many places words are printed, as they are or altered."""
    return len(who_said.quote(archive, NearCopies(), words).appearances)


def report(kind: str, queries: Sequence[Callable[[], int]]) -> None:
    """Print the median and the slowest of some queries in milliseconds, and what they found."""
    spent: list[float] = []
    worked: list[float] = []
    hits: list[int] = []
    for _ in range(_ROUNDS):
        hits = []
        for query in queries:
            began, at_work = time.perf_counter(), time.process_time()
            hits.append(query())
            spent.append((time.perf_counter() - began) * 1000)
            worked.append((time.process_time() - at_work) * 1000)
    print(
        f"{kind}: median {statistics.median(spent):.1f} ms ({statistics.median(worked):.1f} of the"
        f" processor), slowest {max(spent):.1f}; hits {hits}",
        flush=True,
    )


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(temporary) / "archive"
        settings = IngestSettings(embedder="none")
        with Archive.open(folder, create=True, settings=settings) as archive:
            if len(sys.argv) == 1:
                ingest([newsroom.DATA / "realtimeqa" / "articles.jsonl.gz"], archive, embed=False)
            archive.follow()
            archive.speech.hear()
            searched(archive, "ferry")
            for kind, queries in KINDS.items():
                report(kind, [partial(searched, archive, typed) for typed in queries])
            report("said", [partial(said, archive, *asked) for asked in SPEAKERS])
            report("quote", [partial(quoted, archive, words) for words in QUOTED])
            for part in ("articles", "passages"):
                files = (folder / "words").glob(f"*/{part}/*")
                print(f"{part}: {sum(one.stat().st_size for one in files) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
