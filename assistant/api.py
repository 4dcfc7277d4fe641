"""The assistant over HTTP: `POST /v1/ask`, `POST /v1/search`, `GET /health`.

Every failure is `{"error": {"kind", "message", "hint"}}`: 422 for a request that cannot be
understood, 502 and 503 for an archive or a service that does not serve, 500 for a bug only.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated, Literal, Protocol

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from starlette.exceptions import HTTPException
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.answer import Mode, Outcome, Searched, Step, Turn
from assistant.errors import MalformedReply
from assistant.render import error_to_json, hits_to_json, to_json
from ingest.article import Filters, Hit
from ingest.errors import MorgueError, ReadError, ServiceRefused

MOST_BYTES = 1_000_000
"""A request's body: fifty turns of a conversation and room to spare."""

By = Literal["both", "words", "meaning"]
Sort = Literal["relevance", "date"]


class Status(Protocol):
    """What an archive tells of itself."""

    @property
    def articles(self) -> int:
        """How many articles it holds."""

    @property
    def embedded(self) -> int:
        """How many passages can be found by meaning."""

    @property
    def pending(self) -> int:
        """How many passages still wait to be embedded."""

    @property
    def outlets(self) -> Mapping[str, int]:
        """How many articles each outlet printed."""


class Shelf(Protocol):
    """The archive behind an assistant, as far as a screen needs it."""

    def status(self) -> Status:
        """Count what is there."""


class Newsroom(Protocol):
    """An assistant, as far as a screen or a program talks to it."""

    @property
    def archive(self) -> Shelf:
        """The archive that it answers from."""

    def ask(
        self,
        question: str,
        *,
        mode: Mode | None = None,
        filters: Filters | None = None,
        history: Sequence[Turn] = (),
        id: str | None = None,  # noqa: A002
        literal: bool = False,
    ) -> Outcome:
        """Answer a question."""

    def steps(
        self,
        question: str,
        *,
        mode: Mode | None = None,
        filters: Filters | None = None,
        history: Sequence[Turn] = (),
        id: str | None = None,  # noqa: A002
        literal: bool = False,
    ) -> Iterator[Step]:
        """Answer a question step by step."""

    def search(
        self,
        query: str,
        *,
        k: int = 10,
        by: By = "both",
        sort: Sort = "relevance",
        filters: Filters | None = None,
    ) -> tuple[tuple[Hit, ...], Searched]:
        """Find passages."""

    def examples(self) -> list[str]:
        """Return questions that the archive itself suggests."""


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Names = Annotated[list[Name], BeforeValidator(_listed), Field(max_length=100)]
Asked = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
Id = Annotated[str, StringConstraints(max_length=200)]


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FiltersBody(_Body):
    """What a search leaves out; days are inclusive."""

    since: date | None = Field(default=None, alias="from")
    until: date | None = Field(default=None, alias="to")
    as_of: date | None = None
    outlet: Names = []
    language: Names = []
    section: Names = []
    collection: Names = []
    comments: bool = False

    def filters(self) -> Filters:
        """Return the same as the assistant takes it."""
        return Filters(
            since=self.since,
            until=self.until,
            as_of=self.as_of,
            outlets=tuple(self.outlet),
            languages=tuple(self.language),
            sections=tuple(self.section),
            collections=tuple(self.collection),
            comments=self.comments,
        )


class TurnBody(_Body):
    """One earlier exchange of the conversation."""

    question: Annotated[str, StringConstraints(max_length=4000)]
    answer: Annotated[str, StringConstraints(max_length=20_000)] = ""


class AskBody(_Body):
    """A question, and how to answer it; `literal` takes its words as they stand."""

    question: Asked
    mode: Mode | None = None
    filters: FiltersBody = FiltersBody()
    history: Annotated[list[TurnBody], Field(max_length=50)] = []
    id: Id | None = None
    literal: bool = False


class SearchBody(_Body):
    """A query, and which passages to return."""

    query: Asked
    k: Annotated[int, Field(ge=1, le=100)] = 10
    by: By = "both"
    sort: Sort = "relevance"
    filters: FiltersBody = FiltersBody()
    id: Id | None = None


