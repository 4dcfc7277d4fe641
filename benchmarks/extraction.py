"""Measure what is told of saved web pages: body, title, byline, site, date, comments, time.

    python -m benchmarks.extraction [--data ../shared/data] [--rounds N] [--worst N]

Ours is the whole way from bytes to a cleaned article; beside it trafilatura alone on the same
pages. The body's measure is that of the article-extraction benchmark: multisets of 4-word
shingles, each page's counts normalised, the mean precision and mean recall of the pages, F1
of the two. Our body is what is neither headline, standfirst, caption, comment nor boilerplate.

A title is exact where it is the same but for spaces and the shape of quotation marks, a byline
also but for its "by"; a date where it is the same moment, or the same day if no zone is given.
Only pages whose truth states the field are counted.
"""

import argparse
import gzip
import io
import json
import re
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, cast

from ingest.article import Article, RawArticle
from ingest.clean.assemble import clean
from ingest.clean.dates import read_date
from ingest.errors import ReadError
from ingest.language.sentences import sentences
from ingest.readers import ReaderInput
from ingest.readers.webpage import reader

_BODY = {"body", "correction", "repeat"}
_WORDS = re.compile(r"\w+")
_BY = re.compile(r"^(?:(?:written|reported)\s+)?(?:by|par|por|von)\s+", re.IGNORECASE)
_QUOTES = str.maketrans("“”„‘’", '"""\'\'')
_COMMENTS = (
    "//*[self::div or self::section or self::ol or self::ul][re:test(concat(@id, ' ', @class),"
    " '(^|[ _-])(comments?(-?list|-body|-content|-text)?|disqus_thread|respond)($|[ _-])', 'i')]"
)
_LONG = 6  # words of a sentence that is looked for in a body


class Counts(NamedTuple):
    """Shares of a page's shingles that are right, too many, and missing."""

    right: float
    extra: float
    missing: float


class Told(NamedTuple):
    """What was told of one page."""

    title: str
    byline: str
    site: str
    date: str


def article(page: bytes) -> tuple[RawArticle, Article] | None:
    """Read and clean a page as `ingest` does."""
    stream = io.BufferedReader(io.BytesIO(page), 65_536)
    found = next(iter(reader.read(ReaderInput(file="page.html", stream=stream))))
    if isinstance(found, ReadError):
        return None
    try:
        return found, clean(found)
    except ReadError:
        return None


def body(page: bytes) -> str:
    """Return the body of a page as it would be stored."""
    found = article(page)
    if found is None:
        return ""
    one = found[1]
    return "\n\n".join(one.text[p.start : p.end] for p in one.parts if p.part in _BODY)


def alone(page: bytes) -> str:
    """Return what trafilatura alone takes for the body."""
    from trafilatura import extract

    return cast("str | None", extract(page, include_comments=False)) or ""


# --- the body --------------------------------------------------------------------------------


def shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _WORDS.findall(text)
    spans = (tuple(words[i : i + 4]) for i in range(max(1, len(words) - 3)))
    return Counter(span for span in spans if span)


def counts(truth: str, found: str) -> Counts:
    ours, theirs = shingles(found), shingles(truth)
    right = (ours & theirs).total()
    extra, missing = ours.total() - right, theirs.total() - right
    return Counts(*(n / max(right + extra + missing, 1) for n in (right, extra, missing)))


def share(right: float, wrong: float, other: float) -> float:
    if wrong == other == 0:
        return 1.0
    return right / (right + wrong) if right + wrong else 0.0


def f1(pages: Sequence[Counts]) -> tuple[float, float, float]:
    """Return F1, precision and recall over the pages."""
    precision = statistics.mean(share(*c) for c in pages if c.right + c.extra)
    recall = statistics.mean(share(c.right, c.missing, c.extra) for c in pages if c != (0, 0, 0))
    return 2 * precision * recall / (precision + recall), precision, recall


def _bodies(pages: dict[str, bytes], truth: dict[str, str], worst: int) -> None:
    print(f"{len(pages)} pages                 F1  precision  recall")
    for name, way in (("trafilatura alone", alone), ("morgue", body)):
        found = {key: counts(truth[key], way(page)) for key, page in pages.items()}
        whole, precision, recall = f1(list(found.values()))
        print(f"{name:20} {whole:.4f}     {precision:.4f}  {recall:.4f}")
    for key in sorted(found, key=lambda key: found[key].right)[:worst]:
        print(f"  {key[:12]} right {found[key].right:.3f} extra {found[key].extra:.3f}")


