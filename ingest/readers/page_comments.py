"""Readers' comments that a web page keeps apart from its article, with their authors."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from ingest.article import RawComment
from ingest.clean.boilerplate import line_kind

if TYPE_CHECKING:
    from lxml.etree import _Element
    from lxml.html import HtmlElement

_AUTHOR = re.compile(
    r"(^|[-_\s])(author|user-?name|user|nick(name)?|commenter|fn|poster)($|[-_\s])", re.IGNORECASE
)
_SECTION = re.compile(r"comment|respon[ds]|discuss|repl(y|ies)|disqus", re.IGNORECASE)
_LONGEST_NAME = 60
_SHORTEST = 8  # words
_MOST_ELEMENTS = 20_000


def comments(found: "_Element | None", tree: "HtmlElement") -> tuple[RawComment, ...]:
    """Return the comments that an extractor found, authors looked up in the page."""
    texts = list(_texts(found))
    if not texts:
        return ()
    authors = _authors(tree, set(texts))
    grouped: list[tuple[int, str | None, list[str]]] = []
    for text in texts:
        order, author = authors.get(text, (0, None))
        if text == author:
            continue  # the name itself, taken for a comment
        if grouped and order and grouped[-1][0] == order:
            grouped[-1][2].append(text)
        else:
            grouped.append((order, author, [text]))
    return tuple(
        RawComment(text="\n\n".join(paragraphs), author=author)
        for _, author, paragraphs in grouped
        if author or _says_something(paragraphs[0])
    )


def _says_something(text: str) -> bool:
    """Whether a text without a name is a comment and not a prompt to write or sign in."""
    return len(text.split()) >= _SHORTEST and line_kind(text) == "body"


def _texts(found: "_Element | None") -> Iterator[str]:
    for element in () if found is None else found:
        text = _words("".join(element.itertext()))
        if text and element.tag != "head":
            yield text


def _authors(tree: "HtmlElement", texts: set[str]) -> dict[str, tuple[int, str | None]]:
    """Walk the page's comment sections; each text belongs to the name that came last."""
    found: dict[str, tuple[int, str | None]] = {}
    author: str | None = None
    order = 0
    for element in islice(_sections(tree), _MOST_ELEMENTS):
        text = _words("".join(element.itertext()))
        if _names_author(element) and 0 < len(text) <= _LONGEST_NAME:
            author, order = text, order + 1
        elif text in texts:
            found.setdefault(text, (order, author))
    return found


def _sections(tree: "HtmlElement") -> "Iterator[HtmlElement]":
    """Yield the elements of the outermost comment sections, in document order."""
    inside: set[object] = set()
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        if element.getparent() in inside or (
            element.tag != "body" and _SECTION.search(_labels(element))
        ):
            inside.add(element)
            yield element


def _names_author(element: "HtmlElement") -> bool:
    if element.get("itemprop") in {"author", "creator"}:
        return True
    return bool(_AUTHOR.search(_labels(element)))


def _labels(element: "HtmlElement") -> str:
    return f"{element.get('id') or ''} {element.get('class') or ''}"


def _words(text: str) -> str:
    return " ".join(text.split())
