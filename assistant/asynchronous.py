"""The assistant for programs that run an event loop: the same answers, awaited."""

import asyncio
import contextlib
import contextvars
import itertools
import threading
from collections.abc import AsyncGenerator, Callable, Iterator
from datetime import date
from functools import partial
from typing import TypeVar, Unpack

from assistant.answer import Asking, Finished, Listing, Outcome, Searched, Step
from assistant.ask import Assistant, Sort
from assistant.factcheck.draft_text import DraftText
from assistant.factcheck.findings import CheckedDraft
from assistant.find.listing import Browsing
from ingest.archive.search import By
from ingest.article import Filters, Hit

T = TypeVar("T")


class AsyncAssistant:
    """An Assistant whose work is done in threads of the event loop's own pool.

    >>> desk = AsyncAssistant(Assistant(archive))
    >>> asyncio.run(desk.ask("What did Lucan Tesh withdraw?")).claims[0].speaker
    'Lucan Tesh'
    """

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant

    async def ask(self, question: str, **how: Unpack[Asking]) -> Outcome:
        """Return an Answer whose every claim is checked, a Listing, or a NoAnswer."""
        return await outcome(self.steps(question, **how))

    def steps(self, question: str, **how: Unpack[Asking]) -> AsyncGenerator[Step, None]:
        """Yield what `Assistant.steps` yields. Closing it ends the work at its next step."""
        return _in_a_thread(partial(self.assistant.steps, question, **how))

    async def search(
        self,
        query: str,
        *,
        k: int = 10,
        by: By = "both",
        sort: Sort = "relevance",
        filters: Filters | None = None,
        offset: int = 0,
    ) -> tuple[tuple[Hit, ...], Searched]:
        """Return the passages that fit best, and what was searched."""
        search = partial(self.assistant.search, query, k=k, by=by, sort=sort)
        return await asyncio.to_thread(search, filters=filters, offset=offset)

    async def browse(self, query: str = "", **how: Unpack[Browsing]) -> Listing:
        """Return a page of the articles that hold every word of a query, copies once."""
        return await asyncio.to_thread(partial(self.assistant.browse, query, **how))

    async def check(
        self,
        draft: DraftText | str,
        *,
        filters: Filters | None = None,
        day: date | None = None,
    ) -> CheckedDraft:
        """Hold a draft against the archive."""
        return await asyncio.to_thread(self.assistant.check, draft, filters=filters, day=day)


async def outcome(steps: AsyncGenerator[Step, None]) -> Outcome:
    """Return the outcome of an answer, once its work has ended: its spans, its record, all."""
    last: Step | None = None
    async with contextlib.aclosing(steps) as follow:
        async for step in follow:
            last = step
    assert isinstance(last, Finished), "an answer has no end"
    return last.outcome


async def _in_a_thread(start: Callable[[], Iterator[T]]) -> AsyncGenerator[T, None]:
    """Yield what an iterator yields; it runs from first to last in one thread."""
    loop = asyncio.get_running_loop()
    came: asyncio.Queue[list[T]] = asyncio.Queue()
    left, wanted = threading.Event(), threading.Semaphore(0)

    def tell(item: list[T]) -> None:
        with contextlib.suppress(RuntimeError):  # nobody listens once the loop is closed
            loop.call_soon_threadsafe(came.put_nowait, item)

    def work() -> None:
        items = start()
        try:
            # One step at a time: what nobody waits for is not begun.
            while wanted.acquire() and not left.is_set():
                item = list(itertools.islice(items, 1))
                if not item:
                    return
                tell(item)
        finally:
            if hasattr(items, "close"):
                items.close()
            tell([])

    working = loop.run_in_executor(None, contextvars.copy_context().run, work)
    try:
        wanted.release()
        while item := await came.get():
            yield item[0]
            wanted.release()
        await working
    finally:
        left.set()
        wanted.release()
