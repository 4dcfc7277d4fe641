"""`/list`: browse the articles by filters and words; what is counted leads on, all of it pages."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from html import escape
from typing import Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assistant.answer import Listing
from assistant.doors.api.call import AnyCall, Call
from assistant.doors.web.narrowing import NarrowingLink, chips, facet, found_html
from assistant.doors.web.sheet import failure, sheet
from assistant.doors.web.tongues import Tongue, whom_to_ask
from assistant.render import as_words
from assistant.render.cards import notices_html, story_html, time_html
from assistant.render.histogram import bars, histogram_svg
from assistant.render.interface_text import Say, day_told
from assistant.render.language_names import language_told
from assistant.render.printed import address
from assistant.render.retold import retold
from assistant.render.spreadsheet import as_cell
from ingest.archive.browse import FacetField
from ingest.article import Article, Filters, ListedArticle
from ingest.errors import MorgueError, SettingsError
from ingest.language.control_characters import harmless

router = APIRouter()

_A_PAGE = 20
_OUT_AT_ONCE = 500
_MOST_OUT = 20_000
FACET_NAMES: dict[FacetField, str] = {
    "outlet": "Outlets",
    "section": "Sections",
    "language": "Languages",
    "collection": "Collections",
}
_SHOWN = 12
_SORTS = {"newest": "Newest first", "date": "Oldest first", "relevance": "Best match first"}
_LONGEST, _DAYS, _VALUES = 400, 30, 50
"""Characters of words and of a day, and values of a filter, that an address may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListWanted:
    """What an address asks for, as it was written."""

    q: str = ""
    since: str = ""
    until: str = ""
    outlet: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    collection: tuple[str, ...] = ()
    sort: str = "newest"

    def filters(self) -> Filters:
        """Return the filters. Raises SettingsError for what is no day."""
        return Filters(
            since=_day(self.since),
            until=_day(self.until),
            outlets=self.outlet,
            sections=self.section,
            languages=self.language,
            collections=self.collection,
        )

    def at(self, where: str = "/list", **more: str) -> str:
        """Return the address of this, with some of its parts besides."""
        pairs = [("q", self.q), ("from", self.since), ("to", self.until)]
        pairs += [(name, value) for name in FACET_NAMES for value in getattr(self, name)]
        pairs += [("sort", self.sort if self.sort != "newest" else "")]
        return f"{where}?{urlencode([p for p in [*pairs, *more.items()] if p[1]])}"


def _day(written: str) -> date | None:
    if not written:
        return None
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise SettingsError(f"“{written}” is not a day", "write it like 2024-03-12") from error


def list_wanted(request: Request) -> ListWanted:
    """Return what an address asks for."""
    given = request.query_params
    sort = given.get("sort", "")
    names = {name: tuple(given.getlist(name)[:_VALUES]) for name in FACET_NAMES}
    return ListWanted(
        q=given.get("q", "").strip()[:_LONGEST],
        since=given.get("from", "")[:_DAYS],
        until=given.get("to", "")[:_DAYS],
        sort=sort if sort in _SORTS else "newest",
        **names,
    )


@router.get("/list")
async def articles(request: Request, call: AnyCall) -> Response:
    """List articles by filters and words, a page of them, with what they are."""
    wanted, page = list_wanted(request), request.query_params.get("next")
    call.note(wanted.q)
    tongue = Tongue.of(request.headers.get("accept-language", ""))
    title = tongue.say("Articles")
    try:
        body = await call.run(lambda: _body(call, tongue, wanted, page))
    except MorgueError as error:
        body = f"{_form(tongue, wanted)}{failure(error, tongue.say)}"
    return sheet(request, title, f"<h1>{escape(title)}</h1>{body}")


@router.get("/list.csv")
async def table(request: Request, call: AnyCall) -> Response:
    """Return a list as a table: a row an article, all of its pages up to a limit that it tells."""
    wanted = list_wanted(request)
    call.note(wanted.q)
    text = await call.run(lambda: _csv(call, wanted))
    named = {"Content-Disposition": 'attachment; filename="articles.csv"'}
    return Response(text, media_type="text/csv; charset=utf-8", headers=named)


