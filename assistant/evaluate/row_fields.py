"""The JSON of rows, under the names that evaluation tools give their fields."""

import datetime
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

_QUESTIONS = ("question", "query", "user_input", "input", "prompt")
_RESPONSES = ("response", "actual_output", "output")
_SOURCES = (
    "citations",
    "sources",
    "retrieved_contexts",
    "contexts",
    "retrieval_context",
    "context",
    "passages",
    "documents",
    "source",
)
_RETRIEVED = ("retrieved_contexts", "contexts", "retrieval_context")
"""What only a row of an answer has, even where the answer itself is missing."""

_TEXTS = ("text", "content", "page_content", "passage", "snippet", "body")


def is_claim(given: Mapping[str, Any]) -> bool:
    """Tell a claim with its passages from an answer."""
    return isinstance(given.get("claim"), str)


def is_answer(given: Mapping[str, Any]) -> bool:
    """Tell an answer that exists from a question that is still to be asked."""
    if given.get("kind") in {"answer", "no_answer"} or "claims" in given:
        return True
    if any(name in given for name in _RESPONSES):
        return True
    if "answer" in given and any(name in given for name in _SOURCES):
        return True
    return any(given.get(name) for name in _RETRIEVED)


def is_question(given: Mapping[str, Any]) -> bool:
    """Tell a question from something else."""
    return any(name in given for name in _QUESTIONS)


def _one_turn(value: Any) -> Any:
    """Return the last thing a person said, where a conversation stands for the question."""
    if not isinstance(value, list):
        return value
    turns = [turn for turn in value if isinstance(turn, Mapping)]
    asked = [t for t in turns if t.get("type", t.get("role")) in {"human", "user"}]
    return (asked or turns or [{"content": ""}])[-1].get("content", "")


def _sentence(value: Any) -> Any:
    """Return text for what may be a number."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _bare(value: Any) -> bool:
    return value is None or (
        isinstance(value, list) and bool(value) and all(isinstance(one, int) for one in value)
    )


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str | Mapping) else value


_Text = Annotated[str, BeforeValidator(_sentence)]
_Texts = Annotated[list[_Text], BeforeValidator(lambda v: [v] if isinstance(v, str) else v)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="ignore", populate_by_name=True)


class GivenSource(_Shape):
    """One source of an answer: a string, or an object with its text and where it is from."""

    n: int | None = Field(None, validation_alias=AliasChoices("n", "number"))
    text: str | None = Field(None, validation_alias=AliasChoices(*_TEXTS))
    url: str | None = Field(None, validation_alias=AliasChoices("url", "link"))
    file: str | None = None
    title: str | None = None
    date: datetime.date | None = None

    @model_validator(mode="before")
    @classmethod
    def _string(cls, value: Any) -> Any:
        if value is None:
            return {}
        return {"text": value} if isinstance(value, str) else value


class _TurnFields(_Shape):
    question: str
    answer: str = ""


class _Named(_Shape):
    id: _Text | None = None
    group: _Text | None = None

    @property
    def name(self) -> str | None:
        """The row's id, if it has one."""
        return self.id


class GoldFields(_Named):
    """What a row knows of the right answer."""

    answer: _Texts | None = None
    reference: _Texts | None = Field(
        None,
        validation_alias=AliasChoices("reference", "ground_truth", "ground_truths",
                                      "expected_output", "golden_answers"),
    )  # fmt: skip
    gold_urls: list[str] | None = None
    gold_files: list[str] | None = None
    gold_titles: list[str] | None = None
    need: Literal["any", "all"] = "any"
    expect: Literal["answer", "no_answer"] | None = None
    answerable: bool | None = None
    quote: str | None = None
    quotes: list[str] = []
    speaker: str | None = None

    @property
    def answers(self) -> tuple[str, ...]:
        """The right short answers, any of which will do."""
        given = [*(self.answer or ()), *(self.reference or ())]
        return tuple(dict.fromkeys(text.strip() for text in given if text.strip()))

    @property
    def gold_quotes(self) -> tuple[str, ...]:
        """The words of articles that answer."""
        return tuple([self.quote] if self.quote else self.quotes)

    @property
    def expectation(self) -> Literal["answer", "no_answer"] | None:
        """Whether the archive can answer; None where nobody says."""
        if self.expect is not None:
            return self.expect
        if self.answerable is not None:
            return "answer" if self.answerable else "no_answer"
        if "answer" in self.model_fields_set and self.answer is None:
            return "no_answer"
        return "answer" if self.gold_urls or self.gold_files or self.gold_titles else None


class QuestionFields(GoldFields):
    """A question."""

    question: Annotated[str, BeforeValidator(_one_turn), Field(min_length=1, pattern=r"\S")] = (
        Field(validation_alias=AliasChoices(*_QUESTIONS))
    )
    date: datetime.date | None = None
    history: list[_TurnFields] = []
    collection: str | None = None


class SaidClaim(_Shape):
    """A claim of an answer that `ask --json` printed."""

    text: str
    citations: list[int] = []
    verdict: str | None = None
    speaker: str | None = None


class AnswerFields(GoldFields):
    """An answer that exists."""

    kind: Literal["answer", "no_answer"] = "answer"
    question: Annotated[str, BeforeValidator(_one_turn)] = Field(
        "", validation_alias=AliasChoices(*_QUESTIONS)
    )
    response: str | None = Field(None, validation_alias=AliasChoices(*_RESPONSES, "text"))
    claims: list[SaidClaim] | None = None
    sources: Annotated[list[GivenSource], BeforeValidator(_listed)] = Field(
        default_factory=list, validation_alias=AliasChoices(*_SOURCES)
    )
    mode: str | None = None
    confidence: float | None = Field(None, allow_inf_nan=False)
    seconds: float | None = Field(None, ge=0, allow_inf_nan=False)
    usage: dict[str, Any] | None = None
    tokens: int | None = None

    @model_validator(mode="before")
    @classmethod
    def _answer_is_the_response(cls, value: Any) -> Any:
        """Read `question, answer, contexts`, where the answer is the system's own."""
        if not isinstance(value, Mapping) or value.get("kind") or "claims" in value:
            return value
        if any(name in value for name in _RESPONSES) or "answer" not in value:
            return value
        return {**{k: v for k, v in value.items() if k != "answer"}, "response": value["answer"]}

    @model_validator(mode="before")
    @classmethod
    def _no_sources(cls, value: Any) -> Any:
        """Read a list of sources that is null as none, and leave a list of bare numbers."""
        if not isinstance(value, Mapping):
            return value
        return {k: v for k, v in value.items() if not (k in _SOURCES and _bare(v))}

    @property
    def is_missing(self) -> bool:
        """Whether the system gave no answer at all, not even an empty one."""
        return self.response is None and self.claims is None and self.kind == "answer"

    @property
    def used(self) -> int | None:
        """The tokens that the answer took, where the row says so."""
        if self.tokens is not None or self.usage is None:
            return self.tokens
        total = self.usage.get("total_tokens")
        parts = [self.usage.get(name) for name in ("prompt_tokens", "completion_tokens")]
        if isinstance(total, int):
            return total
        return sum(one for one in parts if isinstance(one, int)) or None


class ClaimFields(_Named):
    """A claim, what it rests on, and people's label."""

    claim: Annotated[str, Field(pattern=r"\S")]
    sources: Annotated[list[GivenSource], BeforeValidator(_listed)] = Field(
        default_factory=list, validation_alias=AliasChoices(*_SOURCES, "source_sentences")
    )
    supported: bool | None = Field(None, validation_alias=AliasChoices("supported", "label"))
    date: datetime.date | None = None
