"""Are copies of one dispatch found? `python -m benchmarks.stories`.

1. The pairs of the duplicates set (Jaccard of at least .5 over runs of eight words): each item
   is put into an archive, and two items are a pair where they share a story.
2. A harder set, made here from realtimeqa and Wikinews. Copies: a dispatch as another outlet
   prints it: cut to a third or two thirds, with another headline, with local paragraphs before
   or after it, its byline gone, lightly rewritten; one in three has all of that. No copies: two
   dispatches of one event (two outlets' own reports, told by the names in their headlines; and a
   second dispatch that repeats background of the first) and unrelated articles that share a
   paragraph of boilerplate, at the foot or, one in four, at the head.
   Both halves of the dispatches are made alike; what was tuned was tuned on the first, and the
   second is the figure.
"""

import argparse
import gzip
import itertools
import json
import random
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import newsroom
from ingest.archive import Archive
from ingest.article import Article, RawArticle
from ingest.clean.assemble import clean
from ingest.settings import IngestSettings

Pair = tuple[str, str]

_OTHER_WORDS = dict(
    pair.split(": ")
    for pair in (
        "said: told reporters; says: states; about: some; also: too; after: following;"
        " before: ahead of; but: however; while: as; because: since; last: the past;"
        " many: a lot of; people: persons; will: is to; big: large; began: started;"
        " show: demonstrate; showed: demonstrated; help: aid; including: among them;"
        " nearly: almost; percent: per cent; killed: left dead; kids: children;"
        " children: youngsters; officials: authorities; police: officers; country: nation;"
        " government: administration; use: employ; used: employed; need: require; get: obtain;"
        " got: obtained; make: create; made: created; found: discovered; like: such as;"
        " around: round; company: firm; companies: firms; week: seven days; such: that kind of"
    ).split("; ")
)
_LOCAL_SHARE = (0.15, 0.4)
_BACKGROUND_SHARE = (0.15, 0.35)
_REWORDED = (0.03, 0.12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """An article while it is being made: its paragraphs."""

    title: str
    paragraphs: tuple[str, ...]
    outlet: str
    day: str

    @property
    def words(self) -> int:
        return sum(len(p.split()) for p in self.paragraphs)


def pieces() -> list[Piece]:
    """Return the articles that the harder set is made of: of 150 to 1,500 words."""
    found = []
    for name in ("realtimeqa", "wikinews"):
        file = newsroom.DATA / name / "articles.jsonl.gz"
        for row in rows_of(file):
            paragraphs = tuple(p for p in re.split(r"\n+", row["text"]) if len(p.split()) >= 8)
            piece = Piece(
                title=row["title"] or "",
                paragraphs=paragraphs,
                outlet=row["outlet"],
                day=str(row["date"] or "2022-01-01"),
            )
            if 150 <= piece.words <= 1500 and len(paragraphs) >= 4:
                found.append(piece)
    return unlike(found)


def rows_of(file: Path) -> list[dict[str, Any]]:
    with gzip.open(file, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def unlike(found: Iterable[Piece]) -> list[Piece]:
    """Leave out what shares a paragraph with an earlier one: the set holds copies of its own."""
    seen: set[str] = set()
    kept = []
    for piece in found:
        long = {p for p in piece.paragraphs if len(p.split()) >= 15}
        if not long & seen:
            kept.append(piece)
        seen |= long
    return kept


# --- what a paper does to a dispatch ---------------------------------------------------------


def cut(paragraphs: Sequence[str], share: float) -> list[str]:
    """Keep the first paragraphs, to about a share of the words."""
    most = share * sum(len(p.split()) for p in paragraphs)
    kept: list[str] = []
    for paragraph in paragraphs:
        if kept and sum(len(p.split()) for p in kept) + len(paragraph.split()) / 2 > most:
            break
        kept.append(paragraph)
    return kept


def reworded(paragraph: str, share: float, chance: random.Random) -> str:
    """Rewrite lightly: other words, words left out or put in, clauses turned round."""
    words = []
    for word in paragraph.split():
        bare = word.lower().strip(".,")
        if bare in _OTHER_WORDS and chance.random() < share * 5:
            words.append(word.lower().replace(bare, _OTHER_WORDS[bare]))
        elif chance.random() < share / 3:
            if chance.random() < 0.5:
                words += [word, chance.choice(("reportedly", "now", "then", "still", "there"))]
        else:
            words.append(word)
    sentences = re.split(r"(?<=[.!?]) ", " ".join(words))
    return " ".join(turned(s) if chance.random() < share * 2 else s for s in sentences)


def turned(sentence: str) -> str:
    """Put the second half of a sentence before the first, at a comma."""
    before, comma, after = sentence.rstrip(".").partition(", ")
    if not comma:
        return sentence
    return f"{after[:1].upper()}{after[1:]}, {before[:1].lower()}{before[1:]}."


def local(piece: Piece, words: float, chance: random.Random) -> list[str]:
    """Return paragraphs of another article, about so many words."""
    kept: list[str] = []
    for paragraph in chance.sample(piece.paragraphs, len(piece.paragraphs)):
        if sum(len(p.split()) for p in kept) >= words:
            break
        kept.append(paragraph)
    return kept


def printed_elsewhere(dispatch: Piece, other: Piece, chance: random.Random) -> list[str]:
    """Return a dispatch's paragraphs as another outlet prints them."""
    todo = {"cut", "local", "reworded"}
    if chance.random() > 1 / 3:
        todo = {chance.choice(sorted(todo))}
    paragraphs = list(dispatch.paragraphs)
    if "cut" in todo:
        paragraphs = cut(paragraphs, chance.choice((1 / 3, 1 / 3, 2 / 3)))
    if "reworded" in todo:
        share = chance.uniform(*_REWORDED)
        paragraphs = [reworded(p, share, chance) for p in paragraphs]
    if "local" in todo:
        share = chance.uniform(*_LOCAL_SHARE)
        words = sum(len(p.split()) for p in paragraphs) * share / (1 - share)
        added = local(other, words, chance)
        at = chance.choice((0, len(paragraphs), len(paragraphs)))
        paragraphs[at:at] = added
    return paragraphs


# --- what is no copy -------------------------------------------------------------------------


def second_dispatch(first: Piece, other: Piece, chance: random.Random) -> list[str]:
    """Return a report of its own that repeats background of the first one."""
    share = chance.uniform(*_BACKGROUND_SHARE)
    own = list(other.paragraphs)
    words = sum(len(p.split()) for p in own) * share / (1 - share)
    lower = first.paragraphs[len(first.paragraphs) // 2 :]
    background: list[str] = []
    for paragraph in lower:
        if sum(len(p.split()) for p in background) + len(paragraph.split()) > words:
            break
        background.append(paragraph)
    return own + background


def one_event(found: Sequence[Piece]) -> Iterator[tuple[int, int]]:
    """Yield two outlets' reports of what looks like one event: two rare headline names."""
    words = [set(re.findall(r"[A-Z]\w{3,}|\d{2,}", piece.title)) for piece in found]
    times = Counter(word for title in words for word in title)
    holding: dict[str, list[int]] = {}
    for i, title in enumerate(words):
        for word in title:
            if times[word] < 40:
                holding.setdefault(word, []).append(i)
    shared = Counter(
        pair for places in holding.values() for pair in itertools.combinations(places, 2)
    )
    for (i, j), count in sorted(shared.items()):
        if count >= 2 and found[i].outlet != found[j].outlet:
            yield i, j


# --- the harder set --------------------------------------------------------------------------


class Made:
    """The harder set: articles, and which pairs are copies."""

    def __init__(self, found: Sequence[Piece], seed: int) -> None:
        self.chance = random.Random(seed)
        self.articles: list[Article] = []
        self.groups: dict[str, int] = {}
        self._groups = itertools.count()
        used: set[int] = set()
        for i, j in one_event(found):
            if not used & {i, j}:
                used |= {i, j}
                for piece in (found[i], found[j]):
                    self.add(piece.title, piece.paragraphs, piece.outlet, piece.day)
        order = self.chance.sample(range(len(found)), len(found))
        shuffled = iter([found[i] for i in order if i not in used])
        pairs = zip(shuffled, shuffled, shuffled, strict=False)
        for n, (first, second, third) in enumerate(pairs):
            if n % 3 == 0:
                self.copied(first, second, third)
            elif n % 3 == 1:
                self.continued(first, second)
            else:
                self.signed(first, second)

    def add(self, title: str, paragraphs: Iterable[str], outlet: str, day: str) -> None:
        self.keep(title, paragraphs, outlet, day, next(self._groups))

    def keep(
        self, title: str, paragraphs: Iterable[str], outlet: str, day: str, group: int
    ) -> None:
        raw = RawArticle(
            file="made",
            id=f"made-{len(self.articles)}",
            title=title,
            text="\n\n".join(paragraphs),
            outlet=outlet,
            published=day,
        )
        article = clean(raw)
        self.articles.append(article)
        self.groups[article.article_id] = group

    def copied(self, dispatch: Piece, *others: Piece) -> None:
        group = next(self._groups)
        byline = f"By the desk of {dispatch.outlet} wire"
        self.keep(dispatch.title, (byline, *dispatch.paragraphs), "Agency", dispatch.day, group)
        for n, other in enumerate(others):
            paragraphs = printed_elsewhere(dispatch, other, self.chance)
            title = " ".join(reversed(dispatch.title.split()[:6]))
            self.keep(title, paragraphs, f"Paper {n}", dispatch.day, group)

    def continued(self, first: Piece, other: Piece) -> None:
        self.add(first.title, first.paragraphs, "Agency", first.day)
        paragraphs = second_dispatch(first, other, self.chance)
        self.add(first.title + " again", paragraphs, "Paper 1", first.day)

    def signed(self, first: Piece, second: Piece) -> None:
        number = self.chance.randrange(10**6)
        foot = (
            f"The Newsroom Fund {number} pays for reporting of this kind and has no say in what is"
            f" printed. Its board of {number % 90 + 10} members publishes every gift above a"
            f" hundred crowns, names who gave it and answers letters of readers who ask about it."
            f" Write to desk {number} at the harbour office, or call on a working day, to learn"
            f" how gifts are used and which of our reporters they have helped to send abroad."
        )
        above = self.chance.random() < 0.25
        for n, piece in enumerate((first, second)):
            own = cut(piece.paragraphs, 0.5)
            paragraphs = (foot, *own) if above else (*own, foot)
            self.add(piece.title, paragraphs, f"Paper {n}", piece.day)

    def pairs(self) -> set[Pair]:
        return grouped(self.groups)


def grouped(groups: dict[str, int] | dict[str, str]) -> set[Pair]:
    """Return each two ids that are in one group."""
    members: dict[int | str, list[str]] = {}
    for name, group in groups.items():
        members.setdefault(group, []).append(name)
    return {pair for names in members.values() for pair in itertools.combinations(sorted(names), 2)}


def told(articles: Sequence[Article]) -> set[Pair]:
    """Return the pairs that an archive tells, having been given some articles."""
    with tempfile.TemporaryDirectory() as folder:
        settings = IngestSettings(embedder="none")
        with Archive.open(Path(folder), create=True, settings=settings) as archive:
            for at in range(0, len(articles), 200):
                archive.put(articles[at : at + 200])
            stories = {a.article_id: archive.story(a.article_id) for a in articles}
    return grouped({name: story.id for name, story in stories.items() if story})


def scored(name: str, found: set[Pair], true: set[Pair]) -> None:
    """Print precision, recall and F1 of pairs."""
    right = len(found & true)
    precision, recall = right / max(len(found), 1), right / max(len(true), 1)
    f1 = 2 * right / max(len(found) + len(true), 1)
    print(
        f"{name}: {len(true)} pairs, precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}",
        flush=True,
    )


def plumbing() -> None:
    """Score the duplicates set."""
    folder = newsroom.DATA / "duplicates"
    articles, ids = [], {}
    for row in rows_of(folder / "articles.jsonl.gz"):
        raw = RawArticle(file="made", id=row["id"], title=row["title"], text=row["text"])
        article = clean(raw)
        articles.append(article)
        ids[row["id"]] = article.article_id
    rows = [json.loads(line) for line in (folder / "pairs.jsonl").open(encoding="utf-8")]
    pairs = [sorted((ids[row["a"]], ids[row["b"]])) for row in rows]
    scored("duplicates", told(articles), {(a, b) for a, b in pairs})


def harder() -> None:
    """Score the harder set: both halves."""
    found = pieces()
    halves = random.Random(7).sample(range(len(found)), len(found))
    for name, half in (("tuned on", halves[::2]), ("held out", halves[1::2])):
        made = Made([found[i] for i in half], seed=11)
        order = random.Random(5).sample(made.articles, len(made.articles))
        scored(f"harder, {name} ({len(order)} articles)", told(order), made.pairs())


def main() -> None:
    argparse.ArgumentParser(description=__doc__).parse_args()
    plumbing()
    harder()


if __name__ == "__main__":
    main()
