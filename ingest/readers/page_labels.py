"""The labels of a page's elements, class and id: what is found in them, looked for once each.

A template prints the same few labels on every paragraph, and on every page of an outlet.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

LABELS_KEPT = 2_048
"""How many labels are remembered, the latest."""
_NAMED_BY = ("data-component", "data-testid", "data-gu-name")
LONGEST_LABELS = 1_000
"""Characters of labels: what a hostile page labels at length is not kept."""


def label_search(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    """Return what tells whether a pattern is found in labels, and remembers it.

    It is to be asked of what `labels_of` and `classes_of` return, which have a bound.
    """

    @lru_cache(maxsize=LABELS_KEPT)
    def found(labels: str) -> bool:
        return bool(pattern.search(labels))

    return found


def classes_of(element: "HtmlElement") -> str:
    """Return the classes of an element, nothing where it has none."""
    return (element.get("class") or "")[:LONGEST_LABELS]


def labels_of(element: "HtmlElement") -> str:
    """Return id and classes of an element."""
    return f"{element.get('id') or ''} {element.get('class') or ''}"[:LONGEST_LABELS]


def names_of(element: "HtmlElement") -> str:
    """Return the classes of an element, and what its template's own attributes call it."""
    names = element.get("class") or ""
    for attribute in _NAMED_BY:
        if called := element.get(attribute):
            names = f"{names} {called}"
    return names[:LONGEST_LABELS]
