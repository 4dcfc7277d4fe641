"""What an archive keeps of who said what: statements, and how each was said."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from ingest.article import Article, Statement
from ingest.language import lexicon
from ingest.language.normalise import block_hash, fold
from ingest.language.quotations import quotations
from ingest.language.sentences import sentences
from ingest.language.speech import naming, speaker_names, wording
from ingest.language.speech.statements import statements

EXTRACTOR = "7"
"""Raised when the same article would give other statements, so that they are found anew."""

Manner = Literal["direct", "mixed", "indirect"]

SpeakerFrom = Literal["form", "sentence", "context"]

_MOST_OF = 0.8
"""Share of a quotation that a reported clause holds, where it is part of the clause."""

_NEAR = 200
"""Characters of a sentence beyond a statement in which its speaker and reporting word are looked
for: what is farther off is another clause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """A statement, and how it was said.

    It is `mixed` where a reported clause holds words in quotation marks; `denied` where the
    reporting word denies it; `hedged` where its own words leave it open. `named` says that its
    sentence, its form or what stands before it names the speaker and leaves nobody else; `role` is
    the span of what the speaker is, where the article says so beside the name. `words` stands for
    its words, however they are written.
    """

    statement: Statement
    manner: Manner
    denied: bool
    hedged: bool
    named: bool
    words: int
    role: tuple[int, int] | None = None


def sayings(article: Article) -> list[Saying]:
    """Return what is said in an article, in order, each stretch of it once."""
    text = article.text
    found = statements(text, article.parts)
    quoted = [one.outer for one in quotations(text)]
    roles, parts = roles_of(text, found), _parts(found)
    bodies = {name: speaker_names.qualified(name, text) for name in _named_bodies(found)}
    return [
        Saying(
            statement=replace(one, speaker=bodies.get(one.speaker or "", one.speaker)),
            manner=_manner(one, quoted),
            denied=_denied(one, text),
            hedged=_hedged(text[one.start : one.end], article.language),
            named=one.labelled or one.sure or names_speaker(one, text),
            words=block_hash(text[one.start : one.end].strip(" ,.;:!?…")),
            role=roles.get(one.speaker or ""),
        )
        for one in found
        if one not in parts
    ]


def _parts(found: Sequence[Statement]) -> set[Statement]:
    """Return the quotations that are part of a reported clause, which tells them whole."""
    clauses = [one for one in found if not one.direct]
    parts: set[Statement] = set()
    for clause, one in _pairs(clauses, [one for one in found if one.direct]):
        shared = min(clause.end, one.end) - max(clause.start, one.start)
        if clause.speaker == one.speaker and shared >= _MOST_OF * (one.end - one.start):
            parts.add(one)
    return parts


def _pairs(
    clauses: Sequence[Statement], quoted: Sequence[Statement]
) -> Iterator[tuple[Statement, Statement]]:
    """Yield clauses with the quotations that overlap them; both are in order."""
    first = 0
    for clause in clauses:
        while first < len(quoted) and quoted[first].end <= clause.start:
            first += 1
        for one in quoted[first:]:
            if one.start >= clause.end:
                break
            yield clause, one


def _manner(one: Statement, quoted: Sequence[tuple[int, int]]) -> Manner:
    if one.direct:
        return "direct"
    at = bisect_right(quoted, (one.start, one.start))
    mixed = any(
        start < one.end and one.start < end for start, end in quoted[max(0, at - 1) : at + 1]
    )
    return "mixed" if mixed else "indirect"


def _denied(one: Statement, text: str) -> bool:
    said = text[slice(*one.cue_at)].casefold() if one.cue_at else ""
    return said in lexicon.words("negations.verbs")


def _hedged(words: str, language: str | None) -> bool:
    if not (lexicon.supports(language, "hedges") and language):
        return False
    return not _doubts(language).isdisjoint(lexicon.plain(words).replace(",", " ").split())


@cache
def _doubts(language: str) -> frozenset[str]:
    return frozenset().union(
        *(lexicon.words(f"hedges.{group}", language) for group in ("adverbs", "conditions"))
    )


def speaker_from(one: Statement, text: str) -> SpeakerFrom:
    """Return where a statement's speaker is named: by its form, its sentence, or what is before."""
    if one.labelled:
        return "form"
    return "sentence" if names_speaker(one, text) else "context"


def names_speaker(one: Statement, text: str) -> bool:
    """Tell whether the sentence of a statement names its speaker, beside the reporting word."""
    if one.speaker is None or one.speaker_at is None or one.cue_at is None:
        return False
    printed = fold(text[slice(*one.speaker_at)]).text
    last = fold(one.speaker).text.split()[-1]
    if last not in printed or printed in wording.PRONOUNS:
        return False
    first = min(one.start, one.speaker_at[0], one.cue_at[0])
    end = max(one.end, one.speaker_at[1], one.cue_at[1])
    if end - first > one.end - one.start + _NEAR:
        return False
    return _one_sentence(one, text, end)


def _one_sentence(one: Statement, text: str, end: int) -> bool:
    """Tell whether nothing but the end of the quotation itself ends a sentence in a stretch."""
    assert one.cue_at is not None
    if one.cue_at[0] >= one.end:
        return "\n" not in text[one.end : end] and len(sentences(text, one.end, end)) <= 1
    gap = text[one.cue_at[1] : one.start]
    return "\n" not in gap and len(sentences(text, one.cue_at[1], one.start)) <= 1


def roles_of(text: str, found: Sequence[Statement]) -> dict[str, tuple[int, int]]:
    """Return what each speaker who is a person is, where the article says it beside the name."""
    roles: dict[str, tuple[int, int]] = {}
    for name in {one.speaker for one in found if one.speaker}:
        if not speaker_names.in_full(name):
            continue
        at = text.find(name)
        while at >= 0 and name not in roles:
            told = speaker_names.role(text, at, at + len(name))
            if told is not None:
                roles[name] = told
            at = text.find(name, at + 1)
    return roles


def _named_bodies(found: Sequence[Statement]) -> set[str]:
    return {one.speaker for one in found if one.speaker and naming.institution(one.speaker)}
