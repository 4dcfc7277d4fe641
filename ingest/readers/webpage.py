"""Saved web pages: the article, what the page declares about it, its readers' comments.

Nothing of a page is executed or fetched.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING, cast

from ingest.article import RawArticle
from ingest.clean.dates import believed, read_date
from ingest.clean.live_posts import POSTS
from ingest.errors import ReadError
from ingest.readers import Reader, ReaderInput, page_dates
from ingest.readers.declared import Declared, declared
from ingest.readers.encoding import peek
from ingest.readers.headline import headline
from ingest.readers.markup import without_controls
from ingest.readers.page_articles import PagePart, articles_of
from ingest.readers.page_comments import comments
from ingest.readers.page_live_blog import find_printed, mark_hours
from ingest.readers.page_makeup import take_apart
from ingest.readers.page_notes import take_notes
from ingest.readers.page_state import kept_for_scripts, states
from ingest.readers.record_stream import root
from ingest.readers.text import whole

if TYPE_CHECKING:
    from lxml.html import HtmlElement
    from trafilatura.settings import Document

_PAGE = re.compile(r"<(!doctype\s+html|html|head|body|article)\b", re.IGNORECASE)
_PIECE = re.compile(
    r"<(?:h[1-6]|p|div|section|figure|blockquote|ul|ol|table|span|header|main|center|font|b|strong|em"
    r"|i|a|img|br)[\s/>]",
    re.IGNORECASE,
)
_CLOSED = re.compile(
    r"</(?:h[1-6]|p|div|section|figure|blockquote|ul|ol|table)\s*>|<br\s*/?>", re.IGNORECASE
)
_COMMENT = re.compile(r"\s*<!--(?:(?!-->).){0,2000}-->", re.DOTALL)
_ESCAPED = re.compile(r"\s*&lt;(?:p|div|h[1-6]|section|article|html|!doctype)\b", re.IGNORECASE)
_SCRIPT_DATA = re.compile(r"\s*[{\[]")
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_XML = re.compile(rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]{2,40})", re.IGNORECASE)
_SHORTCODE = re.compile(
    r"\[(?:/[a-z][\w-]{2,30}|[a-z][\w-]{2,30}(?:\s[\w-]+=(?:\"[^\"\]]*\"|[^\s\[\]]+))+)\s*/?\]"
)
_FEWEST_BLOCKS = 2  # that a fragment closes
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_FEWEST_SIGNS = 30
_ROOTS = frozenset("html body div article section main".split())
_SHORTEST = 6  # words; a page of fewer is a menu or a notice, not an article
_OPENING = 60  # characters by which a text is found in another
_LONGER = 1.6  # times as long as what the page prints
_HEAD = 4096  # bytes in which a page must declare its encoding; the standard asks for 1024


class _WebPage:
    """A web page as a browser or a crawler saved it."""

    name = "html"

    def sniff(self, head: bytes, file: str) -> float:
        """Take what has the tags of a page near its start."""
        text = peek(head)
        if text is None or _SCRIPT_DATA.match(text):
            return 0.0
        if text.lstrip().startswith("<?xml") and root(head).lower() not in _ROOTS:
            return 0.0  # of another kind: its records would be run together
        found = _PAGE.search(text)
        if not found:
            return 0.6 if _is_fragment(_unescaped(text)) else 0.0
        return 0.95 if not text[: found.start()].strip() else 0.6

    def read(self, given: ReaderInput) -> Iterator[RawArticle | ReadError]:
        """Yield the one article of the page."""
        head = given.stream.peek(_HEAD)[:_HEAD]
        found = _XML.match(head.lstrip()) or _CHARSET.search(head)
        page = whole(given, given.declared or (found.group(1).decode("ascii") if found else None))
        articles = _articles(_unescaped(page.text))
        if not articles:
            yield ReadError(given.file, "", "no article text is found in the page")
            return
        for article in articles:
            inferred = dict(article.inferred) | ({"encoding": page.how} if page.how else {})
            yield replace(article, file=given.file, inferred=inferred)


def _is_fragment(text: str) -> bool:
    """Whether a text is a piece of a page: it opens with a block's tag and closes several."""
    while above := _COMMENT.match(text):
        text = text[above.end() :]
    return bool(_PIECE.match(text.lstrip())) and len(_CLOSED.findall(text)) >= _FEWEST_BLOCKS


def _unescaped(text: str) -> str:
    """Return a page that was escaped as a whole as it was before."""
    return unescape(text) if _ESCAPED.match(text) and "<" not in text[:_HEAD] else text


def _articles(page: str) -> list[RawArticle]:
    from trafilatura.utils import load_html

    whole_page = without_controls(page)
    tree = cast("HtmlElement | None", load_html(whole_page)) if whole_page.strip() else None
    if tree is None:
        return []
    # While an element is held no walk makes it anew, which takes longer than the rules do.
    held = list(tree.iter())
    found = _articles_in(tree)
    held.clear()
    return found


