"""What sentences look like that answer, and that only seem to: `python -m benchmarks.near_misses`.

Puts the questions of `shared/data/training` that were written by hand over articles of Wikinews to
an archive of these articles, and keeps the signs of each (`--signs`), for `benchmarks.abstention`
to fit on. Of questions in English that name somebody or something: those that a sentence answers
("gold"), the same with their article taken out ("hard"), the same with a name in them changed for
one that their article does not print ("swapped"), and those written over other texts ("never").
Questions that name nothing ("Why did the storm weaken?") are of a text that lies before whoever
asks, and left out. The questions of the sample archive stand beside them ("sample", "sample-not"),
those that neither follow another nor are asked as of a day.
"""

import argparse
import gzip
import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from assistant.find.answerability import Signs, signs
from assistant.find.candidates import candidates, read_question
from assistant.find.retrieve import retrieve
from assistant.understand.coreference import names
from assistant.understand.question import understand
from benchmarks import newsroom
from benchmarks.answers import Without
from benchmarks.cached import CachedEmbedder
from ingest.embed.embedders import load
from ingest.pipeline import ingest
from ingest.places import cache_dir
from ingest.settings import IngestSettings

_ARTICLES = newsroom.DATA / "wikinews" / "articles.jsonl.gz"
_QUESTIONS = newsroom.DATA / "training" / "hand-answers.jsonl.gz"
_SAMPLE = Path(__file__).parents[1] / "ingest" / "sample"
_SEED = 20261201


class Put(NamedTuple):
    """A question of a group as it is put: `about` is its article's address, `without` one left out.

    `item` is what questions share that were written over one text.
    """

    group: str
    text: str
    item: str
    about: str | None = None
    without: str | None = None


def questions(articles: Sequence[dict[str, str]]) -> Iterator[Put]:
    """Yield the questions of each group."""
    known = {article["title"]: article for article in articles}
    with gzip.open(_QUESTIONS, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    rows = [row for row in rows if row["language"] == row["question_language"] == "en"]
    rows = [row for row in rows if names(row["question"])]
    there = [row for row in rows if row["title"] in known]
    named = sorted({name for row in there for name in names(row["question"])})
    draw = random.Random(_SEED)
    for row in rows:
        item = row["title"] or row["item"]
        if row["title"] not in known:
            yield Put("never", row["question"], item)
        elif row["answers"]:
            article = known[row["title"]]
            about = newsroom.address(article["url"])
            yield Put("gold", row["question"], item, about)
            yield Put("hard", row["question"], item, about, about)
            others = [name for name in named if name.split()[0] not in article["text"]]
            own = draw.choice(names(row["question"]))
            swapped = row["question"].replace(own, draw.choice(others))
            yield Put("swapped", swapped, item, about)


def of_the_sample() -> Iterator[Put]:
    """Yield the questions of the sample archive, which are part of the project."""
    with (_SAMPLE / "questions.jsonl").open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if "history" not in row and "date" not in row:
                group = "sample-not" if row.get("expect") == "no_answer" else "sample"
                yield Put(group, row["question"], row["id"])


def archive(name: str, given: Path, meaning: newsroom.Meaning) -> Without:
    """Return an archive of some articles, read once and kept in the user's cache."""
    folder = cache_dir() / "benchmarks" / f"{name}-{meaning}"
    settings = IngestSettings(embedder="none" if meaning == "none" else "onnx:e5-small")
    shelf = Without.open(folder, create=True, settings=settings)
    if meaning != "none":
        embedder = load(settings, pull=True)
        assert embedder is not None
        shelf.use(CachedEmbedder(embedder))
    ingest([given], shelf, embed=False)
    if meaning != "none":
        shelf.embed(leads_only=meaning == "leads")
    return shelf


def seen(shelf: Without, put: Put) -> tuple[Signs, bool]:
    """Return the signs of a question, and whether its article was among those read."""
    shelf.left_out = frozenset([put.without]) if put.without else frozenset()
    question = understand(put.text)
    asked = read_question(shelf, question)
    hits = retrieve(shelf, question).hits
    read = {newsroom.address(hit.article.url) for hit in hits}
    told = signs(candidates(shelf, asked, hits), hits, shelf.status().embedder)
    return told, put.about in read


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--meaning", choices=["none", "leads", "all"], default="none")
    parser.add_argument("--signs", type=Path, required=True, help="keep the signs here")
    given = parser.parse_args()
    with gzip.open(_ARTICLES, "rt", encoding="utf-8") as lines:
        articles = [json.loads(line) for line in lines]
    with given.signs.open("w", encoding="utf-8") as kept:
        for name, of_it, puts in (
            ("wikinews", _ARTICLES, questions(articles)),
            ("sample", _SAMPLE / "articles", of_the_sample()),
        ):
            with archive(name, of_it, given.meaning) as shelf:
                kept.writelines(f"{json.dumps(_row(shelf, put))}\n" for put in puts)


def _row(shelf: Without, put: Put) -> dict[str, object]:
    told, read = seen(shelf, put)
    row = {"group": put.group, "id": put.text, "item": put.item, "read": read}
    return row | told._asdict()


if __name__ == "__main__":
    main()
