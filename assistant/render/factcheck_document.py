"""A checked draft as the JSON document of docs/interface.md."""

from collections.abc import Sequence

from assistant.answer import Citation
from assistant.factcheck.findings import (
    CheckedDraft,
    CheckedQuotation,
    CheckedSentence,
)
from assistant.render.documents import (
    SCHEMA,
    Document,
    citation_to_json,
    judgement_to_json,
    notices_to_json,
    plain,
)


def draft_to_json(draft: CheckedDraft) -> Document:
    """Return what `check --json` prints and `POST /v1/check` answers."""
    searched = draft.searched
    return {
        "schema": SCHEMA,
        "name": draft.name,
        "text": draft.text,
        "clean": draft.clean,
        "quotations": [_quotation(one) for one in draft.quotations],
        "claims": [_sentence(one) for one in draft.sentences],
        "names": [
            {
                "text": one.text,
                "verdict": one.verdict,
                "usual": one.usual,
                "start": one.start,
                "end": one.end,
            }
            for one in draft.names
        ],
        "unchecked": [
            {"text": one.text, "reason": one.reason, "start": one.start, "end": one.end}
            for one in draft.unchecked
        ],
        "searched": {
            "articles": searched.articles,
            "from": plain(searched.since),
            "to": plain(searched.until),
            "embedded": searched.embedded,
            "nothing": searched.nothing,
        },
        "warnings": notices_to_json(searched.warnings),
        "read_by": draft.read_by,
        "seconds": round(draft.seconds, 3),
    }


def _quotation(one: CheckedQuotation) -> Document:
    return {
        "text": one.text,
        "speaker": one.speaker,
        "said_by": one.said_by,
        "verdict": one.verdict,
        "difference": one.difference,
        "start": one.start,
        "end": one.end,
        "citations": _citations(one.citations),
    }


def _sentence(one: CheckedSentence) -> Document:
    numbers = [citation.n for citation in one.citations]
    return {
        "text": one.text,
        "verdict": one.verdict,
        "judgement": judgement_to_json(one.judgement, numbers),
        "read_as": one.read_as,
        "start": one.start,
        "end": one.end,
        "citations": _citations(one.citations),
        "parts": [{"words": part.words, "citation": part.citation} for part in one.parts],
    }


def _citations(citations: Sequence[Citation]) -> list[Document]:
    return [citation_to_json(one) for one in citations]
