"""What a written claim rests on: the fewest stretches of articles by which it stands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.answer import Evidence, Judgement
from assistant.check.judge import LINE, judge, rests_on, stems
from assistant.check.quotation_guard import quoted_words
from assistant.check.reader import ClaimReader
from ingest.language.quotations import quotations
from ingest.language.sentences import sentences

_LOST = 0.15
"""Support that may be lost where fewer words are cited."""

_TRIED = 3
"""Other stretches that are tried where a claim does not stand by what it cites: among many every
claim would find a friend."""

_TOGETHER = 3
"""Sentences that are cited together: who needs more of a paragraph cites the paragraph."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounded:
    """A claim's evidence as it was chosen, and the judgement by it."""

    evidence: tuple[Evidence, ...]
    judgement: Judgement


def supporting(
    text: str, cited: Sequence[Evidence], read: Sequence[Evidence], reader: ClaimReader
) -> Grounded:
    """Judge a claim by what it cites; where that does not do, with the next best that was read.

    A few are tried, each with the cited ones and alone. None is where what is cited says
    otherwise. Raises what the reader raises.
    """
    first = _judged(text, tuple(cited), reader)
    if first.judgement.stands:
        return _headed(text, _narrowed(text, first, reader))
    if first.judgement.verdict == "contradicted":
        return first
    tried = _judged_apart(
        text, list(_others(text, cited, read, 1 if reader.dear else _TRIED)), reader
    )
    best = max(tried, key=lambda one: one.judgement.score or 0.0, default=first)
    return _headed(text, _narrowed(text, best, reader)) if best.judgement.stands else first


def _headed(text: str, grounded: Grounded) -> Grounded:
    """Cite a headline too, where it alone has a word of the claim: every reader is given it."""
    told = stems(" ".join(one.text for one in grounded.evidence))
    wanted = stems(text) - told
    first = {one.hit.article.article_id: one for one in grounded.evidence}
    headlines = (
        replace(one, start=part.start, end=part.end)
        for one in first.values()
        for part in one.hit.article.parts
        if part.part == "headline"
    )
    more = [one for one in headlines if wanted & stems(one.text) and one not in grounded.evidence]
    return replace(grounded, evidence=(*grounded.evidence, *more))


def _judged(text: str, evidence: tuple[Evidence, ...], reader: ClaimReader) -> Grounded:
    return Grounded(evidence=evidence, judgement=judge([text], [evidence], reader)[0])


def _judged_apart(
    text: str, options: list[tuple[Evidence, ...]], reader: ClaimReader
) -> list[Grounded]:
    """Judge a claim by each of several choices of evidence, all in one batch."""
    judgements = judge([text] * len(options), options, reader)
    return [
        Grounded(evidence=own, judgement=judgement)
        for own, judgement in zip(options, judgements, strict=True)
    ]


def _others(
    text: str, cited: Sequence[Evidence], read: Sequence[Evidence], most: int
) -> Iterator[tuple[Evidence, ...]]:
    rest = [one for one in read if one not in cited]
    for _ in range(most):
        nearest, _ = rests_on(text, rest)
        if nearest is None:
            return
        one = rest.pop(nearest)
        yield (one,)
        if cited:
            yield (*cited, one)


def _narrowed(text: str, whole: Grounded, reader: ClaimReader) -> Grounded:
    """Cite fewer words where they do as well; not where each reading is a call to a server."""
    if reader.dear:
        return whole
    options = list(_fewer(text, whole.evidence))
    floor = max(LINE, (whole.judgement.score or 0.0) - _LOST)
    standing = [
        one
        for one in _judged_apart(text, options, reader)
        if one.judgement.stands and (one.judgement.score or 0.0) >= floor
    ]
    return min(standing, key=_length, default=whole)


def _length(judged: Grounded) -> int:
    return sum(one.end - one.start for one in judged.evidence)


def _fewer(text: str, evidence: tuple[Evidence, ...]) -> Iterator[tuple[Evidence, ...]]:
    """Yield the evidence without one stretch, and with one cut to the sentences around its best."""
    if len(evidence) > 1:
        yield from (tuple(o for o in evidence if o is not one) for one in evidence)
        yield from ((run,) for one in evidence for run in _runs(text, one))
    else:
        yield from ((run,) for run in _runs(text, evidence[0]))


def _runs(text: str, one: Evidence) -> Iterator[Evidence]:
    """Yield the sentence that a claim rests on most and its neighbours, no quotation torn."""
    article = one.hit.article.text
    spans = sentences(article, one.start, one.end)
    _, best = rests_on(text, [one])
    if best is None or len(spans) < 2:
        return
    at = spans.index(best)
    marks = [(one.start + a, one.start + b) for a, b in (q.outer for q in quotations(one.text))]
    needed = [words for words in quoted_words(text) if words in one.text]
    for size in range(1, min(_TOGETHER, len(spans) - 1) + 1):
        for first in range(max(0, at - size + 1), min(at, len(spans) - size) + 1):
            start, end = spans[first][0], spans[first + size - 1][1]
            torn = any(a < edge < b for edge in (start, end) for a, b in marks)
            if not torn and all(words in article[start:end] for words in needed):
                yield replace(one, start=start, end=end)
