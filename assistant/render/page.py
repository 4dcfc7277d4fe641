"""An outcome as HTML, for the chat and for saving.

What comes from an archive goes through `as_words`, which leaves nothing that HTML or Markdown would
read as more than words: a chat reads its messages as Markdown first. A fragment is one line, so
that no blank line in an article ends the block it stands in.
"""

import html
import re
from collections.abc import Iterable, Sequence
from datetime import date

from assistant.answer import Answer, Citation, Claim, Conflict, NoAnswer, Outcome
from assistant.render import phrasing
from assistant.render.terminal import harmless
from ingest.article import Article, Hit, Notice, Part, Story

_ROOM = 560
"""Characters shown around the cited words on a card: about six lines of a side panel."""

_SNIPPET = 220
_WHOLE = 60_000
"""Characters of an article shown whole; some 10,000 words, longer than newspapers print."""

_ACTIVE = {ord(sign): f"&#{ord(sign)};" for sign in "\\`*_[]{}$~|@:!#^"}


def to_html(outcome: Outcome, anchor: str = "source") -> str:
    """Return an outcome with its sources. Citation n links to the element `anchor`-n."""
    sources = outcome.citations if isinstance(outcome, Answer) else outcome.nearest
    heading = "Sources" if isinstance(outcome, Answer) else "What came nearest"
    cards = f"<h3>{heading}</h3>{source_cards_html(sources, anchor)}" if sources else ""
    return f'<section class="outcome">{answer_html(outcome, anchor)}{cards}</section>'


def answer_html(outcome: Outcome, anchor: str = "source") -> str:
    """Return the answer alone, its citations links to the elements `anchor`-n."""
    said = _said(outcome, anchor) if isinstance(outcome, Answer) else _not_said(outcome, anchor)
    warned = _notices(phrasing.gaps(outcome.warnings)[1])
    understood = "".join(
        f'<p class="understood">{as_words(line)}</p>'
        for line in phrasing.understood(outcome.searched)
    )
    searched = f'<p class="searched">{as_words(phrasing.searched_line(outcome.searched))}</p>'
    return f'<div class="answer">{said}{warned}{understood}{searched}</div>'


def said_html(claim: Claim, citations: Sequence[Citation], anchor: str = "source") -> str:
    """Return one checked sentence, as it stands while an answer is still being said."""
    numbers = "".join(_marker(citation.n, anchor) for citation in phrasing.cited(claim, citations))
    if claim.verdict != "verbatim":
        return f"{as_words(phrasing.bare(claim))}{numbers}{_doubts(claim)} "
    whose = "".join(
        f"<cite>{as_words(phrasing.attribution(claim, cited))} {_marker(cited.n, anchor)}</cite>"
        for cited in phrasing.cited(claim, citations)
    )
    day = f'<p class="day">{_time(claim.day)}</p>' if claim.day else ""
    return f'{day}<blockquote dir="auto">{as_words(phrasing.bare(claim))}{whose}</blockquote>'


def source_cards_html(citations: Iterable[Citation], anchor: str = "source") -> str:
    """Return a card for each citation: where it was printed, and its words marked there."""
    return "".join(_card(citation, anchor) for citation in citations)


def hits_by_date_html(hits: Iterable[Hit]) -> str:
    """Return hits as a plain list, oldest first, undated ones last."""
    ordered = sorted(hits, key=lambda hit: (hit.article.date or date.max, hit.passage.start))
    if not ordered:
        return '<p class="none">No passages were found.</p>'
    return f'<ol class="hits">{"".join(_hit(hit) for hit in ordered)}</ol>'


def _said(answer: Answer, anchor: str) -> str:
    said = "".join(
        f"<p>{_written(stretch, anchor)}</p>"
        if isinstance(stretch, Answer)
        else said_html(stretch, answer.citations, anchor)
        for stretch in phrasing.stretches(answer)
    )
    missing = "".join(
        f'<p class="unsaid">{as_words(notice.text)}</p>'
        for notice in phrasing.gaps(answer.warnings)[0]
    )
    conflicts = "".join(_conflict(answer, conflict, anchor) for conflict in answer.conflicts)
    told = phrasing.independence(answer.citations)
    witnesses = f'<p class="witnesses">{as_words(told)}</p>' if told else ""
    return said + missing + conflicts + witnesses + _omitted(answer)


