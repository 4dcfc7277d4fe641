"""Ready a saved page for the extractor: captions out, furniture off, split columns joined."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING

from ingest.clean.boilerplate import line_kind
from ingest.readers.markup import printed
from ingest.readers.page_labels import (
    LABELS_KEPT,
    LONGEST_LABELS,
    classes_of,
    label_search,
    labels_of,
)
from ingest.readers.standfirst import take_standfirst

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# The labels (id and class) that templates give to what is not the article.
_furnishes = label_search(
    re.compile(
        r"(?:^|[\s_-])(?:newsletter|read-?more|related-?(?:article|stor(?:y|ie)|link|post|content|news)s?"
        r"|recirc\w*|most-?(?:read|popular|viewed)|trending|(?:rollover|hover-?card|tooltip|pop-?over)"
        r"[\w-]*(?:block|content|text|body)|right-?(?:rail|col(?:umn)?)|side-?bar"
        r"|abo-?(?:hinweis|box|teaser|angebot|werbung)|bezahlschranke|plus-?(?:teaser|angebot)"
        r"|(?:subscri(?:be|ption)|paywall|reg-?wall|membership|register)-?(?:offer|box|prompt|banner|barrier"
        r"|message|overlay|promo|cta|button|widget|form)|offers?|up-?sell|button-?wrap(?:per)?|edit-?section"
        r")(?:$|[\s_-])",
        re.IGNORECASE,
    )
)
_HIDING = re.compile(
    r"hid(?:e|den)|collaps|expand|toggle|accordion|read-?more|show-?more|truncat|not-?loaded"
    r"|ausgeblendet|eingeklappt|versteckt|masqué|oculto|nascosto|verborgen|zugeklappt",
    re.IGNORECASE,
)
_hides = label_search(_HIDING)
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|(?:max-)?height\s*:\s*0", re.IGNORECASE
)
_UNSEEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d]*[1-9])",
    re.IGNORECASE,
)
_FOR_SCREEN_READERS = re.compile(r"(?:^|\s)(?:sr-only|visually-hidden|screen-reader-text)(?:$|\s)")
_WHOLE = frozenset(("html", "head", "body", "main", "article"))
_MAY_HIDE = (
    "div section span p noscript template ul ol li dl table tr td a b i em strong small figure"
    " header footer h1 h2 h3 h4 h5 h6 blockquote main article aside form label details font center"
).split()
_MAY_OPEN = frozenset(("div", "section", "span", "p"))
_OPENERS = frozenset(("button", "a", "label", "input"))
_holds_no_prose = label_search(
    re.compile(
        r"modal|cookie|consent|newsletter|pop-?up|overlay|dialog|comment|menu|login|share|transcript",
        re.IGNORECASE,
    )
)
_INERT = frozenset(("noscript", "template"))
_PROSE = 80  # characters of a paragraph, links not counted
_ABOVE = 50  # paragraphs above a hidden one among which is one of prose
_LONGEST_CELL = 400
_FEWEST_FRAMED = 3  # paragraphs of prose in one cell: a table of facts has none such
_CELL_BLOCKS = frozenset("br div dl li ol p ul".split())
_ASIDE = frozenset("aside nav footer form".split())
_captions_label = label_search(
    re.compile(r"(?:^|[\s_-])caption(?:-?text)?(?:$|[\s_-])", re.IGNORECASE)
)
_notes = label_search(
    re.compile(r"correct|clarif|editor'?s?-?note|amend|update-?no|notice", re.IGNORECASE)
)
_SHORTEST_NOTICE = 20
_is_body_label = label_search(
    re.compile(
        r"(?:article|story|post|entry|content)(?:-|__|_)?(?:body|text|content)", re.IGNORECASE
    )
)
_FURNISHED = ("div", "section", "aside", "ul", "ol", "a", "span", "p", "h2", "h3", "h4", "table")
_UNREAD = (
    "script style svg iframe noscript template button select input link meta source picture img"
    " canvas video audio object embed nav"
).split()
_MOST_FURNITURE = 1500  # characters; a longer block so labelled holds an article
_TEASERS = 0.9  # of a list that is links
_TEASER_WORDS = 4
_BOXES = 4  # around a post that an article shows
_LOOSE = 40  # characters of text that stand in no paragraph and are worth one
_LONGEST_CAPTION = 800
_BLOCKS = frozenset(
    "address article aside blockquote center dd details div dl dt fieldset figure footer form h1 h2"
    " h3 h4 h5 h6 header hr li main nav ol p pre section table tbody td th tr ul script style"
    " iframe noscript".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFurniture:
    """What a page prints beside the body of its article."""

    standfirst: str | None = None
    captions: tuple[str, ...] = ()
    corrections: tuple[str, ...] = ()


def take_apart(tree: "HtmlElement", descriptions: Sequence[str]) -> PageFurniture:
    """Take what is no body out of the page, and ready the rest for an extractor."""
    closed, unseen = _hidden(tree)
    opened = _reveal(closed)
    _drop_unseen(tree, [e for e in unseen if e not in opened])
    _strip(tree)
    _unframe(tree)
    _level_cells(tree)
    beside = PageFurniture(
        standfirst=take_standfirst(tree, descriptions),
        captions=_captions(tree),
        corrections=_corrections(tree),
    )
    _straighten(tree)
    return beside


def _strip(tree: "HtmlElement") -> None:
    """Take off what is never read: it costs an extractor more than all its rules."""
    from lxml.etree import Comment, strip_elements

    strip_elements(tree, Comment, *_UNREAD, with_tail=False)


def _hidden(tree: "HtmlElement") -> "tuple[list[HtmlElement], list[HtmlElement]]":
    """Return what a page may hide until a click, and what nobody sees on it: in one walk."""
    closed: list[HtmlElement] = []
    unseen: list[HtmlElement] = []
    for element in tree.iter(*_MAY_HIDE):
        hidden, style = element.get("hidden"), element.get("style")
        classes = element.get("class")
        labelled, unread = _concealment(classes[:LONGEST_LABELS]) if classes else (False, False)
        if (
            unread
            or (hidden is not None and hidden != "until-found")
            or (style and _UNSEEN.search(style))
        ):
            unseen.append(element)
        if element.tag in _INERT or (
            element.tag in _MAY_OPEN and (labelled or _is_closed(element, style))
        ):
            closed.append(element)
    return closed, unseen


@lru_cache(maxsize=LABELS_KEPT)
def _concealment(classes: str) -> tuple[bool, bool]:
    """Return whether classes hide what may open, and whether they hide it from all eyes."""
    return bool(_HIDING.search(classes)), bool(_FOR_SCREEN_READERS.search(classes))


def _is_closed(element: "HtmlElement", style: str | None) -> bool:
    return bool(
        (style and _HIDDEN.search(style))
        or element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or ((name := element.get("id")) and _HIDING.search(name))
    )


def _reveal(closed: "Sequence[HtmlElement]") -> "set[HtmlElement]":
    """Show what a reader opens with a click, and return it: text behind "Continue reading"."""
    opened = set()
    for element in closed:
        if _goes_on(element):
            element.tag = "div" if element.tag in _INERT else element.tag
            for name in ("class", "id", "style", "hidden", "aria-hidden"):
                element.attrib.pop(name, None)
            opened.add(element)
    return opened


def _goes_on(element: "HtmlElement") -> bool:
    """Whether an element holds paragraphs of prose and follows one."""
    if _holds_no_prose(labels_of(element)) or not any(map(_is_prose, element.iter("p"))):
        return False
    if element.tag == "p" and not _is_opened(element):
        return False
    if any(above.tag in _ASIDE for above in element.iterancestors()):
        return False
    before = [*islice(element.itersiblings("p", preceding=True), _ABOVE)]
    parent = element.getparent()
    if not before and parent is not None:
        before = [*islice(parent.itersiblings("p", preceding=True), _ABOVE)]
    return any(map(_is_prose, before))


def _is_opened(paragraph: "HtmlElement") -> bool:
    """Whether something beside a hidden paragraph opens it with a click."""
    beside = (*paragraph.itersiblings(), *paragraph.itersiblings(preceding=True))
    return any(
        (one.tag in _OPENERS and _hides(labels_of(one))) or one.get("aria-expanded")
        for one in islice(beside, _ABOVE)
    )


def _drop_unseen(tree: "HtmlElement", unseen: "Sequence[HtmlElement]") -> None:
    """Take off what nobody sees on the page, but no article that it hides until it is loaded."""
    pieces = [element for element in unseen if _is_piece(element)]
    known = set(pieces)
    shown = (p for p in tree.iter("p") if p not in known and not known & {*p.iterancestors()})
    if pieces and any(map(_is_prose, shown)):
        for element in pieces:
            _drop(element)


def _is_piece(element: "HtmlElement") -> bool:
    return element.tag not in _WHOLE and element.find(".//h1") is None


def _is_prose(paragraph: "HtmlElement") -> bool:
    links = sum(len(_words(link)) for link in paragraph.iter("a"))
    return len(_words(paragraph)) - links >= _PROSE


def _level_cells(tree: "HtmlElement") -> None:
    """Write lists and paragraphs within the cells of a table on one line: extractors drop them."""
    for cell in list(tree.iter("td", "th")):
        row = cell.getparent()
        if row is None or len(row) < 2 or not any(e.tag in _CELL_BLOCKS for e in cell):
            continue
        text = _words(cell)
        if 0 < len(text) <= _LONGEST_CELL and cell.find(".//table") is None:
            lines = [line.removeprefix("- ").strip() for line in printed(cell).text.split("\n")]
            for child in list(cell):
                cell.remove(child)
            cell.text = "; ".join(line for line in lines if line)


def _unframe(tree: "HtmlElement") -> None:
    """Let out of a table what it only frames: one column, or a page that is laid out by it."""
    for table in reversed(list(tree.iter("table"))):  # inner ones first
        rows = list(table.iter("tr"))
        framed = all(len(row) < 2 for row in rows) or _lays_out(table)
        if framed and table.find(".//table") is None:
            for element in [table, *table.iter("tbody", "thead", "tfoot", "tr", "td", "th")]:
                element.tag = "div"


def _lays_out(table: "HtmlElement") -> bool:
    """Whether a cell of a table holds an article: several paragraphs of prose."""
    return any(
        sum(1 for p in islice(cell.iter("p"), _ABOVE) if _is_prose(p)) >= _FEWEST_FRAMED
        for cell in table.iter("td")
    )


def _captions(tree: "HtmlElement") -> tuple[str, ...]:
    """Take out the captions of the article's pictures, in order."""
    found: dict[str, None] = {}
    for element in [e for e in tree.iter("figcaption", "p", "div", "span", "dd") if _is_caption(e)]:
        text = _words(element)
        if not any(_apart(above) for above in element.iterancestors()):
            found.setdefault(text)
        _drop(element)
    return tuple(text for text in found if text)


