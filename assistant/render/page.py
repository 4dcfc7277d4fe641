"""An outcome as HTML, for the chat and for saving.

What comes from an archive goes through `as_words`, which leaves nothing that HTML or Markdown would
read as more than words.
"""

import html
import re
from collections.abc import Iterable, Sequence
from datetime import date

from assistant.answer import Answer, Citation, Claim, Conflict, Listing, NoAnswer, Outcome
from assistant.render import phrasing
from assistant.render.cards import (
    lang,
    notices_html,
    source_cards_html,
    speaker_html,
    story_html,
    time_html,
    title_html,
)
from assistant.render.escaped import as_lines, as_words
from assistant.render.interface_text import Say, counted, in_english
from assistant.render.retold import retold
from ingest.article import Hit, ListedArticle

_SNIPPET = 220


def to_html(outcome: Outcome, anchor: str = "source", say: Say = in_english) -> str:
    """Return an outcome with its sources. Citation n links to the element `anchor`-n."""
    sources = outcome.nearest if isinstance(outcome, NoAnswer) else outcome.citations
    heading = say("Sources") if isinstance(outcome, Answer) else say("What came nearest")
    cards = (
        f'<div class="cards"><h2>{html.escape(heading)}</h2>'
        f"{source_cards_html(sources, anchor, say)}</div>"
        if sources
        else ""
    )
    return f'<section class="outcome">{answer_html(outcome, anchor, say)}{cards}</section>'


def answer_html(outcome: Outcome, anchor: str = "source", say: Say = in_english) -> str:
    """Return the answer alone, its citations links to the elements `anchor`-n."""
    match outcome:
        case Answer():
            said = _said(outcome, anchor, say)
        case Listing():
            said = _list(outcome, say)
        case NoAnswer():
            said = _not_said(outcome, anchor, say)
    warned = notices_html(phrasing.gaps(outcome.warnings)[1], say)
    understood = "".join(
        f'<p class="understood">{as_words(line)}</p>'
        for line in phrasing.understood(outcome.searched, say)
    )
    line = phrasing.searched_line(outcome.searched, say)
    searched = f'<p class="searched">{as_words(line)}</p>'
    back = _ways_back(said, anchor)
    return f'<div class="answer">{back}{warned}{understood}{searched}</div>'


def _ways_back(said: str, anchor: str) -> str:
    """Name the first marker of each citation, so that its card leads back to it."""
    named: set[str] = set()

    def name(marker: re.Match[str]) -> str:
        first = marker[1] not in named
        named.add(marker[1])
        return f'<a id="{marker[1]}-in" {marker[0][3:]}' if first else marker[0]

    return re.sub(rf'<a class="marker" href="#({re.escape(html.escape(anchor))}-\d+)"', name, said)


def _list(listing: Listing, say: Say) -> str:
    """Return a list of articles, a line each, under what is counted."""
    rows = "".join(_listed(one, say) for one in listing.articles)
    rest = phrasing.rest_of(listing, say)
    more = f'<p class="more">{as_words(rest)}</p>' if rest else ""
    told = as_words(retold(listing.text, say))
    return f'<p class="counted">{told}</p><ol class="articles">{rows}</ol>{more}'


def _listed(listed: ListedArticle, say: Say) -> str:
    article = listed.article
    outlet = as_words(article.outlet or say("outlet unknown"))
    place = f"{outlet} · {time_html(article.date, say)}"
    told = phrasing.told_by(listed, say)
    told_by = f" · {as_words(told)}" if told else ""
    lead = f'<p dir="auto"{lang(article)}>{as_words(listed.lead)}</p>' if listed.lead else ""
    return (
        f'<li><strong dir="auto">{title_html(article, say)}</strong>'
        f'<p class="meta">{place}{told_by}</p>{lead}{notices_html(listed.notices, say)}</li>'
    )


def said_html(
    claim: Claim, citations: Sequence[Citation], anchor: str = "source", say: Say = in_english
) -> str:
    """Return one checked sentence, as it stands while an answer is still being said."""
    numbers = "".join(
        _marker(citation.n, anchor, say) for citation in phrasing.cited(claim, citations)
    )
    if claim.verdict != "verbatim":
        return f"{as_words(phrasing.bare(claim))}{numbers}{_doubts(claim, say)} "
    whose = "".join(
        f"<cite>{_attribution(claim, cited, say)} {_marker(cited.n, anchor, say)}</cite>"
        for cited in phrasing.cited(claim, citations)
    )
    day = f'<p class="day">{time_html(claim.day, say)}</p>' if claim.day else ""
    return f'{day}<blockquote dir="auto">{as_words(phrasing.bare(claim))}{whose}</blockquote>'


def _attribution(claim: Claim, cited: Citation, say: Say) -> str:
    """Return who says a claim, and where; the name leads to all that they said."""
    told = phrasing.attribution(claim, cited, say)
    if not claim.speaker or not told.startswith(claim.speaker):
        return as_words(told)
    return speaker_html(claim.speaker) + as_words(told.removeprefix(claim.speaker))


def hits_by_date_html(hits: Iterable[Hit], say: Say = in_english) -> str:
    """Return hits as a plain list, oldest first, undated ones last."""
    ordered = sorted(hits, key=lambda hit: (hit.article.date or date.max, hit.passage.start))
    if not ordered:
        return f'<p class="none">{html.escape(say("No passages were found."))}</p>'
    return f'<ol class="hits">{"".join(_hit(hit, say) for hit in ordered)}</ol>'


