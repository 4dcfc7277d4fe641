"""Who computes at once: one thread of the interpreter, the others in the order they came.

Threads of one interpreter take turns, and two of them that compute only interrupt each other: each
row of a database lets go of the interpreter for less than a microsecond and wakes whoever waits
for it, who finds it taken again. With a slot for each of two cores, eight searches at once took
half as much processor time again as one after another. A wait for somebody else, a model or a
server, needs no core and holds no slot; nor does what computes for long outside of the interpreter,
as much of that at once as there are cores. What is not known for either, or takes long, holds a
slot for a moment only: nobody stands behind it longer.
"""

import contextlib
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextvars import ContextVar
from typing import Any, Final, TypeVar

T = TypeVar("T")

SLOT_SECONDS: Final = 0.125
"""How long a slot is somebody's where others wait; an answer of quotations is done before."""

IDLE_SECONDS: Final = 60.0
"""How long a thread stays that has nothing to do."""

_LONG_SECONDS: Final = 0.005
"""Of how long a call on somebody else is let in meanwhile: to wake another thread, and to stand in
line again afterwards, is not worth less."""

_OF_LATE: Final = 8
"""Calls over which it is told how long they take."""

_of_context: ContextVar["ComputeSlots | None"] = ContextVar("compute_slots", default=None)
_of_thread = threading.local()


class _Turn:
    """One thread's turn: waited for, then held, until it is over or has lasted too long."""

    def __init__(self) -> None:
        self.called = threading.Lock()
        self.called.acquire()
        self.ends = 0.0


class ComputeSlots:
    """Slots of the interpreter, given in the order of asking for some seconds each."""

    def __init__(self, slots: int = 1, seconds: float = SLOT_SECONDS) -> None:
        self.outside = threading.BoundedSemaphore(cores())
        self._free = slots
        self._seconds = seconds
        self._door = threading.Lock()
        self._held: list[_Turn] = []
        self._line: deque[_Turn] = deque()

    @contextlib.contextmanager
    def shared(self) -> Iterator[None]:
        """Compute a block in a slot; what it begins on other threads may ask for slots of these."""
        token = _of_context.set(self)
        try:
            with taken():
                yield
        finally:
            _of_context.reset(token)

    def take(self, turn: _Turn | None = None) -> _Turn:
        """Wait for a slot, and hold it."""
        turn = turn or _Turn()
        with self._door:
            self._line.append(turn)
            self._call()
        while not turn.called.acquire(timeout=self._next_end()):
            with self._door:
                self._call()
        return turn

    def give_back(self, turn: _Turn) -> None:
        """Let the next have a slot, unless it was given on already."""
        with self._door:
            if turn in self._held:
                self._held.remove(turn)
                self._free += 1
            self._call()

    def keep(self, turn: _Turn, beside: _Turn | None) -> bool:
        """Keep a slot for another such while, unless others than one turn wait; tell whether."""
        with self._door:
            if turn not in self._held or any(other is not beside for other in self._line):
                return False
            self._held.remove(turn)
            self._hold(turn)
            return True

    def _call(self) -> None:
        """Call whom there are slots for, those counted that were held for long enough."""
        now = time.monotonic()
        while self._line and (self._free or self._held[0].ends <= now):
            if self._free:
                self._free -= 1
            else:
                self._held.pop(0)
            turn = self._line.popleft()
            self._hold(turn)
            turn.called.release()

    def _hold(self, turn: _Turn) -> None:
        turn.ends = time.monotonic() + self._seconds
        self._held.append(turn)

    def _next_end(self) -> float:
        """Return the seconds until the slot that is held longest may be given on."""
        with self._door:
            ends = self._held[0].ends if self._held else 0.0
        return max(0.001, ends - time.monotonic())


