"""The words of a draft, whatever it is written in, each with its place in the draft.

Text, Markdown and Word documents. What is read is the text without its markup; what is said of it
is said of places in the text as it stands.
"""

import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, NamedTuple

from ingest.errors import ReadError
from ingest.readers.encoding import Undecodable, decode

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

LONGEST = 100_000
"""Characters of a draft; a book is checked chapter by chapter."""

_MARKDOWN = frozenset({".md", ".markdown", ".mdown", ".mkd"})
_WORD = frozenset({".docx", ".docm", ".dotx"})
_UNPACKED = 50_000_000
_FOOTNOTES = "/footnotes"


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftText:
    """A draft: `text` as it stands, `read` without its markup, and where each character was."""

    text: str
    read: str
    name: str | None = None
    places: tuple[int, ...] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where in `text` the characters `start:end` of `read` stand."""
        if self.places is None or start >= end:
            return start, end
        return self.places[start], self.places[end - 1] + 1


class _Edit(NamedTuple):
    start: int
    end: int
    put: str = ""


def read_draft(data: bytes, name: str | None = None) -> DraftText:
    """Return a draft that a file holds. Raises ReadError where it is none that can be read."""
    told = name or "draft"
    suffix = PurePath(told).suffix.lower()
    if suffix in _WORD or data[:4] == b"PK\x03\x04":
        return plain(_word(data, told), name)
    if data[:4] == b"%PDF":
        raise ReadError(told, "its first bytes", "it is a PDF: give text, Markdown or .docx")
    try:
        text = decode(data).text
    except Undecodable as error:
        raise ReadError(told, "", f"{error}: save it as UTF-8, or as .docx") from error
    if "\0" in text:
        raise ReadError(told, "", "it is no text: give text, Markdown or .docx")
    return markdown(text, name) if suffix in _MARKDOWN else plain(text, name)


def plain(text: str, name: str | None = None) -> DraftText:
    """Return a draft of plain text; lines that were only wrapped are read on."""
    _bounded(text, name)
    return DraftText(text=text, read=_unwrapped(text), name=name)


def markdown(text: str, name: str | None = None) -> DraftText:
    """Return a draft of Markdown."""
    _bounded(text, name)
    read: list[str] = []
    places: list[int] = []
    at = 0
    for edit in _disjoint(sorted(_edits(text))):
        read.append(text[at : edit.start] + edit.put)
        places += range(at, edit.start)
        places += [edit.start] * len(edit.put)
        at = edit.end
    read.append(text[at:])
    places += range(at, len(text))
    words = _unwrapped("".join(read), always=True)
    return DraftText(text=text, read=words, name=name, places=tuple(places))


def _bounded(text: str, name: str | None) -> None:
    if len(text) > LONGEST:
        why = f"it has {len(text):,} characters, {LONGEST:,} are checked at once: check it in parts"
        raise ReadError(name or "draft", "its length", why)


# --- lines ------------------------------------------------------------------------------------

_WRAPPED = range(40, 121)
"""How long the lines are that a program wraps."""


def _unwrapped(text: str, *, always: bool = False) -> str:
    """Return a text of the same length whose wrapped paragraphs stand on one line."""
    joined: list[str] = []
    paragraph: list[str] = []
    for line in [*text.split("\n"), ""]:
        if line.strip():
            paragraph.append(line)
            continue
        wrapped = always or all(len(one) in _WRAPPED for one in paragraph[:-1])
        joined += [(" " if wrapped else "\n").join(paragraph)] if paragraph else []
        joined.append(line)
        paragraph = []
    return "\n".join(joined[:-1] if joined[-1] == "" else joined)


# --- Markdown ---------------------------------------------------------------------------------

_FRONT = re.compile(r"\A(---|\+\+\+)[ \t]*\n.{0,20000}?^\1[ \t]*$", re.DOTALL | re.MULTILINE)
_FENCE = re.compile(r"^ {0,3}(```+|~~~+).{0,20000}?^ {0,3}\1[`~]*[ \t]*$", re.DOTALL | re.MULTILINE)
_CUT = re.compile(
    r"<!--.{0,2000}?-->"
    r"|^ {0,3}\[[^\]^\n][^\]\n]{0,200}\]:[ \t]+\S[^\n]*$"  # where a link by name leads
    r"|^ {0,3}(?:=+|-{3,}|\*{3,}|_{3,})[ \t]*$"
    r"|^(?: {0,3}>)+ ?"
    r"|^ {0,3}#{1,6}[ \t]+|[ \t]+#+[ \t]*$"
    r"|^[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]+"
    r"|\[\^[^\]\n]{1,60}\]:?"
    r"|</?[A-Za-z][^<>\n]{0,300}>|<https?://[^<>\s]{1,2000}>"
    r"|\\(?=[\\`*_{}\[\]()#+.!<>~|\"'-])"
    r"|(?<!\\)(?:\*{1,3}(?=\S)|(?<=\S)\*{1,3}|~~|`+)"
    r"|(?<![\w\\])_{1,3}(?=\S)|(?<=[^\s\\])_{1,3}(?!\w)",
    re.MULTILINE | re.DOTALL,
)
_LINK = re.compile(
    r"(?P<open>!?\[)(?P<words>[^\[\]]{0,2000})"
    r"(?P<close>\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+\"[^\"\n]*\")?\)|\]\[[^\[\]\n]{0,200}\])"
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[A-Za-z]{2,31});")
_BLOCK = re.compile(r"\n(?=[ \t]*(?:[-*+]|\d{1,3}[.)])[ \t]+\S| {0,3}#{1,6}[ \t])")
_HEADED = re.compile(r"^ {0,3}#{1,6}[ \t][^\n]*(?P<end>\n)(?=[^\n])", re.MULTILINE)


def _edits(text: str) -> Iterator[_Edit]:
    """Yield what stands in Markdown besides its words; a block ends with an empty line."""
    for pattern in (_FRONT, _FENCE, _CUT):
        yield from (_Edit(*found.span()) for found in pattern.finditer(text))
    for link in _LINK.finditer(text):
        yield _Edit(*link.span("open"))
        yield _Edit(*link.span("close"))
    for entity in _ENTITY.finditer(text):
        yield _Edit(*entity.span(), html.unescape(entity[0]))
    for block in _BLOCK.finditer(text):
        yield _Edit(*block.span(), "\n\n")
    for heading in _HEADED.finditer(text):
        yield _Edit(*heading.span("end"), "\n\n")


def _disjoint(edits: list[_Edit]) -> Iterator[_Edit]:
    """Yield the edits that do not stand within an earlier one."""
    at = 0
    for edit in sorted(edits, key=lambda one: (one.start, -one.end)):
        if edit.start >= at:
            yield edit
            at = edit.end


# --- Word -------------------------------------------------------------------------------------


_BROKEN: tuple[type[Exception], ...] = (
    zipfile.BadZipFile, zlib.error, AttributeError, EOFError, LookupError, OSError, RuntimeError,
    SyntaxError, ValueError,
)  # fmt: skip
"""What python-docx and what it rests on raise where a file is torn, locked, or another's."""


