"""Measure how well readers' comments are told from articles in plain text.

    python -m benchmarks.comments [--data ../shared/data] [--held-out] [--sample N]

Splices invented threads under real articles. Without `--held-out` every other article and the
layouts that were looked at while the method was tuned are used; with it, the other half and
layouts that were not. False alarms were looked at on all of these articles.
"""

import argparse
import gzip
import json
import random
import re
import time
import unicodedata
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks.threads import HELD_OUT, SEEN, Line, thread
from ingest.article import EVIDENCE
from ingest.clean.layout import Layout, parts_of

_SENTENCE = re.compile(r"(?<=[.!?…])\s+")


class Page(NamedTuple):
    """An article with a thread under it; `remarks` are spans of readers' words."""

    text: str
    ends: int
    remarks: list[tuple[int, int, str]]


class Tally:
    """Counts of one layout."""

    def __init__(self) -> None:
        self.pages = self.cut_into = self.sentences = self.through = self.lost = 0
        self.authors = self.right = 0

    def add(self, page: Page, layout: Layout) -> None:
        """Count one page."""
        self.pages += 1
        self.cut_into += any(p.part == "comment" and p.start < page.ends for p in layout.parts)
        for start, end, author in page.remarks:
            words = len(_SENTENCE.split(page.text[start:end]))
            part = next(p for p in layout.parts if p.start < end and p.end > start)
            self.sentences += words
            self.through += words if part.part in EVIDENCE else 0
            self.lost += words if part.part in {"boilerplate", "repeat"} else 0
            self.authors += bool(author)
            self.right += bool(author) and part.author == author


def articles(data: Path) -> Iterator[str]:
    """Yield the texts of wikinews and extraction as plain text."""
    with gzip.open(data / "wikinews/articles.jsonl.gz", "rt", encoding="utf-8") as rows:
        for row in rows:
            yield _tidy(json.loads(row)["text"])
    truth = json.loads((data / "extraction/ground-truth.json").read_text(encoding="utf-8"))
    for page in truth.values():
        yield _tidy(page["articleBody"])


def _tidy(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n"))


def splice(article: str, lines: Iterable[Line], apart: str) -> Page:
    """Put a thread under an article."""
    text = article.rstrip() + apart
    remarks = []
    for line in lines:
        if line.words:
            remarks.append((len(text), len(text) + len(line.text), line.author or ""))
        text += line.text + apart
    return Page(text, len(article.rstrip()), remarks)


def _spliced(article: str, name: str) -> Page:
    layout, language = (SEEN | HELD_OUT)[name]
    rng = random.Random(zlib.crc32(f"{name} {article}".encode()))
    return splice(article, layout(rng, thread(rng, language)), rng.choice(("\n", "\n\n")))


def _without_comments(texts: list[str], label: str) -> None:
    started = time.process_time()
    found = [parts_of(text) for text in texts]
    seconds = time.process_time() - started
    cut = sum(any(p.part == "comment" for p in layout.parts) for layout in found)
    print(
        f"{label}: {len(texts)} articles without comments, cut {cut} ({cut / len(texts):.2%}),"
        f" {len(texts) / seconds:,.0f} articles a CPU-second"
    )


def _with_comments(texts: list[str], layouts: Iterable[str]) -> None:
    print(f"{'layout':24} pages  into article  let through     lost  author right")
    total = Tally()
    for name in layouts:
        tally = Tally()
        for text in texts:
            page = _spliced(text, name)
            layout = parts_of(page.text)
            tally.add(page, layout)
            total.add(page, layout)
        _row(name, tally)
    _row("all", total)


def _row(name: str, t: Tally) -> None:
    print(
        f"{name:24} {t.pages:5} {t.cut_into / t.pages:13.2%} {t.through / t.sentences:12.2%}"
        f" {t.lost / t.sentences:8.2%} {t.right / max(t.authors, 1):13.1%}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--sample", type=int, default=1, help="every how manyth article")
    options = parser.parse_args()
    half = list(articles(options.data))[options.held_out :: 2][:: options.sample]
    print("held out" if options.held_out else "tuned on")
    _without_comments(half, "wikinews and extraction")
    _with_comments(half, HELD_OUT if options.held_out else SEEN)
    with gzip.open(options.data / "realtimeqa/articles.jsonl.gz", "rt", encoding="utf-8") as rows:
        texts = [_tidy(json.loads(row)["text"]) for row in rows]
    _without_comments(texts[options.held_out :: 2][:: options.sample], "realtimeqa")


if __name__ == "__main__":
    main()
