"""Read the training sets as texts with claims, and keep a tenth of the articles apart.

The sets are those of `../shared/data/training/` (its README has sources and licences) and claims
written since over its texts, one JSON object a line: `item`, `set` (hand, entail, answers),
`claim`, `label`, `kind`, `far`, and `start`, `chars` (the stretch of the text that is read) and
`contradicted` where known.
"""

import gzip
import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SUPPORTED, NOT_STATED, CONTRADICTED, NOT_SUPPORTED = 0, 1, 2, -1
"""What a claim is; the last where a set does not say why it is not supported."""

NOT_STATED_KINDS = {"added", "other_subject", "attribution_dropped", "hedge_dropped"}
STRAY, SWAPPED = "stray", "swapped"
MADE = {STRAY, SWAPPED}
"""Kinds of claims that are made by rule while training."""

WORDS_AT_MOST = 330
ENGLISH = "en"
HELD_OUT = 10
"""One article in ten is held out."""

DETOKENISED = [
    (re.compile(r"\s*</?t>\s*"), " "),
    (re.compile(r"``|''"), '"'),
    (re.compile(r"-lrb-"), "("),
    (re.compile(r"-rrb-"), ")"),
    (re.compile(r'" ([^"]*?) "'), r'"\1"'),
    (re.compile(r" ([.,;:!?%)\]])"), r"\1"),
    (re.compile(r"([(\[$£€]) "), r"\1"),
    (re.compile(r" (n't|'s|'re|'ve|'ll|'d|'m)\b"), r"\1"),
    (re.compile(r"\s+"), " "),
]
"""Half of the `fib` set is cut into tokens."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A sentence, what it is to its text, and how it is worded."""

    words: str
    is_a: int
    cell: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A text with its imprint and the claims on it; `group` is what is never split."""

    text: str
    title: str
    date: str
    language: str
    group: str
    source: str
    claims: list[Claim] = field(default_factory=list)

    @property
    def cell_known(self) -> bool:
        """Whether the claims were written by hand, in cells."""
        return bool(self.claims and self.claims[0].cell)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question, the sentences of a text, and the numbers of those that answer it."""

    words: str
    title: str
    sentences: list[str]
    answers: frozenset[int]
    group: str
    source: str


def held_out(item: Item | Question) -> bool:
    """Return whether the item's article is never trained on."""
    return int(hashlib.sha1(item.group.encode()).hexdigest(), 16) % HELD_OUT == 0


def hand(folder: Path) -> list[Item]:
    """Return the English stretches and openings that have claims written by hand."""
    items: dict[str, Item] = {}
    for row in _lines(folder / "hand-entail.jsonl.gz"):
        if row["language"] != ENGLISH:
            continue
        unsupported = NOT_STATED if row["kind"] in NOT_STATED_KINDS else CONTRADICTED
        item = items.setdefault(
            row["item"],
            Item(
                text=row["evidence"],
                title=row["title"],
                date=row["date"],
                language=row["language"],
                group=row["title"] or row["item"],
                source=row["item"],
            ),
        )
        is_a = SUPPORTED if row["label"] else unsupported
        item.claims.append(Claim(words=row["claim"], is_a=is_a, cell=row["cell"], kind=row["kind"]))
    return list(items.values())


def elsewhere(folder: Path) -> list[Item]:
    """Return the sets labelled elsewhere, a text with all its claims as one item."""
    items: dict[tuple[str, str], Item] = {}
    for row in _lines(folder / "entail.jsonl.gz"):
        text, claim = _cleaned(row, row["evidence"]), _cleaned(row, row["claim"])
        if not 3 <= len(text.split()) <= WORDS_AT_MOST:
            continue
        of_fever = row["set"].startswith("fever")
        unsupported = CONTRADICTED if of_fever else NOT_SUPPORTED
        item = items.setdefault(
            (row["set"], text),
            Item(
                text=text,
                title="",
                date="",
                language="en",
                group="c:" + claim.lower() if of_fever else "e:" + text[:80],
                source=row["set"],
            ),
        )
        known = {claim.words for claim in item.claims}
        if claim not in known:
            item.claims.append(Claim(words=claim, is_a=SUPPORTED if row["label"] else unsupported))
    return list(items.values())


def questions(folder: Path) -> dict[str, list[Question]]:
    """Return the English questions by set; those written by hand as the set `hand`."""
    sets: dict[str, list[Question]] = {}
    for row in (
        row for name in ("hand-answers", "answers") for row in _lines(folder / f"{name}.jsonl.gz")
    ):
        if row.get("language", ENGLISH) != ENGLISH or len(row["sentences"]) < 2:
            continue
        title = row.get("title", "")
        question = Question(
            words=row["question"],
            title=title,
            sentences=row["sentences"],
            answers=frozenset(row["answers"]),
            group=title or row.get("item") or "e:" + row["sentences"][0][:80],
            source=row["set"],
        )
        sets.setdefault(row["set"], []).append(question)
    return sets


def written_since(files: Sequence[Path], folder: Path, stretches: Sequence[Item]) -> list[Item]:
    """Return the texts of any of the sets on which claims were written since."""
    by_source = {item.source: item for item in stretches}
    asked = {row["id"]: row["sentences"] for row in _lines(folder / "answers.jsonl.gz")}
    articles = {row["id"]: row for row in _lines(folder / "entail.jsonl.gz")}
    items: dict[tuple[str, str, int], Item] = {}
    for row in (row for file in files for row in _lines(file)):
        key = (row["set"], row["item"], row.get("start", 0))
        if key not in items:
            if row["set"] == "hand":
                items[key] = _emptied(by_source[row["item"]])
            elif row["set"] == "answers":
                items[key] = _asked_about(asked[row["item"]])
            else:
                items[key] = _article(articles[row["item"]], row)
        contradicted = row.get("contradicted", row["kind"] not in NOT_STATED_KINDS)
        unsupported = CONTRADICTED if contradicted else NOT_STATED
        cell = ("true-" if row["label"] else "false-") + ("far" if row["far"] else "close")
        items[key].claims.append(
            Claim(
                words=row["claim"],
                is_a=SUPPORTED if row["label"] else unsupported,
                cell=cell,
                kind=row["kind"],
            )
        )
    return list(items.values())


def _article(article: dict[str, Any], row: dict[str, Any]) -> Item:
    whole = _cleaned(article, article["evidence"])
    return Item(
        text=_cleaned(article, article["evidence"][row.get("start", 0) : row.get("chars")]),
        title="",
        date="",
        language="en",
        group="e:" + whole[:80],
        source=article["set"],
    )


def _asked_about(sentences: list[str]) -> Item:
    return Item(
        text=" ".join(sentences),
        title="",
        date="",
        language=ENGLISH,
        group="e:" + sentences[0][:80],
        source="answers",
    )


def _emptied(item: Item) -> Item:
    return Item(
        text=item.text,
        title=item.title,
        date=item.date,
        language=item.language,
        group=item.group,
        source=item.source,
    )


def _cleaned(row: dict[str, Any], words: str) -> str:
    if row["set"] != "fib":
        return re.sub(r"\s+([.,;:!?])", r"\1", words)
    for pattern, instead in DETOKENISED:
        words = pattern.sub(instead, words)
    return words.strip()


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    packed = path.read_bytes()
    lines = gzip.decompress(packed) if path.suffix == ".gz" else packed
    for line in lines.decode("utf-8").splitlines():
        yield json.loads(line)
