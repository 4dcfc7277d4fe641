"""Word documents (DOCX): headings, paragraphs, lists, tables, notes; nothing that was deleted."""

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
    member_names,
    note_mark,
    package,
)

if TYPE_CHECKING:
    from lxml.etree import _Element

_BODY = "word/document.xml"
_OFFICE = ("[Content_Types].xml", "_rels/.rels", "docProps/", "word/")
_NOT_PRINTED = frozenset("moveFrom del Fallback instrText delText rPr pPr sectPr object".split())
_BREAKS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}
_DEEPEST = 40  # tables in tables


class _WordDocument:
    """Documents of Word and of what writes like it."""

    name = "docx"

    def sniff(self, head: bytes, file: str) -> float:
        """Take a packed file that shows parts of a Word document."""
        names = member_names(head) if head.startswith(b"PK\x03\x04") else []
        if _BODY in names:
            return 0.98
        return 0.5 if names and names[0].startswith(_OFFICE) else 0.0

    def read(self, given: ReaderInput) -> Iterator[RawArticle | ReadError]:
        """Yield the article, or those that a press database put together."""
        with package(given) as opened:
            if _BODY not in opened.names:
                why = "it is packed like an office document, but holds no text of Word"
                raise ReadError(given.file, "", why, "save it as DOCX, or its tables as CSV")
            yield from articles(_document(opened), given.file)


def _document(opened: OfficePackage) -> OfficeDocument:
    root, mended = opened.tree(_BODY)
    properties, _ = opened.tree("docProps/core.xml")
    notes = _Notes(opened)
    printer = _WordPrinter(_styles(opened), notes)
    for body in children(root, "body"):
        printer.add(body, _DEEPEST)
    about = {name(one): line(one) for one in properties} if properties is not None else {}
    return OfficeDocument(
        paragraphs=tuple(printer.paragraphs),
        notes=tuple(notes.told),
        title=about.get("title"),
        author=about.get("creator"),
        made=about.get("created"),
        language=about.get("language"),
        inferred={"text": MENDED} if mended else {},
    )


def _attribute(one: "_Element | None", attribute: str) -> str | None:
    if one is None:
        return None
    return next((str(v) for k, v in one.items() if str(k).rpartition("}")[2] == attribute), None)


def _styles(opened: OfficePackage) -> dict[str, str]:
    """Return by its id what each style is; ids are in the program's language, names are not."""
    root, _ = opened.tree("word/styles.xml")
    found = {}
    for style in children(root, "style"):
        called = (_attribute(next(children(style, "name"), None), "val") or "").lower()
        kind = called if called in {"title", "subtitle", "caption"} else ""
        kind = "heading" if called.startswith("heading ") else kind
        if kind:
            found[_attribute(style, "styleId") or ""] = kind
    return found


class _Notes:
    """The footnotes and endnotes, numbered as the text comes to them."""

    def __init__(self, opened: OfficePackage) -> None:
        self.told: list[str] = []
        self._texts: dict[tuple[str, str], str] = {}
        for kind in ("footnote", "endnote"):
            root, _ = opened.tree(f"word/{kind}s.xml")
            for one in children(root, kind):
                words = " ".join(_words(p, self).strip() for p in descendants(one, "p"))
                self._texts[kind, _attribute(one, "id") or ""] = words.strip()

    def mark(self, reference: "_Element") -> str:
        """Return the mark of a reference, and keep the words of its note."""
        kind = name(reference).removesuffix("Reference")
        words = self._texts.get((kind, _attribute(reference, "id") or ""))
        if not words:
            return ""
        self.told.append(words)
        return note_mark(len(self.told))


class _WordPrinter:
    """Collects the paragraphs of a body, its tables row by row."""

    def __init__(self, styles: dict[str, str], notes: _Notes) -> None:
        self.paragraphs: list[OfficeParagraph] = []
        self._styles = styles
        self._notes = notes

    def add(self, of: "_Element", levels: int) -> None:
        """Add what stands in an element."""
        for one in of if levels else ():
            kind = name(one)
            if kind == "p":
                self._paragraph(one, levels)
            elif kind == "tbl":
                self._table(one)
            elif kind in {"sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"}:
                self.add(one, levels - 1)

    def _paragraph(self, one: "_Element", levels: int) -> None:
        style = next(descendants(next(children(one, "pPr"), None), "pStyle"), None)
        kind = self._styles.get(_attribute(style, "val") or "", "")
        numbers = descendants(next(children(one, "pPr"), None), "numId")
        listed = any(_attribute(number, "val") != "0" for number in numbers)
        text = _words(one, self._notes)
        mark = "- " if listed and kind == "" and text.strip() else ""
        self.paragraphs.append(OfficeParagraph(text=mark + text.strip(), style=kind))
        for box in _boxes(one):
            self.add(box, levels - 1)

    def _table(self, table: "_Element") -> None:
        rows = []
        for row in descendants(table, "tr"):
            cells = [" ".join(_words(cell, self._notes).split()) for cell in children(row, "tc")]
            if any(cells):
                rows.append(" | ".join(cells))
        self.paragraphs.append(OfficeParagraph(text="\n".join(rows)))


def _boxes(paragraph: "_Element") -> Iterator["_Element"]:
    """Yield the text boxes that hang on a paragraph, each once."""
    for one in descendants(paragraph, "txbxContent"):
        above = {name(parent) for parent in one.iterancestors()}
        if "Fallback" not in above:
            yield one


def _words(of: "_Element", notes: _Notes) -> str:
    """Return the printed words of an element, without what was deleted or is hidden."""
    pieces: list[str] = []
    waiting = [*reversed(of)]
    while waiting:
        one = waiting.pop()
        kind = name(one)
        if kind == "t":
            pieces.append(one.text or "")
        elif kind in _BREAKS:
            pieces.append(_BREAKS[kind])
        elif kind in {"footnoteReference", "endnoteReference"}:
            pieces.append(notes.mark(one))
        elif kind not in _NOT_PRINTED and kind != "txbxContent" and not _is_hidden(one, kind):
            waiting.extend(reversed(one))
            pieces.append(" " if kind in {"p", "tc"} and pieces else "")
    return "".join(pieces)


def _is_hidden(run: "_Element", kind: str) -> bool:
    if kind != "r":
        return False
    vanish = next(descendants(next(children(run, "rPr"), None), "vanish"), None)
    return vanish is not None and _attribute(vanish, "val") not in {"0", "false"}


reader: Reader = _WordDocument()
