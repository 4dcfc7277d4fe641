"""ninjs: news in JSON, any version, alone, in a list, a line each, or in an API's answer."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from ingest.article import RawArticle
from ingest.clean.identity import web_address
from ingest.errors import LeftOut, ReadError
from ingest.readers import Reader, ReaderInput, iptc, nitf
from ingest.readers.encoding import peek
from ingest.readers.fields import Record
from ingest.readers.jsonlines import records
from ingest.readers.markup import Damaged, MarkupText, element, words
from ingest.readers.record_text import plain_line, unescaped

_OURS = re.compile(
    r'"(?:\$?standard"\s*:\s*\{\s*"name"\s*:\s*"\w*ninjs"|pubstatus"|versioncreated"|body_xhtml"'
    r'|body_text"|description_text"|representationtype"|bodies"\s*:\s*\[|headlines"\s*:\s*\[|eventdetails")',
    re.IGNORECASE,
)
_URI = re.compile(r'"(?:uri|guid)"\s*:\s*"')
_TEXTS = frozenset({"text", "composite"})
_WRAPPERS = (
    "items", "item", "_items", "data", "results", "result", "contentitem", "hits", "_source",
    "response", "docs", "articles", "news", "newsitems", "contents", "feed",
)  # fmt: skip
_DEEP = 20  # levels of lists and wrappers


class _Ninjs:
    """News items in JSON, as the IPTC's ninjs has them."""

    name = "ninjs"

    def sniff(self, head: bytes, file: str) -> float:
        """Take JSON that has the names of ninjs near its start."""
        text = (peek(head) or "").lstrip()
        is_ours = text.startswith(("{", "[")) and _URI.search(text) and _OURS.search(text)
        return 0.95 if is_ours else 0.0

    def read(self, given: ReaderInput) -> Iterator[RawArticle | ReadError]:
        """Yield an article a text item; pictures, events and the like are counted."""
        left_out: Counter[str] = Counter()
        for where, record in records(given):
            if isinstance(record, ReadError):
                yield record
                continue
            for number, item in enumerate(_items(record, _DEEP), 1):
                found = _article(item)
                place = where if number == 1 else f"{where}, item {number}"
                if isinstance(found, str):
                    left_out[found] += 1
                elif found.text.strip() or found.title:
                    yield replace(found, file=given.file, where=place, record=place)
                else:
                    yield ReadError(given.file, place, "it has neither body nor headline")
        if left_out:
            yield LeftOut(given.file, left_out)


def _items(record: object, levels: int) -> Iterator[Record]:
    """Yield the news items of a record: itself, or those that an API's answer wraps."""
    if isinstance(record, list):
        for one in record if levels else ():
            yield from _items(one, levels - 1)
    elif isinstance(record, dict):
        item = {str(name).lower(): value for name, value in record.items()}
        wrapped = [item[name] for name in _WRAPPERS if isinstance(item.get(name), dict | list)]
        if "uri" in item or "guid" in item or not wrapped:
            yield item
        else:
            yield from _items(wrapped, levels - 1)


def _article(item: Record) -> RawArticle | str:
    body, inner = _body(item)
    kind = _text(item.get("type")) or ("event" if "eventdetails" in item else "text")
    note = _text(item.get("ednote"))
    status = iptc.status(_text(item.get("pubstatus")))
    status = status or ("withdrawn" if iptc.is_kill(note) else None)
    if kind not in _TEXTS or ("eventdetails" in item and not body.text):
        return f"{kind if kind not in _TEXTS else 'event'} item"
    uri = _text(item.get("uri")) or _text(item.get("guid"))
    dates = ("firstpublished", "firstcreated", "contentcreated")
    created = next((day for name in dates if (day := _text(item.get(name)))), None)
    version = _text(item.get("versioncreated"))
    headline = plain_line(_labelled(item, "headline", "main") or _text(item.get("title")) or "")
    return RawArticle(
        file="",
        text=body.text,
        title=headline or (_text(item.get("slugline")) or uri if status else None),
        standfirst=_standfirst(item),
        captions=(*body.captions, *_captions(item)),
        comments_apart=True,
        outlet=_outlet(item) or inner.outlet,
        authors=_authors(item) or inner.authors,
        published=iptc.moment(created or version),
        updated=iptc.moment(version) if created and version != created else None,
        url=uri if uri and web_address(uri) else None,
        language=_text(item.get("language")),
        kind=iptc.kind(name for one in _objects(item, "genre") for name in _names(one)),
        id=uri,
        embargo_until=iptc.moment(_text(item.get("embargoed"))),
        rights=_rights(item),
        status=status,
        corrections=(note,) if note and (iptc.is_notice(note) or status == "withdrawn") else (),
        corrects=_earlier(item),
        inferred={"date": "when this version was made"} if version and not created else {},
        metadata=_metadata(item),
    )


