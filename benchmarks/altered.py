"""What is shown of sentences that were altered: `python -m benchmarks.altered [--first N]`.

Sentences of the paragraphs that are read for the questions of realtimeqa, as a model would write
them: as they are printed, cited rightly, wrongly and not at all; then with a name, a number or a
weekday that another paragraph prints, a bound or a doubt left out, words between quotation marks
altered, and what a speaker of the paragraph never said. Each goes the way of a written answer:
what supports it is looked for, whose it is is added, and it is checked. Drawn once by a seed.
"""

import argparse
import random
import re
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from typing import NamedTuple

from assistant.answer import DraftClaim, Evidence
from assistant.check.checker import Checker
from assistant.compose.generative import Writer, reading_order
from assistant.errors import MalformedReply
from assistant.find.candidates import candidates, read_question
from assistant.find.excerpts import excerpts
from assistant.find.retrieve import retrieve
from assistant.models import prompts
from assistant.models.llm import Message, Model
from assistant.understand.question import understand
from benchmarks import newsroom
from benchmarks.written import SEED, sample, share
from ingest.archive import Archive
from ingest.article import Filters
from ingest.language.quotations import quotations
from ingest.language.sentences import sentences
from ingest.language.speech.statements import statements

_WORDS = 800
_SHORTEST, _LONGEST = 6, 35
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+(?: [A-Z][a-z]+)+")
_NUMBER = re.compile(r"(?<![\d.,])\d[\d,.]*\d(?!\d)")
_DAY = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b")
_BOUND = re.compile(r"\b(?:at least|up to|more than|nearly|about) (?=\d)", re.IGNORECASE)
_DOUBT = re.compile(r"\b(?:may|might|could) (?=[a-z]+\b)|\b(?:allegedly|reportedly) ")
_SWAPPED = {"another name": _NAME, "another number": _NUMBER, "another day": _DAY}
_NEVER_SAID = (
    "would resign next month", "had taken bribes", "had known of it for years",
    "would sue the newspaper", "had lied to the committee", "would never apologise",
)  # fmt: skip

_TRUE = ("as printed", "as printed, cited wrongly", "as printed, cited not at all")


class Case(NamedTuple):
    """A sentence, what was done to it, and the number of the paragraph that it cites."""

    kind: str
    text: str
    cites: int | None


def cases(read: Sequence[Evidence], drawn: random.Random) -> Iterator[Case]:
    """Yield the sentences of paragraphs that are read together, true and altered."""
    texts = [one.hit.article.text[one.start : one.end] for one in read]
    for n, text in enumerate(texts, start=1):
        other = n % len(texts) + 1
        for start, end in sentences(text):
            printed = text[start:end]
            if not _SHORTEST <= printed.count(" ") <= _LONGEST or "\n" in printed:
                continue
            if quotations(printed):
                yield from _misquoted(printed, n)
                continue
            yield from (Case(k, printed, at) for k, at in zip(_TRUE, (n, other, None), strict=True))
            yield from _altered(printed, n, texts, drawn)
        yield from _put_in_mouths(read[n - 1], n, drawn)


def _altered(printed: str, n: int, texts: Sequence[str], drawn: random.Random) -> Iterator[Case]:
    for kind, pattern in _SWAPPED.items():
        mine = pattern.search(printed)
        there = [f[0] for text in texts for f in pattern.finditer(text) if f[0] not in texts[n - 1]]
        if mine and there:
            swapped = f"{printed[: mine.start()]}{drawn.choice(there)}{printed[mine.end() :]}"
            yield Case(kind, swapped, n)
    for kind, pattern in (("a bound left out", _BOUND), ("a doubt left out", _DOUBT)):
        if pattern.search(printed):
            yield Case(kind, pattern.sub("", printed, count=1), n)


def _misquoted(printed: str, n: int) -> Iterator[Case]:
    for found in quotations(printed):
        words = printed[found.start : found.end].split()
        if len(words) >= 6:
            middle = len(words) // 2
            altered = " ".join([*words[:middle], "never", *words[middle + 1 :]])
            text = f"{printed[: found.start]}{altered}{printed[found.end :]}"
            yield Case("a quotation altered", text, n)


def _put_in_mouths(one: Evidence, n: int, drawn: random.Random) -> Iterator[Case]:
    article = one.hit.article
    said = statements(article.text, article.parts)
    names = {s.speaker for s in said if s.speaker and one.start <= s.start < one.end}
    for name in sorted(name for name in names if " " in name and name[0].isupper()):
        yield Case("what was never said", f"{name} said that they {drawn.choice(_NEVER_SAID)}.", n)


class Saying(Model):
    """A model that writes one sentence, with the number that it was told, if any."""

    def __init__(self, case: Case) -> None:
        self._case = case

    @property
    def name(self) -> str:
        """Its name."""
        return "saying"

    def stream(self, messages: Sequence[Message]) -> Generator[str, None, None]:
        """Yield the sentence."""
        mark = f" [{self._case.cites}]" if self._case.cites else ""
        yield f"{self._case.text}{mark}\n"


def shown(read: Sequence[Evidence], case: Case) -> bool:
    """Tell whether a sentence that a model writes about what it read reaches a reader."""
    checker = Checker()
    writer = Writer(understand("What happened?"), read, Saying(case))
    try:
        drafted = [d for d in writer.write(prompts.load("write"), 5) if isinstance(d, DraftClaim)]
    except MalformedReply:
        return False
    return any(checker.check(claim) is not None for claim in drafted)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--first", type=int, default=20, help="questions whose paragraphs are read")
    given = parser.parse_args()
    archive = newsroom.archive("all", "leads", Archive)
    drawn = random.Random(SEED)
    count: Counter[str] = Counter()
    out: Counter[str] = Counter()
    for asked in sample(newsroom.questions(), given.first):
        question = understand(asked.text, filters=Filters(as_of=asked.day))
        wanted, hits = read_question(archive, question), retrieve(archive, question).hits
        said = candidates(archive, wanted, hits)
        read = reading_order(excerpts(wanted, said, hits, _WORDS))
        for case in cases(read, drawn):
            count[case.kind] += 1
            out[case.kind] += shown(read, case)
    for kind in sorted(count, key=lambda kind: (kind not in _TRUE, kind)):
        share(f"{kind}: shown", out[kind], count[kind])


if __name__ == "__main__":
    main()
