"""Markdown: what stands above the text is fields, the text is read without its markup."""

import json
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, cast

import yaml

from ingest.article import RawArticle
from ingest.errors import ReadError
from ingest.readers import Reader, ReaderInput
from ingest.readers.encoding import peek
from ingest.readers.field_names import NAMES
from ingest.readers.fields import Record, WrongField, article, check_mapping
from ingest.readers.markup import words
from ingest.readers.text import reader as plain_text
from ingest.readers.text import whole

if TYPE_CHECKING:
    from markdown_it.token import Token

_SUFFIXES = frozenset({".md", ".markdown", ".mdown", ".mkd"})
_FRONT = re.compile(
    r"(---|\+\+\+)[ \t]*\n(.*?)^(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE
)
_FIELD = re.compile(r"([\w][\w .-]{0,60}):(?:[ \t]+(.*))?$")
_PLAIN_VALUE = re.compile(
    r"^([\w][\w .-]{0,60}:[ \t]+)(?![|>\"'\[{])(\S.*?)((?<![ \t])[ \t]+#.*)?$", re.MULTILINE
)
_LONGEST_FIELDS = 200_000  # characters; more is no set of fields, and is kept as text
_SIGNS = (
    re.compile(r"^#{1,6} \S", re.MULTILINE),
    re.compile(r"\[[^\]\n]{1,200}\]\([^)\s]{1,500}\)"),
    re.compile(r"\*\*[^*\n]{1,200}\*\*"),
    re.compile(r"^> \S", re.MULTILINE),
)
# Of Hugo and Jekyll: code, not words. None is looked for beyond the start of the next.
_TEMPLATE = re.compile(r"\{\{[<%](?:(?!\{\{[<%]).)*?[>%]\}\}|\{%(?:(?!\{%).)*?%\}")
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)-")  # as Jekyll names its files
_LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


class _Markdown:
    """CommonMark with tables, fields above it as YAML or TOML writes them."""

    name = "markdown"

    def sniff(self, head: bytes, file: str) -> float:
        """Take what has fields above it, or the marks of Markdown."""
        text = (peek(head) or "").replace("\r\n", "\n")
        if plain_text.sniff(head, "") <= 0:
            return 0.0
        found = _FRONT.match(text)
        if found and any(_FIELD.match(line) for line in found.group(2).splitlines()):
            return 0.85
        signs = sum(bool(sign.search(text)) for sign in _SIGNS)
        if PurePath(file).suffix.lower() in _SUFFIXES:
            return 0.5
        return 0.3 if signs > 1 else 0.0

    def read(self, given: ReaderInput) -> Iterator[RawArticle | ReadError]:
        """Yield the one article."""
        decoded = whole(given)
        record, text = fields(decoded.text.replace("\r\n", "\n"))
        body = _MarkdownBody(text)
        mapping = check_mapping(given.mapping)
        if body.headline and not any(record.get(name) for name in NAMES["title"]):
            record["title"] = body.headline
        try:
            found = article({**record, "text": body.text}, mapping, file=given.file, where="")
        except WrongField as error:
            yield ReadError(given.file, "", str(error), "name its fields with `--map field=theirs`")
            return
        inferred = {"encoding": decoded.how} if decoded.how else {}
        day = _DAY.match(PurePath(given.file.rpartition("!")[2]).name)
        if day and not found.published:
            found = replace(found, published=day.group(1))
            inferred["date"] = "file name"
        yield replace(
            found,
            captions=(*found.captions, *body.captions),
            status="withheld" if _unpublished(record) else found.status,
            inferred=inferred,
        )


def _unpublished(record: Record) -> bool:
    draft, published = (str(record.get(name)).lower() for name in ("draft", "published"))
    return draft in {"true", "yes", "on"} or published in {"false", "no", "off"}


# --- fields above the text -------------------------------------------------------------------


def fields(text: str) -> tuple[Record, str]:
    """Part the fields that stand above a text from it; none where they cannot be read."""
    found = _FRONT.match(text)
    if not found:
        return {}, text
    fence, held = found.groups()
    if fence == "---":
        read = _yaml(held)
        return ({}, text) if read is None else (read, text[found.end() :])
    try:
        record = tomllib.loads(held)
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}, text
    return {name: _day(value) for name, value in record.items()}, text[found.end() :]


def _day(value: object) -> object:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _yaml(held: str) -> Record | None:
    """Read names and values as strings; None where that cannot be done.

    People write "title: Ferry stops: the board's word", which YAML takes for a mistake: what
    fails is read once more with such values in quotation marks.
    """
    if len(held) > _LONGEST_FIELDS:
        return None
    for written in (held, _PLAIN_VALUE.sub(_quoted, held)):
        try:
            record = yaml.load(written, Loader=_Fields)  # noqa: S506 - it makes strings alone
        except (yaml.YAMLError, RecursionError):
            continue
        if isinstance(record, dict):
            return cast("Record", _trimmed(record))
    return None


def _trimmed(value: object) -> object:
    """Return a value without the line ends that YAML keeps behind a block of text."""
    if isinstance(value, dict):
        return {str(name): _trimmed(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_trimmed(one) for one in value]
    return value.strip() if isinstance(value, str) else value


def _quoted(found: re.Match[str]) -> str:
    return f"{found[1]}{json.dumps(found[2], ensure_ascii=False)}{found[3] or ''}"


class _Fields(yaml.BaseLoader):
    """YAML whose every value is a string, a list or more fields, each standing there once.

    An alias repeats what an anchor names: a few lines of them hold more than memory does.
    """

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("an alias")
        return super().compose_node(parent, index)


# --- the text --------------------------------------------------------------------------------


class _MarkdownBody:
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
        for token in parser.parse(_TEMPLATE.sub("", markdown)):
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


reader: Reader = _Markdown()
