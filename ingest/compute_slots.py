"""Who computes at once: as many threads as there are cores, the others in the order they came.

Threads of one interpreter take turns, and more of them than there are cores only interrupt each
other: each look into a database lets go of the interpreter and waits for it again behind all the
rest. A wait for somebody else, a model or a server, needs no core and holds no slot. One that is
not known for a wait, or takes long, holds a slot for a moment only: nobody stands behind it longer.
"""

import contextlib
import os
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Final

SLOT_SECONDS: Final = 0.25
"""How long a slot is somebody's where others wait; an answer of quotations is done before."""

_of_context: ContextVar["ComputeSlots | None"] = ContextVar("compute_slots", default=None)
_of_thread = threading.local()


class _Turn:
    """One thread's turn: waited for, then held, until it is over or has lasted too long."""

    def __init__(self) -> None:
        self.called = threading.Lock()
        self.called.acquire()
        self.ends = 0.0


class ComputeSlots:
    """A number of slots, one for each core unless said otherwise, given in the order of asking."""

    def __init__(self, slots: int | None = None, seconds: float = SLOT_SECONDS) -> None:
        self._free = slots or cores()
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

    def take(self) -> _Turn:
        """Wait for a slot, and hold it."""
        turn = _Turn()
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

    def _call(self) -> None:
        """Call whom there are slots for, those counted that were held for long enough."""
        now = time.monotonic()
        while self._line and (self._free or self._held[0].ends <= now):
            if self._free:
                self._free -= 1
            else:
                self._held.pop(0)
            turn = self._line.popleft()
            turn.ends = now + self._seconds
            self._held.append(turn)
            turn.called.release()

    def _next_end(self) -> float:
        """Return the seconds until the slot that is held longest may be given on."""
        with self._door:
            ends = self._held[0].ends if self._held else 0.0
        return max(0.001, ends - time.monotonic())


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
