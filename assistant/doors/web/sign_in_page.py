"""`/sign-in`, `/sign-out` and `/account`: a session begun, ended, and the password to it changed.

That a form comes from a page of ours is the entry's to see (its origin); the cookie goes to
nobody else's page (SameSite) and to no script (HttpOnly).
"""

from html import escape
from math import ceil
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from assistant.doors.api.authentication import (
    SIGN_IN,
    SIGN_OUT,
    encrypted,
    session_cookie,
    session_token,
)
from assistant.doors.api.call import AnyCall, Call
from assistant.doors.sign_in import LONGEST, SHORTEST, People
from assistant.doors.tries import TooManyTries
from assistant.doors.web.sheet import missing, sheet
from assistant.doors.web.tongues import Tongue
from assistant.render import as_words
from ingest.errors import MorgueError

router = APIRouter()

_ACCOUNT = "/account"
Name = Annotated[str, Form(max_length=400)]
Password = Annotated[str, Form(max_length=8 * LONGEST)]
Where = Annotated[str, Form(max_length=8000)]


@router.get(SIGN_IN)
async def sign_in(
    request: Request, call: AnyCall, to: Annotated[str, Query(max_length=8000)] = "/"
) -> Response:
    """Ask for a name and a password; who is known already goes where they wanted to."""
    if _people(call) is None or call.reader.by != "nobody":
        return RedirectResponse(_within(to), status_code=303)
    return _form(request, _within(to))


@router.post(SIGN_IN)
async def signed_in(
    request: Request, call: AnyCall, name: Name = "", password: Password = "", to: Where = "/"
) -> Response:
    """Begin a session, and lead where its reader wanted to go."""
    people = _people(call)
    if people is None:
        return missing(request, "Nobody signs in here")
    try:
        token = await call.run(lambda: people.sign_in(name, password, _address(call)))
    except TooManyTries as error:
        return _form(request, _within(to), name, error)
    if token is None:
        return _form(request, _within(to), name, failed=True)
    return _with_session(RedirectResponse(_within(to), status_code=303), call, people, token)


@router.post(SIGN_OUT)
async def signed_out(call: AnyCall) -> Response:
    """End a session."""
    people, token = _people(call), session_token(call.request.scope, call.request.headers)
    if people and token:
        await call.run(lambda: people.sign_out(token))
    leaving = RedirectResponse(SIGN_IN, status_code=303)
    secure = encrypted(call.request.scope, call.request.headers)
    name = session_cookie(call.request.scope, call.request.headers)
    leaving.delete_cookie(name, secure=secure, httponly=True, samesite="lax")
    return leaving


@router.get(_ACCOUNT)
async def account(request: Request, call: AnyCall) -> Response:
    """Show who somebody is here, and let them sign out or choose another password."""
    return _account(request, call)


@router.post(f"{_ACCOUNT}/password")
async def change_password(
    request: Request, call: AnyCall, password: Password = "", new: Password = ""
) -> Response:
    """Choose another password: every session is over, and one begins for this browser."""
    people, name, tongue = _people(call), call.reader.name, _tongue(request)
    if people is None or call.reader.by != "session":
        return missing(request, "Nobody signs in here")

    def changed(people: People = people) -> str | None:
        token = people.sign_in(name, password, _address(call))
        if token is None:
            return None
        people.sign_out(token)
        people.change_password(name, new)
        return people.sign_in(name, new, _address(call))

    try:
        token = await call.run(changed)
    except TooManyTries as error:
        return _account(request, call, *_wait(tongue, error))
    except MorgueError as error:
        return _account(request, call, f"{error.message}: {error.hint}", status=422)
    if token is None:
        return _account(request, call, tongue.say("That is not your password."), status=401)
    told = tongue.say("Your password is changed. Everywhere else you are signed out.")
    return _with_session(_account(request, call, told, status=200), call, people, token)


def _with_session(reply: Response, call: Call, people: People, token: str) -> Response:
    """Give a browser the cookie of its session."""
    scope, headers = call.request.scope, call.request.headers
    reply.set_cookie(
        session_cookie(scope, headers), token, max_age=int(people.limits.longest), path="/",
        secure=encrypted(scope, headers), httponly=True, samesite="lax",
    )  # fmt: skip
    return reply


