"""An answer as a client of OpenAI's takes it: whole, or in events as its sentences are checked.

What both protocols do alike stands here once; how each writes it down is its own.
"""

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator

from fastapi import Response
from fastapi.responses import JSONResponse

from assistant.answer import Finished, Outcome, Said, Step
from assistant.doors.api.call import Call, StreamEvent
from assistant.doors.api.growing_reply import Document, GrowingReply


class OpenAIReply(ABC):
    """One reply, in one protocol."""

    def __init__(self, call: Call, reply: GrowingReply) -> None:
        self.call = call
        self.reply = reply
        self.created = int(time.time())
        self._sent = 0
        self._cited = 0
        self._begun = False

    async def to(self, steps: Callable[[], Iterator[Step]], *, stream: bool | None) -> Response:
        """Return the response to a request, as it asked for it."""
        if stream:
            return await self.call.events(steps, self._told, self.failed)
        outcome = await self.call.outcome(steps)
        self.reply.fill(outcome)
        return JSONResponse(self.whole(outcome))

    def _told(self, step: Step) -> Iterator[StreamEvent]:
        """Yield the events of a step."""
        if not self._begun:
            self._begun = True
            yield from self.begin()
        if isinstance(step, Said):
            self.reply.say(step.claim, step.citations)
            yield from self._grown()
        if isinstance(step, Finished):
            self.reply.finish(step.outcome)
            yield from self._grown()
            yield from self.end(step.outcome)

    def _grown(self) -> Iterator[StreamEvent]:
        reply = self.reply
        said, cited = reply.text[self._sent : reply.settled], self._cited
        self._sent, self._cited = reply.settled, len(reply.annotations)
        yield from self.grown(said, cited)

    @abstractmethod
    def whole(self, outcome: Outcome) -> Document:
        """Return the reply of an outcome, which it holds already."""

    @abstractmethod
    def begin(self) -> Iterator[StreamEvent]:
        """Yield what comes before the first sentence."""

    @abstractmethod
    def grown(self, said: str, cited: int) -> Iterator[StreamEvent]:
        """Yield what was added: its words, perhaps none, and the annotations from a number on."""

    @abstractmethod
    def end(self, outcome: Outcome) -> Iterator[StreamEvent]:
        """Yield what comes after the last sentence."""

    @abstractmethod
    def failed(self, problem: Document) -> StreamEvent:
        """Return the event of a failure."""
