"""What a web page declares about its article: schema.org, Open Graph, meta tags, its markup."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from ingest.language.normalise import fold
from ingest.readers import schema_org
from ingest.readers.bylines import is_ours
from ingest.readers.page_authors import authors_of
from ingest.readers.page_live_blog import LiveUpdate, described, is_typed
from ingest.readers.record_text import plain

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_META = {
    "published": (
        "article:published_time",
        "og:article:published_time",
        "datepublished",
        "dc.date.issued",
        "dcterms.issued",
        "dc.date",
        "parsely-pub-date",
        "sailthru.date",
        "pubdate",
        "publishdate",
    ),
    "updated": ("article:modified_time", "og:updated_time", "datemodified", "last-modified"),
    "section": ("article:section", "og:article:section", "parsely-section", "articlesection"),
    "outlet": ("og:site_name", "application-name", "dc.publisher", "copyright-holder"),
    "title": ("dc.title", "dcterms.title", "og:title", "twitter:title", "title"),
    "description": ("og:description", "description", "twitter:description", "dc.description"),
    "rights": ("dc.rights", "dcterms.rights", "copyright", "rights"),
    "url": ("og:url",),
    "language": ("og:locale", "content-language", "dc.language"),
}
_PUBLISHED = (
    "//*[@itemprop='datePublished'] | //time[@pubdate] | //time[contains(@class, 'publish')]"
)
_UPDATED = "//*[@itemprop='dateModified'] | //time[contains(@class, 'updated')]"
_MOST_DESCRIBED = 50  # articles that a page describes to machines
_LICENSED = re.compile(r"https?://(?:www\.)?creativecommons\.org/(?:licenses|publicdomain)/\S+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What the page says of its article; None where it says nothing.

    `how` says of a field that is not declared but told from the page's markup from what.
    """

    published: str | None = None
    updated: str | None = None
    section: str | None = None
    outlet: str | None = None
    authors: tuple[str, ...] = ()
    language: str | None = None
    titles: tuple[str, ...] = ()
    descriptions: tuple[str, ...] = ()
    kind: str | None = None
    rights: str | None = None
    url: str | None = None
    corrections: tuple[str, ...] = ()
    body: str | None = None
    updates: tuple[LiveUpdate, ...] = ()
    rest: dict[str, object] = field(default_factory=dict)
    how: dict[str, str] = field(default_factory=dict)


Meta = dict[str, list[str]]


def declared(tree: "HtmlElement") -> Declared:
    """Read what the page declares; schema.org goes before meta tags, these before markup."""
    meta = _meta(tree)
    found = _own(tree, meta)
    updates = described(found)
    how: dict[str, str] = {}
    outlet = schema_org.first(schema_org.names(found.get("publisher"))) or _one(meta, "outlet")
    authors, who = authors_of(tree, found, meta, outlet)
    if who:
        how["authors"] = who
    published = schema_org.text(found.get("datePublished")) or _one(meta, "published")
    updated = schema_org.text(found.get("dateModified")) or _one(meta, "updated")
    titles = [schema_org.text(found.get("headline")), *(_all(meta, "title"))]
    return Declared(
        published=published or _timed(tree, _PUBLISHED, how, "date"),
        updated=updated or _timed(tree, _UPDATED, how, "updated_at"),
        section=schema_org.first(found.get("articleSection")) or _one(meta, "section"),
        outlet=outlet,
        authors=authors,
        language=_language(found, meta, tree),
        titles=tuple(title for title in titles if title),
        descriptions=_descriptions(found, meta),
        kind=_kind(found) or ("live blog" if is_typed(tree) else None),
        rights=_rights(found, meta, tree),
        url=_url(found, meta, tree),
        corrections=_corrections(found),
        body=_body(found, updates),
        updates=updates,
        rest=_rest(found, meta),
        how=how,
    )


def _own(tree: "HtmlElement", meta: Meta) -> schema_org.Object:
    """Return the article that the page is about: of several described the one it is headed by."""
    found = list(islice(schema_org.articles(tree), _MOST_DESCRIBED))
    if len(found) > 1:
        printed = [
            " ".join(e.itertext()) for e in tree.xpath("(//h1)[position() < 4] | //head/title")
        ]
        headed = [fold(" ".join(said.split())).text for said in (*printed, *_all(meta, "title"))]
        for one in found:
            title = fold(schema_org.text(one.get("headline")) or "").text
            if title and any(said.startswith(title) for said in headed):
                return one
    return next(iter(found), {})


