"""A conversation as the chat of the page shows it: each question, its steps, its answer.

The messages and cards are HTML that `page` made harmless; nothing here knows what shows them.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime
from html import escape
from typing import Any
from urllib.parse import quote

from assistant.answer import (
    Answer,
    Citation,
    Finished,
    Found,
    Listing,
    Meanwhile,
    NoAnswer,
    Outcome,
    Said,
    Step,
    Understood,
)
from assistant.render.cards import source_cards_html
from assistant.render.escaped import as_words
from assistant.render.filter_chips import watch_address
from assistant.render.interface_text import Say, counted, day_told, days_told, in_english
from assistant.render.page import answer_html, said_answer_html, said_html
from assistant.understand.coreference import names
from ingest.article import Filters, Hit


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A question, and how far its answer has come. `said`, `steps` and `note` are HTML.

    `meanwhile` are the quotations that stand until a model has written; `note` is told beneath the
    answer; `given` is when an earlier answer was given.
    """

    number: int
    question: str
    key: str = ""
    steps: tuple[str, ...] = ()
    said: str = ""
    hits: tuple[Hit, ...] = ()
    citations: tuple[Citation, ...] = ()
    meanwhile: Answer | None = None
    outcome: Outcome | None = None
    failure: str | None = None
    note: str = ""
    given: datetime | None = None
    filters: Filters = field(default_factory=Filters)

    @property
    def anchor(self) -> str:
        """The name that this exchange's sources stand under in the page."""
        return f"answer{self.number}-source"

    @property
    def quoted_anchor(self) -> str:
        """The name that the sources of the quotations that stand meanwhile have in the page."""
        return f"quoted{self.number}-source"

    @property
    def quoted(self) -> Answer | None:
        """The quotations, as long as they are not the answer itself."""
        quotes = isinstance(self.outcome, Answer) and self.outcome.mode == "quotes"
        return None if quotes else self.meanwhile

    @property
    def gave_way(self) -> bool:
        """Whether something was written that stands in place of the quotations."""
        return bool(self.said) or self.outcome is not None

    @property
    def over(self) -> bool:
        """Whether nothing more is to come."""
        return self.outcome is not None or self.failure is not None


Talk = tuple[Exchange, ...]


def follow(exchange: Exchange, step: Step, say: Say = in_english) -> Exchange:
    """Return the exchange one step further, told as `say` speaks."""
    match step:
        case Understood(question=question):
            days = question.period or question.filters
            when = days_told(days.since, days.until, say)
            looking = say("Looking for: {question}", question=question.text)
            steps = (*exchange.steps, as_words(looking + (f" ({when})" if when else "")))
            return replace(exchange, steps=steps, filters=question.filters)
        case Found(hits=hits, searched=searched):
            articles = len({hit.article.article_id for hit in hits})
            found = say(
                "Passages found: {n}, in {some} of {all} articles",
                n=f"{len(hits):,}", some=f"{articles:,}", all=f"{searched.articles:,}",
            )  # fmt: skip
            reading = say("Holding every sentence against the words it rests on")
            steps = (*exchange.steps, escape(found), escape(reading))
            return replace(exchange, hits=hits, steps=steps)
        case Meanwhile(answer=answer):
            writing = say("Quoting, while a model writes an answer from the same articles")
            return replace(exchange, meanwhile=answer, steps=(*exchange.steps, escape(writing)))
        case Said(claim=claim, citations=citations):
            said = exchange.said + said_html(claim, citations, exchange.anchor, say)
            known = {citation.n: citation for citation in (*exchange.citations, *citations)}
            return replace(exchange, said=said, citations=tuple(known.values()))
        case Finished(outcome=outcome):
            return replace(exchange, outcome=outcome)


def messages(talk: Talk, say: Say = in_english) -> list[dict[str, Any]]:
    """Return a talk as the chat shows it: question, steps, answer."""
    shown: list[dict[str, Any]] = []
    for exchange in talk:
        shown.append({"role": "user", "content": f"<h2>{as_words(exchange.question)}</h2>"})
        shown.append(_progress(exchange, say))
        if exchange.quoted:
            quoted = _meanwhile(exchange, exchange.quoted, say)
            shown.append({"role": "assistant", "content": quoted})
        answer = _answer(exchange, say)
        if answer:
            said = {"role": "assistant", "content": answer}
            more = exchange.outcome and exchange.outcome.searched.understood
            literally = {"value": exchange.question, "label": say(_LITERALLY)}
            shown.append(said | ({"options": [literally]} if more else {}))
    return shown


_LITERALLY = "Search these words as they stand"


