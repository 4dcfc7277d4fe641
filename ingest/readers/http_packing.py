"""What a server packed to send it, unpacked within a bound: gzip, deflate, Brotli, Zstandard."""

import sys
import zlib
from collections.abc import Callable, Iterator

PACKINGS = ("gzip", "deflate", "br", "zstd")
_PIECE = 65_536
_NONE = frozenset({"", "identity", "none"})


class Unpackable(ValueError):
    """A body cannot be unpacked; its words say why."""


def unpacked(data: bytes, packing: str, most: int, is_plain: Callable[[bytes], bool]) -> bytes:
    """Undo the packings that `Content-Encoding` names, the last first; raise Unpackable.

    Never holds more than `most` bytes and a piece. Some crawlers unpack a page and leave the
    header: what is no such packing, and `is_plain`, is returned as it is.
    """
    for name in reversed([one.strip().lower() for one in packing.split(",")]):
        if name in _NONE:
            continue
        ways = _WAYS.get(name.removeprefix("x-"))
        if ways is None:
            raise Unpackable(f"it is packed in a way that is not known: {name[:40]!r}")
        try:
            data = _tried(data, ways, most)
        except _Fault as error:
            if not is_plain(data):
                raise Unpackable(f"its packing is damaged: {error}") from error
    return data


class _Fault(ValueError):
    """The data is not packed so."""


_Way = Callable[[bytes, int], Iterator[bytes]]


def _tried(data: bytes, ways: tuple[_Way, ...], most: int) -> bytes:
    for number, way in enumerate(ways, 1):
        try:
            return _bounded(way(data, _PIECE), most)
        except _Fault:
            if number == len(ways):
                raise
    return data


def _bounded(pieces: Iterator[bytes], most: int) -> bytes:
    found = bytearray()
    for piece in pieces:
        found += piece
        if len(found) > most:
            raise Unpackable(f"its page is longer than {most:,} bytes")
    return bytes(found)


def _zlib(bits: int) -> _Way:
    def way(data: bytes, piece: int) -> Iterator[bytes]:
        while data:
            engine = zlib.decompressobj(bits)
            try:
                while data and not engine.eof:
                    yield engine.decompress(data, piece)
                    data = engine.unconsumed_tail
                yield engine.flush()
            except zlib.error as error:
                raise _Fault(str(error)) from error
            if not engine.eof:
                raise _Fault("it is cut off")
            data = engine.unused_data
            if not data.startswith(b"\x1f\x8b"):  # what follows the last member is padding
                return

    return way


def _brotli(data: bytes, piece: int) -> Iterator[bytes]:
    import brotli

    engine = brotli.Decompressor()
    try:
        given = data
        while not engine.is_finished():
            said = engine.process(given, output_buffer_limit=piece)
            given = b""
            if not said and engine.can_accept_more_data():
                raise _Fault("it is cut off")
            yield said
    except brotli.error as error:
        raise _Fault(str(error)) from error


def _zstandard(data: bytes, piece: int) -> Iterator[bytes]:
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        from backports import zstd
    engine = zstd.ZstdDecompressor()
    try:
        given = data
        while not engine.eof:
            said = engine.decompress(given, piece)
            given = b""
            if not said and engine.needs_input:
                raise _Fault("it is cut off")
            yield said
    except zstd.ZstdError as error:
        raise _Fault(str(error)) from error


_WAYS: dict[str, tuple[_Way, ...]] = {
    "gzip": (_zlib(16 + zlib.MAX_WBITS),),
    "deflate": (_zlib(zlib.MAX_WBITS), _zlib(-zlib.MAX_WBITS)),
    "br": (_brotli,),
    "zstd": (_zstandard,),
}