def _corrections(tree: "HtmlElement") -> tuple[str, ...]:
    """Take out the notices that are labelled as corrections."""
    found: dict[str, None] = {}
    for element in [e for e in tree.iter("p", "div", "aside", "section", "li") if _corrects(e)]:
        found.setdefault(_words(element))
        _drop(element)
    return tuple(found)


def _corrects(element: "HtmlElement") -> bool:
    if not _notes(labels_of(element)):
        return False
    text = _words(element)
    return _SHORTEST_NOTICE <= len(text) <= _LONGEST_CAPTION and line_kind(text) == "correction"


def _is_caption(element: "HtmlElement") -> bool:
    if element.tag == "figcaption":
        return True
    if not _captions_label(classes_of(element)):
        return False
    return (
        len(element) < 12
        and len(_words(element)) <= _LONGEST_CAPTION
        and (element.find(".//p") is None)
    )


def _apart(element: "HtmlElement") -> bool:
    """Whether what an element holds belongs to another article or to the page."""
    return element.tag in {"a", "aside", "nav", "footer", "li"} or bool(
        _furnishes(labels_of(element))
    )


def _straighten(tree: "HtmlElement") -> None:
    """Take furniture off the page, and mend what hides paragraphs from an extractor."""
    for element in list(tree.iter(*_FURNISHED)):
        if _is_furniture(element):
            _drop(element)
    for quote in list(tree.iter("blockquote")):
        _unwrap(quote)
    _join_columns(tree)
    for block in list(tree.iter("div", "section", "article", "main")):
        _wrap_loose(block)


