"""Who wrote the article, by the page's markup: names without what stands around them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from ingest.clean.boilerplate import line_kind
from ingest.language import lexicon
from ingest.readers.page_labels import LONGEST_LABELS, classes_of, label_search, labels_of, names_of

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_LABELS = ("byline", "author", "autor", "auteur", "autore", "verfasser", "forfatter")
_is_byline = label_search(re.compile("|".join(_LABELS)))
_MAKERS = frozenset(("author", "author creator", "creator"))

_NOT_OURS = re.compile(
    r"comment|related|liveBlogUpdate|recirc|teaser|promo|most-?(?:read|popular)|sidebar|bio(?:$|[\s_-])"
    r"|more-?(?:from|stories)|recommend",
    re.IGNORECASE,
)
_is_not_ours = label_search(_NOT_OURS)
_PREFIX = re.compile(
    r"^(?:[^\w]*+(?:(?:written|reported|posted|words|text|story|analysis|published|edited)\s++)?"
    r"(?:by|por|par|von|door|di|от|від|автор|author|текст)\b\s*+:?\s*+)++",
    re.IGNORECASE,
)
_ENGLISH = lexicon.calendar("en")
_CALENDARS = tuple(map(lexicon.calendar, lexicon.languages()))
_MONTHS = {form for known in _CALENDARS for form in known.certain & known.months.keys()}
_WEEKDAYS = {form for known in _CALENDARS for form in known.certain & known.weekdays.keys()}
"""In other languages than English some are surnames too: Domingo."""

_STOP = re.compile(
    r"\s*(?:[|•·—–@#<]|\s\S+@\w|\((?=\W*(?:\d|@|http))|\d|https?:|\b(?:(?:last\s+|first\s+)?(?:published"
    r"|updated|posted|modified|edited)\b|,?\s*special (?:to|for)\b|edited by|view my|follow"
    r"|contact|previous|read more)\b"
    rf"|,?\s+(?:{lexicon.any_of(_ENGLISH.weekdays.keys() & _ENGLISH.certain)})\b"
    rf"|,\s+(?:{lexicon.any_of(_WEEKDAYS)})\b"
    rf"|\b(?:{lexicon.any_of({*_ENGLISH.months, *_MONTHS})})\b\.?\s+\d)",
    re.IGNORECASE,
)
_DATE = re.compile(
    rf"(?:{lexicon.any_of({*_ENGLISH.weekdays, *_ENGLISH.months, *_WEEKDAYS, *_MONTHS})})"
    r"\b\W*\d",
    re.IGNORECASE,
)
_LINE = "\v"  # where a line ends in print, whatever the source's own line ends are
_PARTING = frozenset(("br", "time", "p", "div", "li"))
_LONGEST = 80
_MOST = 12  # of the words of one byline


_SPECIAL = re.compile(r",?\s*\bspecial (?:to|for)\b.*", re.IGNORECASE)
_LOGIN = re.compile(r"[a-z0-9]+(?:[._-][a-z0-9]+)*|\S+@\S+\.\S+")


def is_login(name: str) -> bool:
    """Whether a name is one that somebody logs in with: one word without a capital, an address."""
    return bool(_LOGIN.fullmatch(name))


_NOTE = re.compile(
    r"\W*\b(?:(?:last\s+|first\s+)?(?:published|updated|posted|modified)\b.*\d"
    r"|special (?:to|for)\b).*",
    re.IGNORECASE,
)


def signed(given: str) -> str:
    """Return a name that is given, without when it was printed and for whom it was written."""
    return _NOTE.sub("", given).strip(" ,;|-–—")


def tidied(given: str) -> str:
    """Return a name that is declared, without "by" and separators; nothing for a login name."""
    bare = _SPECIAL.sub("", _PREFIX.sub("", " ".join(given.split())))
    name = bare.strip(" ,;:-–—|/")
    named = len(name) <= _LONGEST and any(map(str.isalpha, name)) and not is_login(name)
    return name if named else ""


def named_in(piece: str) -> str:
    """Return the name that a piece of a line gives after "by", nothing where it gives none."""
    bare = " ".join(piece.split())
    return _told(bare) if _PREFIX.match(bare) else ""


def _told(given: str) -> str:
    """Return a name that is printed, without dates, handles and what else follows it."""
    bare = tidied(given[: 2 * _LONGEST])
    if _DATE.match(bare) or line_kind(bare) == "caption":  # who took a picture wrote nothing
        return ""
    stop = _STOP.search(bare)
    name = (bare[: stop.start()] if stop else bare).strip(" ,;:-–—|/")
    words = name.split()
    return name if 0 < len(words) <= _MOST and name[0].isalpha() else ""


def marked(tree: "HtmlElement") -> tuple[str, ...]:
    """Return the authors that the page's markup names, without those of others' words."""
    # The surest ways first. A walk takes a fifth of what paths take that look at each element.
    linked = [e for e in tree.iter("a", "link", "span") if e.get("rel") == "author"]
    ways: tuple[list[HtmlElement], ...] = ([], linked, [])
    for element in tree.iter():
        if element.get("itemprop") in _MAKERS:
            ways[0].append(element)
        classes = element.get("class")
        if (
            classes
            and _is_byline(classes[:LONGEST_LABELS])
            and element.tag not in {"ul", "section"}
        ):
            ways[2].append(element)
    for marked_so in ways:
        if found := dict.fromkeys(_names(marked_so)):
            return tuple(found)
    called = (e for e in tree.iter("div", "span", "p", "address") if _is_byline(names_of(e)))
    return tuple(dict.fromkeys(_names(called)))


def _names(elements: "Iterable[HtmlElement]") -> Iterator[str]:
    """Yield the names of the first byline; a later one is another article's."""
    home: HtmlElement | None = None
    for element in elements:
        if not isinstance(element.tag, str) or not is_ours(element):
            continue
        names = [name for one in _apart(element) if (name := _told(_printed(one)))]
        if not names:
            continue
        place = _place(element)
        if home is not None and place is not home:
            return
        home = place
        yield from names