def _people(call: Call) -> People | None:
    """Return the people of the archive; None where nobody signs in."""
    people: People | None = call.request.app.state.rules.people
    return people if people and people.all() else None


def _address(call: Call) -> str:
    rules = call.request.app.state.rules
    return str(rules.proxies.client(call.request.scope, call.request.headers))


def _within(to: str) -> str:
    """Return an address of ours: what would lead to another site leads to the first page."""
    ours = to.startswith("/") and not to.startswith(("//", "/\\")) and to.isprintable()
    return to if ours and "\\" not in to else "/"


def _tongue(request: Request) -> Tongue:
    return Tongue.of(request.headers.get("accept-language", ""))


def _wait(tongue: Tongue, error: TooManyTries) -> tuple[str, int, dict[str, str]]:
    seconds = max(1, ceil(error.seconds))
    told = tongue.say("Too many tries failed. Try again in {n} seconds.", n=seconds)
    return told, 429, {"Retry-After": str(seconds)}


def _alert(told: str) -> str:
    return f'<div class="failure" role="alert"><p>{as_words(told)}</p></div>' if told else ""


def _form(
    request: Request,
    to: str,
    name: str = "",
    error: TooManyTries | None = None,
    *,
    failed: bool = False,
) -> Response:
    tongue = _tongue(request)
    say, title = tongue.say, tongue.say("Sign in")
    told, status, headers = ("", 200, dict[str, str]()) if error is None else _wait(tongue, error)
    if failed:
        told, status = say("The name or the password is wrong."), 401
    reply = sheet(
        tongue,
        title,
        f"<h1>{escape(title)}</h1>{_alert(told)}"
        f'<form class="signing" method="post" action="{SIGN_IN}">'
        f'<input type="hidden" name="to" value="{escape(to)}">'
        f'<label for="name">{escape(say("Name"))}</label>'
        f'<input id="name" name="name" autocomplete="username" autocapitalize="none" '
        f'spellcheck="false" required maxlength="200" value="{escape(name)}" autofocus>'
        f"{_password(say('Password'), 'password', 'current-password')}"
        f'<p class="tools"><button>{escape(title)}</button></p></form>'
        f'<p class="meta">{escape(say("Who keeps this archive lets you in."))}</p>',
        status=status,
    )
    reply.headers.update(headers)
    return reply


def _password(label: str, name: str, autocomplete: str) -> str:
    length = f' minlength="{SHORTEST}"' if autocomplete == "new-password" else ""
    return (
        f'<label for="{name}">{escape(label)}</label><input id="{name}" name="{name}" '
        f'type="password" autocomplete="{autocomplete}" required{length} maxlength="{LONGEST}">'
    )


def _account(
    request: Request,
    call: Call,
    told: str = "",
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    tongue, reader = _tongue(request), call.reader
    say, title = tongue.say, tongue.say("Account")
    sees = ", ".join(reader.collections) or say("the whole archive")
    about = say("You are {name}, and see: {collections}.", name=reader.name, collections=sees)
    admin = f"<p>{escape(say('You keep this archive: you may read articles in.'))}</p>"
    body = f"<h1>{escape(title)}</h1>{_note(told, status)}<p>{as_words(about)}</p>"
    body += admin if reader.scope == "admin" else ""
    body += _of_session(tongue) if reader.by == "session" else ""
    reply = sheet(tongue, title, body, status=status)
    reply.headers.update(headers or {})
    return reply


def _note(told: str, status: int) -> str:
    if told and status == 200:
        return f'<p class="undo" role="status">{as_words(told)}</p>'
    return _alert(told)


def _of_session(tongue: Tongue) -> str:
    """Return what only somebody does who signed in here: leave, and change their password."""
    say, heading = tongue.say, tongue.say("Change the password")
    return (
        f'<form method="post" action="{SIGN_OUT}" class="tools">'
        f"<button>{escape(say('Sign out'))}</button></form><h2>{escape(heading)}</h2>"
        f'<form class="signing" method="post" action="{_ACCOUNT}/password">'
        f"{_password(say('Current password'), 'password', 'current-password')}"
        f"{_password(say('New password'), 'new', 'new-password')}"
        f'<p class="meta">{escape(say("At least {n} characters.", n=SHORTEST))}</p>'
        f'<p class="tools"><button>{escape(heading)}</button></p></form>'
    )
