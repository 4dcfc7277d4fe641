"""One request, as a verb sees it: the newsroom, who asks, and ways to wait for an answer."""

import json
from collections.abc import AsyncGenerator, Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, TypeVar

from fastapi import Depends, Request
from fastapi.responses import StreamingResponse

from assistant.answer import Outcome, Step
from assistant.asynchronous import outcome
from assistant.doors.api.newsroom import Newsroom
from assistant.doors.api.pace import Pace, unless_gone
from assistant.doors.api.problems import RequestRefused, problem
from assistant.doors.keyring import KeyHolder
from ingest.article import Filters

T = TypeVar("T")
Told = Callable[[Step], Iterator[str]]
"""What of the event stream a step becomes."""

_STREAM = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request that was let in."""

    request: Request
    newsroom: Newsroom
    pace: Pace
    reader: KeyHolder

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
        self, steps: Callable[[], Iterator[Step]], told: Told, failed: Callable[[str], str]
    ) -> StreamingResponse:
        """Return an event stream of the steps. What fails before the first is no stream yet."""
        running = self.pace.follow(steps)
        first = await anext(running)
        streamed = self._streamed(first, running, told, failed)
        return StreamingResponse(streamed, media_type="text/event-stream", headers=_STREAM)

    async def _streamed(
        self,
        first: Step | None,
        running: AsyncGenerator[Step | None],
        told: Told,
        failed: Callable[[str], str],
    ) -> AsyncGenerator[str]:
        try:
            step: Step | None = first
            while True:
                for text in [": still here\n\n"] if step is None else told(step):
                    yield text
                step = await anext(running)
        except StopAsyncIteration:
            return
        except Exception as error:  # noqa: BLE001 - the status is sent: only the stream can tell
            self._log(error)
            yield failed(json.dumps(problem(error, self.id), ensure_ascii=False))
        finally:
            await running.aclose()

    def _log(self, error: Exception) -> None:
        if problem(error)["status"] == 500:
            import logging

            logging.getLogger("morgue.api").error("a stream failed", exc_info=error)


def _call(request: Request) -> Call:
    state = request.app.state
    return Call(
        request=request, newsroom=state.newsroom, pace=state.pace, reader=request.state.reader
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