def _word(data: bytes, name: str) -> str:
    """Return the paragraphs of a Word document: what was struck out is left out, notes follow."""
    from docx import Document
    from docx.opc.exceptions import OpcError

    broken: tuple[type[Exception], ...] = (OpcError, *_BROKEN)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            size = sum(one.file_size for one in packed.infolist())
        if size > _UNPACKED:
            raise ReadError(name, "its archive", f"it unpacks to {size:,} bytes, too many to read")
        document = Document(io.BytesIO(data))
        return "\n\n".join(_paragraphs(document))
    except broken as error:
        raise ReadError(name, "its archive", f"it is no Word document: {error}") from error


def _paragraphs(document: "WordDocument") -> Iterator[str]:
    from docx.oxml import parse_xml

    notes = [
        parse_xml(relation.target_part.blob)
        for relation in document.part.rels.values()
        if relation.reltype.endswith(_FOOTNOTES) and not relation.is_external
    ]
    for root in (document.element.body, *notes):
        for element in root.iter(_tag("p")):
            words = "".join(_words(element)).strip("\n")
            if words.strip() and not _gone(element, root):
                yield words


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}


def _tag(name: str) -> str:
    return f"{_W}{name}"


_STRUCK = frozenset({_tag("del"), _tag("moveFrom"), _FALLBACK})


def _words(paragraph: Any) -> Iterator[str]:
    """Yield the words of a paragraph, without those of a text box that stands in it."""
    for element in paragraph.iter():
        if not isinstance(element.tag, str) or not element.tag.startswith(_W):
            continue
        sign = element.tag.removeprefix(_W)
        if (sign == "t" or sign in _SIGNS) and not _gone(element, paragraph):
            yield (element.text or "") if sign == "t" else _SIGNS[sign]


def _gone(element: Any, root: Any) -> bool:
    """Tell whether what stands there was struck out, or belongs to an inner paragraph."""
    for above in element.iterancestors():
        if above is root:
            return False
        if above.tag in _STRUCK or (above.tag == _tag("p") and element.tag != _tag("p")):
            return True
    return False
