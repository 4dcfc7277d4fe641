"""The shapes of what OpenAI's clients are answered, for the schema."""

from typing import Any, Literal

from assistant.doors.api.shapes import AnswerShape, ListShape, NoAnswerShape, Shape


class MessageShape(Shape):
    """The one message of a completion; citations in OpenAI's shape and in Anthropic's."""

    role: Literal["assistant"]
    content: str
    refusal: None
    annotations: list[dict[str, Any]]
    citations: list[dict[str, Any]]


class ChoiceShape(Shape):
    """The one choice of a completion."""

    index: int
    message: MessageShape
    finish_reason: Literal["stop"]
    logprobs: None


class CompletionShape(Shape):
    """What `/v1/chat/completions` answers; `morgue` is what `/v1/ask` would."""

    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    choices: list[ChoiceShape]
    usage: dict[str, int]
    morgue: AnswerShape | ListShape | NoAnswerShape


class ResponseShape(Shape):
    """What `/v1/responses` answers; `morgue` is what `/v1/ask` would."""

    id: str
    object: Literal["response"]
    created_at: int
    status: Literal["completed", "incomplete"]
    model: str
    output: list[dict[str, Any]]
    usage: dict[str, Any]
    morgue: AnswerShape | ListShape | NoAnswerShape


class ModelShape(Shape):
    """A way to answer, as a model."""

    id: str
    object: Literal["model"]
    created: int
    owned_by: str


class ModelsShape(Shape):
    """What `/v1/models` answers."""

    object: Literal["list"]
    data: list[ModelShape]
