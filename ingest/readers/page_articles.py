"""Several articles on one saved page, each as a page of its own."""

import copy
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.clean.dates import read_date
from ingest.language.normalise import fold
from ingest.readers.bylines import named_in
from ingest.readers.page_live_blog import is_live

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_SHORTEST = 200  # characters of prose in an article among several, not counting its links
_MOST = 200  # articles of one page
_HEADINGS = ("h1", "h2", "h3", "h4")
_LONGEST_LINE = 160  # characters of a line that names author and day
_SEPARATOR = re.compile(r"\s*[|•·—–]\s*|\s+-\s+|,\s+(?=\d)")
_POSTED = re.compile(
    r"^(?:(?:first\s+)?(?:published|posted|publicado|veröffentlicht|опубліковано|опубликовано)"
    r"(?:\s+(?:on|am|el))?\s*:?\s*)",
    re.IGNORECASE,
)
_MARKED = frozenset(("hentry", "h-entry"))
_TYPED = ("Article", "BlogPosting")
"""What marks an article on a page that has no element of that name: microformats, microdata."""
_ENTRY_TAGS = ("div", "section", "main", "li", "td")


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePart:
    """One article of a page that prints several: a page of its own, and who wrote it when."""

    page: "HtmlElement"
    authors: tuple[str, ...] = ()
    published: str | None = None


def articles_of(tree: "HtmlElement", titles: Sequence[str]) -> tuple[list[PagePart], int]:
    """Return the articles of a page that prints several whole ones, and how many stand beside.

    A page that declares one of them as its own prints the others beside it; the posts of a
    live blog are one article.
    """
    found = [one for one in tree.iter("article") if _is_whole(one)][: _MOST + 1]
    if not found:
        found = _entries(tree)
    if not 2 <= len(found) <= _MOST or is_live(tree, found):
        return [], 0
    headings = [_heading(one) for one in found]
    named = [_words(e) for e in tree.xpath("(//head/title)[1]")]
    declared = [fold(title).text for title in (*titles, *named)]
    said = {fold(heading).text for heading in headings if heading}
    if any(_declares(title, said) for title in declared):
        return [], len(found) - 1
    return [_part(tree, one) for one in found], 0


def _entries(tree: "HtmlElement") -> list["HtmlElement"]:
    """Return the entries of a page without articles, each marked as one and in no other."""
    marked = [one for one in tree.iter(*_ENTRY_TAGS) if _is_entry(one)]
    known = set(marked)
    return [
        one for one in marked
        if not known.intersection(one.iterancestors()) and _is_whole(one)
    ][: _MOST + 1]  # fmt: skip


def _is_entry(one: "HtmlElement") -> bool:
    classes = one.get("class")
    if classes and "entry" in classes and _MARKED.intersection(classes.split()):
        return True
    kind = one.get("itemtype")
    return bool(kind and one.get("itemscope") is not None and any(t in kind for t in _TYPED))


def _declares(title: str, headings: set[str]) -> bool:
    """Whether a title is one of the headings, or begins with one."""
    return title in headings or any(title.startswith(f"{one} ") for one in headings)


def _is_whole(one: "HtmlElement") -> bool:
    """Whether an element is an article by itself: outermost, with a heading and prose."""
    if any(above.tag in {"article", "aside", "nav", "footer"} for above in one.iterancestors()):
        return False
    return _has_prose(one) and bool(_heading(one))


def _has_prose(one: "HtmlElement") -> bool:
    prose = 0
    for p in one.iter("p"):
        if next(p.iterancestors("a"), None) is None:  # a card is one link with paragraphs in it
            prose += len(_words(p)) - sum(len(_words(a)) for a in p.iter("a"))
            if prose >= _SHORTEST:
                return True
    return False


def _heading(one: "HtmlElement") -> str:
    return next((text for e in one.iter(*_HEADINGS) if (text := _words(e))), "")


def _part(tree: "HtmlElement", one: "HtmlElement") -> PagePart:
    from lxml import html

    article = copy.deepcopy(one)
    article.tail = None
    heading = next(e for e in article.iter(*_HEADINGS) if _words(e))
    title = _words(heading)
    heading.tag = "h1"
    authors, published = _line(article)
    page = one.makeelement("html", {n: tree.get(n) for n in ("lang",) if tree.get(n)})
    head, body = page.makeelement("head"), page.makeelement("body")
    named = head.makeelement("title")
    named.text = title
    head.append(named)
    body.append(article)
    page.extend([head, body])
    # Paths look through the whole document an element is of, so that this must be one.
    whole = html.document_fromstring(html.tostring(page, encoding="unicode"))
    return PagePart(page=whole, authors=authors, published=published)


def _line(article: "HtmlElement") -> tuple[tuple[str, ...], str | None]:
    """Take the line that names author and day off the top of an article."""
    for element in list(article.iter("p", "div", "span", "address", "header")):
        text = _words(element)
        if len(text) > _LONGEST_LINE:
            if element.tag == "p":
                break
            continue
        pieces = [piece for piece in _SEPARATOR.split(text) if piece]
        days = [d for piece in pieces if read_date(d := _POSTED.sub("", piece)).day]
        authors = tuple(name for piece in pieces if (name := named_in(piece)))
        if days or authors:
            element.drop_tree()
            return authors, next(iter(days), None)
    return (), None


def _words(element: "HtmlElement") -> str:
    return " ".join("".join(element.itertext()).split())
