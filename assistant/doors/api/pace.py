"""How much is done at once: a fixed number of threads, a queue that ends, a limit of time."""

import asyncio
import contextlib
import contextvars
import threading
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from fastapi import Request

from assistant.doors.api.problems import RequestRefused
from assistant.models import deadline

T = TypeVar("T")

AT_ONCE = 8
"""Threads that answer: more of them share two cores and one interpreter no better."""
MOST_WAITING = 512
BEAT_SECONDS = 10.0
"""After so long a silence a stream says that it lives, for what stands between us and whom."""


class Pace:
    """Runs what is synchronous for those who wait, a few at once and nobody for ever."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="morgue-answers")
        self._inside = 0

    def close(self) -> None:
        """Begin nothing more, and wait for what is running: it reads what is to be closed."""
        self._threads.shutdown(cancel_futures=True)

    async def run(self, work: Callable[[], T]) -> T:
        """Return what a function returns."""
        with self._place():
            done = self._begin(work)
            try:
                return await asyncio.wait_for(done, self._seconds)
            except TimeoutError:
                raise self._too_slow() from None

    async def follow(self, steps: Callable[[], Iterator[T]]) -> AsyncGenerator[T | None]:
        """Yield each step as it happens, None where nothing has for a while.

        Who stops reading ends the work at its next step, and a model's reply at once.
        """
        loop = asyncio.get_running_loop()
        told: asyncio.Queue[tuple[T, ...]] = asyncio.Queue()
        gone = threading.Event()

        def work() -> None:
            deadline.until(gone)
            running = iter(()) if gone.is_set() else steps()
            for step in running:
                with contextlib.suppress(RuntimeError):  # the loop is over, and we are too
                    loop.call_soon_threadsafe(told.put_nowait, (step,))
                if gone.is_set():
                    break
            if isinstance(running, Generator):
                running.close()

        with self._place():
            done = self._begin(work)
            done.add_done_callback(lambda _: told.put_nowait(()))
            until = loop.time() + self._seconds
            try:
                while (step := await self._next(told, until)) != ():
                    yield step[0] if step else None
                await done
            finally:
                gone.set()
                if not done.cancel() and not done.cancelled():
                    done.exception()

    def _begin(self, work: Callable[[], T]) -> asyncio.Future[T]:
        """Run a function on a thread, in the context of whoever waits for it."""
        context = contextvars.copy_context()
        return asyncio.get_running_loop().run_in_executor(self._threads, context.run, work)

    async def _next(self, told: asyncio.Queue[tuple[T, ...]], until: float) -> tuple[T, ...] | None:
        """Return the next step, None after a while without one."""
        left = until - asyncio.get_running_loop().time()
        if left <= 0:
            raise self._too_slow()
        try:
            return await asyncio.wait_for(told.get(), min(BEAT_SECONDS, left))
        except TimeoutError:
            return None

    @contextlib.contextmanager
    def _place(self) -> Iterator[None]:
        if self._inside >= AT_ONCE + MOST_WAITING:
            raise RequestRefused(
                503, "ServiceBusy", "too many requests wait already", "try again in a moment",
                {"Retry-After": "2"},
            )  # fmt: skip
        self._inside += 1
        try:
            yield
        finally:
            self._inside -= 1

    def _too_slow(self) -> RequestRefused:
        return RequestRefused(
            504, "Timeout", f"this took longer than {self._seconds:g} seconds",
            "ask for less, or set MORGUE_REQUEST_TIMEOUT",
        )  # fmt: skip


async def unless_gone(request: Request, work: Coroutine[object, object, T]) -> T:
    """Return what is worked out, or end the work when the client leaves."""
    working = asyncio.ensure_future(work)
    watching = asyncio.ensure_future(_gone(request))
    try:
        await asyncio.wait({working, watching}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise RequestRefused(499, "ClientLeft", "the client left before its answer")
        return working.result()
    finally:
        watching.cancel()
        working.cancel()


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
