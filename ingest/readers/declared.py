"""What a web page declares about its article: JSON-LD (schema.org), Open Graph, meta tags."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_ARTICLES = frozenset(
    "Article NewsArticle ReportageNewsArticle AnalysisNewsArticle OpinionNewsArticle "
    "BackgroundNewsArticle ReviewNewsArticle BlogPosting LiveBlogPosting".split()
)
_META = {
    "published": (
        "article:published_time",
        "og:article:published_time",
        "datepublished",
        "dc.date.issued",
        "dcterms.issued",
        "parsely-pub-date",
    ),
    "updated": ("article:modified_time", "og:updated_time", "datemodified"),
    "section": ("article:section", "parsely-section"),
    "outlet": ("og:site_name",),
    "author": ("author", "article:author", "parsely-author", "dc.creator"),
    "title": ("twitter:title", "og:title", "dc.title"),
}
_LONGEST_NAME = 80
_DEEP = 20  # levels of nested JSON-LD that are looked into

Object = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What the page says of its article; None where it says nothing."""

    published: str | None = None
    updated: str | None = None
    section: str | None = None
    outlet: str | None = None
    authors: tuple[str, ...] = ()
    language: str | None = None
    titles: tuple[str, ...] = ()


def declared(tree: "HtmlElement") -> Declared:
    """Read what the page declares; schema.org goes before meta tags."""
    found = next(_articles(tree), {})
    meta = _meta(tree)
    titles = [_text(found.get("headline")), *(meta.get(name) for name in _META["title"])]
    authors = [meta.get(name) for name in _META["author"]]
    return Declared(
        published=_text(found.get("datePublished")) or _one(meta, "published"),
        updated=_text(found.get("dateModified")) or _one(meta, "updated"),
        section=_first(found.get("articleSection")) or _one(meta, "section"),
        outlet=_first(_names(found.get("publisher"))) or _one(meta, "outlet"),
        authors=_names(found.get("author")) or _names(authors)[:1] or _marked(tree),
        language=_first(found.get("inLanguage")) or tree.get("lang") or tree.get("xml:lang"),
        titles=tuple(title for title in titles if title),
    )


def _marked(tree: "HtmlElement") -> tuple[str, ...]:
    """Return the authors that the page's markup names, without those of comments."""
    found = tree.xpath(
        "//*[@itemprop='author' or @rel='author'][not(ancestor::*[contains(@class, 'comment')])]"
    )
    names = (" ".join("".join(element.itertext()).split()) for element in found)
    return tuple(dict.fromkeys(name for name in names if 0 < len(name) <= _LONGEST_NAME))


def _meta(tree: "HtmlElement") -> dict[str, str]:
    found: dict[str, str] = {}
    for tag in tree.iter("meta"):
        name = tag.get("property") or tag.get("name") or tag.get("itemprop") or ""
        content = (tag.get("content") or "").strip()
        if content:
            found.setdefault(name.lower(), content)
    return found


def _one(meta: dict[str, str], what: str) -> str | None:
    return next((meta[name] for name in _META[what] if name in meta), None)


def _articles(tree: "HtmlElement") -> Iterator[Object]:
    for script in tree.iter("script"):
        if (script.get("type") or "").strip().lower() != "application/ld+json":
            continue
        try:
            found = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            continue  # a page's own mistake; its meta tags may still be right
        yield from _within(found, _DEEP)


def _within(value: object, levels: int) -> Iterator[Object]:
    """Find articles in lists, graphs and pages about one."""
    if levels == 0:
        return
    if isinstance(value, list):
        for item in value:
            yield from _within(item, levels - 1)
    elif isinstance(value, dict):
        kinds = value.get("@type")
        if _ARTICLES.intersection(kind for kind in _listed(kinds) if isinstance(kind, str)):
            yield cast("Object", value)
        for name in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _within(value.get(name), levels - 1)


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _names(value: object) -> tuple[str, ...]:
    """Return the names of people or organisations, however they are given."""
    found: list[str] = []
    for item in _listed(value):
        name = item.get("name") if isinstance(item, dict) else item
        found.extend(part for part in _listed(name) if isinstance(part, str))
    return tuple(name.strip() for name in found if name.strip() and "://" not in name)


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _first(value: object) -> str | None:
    items = value if isinstance(value, list | tuple) else [value]
    return next((text for item in items if (text := _text(item))), None)