def sources(talk: Talk, say: Say = in_english) -> str:
    """Return the cards of every answer, the newest first; those of the last question open."""
    sections: list[str] = []
    if talk and talk[-1].over and not _cards(talk[-1], say):
        told = say("The last answer rests on no single words.")
        sections.append(f'<p class="none">{escape(told)}</p>')
    for exchange in reversed(talk):
        cards = _cards(exchange, say)
        if not cards:
            continue
        if sections:
            title = as_words(exchange.question)
            cards = f'<details class="earlier"><summary>{title}</summary>{cards}</details>'
        sections.append(cards)
    none = say("The articles that an answer rests on appear here, with the cited words marked.")
    nothing = f'<p class="none">{escape(none)}</p>'
    return f'<div class="cards">{"".join(sections) or nothing}</div>'


def _progress(exchange: Exchange, say: Say) -> dict[str, Any]:
    items = "".join(f"<li>{step}</li>" for step in exchange.steps)
    title = say("Searching the archive")
    if exchange.given:
        title = say("Answered on {day}", day=day_told(exchange.given, say))
    elif exchange.hits or exchange.over:
        title = counted(say, len(exchange.hits), "1 passage found", "{n} passages found")
    if isinstance(exchange.outcome, Listing):
        title = counted(say, exchange.outcome.total, "1 article listed", "{n} articles listed")
    elif exchange.outcome:
        cited = len(exchange.outcome.citations)
        told = counted(say, cited, "1 citation", "{n} citations") if cited else say("none cited")
        title += f", {told}"
    status = "done" if exchange.over else "pending"
    metadata: dict[str, Any] = {"title": title, "status": status}
    if exchange.outcome:
        metadata["duration"] = round(exchange.outcome.seconds, 2)
    return {"role": "assistant", "content": f"<ul>{items}</ul>", "metadata": metadata}


def _meanwhile(exchange: Exchange, quoted: Answer, say: Say) -> str:
    """Return the quotations: open while nothing is written, then folded beside what is.

    They are a message of their own: what is open in it stays so while the answer grows.
    """
    said = said_answer_html(quoted, exchange.quoted_anchor, say)
    if exchange.gave_way:
        told = escape(say("What the archive prints: {n}", n=len(quoted.claims)))
        return (
            f'<details class="meanwhile"><summary>{told}</summary>'
            f'<div class="answer">{said}</div></details>'
        )
    told = escape(say("A model is writing. Quoted meanwhile:"))
    writing = "" if exchange.over else f'<p class="writing">{told}</p>'
    return f'<div class="meanwhile">{writing}<div class="answer">{said}</div></div>'


def _answer(exchange: Exchange, say: Say) -> str:
    if exchange.outcome:
        answer = answer_html(exchange.outcome, exchange.anchor, say)
        return answer + exchange.note + _tools(exchange, say)
    said = f'<div class="answer">{exchange.said}</div>' if exchange.said else ""
    tools = _tools(exchange, say) if exchange.over else ""
    return said + (exchange.failure or "") + exchange.note + tools


def _tools(exchange: Exchange, say: Say) -> str:
    """Return what can be done with one answer: each is a link, for whoever has no script too."""
    asked, record = quote(exchange.question), exchange.outcome and exchange.outcome.record_id
    tools = [
        f'<a class="again" href="/?q={asked}">{escape(say("Ask again"))}</a>',
        f'<a class="edit" href="/?q={asked}">{escape(say("Edit the question"))}</a>',
    ]
    if exchange.outcome:
        kept = escape(watch_address(_watched(exchange), exchange.filters))
        tools.append(f'<a class="watched" href="{kept}">{escape(say("Watch what comes"))}</a>')
    if record:
        where = escape(quote(record))
        link = escape(say("Link to this answer"))
        tools.insert(0, f'<a class="address" href="/a/{where}">{link}</a>')
        tools.insert(1, f'<a class="copy" href="/a/{where}.md">{escape(say("Copy"))}</a>')
    return f'<p class="tools">{" · ".join(tools)}</p>'


def _watched(exchange: Exchange) -> str:
    """Return words to watch for: the names of a question, all of it where it names nothing."""
    named = names(exchange.question)
    return " ".join(f'"{one}"' if " " in one else one for one in named) or exchange.question


def _cards(exchange: Exchange, say: Say) -> str:
    quoted = _quoted_cards(exchange, say)
    if isinstance(exchange.outcome, NoAnswer):
        near = source_cards_html(exchange.outcome.nearest, exchange.anchor, say)
        told = escape(say("No answer, but this came nearest:"))
        return (f'<p class="near">{told}</p>{near}' if near else "") + quoted
    cited = exchange.outcome.citations if exchange.outcome else exchange.citations
    return source_cards_html(cited, exchange.anchor, say) + quoted


def _quoted_cards(exchange: Exchange, say: Say) -> str:
    """Return the sources of the quotations, folded up where an answer has its own."""
    if exchange.quoted is None:
        return ""
    cards = source_cards_html(exchange.quoted.citations, exchange.quoted_anchor, say)
    if not exchange.gave_way:
        return cards
    told = escape(say("Sources of the quotations"))
    return f'<details class="earlier"><summary>{told}</summary>{cards}</details>'