class ComputeThreads:
    """Threads for what computes in slots: who computed last computes next.

    What it works with (its connection to a database, its memory) is still near a core then, and
    nobody has to be woken. Of those that are idle one at most stands in line for a slot, for
    whatever was asked first when it gets one.
    """

    def __init__(
        self, slots: ComputeSlots, most: int, name: str, *, idle: float = IDLE_SECONDS
    ) -> None:
        self._slots = slots
        self._most = most
        self._seconds = idle
        self._name = name
        self._door = threading.Lock()
        self._asked: deque[tuple[Future[Any], Callable[[], Any]]] = deque()
        self._threads: list[threading.Thread] = []
        self._idle: list[threading.Lock] = []
        self._standing: _Turn | None = None
        self._closed = False

    def submit(self, work: Callable[[], T]) -> Future[T]:
        """Let a function be called in its turn. Raises RuntimeError where nothing begins any more.

        As many at once as there are threads may wait for others.
        """
        future: Future[T] = Future()
        with self._door:
            if self._closed:
                raise RuntimeError("closed")
            self._asked.append((future, work))
            self._send()
        return future

    def close(self) -> None:
        """Begin nothing more, and wait for what is running."""
        with self._door:
            self._closed = True
            threads, asked = tuple(self._threads), tuple(self._asked)
            self._asked.clear()
            while self._idle:
                self._idle.pop().release()
        for future, _ in asked:
            future.cancel()
        for thread in threads:
            thread.join()

    def _send(self) -> None:
        """Send a thread to stand in line, the one that was idle last, unless one stands there."""
        if self._standing is not None or not self._asked:
            return
        if self._idle:
            self._standing = _Turn()
            self._idle.pop().release()
        elif len(self._threads) < self._most:
            name = f"{self._name}_{len(self._threads)}"
            thread = threading.Thread(target=self._work, name=name, daemon=True)
            thread.start()
            self._threads.append(thread)
            self._standing = _Turn()

    def _work(self) -> None:
        sent = True
        while sent:
            with self._door:
                standing = self._standing
            _of_thread.held = self._slots, self._slots.take(standing)
            with self._door:
                self._standing = None
            while self._called_first() and self._slots.keep(_of_thread.held[1], self._standing):
                pass
            _let_go()
            sent = self._sent()

    def _called_first(self) -> bool:
        """Call what was asked first, if anything is; another stands in line for what is next."""
        with self._door:
            if not self._asked:
                return False
            future, work = self._asked.popleft()
            self._send()
        if future.set_running_or_notify_cancel():
            try:
                future.set_result(work())
            except BaseException as error:  # noqa: BLE001 - it is raised to whoever waits
                future.set_exception(error)
        return True

    def _sent(self) -> bool:
        """Wait to be sent to stand in line; tell whether that came in time, before the end."""
        waiting = threading.Lock()
        waiting.acquire()
        with self._door:
            if self._closed:
                waiting.release()
            else:
                self._idle.append(waiting)
                self._send()
        waiting.acquire(timeout=self._seconds)
        with self._door:
            if waiting in self._idle:
                self._idle.remove(waiting)
            elif not self._closed:
                return True
            self._threads.remove(threading.current_thread())
            return False


@contextlib.contextmanager
def taken() -> Iterator[None]:
    """Hold a slot for a block where slots are shared out and this thread holds none."""
    slots = _of_context.get()
    if slots is None or getattr(_of_thread, "held", None) is not None:
        yield
        return
    _of_thread.held = slots, slots.take()
    try:
        yield
    finally:
        _let_go()


@contextlib.contextmanager
def released() -> Iterator[None]:
    """Hold no slot for a block that waits for somebody else; take one again after it."""
    slots = _let_go()
    try:
        yield
    finally:
        if slots is not None:
            _of_thread.held = slots, slots.take()


class OutsideCalls:
    """Calls of one kind that compute outside of the interpreter, for little or for long."""

    def __init__(self) -> None:
        self._seconds = 0.0

    @contextlib.contextmanager
    def one(self) -> Iterator[None]:
        """Make a call in a block; it holds no slot where such calls took long of late."""
        with _outside() if self._seconds >= _LONG_SECONDS else contextlib.nullcontext():
            began = time.perf_counter()
            yield
            self._seconds += (time.perf_counter() - began - self._seconds) / _OF_LATE


@contextlib.contextmanager
def _outside() -> Iterator[None]:
    """Leave the interpreter to others for a block, as many at once as there are cores."""
    slots = _let_go()
    if slots is None:
        yield
        return
    try:
        with slots.outside:
            yield
    finally:
        _of_thread.held = slots, slots.take()


def _let_go() -> ComputeSlots | None:
    held: tuple[ComputeSlots, _Turn] | None = getattr(_of_thread, "held", None)
    if held is None:
        return None
    _of_thread.held = None
    slots, turn = held
    slots.give_back(turn)
    return slots


def cores() -> int:
    """Return the cores that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not everywhere
        return os.cpu_count() or 1
