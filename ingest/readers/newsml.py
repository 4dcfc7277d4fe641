"""NewsML-G2: news items, one or many in a message, with the status their agency gives them."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ingest.article import RawArticle
from ingest.errors import LeftOut, ReadError
from ingest.readers import Reader, ReaderInput, iptc, nitf
from ingest.readers.markup import (
    MENDED,
    Damaged,
    MarkupText,
    children,
    descendants,
    element,
    language,
    line,
    name,
    printed,
    words,
)
from ingest.readers.newsml1 import article as first_version
from ingest.readers.record_stream import MarkedRecord, records, root
from ingest.readers.record_text import plain_line, unescaped

if TYPE_CHECKING:
    from lxml.etree import _Element

_OTHERS = "packageItem|conceptItem|knowledgeItem|planningItem|catalogItem"
_NAMES = rf"(?:[\w.-]+:)?(?:newsItem|NewsItem|{_OTHERS})"
_PAGE = frozenset("html body div p article section h1 h2 h3 ul ol".split())
# What an agency's page prints around the text: subjects, times, the headline again, notes to desks.
_FURNITURE = frozenset("header footer nav".split())
_LABELLED = re.compile(
    r"(?:^|[\s_-])(?:slug(?:-?line)?|subjects?|keywords?|notepad|genre|publication-?date|urgency"
    r"|time|date|priority|editorial-?notes?|note-?to-?editors?|ed-?note|service-?line)(?:$|[\s_-])",
    re.IGNORECASE,
)
_ROOTS = frozenset({"newsMessage", "newsItem", "NewsML", *_OTHERS.split("|")})


class _NewsMl:
    """NewsML-G2 and NewsML 1: news items alone or in messages, of any number."""

    name = "newsml"

    def sniff(self, head: bytes, file: str) -> float:
        """Take what has an outermost element of NewsML."""
        return 0.98 if root(head) in _ROOTS else 0.0

    def read(self, given: ReaderInput) -> Iterator[RawArticle | ReadError]:
        """Yield an article a text item; packages, pictures, events and concepts are counted."""
        left_out: Counter[str] = Counter()
        for record in records(given, _NAMES):
            if isinstance(record, ReadError):
                yield record
                continue
            found = _read(given.file, record)
            if isinstance(found, str):
                left_out[found] += 1
            else:
                yield found
        if left_out:
            yield LeftOut(given.file, left_out)


def _read(file: str, record: MarkedRecord) -> RawArticle | ReadError | str:
    where = f"line {record.line}"
    try:
        item, mended = element(record.text)
    except Damaged as error:
        return ReadError(file, where, str(error))
    kind = name(item)
    if kind not in {"newsItem", "NewsItem"}:
        return kind
    found = first_version(item) if kind == "NewsItem" else _article(item)
    if isinstance(found, str):
        return found
    if not (found.text.strip() or found.title):
        return ReadError(file, where, "it has neither text nor headline")
    how = {"encoding": record.how} if record.how else {}
    how |= {"text": MENDED} if mended else {}
    return replace(
        found,
        file=file,
        where=where,
        record=found.id or str(record.line),
        inferred=how | dict(found.inferred),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Content:
    """What the content of an item gives: as NITF a whole article, else words alone."""

    words: MarkupText
    nitf: RawArticle | None = None


def _article(item: "_Element") -> RawArticle | str:
    """Read a news item, or say what it is where it holds no text."""
    meta = next(children(item, "itemMeta"), None)
    about = next(children(item, "contentMeta"), None)
    note = "\n".join(one for e in children(meta, "edNote") if (one := line(e))) or None
    status = _status(meta, note)
    content = _content(item)
    if not content.words.text and (kind := _kind_of_item(meta)) not in {"text", "composite"}:
        return f"{kind} item"
    inner = content.nitf or RawArticle(file="")
    headline = plain_line(_first(about, "headline") or "") or inner.title
    published, updated, how = _dates(meta, about)
    return replace(
        inner,
        text=content.words.text,
        title=headline or (_first(about, "slugline") or item.get("guid") if status else None),
        standfirst=inner.standfirst or _summary(about),
        captions=content.words.captions,
        comments_apart=True,
        outlet=_outlet(item, meta, about) or inner.outlet,
        authors=_authors(about) or inner.authors,
        published=published or inner.published,
        updated=updated,
        url=next((href for one in children(item, "link") if (href := _page(one))), None),
        language=_language(item, about) or inner.language,
        kind=iptc.kind(_codes(about, "genre")) or inner.kind,
        id=(item.get("guid") or "").strip() or None,
        embargo_until=iptc.moment(_first(meta, "embargoed")),
        rights=_rights(item) or inner.rights,
        status=status or inner.status,
        corrections=_notices(meta, note, status) or inner.corrections,
        corrects=_earlier(item) or inner.corrects,
        inferred=_told({"date": how, "embargo_until": _no_end(meta)}),
        metadata=_metadata(item, about, note),
    )


def _content(item: "_Element") -> _Content:
    """Read the first rendition that holds words."""
    for rendition in descendants(item, "inlineXML", "inlineData"):
        document = next(descendants(rendition, "nitf"), None)
        if document is not None:
            found = nitf.article(document)
            return _Content(words=MarkupText(text=found.text, captions=found.captions), nitf=found)
        said = _markup(rendition) if name(rendition) == "inlineXML" else _data(rendition)
        if said.text:
            return _Content(words=said)
    return _Content(words=MarkupText(text=""))


def _markup(rendition: "_Element") -> MarkupText:
    """Return inline XML that is XHTML; tables of results and of events have vocabularies."""
    inside = [name(one) for one in rendition]
    if not _PAGE.issuperset(inside):
        return MarkupText(text="")
    whole = unescaped(printed(rendition))
    furniture = [one for one in rendition.iter() if _is_furniture(one)]
    if not furniture:
        return whole
    for one in furniture:
        _drop(one)
    # What is nothing but a head and a foot is an item's text all the same.
    return said if (said := unescaped(printed(rendition))).text else whole


def _is_furniture(one: "_Element") -> bool:
    label = one.get("class")
    return name(one) in _FURNITURE or bool(label and _LABELLED.search(label))


def _drop(one: "_Element") -> None:
    """Take an element out; the words that follow it stay."""
    parent = one.getparent()
    if parent is None:
        return
    before = one.getprevious()
    if one.tail and before is not None:
        before.tail = (before.tail or "") + one.tail
    elif one.tail:
        parent.text = (parent.text or "") + one.tail
    parent.remove(one)


def _data(rendition: "_Element") -> MarkupText:
    """Return inline data that is text; what is written in base64 is a picture or the like."""
    kind = rendition.get("contenttype") or "text/plain"
    if rendition.get("encoding") or not (kind.startswith("text/") or "html" in kind):
        return MarkupText(text="")
    given = "".join(rendition.itertext())
    return words(given) if "html" in kind else unescaped(MarkupText(text=given.strip()))


def _kind_of_item(meta: "_Element | None") -> str:
    code = next(_codes(meta, "itemClass"), None) or "text"
    return code.rpartition(":")[2].rpartition("/")[2]


def _status(meta: "_Element | None", note: str | None) -> iptc.Status:
    """Return the item's status; an embargo that says no end is none."""
    given = next((iptc.status(code) for code in _codes(meta, "pubStatus")), None)
    return "withdrawn" if given is None and iptc.is_kill(note) else given


