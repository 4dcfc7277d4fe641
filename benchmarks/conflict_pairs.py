"""Is a conflict seen where there is one, and only there? `python -m benchmarks.conflict_pairs`.

Pairs made by rule from real sentences of the news. Conflicting: a sentence, and the same without
its asides and with one number, one day or one yes and no changed. Agreeing: a sentence, and the
same without its asides and its small numbers spelled; and, harder, two sentences of one article
that share half of their words, of which we take it that they do not contradict each other.
"""

import argparse
import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.check.days import days
from assistant.check.reading import read
from assistant.compose.differences import Stated, difference
from benchmarks.newsroom import DATA
from benchmarks.rule_pairs import CHANGES, Desk, Story, shortened, stories
from ingest.language.sentences import sentences

_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_DAY = re.compile(rf"\b({'|'.join(_DAYS)}|(?:{'|'.join(_MONTHS)})(?= \d)|(?:19|20)\d\d)\b")
_TRIED = 400
"""Sentences that an article's own are compared with, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """Two sentences, whether they conflict, and how they were made."""

    one: Stated
    other: Stated
    conflict: bool
    kind: str


def sides(news: Sequence[Story], seed: int) -> Iterator[Sides]:
    """Yield conflicting and agreeing pairs of each article."""
    chance = random.Random(seed)
    for story in news:
        spans = [s for s in story.reading.sentences if 60 < s[1] - s[0] < 260]
        chance.shuffle(spans)
        lines = [story.text[start:end] for start, end in spans]
        for line in lines[:3]:
            yield from _made(line, Desk(story=story, news=news, chance=chance))
        yield from _beside(story, lines)


def _made(line: str, desk: Desk) -> Iterator[Sides]:
    short = shortened(line, desk.chance)
    one = Stated(text=line, published=desk.story.published)
    if short != line:
        yield _sides(one, short, False, "shortened")
    for kind, change in (("number", _number), ("day", _day), ("yes or no", _denied)):
        wrong = change(short, desk)
        if wrong and wrong != short:
            yield _sides(one, wrong, True, kind)


def _sides(one: Stated, other: str, conflict: bool, kind: str) -> Sides:
    return Sides(
        one=one,
        other=Stated(text=other, published=one.published),
        conflict=conflict,
        kind=kind,
    )


def _number(line: str, desk: Desk) -> str | None:
    """Change a number that is no part of a day by a tenth at least."""
    words = read(line).words
    dated = {at for day in days(words, desk.story.published) for at in day.words}
    plain = [
        w for at, w in enumerate(words)
        if w.value is not None and w.unit != "ordinal" and at not in dated
        and line[w.start : w.end].isdigit()
    ]  # fmt: skip
    if not plain:
        return None
    word = desk.chance.choice(plain)
    value = int(line[word.start : word.end])
    moved = value + desk.chance.choice([-1, 1]) * max(1, value // desk.chance.choice([2, 4, 8]))
    return line[: word.start] + str(abs(moved)) + line[word.end :]


def _day(line: str, desk: Desk) -> str | None:
    """Change a weekday by two, a month by one or more, a year by one to nine."""
    found = list(_DAY.finditer(line))
    if not found:
        return None
    one = desk.chance.choice(found)
    if one[0] in _DAYS:
        new = _DAYS[(_DAYS.index(one[0]) + 2) % 7]
    elif one[0] in _MONTHS:
        new = _MONTHS[(_MONTHS.index(one[0]) + desk.chance.randint(1, 11)) % 12]
    else:
        new = str(int(one[0]) - desk.chance.randint(1, 9))
    return line[: one.start()] + new + line[one.end() :]


def _denied(line: str, desk: Desk) -> str | None:
    change = CHANGES[desk.chance.choice(["negation", "opposite"])]
    return change(line, desk)


def _beside(story: Story, lines: Sequence[str]) -> Iterator[Sides]:
    """Yield the two sentences of an article that share most words, where that is half of them."""
    stems = [{w.stem for w in read(line).words if w.content} for line in lines]
    pairs = [(i, j) for i in range(len(lines)) for j in range(i) if lines[i] != lines[j]]
    best = max(pairs[:_TRIED], key=lambda pair: _shared(stems, *pair), default=None)
    if best and _shared(stems, *best) >= 0.4:
        one = Stated(text=lines[best[0]], published=story.published)
        yield _sides(one, lines[best[1]], False, "one article")


def _shared(stems: Sequence[set[str]], i: int, j: int) -> float:
    return len(stems[i] & stems[j]) / max(1, min(len(stems[i]), len(stems[j])))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=600)
    parser.add_argument("--each", type=int, default=100, help="pairs of a kind, at most")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--show", type=int, default=0, help="print so many that went wrong")
    given = parser.parse_args()
    taken: Counter[str] = Counter()
    seen: Counter[tuple[str, bool]] = Counter()
    conflicting: Counter[tuple[bool, bool]] = Counter()
    for pair in sides(stories(DATA, given.articles, given.seed), given.seed):
        if taken[pair.kind] >= given.each or not list(sentences(pair.other.text)):
            continue
        taken[pair.kind] += 1
        found = difference(pair.one, pair.other)
        seen[pair.kind, found is not None] += 1
        conflicting[pair.conflict, found is not None] += 1
        if given.show and (found is not None) != pair.conflict:
            given.show -= 1
            print(f"\n{pair.kind}: {found}\n  {pair.one.text!r}\n  {pair.other.text!r}")
    for kind, number in taken.items():
        print(f"{kind + ':':14}{seen[kind, True]} of {number} called a conflict")
    right, wrong = conflicting[True, True], conflicting[False, True]
    missed, left = conflicting[True, False], conflicting[False, False]
    print(f"{right + missed} conflicting and {wrong + left} agreeing pairs")
    recall, alarms = right / max(1, right + missed), wrong / max(1, wrong + left)
    print(f"precision {right / max(1, right + wrong):.3f}, recall {recall:.3f}")
    print(f"precision were both as many: {recall / max(1e-9, recall + alarms):.3f}")


if __name__ == "__main__":
    main()
