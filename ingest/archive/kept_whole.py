"""What is read of an archive as a whole, and kept as long as it can follow what changes."""

from collections.abc import Callable
from threading import Lock
from typing import Generic, TypeVar

Read = TypeVar("Read")
State = tuple[int, ...]

_SHARE = 0.25
"""The share of an archive that is asked for before all of it is read. A quarter of 100,000 invented
articles takes a quarter to two fifths of what all of them take, labels as authors and speakers."""

_FOLLOWED = 0.01
"""The share that is asked for before what is kept follows a change: the arrays are copied then."""


class KeptWhole(Generic[Read]):
    """Something that is read of every article at once. Safe from several threads.

    It is not read for the sake of a few articles, since reading an archive whole takes long; it
    is once so many were asked for, one by one, that it is worth it. When the archive has changed,
    `follow` makes what it is now of what was read and of the state that it was read in, and leaves
    that as it is; where it returns None it cannot, and all is read anew by the same rule.
    """

    def __init__(
        self,
        state: Callable[[], State],
        read: Callable[[], Read],
        follow: Callable[[Read, State], Read | None],
    ) -> None:
        self._state = state
        self._read = read
        self._follow = follow
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
            if self._kept is not None:
                if self._kept[0] > state or self._asked < _FOLLOWED * there:
                    return None
                followed = self._follow(self._kept[1], self._kept[0])
                self._kept = None if followed is None else (state, followed)
            if self._kept is None and self._asked >= _SHARE * there:
                self._kept = state, self._read()
            if self._kept is None:
                return None
            self._asked = 0
            return self._kept[1]
