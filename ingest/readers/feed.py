"""RSS and Atom: one article an entry, its full content where the feed carries it."""

import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ingest.article import RawArticle
from ingest.clean.identity import canonical_url
from ingest.errors import LeftOut, ReadError
from ingest.readers import Reader, ReaderInput
from ingest.readers.encoding import peek
from ingest.readers.markup import MENDED, Damaged, MarkupText, element, words
from ingest.readers.record_stream import MarkedRecord, records, root

if TYPE_CHECKING:
    from feedparser import FeedParserDict

ENTRY_LIMIT = 1_000_000
"""Characters of one entry: the library that reads feeds takes seconds for so many."""

_BLOGGER_KIND = "http://schemas.google.com/g/2005#kind"
_ROOTS = frozenset({"rss", "feed", "RDF"})
_WORDPRESS = b"wordpress.org/export/"
_NAMES = r"(?:[\w.-]+:)?(?:item|entry)"
_FIRST = re.compile(rf"<{_NAMES}[\s/>]")
_START = re.compile(r"<([\w.-]+:)?(rss|feed|RDF)\b([^<>]{0,10000})>")
_SPACES = re.compile(
    r"xmlns(?::([\w.-]+))?\s*=\s*(?:\"[^\"<&]*\"|'[^'<&]*')|version\s*=\s*\"[\d.]+\""
)
# Prefixes that feeds use without saying what they mean.
_USUAL = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}


class _Feed:
    """A feed of any version of RSS or Atom."""

    name = "feed"

    def sniff(self, head: bytes, file: str) -> float:
        """Take what has the outermost element of a feed."""
        if root(head) not in _ROOTS:
            return 0.0
        return 0.5 if _WORDPRESS in head else 0.97

    def read(self, given: ReaderInput) -> Iterator[RawArticle | ReadError]:
        """Yield an article an entry; `inferred` says whether it is the content or a summary."""
        start, feed = _head(peek(given.stream.peek(65_536)) or "")
        found = False
        left_out: Counter[str] = Counter()
        for record in records(given, _NAMES):
            found = True
            if isinstance(record, ReadError):
                yield record
                continue
            where = f"line {record.line}"
            try:
                entry = _entry(given.file, record, start, feed)
            except Damaged as error:
                yield ReadError(given.file, where, str(error))
                continue
            if isinstance(entry, str):
                left_out[entry] += 1
            else:
                yield entry
        if left_out:
            yield LeftOut(given.file, left_out)
        if not found:
            yield ReadError(given.file, "", "it holds no entries")


_DUBLIN_CORE = re.compile(r"<(?:\w+:)?date>[^<]{4,40}</(?:\w+:)?date>")
"""The one date of an entry of RSS 1.0, which its parser takes for that of an update."""


_AFTER_ADDRESS = re.compile(r"\S+@\S+\s+\(([^()]{2,200})\)")
"""An author as RSS 2.0 asks for one, of which its parser cuts long top-level domains."""


def _blogger_kind(entry: "FeedParserDict") -> str | None:
    """Return what an entry of Blogger's export is that is no post; None of any other feed."""
    for tag in entry.get("tags") or ():
        if tag.get("scheme") == _BLOGGER_KIND:
            kind = str(tag.get("term") or "").rpartition("#")[2]
            return None if kind == "post" else f"{kind} of Blogger's export"
    return None


def _head(text: str) -> tuple[str, "FeedParserDict"]:
    """Return the start tag of a feed without what is no name space, and what it says of itself."""
    found = _START.search(text)
    prefix, name, attributes = (found[1] or "", found[2], found[3]) if found else ("", "rss", "")
    kept = {one[1]: one[0] for one in _SPACES.finditer(attributes)}
    usual = (f'xmlns:{one}="{at}"' for one, at in _USUAL.items() if one not in kept)
    start = f"<{prefix}{name} {' '.join((*kept.values(), *usual))}>"
    first = _FIRST.search(text)
    head = text[found.start() if found else 0 : first.start() if first else 0]
    try:
        whole, _ = element(head)
    except Damaged:
        return start, _parsed(start)["feed"]
    return start, _parsed(_written(whole))["feed"]


