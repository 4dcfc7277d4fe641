"""`/watches`: saved searches, what came since one looked, the address of each one's feed.

Forms alone do everything. What came stays new until its reader says that they have seen it: a
mark in the masthead, which the pages ask for at `/watches/new`, says so on all of them.
"""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Annotated, get_args

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from pydantic import BaseModel, Field

from assistant.doors.alerts.watch_desk import WatchDesk, WatchNews
from assistant.doors.api.call import AnyCall, Call
from assistant.doors.web.list_page import FACET_NAMES, ListWanted, list_wanted, value_told
from assistant.doors.web.sheet import FOCUSED, failure, sheet
from assistant.doors.web.tongues import Tongue
from assistant.render import as_words
from assistant.render.cards import time_html
from assistant.render.interface_text import day_told, to_say
from assistant.render.language_names import language_told
from assistant.render.moments import with_moment
from assistant.render.printed import address
from assistant.render.retold import retold
from ingest.archive.alerting import Alert
from ingest.archive.watches import Wanted, Watch, WatchKind
from ingest.article import Filters, Hit
from ingest.errors import MorgueError

router = APIRouter(prefix="/watches")

_HERE = "/watches"
_SNIPPET, _NAMED = 260, 80
_KINDS: Mapping[WatchKind, str] = {
    "words": "Every word of it",
    "meaning": "What is near in meaning",
    "both": "Either",
}
_WAYS: Mapping[str, WatchKind] = {kind: kind for kind in get_args(WatchKind)}
_EVENTS = {"correction": "Corrected", "retraction": "Retracted"}
_CITED = "What my answers cite"
_Text = Annotated[str, Form(max_length=400)]


class WatchForm(BaseModel):
    """A search as a form sends it."""

    name: str = Field("", max_length=400)
    q: str = Field("", max_length=400)
    kind: str = "words"
    comments: str = ""
    outlet: list[str] = Field([], max_length=50)
    section: list[str] = Field([], max_length=50)
    language: list[str] = Field([], max_length=50)
    collection: list[str] = Field([], max_length=50)

    def asked(self) -> ListWanted:
        """Return the words and filters, as an address would ask for them."""
        return ListWanted(
            q=self.q.strip(), outlet=tuple(self.outlet), section=tuple(self.section),
            language=tuple(self.language), collection=tuple(self.collection),
        )  # fmt: skip

    @property
    def how(self) -> WatchKind:
        """What it looks for; by words where nothing known is said."""
        return _WAYS.get(self.kind, "words")


@router.get("")
async def watches(request: Request, call: AnyCall) -> Response:
    """Show what is new for each watch; with words or filters in the address, save them too."""
    return await _page(request, call)


@router.post("")
async def add(request: Request, call: AnyCall, given: Annotated[WatchForm, Form()]) -> Response:
    """Save a search, and tell the address of its feed, this once."""
    call.note(given.q)
    asked = given.asked()
    filters = call.narrowed(_lasting(asked, comments=bool(given.comments)))
    name = given.name.strip() or asked.q
    wanted = Wanted(name=name, query=asked.q, kind=given.how, filters=filters)
    desk = _desk(request)
    if desk is None:
        return _none_kept(request)
    try:
        saved = await call.run(lambda: desk.add(wanted, _owner(call)))
    except MorgueError as error:
        told = failure(error, _tongue(request).say)
        return await _page(request, call, told=told, asked=asked, status=422)
    told = _tongue(request).say("“{name}” is saved.", name=saved.watch.name)
    return await _page(
        request, call, told=_feed_told(request, told, desk.address(saved.token)), asked=ListWanted()
    )


@router.post("/feed")
async def feed(request: Request, call: AnyCall, name: _Text) -> Response:
    """Give a watch's feed a new address, and tell it, this once."""
    desk, say = _desk(request), _tongue(request).say
    if desk is None:
        return _none_kept(request)
    try:
        token = await call.run(lambda: desk.renew(name, _owner(call)))
    except MorgueError as error:
        return await _page(request, call, told=failure(error, _tongue(request).say), status=404)
    told = say("“{name}” has a new feed; an address that it had before opens nothing.", name=name)
    return await _page(request, call, told=_feed_told(request, told, desk.address(token)))


@router.get("/feed")
async def no_feed() -> Response:
    """Lead to the list: an address of a feed is told once, and not by asking again."""
    return RedirectResponse(_HERE, status_code=303)


