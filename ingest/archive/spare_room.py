"""The spare room of Chroma's files: what they hold beyond their vectors is made zeros.

Chroma lays a file for more vectors than there are and does not clear the rest: it holds what stood
in the process's memory before, which may be the words of an article that was erased since.
"""

import os
import struct
from pathlib import Path

_HEADER = struct.Struct("<i4Q")
"""Of `header.bin`: the version, an offset, how many fit, how many there are, the bytes of each."""

_VERSION, _PIECE = 1, 1 << 20


def clear(folder: Path) -> None:
    """Write zeros behind the vectors of every index under a folder that no client has open.

    A file whose header is not as expected is left as it is.
    """
    for header in folder.glob("*/header.bin"):
        with header.open("rb") as opened:
            head = opened.read(_HEADER.size)
        file = header.with_name("data_level0.bin")
        if len(head) < _HEADER.size or not file.is_file():
            continue
        version, _, most, there, size = _HEADER.unpack(head)
        if version == _VERSION and file.stat().st_size == most * size and there <= most:
            _clear_from(file, there * size)


def _clear_from(file: Path, start: int) -> None:
    with file.open("r+b") as opened:
        opened.seek(start)
        while piece := opened.read(_PIECE):
            if piece.strip(b"\0"):
                opened.seek(-len(piece), os.SEEK_CUR)
                opened.write(bytes(len(piece)))
        opened.flush()
        os.fsync(opened.fileno())
