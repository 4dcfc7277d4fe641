"""What OpenAI's two protocols have in common: models, messages, and what is refused.

An answer comes from the archive alone: what a system says, how a model is to be sampled and
which tools it has is read by nobody. What would change what is answered, and cannot be met, is
refused with OpenAI's own codes, and so is what nobody knows.
"""

import re
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Annotated, Any, Literal

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, BeforeValidator, Field, StringConstraints

from assistant.answer import Mode, Step, Turn
from assistant.doors.api.bodies import FiltersBody, RequestBody
from assistant.doors.api.call import Call
from assistant.doors.api.problems import RequestRefused

MODELS: dict[str, Mode | None] = {
    "morgue": None,
    "morgue-quotes": "quotes",
    "morgue-written": "written",
}
LONGEST_QUESTION = 4000
_TURNS = 50
_ASKS = ("?", "\uff1f", "\u061f", "\u037e", "\u055e")
"""Question marks: Latin, full width, Arabic, Greek, Armenian."""
_FOOT = 3
"""Lines at the end of a template in which a question stands, if it is not above the texts."""
_LABEL = re.compile(r"^[^\W\d_][\w /]{0,19}:\s+(?=\S)")
_TAG = re.compile(r"</?[\w-]{1,40}>")
_CODES = {"missing": "missing_required_parameter", "extra_forbidden": "unknown_parameter"}
_TEXTS = {"text", "input_text", "output_text"}

Words = Annotated[str, StringConstraints(max_length=900_000)]


class OpenAIRefused(RequestRefused):
    """A request that OpenAI's protocol allows and that is not served, or one that it does not."""

    def __init__(self, message: str, param: str | None, code: str, hint: str | None = None) -> None:
        super().__init__(400, "InvalidRequest", message, hint)
        self.type = "invalid_request_error"
        self.param = param
        self.code = code


class OpenAIRoute(APIRoute):
    """A route whose complaints about a request are those of OpenAI's own server."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return what serves a request."""
        handler = super().get_route_handler()

        async def speaking(request: Request) -> Response:
            try:
                return await handler(request)
            except RequestValidationError as error:
                raise _misunderstood(error.errors()[0]) from None

        return speaking


def _misunderstood(complaint: Mapping[str, Any]) -> OpenAIRefused:
    where = [step for step in complaint["loc"] if step not in {"body", "path", "query"}]
    if complaint["type"] == "json_invalid":
        return OpenAIRefused(f"the body is no JSON: {complaint['msg']}", None, "invalid_json")
    param = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in where)[1:]
    return OpenAIRefused(
        f"{param or 'the body'}: {complaint['msg']}",
        param or None,
        _CODES.get(complaint["type"], "invalid_value"),
        "see GET /docs",
    )


def _parts(content: object) -> object:
    if content is None:
        return []
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


class PartBody(BaseModel):
    """A piece of a message."""

    type: Annotated[str, StringConstraints(max_length=50)]
    text: Words = ""


