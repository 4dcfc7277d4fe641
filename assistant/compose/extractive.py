"""An answer without a model: the sentences that answer, whole and as printed."""

import re
from collections.abc import Sequence
from itertools import islice, zip_longest
from typing import NamedTuple

from assistant.answer import Draft, DraftClaim, Evidence
from assistant.find.candidates import Asked, Candidate, speaker_named
from assistant.find.rank import LEAST, worth
from ingest.language.normalise import fold

_WORD = re.compile(r"\w{4,}|\d+")

_MATTER = 0.5
"""Share of what the best sentence holds of the matter that another holds at least."""

_NEARLY = 0.8
"""Share of the best sentence's worth from which one of the same dispatch stands for it."""


class PartRead(NamedTuple):
    """A part of a question with the sentences that may answer it.

    One that `leans` names nothing itself: it is about what the first part is about.
    """

    asked: Asked
    said: Sequence[Candidate]
    leans: bool = False


def quote(parts: Sequence[PartRead], *, most: int) -> Draft:
    """Return at most `most` sentences that answer the parts of a question, none of them twice.

    The best of each part comes first, then the rest in the same turn. One that leans is answered
    from the dispatches that answer the first, where those answer nearly as well as any.
    """
    few = max(1, most // len(parts))
    told: list[list[Candidate]] = []
    for asked, candidates, leans in parts:
        of_it = _of_stories(asked, candidates, told[0]) if told and leans else candidates
        already = {one.place for chosen in told for one in chosen}
        new = (one for one in _chosen(asked, of_it, most) if one.place not in already)
        told.append(list(islice(new, few)))
    in_turn = [one for row in zip_longest(*told) for one in row if one is not None]
    return Draft(mode="quotes", claims=tuple(quoted(one) for one in in_turn))


def _of_stories(
    asked: Asked, candidates: Sequence[Candidate], first: Sequence[Candidate]
) -> Sequence[Candidate]:
    stories = {one.story for one in first}
    same = [one for one in candidates if one.story in stories]
    best, of_them = (
        max((worth(c, asked) for c in some), default=0.0) for some in (candidates, same)
    )
    return same if same and of_them >= _NEARLY * best else candidates


def _chosen(asked: Asked, candidates: Sequence[Candidate], most: int) -> list[Candidate]:
    spoken = _on_the_matter(asked, _of_the_speaker(asked, candidates))
    ranked = sorted(spoken, key=lambda c: (-worth(c, asked), c.rank, c.start))
    if ranked and not ranked[0].nameless:
        ranked = [c for c in ranked if not c.nameless]  # of an article on something else
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
    return chosen


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


def _on_the_matter(asked: Asked, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Leave out what somebody says of other things where they speak of what is asked about.

    "Which school announced" asks who did, and not what somebody said.
    """
    if not asked.speech or speaker_named(asked.words) is None:
        return list(candidates)
    most = max((c.matter for c in candidates), default=0.0)
    return [c for c in candidates if c.matter >= _MATTER * most]


def quoted(candidate: Candidate) -> DraftClaim:
    """Return a sentence as a claim: its words, and where they are printed."""
    return DraftClaim(
        text=candidate.text,
        evidence=(Evidence(hit=candidate.hit, start=candidate.start, end=candidate.end),),
        verbatim=True,
    )
