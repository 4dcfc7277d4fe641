"""A whole conversation as one manuscript: each question a heading, its answer, one run of notes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from assistant.answer import Answer, NoAnswer, Outcome
from assistant.render import phrasing
from assistant.render.export.manuscript import (
    CLAIMS,
    BlockKind,
    Cell,
    ExportNotes,
    Manuscript,
    ManuscriptBlock,
    ManuscriptRun,
    answer_blocks,
    claim_rows,
    listed_blocks,
    listed_rows,
    nearest_rows,
    no_answer_blocks,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedTurn:
    """A question and what was answered; `instead` says why there is no answer to show."""

    question: str
    asked: datetime
    outcome: Outcome | None
    instead: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedTalk:
    """A conversation as it leaves: what it is called, and its questions in their order."""

    title: str
    turns: tuple[ExportedTurn, ...]


def talk_manuscript(talk: ExportedTalk) -> Manuscript:
    """Return what may be exported of a conversation; its notes are numbered through."""
    notes = ExportNotes()
    blocks = [block for turn in talk.turns for block in _turn(turn, notes)]
    rows = [(turn.question, *row) for turn in talk.turns for row in _rows(turn)]
    return notes.bound(talk.title, blocks, ("question", *CLAIMS), rows)


def _turn(turn: ExportedTurn, notes: ExportNotes) -> Iterator[ManuscriptBlock]:
    yield _block(ManuscriptRun(text=turn.question), "heading")
    when = f"Asked on {phrasing.day(turn.asked)}, {turn.asked:%H:%M} UTC"
    yield _block(ManuscriptRun(text=when, style="emphasis"))
    match turn.outcome:
        case None:
            yield _block(ManuscriptRun(text=turn.instead))
        case Answer():
            yield from answer_blocks(turn.outcome, notes)
        case NoAnswer():
            yield from no_answer_blocks(turn.outcome, notes)
        case listed:
            yield from listed_blocks(listed, notes)


def _block(run: ManuscriptRun, kind: BlockKind = "paragraph") -> ManuscriptBlock:
    return ManuscriptBlock(runs=(run,), kind=kind)


def _rows(turn: ExportedTurn) -> list[tuple[Cell, ...]]:
    match turn.outcome:
        case None:
            return [("", turn.instead, *(None,) * (len(CLAIMS) - 2))]
        case Answer():
            return claim_rows(turn.outcome)
        case NoAnswer():
            return nearest_rows(turn.outcome)
        case listed:
            return listed_rows(listed)