def _meta(tree: "HtmlElement") -> Meta:
    """Return what each name is given as; a tag may carry several names, a property goes first."""
    found: tuple[Meta, Meta] = ({}, {})
    for tag in tree.iter("meta"):
        if tag.get("itemprop") and not is_ours(tag):
            continue  # a comment's, or another article's
        named = tag.get("property")
        other = tag.get("name") or tag.get("itemprop") or tag.get("http-equiv") or ""
        content = (tag.get("content") or "").strip()
        for name in (named or other).lower().split() if content else ():
            found[not named].setdefault(name.replace("dc:", "dc."), []).append(content)
    return found[1] | found[0]


def _all(meta: Meta, what: str) -> list[str]:
    return [meta[name][0] for name in _META[what] if name in meta]


def _one(meta: Meta, what: str) -> str | None:
    return next(iter(_all(meta, what)), None)


def _timed(tree: "HtmlElement", ways: str, how: dict[str, str], name: str) -> str | None:
    """Return the moment that the page's markup gives, noting that it was found there."""
    for element in tree.xpath(ways):
        if not is_ours(element):
            continue
        given = (element.get("datetime") or element.get("content") or "").strip()
        if given:
            how[name] = "marked up in the page"
            return str(given)
    return None


def _language(found: schema_org.Object, meta: Meta, tree: "HtmlElement") -> str | None:
    said = schema_org.first(found.get("inLanguage"))
    return said or tree.get("lang") or tree.get("xml:lang") or _one(meta, "language")


def _descriptions(found: schema_org.Object, meta: Meta) -> tuple[str, ...]:
    said = [schema_org.text(found.get(n)) for n in ("alternativeHeadline", "description")]
    return tuple(dict.fromkeys(text for text in [*said, *_all(meta, "description")] if text))


def _kind(found: schema_org.Object) -> str | None:
    kinds = [schema_org.KINDS[t] for t in schema_org.types(found) if t in schema_org.KINDS]
    return min(kinds, key=lambda kind: kind == "news", default=None)


def _rights(found: schema_org.Object, meta: Meta, tree: "HtmlElement") -> str | None:
    said = schema_org.first(found.get("license")) or schema_org.first(found.get("copyrightNotice"))
    if said or (said := _one(meta, "rights")):
        return said
    links = (
        e.get("href") or "" for e in tree.iter("a", "link") if "license" in (e.get("rel") or "")
    )
    return next((link for link in links if _LICENSED.fullmatch(link)), None)


def _url(found: schema_org.Object, meta: Meta, tree: "HtmlElement") -> str | None:
    links = (e.get("href") for e in tree.iter("link") if e.get("rel") == "canonical")
    given = [*links, *_all(meta, "url"), schema_org.text(found.get("url"))]
    return next((url for url in given if url and url.strip().startswith(("http:", "https:"))), None)


def _corrections(found: schema_org.Object) -> tuple[str, ...]:
    """Return the notices that schema.org calls corrections, addresses left out."""
    said = []
    for item in schema_org.listed(found.get("correction")):
        text = item.get("text") or item.get("description") if isinstance(item, dict) else item
        if (words := schema_org.text(text)) and " " in words:
            said.append(words)
    return tuple(said)


def _body(found: schema_org.Object, updates: Sequence[LiveUpdate]) -> str | None:
    """Return the text that the page gives to machines, without markup; of a live blog its posts."""
    if updates:
        return "\n\n".join(update.printed for update in updates)
    given = schema_org.text(found.get("articleBody"))
    said = plain(given) if given else None
    return said.text if said else given


def _rest(found: schema_org.Object, meta: Meta) -> dict[str, object]:
    """Return what else is worth keeping: what it is about, and when that happens."""
    said = [k for k in schema_org.listed(found.get("keywords")) if isinstance(k, str)]
    given = said or meta.get("article:tag", []) or meta.get("keywords", [])
    tags = dict.fromkeys(tag for text in given for word in text.split(",") if (tag := word.strip()))
    about = [a for a in schema_org.listed(found.get("about")) if isinstance(a, dict)]
    dates = [a.get("startDate") for a in about] + [found.get("temporalCoverage")]
    rest = {
        "description": next(iter(_descriptions(found, meta)), None),
        "tags": list(tags),
        "event_date": next((text for date in dates if (text := schema_org.text(date))), None),
    }
    return {name: value for name, value in rest.items() if value}
