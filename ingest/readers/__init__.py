"""Formats of articles: each reader turns one opened file into raw articles."""

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from ingest.article import RawArticle
from ingest.errors import ReadError

RECORD_LIMIT = 20_000_000
"""Bytes of one article, page or line; what is longer is reported, not read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderInput:
    """One opened file: its name as shown, its bytes from the start, and how to read them.

    `encoding` is what the user says the bytes are, None to find out. `mapping` gives for a
    field of ours the field of theirs, a dotted path. `declared` is the encoding that whoever
    sent the bytes said of them, believed where every byte agrees. `ocr` are the languages in
    which the text of pictures is recognised, none where it is not; `alive` is to be called at
    least every minute by whoever takes longer. `beside` returns what a file holds that stands by
    this one, named from it, None where there is none or it may not be looked at.
    """

    file: str
    stream: "io.BufferedReader[Any]"
    encoding: str | None = None
    declared: str | None = None
    mapping: Mapping[str, str] = field(default_factory=dict)
    ocr: tuple[str, ...] = ()
    alive: Callable[[], None] = lambda: None
    beside: Callable[[str], bytes | None] = lambda _: None


class Reader(Protocol):
    """One format, offered as an entry point of the group `morgue.readers`."""

    name: str

    def sniff(self, head: bytes, file: str) -> float:
        """Say how sure the first 64 kB are this format: 0 not at all, 1 surely."""

    def read(self, given: ReaderInput) -> Iterator[RawArticle | ReadError]:
        """Yield every article, and for each record that cannot be read a ReadError.

        A bad record is yielded, not raised, so that the rest is read. What is raised
        means that nothing more can be read from this file.
        """