def _listing(call: Call, wanted: ListWanted, page: str | None, k: int = _A_PAGE) -> Listing:
    return call.newsroom.browse(
        wanted.q,
        filters=call.narrowed(wanted.filters()),
        sort=_sort(wanted),
        k=k,
        next=page,
        facets=(*FACET_NAMES, "month"),
    )


def _sort(wanted: ListWanted) -> Literal["date", "newest", "relevance"]:
    if wanted.sort == "relevance" and wanted.q:
        return "relevance"
    return "date" if wanted.sort == "date" else "newest"


def _body(call: Call, tongue: Tongue, wanted: ListWanted, page: str | None) -> str:
    found, say = _listing(call, wanted, page), tongue.say
    if not found.total and not call.newsroom.archive.status(call.scope).articles:
        return _empty(call, tongue)
    rows = "".join(_row(tongue, listed) for listed in found.articles)
    narrow = say("Take a filter off, or fewer words: every one of them must stand in an article.")
    nothing = f'<p class="none">{escape(narrow)}</p>'
    first = f'<a class="button" href="{escape(wanted.at())}">{escape(say("First page"))}</a>'
    pages = first if page else ""
    if found.next:
        where = escape(wanted.at(next=found.next))
        pages += f'<a class="button" rel="next" href="{where}">{escape(say("Next page"))}</a>'
    listed = f'<ol class="listed">{rows}</ol>' if rows else nothing
    picture = histogram_svg(
        bars(found.facets.get("month", {})),
        say("Articles by time"),
        lambda bar: replace(wanted, since=str(bar.since), until=str(bar.until)).at(),
    )
    return (
        f"{_form(tongue, wanted)}{_chips(tongue, wanted)}"
        f"{found_html(call.request, retold(found.text, say))}{picture}"
        f'<div class="browse"><div class="rows">{listed}'
        f'<p class="tools">{pages}{_out(tongue, wanted) if rows else ""}</p></div>'
        f"<div>{_facets(tongue, wanted, found.facets)}</div></div>"
    )


def _empty(call: Call, tongue: Tongue) -> str:
    """Return that there is nothing to list: where to drop it, or whom to ask for it."""
    say = tongue.say
    told = f"<p>{escape(say('There are no articles here that you may see.'))}</p>"
    if call.reader.scope == "admin":
        where = escape(say("Add articles"))
        return f'{told}<p><a class="button" href="/ingest">{where}</a></p>'
    keeper = call.request.app.state.rules.keeper
    return f"{told}<p>{as_words(whom_to_ask(tongue, keeper))}</p>"


def _out(tongue: Tongue, wanted: ListWanted) -> str:
    where = escape(wanted.at("/list.csv"))
    return f'<a class="button" href="{where}" download>{escape(tongue.say("As a table (CSV)"))}</a>'


def _form(tongue: Tongue, wanted: ListWanted) -> str:
    say = tongue.say
    kept = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">'
        for name in FACET_NAMES
        for value in getattr(wanted, name)
    )
    sorts = "".join(
        f'<option value="{name}"{" selected" if name == wanted.sort else ""}>{escape(say(told))}'
        "</option>"
        for name, told in _SORTS.items()
    )
    days = "".join(
        f'<label>{escape(say(told))} <input type="date" name="{name}" value="{escape(value)}">'
        "</label>"
        for name, told, value in (("from", "From", wanted.since), ("to", "To", wanted.until))
    )
    return (
        f'<search><form class="find wide" method="get" action="/list">{kept}'
        f'<label class="words">{escape(say("Words that every article has"))} '
        f'<input type="search" name="q" value="{escape(wanted.q)}"></label>{days}'
        f'<label>{escape(say("Order"))} <select name="sort">{sorts}</select></label>'
        f"<button>{escape(say('Show'))}</button></form></search>"
    )


def _chips(tongue: Tongue, wanted: ListWanted) -> str:
    """Return what is set as links that take it off."""
    say = tongue.say
    is_set = [
        NarrowingLink(
            value_told(name, value, say),
            _with(wanted, name, _without(getattr(wanted, name), value)).at(),
        )
        for name in FACET_NAMES
        for value in getattr(wanted, name)
    ]
    if wanted.since:
        told = say("From {day}", day=_told(wanted.since, say))
        is_set.append(NarrowingLink(told, replace(wanted, since="").at()))
    if wanted.until:
        told = say("To {day}", day=_told(wanted.until, say))
        is_set.append(NarrowingLink(told, replace(wanted, until="").at()))
    if wanted.q:
        is_set.append(NarrowingLink(f"“{wanted.q}”", replace(wanted, q="").at()))
    kept, told = escape(wanted.at("/watches")), escape(say("Save this search"))
    saved = f'<li><a class="chip every" href="{kept}">{told}</a></li>'
    return chips(tongue, is_set, "/list", saved)


