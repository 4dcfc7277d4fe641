"""Texts of LibreOffice and its kin (ODT): headings, paragraphs, lists, tables, notes."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingest.article import RawArticle
from ingest.errors import ReadError
from ingest.readers import Reader, ReaderInput
from ingest.readers.markup import MENDED, children, descendants, line, name
from ingest.readers.office import (
    OfficeDocument,
    OfficePackage,
    OfficeParagraph,
    articles,
    note_mark,
    package,
    says_first,
)

if TYPE_CHECKING:
    from lxml.etree import _Element

_MIMETYPE = b"mimetypeapplication/vnd.oasis.opendocument.text"
_NOT_PRINTED = frozenset(
    "tracked-changes annotation annotation-end note-citation sequence-decls variable-decls "
    "bibliography-source index-title-template ruby-text script".split()
)
_BREAKS = {"tab": " ", "line-break": "\n", "soft-page-break": ""}
_DEEPEST = 40
_STYLES = {"title": "title", "subtitle": "subtitle", "caption": "caption"}


class _OpenDocument:
    """OpenDocument texts."""

    name = "odt"

    def sniff(self, head: bytes, file: str) -> float:
        """Take a packed file that says first what it is."""
        return says_first(head, _MIMETYPE, needed="content.xml", packed=0.6)

    def read(self, given: ReaderInput) -> Iterator[RawArticle | ReadError]:
        """Yield the article, or those that a press database put together."""
        with package(given) as opened:
            yield from articles(_document(opened, given.file), given.file)


def _document(opened: OfficePackage, file: str) -> OfficeDocument:
    root, mended = opened.tree("content.xml")
    if root is None:
        raise ReadError(file, "", "it holds no text", "save it again as a text document (ODT)")
    meta, _ = opened.tree("meta.xml")
    about = {name(one): line(one) for one in descendants(meta, *_ABOUT)}
    printer = _OpenPrinter(_styles(root))
    for text in descendants(root, "text"):
        if name(text.getparent()) == "body":
            printer.add(text, _DEEPEST)
    return OfficeDocument(
        paragraphs=tuple(printer.paragraphs),
        notes=tuple(printer.notes),
        title=about.get("title"),
        author=about.get("initial-creator") or about.get("creator"),
        made=about.get("creation-date") or about.get("date"),
        language=about.get("language"),
        inferred={"text": MENDED} if mended else {},
    )


_ABOUT = ("title", "initial-creator", "creator", "creation-date", "date", "language")


def _attribute(one: "_Element", attribute: str) -> str | None:
    return next((str(v) for k, v in one.items() if str(k).rpartition("}")[2] == attribute), None)


def _styles(root: "_Element") -> dict[str, str]:
    """Return what a document's own styles are derived from."""
    return {
        _attribute(one, "name") or "": (_attribute(one, "parent-style-name") or "").lower()
        for one in descendants(root, "style")
    }


class _OpenPrinter:
    """Collects the paragraphs of a text, its tables row by row, its notes apart."""

    def __init__(self, styles: dict[str, str]) -> None:
        self.paragraphs: list[OfficeParagraph] = []
        self.notes: list[str] = []
        self._styles = styles

    def add(self, of: "_Element", levels: int, mark: str = "") -> None:
        """Add what stands in an element."""
        for one in of if levels else ():
            kind = name(one)
            if kind in {"p", "h"}:
                self._paragraph(one, mark, levels)
            elif kind == "table":
                self._table(one)
            elif kind in {"list-item", "list-header"}:
                self.add(one, levels - 1, "- ")
            elif kind not in _NOT_PRINTED:
                self.add(one, levels - 1, mark)

    def _paragraph(self, one: "_Element", mark: str, levels: int) -> None:
        called = (_attribute(one, "style-name") or "").lower()
        parent = self._styles.get(_attribute(one, "style-name") or "", "")
        kind = _STYLES.get(called) or _STYLES.get(parent) or ""
        kind = "heading" if name(one) == "h" and not kind else kind
        text = self._words(one).strip()
        self.paragraphs.append(OfficeParagraph(text=(mark if text else "") + text, style=kind))
        for box in descendants(one, "text-box"):
            self.add(box, levels - 1)

    def _table(self, table: "_Element") -> None:
        rows = []
        for row in descendants(table, "table-row"):
            cells = [" ".join(self._words(one).split()) for one in children(row, "table-cell")]
            if any(cells):
                rows.append(" | ".join(cells))
        self.paragraphs.append(OfficeParagraph(text="\n".join(rows)))

    def _words(self, of: "_Element") -> str:
        """Return an element's words with their spaces, a mark in place of each note."""
        pieces = [of.text or ""]
        waiting: list[_Element | str] = []
        _push(waiting, of)
        while waiting:
            one = waiting.pop()
            if isinstance(one, str):
                pieces.append(one)
                continue
            kind = name(one)
            if kind in _BREAKS:
                pieces.append(_BREAKS[kind])
            elif kind == "s":
                pieces.append(" ")
            elif kind == "note":
                pieces.append(self._note(one))
            elif kind not in _NOT_PRINTED and kind != "text-box":
                pieces.append((" " if kind == "p" else "") + (one.text or ""))
                _push(waiting, one)
        return "".join(pieces)

    def _note(self, note: "_Element") -> str:
        words = " ".join(line(body) or "" for body in descendants(note, "note-body")).strip()
        if not words:
            return ""
        self.notes.append(words)
        return note_mark(len(self.notes))


def _push(waiting: "list[_Element | str]", of: "_Element") -> None:
    """Lay an element's children and what stands between them on the pile, the first on top."""
    for one in reversed(of):
        waiting.append(one.tail or "")
        waiting.append(one)


reader: Reader = _OpenDocument()
