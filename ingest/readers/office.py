"""Office documents to an article: their packing within bounds, their paragraphs, what they say."""

import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING

from ingest.article import RawArticle
from ingest.clean.layout import parts_of
from ingest.clean.printed_text import one_line
from ingest.errors import ReadError
from ingest.language.normalise import fold
from ingest.readers import ReaderInput, press_databases
from ingest.readers.encoding import Undecodable, decode
from ingest.readers.markup import Damaged, element
from ingest.readers.record_stream import without_prologue
from ingest.readers.seekable import seekable

if TYPE_CHECKING:
    from lxml.etree import _Element

PART_LIMIT = 40_000_000
"""Bytes of one part of a document, unpacked; a thousand pages of text are some ten million."""

_ASIDE = 2 * 1024**3  # bytes of a packed file that are kept aside
_MEMBERS = 20_000
_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_NEAR_TOP = 5  # paragraphs among which the headline stands
_LONGEST_HEADLINE = 300
_MADE_OF_TEMPLATE = "2013-12-23T23:15:00Z"  # by python-docx, whenever the document was made
_PERSON = re.compile(r"[^\W\d_][\w.'’-]*(?:\s+[^\W\d_][\w.'’-]*){1,4}")
_PROGRAM = re.compile(
    r"\b(?:user|microsoft|office|admin\w*|python-docx|un-?named)\b", re.IGNORECASE
)
_MEMBER = re.compile(rb"PK\x03\x04.{22}(..)(..)", re.DOTALL)
# What reading a damaged packing raises; a lie about a size is met by the bounds below.
_FAULTS = (
    zipfile.BadZipFile, EOFError, OSError, ValueError, KeyError, OverflowError, IndexError,
    NotImplementedError, RuntimeError, zlib.error, lzma.LZMAError, struct.error,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeParagraph:
    """A paragraph; `style` is "title", "subtitle", "heading", "caption" or "" for any other."""

    text: str
    style: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeDocument:
    """A document's paragraphs in their order, its notes, and what its properties say."""

    paragraphs: tuple[OfficeParagraph, ...]
    notes: tuple[str, ...] = ()
    title: str | None = None
    author: str | None = None
    made: str | None = None
    language: str | None = None
    inferred: dict[str, str] = field(default_factory=dict)


def member_names(head: bytes) -> list[str]:
    """Name the files that a packed file shows in its first bytes."""
    found = []
    for match in _MEMBER.finditer(head):
        length = int.from_bytes(match[1], "little")
        name = head[match.end() : match.end() + length]
        found.append(name.decode("utf-8", "replace"))
    return found


def says_first(head: bytes, mimetype: bytes, *, needed: str, packed: float) -> float:
    """Return how sure it is that a packed file is of the kind that such a file says first.

    `packed` where what it says is packed too, and it holds the part that its kind needs.
    """
    if not head.startswith(b"PK\x03\x04"):
        return 0.0
    if head[30:].startswith(mimetype):
        return 0.98
    names = member_names(head)
    return packed if names[:1] == ["mimetype"] and needed in names else 0.0


class OfficePackage:
    """A packed document whose parts are read one at a time, none larger than the bound."""

    def __init__(self, archive: zipfile.ZipFile, file: str) -> None:
        self._archive = archive
        self._file = file
        self.names = frozenset(archive.namelist())

    def part(self, name: str) -> bytes | None:
        """Return a part, None where there is none; raise ReadError where it cannot be read."""
        if name not in self.names:
            return None
        member = self._archive.getinfo(name)
        if member.flag_bits & 0x1:
            raise ReadError(self._file, name, "it is locked with a password")
        try:
            with self._archive.open(member) as opened:
                data = opened.read(PART_LIMIT + 1)
        except _FAULTS as error:
            raise ReadError(self._file, name, f"it cannot be unpacked: {said(error)}") from error
        if len(data) > PART_LIMIT:
            why = f"it unpacks to more than {PART_LIMIT:,} bytes"
            raise ReadError(self._file, name, why, "split the document")
        return data

    def tree(self, name: str) -> "tuple[_Element | None, bool]":
        """Return a part's outermost element, and whether it had to be mended."""
        data = self.part(name)
        if data is None:
            return None, False
        try:
            return element(without_prologue(decode(data).text))
        except (Undecodable, Damaged) as error:
            raise ReadError(self._file, name, str(error)) from error


@contextmanager
def package(given: ReaderInput) -> Iterator[OfficePackage]:
    """Open a packed document; raise ReadError where it is none, or holds too much."""
    with seekable(given.stream, given.file, _ASIDE) as file:
        yield OfficePackage(_archive(file, given.file), given.file)


def _archive(file: IO[bytes], name: str) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(file)
    except _FAULTS as error:
        hint = "open and save it again in the program that made it"
        raise ReadError(name, "", f"its packing is damaged: {said(error)}", hint) from error
    if len(archive.namelist()) > _MEMBERS:
        raise ReadError(name, "", f"it holds more than {_MEMBERS:,} parts")
    return archive


def said(error: Exception) -> str:
    """Return an error's words on one line."""
    return " ".join(str(error).split())[:200] or type(error).__name__


def note_mark(number: int) -> str:
    """Return the mark that stands in the text for a note."""
    return str(number).translate(_SUPERSCRIPT)


def articles(document: OfficeDocument, file: str) -> Iterator[RawArticle | ReadError]:
    """Yield the one article of a document, or each of what a press database delivered in it."""
    lines = [line for one in document.paragraphs for line in one.text.split("\n")]
    delivered = press_databases.delivered(lines, file)
    if delivered is not None:
        yield from delivered
        return
    body = [one for one in document.paragraphs if one.style != "caption"]
    text = "\n\n".join(one.text for one in body if one.text.strip())
    if not text.strip():
        yield ReadError(file, "", "it holds no words", "pictures of text must be recognised first")
        return
    yield _article(document, body, text, file)


def _article(
    document: OfficeDocument, body: list[OfficeParagraph], text: str, file: str
) -> RawArticle:
    title = _title(document, body)
    printed = parts_of(text, has_headline=bool(title))
    author = None if printed.authors else _person(document.author)
    how = dict(document.inferred)
    how |= {"authors": "the document's properties"} if author else {}
    published, told = _published(document, printed.dated)
    how |= {"date": told} if published else {}
    kept = {"title": document.title, "author": document.author}
    notes = [f"{note_mark(n)} {note}" for n, note in enumerate(document.notes, 1)]
    return RawArticle(
        file=file,
        text="\n\n".join([text, *notes]),
        title=title,
        standfirst=next((one.text for one in body[:2] if one.style == "subtitle"), None),
        captions=tuple(one.text for one in document.paragraphs if one.style == "caption"),
        authors=(author,) if author else (),
        published=published,
        language=document.language,
        inferred=how,
        metadata={
            f"document_{name}": value
            for name, value in kept.items()
            if value and value not in (title, author)
        },
    )


def _published(document: OfficeDocument, printed: str | None) -> tuple[str | None, str]:
    """Return the day that is printed near the top, else that of the properties, and which it is."""
    if printed:
        return printed, "printed at the top"
    made = None if document.made == _MADE_OF_TEMPLATE else document.made
    return made, "day the document was made, by its properties"


def _title(document: OfficeDocument, body: list[OfficeParagraph]) -> str | None:
    """Return what is set as the title, or else as a heading above all, or is printed as named."""
    top = [one for one in body if one.text.strip()][:_NEAR_TOP]
    by_style = [one.text for one in top if one.style == "title"]
    by_style += [one.text for one in top[:1] if one.style == "heading"]
    named = fold(document.title or "").text.strip()
    by_name = [one.text for one in top if named and fold(one.text).text.strip() == named]
    found = one_line(next(iter([*by_style, *by_name]), ""))
    return found if found and len(found) <= _LONGEST_HEADLINE else None


def _person(given: str | None) -> str | None:
    """Return the name of somebody; what a program or a login wrote is none."""
    name = one_line(given)
    return name if _PERSON.fullmatch(name) and not _PROGRAM.search(name) else None
