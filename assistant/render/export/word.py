"""An export as a Word document, its notes real footnotes.

python-docx writes no footnotes of its own: the part that holds them is made here.
"""

import io
import re
from typing import TYPE_CHECKING, Any

from assistant.render.export.manuscript import (
    Manuscript,
    ManuscriptBlock,
    ManuscriptNote,
    ManuscriptRun,
)
from ingest.language.control_characters import harmless

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

_STYLES = {
    "paragraph": "Normal",
    "quotation": "Quote",
    "heading": "Heading 2",
    "item": "List Bullet",
}
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
_NO_CHARACTER = re.compile("[\ufffe\uffff]")
_FIRST = 1
"""Word's own separators have the numbers before it."""

_SEPARATORS = (
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/>'
    "</w:r></w:p></w:footnote>"
)
_LONGEST_TITLE = 250


def word_document(written: Manuscript) -> bytes:
    """Return an export as a Word document."""
    from docx import Document

    document = Document()
    document.core_properties.author = ""
    document.core_properties.title = _words(written.title)[:_LONGEST_TITLE]
    document.add_heading(_words(written.title), level=1)
    for block in written.blocks:
        _add(document, block)
    if written.notes:
        _add_footnotes(document, written)
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def _words(text: str) -> str:
    """Return text without what XML cannot hold or a screen would obey."""
    return _NO_CHARACTER.sub("\ufffd", harmless(text))


def _add(document: "WordDocument", block: ManuscriptBlock) -> None:
    paragraph = document.add_paragraph(style=_STYLES[block.kind])
    for run in block.runs:
        _add_run(paragraph, run)


def _add_run(paragraph: Any, run: ManuscriptRun) -> None:
    words = paragraph.add_run(_words(run.text))
    words.bold = run.style == "strong" or None
    words.italic = run.style == "emphasis" or None
    for n in run.notes:
        mark = paragraph.add_run()
        mark.font.superscript = True
        mark._r.append(_element(f'<w:footnoteReference {_SPACE} w:id="{n - 1 + _FIRST}"/>'))


_SPACE = f'xmlns:w="{_W}"'


def _element(markup: str) -> Any:
    from docx.oxml import parse_xml

    return parse_xml(markup)


def _add_footnotes(document: "WordDocument", written: Manuscript) -> None:
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part
    from lxml import etree

    root = _element(f"<w:footnotes {_SPACE}>{_SEPARATORS}</w:footnotes>")
    for note in written.notes:
        root.append(_footnote(note))
    blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    part = Part(PackURI("/word/footnotes.xml"), _TYPE, blob, document.part.package)
    document.part.relate_to(part, _RELATION)


def _footnote(note: ManuscriptNote) -> Any:
    made = _element(
        f'<w:footnote {_SPACE} w:id="{note.n - 1 + _FIRST}"><w:p><w:r><w:rPr>'
        '<w:vertAlign w:val="superscript"/></w:rPr><w:footnoteRef/></w:r>'
        '<w:r><w:t xml:space="preserve"/></w:r></w:p></w:footnote>'
    )
    told = f" {note.text}" + (f" {note.url}" if note.url else "")
    made.find(f".//{{{_W}}}t").text = _words(told)
    return made
