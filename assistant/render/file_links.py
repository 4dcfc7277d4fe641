"""What can be fetched as a file, and the links to it."""

from collections.abc import Mapping
from html import escape

from assistant.render.export import ExportFormat

TALK_FILES: Mapping[ExportFormat, str] = {"docx": "Word", "markdown": "Markdown", "html": "HTML"}
"""The formats that a conversation leaves in, and what they are called."""

ANSWER_FILES: Mapping[ExportFormat, str] = {
    **TALK_FILES,
    "csl-json": "CSL-JSON",
    "bibtex": "BibTeX",
    "ris": "RIS",
}
"""Those of an answer: its references too."""


def file_links(address: str, forms: Mapping[ExportFormat, str]) -> str:
    """Return a list of links under an address, one for each format."""
    rows = "".join(
        f'<li><a href="{escape(address)}/as/{form}" download>{escape(told)}</a></li>'
        for form, told in forms.items()
    )
    return f"<ul>{rows}</ul>"
