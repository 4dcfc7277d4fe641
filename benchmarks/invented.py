"""Invented articles of real lengths, as many as are wanted: the sample archive's, recombined.

Its sentences are drawn anew for each article, and most of their longer words, all names and all
numbers drawn anew for each sentence, so that words are as frequent as in English, names ever new,
quotations stay quotations, and no two articles share much but for the tenth that are copies.
Article `i` is always the same, however many are made. Lengths are those of papers: half have
more than 450 words, a twentieth more than 1,400.
"""

import json
import math
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from ingest.language.sentences import sentences

SAMPLE = Path(__file__).parents[1] / "ingest" / "sample" / "articles" / "articles.jsonl"
_TEXTS = ("text", "content", "body", "maintext")
_MEDIAN, _SPREAD, _LEAST, _MOST = 450, 0.7, 60, 4_000
"""Words an article: a logarithmic normal distribution, cut at both ends."""
_COPIES = 10
"""One in so many articles is an earlier one, cut, in another paper."""
_KEPT = 0.4
"""The share of longer words that stay: all changed, quotations lose their verbs."""
_FIRST, _DAYS = date(2010, 1, 1), 5_500
_SECTIONS = ("News", "Politics", "Business", "Culture", "Sport", "Opinion")
_ONSETS = ("b", "br", "d", "dr", "f", "g", "gr", "h", "k", "kl", "l", "m", "n", "p", "r", "s", "st",
           "t", "tr", "v", "w")  # fmt: skip
_VOWELS = ("a", "e", "i", "o", "u", "ai", "ea", "oo")
_CODAS = ("", "n", "l", "r", "nd", "rk", "s", "th", "m", "lt")
_WORD = re.compile(r"[A-Za-z]+|\d+")
_CALENDAR = re.compile(
    r"(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|January|February|March|April|May|June|July|August"
    r"|September|October|November|December|Mr|Mrs|Ms|Dr|I"
)


@dataclass(frozen=True, slots=True)
class _Material:
    """What is recombined: sentences, titles, and the lower-case words as often as they stand."""

    sentences: tuple[str, ...]
    titles: tuple[str, ...]
    words: tuple[str, ...]


@cache
def _material() -> _Material:
    rows = [json.loads(line) for line in SAMPLE.read_text(encoding="utf-8").splitlines()]
    # What has markup in its title is not kept as it is given.
    english = [
        row for row in rows if row.get("language", "en") == "en" and "<" not in json.dumps(row)
    ]
    texts = [next((str(row[name]) for name in _TEXTS if name in row), "") for row in english]
    found = [
        paragraph[start:end].strip()
        for text in texts
        for paragraph in text.split("\n\n")
        for start, end in sentences(paragraph)
    ]
    words = re.findall(r"\b[a-z]{5,}\b", " ".join(texts))
    titles = [str(row.get("title") or row.get("headline")) for row in english]
    return _Material(tuple(s for s in found if len(s) > 30), tuple(titles), tuple(words))


def row(i: int) -> dict[str, str]:
    """Return the article number `i`, as a line of JSON holds it."""
    own = random.Random(i)
    if i % _COPIES == _COPIES - 1:
        title, paragraphs = _told(i - own.randrange(1, _COPIES))
        paragraphs = paragraphs[: max(1, len(paragraphs) * 2 // 3)]
    else:
        title, paragraphs = _told(i)
    paper = min(int(own.paretovariate(0.8)), 40)
    return {
        "id": str(i),
        "title": title,
        "text": "\n\n".join([*paragraphs, f"The file on it is numbered {mark(i)}."]),
        "date": (_FIRST + timedelta(days=own.randrange(_DAYS))).isoformat(),
        "outlet": f"The {name(paper)} Post",
        "author": f"{name(own.randrange(400))} {name(own.randrange(400))}",
        "section": own.choice(_SECTIONS),
        "language": "en",
    }


def rows(first: int, last: int) -> Iterator[dict[str, str]]:
    """Yield the articles from one number up to another."""
    for i in range(first, last):
        yield row(i)


def write(file: Path, first: int, last: int) -> None:
    """Write articles to a file, a line of JSON each."""
    with file.open("w", encoding="utf-8") as opened:
        opened.writelines(json.dumps(one, ensure_ascii=False) + "\n" for one in rows(first, last))


def mark(i: int) -> str:
    """Return the word that stands in article `i` and in no other."""
    return f"zq{i:07d}x"


def spoke(text: str) -> str | None:
    """Return the name of somebody who speaks in a text, None where nobody is named."""
    found = re.search(r"\bsaid ((?:[A-Z][a-z]+ ){0,2}[A-Z][a-z]+ [A-Z][a-z]+)\b", text)
    return found and " ".join(found[1].split()[-2:])


def name(number: int) -> str:
    """Return an invented name, another for each number."""
    chance = random.Random(-1 - number)
    syllables = [
        chance.choice(_ONSETS) + chance.choice(_VOWELS) + chance.choice(_CODAS)
        for _ in range(chance.choice((2, 2, 3)))
    ]
    return "".join(syllables).capitalize()


def _told(i: int) -> tuple[str, list[str]]:
    """Return the title and the paragraphs of a dispatch."""
    chance, material = random.Random(f"told {i}"), _material()
    wanted = min(max(chance.lognormvariate(math.log(_MEDIAN), _SPREAD), _LEAST), _MOST)
    names: dict[str, str] = {}
    paragraphs: list[str] = []
    held = 0
    while held < wanted:
        drawn = [chance.choice(material.sentences) for _ in range(chance.randrange(1, 4))]
        paragraphs.append(_recombined(" ".join(drawn), chance, names))
        held += len(paragraphs[-1].split())
    return _recombined(chance.choice(material.titles), chance, names), paragraphs


def _recombined(text: str, chance: random.Random, names: dict[str, str]) -> str:
    """Draw the names, numbers and most of the longer words of a text anew."""
    words: Sequence[str] = _material().words

    def drawn(found: re.Match[str]) -> str:
        word = found[0]
        if word.isdigit():
            return str(chance.randrange(1, 10 ** len(word)))
        if word[0].isupper():
            if _CALENDAR.fullmatch(word) or _begins(text, found.start()):
                return word
            return names.setdefault(word, name(int(200 * chance.paretovariate(0.6)) % 1_000_000))
        changed = len(word) >= 5 and chance.random() > _KEPT
        return chance.choice(words) if changed else word

    return _WORD.sub(drawn, text)


def _begins(text: str, at: int) -> bool:
    """Tell whether a word begins a sentence: it may be a name, or any word."""
    before = text[:at].rstrip(" \"'“‘(")
    return not before or before[-1] in ".!?\n"
