"""Judge remembered quotations: `python -m benchmarks.quotations [--seed 2] [--each 200]`.

Of direct quotations in the realtimeqa archive, of six words and more, some are looked up as they
are printed, some altered by rule (a word put in, left out, exchanged or swapped with the next, a
"not" put in, a number changed, words left out in the middle), and some of another paper's of 1989
(`shared/data/quotes`) that the archive does not hold. Prints the precision and recall of each
verdict, how many altered ones pass as exact, whether the place was found, and the median time of
`quote` and of `said`. Altered words that happen to stand in the archive are left out.
"""

import argparse
import gzip
import json
import random
import re
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from assistant.check.reader import NearCopies
from assistant.compose import who_said
from benchmarks import newsroom
from ingest.archive import Archive
from ingest.archive.statement_store import Speech
from ingest.language.normalise import fold
from ingest.language.speech.statements import statements

_LEAST, _MOST = 6, 40
_NUMBER = re.compile(r"\d+")


class Case(NamedTuple):
    """Words to look up, what should be said of them, and how they were altered."""

    words: str
    verdict: str
    how: str
    article_id: str | None = None


def put_in(words: list[str], others: Sequence[str], dice: random.Random) -> list[str]:
    at = dice.randrange(1, len(words))
    return [*words[:at], dice.choice(others), *words[at:]]


def left_out(words: list[str], _: Sequence[str], dice: random.Random) -> list[str]:
    at = dice.randrange(1, len(words) - 1)
    return [*words[:at], *words[at + 1 :]]


def exchanged(words: list[str], others: Sequence[str], dice: random.Random) -> list[str]:
    at = dice.randrange(1, len(words) - 1)
    return [*words[:at], dice.choice(others), *words[at + 1 :]]


def swapped(words: list[str], _: Sequence[str], dice: random.Random) -> list[str]:
    at = dice.randrange(1, len(words) - 2)
    return [*words[:at], words[at + 1], words[at], *words[at + 2 :]]


def negated(words: list[str], _: Sequence[str], dice: random.Random) -> list[str]:
    at = dice.randrange(1, len(words))
    return [*words[:at], "not", *words[at:]]


def renumbered(words: list[str], others: Sequence[str], dice: random.Random) -> list[str]:
    numbers = [n for n, word in enumerate(words[1:-1], 1) if _NUMBER.search(word)]
    if not numbers:
        return exchanged(words, others, dice)
    at = numbers[0]
    changed = _NUMBER.sub(lambda found: str(int(found[0]) + 7), words[at], count=1)
    return [*words[:at], changed, *words[at + 1 :]]


