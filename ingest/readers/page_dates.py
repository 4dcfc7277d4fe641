"""The day of a page that declares none: what it prints by its article, what its markup tells.

Never the day of a reader's comment, of another article on the page, or of an update.
"""

import copy
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingest.clean.dates import read_date
from ingest.readers.bylines import is_others

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_UPDATE = re.compile(
    r"updat|modif|edited|correct|actuali[sz]|aktualis|mis à jour|aggiornat|bijgewerkt"
    r"|оновлен|обновл|изменен",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"^\W*(?:(?:first\s+)?(?:published|posted|created|date)(?:\s+(?:on|at))?|publicado(?:\s+el)?"
    r"|publié(?:\s+le)?|veröffentlicht(?:\s+am)?|pubblicato(?:\s+il)?|gepubliceerd(?:\s+op)?"
    r"|опубликовано|опубліковано|نشر(?:\s+في)?|yayın(?:lanma)?(?:\s+tarihi)?|publicerad"
    r"|publisert|julkaistu|opublikowano|公開日|发布时间|發布時間)\s*:?\s*",
    re.IGNORECASE,
)
_PIECES = re.compile(
    r"\s*[|•·\n]\s*|\s+[–—-]\s+|,?\s*(?=\b(?:last\s+|zuletzt\s+|dernière\s+|última\s+)?"
    rf"(?:{_UPDATE.pattern}))",
    re.IGNORECASE,
)
_OTHERS_DATA = re.compile(
    r'"@type"\s*:\s*\[?\s*"(?:\w*Comment|DiscussionForumPosting|Answer|Question|Review)"'
)
_NUMBERS = re.compile(r"\b(?P<a>\d{1,2})(?P<by>[-/])(?P<b>\d{1,2})(?P=by)(?P<y>\d{4})\b")
_DATED = re.compile(
    r"(?:^|[\s_-])(?:tarih|datum|fecha|dato|zeit|stand|heure|hora|date|time|publish(?:ed)?|posted|pub-?date|timestamp|byline|meta)",
    re.IGNORECASE,
)
_LONGEST = 120  # characters of a line that tells when
_PROSE = 200  # characters of a paragraph after which nothing of the head of an article follows
_MARKS = (
    "//*[@itemprop='dateModified']"
    " | //time[contains(@class, 'updated') or contains(@class, 'modified')]"
    " | //meta[contains(@property, 'modified') or contains(@property, 'updated')"
    " or contains(@name, 'modified') or contains(@itemprop, 'Modified')]"
)


def published(tree: "HtmlElement", url: str | None) -> tuple[str | None, str | None]:
    """Return when a page was published, and how that was told."""
    ours = _ours(tree)
    if said := _printed(ours):
        return said, "printed in the page"
    unread = [e for e, line in _lines(ours) if _UPDATE.search(line) or _NUMBERS.search(line)]
    for mark in [*unread, *ours.xpath(_MARKS)]:
        _drop(mark)
    from htmldate import find_date

    # Only what the page marks up as its date: a date somewhere in its words is no answer.
    day = find_date(ours, original_date=True, extensive_search=False, url=url)
    if not day:
        return None, None
    moments = (time for time in ours.xpath("//time/@datetime") if time.startswith(day))
    return next(moments, day), "found in the page's markup or address"


def _ours(tree: "HtmlElement") -> "HtmlElement":
    """Return the page without what is others': comments, lists of articles, its foot."""
    page = copy.deepcopy(tree)
    for element in list(page.iter("div", "section", "aside", "nav", "footer", "ul", "ol", "li")):
        tag_says = element.tag in {"aside", "nav", "footer"}
        if (tag_says or is_others(element)) and element.find(".//h1") is None:
            _drop(element)
    for script in list(page.iter("script")):
        if _OTHERS_DATA.search(script.text or ""):
            _drop(script)
    return page


def _printed(page: "HtmlElement") -> str | None:
    """Return the day that stands by the headline and is no update."""
    for element, line in _lines(page):
        order = _order(line)
        for piece in _PIECES.split(line):
            if not _UPDATE.search(piece) and (said := _day(_LABEL.sub("", piece), order)):
                return _moment(element, said) or said
    return None


def _moment(element: "HtmlElement", said: str) -> str | None:
    """Return the moment that is marked up with a printed day, where it is one of that day."""
    clocks = [element, *element.iter("time")] if element.tag != "time" else [element]
    marked = (clock.get("datetime") or "" for clock in clocks)
    day = read_date(said).day
    return next(
        (one for one in marked if (read := read_date(one)).moment and read.day == day), None
    )


def _lines(page: "HtmlElement") -> "Iterator[tuple[HtmlElement, str]]":
    """Yield the short lines labelled as a date, from the headline to the first paragraph."""
    started = page.find(".//h1") is None
    for element in page.iter("h1", "time", "p", "div", "span", "li"):
        if element.tag == "h1":
            started = True
            continue
        labels = f"{element.get('class') or ''} {element.get('itemprop') or ''}"
        tells = element.tag == "time" or _DATED.search(labels)
        if not tells and element.tag != "p":
            continue  # its words, which are those of all within it, need not be put together
        text = " ".join(" ".join(element.itertext()).split())
        if element.tag == "p" and len(text) > _PROSE:
            return
        if not started and element.tag != "time":
            continue
        is_update = "dateModified" in labels and not _UPDATE.search(text)
        tells = tells or bool((said := _LABEL.match(text)) and said.end() > 0)
        if 0 < len(text) <= _LONGEST and tells and not is_update:
            yield element, text


def _order(line: str) -> str | None:
    """Tell which of two numbers is the day, where another date of the line says so."""
    told = {
        "day" if int(found["a"]) > 12 else "month"
        for found in _NUMBERS.finditer(line)
        if int(found["a"]) > 12 or int(found["b"]) > 12
    }
    return told.pop() if len(told) == 1 else None


def _day(piece: str, order: str | None) -> str | None:
    """Return a piece as a date that can be read in one way alone."""
    found = _NUMBERS.search(piece)
    if found and order:
        day, month = (found["a"], found["b"]) if order == "day" else (found["b"], found["a"])
        piece = f"{found['y']}-{int(month):02}-{int(day):02}{piece[found.end() :]}"
    text = piece.strip(" ,;:()")
    return text if read_date(text).day else None


def _drop(element: "HtmlElement") -> None:
    if element.getparent() is not None:
        element.drop_tree()