def _body(item: Record) -> tuple[MarkupText, RawArticle]:
    """Return the words of the best body: HTML, else plain text, else NITF."""
    given = [(_kind(one), _text(one.get("value"))) for one in _objects(item, "body")]
    given += [("html", _text(item.get(name))) for name in ("body_xhtml", "body_html")]
    given += [("plain", _text(item.get("body_text")))]
    found = {kind: value for kind, value in reversed(given) if value}
    inner = RawArticle(file="")
    if "html" in found and (said := words(found["html"])).text:
        return said, inner
    if "plain" in found:
        return unescaped(MarkupText(text=found["plain"])), inner
    if "nitf" in found:
        try:
            document, _ = element(found["nitf"][max(0, found["nitf"].find("<nitf")) :])
        except Damaged:
            return MarkupText(text=""), inner
        inner = nitf.article(document)
        return MarkupText(text=inner.text, captions=inner.captions), inner
    return MarkupText(text=""), inner


def _kind(body: Record) -> str:
    said = f"{body.get('contenttype')} {body.get('role')}".lower()
    if "html" in said:
        return "html"
    if "nitf" in said or "xml" in said:
        return "nitf" if "ttnitf" not in said else "unknown"
    return "plain"


def _standfirst(item: Record) -> str | None:
    """Return the summary; a body that prints it already is told by whoever puts them together."""
    given = _labelled(item, "description", "text", "summary", "lead")
    return words(given).text or None if given else None


def _labelled(item: Record, field: str, *roles: str) -> str | None:
    """Return a field in the form of any version: one string, or a list of which one has a role."""
    listed = _objects(item, field)
    ranked = [one for role in roles for one in listed if str(one.get("role")).lower() == role]
    ranked += [one for one in listed if not one.get("role")]
    values = [_text(one.get("value")) for one in ranked]
    values += [_text(item.get(field)), _text(item.get(f"{field}_text"))]
    return next((value for value in values if value), None)


def _captions(item: Record) -> Iterator[str]:
    """Yield what stands under the pictures that come with the item."""
    for one in _objects(item, "association"):
        if _text(one.get("type")) in {"picture", "graphic", "video"}:
            said = _labelled(one, "description", "caption", "text")
            if said and (caption := words(said).text):
                yield caption


def _outlet(item: Record) -> str | None:
    named = [_text(item.get("copyrightholder"))]
    named += [_text(one.get("name")) for one in _objects(item, "infosource")]
    named += [_text(item.get("source")), _text(item.get("provider"))]
    named += [_text(one.get("name")) for one in _objects(item, "provider")]
    return next((name for name in named if name), None)


def _authors(item: Record) -> tuple[str, ...]:
    byline = _text(item.get("by")) or _text(item.get("byline"))
    people = [_text(one.get("name")) for one in _objects(item, "person") if _wrote(one)]
    people += [_text(one.get("name")) for one in _objects(item, "author")]
    return (byline,) if byline else tuple(name for name in people if name)


def _wrote(person: Record) -> bool:
    return str(person.get("rel")).lower() in {"author", "creator", "byline"}


def _rights(item: Record) -> str | None:
    said = [_text(item.get("copyrightnotice")), _text(item.get("usageterms"))]
    return "\n".join(one for one in said if one) or None


def _earlier(item: Record) -> str | None:
    linked = [*_objects(item, "association"), *_objects(item, "link")]
    found = (
        _text(one.get("uri")) or _text(one.get("href"))
        for one in linked
        if iptc.is_earlier(_text(one.get("rel")) or _text(one.get("name")))
    )
    return next((uri for uri in found if uri), None)


def _metadata(item: Record) -> dict[str, object]:
    kept = ("version", "slugline", "urgency", "located", "expires", "profile", "ednote")
    found = {name: item[name] for name in kept if item.get(name) not in (None, "")}
    subjects = [name for one in _objects(item, "subject") if (name := _text(one.get("name")))]
    return found | ({"subjects": subjects} if subjects else {})


def _objects(item: Record, field: str) -> list[Record]:
    """Return the objects of a field under its singular and its plural name, names lower-cased.

    Version 1 has associations as an object of named ones, later versions as a list.
    """
    plurals = {"person": "people", "body": "bodies"}
    found: list[Record] = []
    for name in (plurals.get(field, f"{field}s"), field):
        value = item.get(name)
        if isinstance(value, dict):
            value = [
                {"name": key, **one} for key, one in value.items() if isinstance(one, dict)
            ] or [value]
        found += [
            {str(key).lower(): held for key, held in one.items()}
            for one in (value if isinstance(value, list) else ())
            if isinstance(one, dict)
        ]
    return found


def _names(one: Record) -> tuple[str | None, ...]:
    return _text(one.get("name")), _text(one.get("literal")), _text(one.get("uri"))


def _text(value: object) -> str | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return value.strip() or None if isinstance(value, str) else None


reader: Reader = _Ninjs()