def _apart(element: "HtmlElement") -> "list[HtmlElement]":
    """Return the elements of a byline that print a name each, or the one that prints it all."""
    kids = [e for e in element if e.tag in {"a", "span", "li", "div"} and _whole(e)]
    loose = "".join([element.text or "", *(e.tail or "" for e in element)])
    return kids if len(kids) == len(element) > 1 and not any(map(str.isalnum, loose)) else [element]


def _whole(element: "HtmlElement") -> bool:
    """Whether an element prints what may be a whole name."""
    words = "".join(element.itertext()).split()
    return 1 < len(words) <= 4 and all(word[0].isupper() and word.isalpha() for word in words)


def _printed(element: "HtmlElement") -> str:
    named = element.xpath(".//*[@itemprop='name']")
    source = named[0] if named else element
    if source.tag == "meta":
        return source.get("content") or ""
    parts = [source.text or ""]
    for child in source.iterdescendants():
        lead = _LINE if child.tag in _PARTING or _begins(parts, child) else ""
        parts += [lead, child.text or "" if isinstance(child.tag, str) else "", child.tail or ""]
    return next((line for line in "".join(parts).split(_LINE) if _told(line)), "")


def _begins(parts: Sequence[str], child: "HtmlElement") -> bool:
    """Whether an element begins anew right behind a name: "Ada Marl", then what she is."""
    before = next((part for part in reversed(parts) if part), "")
    return child.tag in {"a", "span"} and before[-1:].islower() and (child.text or "")[:1].isupper()


def _place(element: "HtmlElement") -> "HtmlElement | None":
    """Return the block that a byline stands in: two authors share it."""
    return next(
        element.iterancestors("p", "div", "li", "ul", "section", "header", "article", "body"), None
    )


def is_others(element: "HtmlElement") -> bool:
    """Whether an element is labelled as readers' comments or other articles."""
    marks = f"{element.get('itemprop') or ''} {element.get('itemtype') or ''}"
    return _is_not_ours(labels_of(element)) or (marks != " " and bool(_NOT_OURS.search(marks)))


def is_ours(element: "HtmlElement") -> bool:
    """Whether an element stands by this article, not in comments, lists or the page's foot.

    The foot of an article is its own where the element is marked as its author or its time.
    """
    marked_so = element.tag == "time" or "p-author" in classes_of(element)
    return not any(
        above.tag == "nav"
        or (above.tag == "footer" and not (marked_so and _is_of_an_article(above)))
        or is_others(above)
        for above in element.iterancestors()
        if above.tag not in {"body", "html"}
    )


def _is_of_an_article(foot: "HtmlElement") -> bool:
    return next(foot.iterancestors("article"), None) is not None
