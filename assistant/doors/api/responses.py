"""What newer clients of OpenAI's speak: `/v1/responses`, the same answers as a chat's.

Nothing is kept between two requests: a conversation comes whole, as `input`.
"""

import json
from collections.abc import Iterator
from itertools import count
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from pydantic import BeforeValidator, Field, StringConstraints

from assistant.answer import Outcome
from assistant.doors.api.call import AnyCall, Call, StreamEvent
from assistant.doors.api.growing_reply import Document, GrowingReply
from assistant.doors.api.openai_dialect import (
    BOTH,
    MessageBody,
    Met,
    OpenAIBody,
    OpenAIRefused,
    OpenAIRoute,
    asked,
    refuse_unmet,
    words_of,
)
from assistant.doors.api.openai_reply import OpenAIReply
from assistant.doors.api.openai_shapes import ResponseShape
from assistant.doors.api.shapes import STREAMED, ok
from assistant.render import to_json

router = APIRouter(prefix="/v1", route_class=OpenAIRoute)


class InputBody(MessageBody):
    """An item of the conversation: a message, or what a model did, which is not read."""

    type: Annotated[str, StringConstraints(max_length=50)] = "message"
    role: Literal["system", "developer", "user", "assistant", "tool"] = "tool"


def _items(given: object) -> object:
    return [{"role": "user", "content": given}] if isinstance(given, str) else given


class ResponsesBody(OpenAIBody):
    """A conversation. What is not in OpenAI's protocol is refused, but for our `filters`."""

    input: Annotated[list[InputBody], BeforeValidator(_items), Field(min_length=1)]
    max_output_tokens: Annotated[int, Field(ge=1)] | None = None
    background: Any = None
    context_management: Any = None
    conversation: Any = None
    include: Any = None
    instructions: Any = None
    max_tool_calls: Any = None
    previous_response_id: Any = None
    prompt: Any = None
    reasoning: Any = None
    stream_options: Any = None
    text: Any = None
    truncation: Any = None


def _plain(text: Any) -> bool:
    made = text.get("format") if isinstance(text, dict) else None
    return made is None or (isinstance(made, dict) and made.get("type") == "text")


_MET: dict[str, Met] = {
    **BOTH,
    "background": lambda value: value is False,
    "conversation": lambda _: False,
    "include": lambda value: "message.output_text.logprobs" not in str(value),
    "previous_response_id": lambda _: False,
    "prompt": lambda _: False,
    "text": _plain,
}


@router.post(
    "/responses",
    responses=ok(ResponseShape, content=STREAMED),
    response_class=JSONResponse,
)
async def respond(body: ResponsesBody, call: AnyCall) -> Response:
    """Answer the last message from the archive, as OpenAI's responses.

    A reply ends before the sentence that is one too many for `max_output_tokens`, which counts
    words.
    """
    refuse_unmet(body, _MET)
    for n, item in enumerate(body.input):
        if item.type == "item_reference":
            raise OpenAIRefused(
                "input: nothing is kept that could be referred to", f"input[{n}].type",
                "unsupported_value", "send the item itself",
            )  # fmt: skip
    steps = asked(call, body, body.input, "input")
    reply = GrowingReply(base=str(call.request.base_url), most=body.max_output_tokens)
    return await _Responding(call, reply, body).to(steps, stream=body.stream)


class _Responding(OpenAIReply):
    """A response of the newer protocol."""

    def __init__(self, call: Call, reply: GrowingReply, asked: ResponsesBody) -> None:
        super().__init__(call, reply)
        self._asked = asked
        self._numbers = count()

    def whole(self, outcome: Outcome) -> Document:
        """Return the response of an outcome."""
        return self._document(outcome)

    def begin(self) -> Iterator[StreamEvent]:
        """Yield the events that open the response, its one message and the text of that."""
        yield self._event("response.created", response=self._document())
        yield self._event("response.in_progress", response=self._document())
        item = self._item("in_progress", [])
        yield self._event("response.output_item.added", output_index=0, item=item)
        part = {"type": "output_text", "text": "", "annotations": [], "logprobs": []}
        yield self._event("response.content_part.added", **self._place, part=part)

    def grown(self, said: str, cited: int) -> Iterator[StreamEvent]:
        """Yield the events by which the reply has grown."""
        if said:
            kind = "response.output_text.delta"
            yield self._event(kind, **self._place, delta=said, logprobs=[])
        annotations = self._annotations()
        for n in range(cited, len(annotations)):
            yield self._event(
                "response.output_text.annotation.added",
                **self._place,
                annotation_index=n,
                annotation=annotations[n],
            )

    def end(self, outcome: Outcome) -> Iterator[StreamEvent]:
        """Yield the events that close what `begin` has opened."""
        part, text = self._part(), self.reply.text
        yield self._event("response.output_text.done", **self._place, text=text, logprobs=[])
        yield self._event("response.content_part.done", **self._place, part=part)
        item = self._item(self._status, [part])
        yield self._event("response.output_item.done", output_index=0, item=item)
        yield self._event(f"response.{self._status}", response=self._document(outcome))

    def failed(self, problem: Document) -> StreamEvent:
        """Return the event of a failure; the problem stands where the clients look for it."""
        error = problem["error"]
        told = {name: error[name] for name in ("code", "message", "param")}
        return self._event("error", **told, error=error)

    @property
    def _place(self) -> Document:
        return {"item_id": f"msg_{self.call.id}", "output_index": 0, "content_index": 0}

    @property
    def _status(self) -> str:
        return "incomplete" if self.reply.ended == "length" else "completed"

    def _document(self, outcome: Outcome | None = None) -> Document:
        """Return the response, with what it holds once there is an outcome."""
        status = self._status if outcome else "in_progress"
        cut = {"reason": "max_output_tokens"} if status == "incomplete" else None
        return {
            "id": f"resp_{self.call.id}",
            "object": "response",
            "created_at": self.created,
            "status": status,
            "error": None,
            "incomplete_details": cut,
            "instructions": None,
            "max_output_tokens": self._asked.max_output_tokens,
            "metadata": self._asked.metadata if isinstance(self._asked.metadata, dict) else {},
            "model": self._asked.model,
            "output": [self._item(status, [self._part()])] if outcome else [],
            "parallel_tool_calls": False,
            "previous_response_id": None,
            "store": False,
            "text": {"format": {"type": "text"}},
            "tool_choice": "none",
            "tools": [],
            "truncation": "disabled",
            "usage": self._usage() if outcome else None,
            "morgue": to_json(outcome) if outcome else None,
        }

    def _item(self, status: str, content: list[Document]) -> Document:
        return {
            "id": f"msg_{self.call.id}",
            "type": "message",
            "status": status,
            "role": "assistant",
            "content": content,
        }

    def _part(self) -> Document:
        return {
            "type": "output_text",
            "text": self.reply.text,
            "annotations": self._annotations(),
            "citations": self.reply.citations,
            "logprobs": [],
        }

    def _annotations(self) -> list[Document]:
        return [{"type": "url_citation", **one} for one in self.reply.annotations]

    def _usage(self) -> Document:
        read, said = words_of(self._asked.input), self.reply.words
        return {
            "input_tokens": read,
            "input_tokens_details": {"cached_tokens": 0, "cache_write_tokens": 0},
            "output_tokens": said,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": read + said,
        }

    def _event(self, kind: str, **what: Any) -> StreamEvent:
        document = {"type": kind, "sequence_number": next(self._numbers), **what}
        return StreamEvent(json.dumps(document, ensure_ascii=False), kind)