def _articles_in(tree: "HtmlElement") -> list[RawArticle]:
    says = declared(tree)
    parts, beside = articles_of(tree, says.titles)
    if several := _several(parts, says):
        return several
    one = _read(tree, says)
    if one and beside:
        how = f"of {beside + 1} articles on the page the one that it declares"
        one = replace(one, inferred=dict(one.inferred) | {"text": how})
    return [one] if one else []


def _several(parts: Sequence[PagePart], says: Declared) -> list[RawArticle]:
    """Read each article of a page that prints several; its address is that of none of them."""
    found = []
    for number, part in enumerate(parts, 1):
        one = _read(part.page, declared(part.page))
        if one is not None:
            found.append(
                replace(
                    one,
                    where=f"article {number}",
                    record=f"article {number}",
                    outlet=one.outlet or says.outlet,
                    authors=part.authors or one.authors,
                    published=part.published or one.published,
                    language=one.language or says.language,
                    section=says.section,
                    url=None,
                    metadata=dict(one.metadata) | ({"page": says.url} if says.url else {}),
                )
            )
    return found if len(found) > 1 else []


def _read(tree: "HtmlElement", says: Declared) -> RawArticle | None:
    """Take apart what is no body, then extract that."""
    from trafilatura import bare_extraction

    title = headline(tree, says.titles, says.outlet or "")
    published, how = _published(tree, says)
    kept, notes = states(tree), take_notes(tree)
    posts = mark_hours(tree, declared_live=says.kind == "live blog")
    beside = take_apart(tree, says.descriptions)
    found = cast("Document | None", bare_extraction(tree, favor_precision=True))
    text = _SHORTCODE.sub("", found.text or "") if found else ""
    if data := kept_for_scripts(
        kept, max(text, says.body or "", key=len), (title or "", *says.titles)
    ):
        return _with(data, says, title, published, how)
    if found is None or _is_short(text):
        text, found = says.body or "", None
        if _is_short(text):
            return None
        how["text"], notes = "articleBody of the page's JSON-LD", []
    elif says.body and _is_opening(text, says.body):
        text, notes = says.body, []
        how["text"] = "articleBody of the page's JSON-LD, which prints its opening"
    posts = posts or find_printed(says.updates, text)
    return RawArticle(
        file="",
        text="\n\n".join([_paragraphs(text), *notes]),
        title=title,
        standfirst=beside.standfirst,
        comments=comments(found.commentsbody, tree) if found else (),
        comments_apart=True,
        captions=beside.captions,
        corrections=(*says.corrections, *beside.corrections),
        outlet=says.outlet,
        authors=says.authors,
        published=published,
        updated=says.updated,
        url=says.url,
        language=says.language,
        section=says.section,
        kind=says.kind or ("live blog" if posts else None),
        rights=says.rights,
        inferred=how,
        metadata=says.rest | ({POSTS: [list(post) for post in posts]} if posts else {}),
    )


def _with(
    data: RawArticle, says: Declared, title: str | None, published: str | None, how: dict[str, str]
) -> RawArticle:
    """Return what a page keeps for its scripts with what the page declares, which goes first."""
    how = dict(data.inferred) | ({} if data.published and not says.published else how)
    return replace(
        data,
        where="",
        record="",
        title=data.title or title,
        comments_apart=True,
        outlet=says.outlet or data.outlet,
        authors=says.authors or data.authors,
        published=says.published or data.published or published,
        updated=says.updated or data.updated,
        url=says.url or data.url,
        language=says.language or data.language,
        section=says.section or data.section,
        kind=says.kind or data.kind,
        rights=says.rights or data.rights,
        inferred=how,
        metadata=says.rest,
    )


def _is_short(text: str) -> bool:
    """Whether a text is a menu or a notice; scripts without spaces have no words to count."""
    return len(text.split()) < _SHORTEST and len(_UNSPACED.findall(text)) < _FEWEST_SIGNS


def _is_opening(printed: str, body: str) -> bool:
    """Whether a page prints no more than the opening of the text that it gives to machines."""
    first = " ".join(max(printed.split("\n"), key=len).split())[:_OPENING]
    longer = len(body) >= _LONGER * len(printed)
    return longer and len(first) == _OPENING and first in " ".join(body.split())


def _published(tree: "HtmlElement", says: Declared) -> tuple[str | None, dict[str, str]]:
    """Return the date that is declared, or else the one that markup or address tell."""
    given = read_date(says.published or "")
    if says.published and believed(given) == given:
        return says.published, dict(says.how)
    day, how = page_dates.published(tree, says.url)
    if says.published and not (day and believed(read_date(day)).day):
        return says.published, dict(says.how)
    return day, dict(says.how) | ({"date": how} if how else {})


def _paragraphs(text: str) -> str:
    """Part the paragraphs by a blank line; the items of a list stay together."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    parted = []
    for before, line in zip(["", *lines], lines, strict=False):
        together = before.startswith("- ") and line.startswith("- ")
        parted.append(("\n" if together else "\n\n") + line)
    return "".join(parted).strip()


reader: Reader = _WebPage()
