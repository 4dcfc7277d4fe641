"""The page that an article was printed on: its picture, cited words marked on it."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from assistant.render.escaped import as_words
from assistant.render.interface_text import Say, in_english, to_say
from ingest.article import Article

if TYPE_CHECKING:
    from ingest.archive.originals import PrintedPage, WhyNoPage
    from ingest.readers.highlights import Box

Span = tuple[int, int]

_MOST = 8
"""Pages that an article is offered on; more of it is a book, and each leads to the next."""


def address(article: Article, spans: Iterable[Span] = ()) -> str:
    """Return where the server shows an article whole, with spans of it marked."""
    marks = "".join(f"&mark={start}-{end}" for start, end in spans)
    return f"/article/{quote(article.article_id, safe='')}?version={article.version}{marks}"


def page_address(article: Article, number: int, spans: Iterable[Span] = ()) -> str:
    """Return where the server shows a page of an article as it was printed."""
    path, _, query = address(article, spans).partition("?")
    return f"{path}/page/{number}?{query}"


def printed_links_html(article: Article, spans: Iterable[Span], say: Say = in_english) -> str:
    """Return links to the printed pages that hold some spans, or all; nothing if there are none.

    A script opens each in its place.
    """
    spans = list(spans)
    from ingest.archive.originals import pages_of  # with all of the archive, which the ruler lacks

    pages = pages_of(article)
    cited = {article.page_at(start) for start, _ in spans} & set(pages)
    links = "".join(
        f'<a class="button printed" href="{escape(page_address(article, page, spans))}">'
        f"{escape(say('Page {page} as printed', page=page))}</a>"
        for page in [one for one in pages if one in cited or not cited][:_MOST]
    )
    return f'<p class="as-printed">{links}</p>' if links else ""


def printed_html(
    article: Article, page: "PrintedPage", spans: Iterable[Span], say: Say = in_english
) -> str:
    """Return a page as it was printed, with what is marked on it."""
    drawn = page.drawn
    picture = page_address(article, page.number).replace("?", "/picture?")
    shown = (
        f'<image href="{escape(picture)}" width="{drawn.width}" height="{drawn.height}"/>'
        if drawn.picture
        else "".join(
            _word(word, box, drawn.width, drawn.height) for word, box in drawn.words if word.strip()
        )
    )
    marks = "".join(
        _rectangle(box, drawn.width, drawn.height) for boxes in drawn.marks or () for box in boxes
    )
    named = say("Page {page} as printed", page=page.number)
    told = " ".join(say(text) for text in _told(page, marked=bool(list(spans))))
    whole = say("The picture alone")
    alone = f' <a href="{escape(picture)}">{escape(whole)}</a>' if drawn.picture else ""
    return (
        f'<figure class="facsimile"><div class="sheet" tabindex="0" role="region" '
        f'aria-label="{escape(named)}">'
        f'<svg viewBox="0 0 {drawn.width} {drawn.height}" role="img" aria-label="{escape(named)}">'
        f"{shown}<g>{marks}</g></svg></div>"
        f"<figcaption>{escape(told)}{alone}</figcaption></figure>"
    )


def no_page_html(why: "WhyNoPage", say: Say = in_english) -> str:
    """Return why a page cannot be shown as it was printed."""
    told = say("The page cannot be shown as it was printed: {why}.", why=say(_WHY[why]))
    return f'<p class="none">{as_words(told)}</p>'


_WHY: "Mapping[WhyNoPage, str]" = {
    "gone": to_say("the file that it was read from is not there any more"),
    "changed": to_say("the file that it was read from has changed since"),
    "handed_over": to_say("of a file that was handed over, the archive keeps the text alone"),
    "earlier": to_say("the file that it was read from holds a later version"),
    "no_page": to_say("its file holds no such page"),
    "no_places": to_say("its file does not tell how large the page is"),
    "broken": to_say("its file could not be drawn"),
}


def _told(page: "PrintedPage", *, marked: bool) -> list[str]:
    """Return what is to be known of a page that is shown."""
    told = []
    if not page.drawn.picture:
        told.append(_DRAWN)
    if not page.placed:
        told.append(_UNPLACED)
    elif marked and any(page.drawn.marks or ()):
        told.append(_SOME if page.missed else _MARKED)
    elif marked and page.missed:
        told.append(_MISSED)
    return told


_DRAWN = to_say("Its picture is not beside its file: its words are set where they stood.")
_UNPLACED = to_say("Where its words stand is not known, so none are marked on it.")
_MARKED = to_say("The cited words are marked on it.")
_SOME = to_say("Some of the cited words are marked on it; others were not found.")
_MISSED = to_say("The cited words were not found on it: look for them there.")


def _rectangle(box: "Box", width: int, height: int) -> str:
    x, y = box.left * width, box.top * height
    across, down = (box.right - box.left) * width, (box.bottom - box.top) * height
    return f'<rect class="mark" x="{x:.0f}" y="{y:.0f}" width="{across:.0f}" height="{down:.0f}"/>'


def _word(word: str, box: "Box", width: int, height: int) -> str:
    x, y = box.left * width, box.bottom * height
    across, down = (box.right - box.left) * width, (box.bottom - box.top) * height
    return (
        f'<text x="{x:.0f}" y="{y - 0.2 * down:.0f}" font-size="{down:.0f}" '
        f'textLength="{max(across, 1):.0f}" lengthAdjust="spacingAndGlyphs">{as_words(word)}</text>'
    )
