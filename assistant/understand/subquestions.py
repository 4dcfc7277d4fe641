"""The questions that a question is made of, so that what is there can be told of each."""

import re
from dataclasses import replace

from assistant.answer import Question, Turn
from assistant.understand.coreference import names
from assistant.understand.question import LEANS_ON, understand
from ingest.language import lexicon


def _beginnings(language: str) -> str:
    """Return the pattern of how a question begins in a language that has one."""
    before, after = (
        lexicon.pattern(f"questions.begins_{which}", of=[language]) for which in ("adverb", "after")
    )
    begins = lexicon.pattern("questions.begins", of=[language])
    return rf"(?:{begins})\b|(?:{before})\s+(?:{after})\b"


_ASKING = f"(?:{'|'.join(map(_beginnings, lexicon.having('questions')))})"
"""How a question begins, and not a clause: "when did it open", not "when it opened"."""

_AND = lexicon.pattern("questions.and")
_BETWEEN = re.compile(
    rf"(?:\?\s+(?:(?:{_AND})\s+)?|[,;]?\s+(?:{_AND})\s+)(?={_ASKING})", re.IGNORECASE
)
_COMMA = re.compile(rf",\s+(?={_ASKING})", re.IGNORECASE)
_STARTS = re.compile(rf"\W*{_ASKING}", re.IGNORECASE)
MOST = 4
"""Parts that are answered: each of them is a search and a reading of its own."""

_LEAST = 2
"""Spaces within a part: "and why?" asks for more of the same."""


def parts(question: Question) -> tuple[Question, ...]:
    """Return the questions in a question, each standing alone; none where it is only one.

    "Who built it and what did it cost?" is two; "the cost and the date of it" is one. A later part
    keeps the subject of the first, unless it names one of its own.
    """
    leaning = LEANS_ON.fullmatch(question.text)
    own, about = (leaning["own"], f" {leaning['about']}") if leaning else (question.text, "")
    pieces = [piece[:1].upper() + piece[1:] for piece in _pieces(own)]
    if len(pieces) < 2:
        return ()
    found = [understand(f"{pieces[0]}?{about}", filters=question.filters)]
    found += [_later(f"{piece}?", found[0], about) for piece in pieces[1:]]
    return tuple(
        replace(
            part,
            asked=f"{piece}?",
            topic=f"{part.topic} {question.topic}".strip(),
            query=question.query,
        )
        for piece, part in zip(pieces, found, strict=True)
    )


def leans(part: Question) -> bool:
    """Tell whether a part names nothing itself, and is about what stands behind it in brackets."""
    return LEANS_ON.fullmatch(part.text) is not None


def _pieces(asked: str) -> list[str]:
    """Return the questions that "and" joins, and commas before it.

    A short one goes with the one before it.
    """
    pieces: list[str] = []
    split = _BETWEEN.split(asked)
    for piece in (
        one for whole in split for one in (_listed(whole) if len(split) > 1 else [whole])
    ):
        words = piece.strip(" ,;?")
        if pieces and words.count(" ") < _LEAST:
            pieces[-1] = f"{pieces[-1]} and {words}"
        else:
            pieces.append(words)
    return pieces if pieces[0].count(" ") >= _LEAST else []


def _listed(piece: str) -> list[str]:
    """Return the questions of a list with commas: "who is it, when was it"; no clause is one."""
    several = _COMMA.split(piece.strip(" ,;?"))
    whole = all("," not in one and _STARTS.match(one) for one in several)
    return several if whole else [piece]


def _later(asked: str, first: Question, about: str) -> Question:
    """Return a later part as it stands alone, with the subject of the first."""
    own = first.text.removesuffix(about)
    part = understand(asked, filters=first.filters, history=[Turn(question=own)])
    if part.topic:
        return part
    return replace(part, text=part.text if names(asked) else f"{asked} ({own})", topic=own)
