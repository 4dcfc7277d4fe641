"""Footnotes of a page, and an editor's comments in one: told by marks that link to and fro.

Google Docs, Word, LibreOffice, Pandoc, Hugo, WordPress and Substack write them so.
"""

import re
from typing import TYPE_CHECKING

from ingest.readers.office import note_mark

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_MARK = re.compile(
    r"#_?(?:user-content-)?(?:(?P<comment>cmnt|msocom|annot)"
    r"|(?:sd)?(?:ftnt|ftn|edn|fn|footnote|endnote))[-_:.]?\d+(?!anc)\w{0,9}",
    re.IGNORECASE,
)
_BLOCKS = frozenset("p li div aside dd td section".split())
_RAISED_BY = frozenset(("sup", "span", "small"))
_MOST = 2_000  # marks of one page


def take_notes(tree: "HtmlElement") -> list[str]:
    """Take footnotes and comments out of a page; return the footnotes, each behind its mark.

    A mark in the text becomes a raised number; that of a comment goes.
    """
    marks = [
        (one, found[0], found["comment"])
        for one in tree.iter("a")
        if (found := _MARK.fullmatch(one.get("href") or ""))
    ][:_MOST]
    if not marks:
        return []
    places = _places(tree)
    notes: list[str] = []
    numbers: dict[str, int] = {}
    for mark, href, is_comment in marks:
        block = _block(places.get(href[1:]), mark)
        if href not in numbers and block is not None:
            words = _words(block)
            block.drop_tree()
            numbers[href] = 0 if is_comment else len(notes) + 1
            notes += [] if is_comment else [f"{note_mark(len(notes) + 1)} {words}"]
        if href in numbers:
            _replace(mark, note_mark(numbers[href]) if numbers[href] else "")
    return notes


def _places(tree: "HtmlElement") -> dict[str, "HtmlElement"]:
    found: dict[str, HtmlElement] = {}
    for one in tree.iter():
        for name in (one.get("id"), one.get("name") if one.tag == "a" else None):
            if name:
                found.setdefault(name, one)
    return found


def _block(place: "HtmlElement | None", mark: "HtmlElement") -> "HtmlElement | None":
    """Return what holds a note: the block of its place, all of it where it is of several."""
    above = [] if place is None else [place, *place.iterancestors()]
    block = next((one for one in above if one.tag in _BLOCKS), None)
    around = {id(one) for one in mark.iterancestors()}
    if block is None or id(block) in around:
        return None
    parent = block.getparent()
    alone = parent is not None and parent.tag == "div" and id(parent) not in around
    if alone and parent is not None and not _holds_others(parent, block):
        return parent
    return block


def _holds_others(parent: "HtmlElement", block: "HtmlElement") -> bool:
    """Whether a place holds marks of other notes than that of a block."""
    own = {id(one) for one in block.iter("a")}
    return any(id(a) not in own and _leads_back(a) for a in parent.iter("a"))


def _leads_back(link: "HtmlElement") -> bool:
    return (link.get("href") or "").startswith("#")


def _words(block: "HtmlElement") -> str:
    """Return the words of a note without its own mark and the arrow back."""
    for link in [one for one in block.iter("a") if _leads_back(one)]:
        _replace(link, "")
    return " ".join(" ".join(block.itertext()).split())


def _replace(mark: "HtmlElement", words: str) -> None:
    """Put words in the place of a mark, with what raised it and its brackets."""
    parent = mark.getparent()
    if parent is not None and parent.tag in _RAISED_BY and len(parent) == 1:
        outside = f"{parent.text or ''}{mark.tail or ''}".strip("[]() ,\t\r\n\xa0")
        if not outside:
            mark = parent
    for child in list(mark):
        mark.remove(child)
    mark.text = words
