"""The headline of a web page: the heading that the page's own metadata names."""

import re
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from ingest.readers.bylines import is_ours

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_ENOUGH = 0.6  # of the words of heading and metadata that must be the same
_SEPARATOR = re.compile(r"\s+[|–—·•»:-]+\s+")
_WORD = re.compile(r"\w+")
_MOST_NAMES = 20  # that metadata gives a page, the most trusted first
_MOST_PARTS = 8  # that a title has behind its headline
_SHORTEST = 2  # words; what is left without the name of the site must be a headline


def headline(tree: "HtmlElement", declared: Sequence[str], site: str) -> str | None:
    """Return the printed headline, or else the declared one without the name of the site.

    `declared` are the titles that the metadata gives, the most trusted first.
    """
    marked = [e for e in tree.iter("h1") if e.get("itemprop") == "headline" and is_ours(e)]
    own = _texts(marked) if len(marked) == 1 and not declared else []
    names = [*declared, *own, *_texts(tree.xpath("(//head/title | /html/title)[1]"))]
    headings = [
        *_texts(tree.iter("h1")),
        *_texts(e for e in tree.iter("h2") if e.get("itemprop") == "headline"),
    ]
    if not headings and names:  # the title of the page tells which of the others is the headline
        headings = _texts(islice(tree.iter("h2", "h3"), _MOST_PARTS))
    if not names and not headings:  # a piece of a page, which may open with its headline
        first = tree.xpath("(//*[self::h2 or self::h3 or self::p])[1][not(self::p)]")
        return next(iter(_texts(first)), None)
    names, headings = (
        [t for t in texts if _letters(t) != _letters(site)] for texts in (names, headings)
    )
    if not names:
        return next(iter(headings), None)
    worded = [_words(name) for name in names[:_MOST_NAMES]]
    likeness = [(max((_alike(_words(h), n) for n in worded), default=0.0), h) for h in headings]
    best = max(likeness, default=(0.0, ""), key=lambda pair: pair[0])
    if best[0] >= _ENOUGH:
        return best[1]
    return next((bare for name in names if (bare := _bare(name, names, site))), None)


def _texts(elements: "Iterable[HtmlElement]") -> list[str]:
    found = (" ".join("".join(element.itertext()).split()) for element in elements)
    return [text for text in found if text]


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(text.casefold()))


def _alike(ours: frozenset[str], theirs: frozenset[str]) -> float:
    """Return the share of words that both have, of those of the shorter; 0 for a fragment."""
    if len(ours) < _SHORTEST or not theirs:
        return float(ours == theirs)
    return len(ours & theirs) / max(len(ours), 0.6 * len(theirs))


def _bare(name: str, names: Sequence[str], site: str) -> str:
    """Take the name of the site off the end: what other titles lack, or what is the site's."""
    for cut in reversed(list(_SEPARATOR.finditer(name))[-_MOST_PARTS:]):
        bare, last = name[: cut.start()], name[cut.end() :]
        known = _letters(last) in _letters(site) or bare in names
        if len(bare.split()) >= _SHORTEST and _letters(last) and known:
            return bare
    return name


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))