def _conflict(answer: Answer, conflict: Conflict, anchor: str) -> str:
    """Return both sides beside each other, each with where and when it was printed."""
    told = "".join(
        f"<div><dt>{as_words(value)}{_marker(citation.n, anchor)}</dt>"
        f"<dd>{as_words(phrasing.imprint(citation))}</dd></div>"
        for value, citation in phrasing.sides(conflict, answer.citations)
    )
    heading = f"<p>{phrasing.CONFLICT[conflict.kind]}</p>"
    return f'<section class="conflict">{heading}<dl>{told}</dl></section>'


def _written(answer: Answer, anchor: str) -> str:
    fragment, at = "", 0
    ends = {claim.at[1]: claim for claim in answer.claims}
    for run in phrasing.runs(answer):
        at += len(run.text)
        fragment += _marker(run.cites, anchor) if run.cites else _lines(run.text)
        fragment += _doubts(run.claim) if run.claim and run.claim is ends.get(at) else ""
    return fragment


def _omitted(answer: Answer) -> str:
    if not answer.omitted:
        return ""
    rows = "".join(
        f"<li>{as_words(left.text)} <em>({as_words(left.reason)})</em></li>"
        for left in answer.omitted
    )
    heading = f"{phrasing.count(len(answer.omitted), 'sentence')} left out"
    return f'<details class="omitted"><summary>{heading}</summary><ul>{rows}</ul></details>'


def _not_said(outcome: NoAnswer, anchor: str) -> str:
    step = phrasing.what_next(outcome)
    if outcome.reason == "only_in_comments":
        step = "Tick “Readers’ comments too” and ask again to see them."
    told = re.sub("&#96;(.*?)&#96;", r"<code>\1</code>", as_words(step or ""))
    next_step = f"<p>{told}</p>" if step else ""
    near = "; ".join(
        f"{_marker(citation.n, anchor)} {as_words(citation.article.title or 'Without a headline')}"
        for citation in outcome.nearest
    )
    nearest = f'<p class="nearest">What came nearest: {near}</p>' if near else ""
    return f'<p class="unsaid">{as_words(phrasing.why_not(outcome))}</p>{next_step}{nearest}'


def _doubts(claim: Claim) -> str:
    return "".join(f' <em class="doubt">{as_words(doubt)}</em>' for doubt in phrasing.doubts(claim))


def _marker(number: int, anchor: str) -> str:
    where = html.escape(f"#{anchor}-{number}")
    return f'<sup><a class="marker" href="{where}" title="Source {number}">{number}</a></sup>'


def _card(citation: Citation, anchor: str) -> str:
    name = html.escape(f"{anchor}-{citation.n}")
    comment = " comment" if citation.part == "comment" else ""
    return (
        f'<article class="source{comment}" id="{name}" tabindex="-1">'
        f'<h4 dir="auto"><span class="number">{citation.n}</span> {_title(citation.article)}</h4>'
        f"{_meta(citation)}{_badge(citation)}{_passage(citation)}"
        f"{_story(citation.story)}{_notices(citation.notices)}{_whole(citation)}</article>"
    )


def _title(article: Article) -> str:
    title = as_words(article.title or "Without a headline")
    if article.url and re.match(r"https?://", article.url, re.IGNORECASE):
        address = html.escape(article.url)
        title = f'<a href="{address}" target="_blank" rel="noopener noreferrer">{title}</a>'
    told = ' <small class="told">headline told from the text</small>'
    return title + (told if article.title_inferred else "")


def _meta(citation: Citation) -> str:
    article = citation.article
    pieces = [as_words(article.outlet or "outlet unknown"), _time(article.date)]
    pieces += [phrasing.pages(article, citation) or ""]
    pieces += [f"by {as_words(', '.join(article.authors))}"] if article.authors else []
    return f'<p class="meta">{" · ".join(filter(None, pieces))}</p>'


