"""What OpenAI's clients speak: `/v1/chat/completions` and `/v1/models`.

The last message of the user is the question, earlier ones are its history. What a system says
and how a model is to be sampled is read by nobody: an answer comes from the archive alone. The
text is Markdown in which an archive's words are words and nothing else.
"""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from assistant.answer import Answer, Citation, Claim, Finished, Mode, Outcome, Said, Step, Turn
from assistant.doors.api.bodies import FiltersBody
from assistant.doors.api.call import AnyCall, Call
from assistant.doors.api.problems import RequestRefused
from assistant.doors.api.shapes import STREAMED, CompletionShape, ModelShape, ModelsShape, ok
from assistant.render import foot_markdown, said_markdown, to_json
from ingest.clean.identity import web_address

router = APIRouter(prefix="/v1")

MODELS: dict[str, Mode | None] = {
    "morgue": None,
    "morgue-quotes": "quotes",
    "morgue-written": "written",
}
_LONGEST_QUESTION = 4000
_TURNS = 50
Document = dict[str, Any]
Words = Annotated[str, StringConstraints(max_length=200_000)]


class PartBody(BaseModel):
    """A piece of a message."""

    type: Annotated[str, StringConstraints(max_length=50)]
    text: Words = ""


class MessageBody(BaseModel):
    """A message of the conversation."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Words | Annotated[list[PartBody], Field(max_length=100)] | None = None

    @property
    def text(self) -> str:
        """What it says."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content if part.type == "text")
        return self.content or ""


class StreamOptionsBody(BaseModel):
    """What else a stream tells."""

    include_usage: bool | None = None


class ChatBody(BaseModel):
    """A conversation. `filters` is our own; what else OpenAI's clients send is not read."""

    model_config = ConfigDict(extra="allow", frozen=True)

    model: Annotated[str, StringConstraints(max_length=200)] = "morgue"
    messages: Annotated[list[MessageBody], Field(min_length=1, max_length=400)]
    stream: bool | None = None
    stream_options: StreamOptionsBody | None = None
    filters: FiltersBody = FiltersBody()


@router.get("/models", responses=ok(ModelsShape))
async def models(_call: AnyCall) -> JSONResponse:
    """List the ways to answer as models."""
    return JSONResponse({"object": "list", "data": [_model(name) for name in MODELS]})


@router.get("/models/{model}", responses=ok(ModelShape))
async def model(
    model: Annotated[str, StringConstraints(max_length=200)], _call: AnyCall
) -> Response:
    """Show one way to answer as a model."""
    _mode(model)
    return JSONResponse(_model(model))


def _model(name: str) -> Document:
    return {"id": name, "object": "model", "created": 0, "owned_by": "morgue"}


@router.post(
    "/chat/completions",
    responses=ok(CompletionShape, content=STREAMED),
    response_class=JSONResponse,
)
async def complete(body: ChatBody, call: AnyCall) -> Response:
    """Answer the last message from the archive, as OpenAI's chat completions."""
    steps = _asked(call, body)
    reply = _Reply(id=f"chatcmpl-{call.id}", model=body.model, base=str(call.request.base_url))
    if body.stream:
        usage = bool(body.stream_options and body.stream_options.include_usage)
        told = _EventStream(reply=reply, usage=usage, asked=body)
        return await call.events(steps, told, _data)
    return JSONResponse(reply.whole(await call.outcome(steps), body))


def _mode(name: str) -> Mode | None:
    if name not in MODELS:
        known = ", ".join(MODELS)
        raise RequestRefused(
            404, "model_not_found", f"there is no model {name!r}", f"known: {known}"
        )
    return MODELS[name]


def _asked(call: Call, body: ChatBody) -> Callable[[], Iterator[Step]]:
    mode = _mode(body.model)
    question, history = _conversation(body.messages)
    call.note(question)
    filters = call.narrowed(body.filters.filters())
    asker = call.reader.key_id
    return lambda: call.newsroom.steps(
        question, mode=mode, filters=filters, history=history, asker=asker
    )


def _conversation(messages: Sequence[MessageBody]) -> tuple[str, list[Turn]]:
    """Return the question, and the exchanges before it."""
    said = [one for one in messages if one.role in {"user", "assistant"} and one.text.strip()]
    if not said or said[-1].role != "user":
        raise RequestRefused(
            422, "InvalidRequest", "messages: the last one must be the user's question",
            "put it last, with the role user",
        )  # fmt: skip
    question = said[-1].text.strip()
    if len(question) > _LONGEST_QUESTION:
        raise RequestRefused(
            422, "InvalidRequest", f"messages: a question is at most {_LONGEST_QUESTION:,} long",
            "ask for less; the archive is not given texts to work on",
        )  # fmt: skip
    turns: list[Turn] = []
    for before, after in pairwise(said):
        if before.role == "user":
            answer = after.text if after.role == "assistant" else ""
            turns.append(Turn(question=before.text, answer=answer))
    return question, turns[-_TURNS:]


