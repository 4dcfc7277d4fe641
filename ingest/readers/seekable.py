"""A stream that can be read from any place, for formats whose index stands at their end."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import IO

from ingest.errors import ReadError

_AT_ONCE = 1 << 16
_IN_MEMORY = 8 << 20


@contextmanager
def seekable(stream: io.BufferedReader, name: str, limit: int) -> Iterator[IO[bytes]]:
    """Give a stream that can be read from any place: itself, or what it holds kept aside.

    Raises ReadError where that would be more than `limit` bytes.
    """
    if stream.seekable():
        yield stream
        return
    with SpooledTemporaryFile(_IN_MEMORY) as aside:
        while data := stream.read(_AT_ONCE):
            if aside.tell() + len(data) > limit:
                raise ReadError(name, "", f"it is longer than {limit:,} bytes", "unpack it first")
            aside.write(data)
        aside.seek(0)
        yield aside
