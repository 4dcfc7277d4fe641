"""What `/v1/said` and `/v1/quote` answer, for the OpenAPI document."""

from typing import Literal

from pydantic import Field

from assistant.answer import PrintedVerdict
from assistant.doors.api.shapes import CitationShape, NoticeShape, SearchedShape, Shape


class StatementChangeShape(Shape):
    """What a statement says otherwise than the one numbered `since`; either may be nothing."""

    kind: Literal["number", "day", "negation", "words"]
    since: int
    before: str
    now: str


class StatementShape(CitationShape):
    """What somebody said; `kind` is how, `article_kind` that of the article."""

    article_kind: str | None
    speaker: str | None
    speaker_as_printed: str | None
    speaker_from: Literal["form", "sentence", "context"] | None
    kind: Literal["direct", "mixed", "indirect"]
    denied: bool
    hedged: bool
    again: int
    changed: list[StatementChangeShape]


class SpeakerRoleShape(Shape):
    """What articles say that a speaker is, and where the newest of them does."""

    text: str
    articles: int
    since: str | None = Field(alias="from")
    to: str | None
    article_id: str
    version: int
    start: int
    end: int


class SaidShape(Shape):
    """What `/v1/said` answers."""

    version: Literal[1] = Field(alias="schema")
    id: str | None
    statements: list[StatementShape]
    total: int
    left_out: int
    facets: dict[str, dict[str, int]]
    roles: list[SpeakerRoleShape]
    people: list[str]
    next: int | None
    warnings: list[NoticeShape]
    searched: SearchedShape


class ChangedWordsShape(Shape):
    """What is printed in place of what was asked for, and where; either may be nothing."""

    asked: str
    printed: str
    start: int
    end: int


class SightingShape(CitationShape):
    """Where words, or something like them, are printed."""

    speaker: str | None
    speaker_from: Literal["form", "sentence", "context"] | None
    alike: float
    difference: str | None
    changes: list[ChangedWordsShape]


class QuoteFoundShape(Shape):
    """What `/v1/quote` answers."""

    version: Literal[1] = Field(alias="schema")
    id: str | None
    words: str
    verdict: PrintedVerdict
    first: SightingShape | None
    appearances: list[SightingShape]
    nearest: list[SightingShape]
    warnings: list[NoticeShape]
    searched: SearchedShape
