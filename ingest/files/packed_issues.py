"""Issues of digitised papers in an archive: METS, with the pages of ALTO that it names.

The pages of an archive are held until the METS file that names them has come, or its end; what
nobody names is read by itself.
"""

import io
import posixpath
from collections.abc import Callable, Iterator
from urllib.parse import unquote

from ingest.errors import ReadError
from ingest.files.walk import shown
from ingest.readers import RECORD_LIMIT
from ingest.readers.mets import pages_named
from ingest.readers.record_stream import root

_MOST_HELD = 256_000_000  # bytes of pages that wait for their METS file
_HEAD = 65_536
_KINDS = ("mets", "alto")

Packed = tuple[str, io.BufferedReader | ReadError]


class IssueStream(io.BufferedReader):
    """A METS file out of an archive; `look` returns what was packed beside it."""

    def __init__(self, data: bytes, look: Callable[[str], bytes | None]) -> None:
        super().__init__(io.BytesIO(data), _HEAD)
        self.look = look


def gathered(members: Iterator[Packed]) -> Iterator[Packed]:
    """Yield the members of an archive, an issue once its pages are there, and then as one."""
    held = _HeldPages()
    for name, found in members:
        kind = None if isinstance(found, ReadError) or held.full else _kind(found)
        if kind is None or isinstance(found, ReadError):
            yield name, found
            continue
        data = _whole(name, found)
        if isinstance(data, ReadError):
            yield name, data
            continue
        held.add(name, kind, data)
        yield from held.complete()
        if held.full:
            yield from held.rest()
    yield from held.rest()


def _kind(stream: io.BufferedReader) -> str | None:
    """Return "mets" or "alto" where a member is one; what is damaged tells whoever reads it."""
    try:
        head = stream.peek(_HEAD)[:_HEAD]
    except ReadError:
        return None
    if not any(kind.encode() in head[:8192].lower() for kind in _KINDS):
        return None
    found = root(head).lower()
    return found if found in _KINDS else None


def _whole(name: str, stream: io.BufferedReader) -> bytes | ReadError:
    try:
        data = stream.read(RECORD_LIMIT + 1)
    except ReadError as error:
        return error
    if len(data) > RECORD_LIMIT:
        return ReadError(name, "", f"it is longer than {RECORD_LIMIT:,} bytes")
    return data


class _HeldPages:
    """What waits of an archive: METS files for their pages, pages for the file that names them."""

    def __init__(self) -> None:
        self.full = False
        self._size = 0
        self._pages: dict[str, bytes] = {}
        self._issues: dict[str, tuple[bytes, dict[str, str]]] = {}

    def add(self, name: str, kind: str, data: bytes) -> None:
        """Keep a file until it is clear what it belongs to."""
        if kind == "alto":
            self._pages[name] = data
        else:
            named = {page: _place(name, page) for page in pages_named(data)}
            self._issues[name] = (data, named)
        self._size += len(data)
        self.full = self.full or self._size > _MOST_HELD

    def complete(self) -> Iterator[Packed]:
        """Yield the issues of which all pages are there."""
        for name, (_, named) in list(self._issues.items()):
            if named and all(place in self._pages for place in named.values()):
                yield self._issue(name)

    def rest(self) -> Iterator[Packed]:
        """Yield the issues that lack pages, and the pages that no issue names."""
        for name in list(self._issues):
            yield self._issue(name)
        for name, data in self._pages.items():
            yield name, io.BufferedReader(io.BytesIO(data), _HEAD)
        self._pages.clear()

    def _issue(self, name: str) -> Packed:
        data, named = self._issues.pop(name)
        pages = {
            page: self._pages.pop(place) for page, place in named.items() if place in self._pages
        }
        self._size -= len(data) + sum(map(len, pages.values()))
        return name, IssueStream(data, pages.get)


def _place(mets: str, page: str) -> str:
    """Return the name under which a page that a METS file names stands in its archive."""
    archive, _, inside = mets.rpartition("!")
    beside = posixpath.join(posixpath.dirname(inside), unquote(page))
    return f"{archive}!{shown(posixpath.normpath(beside))}"
