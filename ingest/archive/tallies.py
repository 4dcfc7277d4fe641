"""What is counted of whoever asks, by a name: tries that failed, requests that are left.

One host keeps its own in memory. Where several serve from one database they share theirs there,
so that whoever is refused by one is refused by all.
"""

import contextlib
import threading
import time
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, NamedTuple

from ingest.archive.database import Connection

if TYPE_CHECKING:
    from ingest.archive.server_papers import ServerPapers

_MOST = 20_000
"""Names that are counted at once; the one longest ago is forgotten first."""
_FORGOTTEN_AFTER = 3600.0
"""Seconds after which a database forgets a name that was not counted since."""


class Tally(NamedTuple):
    """A number, and when it was: seconds since 1970."""

    number: float
    at: float


Tallied = dict[str, Tally]


class Tallies(ABC):
    """Numbers by name, changed by one at a time."""

    @abstractmethod
    def changing(self, names: Sequence[str]) -> AbstractContextManager[Tallied]:
        """Give the numbers of these names, as far as there are any, and keep what is left there.

        Nobody else changes them meanwhile. Raises ArchiveError where they cannot be kept.
        """


class OwnTallies(Tallies):
    """Those of one process."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Tally] = OrderedDict()
        self._lock = threading.Lock()

    @contextlib.contextmanager
    def changing(self, names: Sequence[str]) -> Iterator[Tallied]:
        """Hold the lock for a block."""
        with self._lock:
            held = {name: self._kept[name] for name in names if name in self._kept}
            yield held
            for name in names:
                self._kept.pop(name, None)
            self._kept.update(held)
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)


class SharedTallies(Tallies):
    """Those of all who serve from one database."""

    def __init__(self, papers: "ServerPapers") -> None:
        self._papers = papers
        self._tidied = 0.0

    @contextlib.contextmanager
    def changing(self, names: Sequence[str]) -> Iterator[Tallied]:
        """Hold the rows for a block; in one order, so that nobody waits for who waits for them."""
        ordered = sorted(set(names))
        with self._papers.writing() as held:
            found: Tallied = {}
            for name in ordered:
                held.execute("INSERT INTO tallies VALUES (?) ON CONFLICT DO NOTHING", (name,))
                number, at = held.execute(
                    "SELECT number, at FROM tallies WHERE name = ? FOR UPDATE", (name,)
                ).fetchone()
                if at is not None:
                    found[name] = Tally(float(number), float(at))
            yield found
            for name in ordered:
                number, at = found.get(name, (None, None))
                held.execute(
                    "UPDATE tallies SET number = ?, at = ? WHERE name = ?", (number, at, name)
                )
            self._tidy(held)

    def _tidy(self, held: Connection) -> None:
        """Forget who was not counted for long, where nobody counts them at this moment."""
        now = time.time()
        if now - self._tidied < _FORGOTTEN_AFTER:
            return
        self._tidied = now
        held.execute(
            "DELETE FROM tallies WHERE name IN (SELECT name FROM tallies"
            " WHERE at IS NULL OR at < ? FOR UPDATE SKIP LOCKED)",
            (now - _FORGOTTEN_AFTER,),
        )
