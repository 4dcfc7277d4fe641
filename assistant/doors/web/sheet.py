"""The sheet that every plain page is printed on, and the files that give it its looks."""

from html import escape
from importlib.resources import files

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from assistant.doors.api.problems import log_detail
from assistant.doors.keyring import NOBODY
from assistant.doors.web.tongues import Tongue
from assistant.render import as_words
from assistant.render.greeting import PAGES
from assistant.render.interface_text import Say
from assistant.render.retold import retold
from ingest.errors import MorgueError

looks = APIRouter(prefix="/looks")

FOCUSED = ' tabindex="-1" autofocus'
"""The attributes of what gets the focus where what had it is there no more."""
_CURRENT = ' aria-current="page"'
_FOLDER = files("assistant.render")
_FILES = {
    "page.css": "text/css",
    "plain.css": "text/css",
    "checked.css": "text/css",
    "print.css": "text/css",
    "plain.js": "text/javascript",
    "printed.js": "text/javascript",
    "watches.js": "text/javascript",
    "ingest.js": "text/javascript",
}


@looks.get("/{name}")
def look(name: str) -> Response:
    """Return a style sheet or a script."""
    if name not in _FILES:
        return Response(status_code=404)
    hour = {"Cache-Control": "max-age=3600"}
    return Response(_FOLDER.joinpath(name).read_bytes(), media_type=_FILES[name], headers=hour)


def sheet(request: Request, title: str, body: str, *, status: int = 200) -> HTMLResponse:
    """Return a page: `title` is any words, `body` is HTML that was made harmless."""
    tongue = Tongue.of(request.headers.get("accept-language", ""))
    say, nav = tongue.say, _nav(request, tongue)
    return HTMLResponse(
        f'<!doctype html><html lang="{tongue.code}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)} · Morgue</title>"
        '<link rel="stylesheet" href="/looks/page.css"><link rel="stylesheet" '
        'href="/looks/plain.css"><link rel="stylesheet" href="/looks/print.css" media="print">'
        '<script src="/looks/plain.js" defer></script>'
        '<script src="/looks/printed.js" defer></script>'
        '<script src="/looks/watches.js" defer></script></head><body class="plain">'
        f'<a class="skip" href="#content">{escape(say("To the content"))}</a>'
        f'<header class="masthead"><p class="name"><a href="/">Morgue</a></p>'
        f'<nav aria-label="{escape(say("Pages"))}"><ul>{nav}</ul></nav></header>'
        f'<main id="content" tabindex="-1">{body}</main></body></html>',
        status_code=status,
        headers={"Cache-Control": "private, no-store"},
    )


def _nav(request: Request, tongue: Tongue) -> str:
    """Return the links to the pages that a reader has, the one that is shown marked."""
    reader = request.scope.get("state", {}).get("reader", NOBODY)
    say, here = tongue.say, request.url.path
    links = [("/", say("Ask the archive")), *((where, say(name)) for where, name in PAGES)]
    links.append(("/talks", say("Conversations")))
    if reader.scope == "admin":
        links.append(("/ingest", say("Add articles")))
    if reader.by in {"session", "proxy"}:
        links.append(("/account", reader.name))
    return "".join(
        f'<li><a href="{where}"{_CURRENT if where == here else ""}>{as_words(name)}</a></li>'
        for where, name in links
    )


def failure(error: MorgueError, say: Say) -> str:
    """Return what went wrong, and what to do next; the log has the rest."""
    log_detail(error)
    hint = f"<p>{as_words(retold(error.hint, say))}</p>" if error.hint else ""
    told = as_words(retold(str(error), say))
    return f'<div class="failure" role="alert"><p>{told}</p>{hint}</div>'


def missing(request: Request, what: str) -> HTMLResponse:
    """Return the page that says that there is nothing at this address, or not for this reader."""
    tongue = Tongue.of(request.headers.get("accept-language", ""))
    say, what = tongue.say, tongue.say(what)
    told = escape(
        say(
            "It was deleted, or nobody shares it, or it rests on what you may not see, or it never "
            "was."
        )
    )
    ask = f'<p><a class="button" href="/">{escape(say("Ask the archive"))}</a></p>'
    return sheet(request, what, f"<h1>{escape(what)}</h1><p>{told}</p>{ask}", status=404)
