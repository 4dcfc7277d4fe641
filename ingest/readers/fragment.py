"""The words of a piece of HTML, where there is no page to find an article in."""

import re

_APART = frozenset(
    "address article aside blockquote br dd div dl dt figcaption figure footer form h1 h2 h3 h4 h5"
    " h6 header hr li main nav ol p pre section table tr ul".split()
)
_UNSEEN = ("script", "style", "template", "noscript", "head")
_LINES = re.compile(r"\s*\n\s*")
_SPACES = re.compile(r"[^\S\n]+")


def words(markup: str) -> str:
    """Return what a reader would see, blocks parted by a blank line."""
    from lxml import etree, html

    try:
        root = html.fromstring(markup)
    except (etree.ParserError, ValueError):
        return ""
    etree.strip_elements(root, *_UNSEEN, etree.Comment, with_tail=False)
    pieces = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        apart = "\n" if element.tag in _APART else " " if element.tag in {"td", "th"} else ""
        said = element.text if event == "start" else element.tail if element is not root else ""
        pieces.append(apart + _SPACES.sub(" ", (said or "").replace("\n", " ")))
    return _LINES.sub("\n\n", "".join(pieces)).strip()
