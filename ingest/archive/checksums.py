"""Are tantivy's files as it wrote them: each ends with the sum of what stands before."""

import json
import os
import struct
import zlib
from pathlib import Path

_PIECE = 1 << 20
_TAIL = struct.Struct("<II")
"""How long the footer is, and a number that marks tantivy's files."""


def damaged(folder: Path) -> list[str]:
    """Return the names of an index's files that are not as they were written.

    What a writer that was killed left half-written is no file of the index until it is committed.
    """
    if not folder.exists():
        return []
    try:
        committed = json.loads((folder / "meta.json").read_bytes())["segments"]
        ids = {str(one["segment_id"]).replace("-", "") for one in committed}
    except (OSError, ValueError, KeyError, TypeError):
        return ["meta.json"]
    files = [file for file in folder.glob("[!.]*.*") if file.name.partition(".")[0] in ids]
    return sorted(file.name for file in files if not _as_written(file))


def _as_written(file: Path) -> bool:
    """Tell whether a file's sum is the one that its footer names, as `crc`, in JSON."""
    try:
        with file.open("rb") as opened:
            left = opened.seek(-_TAIL.size, os.SEEK_END)
            length, _ = _TAIL.unpack(opened.read(_TAIL.size))
            left = opened.seek(left - length)
            named = int(json.loads(opened.read(length))["crc"])
            opened.seek(0)
            found = 0
            while left > 0 and (piece := opened.read(min(left, _PIECE))):
                found, left = zlib.crc32(piece, found), left - len(piece)
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return found == named