@router.post("/remove")
async def remove(request: Request, call: AnyCall, name: _Text) -> Response:
    """Forget a watch, and what it told."""
    desk = _desk(request)
    if desk is None:
        return _none_kept(request)
    try:
        await call.run(lambda: desk.remove(name, _owner(call)))
    except MorgueError as error:
        return await _page(request, call, told=failure(error, _tongue(request).say), status=404)
    return _back("list")


@router.post("/seen")
async def seen(
    request: Request,
    call: AnyCall,
    watch: Annotated[list[int], Form(max_length=1000)],
    upto: Annotated[list[int], Form(max_length=1000)],
) -> Response:
    """Note that what was shown of watches is seen; what came since stays new."""
    desk = _desk(request)
    if desk is None:
        return _none_kept(request)
    told = dict(zip(watch, upto, strict=False))
    await call.run(lambda: desk.see(_owner(call), told))
    return _back(f"{watch[0]}" if len(told) == 1 else "list")


@router.post("/look")
async def look(request: Request, call: AnyCall) -> Response:
    """Look at once for what is new."""
    desk = _desk(request)
    if desk is None:
        return _none_kept(request)
    await call.run(lambda: desk.run(owner=_owner(call)))
    return _back("look")


@router.get("/new")
async def new(request: Request, call: AnyCall) -> JSONResponse:
    """Count what is new for all of a reader's watches, in words too: the mark of the masthead."""
    desk = _desk(request)
    news = [] if desk is None else await call.run(
        lambda: desk.news(_owner(call), call.collections)
    )  # fmt: skip
    counted = sum(len(one.new) for one in news)
    return JSONResponse({"new": counted, "told": _tongue(request).say("{n} new", n=counted)})


def _back(by: str) -> Response:
    """Lead back to the page, to the watch or the button at which something was done."""
    return RedirectResponse(f"{_HERE}?by={by}", status_code=303)


def _tongue(request: Request) -> Tongue:
    return Tongue.of(request.headers.get("accept-language", ""))


def _owner(call: Call) -> str:
    return call.reader.key_id or ""


def _desk(request: Request) -> WatchDesk | None:
    desk: WatchDesk | None = request.app.state.watches
    return desk


def _none_kept(request: Request) -> Response:
    tongue = _tongue(request)
    told = tongue.say("This server keeps no watches")
    return sheet(request, told, f"<h1>{escape(told)}</h1>", status=404)


def _lasting(asked: ListWanted, *, comments: bool) -> Filters:
    """Return the filters of a watch: none of days, since it tells of what is still to come."""
    return Filters(
        outlets=asked.outlet,
        sections=asked.section,
        languages=asked.language,
        collections=asked.collection,
        comments=comments,
    )


async def _page(
    request: Request,
    call: Call,
    *,
    told: str = "",
    asked: ListWanted | None = None,
    status: int = 200,
) -> Response:
    desk, tongue = _desk(request), _tongue(request)
    if desk is None:
        return _none_kept(request)
    wanted = list_wanted(request) if asked is None else asked
    body = await call.run(lambda: _body(desk, call, tongue, wanted, told))
    return sheet(request, tongue.say("Watches"), body, status=status)


def _body(desk: WatchDesk, call: Call, tongue: Tongue, wanted: ListWanted, told: str) -> str:
    say = tongue.say
    news = desk.news(_owner(call), call.collections)
    by = call.request.query_params.get("by", "")
    listed = "".join(_watch(tongue, one, focused=by == str(one.watch.id)) for one in news)
    about = say(
        "A watch is a search that is kept: what comes for it from now on is told here, and what "
        "is corrected or retracted of what it told."
    )
    cites = any(one.watch.kind == "cited" for one in news)
    focused = FOCUSED if by == "list" or (by and not news) else ""
    return (
        f"<h1{focused}>{escape(say('Watches'))}</h1><p>{escape(about)}</p>{told}"
        f"{_form(call, tongue, wanted)}{_all_at_once(tongue, news, by)}{listed}"
        f"{'' if cites else _cited_form(tongue)}"
    )


# What is to be saved


