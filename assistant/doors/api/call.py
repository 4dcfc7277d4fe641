"""One request, as a verb sees it: the newsroom, who asks, and ways to wait for an answer."""

import logging
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Annotated, NamedTuple, TypeVar

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel
from sse_starlette import EventSourceResponse, ServerSentEvent

from assistant.answer import Outcome, Step
from assistant.asynchronous import outcome
from assistant.doors.api.newsroom import Newsroom
from assistant.doors.api.pace import Pace, unless_gone
from assistant.doors.api.problems import Document, RequestRefused, problem
from assistant.doors.keyring import KeyHolder
from ingest.article import Filters

logger = logging.getLogger("morgue.api")

T = TypeVar("T")

_BEAT_SECONDS = 10.0
"""After so long a silence a stream says that it lives, for what stands between us and whom."""


class StreamEvent(NamedTuple):
    """One event of a stream: what it holds, and its name if it has one."""

    data: str
    name: str | None = None


Told = Callable[[Step], Iterator[StreamEvent]]
"""The events that a step becomes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request that was let in."""

    request: Request
    newsroom: Newsroom
    pace: Pace
    reader: KeyHolder
    writes: bool
    """Whether a model is there that writes."""

    @property
    def collections(self) -> tuple[str, ...]:
        """The collections that the reader may see; none means all."""
        return self.reader.collections

    @property
    def scope(self) -> Filters:
        """What the reader may see, as filters."""
        return Filters(collections=self.collections)

    @property
    def id(self) -> str:
        """The request's id."""
        return str(self.request.state.request_id)

    def narrowed(self, filters: Filters) -> Filters:
        """Return filters that leave out what the reader may not see."""
        try:
            return self.reader.narrowed(filters)
        except PermissionError as error:
            raise RequestRefused(403, "Forbidden", str(error), "ask for a key that does") from None

    def note(self, asked: str) -> None:
        """Let the audit know what is asked."""
        self.request.state.asked = asked

    async def run(self, work: Callable[[], T]) -> T:
        """Return what a function returns, worked out on a thread."""
        return await self.pace.run(work)

    async def outcome(self, steps: Callable[[], Iterator[Step]]) -> Outcome:
        """Return the outcome of an answer; a client that leaves ends it."""
        return await unless_gone(self.request, outcome(self.pace.follow(steps)))

    async def events(
        self,
        steps: Callable[[], Iterator[Step]],
        told: Told,
        failed: Callable[[Document], StreamEvent],
    ) -> EventSourceResponse:
        """Return an event stream of the steps. What fails before the first is no stream yet."""
        running = self.pace.follow(steps)
        first = await anext(running)
        return EventSourceResponse(
            self._streamed(first, running, told, failed),
            sep="\n",
            ping=_BEAT_SECONDS,
            ping_message_factory=lambda: ServerSentEvent(comment="still here", sep="\n"),
        )

    async def _streamed(
        self,
        first: Step,
        running: AsyncGenerator[Step],
        told: Told,
        failed: Callable[[Document], StreamEvent],
    ) -> AsyncGenerator[ServerSentEvent]:
        async with aclosing(running):
            try:
                for event in told(first):
                    yield _sent(event)
                async for step in running:
                    for event in told(step):
                        yield _sent(event)
            except Exception as error:
                document = problem(error, self.id)
                if document["status"] == 500:
                    logger.exception("a stream failed")
                yield _sent(failed(document))


def _sent(event: StreamEvent) -> ServerSentEvent:
    return ServerSentEvent(data=event.data, event=event.name, sep="\n")


def _refuse_the_unknown(request: Request) -> None:
    """Refuse parameters that a verb does not have: a filter in the wrong place is none.

    Raises RequestValidationError, as for what is wrong in a body.
    """
    route = request.scope.get("route")
    if not isinstance(route, APIRoute) or not request.url.path.startswith("/v1/"):
        return
    kinds = [one.field_info.annotation for one in route.dependant.query_params]
    if any(isinstance(kind, type) and issubclass(kind, BaseModel) for kind in kinds):
        return  # a model refuses what it does not have itself
    known = {one.alias for one in route.dependant.query_params}
    unknown = [name for name in request.query_params if name not in known]
    if unknown:
        wrong = {"type": "extra_forbidden", "msg": "Extra inputs are not permitted"}
        raise RequestValidationError([{**wrong, "loc": ("query", name)} for name in unknown])


def _call(request: Request) -> Call:
    _refuse_the_unknown(request)
    state = request.app.state
    return Call(
        request=request,
        newsroom=state.newsroom,
        pace=state.pace,
        reader=request.state.reader,
        writes=state.writes,
    )


def _admins_call(request: Request) -> Call:
    call = _call(request)
    if call.reader.scope != "admin":
        raise RequestRefused(
            403, "Forbidden", "this key may read, and no more", "`morgue keys add --scope admin`"
        )
    return call


AnyCall = Annotated[Call, Depends(_call)]
AdminsCall = Annotated[Call, Depends(_admins_call)]
