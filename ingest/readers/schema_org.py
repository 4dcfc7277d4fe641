"""The schema.org articles that a page carries as JSON-LD: in graphs, in lists, damaged."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from lxml.html import HtmlElement

Object = dict[str, object]

KINDS = {
    "OpinionNewsArticle": "opinion",
    "AnalysisNewsArticle": "analysis",
    "BackgroundNewsArticle": "analysis",
    "LiveBlogPosting": "live blog",
    "NewsArticle": "news",
    "ReportageNewsArticle": "news",
}
"""What schema.org's types of articles say of their kind."""

_ARTICLES = frozenset(
    [*KINDS, "Article", "BlogPosting", "ReviewNewsArticle", "SocialMediaPosting", "Report"]
)
_ORGANISATIONS = frozenset(["Organization", "NewsMediaOrganization", "Corporation"])
_MAKERS = _ORGANISATIONS | {"Person"}
_DEEP = 20  # levels of nested JSON-LD that are looked into
_LONGEST = 1_000_000  # characters of one script that are read
_BETWEEN = re.compile(r"[ \n\t\r;,]*")
_WRAPPED = re.compile(r"(?:<!--|//|/\*|<!\[CDATA\[|\]\]>|-->|\*/)\s*")
_COMMA = re.compile(r",(?=\s*[}\]])")
_FIELD = re.compile(
    r'"(headline|alternativeHeadline|description|datePublished|dateModified|articleSection'
    r'|inLanguage|url|@type)"\s*:\s*"((?:[^"\\\n]|\\.){1,2000})"'
)
_NAMES = re.compile(
    r'"(author|publisher)"\s*:\s*[\[{][^\]}]{0,400}?"name"\s*:\s*"((?:[^"\\\n]|\\.){1,200})"'
)


def articles(tree: "HtmlElement") -> Iterator[Object]:
    """Yield the articles that the page's scripts describe, the first first.

    Who wrote one may be described beside it, and be named in it by an address alone.
    """
    said = list(_scripts(tree))
    known: dict[str, Object] = {}
    for found in _within(said, _DEEP, _MAKERS):
        known.setdefault(str(found.get("@id") or ""), found)
    for found in _within(said, _DEEP, _ARTICLES):
        for name in ("author", "creator", "publisher"):
            if name in found:
                found[name] = [_described(one, known) for one in listed(found[name])]
        yield found


def _scripts(tree: "HtmlElement") -> Iterator[object]:
    for script in tree.iter("script"):
        if "ld+json" in (script.get("type") or "").lower():
            text = (script.text or "").strip()
            if len(text) <= _LONGEST:
                yield from _read(text)


def _described(value: object, known: Mapping[str, Object]) -> object:
    if isinstance(value, dict) and not value.get("name"):
        return known.get(str(value.get("@id") or "-"), value)
    return value


def _read(text: str) -> list[object]:
    """Read a script as JSON; where it is damaged, mend it or take what can be told from it."""
    for attempt in (text, _mended(text)):
        try:
            return _values(attempt)
        except (ValueError, RecursionError):
            continue
    return [_rescued(text)]


def _values(text: str) -> list[object]:
    """Read one JSON value after the other, as some pages write them."""
    decoder = json.JSONDecoder(strict=False)
    found: list[object] = []
    at = 0
    while at < len(text):
        value, at = decoder.raw_decode(text, at)
        found.append(value)
        at = cast("re.Match[str]", _BETWEEN.match(text, at)).end()
    return found


def _mended(text: str) -> str:
    start = min((at for mark in "{[" if (at := text.find(mark)) >= 0), default=0)
    if text.lstrip().startswith(("<![CDATA[", "//")):
        start = min((at for mark in "{[" if (at := text.find(mark, 10)) >= 0), default=start)
    end = max(text.rfind("}"), text.rfind("]"))
    if (closing := text.rfind("]]>")) >= 0:
        end = max(text.rfind("}", 0, closing), text.rfind("]", 0, closing))
    return _COMMA.sub("", _WRAPPED.sub("", text[start : end + 1], count=1))


def _rescued(text: str) -> Object:
    """Take the plain fields out of what is no JSON."""
    found: Object = {}
    for pattern in (_FIELD, _NAMES):
        for name, value in pattern.findall(text):
            if name not in found or (name == "@type" and found[name] not in _ARTICLES):
                found[name] = _unescaped(value)
    return found


def _unescaped(value: str) -> str:
    try:
        return str(json.loads(f'"{value}"', strict=False))
    except ValueError:
        return value


def _within(value: object, levels: int, wanted: frozenset[str]) -> Iterator[Object]:
    """Find what is of some types in lists, graphs and pages about one."""
    if levels == 0:
        return
    if isinstance(value, list):
        for item in value:
            yield from _within(item, levels - 1, wanted)
    elif isinstance(value, dict):
        if wanted.intersection(types(value)):
            yield cast("Object", value)
        for name in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _within(value.get(name), levels - 1, wanted)


def types(value: Object) -> tuple[str, ...]:
    """Return the schema.org types of an object, without the address of the vocabulary."""
    kinds = (kind for kind in listed(value.get("@type")) if isinstance(kind, str))
    return tuple(re.split(r"[/:#]", kind)[-1] for kind in kinds)


def listed(value: object) -> list[object]:
    """Return a value that may be one or several as several."""
    return value if isinstance(value, list) else [value]


def names(value: object) -> tuple[str, ...]:
    """Return the names of people or organisations, however they are given."""
    found: list[str] = []
    for item in listed(value):
        name = item.get("name") if isinstance(item, dict) else item
        found.extend(part for part in listed(name) if isinstance(part, str))
    return tuple(tidy for name in found if (tidy := " ".join(name.split())) and "://" not in name)


def organisations(value: object) -> tuple[str, ...]:
    """Return the names of those among some makers that are no people."""
    kinds = [one for one in listed(value) if isinstance(one, dict)]
    return names([one for one in kinds if _ORGANISATIONS.intersection(types(one))])


def text(value: object) -> str | None:
    """Return a value as words, if it is any."""
    return value.strip() or None if isinstance(value, str) else None


def first(value: object) -> str | None:
    """Return the first words among what may be several values."""
    items = value if isinstance(value, list | tuple) else [value]
    return next((found for item in items if (found := text(item))), None)