def _form(call: Call, tongue: Tongue, wanted: ListWanted) -> str:
    """Return the form that saves a search: folded up where nothing is asked for yet."""
    say = tongue.say
    given = wanted != ListWanted(sort=wanted.sort)
    values = [
        value_told(field, value, say) for field in FACET_NAMES for value in getattr(wanted, field)
    ]
    name = (wanted.q or ", ".join(values)).replace("/", " ")[:_NAMED]
    kept = "".join(
        f'<input type="hidden" name="{field}" value="{escape(value)}">'
        for field in FACET_NAMES
        for value in getattr(wanted, field)
    )
    chips = "".join(
        f'<li><span class="chip">{as_words(value_told(field, value, say))}</span></li>'
        for field in FACET_NAMES
        for value in getattr(wanted, field)
    )
    within = f'<ul class="chips" aria-label="{escape(say("Filters that are set"))}">{chips}</ul>'
    days = say("Days are left out: a watch tells of what is still to come.")
    ticked = " checked" if call.request.query_params.get("comments") else ""
    dropped = f"<p>{escape(days)}</p>" if wanted.since or wanted.until else ""
    return (
        f'<details class="saving"{" open" if given else ""}><summary><h2>'
        f"{escape(say('Save a search'))}</h2></summary>"
        f'{within if chips else ""}<form class="find wide" method="post" action="{_HERE}">{kept}'
        f'<label class="words">{escape(say("Words, or a query"))} '
        f'<input type="search" name="q" value="{escape(wanted.q)}"></label>{_kinds(call, tongue)}'
        f'<label class="words">{escape(say("Name"))} <input name="name" maxlength="200" '
        f'value="{escape(name)}"></label>'
        f'<label class="ticked"><input type="checkbox" name="comments" value="1"{ticked}> '
        f"{escape(say('Readers’ comments too'))}</label>"
        f"<button>{escape(say('Save'))}</button></form>"
        f"{dropped}{_fits(call, tongue, wanted) if given else ''}</details>"
    )


def _kinds(call: Call, tongue: Tongue) -> str:
    """Return the ways to look: by meaning only where something is embedded."""
    if not call.newsroom.archive.status(call.scope).embedded:
        return ""
    options = "".join(
        f'<option value="{kind}">{escape(tongue.say(told))}</option>'
        for kind, told in _KINDS.items()
    )
    label = escape(tongue.say("It tells of"))
    return f'<label>{label} <select name="kind">{options}</select></label>'


def _fits(call: Call, tongue: Tongue, wanted: ListWanted) -> str:
    """Return how many articles fit today, as a link to them; or that the query cannot be read."""
    try:
        filters = call.narrowed(_lasting(wanted, comments=False))
        total = call.newsroom.browse(wanted.q, filters=filters, k=1, facets=()).total
    except MorgueError as error:
        return failure(error, tongue.say)
    told = tongue.say("Articles that fit it today: {n}", n=f"{total:,}")
    lasting = ListWanted(q=wanted.q, **{name: getattr(wanted, name) for name in FACET_NAMES})
    return f'<p><a href="{escape(lasting.at())}">{escape(told)}</a></p>'


def _cited_form(tongue: Tongue) -> str:
    say = tongue.say
    told = say("Be told when something that your answers cite is corrected or retracted.")
    name = escape(say(_CITED))
    return (
        f'<form class="undo" method="post" action="{_HERE}">{escape(told)} '
        f'<input type="hidden" name="kind" value="cited"><input type="hidden" name="name" '
        f'value="{name}"><button>{escape(say("Watch that"))}</button></form>'
    )


def _feed_told(request: Request, told: str, where: str) -> str:
    """Return that something was saved, with the address of its feed: it is shown this once."""
    say = _tongue(request).say
    at = where if "://" in where else f"{str(request.base_url).rstrip('/')}{where}"
    once = say("Its feed, for a feed reader; it is shown this once, and opens without a key:")
    return (
        f'<div class="undo" role="status"{FOCUSED}><p>{escape(told)}</p><p>{escape(once)}</p>'
        f'<p><a class="feed" href="{escape(at)}">{escape(at)}</a> '
        f'<button type="button" data-copy="{escape(at)}" hidden>{escape(say("Copy the link"))}'
        "</button></p></div>"
    )


# What there is


def _all_at_once(tongue: Tongue, news: list[WatchNews], by: str) -> str:
    """Return what is done to all watches: to look now, to have seen what is new."""
    say = tongue.say
    if not news:
        told = say("There is none yet. A list of articles and an answer can be saved as one.")
        return f'<p class="none">{escape(told)}</p>'
    last = max(one.watch.looked_at for one in news)
    when = with_moment(to_say("Looked on {when}."), last, say)
    unseen = [one for one in news if one.new]
    return (
        f'<div class="tools"><form method="post" action="{_HERE}/look">'
        f"<button{' autofocus' if by == 'look' else ''}>{escape(say('Look now'))}</button></form>"
        f"{_seen_form(say('I have seen all of it'), unseen) if len(unseen) > 1 else ''}"
        f'<span class="meta">{when}</span></div>'
    )


def _seen_form(label: str, news: Iterable[WatchNews]) -> str:
    pairs = "".join(
        f'<input type="hidden" name="watch" value="{one.watch.id}">'
        f'<input type="hidden" name="upto" value="{one.last}">'
        for one in news
    )
    return (
        f'<form method="post" action="{_HERE}/seen">{pairs}<button>{escape(label)}</button></form>'
    )


