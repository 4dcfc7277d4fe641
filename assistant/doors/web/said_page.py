"""`/said`: what somebody said by date, in which outlets and years, and who they are said to be."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assistant.doors.api.call import AnyCall, Call
from assistant.doors.web.narrowing import NarrowingLink, chips, facet, found_html
from assistant.doors.web.sheet import failure, sheet
from assistant.doors.web.tongues import Tongue
from assistant.render import as_words, speaker_html, statement_html
from assistant.render.retold import retold
from assistant.speech_results import Sayings
from ingest.article import Filters, Notice
from ingest.errors import MorgueError

if TYPE_CHECKING:
    from ingest.archive.speaker_profile import SpeakerRole

router = APIRouter()

_A_PAGE = 20
_SHOWN = 12
_SORTS = {"newest": "Newest first", "date": "Oldest first"}
_LONGEST, _NAME, _VALUES = 400, 200, 50
"""Characters of words and of a name, and values of a filter, that an address may have."""

_FARTHEST = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeechWanted:
    """What an address asks for, as it was written."""

    speaker: str = ""
    q: str = ""
    outlet: tuple[str, ...] = ()
    year: str = ""
    sort: str = "newest"
    offset: int = 0

    def filters(self) -> Filters:
        """Return the filters; what is no year filters nothing."""
        if not self.year:
            return Filters(outlets=self.outlet)
        year = int(self.year)
        return Filters(outlets=self.outlet, since=date(year, 1, 1), until=date(year, 12, 31))

    def at(self) -> str:
        """Return the address of this."""
        pairs = [("speaker", self.speaker), ("q", self.q)]
        pairs += [("outlet", one) for one in self.outlet]
        pairs += [("year", self.year), ("sort", self.sort if self.sort != "newest" else "")]
        pairs += [("offset", str(self.offset) if self.offset else "")]
        return f"/said?{urlencode([pair for pair in pairs if pair[1]])}"


def _of(request: Request) -> SpeechWanted:
    given = request.query_params
    year, offset, sort = (given.get(name, "") for name in ("year", "offset", "sort"))
    counted = offset.isascii() and offset.isdigit() and len(offset) <= len(str(_FARTHEST))
    is_year = year.isascii() and year.isdigit() and len(year) == len("2024") and int(year)
    return SpeechWanted(
        speaker=" ".join(given.get("speaker", "").split())[:_NAME],
        q=given.get("q", "").strip()[:_LONGEST],
        outlet=tuple(given.getlist("outlet")[:_VALUES]),
        year=year if is_year else "",
        sort=sort if sort in _SORTS else "newest",
        offset=int(offset) if counted else 0,
    )


@router.get("/said")
async def said(request: Request, call: AnyCall) -> Response:
    """Show what somebody said, a page of it, each statement with the article open at its words."""
    wanted = _of(request)
    call.note(f"{wanted.speaker} {wanted.q}".strip())
    tongue = Tongue.of(request.headers.get("accept-language", ""))
    title = wanted.speaker or tongue.say("Who said what")
    head = f'<h1 dir="auto">{as_words(title)}</h1>'
    try:
        if not (wanted.speaker or wanted.q):
            heard = await call.run(lambda: _heard(call, tongue))
            return sheet(request, title, f"{head}{_form(tongue, wanted)}{_about(tongue)}{heard}")
        body = await call.run(lambda: _body(request, tongue, wanted, _found(call, wanted)))
    except MorgueError as error:
        body = f"{_form(tongue, wanted)}{failure(error, tongue.say)}"
    return sheet(request, title, head + body)


def _found(call: Call, wanted: SpeechWanted) -> Sayings:
    return call.newsroom.said(
        wanted.speaker or None,
        wanted.q,
        k=_A_PAGE,
        offset=wanted.offset,
        newest_first=wanted.sort == "newest",
        filters=call.narrowed(wanted.filters()),
    )


def _about(tongue: Tongue) -> str:
    told = tongue.say(
        "A name, an office or a body: every statement with its date and the article open at its "
        "words. Words alone find whoever said them."
    )
    return f"<p>{escape(told)}</p>"


def _heard(call: Call, tongue: Tongue) -> str:
    """Return who speaks in most articles, as far as that is known, to begin with."""
    filters = call.narrowed(Filters())
    found = call.newsroom.browse(filters=filters, k=1, facets=("speaker",))
    names = _most(found.facets.get("speaker", {}))
    links = [NarrowingLink(one, SpeechWanted(speaker=one).at(), n) for one, n in names]
    return facet(tongue.say("Heard in most articles"), links)


def _body(request: Request, tongue: Tongue, wanted: SpeechWanted, found: Sayings) -> str:
    return (
        f"{_roles(tongue, found)}{_people(tongue, found)}"
        f"{_form(tongue, wanted)}{_chips(tongue, wanted)}"
        f"{found_html(request, _counted(tongue, found))}"
        f'<div class="browse"><div class="rows">{_statements(tongue, wanted, found)}'
        f"{_left_out(tongue, found)}{_pages(tongue, wanted, found)}</div>"
        f"<div>{_facets(tongue, wanted, found)}</div></div>"
    )


def _counted(tongue: Tongue, found: Sayings) -> str:
    if not found.total:
        return tongue.say("Nothing of it is in this archive.")
    if found.total == 1:
        return tongue.say("1 statement")
    return tongue.say("{n} statements, the same words once", n=f"{found.total:,}")


def _statements(tongue: Tongue, wanted: SpeechWanted, found: Sayings) -> str:
    """Return a page of statements, under the years that they were printed in."""
    named = not wanted.speaker or len(found.facets) > 1
    years = groupby(found.statements, lambda one: one.article.date and one.article.date.year)
    rows = ""
    for year, statements in years:
        told = str(year) if year else tongue.say("Undated")
        items = "".join(statement_html(one, tongue.say, named=named) for one in statements)
        rows += f'<h2>{escape(told)}</h2><ol class="said">{items}</ol>'
    if rows or not found.total:
        return rows
    told = tongue.say("None on this page is confirmed to be theirs.")
    return f'<p class="none">{escape(told)}</p>'


def _left_out(tongue: Tongue, found: Sayings) -> str:
    told = tongue.say(
        "{n} more on the way to here were not confirmed when they were read, and are not shown.",
        n=f"{found.left_out:,}",
    )
    notes = [told] if found.left_out else []
    notes += [retold(one.text, tongue.say) for one in _told(found.warnings)]
    return "".join(f'<p class="none">{as_words(note)}</p>' for note in notes)


def _told(warnings: tuple[Notice, ...]) -> Iterator[Notice]:
    """Yield what must be told; whom a name may mean are links above."""
    yield from (one for one in warnings if one.code != "several_speakers")


def _pages(tongue: Tongue, wanted: SpeechWanted, found: Sayings) -> str:
    say = tongue.say
    links = ""
    if wanted.offset:
        where = escape(replace(wanted, offset=0).at())
        links += f'<a class="button" href="{where}">{escape(say("First page"))}</a>'
    if found.next is not None:
        where = escape(replace(wanted, offset=found.next).at())
        links += f'<a class="button" rel="next" href="{where}">{escape(say("Next page"))}</a>'
    return f'<p class="tools">{links}</p>' if links else ""


def _people(tongue: Tongue, found: Sayings) -> str:
    """Return those whom a name may mean, where it is not one person's."""
    if not found.people:
        return ""
    told = escape(tongue.say("Several are called so:"))
    names = ", ".join(map(speaker_html, found.people))
    return f'<p class="notice">{told} {names}</p>'


