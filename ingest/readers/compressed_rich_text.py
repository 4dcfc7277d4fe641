"""Compressed rich text (LZFu), in which Outlook keeps the text of a message.

https://learn.microsoft.com/openspecs/exchange_server_protocols/ms-oxrtfcp
"""

import struct

_HEADER = struct.Struct("<IIII")  # its length, that of the text, how it is kept, a checksum
_COMPRESSED, _PLAIN = 0x75465A4C, 0x414C454D
_SIZE = 4096  # bytes that a reference may reach back
_KNOWN = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript "
    rb"\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0" + b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)


def decompressed(data: bytes, most: int) -> bytes:
    """Return the rich text; raise ValueError where it is damaged or longer than `most` bytes."""
    if len(data) < _HEADER.size:
        raise ValueError("its rich text is cut off")
    _, length, kept, _ = _HEADER.unpack_from(data)
    if length > most:
        raise ValueError(f"its rich text is longer than {most:,} bytes")
    if kept == _PLAIN:
        return data[_HEADER.size : _HEADER.size + length]
    if kept != _COMPRESSED:
        raise ValueError("its rich text is packed in a way that is not known")
    return _unpacked(data, length)


def _unpacked(data: bytes, length: int) -> bytes:
    """Put literal bytes and references to what was said before together, eight to a flag byte."""
    said = bytearray(_KNOWN)
    end, at = len(_KNOWN) + length, _HEADER.size
    while len(said) < end and at < len(data):
        flags = data[at]
        at += 1
        for bit in range(8):
            if not flags >> bit & 1:
                said += data[at : at + 1]
                at += 1
                continue
            offset, count = _reference(data, at)
            if offset == len(said) % _SIZE:  # a reference to what is not yet said ends the text
                return _whole(said, length)
            start = len(said) - ((len(said) - offset - 1) % _SIZE + 1)
            for place in range(start, start + count):
                said.append(said[place] if place >= 0 else 0)
            at += 2
    return _whole(said, length)


def _reference(data: bytes, at: int) -> tuple[int, int]:
    """Return where in the window a run stands, and how long it is."""
    if at + 2 > len(data):
        raise ValueError("its rich text is cut off")
    token = data[at] << 8 | data[at + 1]
    return token >> 4, (token & 15) + 2


def _whole(said: bytearray, length: int) -> bytes:
    found = bytes(said[len(_KNOWN) :])
    if len(found) < length:
        raise ValueError("its rich text is cut off")
    return found[:length]
