"""The process that draws one page: `python -m ingest.files.facsimile_worker`.

A FacsimileOrder comes by its standard input as JSON; by its standard output goes a line of JSON,
and after it the picture.
"""

import json
import sys
import warnings
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from ingest.errors import ReadError
from ingest.files.limits import Bounds
from ingest.files.read import contents
from ingest.files.walk import beside
from ingest.readers.facsimile import Facsimile, NoFacsimile, facsimile
from ingest.readers.highlights import WordsWanted, highlights, is_page_of
from ingest.readers.seekable import seekable

_HELD = 1 << 30  # bytes of a packed file that are kept aside
_BESIDE = 256_000_000  # bytes of a picture that stands beside a page


def main() -> None:
    """Draw the page that is asked for, and say where on it the words stand."""
    asked = json.load(sys.stdin)
    _bound(asked["seconds"], asked["memory"])
    warnings.simplefilter("ignore")
    try:
        told, picture = _drawn(asked)
    except NoFacsimile as error:
        told, picture = {"why": error.why}, b""
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + picture)


def _bound(seconds: int, memory: int) -> None:
    try:
        import resource
    except ImportError:  # no such bounds on this system
        return
    for what, most in ((resource.RLIMIT_DATA, memory), (resource.RLIMIT_CPU, seconds)):
        with suppress(ValueError, OSError):
            resource.setrlimit(what, (most, resource.getrlimit(what)[1]))


def _drawn(asked: Mapping[str, Any]) -> tuple[dict[str, Any], bytes]:
    path = Path(asked["path"])
    for name, stream in contents(path, asked["shown"], Bounds()):
        if name != asked["file"]:
            continue
        if isinstance(stream, ReadError):
            raise NoFacsimile("broken")
        with seekable(stream, name, _HELD) as file:
            return _told(facsimile(file, asked["number"], _Beside(path).look), asked)
    raise NoFacsimile("gone")


def _told(page: Facsimile, asked: Mapping[str, Any]) -> tuple[dict[str, Any], bytes]:
    """Tell of a page what is asked; raise NoFacsimile where it is another's."""
    if page.words and not is_page_of(page.words, asked["text"]):
        raise NoFacsimile("changed")
    if not page.words and not asked["sure"]:
        raise NoFacsimile("gone")
    wanted = [WordsWanted(words, nth) for words, nth in asked["wanted"]]
    told: dict[str, Any] = {
        "width": page.width,
        "height": page.height,
        "marks": highlights(page.words, wanted) if page.words else None,
    }
    if not page.picture:
        told["words"] = [(one.text, *one.box) for one in page.words]
    return told, page.picture


class _Beside:
    """What stands beside a file: in its folder or below, by its own name or by its last part."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def look(self, name: str) -> bytes | None:
        """Return what a file holds, None where there is none or it is too long."""
        last = name.replace("\\", "/").rpartition("/")[2]
        found = beside(self._path, name) or beside(self._path, last)
        if found is None or found.stat().st_size > _BESIDE:
            return None
        return found.read_bytes()


if __name__ == "__main__":
    main()
