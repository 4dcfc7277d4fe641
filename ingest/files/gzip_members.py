"""gzip, member after member: past a damaged one, which is told, the next is read."""

import re
import zlib
from typing import Protocol

_PIECE = 65_536
_KEPT = 1_000_000  # packed bytes of a member among which the next is looked for
_MEMBER = re.compile(rb"\x1f\x8b\x08[\x00-\x1f]")
_TRIED = 512  # unpacked bytes that tell a member from bytes that look like the start of one


class Packed(Protocol):
    """What packed bytes are read from."""

    def read(self, size: int, /) -> bytes:
        """Return so many bytes, fewer at the end."""


class DamagedMember(ValueError):
    """A member cannot be unpacked, and another follows, which is read next."""


class GzipMembers:
    """Unpacks one member after the other, as the standard library does, but goes on after damage.

    Raises DamagedMember where another member follows a damaged one, ValueError or EOFError where
    none does.
    """

    def __init__(self, stream: Packed) -> None:
        self._stream = stream
        self._packed = b""  # read of the stream, not yet unpacked
        self._member = b""  # what was unpacked of this member, packed
        self._engine: zlib._Decompress | None = None
        self._is_first = True

    def read1(self, size: int) -> bytes:
        """Return some unpacked bytes, at most so many; none at the end."""
        while True:
            if self._engine is None and not self._begin():
                return b""
            if data := self._unpack(size):
                return data

    def _begin(self) -> bool:
        """Begin the next member; False where the stream ends, or only padding follows."""
        self._fill()
        while self._packed and not self._packed.strip(b"\0"):
            self._packed = b""
            self._fill()
        self._packed = self._packed.lstrip(b"\0") if not self._is_first else self._packed
        self._fill()
        if not self._packed:
            return False
        self._engine, self._member, self._is_first = zlib.decompressobj(31), b"", False
        return True

    def _fill(self) -> None:
        while len(self._packed) < 2 and (piece := self._stream.read(_PIECE)):
            self._packed += piece

    def _unpack(self, size: int) -> bytes:
        engine = self._engine
        assert engine is not None
        if not self._packed:
            self._packed = self._stream.read(_PIECE)
            if not self._packed:
                raise EOFError("it ends before its end-of-stream marker")
        given = self._packed
        try:
            data = engine.decompress(given, size)
        except zlib.error as error:
            self._go_on(error)
            raise DamagedMember(str(error)) from error
        self._packed = engine.unused_data if engine.eof else engine.unconsumed_tail
        self._member = (self._member + given[: len(given) - len(self._packed)])[-_KEPT:]
        if engine.eof:
            self._engine = None
        return data

    def _go_on(self, error: zlib.error) -> None:
        """Go to the next member; raise ValueError where there is none."""
        self._engine = None
        held = self._member + self._packed
        at = 1
        while True:
            for found in _MEMBER.finditer(held, at):
                if _is_member(held[found.start() :]):
                    self._packed = held[found.start() :]
                    return
            more = self._stream.read(_PIECE)
            if not more:
                self._packed = b""
                raise ValueError(str(error)) from error
            held = held[-_PIECE:] + more
            at = 0


def _is_member(held: bytes) -> bool:
    try:
        zlib.decompressobj(31).decompress(held[:_PIECE], _TRIED)
    except zlib.error:
        return False
    return True
