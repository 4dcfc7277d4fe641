"""The articles that all are given, and what is asked of them."""

import gzip
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import html

from benchmarks import newsroom
from benchmarks.peers.adapters.protocol import Record
from ingest.readers.fields import article as read_fields

SAMPLE = Path(__file__).resolve().parents[2] / "ingest" / "sample"
_ELSEWHERE = ("date", "history", "need", "note")
"""Questions that want a day, a talk or two articles are left out: no peer has a notion of them."""
_BLOCKS = "p div li h1 h2 h3 h4 section article aside header footer nav ul ol".split()
_SEED = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`key` are words that a right citation holds; without it nothing answers the question.

    `comment` are words of a reader that seem to answer.
    """

    text: str
    gold: frozenset[str] = frozenset()
    key: str | None = None
    speaker: str | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """A set of articles and its questions."""

    name: str
    articles: tuple[Record, ...]
    questions: tuple[Question, ...]


def sample() -> Material:
    """Return the sample archive, its pages as the plain text that a browser would show."""
    articles = tuple(_sample_articles())
    questions = [_sample_question(row) for row in _rows(SAMPLE / "questions.jsonl")
                 if not any(name in row for name in _ELSEWHERE)]  # fmt: skip
    readers = [Question(text=row["question"], comment=row["comment"])
               for row in _rows(Path(__file__).with_name("comments.jsonl"))]  # fmt: skip
    return Material(name="sample", articles=articles, questions=(*questions, *readers))


def news(size: int) -> Material:
    """Return articles of realtimeqa, all that answer among them, and as many questions of each."""
    folder = newsroom.DATA / "realtimeqa"
    known = newsroom.questions()
    gold = frozenset[str]().union(*(one.gold for one in known))
    with gzip.open(folder / "articles.jsonl.gz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    urls = json.loads((folder / "archive600.json").read_text(encoding="utf-8"))["urls"]
    wanted = {newsroom.address(url) for url in urls}
    rows = [row for row in rows if newsroom.address(row["url"]) in wanted]
    first = [row for row in rows if newsroom.address(row["url"]) in gold]
    rest = [row for row in rows if newsroom.address(row["url"]) not in gold]
    random.Random(_SEED).shuffle(rest)
    kept = first + rest[: max(0, size - len(first))]
    articles = tuple(_record(newsroom.address(row["url"]), row) for row in kept)
    never = sorted(newsroom.unanswerable(), key=lambda one: one.id)
    random.Random(_SEED).shuffle(never)
    return Material(
        name="realtimeqa", articles=articles,
        questions=(
            *(Question(text=one.text, gold=one.gold, key=one.answer) for one in known),
            *(Question(text=one.text) for one in never[: len(known)]),
        ),
    )  # fmt: skip


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _sample_articles() -> Iterator[Record]:
    """Yield the articles; neither what is embargoed nor what is a headline alone."""
    folder = SAMPLE / "articles"
    for row in _rows(folder / "articles.jsonl"):
        given = read_fields(row, {}, file="", where="")
        if given.text.strip() and given.embargo_until is None:
            yield Record(id=given.url or given.title or "", url=given.url, title=given.title,
                         date=given.published, outlet=given.outlet, text=given.text)  # fmt: skip
    for file in sorted(folder.glob("*/*")):
        text = file.read_text(encoding="utf-8")
        name = file.relative_to(folder).as_posix()
        yield page(name, text) if file.suffix == ".html" else _record(name, {"text": text})


def _record(key: str, row: dict[str, Any]) -> Record:
    return Record(id=key, url=row.get("url"), title=row.get("title"), date=row.get("date"),
                  outlet=row.get("outlet"), text=row["text"])  # fmt: skip


def page(name: str, source: str) -> Record:
    """Return what a browser shows of a saved page, and what its head says of it."""
    tree = html.document_fromstring(source.encode())
    address = tree.xpath(
        "string((//link[@rel='canonical']/@href | //meta[@property='og:url']/@content)[1])"
    )
    day = re.search(r'"datePublished": *"([^"]+)"', source)
    title = tree.xpath("string(//h1)") or None
    outlet = tree.xpath("string(//meta[@property='og:site_name']/@content)") or None
    for hidden in tree.xpath("//script | //style | //head"):
        hidden.drop_tree()
    for block in tree.iter(*_BLOCKS):
        block.tail = "\n" + (block.tail or "")
    lines = (" ".join(line.split()) for line in tree.text_content().splitlines())
    text = "\n".join(line for line in lines if line)
    return Record(id=address or name, url=address or None, title=title, outlet=outlet,
                  date=day[1] if day else None, text=text)  # fmt: skip


def _sample_question(row: dict[str, Any]) -> Question:
    gold = frozenset([*row.get("gold_urls", ()), *row.get("gold_files", ())])
    answered = row["expect"] == "answer"
    return Question(text=row["question"], gold=gold, key=row["quote"] if answered else None,
                    speaker=row.get("speaker"), comment=row.get("comment"))  # fmt: skip
