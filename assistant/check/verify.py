"""Are claims supported: by sources that are given with them, or by what the archive has?"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Self

from assistant.answer import Judgement, Searched
from assistant.check.judge import judge, rests_on, turned_away
from assistant.check.reader import ClaimReader
from assistant.models.reply_parser import ReplySentence, read
from ingest.article import EVIDENCE, Article, Hit, Notice

MOST_CLAIMS = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedSource:
    """A stretch of an article that a claim may rest on."""

    article: Article
    start: int
    end: int

    @property
    def hit(self) -> Self:
        """What the checker reads its article from."""
        return self

    @property
    def text(self) -> str:
        """Its words, exactly as printed."""
        return self.article.text[self.start : self.end]


Source = PrintedSource | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A sentence, the numbers of its sources (none: any of them), and what is wrong with those."""

    text: str
    cites: tuple[int, ...] = ()
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """A claim held against its sources.

    `source` is the one that it rests on most, `span` where in it: in the article where it is a
    stretch of one. `n` is its number among the sources given.
    """

    claim: Claimed
    judgement: Judgement
    source: Source | None = None
    n: int | None = None

    @property
    def span(self) -> tuple[int, int] | None:
        """Where the sentence stands that the claim rests on."""
        return self.judgement.span


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """Claims held against what was given or found; `warnings` what could not be searched."""

    claims: tuple[Verified, ...]
    warnings: tuple[Notice, ...] = ()

    @property
    def faithfulness(self) -> float | None:
        """The share of claims that are supported, 0..1; None where nothing is claimed."""
        if not self.claims:
            return None
        return sum(one.judgement.stands for one in self.claims) / len(self.claims)


Find = Callable[[str], tuple[Iterable[Hit], Searched]]
"""Finds what the archive has on a claim, and says what was searched."""


def evidence_of(article: Article) -> list[PrintedSource]:
    """Return what of an article a claim may rest on."""
    return [
        PrintedSource(article=article, start=part.start, end=part.end)
        for part in article.parts
        if part.part in EVIDENCE
    ]


def claims_of(answer: str, sources: int) -> list[Claimed]:
    """Cut an answer with [n] in its text into its claims."""
    said = read([answer], sources, most=MOST_CLAIMS)
    return [
        Claimed(text=one.text, cites=one.cites, faults=(*one.miscited, *one.faults))
        for one in said
        if isinstance(one, ReplySentence)
    ]


def against(
    claims: Iterable[Claimed], sources: Sequence[Source], reader: ClaimReader
) -> Verification:
    """Hold claims against sources, numbered from 1. Raises what the reader raises."""
    return Verification(claims=tuple(_held(claim, sources, reader) for claim in claims))


def against_archive(claims: Iterable[Claimed], find: Find, reader: ClaimReader) -> Verification:
    """Hold each claim against the passages that a search finds for it."""
    done: list[Verified] = []
    warnings: dict[Notice, None] = {}
    for claim in claims:
        hits, searched = find(claim.text)
        warnings.update(dict.fromkeys(searched.warnings))
        found = [
            PrintedSource(article=hit.article, start=hit.passage.start, end=hit.passage.end)
            for hit in hits
        ]
        done.append(_held(claim, found, reader, numbered=False))
    return Verification(claims=tuple(done), warnings=tuple(warnings))


def _held(
    claim: Claimed, sources: Sequence[Source], reader: ClaimReader, *, numbered: bool = True
) -> Verified:
    """Hold a claim against each of its sources and all together: the one by which it stands best.

    Where it stands by none, the one that it has most words in common with says why. Where each
    reading is a call to a server, it is held against all of them together alone.
    """
    if claim.faults or not sources:
        reason = "; ".join(claim.faults) or "nothing is on it"
        return Verified(claim=claim, judgement=turned_away(reason))
    numbers = [n for n in claim.cites if 1 <= n <= len(sources)] or range(1, len(sources) + 1)
    read_from = [sources[n - 1] for n in numbers]
    tried = [] if reader.dear else [[one] for one in read_from]
    if reader.dear or len(read_from) > 1:
        tried.append(list(read_from))
    judged = judge([claim.text] * len(tried), tried, reader)
    best = max(range(len(tried)), key=lambda at: judged[at].score or 0.0)
    if not judged[best].stands and not reader.dear:
        nearest, _ = rests_on(claim.text, read_from)
        best = best if nearest is None else nearest
    found = judged[best]
    if found.source is None:
        return Verified(claim=claim, judgement=found)
    at = found.source if len(tried[best]) > 1 else best
    return Verified(
        claim=claim,
        judgement=found,
        source=read_from[at],
        n=numbers[at] if numbered else None,
    )
