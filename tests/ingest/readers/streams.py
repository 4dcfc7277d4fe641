"""Streams that are made as they are read, so that a long one takes no memory."""

import io
from collections.abc import Iterable


class Generated(io.RawIOBase):
    """A stream of the pieces that an iterator yields."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._left and (piece := next(self._pieces, None)) is not None:
            self._left = piece
        taken, self._left = self._left[: len(buffer)], self._left[len(buffer) :]
        buffer[: len(taken)] = taken
        return len(taken)

    def buffered(self) -> "io.BufferedReader[Generated]":
        """Return it as a reader gets it."""
        return io.BufferedReader(self, 65_536)
