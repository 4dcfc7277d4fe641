"""A statement, and a place where remembered words are printed, as HTML for the plain pages.

`say` puts what the page itself says into the reader's language; what an archive says stays.
"""

from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from assistant.answer import Citation
from assistant.render import phrasing
from assistant.render.cards import (
    lang,
    notices_html,
    speaker_html,
    story_html,
    time_html,
)
from assistant.render.escaped import as_lines, as_words
from assistant.render.interface_text import Say
from assistant.render.printed import address
from assistant.render.speech_documents import statement_citation
from assistant.speech_results import Sighting

if TYPE_CHECKING:
    from ingest.archive.statement_store import Spoke

_ROOM = 320
"""Characters shown around words that were said: the sentence they stand in, mostly."""


def statement_html(one: "Spoke", say: Say, *, named: bool) -> str:
    """Return what somebody said, where, and how; `named` names the speaker too."""
    citation = statement_citation(1, one)
    around = phrasing.excerpt(citation, _ROOM)
    before = ("… " if around.cut_before else "") + around.before
    after = around.after + (" …" if around.cut_after else "")
    who = ""
    if named:
        told = escape(say("Speaker not confirmed"))
        who = f'<p class="who">{speaker_html(one.speaker) if one.speaker else told}</p>'
    return (
        f'<li class="statement"><p class="when">{time_html(one.article.date, say)}</p><div>{who}'
        f'<blockquote dir="auto"{lang(one.article)}><span class="around">{as_lines(before)}</span>'
        f'{as_lines(around.words)}<span class="around">{as_lines(after)}</span></blockquote>'
        f"{_how(one, say)}{_place(citation, say)}{_elsewhere(one, citation, say)}"
        f"{story_html(one.story, say)}{notices_html(one.notices, say)}</div></li>"
    )


def _how(one: "Spoke", say: Say) -> str:
    """Return how a statement was said, as far as its quotation marks do not tell it."""
    told = [say("Named earlier there")] if one.speaker_from == "context" else []
    told += [say("Denied")] if one.denied else []
    told += [say("Hedged")] if one.hedged else []
    if one.manner != "direct":
        partly = say("Reported, partly quoted")
        told.append(partly if one.manner == "mixed" else say("Reported, not quoted"))
    return "".join(f'<span class="badge">{escape(how)}</span> ' for how in told)


def _place(citation: Citation, say: Say) -> str:
    """Return where words stand: the article, open at them."""
    article = citation.article
    where = escape(address(article, [(citation.start, citation.end)]))
    title = as_words(article.title or say("Without a headline"))
    outlet = as_words(article.outlet or say("outlet unknown"))
    page = phrasing.pages_told(article, citation, say)
    told = f" · {as_words(page)}" if page else ""
    return (
        f'<p class="meta">{outlet}{told} · <a href="{where}"{lang(article)} dir="auto">{title}</a>'
        "</p>"
    )


def _elsewhere(one: "Spoke", citation: Citation, say: Say) -> str:
    """Return how often the same words were printed again, leading to where."""
    if not one.again:
        return ""
    told = say("Printed again in 1 article")
    if one.again > 1:
        told = say("Printed again in {n} articles", n=f"{one.again:,}")
    where = escape(quote_address(citation.text))
    return f'<p class="meta"><a href="{where}">{escape(told)}</a></p>'


def quote_address(words: str) -> str:
    """Return where the server tells in which places words are printed."""
    return f"/quote?words={quote(' '.join(words.split()), safe='')}"


def sighting_html(one: Sighting, say: Say, *, first: bool = False) -> str:
    """Return where words are printed, what differs from those that were asked for marked."""
    citation = one.citation
    around = phrasing.excerpt(citation, _ROOM)
    before = ("… " if around.cut_before else "") + around.before
    after = around.after + (" …" if around.cut_after else "")
    badges = f'<span class="badge">{escape(say("First printed"))}</span> ' if first else ""
    if citation.part == "comment":
        badges += f'<span class="badge">{as_words(phrasing.commenter(citation, say))}</span> '
    who = f'<p class="who">{speaker_html(one.speaker)}</p>' if one.speaker else ""
    return (
        f'<li class="statement"><p class="when">{time_html(citation.article.date, say)}</p><div>'
        f'{who}{badges}<blockquote dir="auto"{lang(citation.article)}>'
        f'<span class="around">{as_lines(before)}</span>{_marked(one)}'
        f'<span class="around">{as_lines(after)}</span></blockquote>{_place(citation, say)}'
        f"{story_html(citation.story, say)}{notices_html(citation.notices, say)}</div></li>"
    )


def _marked(one: Sighting) -> str:
    """Return the printed words; what was asked for and is not printed struck out beside them."""
    text, at = one.citation.article.text, one.citation.start
    words = ""
    for change in one.differences:
        start, end = change.at
        asked = f"<del>{as_words(change.asked)}</del>" if change.asked else ""
        printed = f"<ins>{as_words(change.printed)}</ins>" if change.printed else ""
        # What was only asked for has no place of its own in the text, and no spaces beside it.
        opens = " " if asked and not text[start - 1 : start].isspace() else ""
        closes = " " if asked and (printed or text[end : end + 1].isalnum()) else ""
        words += f"{as_lines(text[at:start])}{opens}{asked}{closes}{printed}"
        at = end
    return words + as_lines(text[at : one.citation.end])