def _time(when: date | None) -> str:
    if when is None:
        return "undated"
    return f'<time datetime="{when.isoformat()}">{phrasing.day(when)}</time>'


def _badge(citation: Citation) -> str:
    if citation.part == "comment":
        return f'<p class="badge">{as_words(phrasing.commenter(citation))}, not reporting</p>'
    name = phrasing.part_name(citation.part)
    return f'<p class="part">{name}</p>' if name else ""


def _passage(citation: Citation) -> str:
    around = phrasing.excerpt(citation, _ROOM)
    before = ("… " if around.cut_before else "") + around.before
    after = around.after + (" …" if around.cut_after else "")
    return (
        f'<blockquote dir="auto"{_lang(citation.article)}>{_lines(before)}'
        f"<mark>{_lines(around.words)}</mark>{_lines(after)}</blockquote>"
    )


def _whole(citation: Citation) -> str:
    article = citation.article
    parts = "".join(_part(citation, part) for part in article.parts if part.start < _WHOLE)
    rest = "<p>…</p>" if len(article.text) > _WHOLE else ""
    return (
        f'<details class="whole"><summary>Read the whole article</summary>'
        f'<div dir="auto"{_lang(article)}>{parts}{rest}</div></details>'
    )


def _part(citation: Citation, part: Part) -> str:
    text, end = citation.article.text, min(part.end, _WHOLE)
    words = _lines(text[part.start : end])
    if part.start <= citation.start < citation.end <= end:
        before, after = text[part.start : citation.start], text[citation.end : end]
        words = f"{_lines(before)}<mark>{_lines(citation.text)}</mark>{_lines(after)}"
    whose = f"<b>Reader’s comment{' by ' + as_words(part.author) if part.author else ''}</b> "
    return f'<p class="{part.part}">{whose if part.part == "comment" else ""}{words}</p>'


def _story(story: Story) -> str:
    printed = phrasing.printed_by(story)
    return f'<p class="story">{as_words(printed)}</p>' if printed else ""


def _notices(notices: Iterable[Notice]) -> str:
    return "".join(f'<p class="notice">{as_words(notice.text)}</p>' for notice in notices)


def _hit(hit: Hit) -> str:
    cut = hit.text[:_SNIPPET].rpartition(" ")[0] + " …" if len(hit.text) > _SNIPPET else hit.text
    badge = '<span class="badge">Reader’s comment</span> ' if hit.passage.part == "comment" else ""
    where = [_time(hit.article.date), as_words(hit.article.outlet or "outlet unknown")]
    where += [phrasing.pages(hit.article, hit.passage) or ""]
    return (
        f'<li dir="auto"><span class="meta">{" · ".join(filter(None, where))}</span>'
        f"<strong>{_title(hit.article)}</strong>"
        f"<p{_lang(hit.article)}>{badge}{as_words(cut)}</p>{_story(hit.story)}</li>"
    )


def _lang(article: Article) -> str:
    return f' lang="{html.escape(article.language)}"' if article.language else ""


def _lines(text: str) -> str:
    """Return text with its line ends kept as breaks; see `as_words`."""
    return re.sub(r"(?:&#10;\s*)+", "<br>", _escaped(text).replace("\n", "&#10;"))


def as_words(text: str) -> str:
    """Return text as nothing but words to HTML and to Markdown, on one line."""
    return re.sub(r"\s+", " ", _escaped(text))


def _escaped(text: str) -> str:
    """Escape for HTML, then what Markdown reads; the signs of HTML's own escapes stay whole.

    Codes that turn the words behind them around go out: a headline could unsay its own source.
    """
    quiet = "\n".join(map(harmless, text.split("\n")))
    pieces = re.split(r"(&(?:amp|lt|gt|quot|#x27);)", html.escape(quiet))
    return "".join(
        piece if odd % 2 else piece.translate(_ACTIVE) for odd, piece in enumerate(pieces)
    )
