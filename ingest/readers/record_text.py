"""The text of records: the words of HTML in a field, and records that have a title and no text."""

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from ingest.article import RawArticle
from ingest.errors import ReadError
from ingest.readers.markdown_text import from_markdown
from ingest.readers.markup import MarkupText, opens_at, words

_INLINE = "a|abbr|b|cite|code|del|em|font|i|ins|mark|q|s|small|span|strike|strong|sub|sup|u"
_BLOCK = (
    "address|article|aside|blockquote|center|dd|div|dl|dt|figcaption|figure|footer|h[1-6]|header"
    "|html|body|iframe|li|main|nav|ol|p|pre|section|script|style|table|tbody|td|th|thead|tr|ul"
)
_BLOCKS = re.compile(rf"</(?:{_BLOCK})\s*>|<(?:br|hr)\s*/?>|<p(?:\s[^<>]*)?>", re.IGNORECASE)
_TAG = re.compile(rf"</(?:{_INLINE})\s*>|<img\s[^<>]*>", re.IGNORECASE)
_ESCAPED = re.compile(rf"&lt;(?:/(?:{_BLOCK}|{_INLINE})|br\s*/?|p)\s*&gt;", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{2,7}|#[xX][0-9a-fA-F]{2,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n\s*")
HOW = "words of its HTML"
"""What `inferred` says of a text that stood in a field as HTML."""

MARKDOWN = "words of its Markdown"

LIST = "list"
"""What `inferred` calls the list within a record that articles were found in: "data[]"."""

_DEEP = 6  # levels of nested fields that are looked into for a text
_NAMES = 500  # fields that are told apart
_SHORTEST, _WORDS = 60, 8  # characters and words that a field holds on average to be a text


def plain(given: str) -> MarkupText | None:
    """Return the words of a text that is HTML or escaped; None where it is neither."""
    if "<" not in given and "&" not in given:
        return None
    text = html.unescape(given) if _has_escaped_tag(given) else given
    if "<" in text and _BLOCKS.search(text):
        return words(text)
    if "<" in text and _TAG.search(text):  # its paragraphs stand on lines of their own
        return words(_BLANK_LINE.sub("<p>", text.strip()).replace("\n", "<br>"))
    if text is not given or opens_at(_ENTITY, "&", text):
        return MarkupText(text=_unescaped(text))
    return None


def _has_escaped_tag(given: str) -> bool:
    return opens_at(_ESCAPED, "&", given)


def unescaped(said: MarkupText) -> MarkupText:
    """Return the words of a text that is markup itself: escaped, or in a CDATA section."""
    found = plain(said.text)
    return (
        MarkupText(text=found.text, captions=(*said.captions, *found.captions)) if found else said
    )


def plain_line(given: str) -> str:
    """Return a field of one line without markup and entities."""
    said = plain(given)
    return " ".join(said.text.split()) if said else given


def _unescaped(text: str) -> str:
    once = html.unescape(text)
    return (html.unescape(once) if _ENTITY.search(once) else once).replace("\u00ad", "")


def of_records(
    file: str, found: Iterable[RawArticle | ReadError]
) -> Iterator[RawArticle | ReadError]:
    """Yield the articles with their words alone; what has a title and no text is told, once.

    Nothing is guessed: the longest field of what has no text is proposed, not taken.
    """
    without = _WithoutText(file)
    for one in found:
        if isinstance(one, ReadError):
            yield one
        elif without.has_text(read := _unmarked(one)):
            yield read
    yield from without.told()


def _unmarked(raw: RawArticle) -> RawArticle:
    text, how = plain(raw.text), None
    if text is not None:
        how = HOW if _is_markup(raw.text) else None
    elif text := from_markdown(raw.text):
        how = MARKDOWN
    title = plain_line(raw.title) if raw.title else raw.title
    standfirst = plain(raw.standfirst) if raw.standfirst else None
    if text is None and title == raw.title and standfirst is None:
        return raw
    return replace(
        raw,
        text=text.text if text else raw.text,
        title=title,
        standfirst=standfirst.text if standfirst else raw.standfirst,
        captions=(*raw.captions, *text.captions) if text else raw.captions,
        inferred=dict(raw.inferred) | ({"text": how} if text and how else {}),
    )


def _is_markup(text: str) -> bool:
    tagged = "<" in text and (_BLOCKS.search(text) or _TAG.search(text))
    return bool(tagged) or _has_escaped_tag(text)


class _WithoutText:
    """Counts the records of a file that have a title and no text, and how long their fields are."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._count = 0
        self._first = ""
        self._lengths: Counter[str] = Counter()
        self._words: Counter[str] = Counter()

    def has_text(self, raw: RawArticle) -> bool:
        """Whether a record says more than its title; note it where it does not."""
        if raw.text.strip() or raw.standfirst or raw.captions or raw.comments or raw.corrections:
            return True
        self._count += 1
        self._first = self._first or raw.where
        for path, value in _texts(raw.metadata, raw.inferred.get(LIST, ""), _DEEP):
            if path in self._lengths or len(self._lengths) < _NAMES:
                self._lengths[path] += len(value)
                self._words[path] += len(value.split())
        return False

    def told(self) -> Iterator[ReadError]:
        """Say how many there were, and which of their fields looks like the text."""
        if not self._count:
            return
        records = "1 record has" if self._count == 1 else f"{self._count:,} records have"
        why = f"{records} a title and no text (the first: {self._first})"
        if longest := self._longest():
            whose = "its" if self._count == 1 else "their"
            why += f"; {whose} longest field is {longest!r}: `--map text={longest}`"
        yield ReadError(self._file, "", why)

    def _longest(self) -> str | None:
        """Name the longest field that is long enough, and has words enough, to be a text."""
        for path, length in self._lengths.most_common():
            if length < _SHORTEST * self._count:
                return None
            if self._words[path] >= _WORDS * self._count:
                return path
        return None


def longest_field(record: Mapping[str, object]) -> str | None:
    """Return the path of the field of a record that holds the most words, as `--map` names it."""
    lengths = Counter[str]()
    for path, value in _texts(record, "", 2 * _DEEP):
        if len(value) >= _SHORTEST and len(value.split()) >= _WORDS:
            lengths[path] += len(value)
    return max(lengths, key=lambda path: lengths[path], default=None)


def _texts(value: object, path: str, levels: int) -> Iterator[tuple[str, str]]:
    """Yield the strings of a record with their dotted paths."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping) and levels:
        for name, held in value.items():
            yield from _texts(held, f"{path}.{name}" if path else str(name), levels - 1)
    elif isinstance(value, list) and levels:
        for held in value[:3]:
            inner = path if isinstance(held, str) else f"{path}[]"
            yield from _texts(held, inner, levels - 1)