def create_app(
    assistant: Newsroom, *, most_bytes: int = MOST_BYTES, hosts: Sequence[str] = ()
) -> FastAPI:
    """Serve an assistant over HTTP.

    With `hosts`, requests that name another host are refused: a page of another site cannot
    read an archive on loopback through a name of its own.
    """
    # The built-in documentation pages load scripts from another host.
    api = FastAPI(title="Morgue", docs_url=None, redoc_url=None)
    _answer_failures(api)
    _add_routes(api, assistant)
    api.add_middleware(_BodyLimit, most_bytes=most_bytes)
    if hosts:
        api.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts))
    return api


def _add_routes(api: FastAPI, assistant: Newsroom) -> None:
    @api.post("/v1/ask")
    def ask(body: AskBody) -> JSONResponse:
        """Answer a question from the archive, every sentence with what it rests on."""
        outcome = assistant.ask(
            body.question,
            mode=body.mode,
            filters=body.filters.filters(),
            history=[Turn(question=turn.question, answer=turn.answer) for turn in body.history],
            id=body.id,
            literal=body.literal,
        )
        return JSONResponse(to_json(outcome))

    @api.post("/v1/search")
    def search(body: SearchBody) -> JSONResponse:
        """Find passages in the archive."""
        hits, searched = assistant.search(
            body.query, k=body.k, by=body.by, sort=body.sort, filters=body.filters.filters()
        )
        return JSONResponse(hits_to_json(hits, searched, body.id))

    @api.get("/health")
    def health() -> JSONResponse:
        """Say that it serves, and how much of the archive can be found."""
        status = assistant.archive.status()
        counts = {"embedded": status.embedded, "pending": status.pending}
        return JSONResponse({"status": "ok", "articles": status.articles, **counts})


def _answer_failures(api: FastAPI) -> None:
    @api.exception_handler(RequestValidationError)
    def misunderstood(_request: Request, error: RequestValidationError) -> JSONResponse:
        return _failure(422, "InvalidRequest", _complaints(error), "see GET /openapi.json")

    @api.exception_handler(HTTPException)
    def refused(_request: Request, error: HTTPException) -> JSONResponse:
        return _failure(error.status_code, "InvalidRequest", str(error.detail))

    @api.exception_handler(MorgueError)
    def failed(_request: Request, error: MorgueError) -> JSONResponse:
        wait = {"Retry-After": "5"} if _status(error) == 503 else None
        return JSONResponse(error_to_json(error), _status(error), headers=wait)

    @api.exception_handler(Exception)
    def broken(_request: Request, _error: Exception) -> JSONResponse:
        return _failure(500, "InternalError", "Morgue failed", "the server's log says where")


def _status(error: MorgueError) -> int:
    if isinstance(error, ReadError):
        return 422
    return 502 if isinstance(error, ServiceRefused | MalformedReply) else 503


def _failure(status: int, kind: str, message: str, hint: str | None = None) -> JSONResponse:
    return JSONResponse({"error": {"kind": kind, "message": message, "hint": hint}}, status)


def _complaints(error: RequestValidationError) -> str:
    complaints = []
    for complaint in error.errors():
        where = ".".join(str(step) for step in complaint["loc"] if step != "body")
        complaints.append(f"{where}: {complaint['msg']}" if where else str(complaint["msg"]))
    return "; ".join(complaints)


class _BodyLimit:
    """Refuse a request under /v1 whose body is too long, before it is kept in memory."""

    def __init__(self, app: ASGIApp, most_bytes: int) -> None:
        self.app = app
        self.most_bytes = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/v1/"):
            await self.app(scope, receive, send)
            return
        body = await self._read(receive)
        if body is None:
            size = f"the request is longer than {self.most_bytes:,} bytes"
            await _failure(413, "InvalidRequest", size)(scope, receive, send)
            return
        await self.app(scope, _replay(body, receive), send)

    async def _read(self, receive: Receive) -> bytes | None:
        body = bytearray()
        more = True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > self.most_bytes:
                return None
        return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    given = False

    async def replayed() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed
