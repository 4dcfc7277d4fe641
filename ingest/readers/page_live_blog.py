"""A live blog on a web page: each of its posts, as it was printed, under its hour."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.clean.live_posts import POSTS
from ingest.readers import schema_org
from ingest.readers.record_text import plain

if TYPE_CHECKING:
    from lxml.html import HtmlElement

Posts = list[tuple[str, str]]
"""The moment of each post and the words that it opens with."""

_LIVE = re.compile(
    r"live-?(?:blog|ticker|feed|post|update|entry|text)|liveblog|news-?ticker|ticker-?(?:entry|post"
    r"|eintrag|item)|lx-stream|minuto-?a-?minuto|en-?direct|lopende-?berichten",
    re.IGNORECASE,
)
_HOUR_ALONE = re.compile(
    r"\D{0,4}\d{1,2}\s*[.:h]\s*\d{2}\s?(?:uhr|h|[ap]\.?m\.?|[A-Z]{2,4})?\W?", re.IGNORECASE
)
_LONGEST_HOUR = 80  # characters of an element that prints an hour, with the space around it
_CLOCK = re.compile(r"\d{1,2}\s*[.:h]\s*\d{2}|\d\s*[ap]\.?m\b", re.IGNORECASE)
_MOMENT = re.compile(r"\d{4}-?\d\d-?\d\d[T ](\d\d:?\d\d)")
_BODY = re.compile(r"(?:post|article|entry|story)[-_]*(?:body|content|text)", re.IGNORECASE)
_OPENING = 8  # words of a post by which it is found again
_MOST_UPDATES = 1_000  # posts that a page describes to machines
_FEWEST_POSTS = 3
_TYPED = "//*[contains(@itemtype, 'LiveBlogPosting')]"
_UPDATES = (
    "//*[@itemprop='liveBlogUpdate'] | //*[contains(@itemtype, 'LiveBlogPosting')]"
    "//*[contains(@itemtype, '/BlogPosting')]"
)
_POSTED = ".//*[@itemprop='datePublished' or @itemprop='dateCreated']"


@dataclass(frozen=True, slots=True)
class _Post:
    """A post and the element that tells when it was posted."""

    element: "HtmlElement"
    clock: "HtmlElement"

    @property
    def moment(self) -> str:
        return (self.clock.get("datetime") or self.clock.get("content") or "").strip()

    @property
    def hour(self) -> str:
        return _hour(self.clock)


def is_live(tree: "HtmlElement", found: Sequence["HtmlElement"]) -> bool:
    """Whether the elements of a page are the posts of a live blog."""
    labels = (f"{e.get('id') or ''} {e.get('class') or ''}" for one in found for e in _home(one))
    return any(map(_LIVE.search, labels)) or is_typed(tree)


def is_typed(tree: "HtmlElement") -> bool:
    """Whether the page's microdata say that it is a live blog."""
    return bool(tree.xpath(_TYPED))


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveUpdate:
    """A post as a page describes it to machines."""

    moment: str
    headline: str
    text: str

    @property
    def printed(self) -> str:
        """Its hour, its headline and its words, parted by blank lines."""
        return "\n\n".join(one for one in (hour_of(self.moment), self.headline, self.text) if one)


def described(found: schema_org.Object) -> tuple[LiveUpdate, ...]:
    """Return the posts that the JSON-LD of a live blog describes, in its order."""
    said = []
    for item in schema_org.listed(found.get("liveBlogUpdate"))[:_MOST_UPDATES]:
        if isinstance(item, dict):
            when = item.get("datePublished") or item.get("dateCreated") or item.get("dateModified")
            update = LiveUpdate(
                moment=schema_org.text(when) or "",
                headline=_field(item, "headline"),
                text=_field(item, "articleBody"),
            )
            said += [update] if update.headline or update.text else []
    return tuple(said)


def _field(item: schema_org.Object, name: str) -> str:
    given = schema_org.text(item.get(name)) or ""
    said = plain(given)
    return said.text if said else given


def find_printed(updates: Sequence[LiveUpdate], text: str) -> Posts:
    """Return the posts that a text prints, in its order; a page may describe them in another."""
    words = " ".join(text.split())
    found = []
    for update in updates:
        for opening in _openings(update):
            at = words.find(opening) if update.moment else -1
            if at >= 0:
                found.append((at, update.moment, opening))
                break
    return [(moment, opening) for _, moment, opening in sorted(found)]


def kept_posts(updates: Sequence[LiveUpdate]) -> dict[str, object]:
    """Return, for the metadata of a text that prints the posts, when each was posted."""
    posts = [
        [one.moment, " ".join(one.printed.split()[:_OPENING])] for one in updates if one.moment
    ]
    return {POSTS: posts} if posts else {}


def _openings(update: LiveUpdate) -> Iterator[str]:
    for given in (update.printed, update.headline, update.text):
        if opening := " ".join(given.split()[:_OPENING]):
            yield opening