def _with(wanted: ListWanted, name: str, values: tuple[str, ...]) -> ListWanted:
    changed: dict[str, Any] = {name: values}
    return replace(wanted, **changed)


def _without(values: tuple[str, ...], value: str) -> tuple[str, ...]:
    return tuple(one for one in values if one != value)


def _told(written: str, say: Say) -> str:
    when = _day(written)
    return day_told(when, say)


def _facets(tongue: Tongue, wanted: ListWanted, facets: Mapping[str, Mapping[str, int]]) -> str:
    return "".join(_facet(tongue, wanted, name, facets.get(name, {})) for name in FACET_NAMES)


def value_told(name: str, value: str, say: Say) -> str:
    """Return a value of a filter as it is read: a language by its name."""
    return language_told(value, say) if name == "language" else value


def _facet(tongue: Tongue, wanted: ListWanted, name: FacetField, counted: Mapping[str, int]) -> str:
    chosen: tuple[str, ...] = getattr(wanted, name)
    links = [
        NarrowingLink(
            value_told(name, value, tongue.say), _with(wanted, name, (*chosen, value)).at(), n
        )
        for value, n in list(counted.items())[:_SHOWN]
        if value not in chosen
    ]
    return facet(tongue.say(FACET_NAMES[name]), links)


def _row(tongue: Tongue, listed: ListedArticle) -> str:
    article = listed.article
    where = as_words(article.outlet or tongue.say("outlet unknown"))
    title = as_words(article.title or tongue.say("Without a headline"))
    lead = f'<p class="lead" dir="auto">{as_words(listed.lead)}</p>' if listed.lead else ""
    return (
        f'<li><h2 dir="auto"><a href="{escape(address(article))}">{title}</a></h2>'
        f'<p class="meta">{where} · {time_html(article.date, tongue.say)}</p>{lead}'
        f"{story_html(listed.story, tongue.say)}{notices_html(listed.notices, tongue.say)}"
        f"{_to_open(article, tongue.say)}</li>"
    )


def _to_open(article: Article, say: Say) -> str:
    """Return what opens an article in its place: a script fetches its words once it is opened."""
    here, alone = escape(say("Read it here")), escape(say("Open it on a page of its own"))
    where = escape(address(article))
    return (
        f'<details class="whole" data-from="{where}&amp;within=1"><summary>{here}</summary>'
        f'<p class="alone"><a href="{where}" target="_blank" rel="noopener">{alone}</a></p>'
        "</details>"
    )


def _csv(call: Call, wanted: ListWanted) -> str:
    return table_of(_pages(call, wanted), _MOST_OUT)


def table_of(pages: Iterable[Listing], most: int) -> str:
    """Return a list as a table of at most so many rows; where it has more, the last one says so."""
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(("date", "outlet", "title", "lead", "url", "section", "language", "copies", "id"))
    written = 0
    for page in pages:
        for listed in page.articles[: most - written]:
            rows.writerow(_cells(listed))
            written += 1
        if written == most and written < page.total:
            told = f"Only the first {most:,} of {page.total:,} articles: narrow the list for more."
            rows.writerow(("", "", told, "", "", "", "", "", ""))
            break
    return out.getvalue()


def _cells(listed: ListedArticle) -> Iterator[str]:
    article = listed.article
    values = (
        article.date or "", article.outlet or "", article.title, listed.lead,
        article.url or "", article.section or "", article.language or "",
        listed.story.copies, article.article_id,
    )  # fmt: skip
    return (as_cell(harmless(str(value))) for value in values)


def _pages(call: Call, wanted: ListWanted) -> Iterator[Listing]:
    page: str | None = None
    while True:
        found = _listing(call, wanted, page, _OUT_AT_ONCE)
        yield found
        page = found.next
        if page is None:
            return
