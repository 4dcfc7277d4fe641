"""How much is done at once: a fixed number of threads, a queue that ends, a limit of time."""

import asyncio
import contextlib
import contextvars
import threading
import time
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator, Iterator
from concurrent.futures import Future
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any, TypeVar

from fastapi import Request

from assistant.doors.api.problems import RequestRefused
from assistant.models import deadline
from ingest.compute_slots import ComputeSlots, ComputeThreads

T = TypeVar("T")

AT_ONCE = 8
"""Threads that answer: so many may wait for a model, or compute outside of the interpreter."""
MOST_WAITING = 512


class Pace:
    """Runs what is synchronous for those who wait, a few at once and nobody for ever."""

    def __init__(self, seconds: float, computing: int = 1) -> None:
        self._seconds = seconds
        self._slots = ComputeSlots(computing)
        self._threads = ComputeThreads(self._slots, AT_ONCE, "morgue-answers")
        self._inside = 0
        self._lock = threading.Lock()
        self._stopped = False
        self._waiting: set[asyncio.Future[None]] = set()
        self._listening: set[SimpleQueue[Any]] = set()

    @property
    def inside(self) -> int:
        """How many pieces of work are waiting or running, whether or not somebody waits for it."""
        return self._inside

    def stop(self) -> None:
        """Tell everybody who waits, in the event loop, that the server is being stopped."""
        self._stopped = True
        for waiting in self._waiting:
            waiting.set_result(None)
        self._waiting.clear()
        for told in tuple(self._listening):
            told.put(())

    def close(self) -> None:
        """Begin nothing more, and wait for what is running: it reads what is to be closed."""
        self._threads.close()

    async def run(self, work: Callable[[], T]) -> T:
        """Return what a function returns."""
        gone = threading.Event()

        def watched() -> T:
            deadline.until(gone)
            with self._slots.shared():
                return work()

        done = self._begin(watched)
        try:
            return await self._in_time(done, asyncio.get_running_loop().time() + self._seconds)
        finally:
            gone.set()
            done.cancel()

    async def follow(self, steps: Callable[[], Iterator[T]]) -> AsyncGenerator[T]:
        """Yield each step as it happens.

        Who stops reading ends the work at its next step, and a model's reply at once.
        """
        loop = asyncio.get_running_loop()
        told: asyncio.Queue[tuple[T, ...]] = asyncio.Queue()
        gone = threading.Event()

        def tell(step: T) -> None:
            with contextlib.suppress(RuntimeError):  # the loop is over, and we are too
                loop.call_soon_threadsafe(told.put_nowait, (step,))

        done = self._begin(lambda: self._work_on(steps, gone, tell))
        done.add_done_callback(lambda _: told.put_nowait(()))
        until = loop.time() + self._seconds
        try:
            while step := await self._in_time(asyncio.ensure_future(told.get()), until):
                yield step[0]
            await done
        finally:
            gone.set()
            if not done.cancel() and not done.cancelled():
                done.exception()

    def follow_blocking(self, steps: Callable[[], Iterator[T]]) -> Generator[T, None, None]:
        """Yield each step as it happens to whoever waits on a thread of their own.

        In the same places as all else, and no longer; who stops reading ends the work.
        """
        told: SimpleQueue[tuple[T, ...]] = SimpleQueue()
        gone = threading.Event()
        until = time.monotonic() + self._seconds
        done = self._submit(lambda: self._work_on(steps, gone, lambda step: told.put((step,))))
        done.add_done_callback(lambda _: told.put(()))
        self._listening.add(told)
        try:
            while not self._stopped:
                step = told.get(timeout=max(0.0, until - time.monotonic()))
                if not step:
                    break
                yield step[0]
            if done.cancelled() or not done.done():
                raise stopped()
            done.result()
        except Empty:
            raise self._too_slow() from None
        finally:
            self._listening.discard(told)
            gone.set()
            done.cancel()

    def _work_on(
        self, steps: Callable[[], Iterator[T]], gone: threading.Event, tell: Callable[[T], None]
    ) -> None:
        """Tell each step as it happens, until whoever is told has gone."""
        deadline.until(gone)
        with self._slots.shared():
            running = iter(()) if gone.is_set() else steps()
            for step in running:
                tell(step)
                if gone.is_set():
                    break
            if isinstance(running, Generator):
                running.close()

    def _begin(self, work: Callable[[], T]) -> asyncio.Future[T]:
        return asyncio.wrap_future(self._submit(work))

    def _submit(self, work: Callable[[], T]) -> Future[T]:
        """Run a function on a thread, in the context of whoever waits for it.

        Its place is free when the function has ended: who gives up waiting frees no thread.
        """
        with self._lock:
            if self._inside >= AT_ONCE + MOST_WAITING:
                raise RequestRefused(
                    503, "ServiceBusy", "too many requests wait already", "try again in a moment",
                    {"Retry-After": "2"},
                )  # fmt: skip
            self._inside += 1
        context = contextvars.copy_context()
        try:
            running = self._threads.submit(partial(context.run, work))
        except RuntimeError:
            self._leave(None)
            raise stopped() from None
        running.add_done_callback(self._leave)
        return running

    def _leave(self, _: object) -> None:
        with self._lock:
            self._inside -= 1

    async def _in_time(self, wanted: asyncio.Future[T], until: float) -> T:
        """Return what is waited for, unless the time is over or the server stops before."""
        loop = asyncio.get_running_loop()
        stopping: asyncio.Future[None] = loop.create_future()
        self._waiting.add(stopping)
        try:
            if not self._stopped:
                ends: set[asyncio.Future[Any]] = {wanted, stopping}
                left = max(0.0, until - loop.time())
                await asyncio.wait(ends, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            if wanted.done():
                return wanted.result()
            raise stopped() if self._stopped else self._too_slow()
        finally:
            self._waiting.discard(stopping)
            stopping.cancel()
            wanted.cancel()

    def _too_slow(self) -> RequestRefused:
        return RequestRefused(
            504, "Timeout", f"this took longer than {self._seconds:g} seconds",
            "ask for less, or set MORGUE_REQUEST_TIMEOUT",
        )  # fmt: skip


def stopped() -> RequestRefused:
    """Return the refusal of whoever waits while the server ends."""
    return RequestRefused(
        503, "Stopping", "the server is being stopped", "ask again when it serves again",
        {"Retry-After": "5"},
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
