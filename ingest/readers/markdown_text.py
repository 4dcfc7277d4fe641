"""The words of Markdown, as a file or in a field of a record."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ingest.readers.markup import MarkupText, opens_at, words

if TYPE_CHECKING:
    from markdown_it.token import Token

# Of Hugo and Jekyll: code, not words. None is looked for beyond the start of the next.
_TEMPLATE = re.compile(r"\{\{[<%](?:(?!\{\{[<%]).)*?[>%]\}\}|\{%(?:(?!\{%).)*?%\}")
# Of Obsidian and wikis: what is laid in, and links, whose words may stand behind their target.
_LAID_IN = re.compile(r"!\[\[[^\[\]\n]{1,300}\]\]")
_WIKI_LINK = re.compile(r"\[\[(?:[^\[\]|\n]{1,200}\|)?([^\[\]|\n]{1,200})\]\]")
_LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_FOOTNOTE = re.compile(r"\[\^(\d{1,3})\](:[ \t]*)?")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LINKED = re.compile(r"\]\(")
_LINK = re.compile(r"\[[^\]\n]{1,200}\]\(https?://[^)\s]{1,500}\)")
_HEADING = re.compile(r"^#{1,6} [^\n#]{1,100}\n[ \t]*\n", re.MULTILINE)


def from_markdown(given: str) -> MarkupText | None:
    """Return the words of a text that has the links or the headings of Markdown; None of others."""
    linked = opens_at(_LINKED, "]", given) and _LINK.search(given)
    if not linked and not opens_at(_HEADING, "#", given):
        return None
    body = MarkdownBody(given)
    return MarkupText(text=body.text, captions=tuple(body.captions))


def without_wiki_links(markdown: str) -> str:
    """Return a text whose links as wikis write them have given their words."""
    if "[[" not in markdown:
        return markdown
    return _WIKI_LINK.sub(r"\1", _LAID_IN.sub("", markdown))


def _raised(found: re.Match[str]) -> str:
    """Write the mark of a footnote as print does, above the line."""
    return found[1].translate(_RAISED) + (" " if found[2] else "")


class MarkdownBody:
    """The words of a Markdown text, its paragraphs parted by a blank line.

    `headline` is the heading of the first level that it begins with, `captions` the words of
    its pictures.
    """

    def __init__(self, markdown: str) -> None:
        from markdown_it import MarkdownIt

        self.headline: str | None = None
        self.captions: list[str] = []
        self._blocks: list[list[str]] = []  # of each its lines: one, or the items of a list
        self._goes_on = False  # the last block is a list
        self._lists: list[int | None] = []
        self._mark = ""
        self._row: list[str] | None = None
        parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
        plain = without_wiki_links(_TEMPLATE.sub("", markdown))
        for token in parser.parse(_FOOTNOTE.sub(_raised, plain)):
            self._take(token)
        self.text = "\n\n".join("\n".join(block).strip("\n") for block in self._blocks)

    def _take(self, token: "Token") -> None:
        """Take one token in, in the order in which they stand."""
        kind = token.type
        if kind == "inline":
            self._inline(token)
        elif kind in {"fence", "code_block"}:
            self._add(token.content)
        elif kind == "html_block":
            self._add(words(token.content).text)
        elif kind == "heading_open" and token.tag == "h1" and not self._blocks:
            self.headline = ""
        elif kind in {"tr_open", "tr_close"}:
            self._add_row()
        else:
            self._list(token)

    def _list(self, token: "Token") -> None:
        if token.type == "bullet_list_open":
            self._lists.append(None)
        elif token.type == "ordered_list_open":
            self._lists.append(int(token.attrs.get("start", 1)))
        elif token.type in {"bullet_list_close", "ordered_list_close"}:
            self._lists.pop()
        elif token.type == "list_item_open":
            number = self._lists[-1]
            self._mark = "- " if number is None else f"{number}. "
            if number is not None:
                self._lists[-1] = number + 1

    def _inline(self, token: "Token") -> None:
        text = self._words(token.children or []).strip()
        if self._row is not None:
            self._row.append(text)
        elif text:
            if self.headline == "":
                self.headline = text
            self._add(text)

    def _add_row(self) -> None:
        if self._row is None:
            self._row = []
            return
        row, self._row = " | ".join(self._row), None
        self._add(row)

    def _add(self, text: str) -> None:
        """Add a block; the items of a list stay together."""
        if not text.strip():
            return
        mark, self._mark = self._mark, ""
        if mark and self._goes_on:
            self._blocks[-1].append(mark + text)
            return
        self._blocks.append([mark + text])
        self._goes_on = mark.startswith(("- ", "1"))

    def _words(self, tokens: "Sequence[Token]") -> str:
        said = []
        for token in tokens:
            if token.type in {"text", "code_inline", "text_special"}:
                said.append(token.content)
            elif token.type == "softbreak":
                said.append(" ")
            elif token.type == "hardbreak" or _LINE_BREAK.fullmatch(token.content):
                said.append("\n")
            elif token.type == "image":
                title = str(token.attrs.get("title") or "")
                self.captions += [caption for caption in [title or token.content] if caption]
        return "".join(said)