def _comments(pages: dict[str, bytes], truth: dict[str, str]) -> None:
    """Count the sentences of labelled comment sections that stand in our bodies."""
    looked = leaked = sections = 0
    for key, page in pages.items():
        ours = body(page)
        said = [s for s in _remarks(page) if s not in truth[key]]
        sections += bool(said)
        looked += len(said)
        leaked += sum(s in ours for s in said)
    print(
        f"readers' comments: {looked} sentences in the comment sections of {sections} pages,"
        f" {leaked} in bodies"
    )


def _remarks(page: bytes) -> Iterator[str]:
    from trafilatura.utils import load_html

    tree = load_html(page)
    spaces = {"re": "http://exslt.org/regular-expressions"}
    for section in () if tree is None else tree.xpath(_COMMENTS, namespaces=spaces):
        for text in section.itertext():
            words = " ".join(text.split())
            for start, end in sentences(words):
                if len(words[start:end].split()) >= _LONG:
                    yield words[start:end]


# --- what is told besides --------------------------------------------------------------------


def ours(page: bytes) -> Told:
    found = article(page)
    if found is None:
        return Told("", "", "", "")
    raw, one = found
    return Told(one.title, ", ".join(one.authors), one.outlet or "", raw.published or "")


def theirs(page: bytes) -> Told:
    from trafilatura.metadata import extract_metadata

    found = extract_metadata(page)
    values = (found.title, (found.author or "").replace("; ", ", "), found.sitename, found.date)
    return Told(*(value or "" for value in values))


def same(field: str, truth: str, told: str) -> bool:
    """Whether a field is exact."""
    if field == "date":
        stated, found = read_date(truth), read_date(told)
        both = stated.moment and found.moment
        return stated.moment == found.moment if both else bool(told) and stated.day == found.day
    a, b = (" ".join(text.translate(_QUOTES).split()) for text in (truth, told))
    if field == "byline":
        a, b = (_BY.sub("", text).casefold() for text in (a, b))
    return a == b


def _told(rows: list[dict[str, object]]) -> None:
    print("\nexact where the truth states it   title   byline   site   date")
    for name, way in (("trafilatura alone", theirs), ("morgue", ours)):
        right, asked = Counter[str](), Counter[str]()
        for row in rows:
            expected = cast("dict[str, str | None]", row["expected"])
            told = way(str(row["html"]).encode())
            for field, key in zip(
                Told._fields, ("title", "byline", "siteName", "publishedTime"), strict=True
            ):
                if stated := expected.get(key):
                    asked[field] += 1
                    right[field] += same(field, stated, getattr(told, field))
        shown = "  ".join(f"{right[f]:3}/{asked[f]}" for f in Told._fields)
        print(f"{name:32} {shown}")


# --- time ------------------------------------------------------------------------------------


def seconds(way: Callable[[bytes], object], pages: Sequence[bytes]) -> float:
    """Return the CPU time that a way takes on all pages."""
    started = time.process_time()
    for page in pages:
        way(page)
    return time.process_time() - started


def _times(pages: Sequence[bytes], rounds: int) -> None:
    """Compare the medians of rounds that alternate, so that a busy machine burdens both."""
    alone_took, ours_took = [], []
    for _ in range(rounds):
        alone_took.append(seconds(alone, pages))
        ours_took.append(seconds(article, pages))
    a, b = statistics.median(alone_took), statistics.median(ours_took)
    print(
        f"\n{len(pages)} pages: trafilatura alone {a:.2f} CPU-seconds, bytes to cleaned articles"
        f" {b:.2f}, {b / a:.2f} times"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--worst", type=int, default=0, help="list the worst pages")
    options = parser.parse_args()
    folder = options.data / "extraction"
    stated = json.loads((folder / "ground-truth.json").read_text(encoding="utf-8"))
    truth = {key: page["articleBody"] for key, page in stated.items()}
    pages = {key: gzip.decompress((folder / f"html/{key}.html.gz").read_bytes()) for key in truth}
    _bodies(pages, truth, options.worst)
    _comments(pages, truth)
    with gzip.open(folder / "metadata-pages.jsonl.gz", "rt", encoding="utf-8") as rows:
        _told([json.loads(row) for row in rows])
    _times(list(pages.values()), options.rounds)


if __name__ == "__main__":
    main()