@dataclass(slots=True, kw_only=True)
class _Reply:
    """A reply while it grows: its text, and where in it what is cited."""

    id: str
    model: str
    base: str
    created: int = field(default_factory=lambda: int(time.time()))
    text: str = ""
    annotations: list[Document] = field(default_factory=list)
    citations: list[Document] = field(default_factory=list)
    _documents: dict[tuple[str, int], int] = field(default_factory=dict)

    def say(self, claim: Claim, citations: Sequence[Citation]) -> None:
        """Add a sentence with the numbers of its citations."""
        self.text += "\n\n" if self.text else ""
        start = len(self.text)
        self.text += said_markdown(claim, citations) + " "
        at = (start, len(self.text) - 1)
        for citation in citations:
            if citation.n in claim.citations:
                mark = len(self.text)
                self.text += f"[{citation.n}]"
                self.annotations.append(self._annotation(citation, mark))
                self.citations.append(self._location(citation, at))

    def close(self, outcome: Outcome) -> None:
        """Add what stands under the sentences."""
        self.text += ("\n\n" if self.text else "") + foot_markdown(outcome)

    def _annotation(self, citation: Citation, mark: int) -> Document:
        """Return a citation in the shape of OpenAI's annotations: where its mark stands."""
        return {
            "type": "url_citation",
            "index": len(self.annotations),
            "url_citation": {
                "start_index": mark,
                "end_index": len(self.text),
                "title": citation.article.title,
                "url": self._url(citation),
            },
        }

    def _location(self, citation: Citation, at: tuple[int, int]) -> Document:
        """Return a citation in the shape of Anthropic's: which characters of which document."""
        article = citation.article
        place = (article.article_id, article.version)
        return {
            "type": "char_location",
            "index": len(self.citations),
            "cited_text": citation.text,
            "document_index": self._documents.setdefault(place, len(self._documents)),
            "document_title": article.title,
            "start_char_index": citation.start,
            "end_char_index": citation.end,
            "n": citation.n,
            "article_id": article.article_id,
            "version": article.version,
            "at": list(at),
        }

    def _url(self, citation: Citation) -> str:
        """Return the article's own address; ours where it has none that a browser may follow."""
        article = citation.article
        if article.url and web_address(article.url):
            return article.url
        where = {"version": article.version, "start": citation.start, "end": citation.end}
        return f"{self.base}v1/articles/{article.article_id}?{urlencode(where)}"

    def whole(self, outcome: Outcome, asked: ChatBody) -> Document:
        """Return the completion of an outcome."""
        if isinstance(outcome, Answer):
            for claim in outcome.claims:
                self.say(claim, outcome.citations)
        self.close(outcome)
        message = {
            "role": "assistant",
            "content": self.text,
            "refusal": None,
            "annotations": self.annotations,
            "citations": self.citations,
        }
        choice = {"index": 0, "message": message, "finish_reason": "stop", "logprobs": None}
        return {
            **self._head("chat.completion"),
            "choices": [choice],
            "usage": self.usage(asked),
            "morgue": to_json(outcome),
        }

    def chunk(self, delta: Document, *, last: bool = False) -> Document:
        """Return a piece of a stream."""
        choice = {"index": 0, "delta": delta, "finish_reason": "stop" if last else None}
        return {**self._head("chat.completion.chunk"), "choices": [{**choice, "logprobs": None}]}

    def total(self, asked: ChatBody) -> Document:
        """Return the last piece of a stream that tells how much was used."""
        head = self._head("chat.completion.chunk")
        return {**head, "choices": [], "usage": self.usage(asked)}

    def usage(self, asked: ChatBody) -> Document:
        """Return how many words were read and said: the archive counts no tokens."""
        read = sum(len(message.text.split()) for message in asked.messages)
        said = len(self.text.split())
        return {"prompt_tokens": read, "completion_tokens": said, "total_tokens": read + said}

    def _head(self, kind: str) -> Document:
        return {"id": self.id, "object": kind, "created": self.created, "model": self.model}


@dataclass(slots=True, kw_only=True)
class _EventStream:
    """The event stream of a reply: each sentence as soon as it is checked."""

    reply: _Reply
    usage: bool
    asked: ChatBody
    _begun: bool = False

    def __call__(self, step: Step) -> Iterator[str]:
        if not self._begun:
            self._begun = True
            yield self._event(self.reply.chunk({"role": "assistant", "content": ""}))
        if isinstance(step, Said):
            yield self._event(self._grown(lambda: self.reply.say(step.claim, step.citations)))
        if isinstance(step, Finished):
            yield self._event(self._grown(lambda: self.reply.close(step.outcome)))
            last = {**self.reply.chunk({}, last=True), "morgue": to_json(step.outcome)}
            yield self._event(last)
            if self.usage:
                yield self._event(self.reply.total(self.asked))
            yield _data("[DONE]")

    def _grown(self, grow: Callable[[], None]) -> Document:
        """Return the piece by which the reply has grown."""
        reply = self.reply
        text, notes, cites = len(reply.text), len(reply.annotations), len(reply.citations)
        grow()
        delta: Document = {"content": reply.text[text:]}
        if len(reply.annotations) > notes:
            delta["annotations"] = reply.annotations[notes:]
            delta["citations"] = reply.citations[cites:]
        return reply.chunk(delta)

    @staticmethod
    def _event(document: Document) -> str:
        return _data(json.dumps(document, ensure_ascii=False))


def _data(text: str) -> str:
    return f"data: {text}\n\n"
