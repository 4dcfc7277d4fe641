"""What OpenAI's clients speak: `/v1/chat/completions` and `/v1/models`.

The last message of the user is the question, earlier ones are its history. The text is Markdown
in which an archive's words are words and nothing else.
"""

import json
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, StringConstraints

from assistant.answer import Outcome
from assistant.doors.api.bodies import ONE_OR_MORE, Name
from assistant.doors.api.call import AnyCall, Call, StreamEvent
from assistant.doors.api.growing_reply import Document, GrowingReply
from assistant.doors.api.openai_dialect import (
    BOTH,
    MessageBody,
    Met,
    OpenAIBody,
    OpenAIRoute,
    asked,
    mode_of,
    refuse_unmet,
    served,
    words_of,
)
from assistant.doors.api.openai_reply import OpenAIReply
from assistant.doors.api.openai_shapes import CompletionShape, ModelShape, ModelsShape
from assistant.doors.api.shapes import STREAMED, ok
from assistant.render import to_json

router = APIRouter(prefix="/v1", route_class=OpenAIRoute)


class StreamOptionsBody(BaseModel):
    """What else a stream tells."""

    include_usage: bool | None = None


class ChatBody(OpenAIBody):
    """A conversation. What is not in OpenAI's protocol is refused, but for our `filters`."""

    messages: Annotated[list[MessageBody], Field(min_length=1)]
    stream_options: StreamOptionsBody | None = None
    stop: Annotated[list[Name], Field(max_length=4), ONE_OR_MORE] | None = None
    max_tokens: Annotated[int, Field(ge=1)] | None = None
    max_completion_tokens: Annotated[int, Field(ge=1)] | None = None
    audio: Any = None
    frequency_penalty: Any = None
    function_call: Any = None
    functions: Any = None
    logit_bias: Any = None
    logprobs: Any = None
    modalities: Any = None
    n: Any = None
    prediction: Any = None
    presence_penalty: Any = None
    reasoning_effort: Any = None
    response_format: Any = None
    seed: Any = None
    verbosity: Any = None
    web_search_options: Any = None

    @property
    def most(self) -> int | None:
        """How many words a reply may have at most."""
        given = [n for n in (self.max_tokens, self.max_completion_tokens) if n is not None]
        return min(given, default=None)


_MET: dict[str, Met] = {
    **BOTH,
    "audio": lambda _: False,
    "function_call": lambda value: value in ("auto", "none"),
    "logprobs": lambda value: value is False,
    "modalities": lambda value: value == ["text"],
    "n": lambda value: value == 1,
    "prediction": lambda _: False,
    "response_format": lambda value: isinstance(value, dict) and value.get("type") == "text",
    "web_search_options": lambda _: False,
}


@router.get("/models", responses=ok(ModelsShape))
async def models(call: AnyCall) -> JSONResponse:
    """List the ways to answer as models."""
    return JSONResponse({"object": "list", "data": [_model(name) for name in served(call)]})


@router.get("/models/{model}", responses=ok(ModelShape))
async def model(
    model: Annotated[str, StringConstraints(max_length=200)], call: AnyCall
) -> Response:
    """Show one way to answer as a model."""
    mode_of(call, model)
    return JSONResponse(_model(model))


def _model(name: str) -> Document:
    return {"id": name, "object": "model", "created": 0, "owned_by": "morgue"}


@router.post(
    "/chat/completions",
    responses=ok(CompletionShape, content=STREAMED),
    response_class=JSONResponse,
)
async def complete(body: ChatBody, call: AnyCall) -> Response:
    """Answer the last message from the archive, as OpenAI's chat completions.

    A reply ends before a stop sequence, and before the sentence that is one too many for
    `max_tokens`, which counts words.
    """
    refuse_unmet(body, _MET)
    steps = asked(call, body, body.messages, "messages")
    base = str(call.request.base_url)
    reply = GrowingReply(base=base, stops=tuple(body.stop or ()), most=body.most)
    return await _Completion(call, reply, body).to(steps, stream=body.stream)


class _Completion(OpenAIReply):
    """A chat completion."""

    def __init__(self, call: Call, reply: GrowingReply, asked: ChatBody) -> None:
        super().__init__(call, reply)
        self._asked = asked

    def whole(self, outcome: Outcome) -> Document:
        """Return the completion of an outcome."""
        message = {
            "role": "assistant",
            "content": self.reply.text,
            "refusal": None,
            "annotations": self._annotations(0),
            "citations": self.reply.citations,
        }
        choice = {"index": 0, "message": message, "finish_reason": self._end, "logprobs": None}
        return {
            **self._head("chat.completion"),
            "choices": [choice],
            "usage": self._usage(),
            "morgue": to_json(outcome),
        }

    def begin(self) -> Iterator[StreamEvent]:
        """Yield the piece that says who speaks."""
        yield _event(self._chunk({"role": "assistant", "content": ""}))

    def grown(self, said: str, cited: int) -> Iterator[StreamEvent]:
        """Yield the piece by which the reply has grown."""
        delta: Document = {"content": said}
        if len(self.reply.annotations) > cited:
            delta["annotations"] = self._annotations(cited)
            delta["citations"] = self.reply.citations[cited:]
        if said or len(delta) > 1:
            yield _event(self._chunk(delta))

    def end(self, outcome: Outcome) -> Iterator[StreamEvent]:
        """Yield the piece that says why it ends, and what was asked for besides."""
        yield _event({**self._chunk({}, self._end), "morgue": to_json(outcome)})
        if self._asked.stream_options and self._asked.stream_options.include_usage:
            head = self._head("chat.completion.chunk")
            yield _event({**head, "choices": [], "usage": self._usage()})
        yield StreamEvent("[DONE]")

    def failed(self, problem: Document) -> StreamEvent:
        """Return the event of a failure."""
        return _event(problem)

    def _annotations(self, first: int) -> list[Document]:
        return [
            {"type": "url_citation", "index": n, "url_citation": self.reply.annotations[n]}
            for n in range(first, len(self.reply.annotations))
        ]

    @property
    def _end(self) -> str:
        return self.reply.ended or "stop"

    def _chunk(self, delta: Document, end: str | None = None) -> Document:
        choice = {"index": 0, "delta": delta, "finish_reason": end, "logprobs": None}
        return {**self._head("chat.completion.chunk"), "choices": [choice]}

    def _usage(self) -> Document:
        read, said = words_of(self._asked.messages), self.reply.words
        return {"prompt_tokens": read, "completion_tokens": said, "total_tokens": read + said}

    def _head(self, kind: str) -> Document:
        name, model = f"chatcmpl-{self.call.id}", self._asked.model
        return {"id": name, "object": kind, "created": self.created, "model": model}


def _event(document: Document) -> StreamEvent:
    return StreamEvent(json.dumps(document, ensure_ascii=False))
