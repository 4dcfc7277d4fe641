"""The sources of an answer as cards, one an article: every cited passage, and the whole of it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from html import escape
from urllib.parse import quote

from assistant.answer import Citation
from assistant.render import phrasing
from assistant.render.escaped import as_lines, as_words
from assistant.render.interface_text import Say, day_told, in_english, to_say
from assistant.render.printed import address, printed_links_html
from assistant.render.retold import retold
from ingest.article import Article, Notice, Part, PartKind, Story

_ROOM = 560
"""Characters shown around the cited words on a card: about six lines of a side panel."""

_WHOLE = 60_000
"""Characters of an article shown whole on a card; some 10,000 words, longer than papers print."""

Span = tuple[int, int]


def source_cards_html(
    citations: Iterable[Citation], anchor: str = "source", say: Say = in_english
) -> str:
    """Return a card for each cited article: where it was printed, its cited words marked there.

    Citation n is the element `anchor`-n, on the card of its article.
    """
    cards: dict[tuple[str, int], list[Citation]] = {}
    for citation in citations:
        cards.setdefault((citation.article.article_id, citation.article.version), []).append(
            citation
        )
    return "".join(_card(cited, anchor, say) for cited in cards.values())


def article_html(
    article: Article,
    spans: Iterable[Span] = (),
    most: int | None = None,
    say: Say = in_english,
) -> str:
    """Return an article as it was printed, spans of it marked, its readers' comments apart."""
    most = len(article.text) if most is None else most
    marked = sorted(spans)
    shown = [part for part in article.parts if part.start < most]
    drawn = [(part, _part(article, part, marked, most, say)) for part in shown]
    printed = "".join(text for part, text in drawn if not _by_reader(part))
    comments = "".join(text for part, text in drawn if _by_reader(part))
    if comments:
        heading = f'<h4 class="apart">{escape(say("Readers’ comments"))}</h4>'
        comments = f'<section class="comments">{heading}{comments}</section>'
    rest = "<p>…</p>" if len(article.text) > most else ""
    return f'<div dir="auto"{lang(article)}>{printed}{rest}{comments}</div>'


def _by_reader(part: Part) -> bool:
    return part.part == "comment"


def _card(cited: Sequence[Citation], anchor: str, say: Say) -> str:
    first, article = cited[0], cited[0].article
    in_order = sorted(cited, key=lambda citation: (citation.start, citation.end))
    passages = "".join(_passage(citation, anchor, say) for citation in in_order)
    told = dict.fromkeys(n for citation in cited for n in citation.notices if n.code != "rewritten")
    comment = " comment" if all(citation.part == "comment" for citation in cited) else ""
    head = f'<h3 dir="auto">{title_html(article, say)}</h3>{_meta(article, say)}'
    return (
        f'<article class="source{comment}">{head}'
        f"{story_html(first.story, say)}{notices_html(told, say)}"
        f"{passages}{_whole(article, in_order, say)}</article>"
    )


def _passage(citation: Citation, anchor: str, say: Say) -> str:
    name = escape(f"{anchor}-{citation.n}")
    around = phrasing.excerpt(citation, _ROOM)
    before = ("… " if around.cut_before else "") + around.before
    after = around.after + (" …" if around.cut_after else "")
    page = phrasing.pages_told(citation.article, citation, say)
    back = escape(say("Back to the sentence that cites this"))
    changed = notices_html((n for n in citation.notices if n.code == "rewritten"), say)
    return (
        f'<div class="passage" id="{name}" tabindex="-1"><p class="at">'
        f'<a class="back" href="#{name}-in" title="{back}">'
        f'<span class="number">{citation.n}</span></a> {_badge(citation, say)}'
        f"{as_words(page)}</p>"
        f'<blockquote dir="auto"{lang(citation.article)}>{as_lines(before)}'
        f"<mark>{as_lines(around.words)}</mark>{as_lines(after)}</blockquote>{changed}</div>"
    )


