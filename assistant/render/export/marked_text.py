"""An export as Markdown with footnotes, and as a page of HTML that needs nothing else."""

import html
import re

from assistant.render.export.manuscript import (
    Manuscript,
    ManuscriptBlock,
    ManuscriptNote,
    ManuscriptRun,
)
from assistant.render.footnotes import as_markdown, markdown_link
from ingest.language.control_characters import harmless

_URL = re.compile(r"https?://\S+", re.IGNORECASE)
_SIGN = {"plain": "", "strong": "**", "emphasis": "*"}
_TAG = {"plain": "", "strong": "strong", "emphasis": "em"}
_OPENS = {"paragraph": "", "quotation": "> ", "heading": "## ", "item": "- "}

_STYLE = """
:root{color-scheme:light dark;--ink:#1d1b18;--soft:#5f594f;--paper:#fbf9f4;--rule:#d9d3c6}
@media (prefers-color-scheme:dark){:root{--ink:#ece7dc;--soft:#aba393;--paper:#161513;
--rule:#3a362f}}
body{margin:0 auto;max-width:44rem;padding:1.5rem 1.2rem 3rem;background:var(--paper);
color:var(--ink);font:17px/1.6 Georgia,"Times New Roman",serif;overflow-wrap:anywhere}
h1{font-size:1.5rem;line-height:1.3}blockquote{margin:1rem 0;padding-left:1rem;
border-left:3px solid var(--rule)}
ol,.table{font:14px/1.5 system-ui,sans-serif;color:var(--soft)}
hr{border:0;border-top:1px solid var(--rule);margin:2rem 0 1rem}
a{color:inherit}sup a{text-decoration:none;padding:0 .1em}
@media print{:root{--paper:#fff;--ink:#000;--soft:#333}body{max-width:none;padding:0}}
"""


def markdown_text(written: Manuscript) -> bytes:
    """Return an export as Markdown; the names of its footnotes are its own."""
    blocks = [f"# {as_markdown(written.title)}"]
    blocks += [_markdown_block(one, written.label) for one in written.blocks]
    blocks += [_markdown_note(one, written.label) for one in written.notes]
    text = "\n\n".join(block for block in blocks if block) + "\n"
    return text.encode("utf-8", "replace")


def _markdown_block(block: ManuscriptBlock, label: str) -> str:
    text = ""
    for run in block.runs:
        words = as_markdown(run.text, keep_ends=True)
        if not text:
            words = words.lstrip()
        bare, sign = words.strip(), _SIGN[run.style]
        marked = words.replace(bare, f"{sign}{bare}{sign}", 1) if sign and bare else words
        text += marked + "".join(f"[^{label}-{n}]" for n in run.notes)
    return _OPENS[block.kind] + text.rstrip() if text.strip() else ""


def _markdown_note(note: ManuscriptNote, label: str) -> str:
    link = f" {markdown_link(note.url)}" if note.url else ""
    return f"[^{label}-{note.n}]: {as_markdown(note.text)}{link}"


def html_page(written: Manuscript) -> bytes:
    """Return an export as a page; the names of its anchors are its own."""
    label, title = written.label, _text(written.title)
    blocks = "".join(_html_block(one, label) for one in written.blocks)
    notes = "".join(_html_note(one, label) for one in written.notes)
    foot = f"<hr><ol>{notes}</ol>" if notes else ""
    page = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{title}</title><style>{_STYLE}</style></head><body><h1>{title}</h1>"
        f"{blocks}{foot}</body></html>\n"
    )
    return page.encode("utf-8", "replace")


def _html_block(block: ManuscriptBlock, label: str) -> str:
    words = "".join(_html_run(run, label) for run in block.runs)
    if not words.strip():
        return ""
    if block.kind == "quotation":
        return f'<blockquote dir="auto">{words}</blockquote>'
    if block.kind == "heading":
        return f"<h2>{words}</h2>"
    dash = "– " if block.kind == "item" else ""
    return f'<p dir="auto">{dash}{words}</p>'


def _html_run(run: ManuscriptRun, label: str) -> str:
    tag, words = _TAG[run.style], _text(run.text)
    marked = f"<{tag}>{words}</{tag}>" if tag and words.strip() else words
    return marked + "".join(
        f'<sup><a href="#{label}-{n}" id="{label}-from-{n}">{n}</a></sup>' for n in run.notes
    )


def _html_note(note: ManuscriptNote, label: str) -> str:
    link = ""
    if note.url and _URL.fullmatch(note.url):
        address = html.escape(note.url)
        link = f' <a href="{address}" rel="noopener noreferrer">{address}</a>'
    return f'<li id="{label}-{note.n}" value="{note.n}">{_text(note.text)}{link}</li>'


def _text(text: str) -> str:
    return html.escape(harmless(text))
