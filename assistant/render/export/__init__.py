"""What leaves for another program: Markdown, HTML, Word, CSV and references, numbered by itself."""

from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple, get_args

from assistant.render.export.conversation import ExportedTalk, ExportedTurn, talk_manuscript
from assistant.render.export.csv_table import csv_table
from assistant.render.export.manuscript import Exportable, Manuscript, manuscript
from assistant.render.export.marked_text import html_page, markdown_text
from assistant.render.export.references import bibtex, csl_json, ris
from assistant.render.export.word import word_document

__all__ = [
    "FORMATS",
    "ExportFormat",
    "Exportable",
    "ExportedFile",
    "ExportedTalk",
    "ExportedTurn",
    "export",
    "media_types",
]

ExportFormat = Literal["markdown", "html", "docx", "csv", "csl-json", "bibtex", "ris"]
FORMATS: tuple[ExportFormat, ...] = get_args(ExportFormat)


class ExportedFile(NamedTuple):
    """A file: what is in it, its media type, and what its name ends with."""

    data: bytes
    media_type: str
    suffix: str


class _Writer(NamedTuple):
    write: Callable[[Manuscript], bytes]
    media_type: str
    suffix: str


_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_WRITERS: Mapping[ExportFormat, _Writer] = {
    "markdown": _Writer(markdown_text, "text/markdown; charset=utf-8", "md"),
    "html": _Writer(html_page, "text/html; charset=utf-8", "html"),
    "docx": _Writer(word_document, _WORD, "docx"),
    "csv": _Writer(csv_table, "text/csv; charset=utf-8", "csv"),
    "csl-json": _Writer(csl_json, "application/vnd.citationstyles.csl+json", "json"),
    "bibtex": _Writer(bibtex, "application/x-bibtex; charset=utf-8", "bib"),
    "ris": _Writer(ris, "application/x-research-info-systems; charset=utf-8", "ris"),
}


def export(value: Exportable | ExportedTalk, as_: ExportFormat) -> ExportedFile:
    """Return what was found, a checked draft or a conversation as a file of another format."""
    writer = _WRITERS[as_]
    written = talk_manuscript(value) if isinstance(value, ExportedTalk) else manuscript(value)
    return ExportedFile(writer.write(written), writer.media_type, writer.suffix)


def media_types() -> list[str]:
    """Return the media types of all formats, without what stands behind them."""
    return [writer.media_type.partition(";")[0] for writer in _WRITERS.values()]
