"""A draft held against the archive: the path from its words to a verdict on each of them."""

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

from assistant.answer import Evidence, Question, Turn
from assistant.check.quotation_guard import quoted_words
from assistant.check.reader import ClaimReader
from assistant.factcheck.days_alike import dated, last_day
from assistant.factcheck.draft_evidence import DraftEvidence
from assistant.factcheck.draft_text import DraftText
from assistant.factcheck.findings import (
    CheckedDraft,
    CheckedName,
    CheckedQuotation,
    CheckedSentence,
    Unchecked,
    UncheckedSentence,
)
from assistant.factcheck.name_check import check_names
from assistant.factcheck.quotation_check import DraftQuotation, check_quotation
from assistant.factcheck.sentence_check import DraftSentence, check_sentences
from assistant.find.retrieve import searched
from assistant.understand.coreference import may_be_people, names, stand_alone
from ingest.archive import Archive
from ingest.article import Filters, Statement
from ingest.language import lexicon
from ingest.language.identify import likely
from ingest.language.quotations import Quotation, quotations
from ingest.language.sentences import sentences
from ingest.language.speech.statements import statements

MOST = 400
"""Sentences and quotations of a draft that are judged."""

_SHORT = 4
"""Words from which a line is a sentence; a byline is none."""

_QUOTED = 3
"""Words from which a quotation is held against the archive whoever speaks."""

_OWN_WORDS = 7
"""Words around a quotation from which its sentence tells something besides who said it."""

_BEFORE = 3
"""Sentences back that a pronoun may point at."""

_WORD = re.compile(r"\w+(?:['’-]\w+)*")
_ASKS = ("?", "？", "؟")
_SPEAKER = lexicon.words("dialogue.speaker") | lexicon.words("pronouns.self")
_DUTY = lexicon.words("opinion.duty")


@dataclass(frozen=True, slots=True, kw_only=True)
class _DraftParts:
    """What is read of a draft, cut: its sentences, its quotations, and who says them."""

    read: str
    sentences: list[tuple[int, int]]
    quotations: tuple[Quotation, ...]
    statements: tuple[Statement, ...]
    language: str | None

    def within(self, start: int, end: int) -> list[Quotation]:
        """Return the quotations of a stretch."""
        return [one for one in self.quotations if one.start < end and start < one.end]

    def around(self, start: int, end: int) -> str:
        """Return the words of a stretch without what it quotes."""
        return " ".join(" ".join(self._outside(start, end)).split())

    def _outside(self, start: int, end: int) -> Iterator[str]:
        at = start
        for one in self.within(start, end):
            yield self.read[at : max(at, one.outer[0])]
            at = max(at, one.outer[1])
        yield self.read[at:end]


def check_draft(
    draft: DraftText,
    archive: Archive,
    reader: ClaimReader,
    *,
    filters: Filters | None = None,
    day: date | None = None,
) -> CheckedDraft:
    """Hold a draft against an archive; `day` is the day that its "yesterday" is told from.

    Raises what the reader raises.
    """
    began = time.monotonic()
    filters = filters or Filters()
    parts = _cut(draft.read)
    evidence = DraftEvidence(archive, filters)
    quoted = [check_quotation(one, evidence) for one in _quotations(parts)]
    asked, unchecked = _sentences(parts, quoted, evidence, day)
    told = check_sentences(asked, evidence, reader)
    named = check_names(draft.read, evidence)
    return CheckedDraft(
        text=draft.text,
        name=draft.name,
        quotations=tuple(_placed(one, draft) for one in quoted),
        sentences=tuple(_placed(one, draft) for one in told),
        names=tuple(_placed(one, draft) for one in named),
        unchecked=tuple(_placed(one, draft) for one in unchecked),
        searched=searched(
            archive, Question(text="", asked="", filters=filters), missed=evidence.missed
        ),
        read_by=reader.name,
        seconds=time.monotonic() - began,
    )


Found = TypeVar("Found", CheckedQuotation, CheckedSentence, CheckedName, UncheckedSentence)


def _placed(found: Found, draft: DraftText) -> Found:
    """Return what was found with its place and its words in the draft as it stands."""
    start, end = draft.span(found.start, found.end)
    return replace(found, start=start, end=end)


def _cut(read: str) -> _DraftParts:
    return _DraftParts(
        read=read,
        sentences=sentences(read),
        quotations=quotations(read),
        statements=statements(read),
        language=likely(read),
    )


# --- quotations -------------------------------------------------------------------------------