def _entry(file: str, record: MarkedRecord, start: str, feed: "FeedParserDict") -> RawArticle | str:
    if len(record.text) > ENTRY_LIMIT:
        raise Damaged(f"it is longer than {ENTRY_LIMIT:,} characters")
    whole, mended = element(record.text)
    entries = _parsed(f"{start}{_written(whole)}")["entries"]
    if not entries:
        raise Damaged("it is no entry that can be read")
    if kind := _blogger_kind(entries[0]):
        return kind
    found = _article(entries[0], feed)
    if found.published is None and _DUBLIN_CORE.search(record.text):
        found = replace(found, published=found.updated, updated=None)
    if not (found.text.strip() or found.title):
        raise Damaged("it has neither text nor title")
    how = {"encoding": record.how} if record.how else {}
    how |= {"markup": MENDED} if mended else {}
    return replace(
        found,
        file=file,
        where=f"line {record.line}",
        record=str(record.line),
        inferred=dict(found.inferred) | how,
    )


def _written(whole: Any) -> str:
    from lxml import etree

    return str(etree.tostring(whole, encoding="unicode", with_tail=False))


def _parsed(document: str) -> "FeedParserDict":
    import feedparser

    name = re.match(r"<([\w.:-]+)", document)
    closed = (
        document
        if document.endswith(f"</{name and name[1]}>")
        else f"{document}</{name and name[1]}>"
    )
    # A stream, never a string: of a string it would make an address and fetch it.
    return feedparser.parse(
        io.BytesIO(closed.encode("utf-8", "replace")),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,
        resolve_relative_uris=False,
    )


def _article(entry: "FeedParserDict", feed: "FeedParserDict") -> RawArticle:
    body, how = _body(entry)
    printed = _printed(body)
    source = entry.get("source") or {}
    link = _text(entry.get("link"))
    tags = [
        tag
        for one in entry.get("tags") or ()
        if (tag := _text(one.get("term"))) and one.get("scheme") != _BLOGGER_KIND
    ]
    return RawArticle(
        file="",
        text=printed.text,
        title=_printed(entry.get("title_detail") or {}).text or None,
        captions=printed.captions,
        comments_apart=True,
        outlet=_text(source.get("title")) or _text(feed.get("title")),
        authors=_authors(entry),
        published=_text(entry.get("published")),
        updated=_text(dict.get(entry, "updated")),
        url=link,
        language=_text(body.get("language")) or _text(feed.get("language")),
        section=tags[0] if len(tags) == 1 else None,
        id=_id(_text(entry.get("id")), link),
        rights=_text(entry.get("rights")) or _text(feed.get("rights")),
        inferred={"text": how} if how else {},
        metadata={"tags": tags} if len(tags) > 1 else {},
    )


def _body(entry: "FeedParserDict") -> tuple["FeedParserDict", str | None]:
    """Return the longest that the entry carries, with its kind and language, and what it is."""
    contents = [one for one in entry.get("content") or () if _text(one.get("value"))]
    summary = entry.get("summary_detail") or {}
    longest = max(contents, key=lambda one: len(one["value"]), default=None)
    said = len(_text(summary.get("value")) or "")
    if longest is None or len(longest["value"]) < said:
        return summary, "the summary that the feed gives" if said else None
    return longest, "the content that the feed gives"


def _printed(detail: "FeedParserDict") -> MarkupText:
    """Return the words of a value by what it says it is: plain text has no tags."""
    value = _text(detail.get("value")) or ""
    return MarkupText(text=value) if detail.get("type") == "text/plain" else words(value)


def _authors(entry: "FeedParserDict") -> tuple[str, ...]:
    named = [_text(one.get("name")) for one in entry.get("authors") or () if one]
    author = _text(entry.get("author"))
    if author and (found := _AFTER_ADDRESS.fullmatch(author)):
        return (found[1].strip(),)
    names = [name for name in named if name] or ([author] if author else [])
    return tuple(dict.fromkeys(names))


def _id(given: str | None, link: str | None) -> str | None:
    """Return an id that says more than the address, by which pages and entries are one."""
    same = given and link and canonical_url(given) == canonical_url(link) is not None
    return None if same else given


def _text(value: Any) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


reader: Reader = _Feed()
