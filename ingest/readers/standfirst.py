"""The standfirst of a web page: what it prints between headline and body to sum up."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ingest.language.normalise import fold
from ingest.readers.page_labels import label_search, names_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_is_sure = label_search(
    re.compile(
        r"(?:^|[\s_-])(?:standfirst|stand-first|sub-?head(?:line)?|sub-?title|sub-?line|dek|deck|p-summary"
        r"|vorspann|ingress|chap[oô]|entradilla)(?:$|[\s_-])|(?:^|\s)leading(?:$|\s)",
        re.IGNORECASE,
    )
)
_is_likely = label_search(
    re.compile(
        r"(?:^|[\s_-])(?:summary|excerpt|intro(?:duction)?|lead|lede|description|synopsis|abstract"
        r"|chapeau|entradilla|bajada)(?:$|[\s_-])",
        re.IGNORECASE,
    )
)
_SHORTEST, _LONGEST = 30, 600  # characters
_MOST = 60  # elements that are looked at; a page of more such labels is a list of articles
_SAME = 0.8  # of a description that a page prints more fully, or cuts
_SUMMARIES = frozenset(("description", "abstract"))
_HEADINGS = ("h2", "h3", "h4")


def take_standfirst(tree: "HtmlElement", descriptions: Sequence[str]) -> str | None:
    """Take the standfirst out of the page and return it.

    It is what is labelled as one, or what the page's own description says again in a heading
    or in something labelled as a summary; a paragraph of the body that does is the body's.
    """
    looked = 0
    folded = [fold(text).text for text in descriptions if len(text) >= _SHORTEST]
    for element in tree.iter("p", "div", "span", *_HEADINGS):
        classes, marked = names_of(element), element.get("itemprop") or ""
        sure = _is_sure(classes) or "alternativeHeadline" in marked
        likely = element.tag in _HEADINGS or _is_likely(classes) or marked in _SUMMARIES
        if not sure and not likely:
            continue
        looked += 1
        if looked > _MOST:
            break
        if len(element) > 6 or (sure and not _near_the_top(element)):
            continue
        text = " ".join("".join(element.itertext()).split())
        if _SHORTEST <= len(text) <= _LONGEST and (sure or _says(text, folded)):
            element.drop_tree()
            return text
    return None


def _says(text: str, descriptions: Sequence[str]) -> bool:
    ours = fold(text).text.rstrip(". …")
    return any(
        ours == said.rstrip(". …")
        or (
            min(len(ours), len(said)) >= _SAME * max(len(ours), len(said))
            and ours[:40] == said[:40]
        )
        for said in descriptions
    )


def _near_the_top(element: "HtmlElement") -> bool:
    """Whether an element stands after the headline and before the first paragraph of prose."""
    for other in element.xpath("preceding::p"):
        if len("".join(other.itertext())) > 200:
            return False
    above = {"li", "aside", "nav", "footer", "a", "figure", "blockquote", "table"}
    inside = any(ancestor.tag in above for ancestor in element.iterancestors())
    headed = "boolean(preceding::h1 or (ancestor::header and preceding::h2))"
    return not inside and bool(element.xpath(headed))