def _quotations(parts: _DraftParts) -> Iterator[DraftQuotation]:
    """Yield what a draft quotes: no names, and no single words that nobody is said to have said."""
    for one in parts.quotations[:MOST]:
        words = parts.read[one.start : one.end]
        if not quoted_words(parts.read[slice(*one.outer)]):
            continue
        said = _said(parts, one)
        if len(_WORD.findall(words)) < _QUOTED and said is None:
            continue
        held = [span for span in parts.sentences if span[0] < one.end and one.start < span[1]]
        start, end = (held[0][0], held[-1][1]) if held else one.outer
        yield DraftQuotation(
            words=words,
            start=one.start,
            end=one.end,
            around=parts.around(start, end),
            speaker=said,
        )


def _said(parts: _DraftParts, one: Quotation) -> str | None:
    for said in parts.statements:
        if said.direct and said.start < one.end and one.start < said.end:
            at = said.speaker_at
            return said.speaker or (parts.read[slice(*at)] if at else None)
    return None


# --- sentences --------------------------------------------------------------------------------


def _sentences(
    parts: _DraftParts,
    quoted: Sequence[CheckedQuotation],
    evidence: DraftEvidence,
    day: date | None,
) -> tuple[list[DraftSentence], list[UncheckedSentence]]:
    """Return the factual sentences of a draft, each standing alone, and the others with why."""
    asked: list[DraftSentence] = []
    unchecked: list[UncheckedSentence] = []
    before: list[str] = []
    about: Sequence[str] = ()
    anchor = day
    for start, end in parts.sentences:
        text = parts.read[start:end]
        own = [one for one in quoted if start <= one.start < end]
        reason = "too_many" if len(asked) >= MOST else _unchecked(parts, start, end, own)
        if reason is None:
            asked.append(
                DraftSentence(
                    text=text,
                    start=start,
                    end=end,
                    alone=_alone(parts, start, end, before),
                    language=parts.language,
                    anchor=anchor,
                    near=tuple(_near(own, evidence)),
                    about=_about(text, about),
                )
            )
        else:
            unchecked.append(UncheckedSentence(text=text, start=start, end=end, reason=reason))
        before = [*before, " ".join(text.split())][-_BEFORE:]
        about = names(text) or about
        anchor = day or last_day(dated(text, parts.language, anchor)) or anchor
    return asked, unchecked


def _unchecked(
    parts: _DraftParts, start: int, end: int, own: Sequence[CheckedQuotation]
) -> Unchecked | None:
    """Return why a sentence is no fact to be looked up, None where it is one."""
    text, around = parts.read[start:end], parts.around(start, end)
    if len(_WORD.findall(text)) < _SHORT:
        return "short"
    if around.rstrip("”\"’') ").endswith(_ASKS) or text.rstrip("”\"’') ").endswith(_ASKS):
        return "question"
    false = any(one.verdict not in {"exact", "normalised"} for one in own)
    if own and (false or len(_WORD.findall(around)) < _OWN_WORDS):
        return "quotation"
    if parts.within(start, end) and len(_WORD.findall(around)) < _SHORT:
        return "quotation"
    return "opinion" if _is_opinion(parts, start, end, around) else None


def _is_opinion(parts: _DraftParts, start: int, end: int, around: str) -> bool:
    """Tell whether the writer speaks for themselves, or says what ought to be.

    What somebody is reported to have said is a fact, whatever they wish for.
    """
    if any(said.start < end and start < said.end and said.cue_at for said in parts.statements):
        return False
    words = {lexicon.plain(word) for word in _WORD.findall(around)}
    return not words.isdisjoint(_SPEAKER | _DUTY)


def _alone(parts: _DraftParts, start: int, end: int, before: Sequence[str]) -> str:
    """Return a sentence with its first pronoun resolved, outside of what it quotes.

    It points at nobody named before the last sentence that names somebody, sure or not.
    """
    inside = parts.within(start, end)
    cut = min((one.outer[0] for one in inside), default=end)
    head, rest = parts.read[start:cut], parts.read[max(cut, start) : end]
    if before and head.strip():
        last = next((n for n, one in enumerate(reversed(before), 1) if may_be_people(one)), 0)
        earlier = Turn(question="", answer="\n".join([*reversed(before)][: last or None]))
        named = stand_alone(head, [earlier]).own
        head = named if len(named) > len(head.strip()) else head
    return " ".join(f"{head.rstrip()} {rest}".split())


def _about(text: str, before: Sequence[str]) -> tuple[str, ...]:
    """Return the names that were last named, where a sentence names nobody and nothing itself."""
    return () if names(text) else tuple(before)


def _near(own: Sequence[CheckedQuotation], evidence: DraftEvidence) -> Iterator[Evidence]:
    """Yield where the quotations of a sentence are printed."""
    for one in own:
        for citation in one.citations[:1]:
            for article in evidence.articles:
                if article.article.article_id == citation.article.article_id:
                    yield Evidence(hit=article.hit, start=citation.start, end=citation.end)