def _roles(tongue: Tongue, found: Sayings) -> str:
    """Return who the speaker is said to be, each role with the newest article that says so."""
    roles = found.profile.roles
    if not roles:
        return ""
    rows = "".join(_role(tongue, role) for role in roles)
    name = escape(tongue.say("Said to be"))
    return f'<section class="roles"><h2>{name}</h2><ul>{rows}</ul></section>'


def _role(tongue: Tongue, role: "SpeakerRole") -> str:
    where = f"/article/{quote(role.article_id, safe='')}?version={role.version}"
    where += f"&mark={role.start}-{role.end}"
    told = tongue.say("1 article")
    if role.articles > 1:
        told = tongue.say("{n} articles", n=f"{role.articles:,}")
    years = dict.fromkeys(str(day.year) for day in (role.since, role.until) if day)
    told += f", {'–'.join(years)}" if years else ""
    return (
        f'<li><a href="{escape(where)}" dir="auto">{as_words(role.words)}</a> '
        f'<span class="meta">{escape(told)}</span></li>'
    )


def _form(tongue: Tongue, wanted: SpeechWanted) -> str:
    say = tongue.say
    kept = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">'
        for name, value in [
            *(("outlet", one) for one in wanted.outlet),
            *([("year", wanted.year)] if wanted.year else []),
        ]
    )
    sorts = "".join(
        f'<option value="{name}"{" selected" if name == wanted.sort else ""}>{escape(say(told))}'
        "</option>"
        for name, told in _SORTS.items()
    )
    return (
        f'<search><form class="find wide" method="get" action="/said">{kept}'
        f'<label class="words">{escape(say("Who"))} '
        f'<input type="search" name="speaker" value="{escape(wanted.speaker)}"></label>'
        f'<label class="words">{escape(say("Words of it"))} '
        f'<input type="search" name="q" value="{escape(wanted.q)}"></label>'
        f'<label>{escape(say("Order"))} <select name="sort">{sorts}</select></label>'
        f"<button>{escape(say('Show'))}</button></form></search>"
    )


def _chips(tongue: Tongue, wanted: SpeechWanted) -> str:
    anew = replace(wanted, offset=0)
    is_set = [
        NarrowingLink(one, replace(anew, outlet=tuple(o for o in wanted.outlet if o != one)).at())
        for one in wanted.outlet
    ]
    if wanted.year:
        is_set.append(NarrowingLink(wanted.year, replace(anew, year="").at()))
    if wanted.q and wanted.speaker:
        is_set.append(NarrowingLink(f"“{wanted.q}”", replace(anew, q="").at()))
    return chips(tongue, is_set, SpeechWanted(speaker=wanted.speaker).at())


def _facets(tongue: Tongue, wanted: SpeechWanted, found: Sayings) -> str:
    say, anew = tongue.say, replace(wanted, offset=0)
    outlets = [
        NarrowingLink(one, replace(anew, outlet=(*wanted.outlet, one)).at(), n)
        for one, n in _most(found.profile.outlets)
        if one not in wanted.outlet
    ]
    years = [
        NarrowingLink(one, replace(anew, year=one).at(), n)
        for one, n in found.profile.years.items()
        if one != wanted.year
    ]
    several = found.facets if len(found.facets) > 1 else {}
    speakers = [NarrowingLink(one, replace(anew, speaker=one).at(), n) for one, n in _most(several)]
    return (
        f"{facet(say('Speakers'), speakers)}{facet(say('Outlets'), outlets)}"
        f"{facet(say('Years'), years)}"
    )


def _most(counted: Mapping[str, int]) -> list[tuple[str, int]]:
    return list(counted.items())[:_SHOWN]