def _is_furniture(element: "HtmlElement") -> bool:
    labels = labels_of(element)
    if _furnishes(labels) and not _is_body_label(labels):
        return len(_words(element)) <= _MOST_FURNITURE and element.find(".//h1") is None
    return element.tag in {"ul", "ol"} and _is_teasers(element)


def _is_teasers(items: "HtmlElement") -> bool:
    """Whether a list is nothing but links to other articles."""
    count = len(items)
    links = [_words(link) for link in items.iter("a")]
    if count < 2 or len(links) < count:
        return False
    words = _words(items)
    return (
        sum(map(len, links)) >= _TEASERS * len(words)
        and sum(len(link.split()) for link in links) >= _TEASER_WORDS * count
    )


def _unwrap(quote: "HtmlElement") -> None:
    """Let a quotation out of boxes that hold nothing else: a post that the article shows."""
    text = _words(quote)
    for above in islice(quote.iterancestors(), _BOXES):
        if len(above) > _BOXES or above.tag in {"body", "article", "main"}:
            return
        if len(_words(above)) > len(text) + 10:
            return
        for name in ("class", "id"):
            above.attrib.pop(name, None)


def _join_columns(tree: "HtmlElement") -> None:
    """Join the pieces of a body that a template has cut up (around adverts, into pages)."""
    first: dict[object, HtmlElement] = {}
    for column in list(tree.iter("div", "section")):
        labels = labels_of(column)
        if (
            not _is_body_label(labels)
            or sum(len(_words(p)) for p in column.iterchildren("p")) < 200
        ):
            continue
        home = next(column.iterancestors("article", "main", "body"), None)
        known = first.setdefault((home, column.tag, column.get("class")), column)
        if known is not column and known not in column.iterancestors():
            known.extend(list(column))


