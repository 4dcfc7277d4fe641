"""An answer without a model: the sentences that answer, whole and as printed."""

import re
from collections.abc import Sequence

from assistant.answer import Draft, DraftClaim, Evidence
from assistant.find.candidates import Asked, Candidate
from assistant.find.rank import LEAST, worth
from ingest.language.normalise import fold

_WORD = re.compile(r"\w{4,}|\d+")


def quote(asked: Asked, candidates: Sequence[Candidate], *, most: int) -> Draft:
    """Return at most `most` sentences that answer, best first, none of them twice."""
    ranked = sorted(
        _of_the_speaker(asked, candidates), key=lambda c: (-worth(c, asked), c.rank, c.start)
    )
    chosen: list[Candidate] = []
    said: set[str] = set()
    for candidate in ranked:
        if len(chosen) == most or (
            chosen and worth(candidate, asked) < LEAST * worth(chosen[0], asked)
        ):
            break
        words = fold(candidate.text).text
        if words not in said and not _told(candidate, chosen):
            said.add(words)
            chosen.append(candidate)
    return Draft(mode="quotes", claims=tuple(quoted(candidate) for candidate in chosen))


def _told(candidate: Candidate, chosen: Sequence[Candidate]) -> bool:
    """Tell whether a headline says nothing that chosen sentences of its article do not say."""
    if candidate.part != "headline":
        return False
    article = candidate.hit.article.article_id
    told = " ".join(c.text for c in chosen if c.hit.article.article_id == article)
    return set(_WORD.findall(candidate.text.casefold())) <= set(_WORD.findall(told.casefold()))


def _of_the_speaker(asked: Asked, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Leave out what others say where the question asks what somebody said."""
    most = max((c.speaks for c in candidates), default=0.0)
    if not asked.speech or most == 0:
        return list(candidates)
    return [c for c in candidates if c.speaker is None or c.speaks * 3 >= most]


def quoted(candidate: Candidate) -> DraftClaim:
    """Return a sentence as a claim: its words, and where they are printed."""
    return DraftClaim(
        text=candidate.text,
        evidence=(Evidence(hit=candidate.hit, start=candidate.start, end=candidate.end),),
        verbatim=True,
    )
