"""Pages saved whole: MHTML as browsers write it, and pages of the extension SingleFile."""

import email
import email.policy
import io
import re
from collections.abc import Iterator
from dataclasses import replace

from ingest.article import RawArticle
from ingest.errors import ReadError
from ingest.readers import Reader, ReaderInput
from ingest.readers.webpage import reader as web_page

LIMIT = 128_000_000
"""Bytes of a saved page with its pictures."""

_RELATED = re.compile(rb"^content-type:\s*multipart/related", re.IGNORECASE | re.MULTILINE)
_SAVED = re.compile(
    rb"^(?:snapshot-content-location|content-location):|^from:\s*<?saved by",
    re.IGNORECASE | re.MULTILINE,
)
_SINGLE_FILE = re.compile(rb"<!--\s*Page saved with SingleFile\s+(.{0,2000}?)-->", re.DOTALL)
_ADDRESS = re.compile(rb"url:\s*(\S{1,2000})")
_DAY = re.compile(rb"saved date:\s*([^\r\n]{1,100})")
_EMBEDDED = re.compile(rb"data:[\w/+.-]{0,60}(?:;[\w=-]{1,40})*;base64,[A-Za-z0-9+/=]{200,}")
_HEAD = 65_536
_FAULTS = (
    AttributeError, AssertionError, IndexError, LookupError, RecursionError, TypeError, ValueError,
)  # fmt: skip


class _Mhtml:
    """A page and its pictures in the form of a mail; never dated by the day it was saved."""

    name = "mhtml"

    def sniff(self, head: bytes, file: str) -> float:
        """Take the headers of a mail whose parts belong together, with the page's address."""
        top = head[:8192]
        headers = top[:end] if (end := top.replace(b"\r\n", b"\n").find(b"\n\n")) > 0 else top
        if not _RELATED.search(headers):
            return 0.0
        return 0.97 if _SAVED.search(top) else 0.5

    def read(self, given: ReaderInput) -> Iterator[RawArticle | ReadError]:
        """Yield what stands on the page."""
        data = _held(given)
        try:
            message = email.message_from_bytes(data, policy=email.policy.compat32)
            address = message["Snapshot-Content-Location"] or message["Content-Location"]
            page = _page(message)
        except _FAULTS as error:
            why = f"it is no saved page that can be read: {type(error).__name__}: {error}"
            raise ReadError(given.file, "", why) from error
        if page is None:
            raise ReadError(given.file, "", "it holds no page", "save the page itself again")
        body, declared, place = page
        address = " ".join(str(address or place or "").split())
        yield from _articles(given, body, declared, address, {"saved": message["Date"]})


class _SingleFile:
    """A page with everything it shows laid into it."""

    name = "singlefile"

    def sniff(self, head: bytes, file: str) -> float:
        """Take a page that says near its start who saved it."""
        return 0.97 if _SINGLE_FILE.search(head) else 0.0

    def read(self, given: ReaderInput) -> Iterator[RawArticle | ReadError]:
        """Yield what stands on the page, its address told by whoever saved it."""
        said = _SINGLE_FILE.search(given.stream.peek(_HEAD)[:_HEAD])
        note = said[1] if said else b""
        address = _ADDRESS.search(note)
        day = _DAY.search(note)
        body = _EMBEDDED.sub(b"data:,", _held(given))
        yield from _articles(
            given,
            body,
            given.declared,
            address[1].decode("utf-8", "replace") if address else "",
            {"saved": day[1].decode("utf-8", "replace").strip() if day else None},
        )


def _held(given: ReaderInput) -> bytes:
    data = given.stream.read(LIMIT + 1)
    if len(data) > LIMIT:
        raise ReadError(given.file, "", f"it is longer than {LIMIT:,} bytes", "save its text alone")
    return data


def _page(message: "email.message.Message") -> tuple[bytes, str | None, str | None] | None:
    """Return the first page in a message, its encoding and its address."""
    for part in message.walk():
        if part.get_content_type() in {"text/html", "application/xhtml+xml"}:
            data = part.get_payload(decode=True)
            if isinstance(data, bytes):
                return data, part.get_content_charset(), part["Content-Location"]
    return None


def _articles(
    given: ReaderInput,
    body: bytes,
    declared: str | None,
    address: str,
    about: dict[str, str | None],
) -> Iterator[RawArticle | ReadError]:
    stream = io.BufferedReader(io.BytesIO(body), _HEAD)
    page = replace(given, stream=stream, declared=declared)
    for found in web_page.read(page):
        if isinstance(found, ReadError):
            yield found
            continue
        kept = {name: str(value) for name, value in about.items() if value}
        yield replace(found, url=found.url or address or None, metadata={**found.metadata, **kept})


mhtml: Reader = _Mhtml()
singlefile: Reader = _SingleFile()