def _wrap_loose(block: "HtmlElement") -> None:
    """Make paragraphs of text that stands between blocks or line breaks."""
    loose = [block.text, *(child.tail for child in block)]
    if sum(len(text.strip()) for text in loose if text) < _LOOSE or not any(
        isinstance(child.tag, str) and (child.tag in _BLOCKS or child.tag == "br")
        for child in block
    ):
        return
    for run in list(_runs(block)):
        _paragraph(block, run)


Run = tuple["HtmlElement | None", list["HtmlElement"]]


def _runs(block: "HtmlElement") -> Iterator[Run]:
    """Yield what stands between blocks and double line breaks: what it follows, its elements."""
    after: HtmlElement | None = None
    run: list[HtmlElement] = []
    for child in block:
        if not isinstance(child.tag, str) or child.tag in _BLOCKS or child.tag == "br":
            yield after, run
            after, run = child, []
        else:
            run.append(child)
    yield after, run


def _paragraph(block: "HtmlElement", run: Run) -> None:
    after, inline = run
    text = (block.text if after is None else after.tail) or ""
    if not text.strip() and not any((e.tail or "").strip() for e in inline):
        return
    paragraph = block.makeelement("p")
    paragraph.text = text
    if after is None:
        block.text = None
        block.insert(0, paragraph)
    else:
        after.tail = None
        after.addnext(paragraph)
    paragraph.extend(inline)


def _drop(element: "HtmlElement") -> None:
    if element.getparent() is not None:
        element.drop_tree()


def _words(element: "HtmlElement") -> str:
    return " ".join("".join(element.itertext()).split())