def _watch(tongue: Tongue, news: WatchNews, *, focused: bool) -> str:
    say, watch = tongue.say, news.watch
    fresh = f' <span class="fresh">{escape(say("{n} new", n=len(news.new)))}</span>'
    told = "".join(_alert(tongue, alert) for alert in news.new)
    listed = (
        f'<ol class="listed">{told}</ol>'
        if told
        else f'<p class="none">{escape(say("Nothing new."))}</p>'
    )
    earlier = "".join(_alert(tongue, alert) for alert in news.earlier)
    before = say("Seen before: {n}", n=len(news.earlier))
    folded = (
        f'<details class="seen"><summary>{escape(before)}</summary>'
        f'<ol class="listed">{earlier}</ol></details>'
        if earlier
        else ""
    )
    return (
        f'<section class="watch" id="watch-{watch.id}">'
        f'<h2 dir="auto"{FOCUSED if focused else ""}>{as_words(watch.name)}'
        f"{fresh if told else ''}</h2>{_what(tongue, watch)}{listed}{folded}"
        f'<div class="tools">{_seen_form(say("I have seen these"), [news]) if told else ""}'
        f"{_tools(tongue, watch)}</div></section>"
    )


def _what(tongue: Tongue, watch: Watch) -> str:
    """Return what a watch looks for, in a line."""
    say, filters = tongue.say, watch.filters
    pieces = [say(_CITED)] if watch.kind == "cited" else [watch.query or say("All that comes")]
    pieces += [say(_KINDS[watch.kind])] if watch.kind in {"meaning", "both"} else []
    own = () if filters.collections == filters.held else filters.collections
    languages = [language_told(tag, say) for tag in filters.languages]
    pieces += [*filters.outlets, *filters.sections, *languages, *own]
    pieces += [say("Readers’ comments too")] if filters.comments else []
    pieces.append(say("since {day}", day=day_told(watch.created_at, say)))
    return f'<p class="meta">{" · ".join(map(as_words, pieces))}</p>'


def _tools(tongue: Tongue, watch: Watch) -> str:
    say, name, filters = tongue.say, escape(watch.name), watch.filters
    every = ListWanted(
        q=watch.query, outlet=filters.outlets, section=filters.sections,
        language=filters.languages, collection=filters.collections,
    )  # fmt: skip
    listed = escape(say("All that fits"))
    link = f'<a class="button" href="{escape(every.at())}">{listed}</a>'
    again = say("A new address of its feed") if watch.has_feed else say("An address of its feed")
    named = escape(say("Remove “{name}” and what it told", name=watch.name))
    return (
        f"{'' if watch.kind == 'cited' else link}"
        f'<form method="post" action="{_HERE}/feed"><input type="hidden" name="name" '
        f'value="{name}"><button>{escape(again)}</button></form>'
        f'<details class="sure"><summary class="button">{escape(say("Remove"))}</summary>'
        f'<form method="post" action="{_HERE}/remove"><input type="hidden" name="name" '
        f'value="{name}"><button>{named}</button></form></details>'
    )


def _printed(hit: Hit) -> str:
    """Return the words that were found; under a headline that was, how its article begins."""
    if hit.passage.part != "headline":
        return hit.text
    article = hit.article
    begins = next((p for p in article.parts if p.part in {"standfirst", "body"}), None)
    return article.text[begins.start : begins.end] if begins else ""


def _alert(tongue: Tongue, alert: Alert) -> str:
    """Return something that a watch told: its event, its article, the words it was found by."""
    say, hit = tongue.say, alert.hit
    article, passage = hit.article, hit.passage
    event = _EVENTS.get(alert.kind)
    badge = f'<span class="badge">{escape(say(event))}</span> ' if event else ""
    title = as_words(article.title or say("Without a headline"))
    marks = [(passage.start, passage.end)] if passage.end > passage.start else []
    where = as_words(article.outlet or say("outlet unknown"))
    words = retold(alert.notice.text, say) if alert.notice else _printed(hit)
    cut = words[:_SNIPPET].rpartition(" ")[0] + " …" if len(words) > _SNIPPET else words
    told = f'<p class="{"notice" if alert.notice else "lead"}" dir="auto">{as_words(cut)}</p>'
    return (
        f'<li><h3 dir="auto"><a href="{escape(address(article, marks))}">{title}</a></h3>'
        f'<p class="meta">{badge}{where} · {time_html(article.date, say)}</p>{told}</li>'
    )
