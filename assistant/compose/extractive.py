"""An answer without a model: the sentences that answer, whole and as printed."""

from collections.abc import Sequence
from itertools import zip_longest
from typing import NamedTuple

from assistant.answer import Draft, DraftClaim, Evidence
from assistant.find.asked_speech import speaker_named
from assistant.find.candidates import Asked, Candidate
from assistant.find.rank import LEAST, MEASURED, worth
from ingest.language.normalise import fold

_MATTER = 0.5
"""Share of what the best sentence holds of the matter that another holds at least."""

_AS_MUCH, _AS_MUCH_OF_KIND = 0.6, 0.4
"""Share of what the best sentence holds of the question that another holds at least, and one that
has the number, time or person asked for, unless its story is told already."""

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

    The best of each part comes first, which no other part takes from it among its own, then the
    rest in the same turn. One that leans is answered from the dispatches that answer the first,
    where those answer nearly as well as any.
    """
    few = max(1, most // len(parts))
    chosen: list[list[Candidate]] = []
    for asked, candidates, leans in parts:
        of_it = _of_stories(asked, candidates, chosen[0][:few]) if chosen and leans else candidates
        chosen.append(_chosen(asked, of_it, most))
    told: list[list[Candidate]] = []
    already: set[tuple[str, int]] = set()
    for one in chosen:
        best = next((c for c in one if c.place not in already), None)
        told.append([best] if best else [])
        already |= {c.place for c in told[-1]}
    for n, one in enumerate(chosen):
        new = [c for c in one if c.place not in already][: few - len(told[n])]
        told[n] += new
        already |= {c.place for c in new}
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
        if chosen and not _beside(candidate, chosen, asked):
            continue
        words = fold(candidate.text).text
        if words not in said and not _told(candidate, chosen):
            said.add(words)
            chosen.append(candidate)
    return chosen


def _beside(candidate: Candidate, chosen: Sequence[Candidate], asked: Asked) -> bool:
    """Tell whether a sentence is of what is asked about nearly as much as the best one is.

    One of a story that is told already is; and what somebody said who is asked about goes on in
    sentences that hold little of the question. Where a number, a time or somebody is asked for
    and the best one has it, one without answers nothing, and one with it may hold less.
    """
    best = chosen[0]
    if (asked.speech and candidate.speaks) or any(one.story == candidate.story for one in chosen):
        return True
    if asked.kinds and best.kind and not candidate.kind:
        return False
    measured = candidate.kind and asked.kinds[:1] in MEASURED
    return candidate.holds >= (_AS_MUCH_OF_KIND if measured else _AS_MUCH) * best.holds


def _told(candidate: Candidate, chosen: Sequence[Candidate]) -> bool:
    """Tell whether a headline stands over a sentence that was chosen: it says the same."""
    article = candidate.hit.article.article_id
    return candidate.part == "headline" and any(
        one.hit.article.article_id == article for one in chosen
    )


def _of_the_speaker(asked: Asked, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Leave out what others say where the question asks what somebody said."""
    most = max((c.speaks for c in candidates), default=0.0)
    if not asked.speech or most == 0:
        told = [c for c in candidates if c.speaker is None] if asked.sayer else []
        return told or list(candidates)
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
