"""`/quote`: whether pasted words are printed, as they are or altered, and where first."""

from collections.abc import Iterable
from html import escape

from fastapi import APIRouter, Request
from fastapi.responses import Response

from assistant.doors.api.call import AnyCall, Call
from assistant.doors.web.sheet import failure, sheet
from assistant.doors.web.tongues import Tongue
from assistant.render import sighting_html
from assistant.render.cards import notices_html
from assistant.render.interface_text import day_told
from assistant.speech_results import QuoteFound, Sighting
from ingest.errors import MorgueError, SettingsError

router = APIRouter()

_LONGEST = 2000
"""Characters that are looked for at once: an address holds them all, in any script."""

_VERDICTS = {
    "exact": "Printed as it is.",
    "altered": "Not printed as it is, but altered.",
    "absent": "Not in this archive.",
}


@router.get("/quote")
async def quotation(request: Request, call: AnyCall, words: str = "") -> Response:
    """Show where words are printed: as they are, altered, or what comes nearest."""
    words = words.replace("\r\n", "\n").strip()
    call.note(words[:_LONGEST])
    tongue = Tongue.of(request.headers.get("accept-language", ""))
    title = tongue.say("Find a quotation")
    body = _form(tongue, words)
    if words:
        try:
            body += await call.run(lambda: _result(tongue, _found(call, words)))
        except MorgueError as error:
            body += failure(error, tongue.say)
    else:
        body += f"<p>{escape(_about(tongue))}</p>"
    return sheet(request, title, f"<h1>{escape(title)}</h1>{body}")


def _found(call: Call, words: str) -> QuoteFound:
    """Look the words up in what the reader may see. Raises SettingsError for too many."""
    if len(words) > _LONGEST:
        raise SettingsError(
            f"that is {len(words):,} characters, and {_LONGEST:,} are looked for at once",
            "paste less of it; a whole text is held against the archive at “Check a draft”",
        )
    return call.newsroom.quote(words, filters=call.narrowed(call.scope))


def _about(tongue: Tongue) -> str:
    return tongue.say(
        "Whether it is printed so, where first, in which other forms, and whose words they are."
    )


def _form(tongue: Tongue, words: str) -> str:
    say = tongue.say
    return (
        '<form class="drafting quoting" method="get" action="/quote">'
        f'<label for="words">{escape(say("The words as you have them"))}</label>'
        f'<textarea id="words" name="words" rows="3" dir="auto" required>{escape(words)}'
        f'</textarea><p class="tools"><button>{escape(say("Look them up"))}</button></p></form>'
    )


def _result(tongue: Tongue, found: QuoteFound) -> str:
    say = tongue.say
    exact = [one for one in found.appearances if not one.differences]
    altered = [one for one in found.appearances if one.differences]
    told = say(_VERDICTS[found.verdict])
    legend = ""
    if altered or any(one.differences for one in found.nearest):
        marks = escape(say("Struck out is what you have, marked is what is printed."))
        legend = f'<p class="legend">{marks}</p>'
    warned = notices_html(found.warnings, say)
    return (
        f'<section class="verdict {found.verdict}" role="status"><p class="counted">{escape(told)}'
        f"</p><p>{escape(_first(tongue, found, len(exact), len(altered)))}</p></section>{warned}"
        f"{_group(tongue, say('As you have it'), exact, found.first)}"
        f"{legend}{_group(tongue, say('Altered'), altered, found.first)}"
        f"{_group(tongue, say('What comes nearest, and is something else'), found.nearest)}"
    )


def _first(tongue: Tongue, found: QuoteFound, exact: int, altered: int) -> str:
    """Return when and where the words were printed first, and in how many forms they are."""
    if found.first is None:
        return ""
    say, article = tongue.say, found.first.citation.article
    where = article.outlet or say("outlet unknown")
    told = say("First on {day} in {outlet}.", day=day_told(article.date, say), outlet=where)
    if article.date is None:
        told = say("First, undated, in {outlet}.", outlet=where)
    return f"{told} " + say("As it is: {exact}. Altered: {altered}.", exact=exact, altered=altered)


def _group(
    tongue: Tongue, heading: str, found: Iterable[Sighting], first: Sighting | None = None
) -> str:
    rows = "".join(sighting_html(one, tongue.say, first=one is first) for one in found)
    if not rows:
        return ""
    return f'<h2>{escape(heading)}</h2><ol class="said">{rows}</ol>'
