"""Sentences that print a draft's sentence only together, each a part of it.

First those of one article, then those of articles on one story: what prints a name of it too.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import fsum
from typing import NamedTuple

from assistant.answer import Citation, Evidence
from assistant.check.judge import imprint, stems
from assistant.factcheck.draft_evidence import ComparedArticle
from assistant.factcheck.findings import CarriedPart
from assistant.factcheck.numbers_alike import frequent
from assistant.understand.coreference import names
from ingest.article import EVIDENCE
from ingest.language.sentences import sentences

_WORD = re.compile(r"[^\W_]+")

_MOST = 4
"""Sentences that may carry a sentence together."""

_ARTICLES = 5

_TOLD = 2
"""Words, or a number, that a sentence must have besides what others have, to carry a part."""


class _Span(NamedTuple):
    """A sentence of an article, and what of the draft's sentence it has."""

    where: Evidence
    held: frozenset[str]


def covers(claim: str, articles: Sequence[ComparedArticle]) -> Iterator[tuple[Evidence, ...]]:
    """Yield sentences that have most of a claim, alone or together: of one article, of all.

    The best article first; over several articles only those that print a name of the claim.
    """
    wanted = _telling(claim)
    of_each = [_spans(one, wanted) for one in articles[:_ARTICLES]]
    within = max((_cover(spans, wanted) for spans in of_each), key=_share, default=())
    if within:
        yield tuple(one.where for one in within)
    known = names(claim)
    on_it = [
        span
        for one, spans in zip(articles, of_each, strict=False)
        if any(name in one.text for name in known)
        for span in spans
    ]
    across = _cover(on_it, wanted)
    if len(across) > 1 and _share(across) > _share(within):
        yield tuple(one.where for one in across)


def cover_of(claim: str, stretches: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Return the sentences of some stretches that have most of a claim, each a part of its own."""
    wanted = _telling(claim)
    spans = [
        _Span(
            replace(one, start=start, end=end),
            wanted.intersection(stems(one.hit.article.text[start:end])),
        )
        for one in stretches
        for start, end in sentences(one.hit.article.text, one.start, one.end)
    ]
    return tuple(one.where for one in _cover(spans, wanted))


def _telling(claim: str) -> frozenset[str]:
    """Return the stems of a claim but for those of frequent words: these carry no part of it."""
    return (stems(claim) - frequent(None)) or stems(claim)


def _spans(article: ComparedArticle, wanted: frozenset[str]) -> list[_Span]:
    text = article.text
    return [
        _Span(
            Evidence(hit=article.hit, start=start, end=end),
            wanted.intersection(stems(text[start:end])),
        )
        for part in article.article.parts
        if part.part in EVIDENCE
        for start, end in sentences(text, part.start, part.end)
    ]


def _cover(spans: Sequence[_Span], wanted: frozenset[str]) -> tuple[_Span, ...]:
    """Return the fewest sentences that have the most of what is wanted, the fullest first."""
    often = {word: max(1, sum(word in one.held for one in spans)) for word in wanted}
    rest, chosen = set(wanted), list[_Span]()
    while rest and len(chosen) < _MOST:
        best = max(spans, key=lambda one: fsum(1 / often[w] for w in one.held & rest), default=None)
        gain = best.held & rest if best else frozenset()
        told = len(gain) >= _TOLD or any(word[0].isdigit() for word in gain)
        if best is None or not (told if chosen else gain):
            break
        chosen.append(best)
        rest -= best.held
    return tuple(chosen)


def _share(spans: Sequence[_Span]) -> int:
    return len(frozenset().union(*(one.held for one in spans)))


def carried(text: str, citations: Sequence[Citation]) -> tuple[CarriedPart, ...]:
    """Return which words of a sentence each of several citations prints, in their order.

    What its headline or imprint says goes for all of an article.
    """
    held = [stems(one.text) for one in citations]
    above = [
        stems(imprint(one.article.outlet, one.article.date, one.article.title)) for one in citations
    ]
    spans: list[tuple[int, int, int]] = []
    for first, last in (word.span() for word in _WORD.finditer(text)):
        of_it = stems(text[first:last])
        by = [n for n, words in enumerate(held) if of_it and of_it <= words]
        by = by or [n for n, words in enumerate(above) if of_it and of_it <= words]
        if spans and spans[-1][2] in by:
            spans[-1] = (spans[-1][0], last, spans[-1][2])
        elif by:
            spans.append((first, last, by[0]))
    return tuple(CarriedPart(words=text[a:b], citation=citations[n].n) for a, b, n in spans)