def said_answer_html(answer: Answer, anchor: str = "source", say: Say = in_english) -> str:
    """Return what an answer says and no more, its first markers named."""
    claims = phrasing.under_days(answer.claims)
    said = "".join(said_html(claim, answer.citations, anchor, say) for claim in claims)
    return _ways_back(said, anchor)


def _said(answer: Answer, anchor: str, say: Say) -> str:
    said = "".join(
        f"<p>{_written(stretch, anchor, say)}</p>"
        if isinstance(stretch, Answer)
        else said_html(stretch, answer.citations, anchor, say)
        for stretch in phrasing.stretches(answer)
    )
    missing = "".join(
        f'<p class="unsaid">{as_words(retold(notice.text, say))}</p>'
        for notice in phrasing.gaps(answer.warnings)[0]
    )
    conflicts = "".join(_conflict(answer, conflict, anchor, say) for conflict in answer.conflicts)
    told = phrasing.independence(answer.citations, say)
    witnesses = f'<p class="witnesses">{as_words(told)}</p>' if told else ""
    line = phrasing.more_line(answer, say)
    more = f'<p class="more">{_with_commands(line)}</p>' if line else ""
    return said + missing + conflicts + witnesses + _omitted(answer, say) + more


def _conflict(answer: Answer, conflict: Conflict, anchor: str, say: Say) -> str:
    """Return both sides beside each other, each with where and when it was printed."""
    told = "".join(
        f"<div><dt>{as_words(value)}{_marker(citation.n, anchor, say)}</dt>"
        f"<dd>{as_words(phrasing.imprint(citation, say))}</dd></div>"
        for value, citation in phrasing.sides(conflict, answer.citations)
    )
    heading = f"<p>{html.escape(say(phrasing.CONFLICT[conflict.kind]))}</p>"
    return f'<section class="conflict">{heading}<dl>{told}</dl></section>'


def _written(answer: Answer, anchor: str, say: Say) -> str:
    fragment, at = "", 0
    ends = {claim.at[1]: claim for claim in answer.claims}
    for run in phrasing.runs(answer):
        at += len(run.text)
        fragment += _marker(run.cites, anchor, say) if run.cites else as_lines(run.text)
        fragment += _doubts(run.claim, say) if run.claim and run.claim is ends.get(at) else ""
    return fragment


def _omitted(answer: Answer, say: Say) -> str:
    if not answer.omitted:
        return ""
    rows = "".join(
        f"<li>{as_words(left.text)} <em>({as_words(retold(left.reason, say))})</em></li>"
        for left in answer.omitted
    )
    heading = counted(say, len(answer.omitted), "1 sentence left out", "{n} sentences left out")
    told = html.escape(heading)
    return f'<details class="omitted"><summary>{told}</summary><ul>{rows}</ul></details>'


def _not_said(outcome: NoAnswer, anchor: str, say: Say) -> str:
    step = phrasing.what_next(outcome, say)
    if outcome.reason == "only_in_comments":
        step = say("Tick “Readers’ comments too” and ask again to see them.")
    next_step = f"<p>{_with_commands(step)}</p>" if step else ""
    near = "; ".join(
        f"{_marker(citation.n, anchor, say)} "
        f"{as_words(citation.article.title or say('Without a headline'))}"
        for citation in outcome.nearest
    )
    came = as_words(say("What came nearest:"))
    nearest = f'<p class="nearest">{came} {near}</p>' if near else ""
    why = as_words(phrasing.why_not(outcome, say))
    return f'<p class="unsaid">{why}</p>{next_step}{nearest}'


def _with_commands(text: str) -> str:
    """Return words in which what stands between grave accents is a command."""
    return re.sub("&#96;(.*?)&#96;", r"<code>\1</code>", as_words(text))


def _doubts(claim: Claim, say: Say) -> str:
    return "".join(
        f' <em class="doubt">{as_words(doubt)}</em>' for doubt in phrasing.doubts(claim, say)
    )


def _marker(number: int, anchor: str, say: Say) -> str:
    where = html.escape(f"#{anchor}-{number}")
    told = html.escape(say("Source {n}", n=number))
    return f'<sup><a class="marker" href="{where}" title="{told}">{number}</a></sup>'


def _hit(hit: Hit, say: Say) -> str:
    cut = hit.text[:_SNIPPET].rpartition(" ")[0] + " …" if len(hit.text) > _SNIPPET else hit.text
    comment = f'<span class="badge">{html.escape(say("Reader’s comment"))}</span> '
    badge = comment if hit.passage.part == "comment" else ""
    where = [time_html(hit.article.date, say)]
    where += [as_words(hit.article.outlet or say("outlet unknown"))]
    where += [html.escape(phrasing.pages_told(hit.article, hit.passage, say))]
    return (
        f'<li dir="auto"><span class="meta">{" · ".join(filter(None, where))}</span>'
        f"<strong>{title_html(hit.article, say)}</strong>"
        f"<p{lang(hit.article)}>{badge}{as_words(cut)}</p>{story_html(hit.story, say)}</li>"
    )