def _badge(citation: Citation, say: Say) -> str:
    if citation.part == "comment":
        told = say("{whose}, not reporting", whose=phrasing.commenter(citation, say))
        return f'<span class="badge">{as_words(told)}</span>'
    name = _PARTS.get(citation.part)
    return f'<span class="part">{escape(say(name))}</span>' if name else ""


_PARTS: Mapping[PartKind, str] = {
    "headline": to_say("Headline"),
    "standfirst": to_say("Standfirst"),
    "caption": to_say("Caption"),
    "correction": to_say("Correction"),
}


def _whole(article: Article, cited: Sequence[Citation], say: Say) -> str:
    spans = [(citation.start, citation.end) for citation in cited]
    read, alone = say("Read the whole article"), say("Open it on a page of its own")
    return (
        f'<details class="whole"><summary>{escape(read)}</summary>'
        f"{printed_links_html(article, spans, say)}{article_html(article, spans, _WHOLE, say)}"
        f'<p class="alone"><a href="{escape(address(article, spans))}" target="_blank" '
        f'rel="noopener">{escape(alone)}</a></p></details>'
    )


def speaker_html(name: str) -> str:
    """Return a speaker's name, leading to all that they said."""
    return f'<a class="speaker" href="/said?speaker={quote(name, safe="")}">{as_words(name)}</a>'


def _part(article: Article, part: Part, spans: Sequence[Span], most: int, say: Say) -> str:
    text, at, end = article.text, part.start, min(part.end, most)
    words = ""
    for start, stop in spans:
        if part.start <= start < stop <= end and start >= at:
            words += f"{as_lines(text[at:start])}<mark>{as_lines(text[start:stop])}</mark>"
            at = stop
    words += as_lines(text[at:end])
    whose = f"<b>{as_words(phrasing.comment_told(part.author, say))}</b> "
    return f'<p class="{part.part}">{whose if _by_reader(part) else ""}{words}</p>'


def title_html(article: Article, say: Say = in_english) -> str:
    """Return a headline that leads to where it was printed, and says if nobody printed it."""
    title = as_words(article.title or say("Without a headline"))
    if article.url and re.match(r"https?://", article.url, re.IGNORECASE):
        where = escape(article.url)
        title = f'<a href="{where}" target="_blank" rel="noopener noreferrer">{title}</a>'
    if not article.title_inferred:
        return title
    return f'{title} <small class="told">{escape(say("headline told from the text"))}</small>'


def _meta(article: Article, say: Say) -> str:
    pieces = [as_words(article.outlet or say("outlet unknown")), time_html(article.date, say)]
    names = ", ".join(article.authors)
    pieces += [as_words(say("by {names}", names=names))] if names else []
    return f'<p class="meta">{" · ".join(pieces)}</p>'


def time_html(when: date | None, say: Say = in_english) -> str:
    """Return a day, for people and for programs."""
    if when is None:
        return escape(say("undated"))
    return f'<time datetime="{when.isoformat()}">{escape(day_told(when, say))}</time>'


def story_html(story: Story, say: Say = in_english) -> str:
    """Return who else printed a dispatch, where anybody did."""
    if story.copies < 2:
        return ""
    told = say("Printed {n} times; one witness", n=story.copies)
    if len(story.outlets) > 1:
        names = ", ".join(story.outlets)
        told = say("Printed by {n} outlets: {names}", n=len(story.outlets), names=names)
    return f'<p class="story">{as_words(told)}</p>'


def notices_html(notices: Iterable[Notice], say: Say = in_english) -> str:
    """Return what must be told of an article or an answer."""
    return "".join(
        f'<p class="notice">{as_words(retold(notice.text, say))}</p>' for notice in notices
    )


def lang(article: Article) -> str:
    """Return the attribute that tells a browser an article's language."""
    return f' lang="{escape(article.language)}"' if article.language else ""