def _no_end(meta: "_Element | None") -> str | None:
    empty = any(line(one) is None for one in children(meta, "embargoed"))
    return "an embargo without an end was given, and is none" if empty else None


def _told(how: dict[str, str | None]) -> dict[str, str]:
    return {name: words for name, words in how.items() if words}


def _dates(
    meta: "_Element | None", about: "_Element | None"
) -> tuple[str | None, str | None, str | None]:
    """Return when it was published and updated, and how the first was told."""
    made, version = _first(about, "contentCreated"), _first(meta, "versionCreated")
    published = _first(meta, "firstCreated") or made
    updated = _first(about, "contentModified") or version
    if published is None:
        return iptc.moment(version), None, "when this version was made" if version else None
    how = None if _first(meta, "firstCreated") else "when its content was made"
    return iptc.moment(published), iptc.moment(updated if updated != published else None), how


def _outlet(item: "_Element", meta: "_Element | None", about: "_Element | None") -> str | None:
    """Return the provider's name, or whoever else is named to answer for the item."""
    rights = next(children(item, "rightsInfo"), None)
    named = [
        *(_named(one) or one.get("literal") for one in children(meta, "provider")),
        *(_named(one) for one in children(rights, "copyrightHolder")),
        *(_named(one) for one in children(about, "infoSource")),
        *(_code_name(one.get("qcode") or one.get("uri")) for one in children(meta, "provider")),
    ]
    return next((one for one in named if one), None)