class MessageBody(BaseModel):
    """A message of the conversation; what else stands in it is what a reply of ours had."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Annotated[list[PartBody], BeforeValidator(_parts), Field(max_length=100)] = []

    @property
    def text(self) -> str:
        """What it says."""
        return "\n".join(part.text for part in self.content if part.type in _TEXTS)


class OpenAIBody(RequestBody):
    """What both protocols let a client ask for. `filters` is our own.

    Fields without a use here say how a model is to be sampled, kept or billed: there is none, or
    it is not the client's.
    """

    model: Annotated[str, StringConstraints(max_length=200)] = "morgue"
    stream: bool | None = None
    filters: FiltersBody = FiltersBody()
    metadata: Any = None
    moderation: Any = None
    parallel_tool_calls: Any = None
    prompt_cache_key: Any = None
    prompt_cache_options: Any = None
    prompt_cache_retention: Any = None
    safety_identifier: Any = None
    service_tier: Any = None
    store: Any = None
    temperature: Any = None
    tool_choice: Any = None
    tools: Any = None
    top_logprobs: Any = None
    top_p: Any = None
    user: Any = None


Met = Callable[[Any], bool]

BOTH: dict[str, Met] = {
    "moderation": lambda _: False,
    "tool_choice": lambda value: value in {"auto", "none"} if isinstance(value, str) else False,
    "top_logprobs": lambda value: value == 0,
}
"""What is only served where it asks for nothing: how to tell that it does not."""


def refuse_unmet(body: OpenAIBody, met: Mapping[str, Met]) -> None:
    """Refuse what would change what is answered and cannot be met."""
    for name, harmless in met.items():
        value = getattr(body, name)
        if value is not None and not harmless(value):
            raise OpenAIRefused(
                f"{name}: this is not served here", name, "unsupported_parameter",
                "leave it out: an answer is words of the archive, checked and cited",
            )  # fmt: skip


def served(call: Call) -> dict[str, Mode | None]:
    """Return the ways to answer, as models: the one that writes only where something can."""
    return {name: mode for name, mode in MODELS.items() if mode != "written" or call.writes}


def mode_of(call: Call, name: str) -> Mode | None:
    """Return the way to answer that is asked for as a model."""
    models = served(call)
    if name not in models:
        hint = f"known: {', '.join(models)}"
        if name in MODELS:
            hint += "; no language model is set up to write"
        refused = RequestRefused(404, "model_not_found", f"there is no model {name!r}", hint)
        refused.type, refused.param = "invalid_request_error", "model"
        raise refused
    return models[name]


def asked(
    call: Call, body: OpenAIBody, messages: Sequence[MessageBody], param: str
) -> Callable[[], Iterator[Step]]:
    """Return what answers a conversation; `param` is what its messages are called."""
    mode = mode_of(call, body.model)
    _refuse_pictures(messages, param)
    question, history = _conversation(messages, param)
    call.note(question)
    filters = call.narrowed(body.filters.filters())
    asker = call.reader.key_id
    return lambda: call.newsroom.steps(
        question, mode=mode, filters=filters, history=history, asker=asker
    )


def words_of(messages: Sequence[MessageBody]) -> int:
    """Return how many words a conversation has: the archive counts no tokens."""
    return sum(len(message.text.split()) for message in messages)


def _refuse_pictures(messages: Sequence[MessageBody], param: str) -> None:
    for n, message in enumerate(messages):
        for at, part in enumerate(message.content):
            if message.role == "user" and part.type not in _TEXTS:
                raise OpenAIRefused(
                    f"{param}: a part of type {part.type!r} cannot be read",
                    f"{param}[{n}].content[{at}].type",
                    "unsupported_value",
                    "send text",
                )


def _conversation(messages: Sequence[MessageBody], param: str) -> tuple[str, list[Turn]]:
    """Return the question, and the last exchanges before it."""
    said = [one for one in messages if one.role in {"user", "assistant"} and one.text.strip()]
    if not said or said[-1].role != "user":
        raise OpenAIRefused(
            f"{param}: the last one must be the user's question", param, "invalid_value",
            "put it last, with the role user",
        )  # fmt: skip
    turns: list[Turn] = []
    for before, after in pairwise(said):
        if before.role == "user":
            answer = after.text if after.role == "assistant" else ""
            turns.append(Turn(question=question_in(before.text), answer=answer))
    return question_in(said[-1].text), turns[-_TURNS:]


def question_in(text: str) -> str:
    """Return the question of a message; of one that is longer than any question, its one line.

    Programs for retrieval put theirs into a template, under its texts or above them, often with
    a label before it or tags around it. The texts are not read: the archive has its own.
    """
    text = text.strip()
    if len(text) <= LONGEST_QUESTION:
        return text
    bare = [_TAG.sub("", line).strip() for line in text.splitlines()]
    lines = [line for line in bare if 0 < len(line) <= LONGEST_QUESTION and line[-1] != ":"]
    if not lines:
        return text[:LONGEST_QUESTION]
    asking = [n for n, line in enumerate(lines) if line.endswith(_ASKS)] or [len(lines) - 1]

    def fits(n: int) -> tuple[bool, bool, int]:
        last = len(lines) - 1 - n
        return _LABEL.match(lines[n]) is not None, last < _FOOT, -last if last < _FOOT else -n

    return _LABEL.sub("", lines[max(asking, key=fits)], count=1)
