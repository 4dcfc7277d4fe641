"""What reading the claims of one answer cost: calls, tokens, milliseconds, and who read."""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar

from assistant.answer import ReadingCost, SentenceCost
from assistant.check.reader import AskedSentence, ClaimReader, Probabilities

_counting: ContextVar["MeteredReader | None"] = ContextVar("counting", default=None)


def count_call(tokens: int | None) -> None:
    """Count a call to a language model towards the answer that is being read for, if any."""
    counting = _counting.get()
    if counting is not None:
        counting.count(tokens)


class MeteredReader:
    """A reader for one answer, with what it cost. Safe from several threads.

    Milliseconds are those of each reading, added up, also where several went on at once.
    """

    def __init__(self, reader: ClaimReader) -> None:
        self._reader = reader
        self._lock = threading.Lock()
        self._readers: set[str] = set()
        self._calls = 0
        self._tokens: int | None = None
        self._seconds = 0.0
        self._judging = 0.0
        self._claims: set[str] = set()

    @property
    def name(self) -> str:
        """Who reads."""
        return self._reader.name

    @property
    def reads(self) -> bool:
        """Whether it understands at all."""
        return self._reader.reads

    @property
    def dear(self) -> bool:
        """Whether each reading is a call to a server."""
        return self._reader.dear

    @property
    def cost(self) -> ReadingCost:
        """What was spent so far, and who read; where no claim was read, who would have."""
        with self._lock:
            return ReadingCost(
                read_by=", ".join(sorted(self._readers)) or self._reader.name,
                calls=self._calls,
                tokens=self._tokens,
                ms=round(1000 * self._seconds),
                sentences=len(self._claims),
                a_sentence=self._a_sentence(len(self._claims)),
            )

    def _a_sentence(self, claims: int) -> SentenceCost | None:
        if not claims:
            return None
        return SentenceCost(
            calls=round(self._calls / claims, 2),
            tokens=None if self._tokens is None else round(self._tokens / claims, 1),
            ms=round(1000 * self._judging / claims, 1),
        )

    def supports(self, pairs: Sequence[tuple[str, str]]) -> list[Probabilities]:
        """Read claims."""
        with self._counted([claim for claim, _ in pairs]):
            name, read = self._reader.name, self._reader.supports(pairs)
        with self._lock:
            self._readers |= {one.read_by or name for one in read}
        return read

    def answers(self, asked: Sequence[AskedSentence]) -> list[float]:
        """Read sentences."""
        with self._counted():
            return self._reader.answers(asked)

    def count(self, tokens: int | None) -> None:
        """Count a call, and its tokens where the server told them."""
        with self._lock:
            self._calls += 1
            if tokens is not None:
                self._tokens = (self._tokens or 0) + tokens

    @contextmanager
    def _counted(self, claims: Sequence[str] = ()) -> Iterator[None]:
        token, began = _counting.set(self), time.monotonic()
        try:
            yield
        finally:
            _counting.reset(token)
            took = time.monotonic() - began
            with self._lock:
                self._seconds += took
                self._judging += took if claims else 0.0
                self._claims.update(claims)
