"""How lists, facets and phrases grow: `python -m benchmarks.thin [--articles 100000]`.

Short invented articles, many of which are soon made: what is counted are labels, not words. A
word stands in every article, in each third, tenth, hundredth; facets are asked for all ten at
once. Of two phrases each article holds the stems in a row, and none the words. Milliseconds of a
processor: first in an archive that was just opened, then the median of five more. At the end
somebody asks who has read all of it, five times after one article more: the median of the first
answers, and of those that come after each of them.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from functools import partial
from operator import methodcaller
from pathlib import Path
from typing import get_args

from benchmarks import invented
from ingest.archive import Archive
from ingest.archive.browse import Browse, FacetField
from ingest.archive.record import digest
from ingest.article import Article, Part, Passage
from ingest.language.speech.sayings import EXTRACTOR
from ingest.settings import IngestSettings

_BATCH = 10_000
_SHARES = {"every": 1, "third": 3, "tenth": 10, "hundredth": 100}
_PEOPLE, _AUTHORS, _OUTLETS = 1_500, 400, 40
_COPIES = 8
"""One in so many articles is a copy of an earlier one."""
_PHRASES = {
    "phrase, printed in the first": "It was a every third tenth hundredth one",
    "phrase, a form of which is nowhere": "ministers spoke to his council",
    "phrase, each form of which is everywhere": "ministers spoke to his councils",
}
_AGAIN = 5
_AFTER = ("list, word of every", "all facets, word of every")


def grow(archive: Archive, articles: int) -> None:
    """Put short articles into an archive, as if they had been read."""
    chance = random.Random(1)
    people = [f"{invented.name(2 * n)} {invented.name(2 * n + 1)}" for n in range(_PEOPLE)]
    with archive.writing():
        archive.catalogue.set_meta("sketches", "2")
        for first in range(0, articles, _BATCH):
            with archive.catalogue.transaction():
                change = archive.catalogue.new_change()
                speakers = dict(_speakers(archive, people))
                for n in range(first, min(first + _BATCH, articles)):
                    who = people[min(int(chance.paretovariate(0.7)), _PEOPLE) - 1]
                    _put(archive, _article(n, who, chance), change, speakers[who])
            archive.words.follow(archive.catalogue)
        archive.follow()


def _speakers(archive: Archive, people: list[str]) -> Iterator[tuple[str, int]]:
    run = archive.catalogue.connection.execute
    known = {str(name): int(v) for v, name in run("SELECT v, name FROM speakers").fetchall()}
    for name in people:
        if name not in known:
            row = run("INSERT INTO speakers (name) VALUES (?) RETURNING v", (name,)).fetchone()
            known[name] = int(row[0])
    yield from known.items()


def _article(n: int, who: str, chance: random.Random) -> Article:
    words = [word for word, each in _SHARES.items() if n % each == 0]
    title = f"{invented.name(n).capitalize()} heard of it"
    told = f"It was a {' '.join(words)} one, ministers say."
    body = f"“The minister spoke to his councils,” said {who}. {told}"
    text = f"{title}\n\n{body}"
    at = len(title) + 2
    return Article(
        article_id=f"{n:016x}", key=str(n), version=1, text=text, title=title, language="en",
        parts=(
            Part(part="headline", start=0, end=len(title)),
            Part(part="body", start=at, end=len(text)),
        ),
        outlet=f"The {invented.name(min(int(chance.paretovariate(0.8)), _OUTLETS))} Post",
        authors=(invented.name(chance.randrange(_AUTHORS)),),
        date=date(2010, 1, 1) + timedelta(days=chance.randrange(5_500)),
        section=chance.choice(("News", "Politics", "Sport")),
        kind=chance.choice(("report", "comment", None)),
        collection=chance.choice(("wire", None)),
    )  # fmt: skip


def _put(archive: Archive, one: Article, change: int, speaker: int) -> None:
    catalogue = archive.catalogue
    run = catalogue.connection.execute
    cut = [Passage(start=part.start, end=part.end, part=part.part) for part in one.parts]
    a, _ = catalogue.put(one, cut, change, digest(one.text))
    n = int(one.key)
    story = digest(f"{n - n % _COPIES if n % _COPIES == 1 else n}")
    run("UPDATE articles SET story = ? WHERE a = ?", (story, a))
    at = one.parts[1].start
    said = (a, at, at + 36, "direct", speaker, at + 43, at + 50, *[None] * 4, False, True, False,
            False, n)  # fmt: skip
    run(f"INSERT INTO statements VALUES ({','.join('?' * 16)})", said)
    run("INSERT INTO heard VALUES (?, ?)", (a, EXTRACTOR))


def _asked() -> Mapping[str, Callable[[Archive], object]]:
    """Return what is asked of an archive."""
    every = get_args(FacetField)
    lists = {f"list, word of {one}": Browse(words=one) for one in _SHARES}
    lists |= {f"all facets, word of {one}": Browse(words=one, facets=every) for one in _SHARES}
    lists |= {"list of all": Browse(), "list of all, newest first": Browse(order="newest")}
    return {
        **{name: methodcaller("browse", asked) for name, asked in lists.items()},
        **{name: partial(_quoted, phrase) for name, phrase in _PHRASES.items()},
    }


def _quoted(phrase: str, archive: Archive) -> object:
    return archive.speech.quoted(phrase)


def _took(call: Callable[[Archive], object], archive: Archive) -> float:
    began = time.process_time()
    call(archive)
    return (time.process_time() - began) * 1000


def _after_more(call: Callable[[Archive], object], archive: Archive, n: int) -> tuple[float, ...]:
    """Return how long an archive takes that has one article more, and when it is asked again."""
    call(archive)
    took: list[tuple[float, float]] = []
    chance = random.Random(n)
    for more in range(n, n + _AGAIN):
        who = f"{invented.name(2 * more)} {invented.name(2 * more + 1)}"
        archive.put([_article(more, who, chance)])
        archive.speech.hear()
        took.append((_took(call, archive), _took(call, archive)))
    return tuple(map(statistics.median, zip(*took, strict=True)))


def main() -> None:
    """Make the archive, ask it, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    articles = parser.parse_args().articles
    with tempfile.TemporaryDirectory() as folder:
        place, settings = Path(folder) / "archive", IngestSettings(embedder="none")
        with Archive.open(place, create=True, settings=settings) as archive:
            grow(archive, articles)
        print(f"| {articles:,} articles, CPU ms | first | then |\n|---|---|---|")
        for name, call in _asked().items():
            with Archive.open(place, settings=settings) as archive:
                first = _took(call, archive)
                then = statistics.median(_took(call, archive) for _ in range(_AGAIN))
            print(f"| {name} | {first:,.0f} | {then:,.0f} |", flush=True)
        for n, name in enumerate(_AFTER):
            with Archive.open(place, settings=settings) as archive:
                first, then = _after_more(_asked()[name], archive, articles + n * _AGAIN)
            print(f"| {name}, after one article more | {first:,.0f} | {then:,.0f} |", flush=True)


if __name__ == "__main__":
    main()
