"""Plain text: the whole file is one article, and nothing about it is given."""

import re
from collections.abc import Iterator
from pathlib import PurePath

from ingest.article import RawArticle
from ingest.errors import ReadError
from ingest.readers import RECORD_LIMIT, Reader, ReaderInput
from ingest.readers.encoding import HINT, Decoded, Undecodable, decode, peek
from ingest.readers.jsonlines import is_object

# Text, but no article: what these hold needs a reader of its own or none.
_OTHERS = frozenset(
    ".cfg .conf .css .csv .ini .js .json .log .py .sh .sql .toml .tsv .xml .yaml .yml".split()
)
_MARKUP = re.compile(r"\s*<(\?xml|!doctype|html|rss|feed|svg)\b", re.IGNORECASE)
_NO_ARTICLES = {
    "BEGIN:VCALENDAR": (
        "BEGIN:VEVENT",
        "a calendar (events in it: {count}), which tells what is planned",
    ),
    "BEGIN:VCARD": ("BEGIN:VCARD", "an address book (people in it: {count})"),
}
"""What opens a file that is text and no article: what to count in it, and what it is."""

_BINARY = re.compile(r"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_OPENING = 100  # characters in which a file says what it is


class _PlainText:
    """Plain text in any encoding that can be told."""

    name = "text"

    def sniff(self, head: bytes, file: str) -> float:
        """Take what is text and looks like nothing else."""
        text = peek(head)
        if text is None or _MARKUP.match(text) or len(_BINARY.findall(text)) > 2:
            return 0.0
        return 0.0 if PurePath(file).suffix.lower() in _OTHERS else 0.2

    def read(self, given: ReaderInput) -> Iterator[RawArticle | ReadError]:
        """Yield the one article."""
        decoded = whole(given)
        if not decoded.text.strip():
            yield ReadError(given.file, "", "it holds no text")
            return
        if refused := _other(decoded.text):
            yield ReadError(given.file, "", refused, "keep as text what of it is to be searched")
            return
        inferred = {"encoding": decoded.how} if decoded.how else {}
        yield RawArticle(file=given.file, text=decoded.text, inferred=inferred)
        if lines := _records_among(decoded.text):
            why = f"it was read as one text, though {lines} of its lines look like JSON objects"
            yield ReadError(given.file, "", why, "say which it is: `--format jsonl` or `text`")


def _other(text: str) -> str | None:
    """Say what a text is that holds no article, None where nothing tells that."""
    for opening, (counted, what) in _NO_ARTICLES.items():
        if text[:_OPENING].lstrip("\ufeff\r\n\t ").upper().startswith(opening):
            return f"it is no article but {what.format(count=text.upper().count(counted))}"
    return None


def _records_among(text: str) -> int:
    """Count the lines that are whole JSON objects: of a text, or of records among other lines?"""
    if "{" not in text:
        return 0
    return sum(map(is_object, text.splitlines()))


def whole(given: ReaderInput, declared: str | None = None) -> Decoded:
    """Read and decode a file that is one record; raise ReadError where that cannot be done."""
    data = given.stream.read(RECORD_LIMIT + 1)
    if len(data) > RECORD_LIMIT:
        raise ReadError(given.file, "", f"it is longer than {RECORD_LIMIT:,} bytes", "split it")
    try:
        return decode(data, given=given.encoding, declared=declared)
    except Undecodable as error:
        raise ReadError(given.file, "", str(error), HINT) from error


reader: Reader = _PlainText()
