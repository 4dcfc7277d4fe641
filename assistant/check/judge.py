"""The one judgement of a claim: guards first, then a reader."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from math import fsum
from typing import Protocol

from assistant.answer import Degree, Judgement
from assistant.check.quotation_guard import misquoted
from assistant.check.reader import ClaimReader, Probabilities
from ingest.language.normalise import fold
from ingest.language.sentences import sentences

LINE = 0.5
"""Probability from which a claim stands; every reader is calibrated to it on training pairs."""

_PARTLY = 0.25
"""Below the line, from here on a part of the claim is likely there."""

_WORD = re.compile(r"\w{3,}|\d+")
_ASKS = ("?", "？", "؟")


class Stretch(Protocol):
    """A stretch of an article, as `assistant.answer.Evidence` is one."""

    @property
    def hit(self) -> "_Hit":
        """The hit it is a stretch of."""

    @property
    def start(self) -> int:
        """Where in the article it begins."""

    @property
    def end(self) -> int:
        """Where in the article it ends."""


class _Hit(Protocol):
    @property
    def article(self) -> "_Article": ...


class _Article(Protocol):
    @property
    def article_id(self) -> str: ...

    @property
    def text(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def outlet(self) -> str | None: ...

    @property
    def date(self) -> date | None: ...


def judge(
    claims: Sequence[str], evidence: Sequence[Sequence[Stretch | str]], reader: ClaimReader
) -> list[Judgement]:
    """Judge each claim by its own evidence, all of them in one batch.

    A guard may turn a claim away and never lets one stand; what no guard turns away is read.
    Raises what the reader raises.
    """
    turned = [_guarded(claim, own) for claim, own in zip(claims, evidence, strict=True)]
    unread = [n for n, reason in enumerate(turned) if reason is None]
    read = iter(reader.supports([(claims[n], as_read(evidence[n])) for n in unread]))
    return [
        _judged(claim, own, next(read), reader.name) if reason is None else turned_away(reason)
        for claim, own, reason in zip(claims, evidence, turned, strict=True)
    ]


def turned_away(reason: str) -> Judgement:
    """Return the judgement of a claim that nobody needs to read."""
    return Judgement(score=0.0, verdict="unsupported", read_by="guard", reason=reason)


def as_read(evidence: Sequence[Stretch | str]) -> str:
    """Return evidence as a reader is given it: who printed it, when, under what, and its words.

    The stretches of one article stand together in their order, under one imprint.
    """
    told: dict[str, list[Stretch]] = {}
    parts = [one for one in evidence if isinstance(one, str)]
    for one in evidence:
        if not isinstance(one, str):
            told.setdefault(one.hit.article.article_id, []).append(one)
    for stretches in told.values():
        article = stretches[0].hit.article
        placed = sorted({(one.start, one.end) for one in stretches})
        words = " ".join(article.text[start:end] for start, end in placed)
        above = imprint(article.outlet, article.date, article.title)
        parts.append(above + words)
    return "\n\n".join(parts)


def imprint(outlet: str | None, day: date | None, headline: str) -> str:
    """Return what stands above the words of an article for a reader: outlet, day, headline."""
    known = (outlet, day.isoformat() if day else None, headline)
    return "".join(f"{one.rstrip('.')}. " for one in known if one)


def _guarded(claim: str, evidence: Sequence[Stretch | str]) -> str | None:
    """Return why a guard turns a claim away, None where none does."""
    if not evidence or not any(map(words_of, evidence)):
        return "cites nothing"
    if not _WORD.search(claim):
        return "says nothing"
    if claim.rstrip().endswith(_ASKS):
        return "asks, and says nothing"
    return misquoted(claim, [words_of(one) for one in evidence])


def words_of(one: Stretch | str) -> str:
    """Return the words of a stretch, as printed."""
    return one if isinstance(one, str) else one.hit.article.text[one.start : one.end]


def _judged(
    claim: str, evidence: Sequence[Stretch | str], read: Probabilities, reader: str
) -> Judgement:
    source, span = rests_on(claim, evidence)
    verdict = _verdict(read)
    printed = _printed(evidence, source, span)
    return Judgement(
        score=read.supported,
        verdict=verdict,
        read_by=read.read_by or reader,
        reason=_REASONS[verdict].format(printed) if verdict != "supported" else None,
        source=source,
        span=span,
    )


_REASONS: dict[Degree, str] = {
    "supported": "",
    "partly": "says more than its sources do; nearest: {}",
    "unsupported": "is not in its sources; nearest: {}",
    "contradicted": "is not what its sources say: {}",
}


def _verdict(read: Probabilities) -> Degree:
    if read.supported >= LINE:
        return "supported"
    if read.contradicted >= max(read.not_stated, read.supported):
        return "contradicted"
    return "partly" if read.supported >= _PARTLY else "unsupported"


def _printed(
    evidence: Sequence[Stretch | str], source: int | None, span: tuple[int, int] | None
) -> str:
    if source is None or span is None:
        return "nothing"
    one = evidence[source]
    text = one if isinstance(one, str) else one.hit.article.text
    return f"“{' '.join(text[slice(*span)].split())}”"


def rests_on(
    claim: str, evidence: Sequence[Stretch | str]
) -> tuple[int | None, tuple[int, int] | None]:
    """Return which evidence, and which sentence of it, has most words in common with a claim.

    A word counts by how few of the sentences have it.
    """
    places = [(n, *span) for n, one in enumerate(evidence) for span in _sentences_of(one)]
    held = [stems(_text_of(evidence[n])[start:end]) for n, start, end in places]
    wanted = stems(claim)
    often = {word: sum(word in one for one in held) for word in wanted}
    worth = [fsum(1 / often[word] for word in wanted & one) for one in held]
    if not places or max(worth) == 0:
        return None, None
    n, start, end = places[worth.index(max(worth))]
    return n, (start, end)


def _sentences_of(one: Stretch | str) -> Iterator[tuple[int, int]]:
    if isinstance(one, str):
        yield from sentences(one)
    else:
        yield from sentences(one.hit.article.text, one.start, one.end)


def _text_of(one: Stretch | str) -> str:
    return one if isinstance(one, str) else one.hit.article.text


def stems(text: str) -> frozenset[str]:
    """Return the words of a text without their endings: the first six letters of each."""
    return frozenset(word[:6] for word in _WORD.findall(fold(text).text))