def _code_name(code: str | None) -> str | None:
    return (code or "").rpartition(":")[2].strip("/").rpartition("/")[2] or None


def _authors(about: "_Element | None") -> tuple[str, ...]:
    """Return the byline, or the creators that are named."""
    bylines = [said for one in children(about, "by") if (said := line(one))]
    named = [said for one in children(about, "creator") if (said := _named(one))]
    return tuple(dict.fromkeys(bylines or named))


def _named(one: "_Element") -> str | None:
    return line(next(children(one, "name"), None))


def _summary(about: "_Element | None") -> str | None:
    found = (
        one for one in children(about, "description") if "summary" in (one.get("role") or "summary")
    )
    return line(next(found, None))


def _language(item: "_Element", about: "_Element | None") -> str | None:
    tags = [one.get("tag") for one in children(about, "language")]
    return next((str(tag) for tag in tags if tag), None) or language(item)


def _page(link: "_Element") -> str | None:
    """Return the address of the web page that a link says shows the item."""
    href = link.get("href") or ""
    shows = "html" in (link.get("contenttype") or "") and not link.get("rel", "").endswith(
        "seeAlso"
    )
    return href if shows and href.startswith(("http://", "https://")) else None


def _rights(item: "_Element") -> str | None:
    said: list[str] = []
    for info in children(item, "rightsInfo"):
        for part in children(info, "copyrightNotice", "usageTerms"):
            said += [text] if (text := line(part) or part.get("href")) else []
    return "\n".join(dict.fromkeys(said)) or None


def _notices(meta: "_Element | None", note: str | None, status: iptc.Status) -> tuple[str, ...]:
    """Return the note to editors where it, a signal or the status says what it is about."""
    signals = " ".join(code.lower() for code in _codes(meta, "signal"))
    about = "correct" in signals or "kill" in signals or status == "withdrawn"
    return (note,) if note and (about or iptc.is_notice(note)) else ()


def _earlier(item: "_Element") -> str | None:
    links = descendants(item, "link")
    found = (
        one.get("residref") or one.get("href") for one in links if iptc.is_earlier(one.get("rel"))
    )
    return next((reference for reference in found if reference), None)


def _metadata(item: "_Element", about: "_Element | None", note: str | None) -> dict[str, object]:
    found = {
        "version": item.get("version"),
        "slugline": _first(about, "slugline"),
        "urgency": _first(about, "urgency"),
        "dateline": _first(about, "dateline"),
        "subjects": [said for one in children(about, "subject") if (said := _named(one))],
        "editors' note": note,
    }
    return {key: value for key, value in found.items() if value}


def _first(of: "_Element | None", child: str) -> str | None:
    return next((said for one in children(of, child) if (said := line(one))), None)


def _codes(of: "_Element | None", child: str) -> Iterator[str]:
    found = (
        one.get("qcode") or one.get("uri") or one.get("literal") or line(one)
        for one in children(of, child)
    )
    return (code for code in found if code)


reader: Reader = _NewsMl()