def shortened(words: list[str], _: Sequence[str], dice: random.Random) -> list[str]:
    length = max(2, len(words) // 4)
    at = dice.randrange(1, len(words) - length)
    return [*words[:at], *words[at + length :]]


RULES: tuple[Callable[[list[str], Sequence[str], random.Random], list[str]], ...] = (
    put_in, left_out, exchanged, swapped, negated, renumbered, shortened,
)  # fmt: skip


def cases(archive: Archive, each: int, dice: random.Random) -> list[Case]:
    """Return so many true, altered and absent quotations."""
    numbers = [a for (a,) in archive.catalogue.connection.execute("SELECT a FROM articles")]
    dice.shuffle(numbers)
    true: list[Case] = []
    for _, article in archive.catalogue.live(numbers[: each * 4]):
        said = [
            article.text[one.start : one.end].strip(" ,.")
            for one in statements(article.text, article.parts)
            if one.direct and _LEAST <= article.text.count(" ", one.start, one.end) < _MOST
        ]
        said = [words for words in said if "\n" not in words and len(words.split()) >= _LEAST]
        if said:
            true.append(Case(dice.choice(said), "exact", "as printed", article.article_id))
    dice.shuffle(true)
    kept, source = true[:each], true[each : each * 3]
    others = [word for case in true for word in case.words.split() if word.isalpha()]
    printed = "\n".join(fold(one.text).text for _, one in archive.catalogue.live(numbers))
    for n, case in enumerate(source):
        if len(kept) == 2 * each:
            break
        rule = RULES[n % len(RULES)]
        words = " ".join(rule(case.words.split(), others, dice))
        if fold(words).text not in printed:
            kept.append(Case(words, "altered", rule.__name__, case.article_id))
    return [*kept, *absent(each, printed, dice)]


def absent(each: int, printed: str, dice: random.Random) -> list[Case]:
    """Return quotations of another paper, decades before."""
    found: list[Case] = []
    with gzip.open(newsroom.DATA / "quotes" / "dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        for text in (json.loads(line)["text"] for line in lines):
            for one in statements(text):
                words = text[one.start : one.end].strip(" ,.")
                if one.direct and "\n" not in words and _LEAST <= len(words.split()) <= _MOST:
                    found.append(Case(words, "absent", "another paper"))
    return dice.sample([case for case in found if fold(case.words).text not in printed], each)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=200)
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--verbose", action="store_true")
    given = parser.parse_args()
    if not newsroom.DATA.is_dir():
        sys.exit("the evaluation data (../shared/data) is not here")
    with newsroom.archive("all", "none", Archive) as archive:
        archive.speech.hear()
        asked = cases(archive, given.each, random.Random(given.seed))
        judged(archive, asked, verbose=given.verbose)
        timed(archive)


def judged(archive: Archive, asked: Sequence[Case], *, verbose: bool) -> None:
    """Look every case up, and print how its verdict compares."""
    told: Counter[tuple[str, str]] = Counter()
    by_rule: Counter[tuple[str, str]] = Counter()
    placed, seconds = 0, []
    for case in asked:
        began = time.thread_time()
        found = who_said.quote(archive, NearCopies(), case.words)
        seconds.append(time.thread_time() - began)
        told[case.verdict, found.verdict] += 1
        by_rule[case.how, found.verdict] += 1
        articles = {one.citation.article.article_id for one in found.appearances}
        stories = {i for one in found.appearances for i in one.citation.story.article_ids}
        placed += case.article_id in articles | stories
        if verbose and found.verdict != case.verdict:
            near = [
                (round(o.alike, 2), o.citation.text) for o in (*found.appearances, *found.nearest)
            ]
            print(f"{case.how}: {found.verdict}: {case.words!r} -> {near[:1]}")
    verdicts = ("exact", "altered", "absent")
    print("verdict   n    precision  recall")
    for verdict in verdicts:
        right = told[verdict, verdict]
        said = sum(told[other, verdict] for other in verdicts)
        truly = sum(told[verdict, other] for other in verdicts)
        print(f"{verdict:8} {truly:4}  {right / max(said, 1):9.3f}  {right / max(truly, 1):6.3f}")
    print(f"altered that pass as exact: {told['altered', 'exact']}")
    of = sum(case.article_id is not None for case in asked)
    print(f"the article it was taken from is among the appearances: {placed / of:.3f} of {of}")
    for how in dict.fromkeys(case.how for case in asked):
        row = ", ".join(f"{verdict} {by_rule[how, verdict]}" for verdict in verdicts)
        print(f"  {how:14} {row}")
    ranked = sorted(seconds)
    late = ranked[int(len(ranked) * 0.95)]
    print(
        f"quote: median {statistics.median(ranked) * 1000:.0f} ms, 95th {late * 1000:.0f} ms of CPU"
    )


def timed(archive: Archive) -> None:
    """Print how long it takes to show what the thirty who speak most said."""
    rows = archive.catalogue.connection.execute(
        "SELECT name FROM statements JOIN speakers USING (v) GROUP BY v ORDER BY count(*) DESC"
        " LIMIT 30"
    ).fetchall()
    seconds = []
    for (name,) in rows:
        for words in ("", "people"):
            began = time.thread_time()
            who_said.said(archive, NearCopies(), Speech(speaker=name, words=words))
            seconds.append(time.thread_time() - began)
    ranked = sorted(seconds)
    late = ranked[int(len(ranked) * 0.95)]
    print(
        f"said: median {statistics.median(ranked) * 1000:.0f} ms, 95th {late * 1000:.0f} ms of CPU"
    )


if __name__ == "__main__":
    main()
