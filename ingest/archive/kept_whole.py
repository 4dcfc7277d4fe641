"""What is read of an archive as a whole, and kept until something changes."""

from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

Read = TypeVar("Read")
State = tuple[int, ...]

_SHARE = 0.25
"""The share of an archive from which reading all of it costs about as much as reading these
articles one by one: tried on invented archives of 10,000 and 100,000, labels and authors."""


class KeptWhole(Generic[Read]):
    """Something that is read of every article at once. Safe from several threads.

    It is not read for the sake of a few articles, since reading an archive whole takes long;
    it is once so many were asked for, one by one, that it would have been worth it. So nobody
    waits more than twice as long as they must, however often the archive changes.
    """

    def __init__(self, state: Callable[[], State], read: Callable[[], Read]) -> None:
        self._state = state
        self._read = read
        self._kept: tuple[State, Read] | None = None
        self._asked = 0
        self._door = Lock()

    def at_hand(self, articles: int, there: int) -> Read | None:
        """Return what is kept for a question about some of the articles that are there.

        None where it must be read for these articles alone: it is not kept as the archive is at
        this moment, or what is kept is newer than what the present snapshot reads.
        """
        state = self._state()
        with self._door:
            if self._kept is not None and self._kept[0] == state:
                return self._kept[1]
            self._asked += articles
            newer = self._kept is not None and self._kept[0] > state
            if newer or self._asked < _SHARE * there:
                return None
            self._asked = 0
            self._kept = None
            self._kept = state, self._read()
            return self._kept[1]