def mark_hours(tree: "HtmlElement", *, declared_live: bool) -> Posts:
    """Print the hour of each post of a live blog above it; return their moments and first words."""
    posts = (declared_live and (_declared(tree) or _articles(tree))) or list(
        _posts(tree, declared_live)
    )
    if len(posts) < _FEWEST_POSTS:
        return []
    told = []
    for post in posts:
        moment, hour, element = post.moment, post.hour, post.element
        line = element.makeelement("p")
        line.text = hour
        _drop(post.clock)
        element.insert(0, line)
        # In lists, in later articles and outside of any an extractor drops headings.
        for above in (element, *element.iter("header"), *element.iterancestors("li", "ol", "ul")):
            above.tag = "div"
        for inner in list(element.iter("h2", "h3", "h4", "h5", "div", "section")):
            if inner.tag not in {"div", "section"}:
                inner.tag = "p"
            elif _BODY.search(inner.get("class") or ""):
                inner.attrib.pop("class")  # it would take one post for the article
        for inner in element.xpath("descendant-or-self::*[@itemprop]"):
            inner.attrib.pop("itemprop")
        told.append((moment or hour, _opening(element)))
    return told


def _hour(clock: "HtmlElement") -> str:
    """Return the hour as printed, else as it is marked up."""
    said = _words(clock)
    if _CLOCK.search(said):
        return said
    return hour_of(clock.get("datetime") or clock.get("content") or "")


def hour_of(moment: str) -> str:
    """Return the hour of a moment in ISO 8601, nothing where it has none."""
    found = _MOMENT.match(moment.strip())
    digits = found[1].replace(":", "") if found else ""
    return f"{digits[:2]}:{digits[2:]}" if digits else ""


def _opening(post: "HtmlElement") -> str:
    """Return the words that a post opens with, from block to block."""
    return " ".join(" ".join(post.itertext()).split()[:_OPENING])


# --- which elements are posts --------------------------------------------------------------------


def _declared(tree: "HtmlElement") -> list[_Post]:
    """Return the posts that microdata declare, each with its first own moment."""
    found = []
    updates = list(tree.xpath(_UPDATES))
    known = set(updates)
    for element in updates:
        if known.intersection(element.iterancestors()):
            continue
        clocks = [*element.xpath(_POSTED), *element.iter("time")]
        clock = next((one for one in clocks if _hour(one)), None)
        if clock is not None:
            found.append(_Post(element, clock))
    return found


def _articles(tree: "HtmlElement") -> list[_Post]:
    """Return the articles or sections of what is a live blog: each with a time of its own."""
    for tag in ("article", "section"):
        inner = [
            e for e in tree.iter(tag) if e.find(f".//{tag}") is None and e.find(".//p") is not None
        ]
        timed = [(e, [c for c in _clocks(e) if _hour(c)]) for e in inner]
        found = [_Post(element, clocks[0]) for element, clocks in timed if clocks]
        if len(found) >= _FEWEST_POSTS:
            for _, clocks in timed:
                _drop_repeated(clocks)
            return found
    return []


def _drop_repeated(clocks: "Sequence[HtmlElement]") -> None:
    """Take off a post what tells its hour again: as printed beside how long ago that is."""
    digits = ["".join(filter(str.isdigit, _hour(clock))) for clock in clocks]
    for clock, said in zip(clocks[1:], digits[1:], strict=True):
        if said.zfill(4) == digits[0].zfill(4) and clocks[0] not in clock.iterancestors():
            _drop(clock)


def _drop(clock: "HtmlElement") -> None:
    """Take a clock off its post, and the link that held nothing else: it would mark furniture."""
    holder = clock.getparent()
    if holder is None:
        return
    clock.drop_tree()
    if holder.tag in {"a", "span"} and not _words(holder) and holder.getparent() is not None:
        holder.drop_tree()


def _posts(tree: "HtmlElement", declared_live: bool) -> Iterator[_Post]:
    """Yield what is printed as posts: prose under one clock."""
    clocks = _clocks(tree)
    for clock in clocks:
        post = next(
            (above for above in clock.iterancestors("div", "section", "article", "li")
             if above.find(".//p") is not None),
            None,
        )  # fmt: skip
        if post is None or sum(post in one.iterancestors() for one in clocks) != 1:
            continue
        if declared_live or is_labelled(post):
            yield _Post(post, clock)


def _clocks(tree: "HtmlElement") -> "list[HtmlElement]":
    """Return what tells an hour: elements of time, others that print one and nothing else."""
    found = []
    for element in tree.iter("time", "span", "div", "p", "strong", "b"):
        text = element.text
        if element.tag == "time":
            if _CLOCK.search(_hour(element)):
                found.append(element)
        elif text and len(text) <= _LONGEST_HOUR and _is_hour(text) and len(element) == 0:
            found.append(element)
    return found


def _is_hour(text: str) -> bool:
    # The most of what is asked holds no clock, and is not put on one line to be told so.
    return bool(_CLOCK.search(text) and _HOUR_ALONE.fullmatch(" ".join(text.split())))


def is_labelled(post: "HtmlElement") -> bool:
    """Whether a post, or what it stands in, is labelled as part of a live blog."""
    return any(_LIVE.search(f"{e.get('id') or ''} {e.get('class') or ''}") for e in _home(post))


def _home(one: "HtmlElement") -> "Iterator[HtmlElement]":
    yield one
    yield from one.iterancestors("div", "section", "main", "li", "ol", "ul")


def _words(element: "HtmlElement") -> str:
    return " ".join("".join(element.itertext()).split())
