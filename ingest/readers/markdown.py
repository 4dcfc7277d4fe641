"""Markdown: what stands above the text is fields, the text is read without its markup."""

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePath
from typing import cast

import yaml

from ingest.article import RawArticle
from ingest.errors import ReadError
from ingest.readers import Reader, ReaderInput
from ingest.readers.encoding import peek
from ingest.readers.field_names import NAMES
from ingest.readers.fields import Record, WrongField, article, check_mapping
from ingest.readers.markdown_text import MarkdownBody, without_wiki_links
from ingest.readers.text import reader as plain_text
from ingest.readers.text import whole

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
_DAY = re.compile(r"(\d{4}-\d\d-\d\d)-")  # as Jekyll names its files


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
        body = MarkdownBody(text)
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
    """Return a value without the line ends that YAML keeps behind a text, and wiki links' marks."""
    if isinstance(value, dict):
        return {str(name): _trimmed(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_trimmed(one) for one in value]
    return without_wiki_links(value.strip()) if isinstance(value, str) else value


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


reader: Reader = _Markdown()
