"""`/sign-in`, `/sign-out` and `/account`: a session begun, ended, and the password to it changed.

That a form comes from a page of ours is the entry's to see (its origin); the cookie goes to
nobody else's page (SameSite) and to no script (HttpOnly). To a provider that says who somebody is
links lead: the policy of a page lets no form end at another site.
"""

from html import escape
from math import ceil
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import RedirectResponse, Response

from assistant.doors.api.authentication import SIGN_IN, SIGN_OUT
from assistant.doors.api.call import AnyCall, Call
from assistant.doors.api.session_cookie import SessionCookie
from assistant.doors.sign_in import LONGEST, SHORTEST, People, SignInFailed
from assistant.doors.tries import TooManyTries
from assistant.doors.web.sheet import missing, sheet
from assistant.doors.web.tongues import Tongue
from assistant.render import as_words
from assistant.render.interface_text import to_say
from assistant.render.retold import retold
from ingest.errors import MorgueError

if TYPE_CHECKING:
    from assistant.doors.openid import OpenIdProvider

router = APIRouter()

_ACCOUNT = "/account"
_UNDERWAY = "-oidc"
"""What follows the name of the cookie of a session where one is under way at a provider."""
_UNDERWAY_SECONDS = 900
_WRONG = to_say("The name or the password is wrong.")
Name = Annotated[str, Form(max_length=400)]
Password = Annotated[str, Form(max_length=8 * LONGEST)]
Where = Annotated[str, Form(max_length=8000)]


To = Annotated[str, Query(max_length=8000)]


@router.get(SIGN_IN)
async def sign_in(request: Request, call: AnyCall, to: To = "/", out: bool = False) -> Response:
    """Ask for a name and a password; who is known already goes where they wanted to."""
    if _people(call) is None or call.reader.by != "nobody":
        return RedirectResponse(_within(to), status_code=303)
    return _left(request, call) if out else _form(request, call, _within(to))


@router.get(f"{SIGN_IN}/with")
async def depart(request: Request, call: AnyCall, to: To = "/") -> Response:
    """Lead to the provider at which people sign in."""
    provider = _provider(call)
    if provider is None:
        return missing(request, "Nobody signs in here")
    try:
        leaving = await call.run(lambda: provider.begin(_within(to)))
    except SignInFailed as error:
        return _form(request, call, _within(to), failure=error)
    reply = RedirectResponse(leaving.url, status_code=303)
    _cookie(call, _UNDERWAY).put(reply, leaving.cookie, _UNDERWAY_SECONDS)
    return reply


@router.get(f"{SIGN_IN}/back")
async def arrive(request: Request, call: AnyCall) -> Response:
    """Begin a session for whom the provider names, and lead where they wanted to go."""
    provider, people = _provider(call), _people(call)
    if provider is None or people is None:
        return missing(request, "Nobody signs in here")
    underway, given = _cookie(call, _UNDERWAY), dict(request.query_params)

    def arrived() -> tuple[str, str]:
        arrival = provider.finish(underway.value, given)
        token = people.sign_in_proven(arrival.person)
        people.sign_out(_cookie(call).value)
        return token, arrival.to

    try:
        token, to = await call.run(arrived)
    except MorgueError as error:
        reply = _form(request, call, "/", failure=error)
    else:
        reply = _with_session(RedirectResponse(_within(to), status_code=303), call, people, token)
    underway.take(reply)
    return reply


@router.get(f"{SIGN_IN}/leave")
async def leave(request: Request, call: AnyCall) -> Response:
    """Lead to where somebody signs out at the provider, who else would let them in again."""
    provider = _provider(call)
    if provider is None:
        return missing(request, "Nobody signs in here")
    try:
        where = await call.run(provider.leaving)
    except SignInFailed as error:
        return _form(request, call, "/", failure=error)
    return RedirectResponse(where or SIGN_IN, status_code=303)


@router.post(SIGN_IN)
async def signed_in(
    request: Request, call: AnyCall, name: Name = "", password: Password = "", to: Where = "/"
) -> Response:
    """Begin a session, and lead where its reader wanted to go."""
    people = _people(call)
    if people is None:
        return missing(request, "Nobody signs in here")

    def come(people: People = people) -> str | None:
        token = people.sign_in(name, password, _address(call))
        if token is not None:
            people.sign_out(_cookie(call).value)
        return token

    try:
        token = await call.run(come)
    except TooManyTries as error:
        return _form(request, call, _within(to), name, failure=error)
    if token is None:
        return _form(request, call, _within(to), name, failure=SignInFailed(_WRONG))
    return _with_session(RedirectResponse(_within(to), status_code=303), call, people, token)


@router.post(SIGN_OUT)
async def signed_out(call: AnyCall) -> Response:
    """End a session."""
    people, cookie = _people(call), _cookie(call)
    if people and cookie.value:
        await call.run(lambda: people.sign_out(cookie.value))
    elsewhere = "?out=1" if _provider(call) else ""
    leaving = RedirectResponse(f"{SIGN_IN}{elsewhere}", status_code=303)
    cookie.take(leaving)
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
        told, status, headers = _wait(tongue, error)
        return _account(request, call, told, status=status, headers=headers)
    except MorgueError as error:
        return _account(request, call, *_in_words(tongue, error), status=422)
    if token is None:
        return _account(request, call, tongue.say("That is not your password."), status=401)
    told = tongue.say("Your password is changed. Everywhere else you are signed out.")
    return _with_session(_account(request, call, told, status=200), call, people, token)


def _with_session(reply: Response, call: Call, people: People, token: str) -> Response:
    """Give a browser the cookie of its session."""
    _cookie(call).put(reply, token, int(people.limits.longest))
    return reply


def _cookie(call: Call, suffix: str = "") -> SessionCookie:
    request = call.request
    site = request.app.state.rules.site
    return SessionCookie.of(request.scope, request.headers, site, suffix)


def _people(call: Call) -> People | None:
    """Return the people of the archive; None where nobody signs in."""
    rules = call.request.app.state.rules
    people: People | None = rules.people
    return people if rules.people_sign_in else None


def _provider(call: Call) -> "OpenIdProvider | None":
    """Return the provider at which people sign in, if there is one."""
    provider: OpenIdProvider | None = call.request.app.state.rules.openid
    return provider


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


def _alert(*told: str) -> str:
    words = "".join(f"<p>{as_words(one)}</p>" for one in told if one)
    return f'<div class="failure" role="alert">{words}</div>' if words else ""


def _form(
    request: Request,
    call: Call,
    to: str,
    name: str = "",
    *,
    failure: TooManyTries | MorgueError | None = None,
) -> Response:
    """Return the page that asks who somebody is: by the provider, by a password, or by either."""
    tongue, people = _tongue(request), _people(call)
    title = tongue.say("Sign in")
    told, status, headers = _told(tongue, failure)
    provider = _provider(call)
    ways = [_elsewhere(tongue, provider, to)] if provider else []
    if provider is None or (people and any(one.hash for one in people.all())):
        ways.append(_by_password(tongue, name, to, alone=not provider))
    between = f'<p class="or"><span>{escape(tongue.say("or"))}</span></p>'
    keeper = escape(tongue.say("Who keeps this archive lets you in."))
    reply = sheet(
        request,
        title,
        f'<div class="door"><h1>{escape(title)}</h1>{_alert(*told)}{between.join(ways)}'
        f'<p class="meta">{keeper}</p></div>',
        status=status,
    )
    reply.headers.update(headers)
    return reply


def _told(
    tongue: Tongue, failure: TooManyTries | MorgueError | None
) -> tuple[tuple[str, ...], int, dict[str, str]]:
    """Return what is said of a failure to sign in, a reply's status and further headers."""
    if failure is None:
        return (), 200, {}
    if isinstance(failure, TooManyTries):
        told, status, headers = _wait(tongue, failure)
        return (told,), status, headers
    return _in_words(tongue, failure), 401, {}


def _in_words(tongue: Tongue, error: MorgueError) -> tuple[str, ...]:
    """Return what went wrong and what to do next: some of it is put together elsewhere."""
    words = filter(None, (error.message, error.hint))
    return tuple(retold(tongue.say(one), tongue.say) for one in words)


def _elsewhere(tongue: Tongue, provider: "OpenIdProvider", to: str) -> str:
    """Return the way that leads to the provider."""
    where = f"{SIGN_IN}/with" if to == "/" else f"{SIGN_IN}/with?to={quote(to, safe='')}"
    told = tongue.say("Sign in with {name}", name=provider.name)
    link = f'<a class="button main" href="{escape(where)}">{as_words(told)}</a>'
    return f'<p class="tools">{link}</p>'


def _by_password(tongue: Tongue, name: str, to: str, *, alone: bool) -> str:
    say, focus = tongue.say, " autofocus" if alone else ""
    main = ' class="main"' if alone else ""
    return (
        f'<form class="signing" method="post" action="{SIGN_IN}">'
        f'<input type="hidden" name="to" value="{escape(to)}">'
        f'<label for="name">{escape(say("Name"))}</label>'
        f'<input id="name" name="name" autocomplete="username" autocapitalize="none" '
        f'spellcheck="false" required maxlength="200" value="{escape(name)}"{focus}>'
        f"{_password(say('Password'), 'password', 'current-password')}"
        f'<p class="tools"><button{main}>{escape(say("Sign in"))}</button></p></form>'
    )


def _left(request: Request, call: Call) -> Response:
    """Return the page of who signed out here, and is still known to the provider."""
    tongue, provider = _tongue(request), _provider(call)
    say, title = tongue.say, tongue.say("You are signed out")
    elsewhere = say("You may still be signed in at {name}.", name=provider.name if provider else "")
    leave = say("Sign out there too")
    ways = (
        f'<p>{as_words(elsewhere)}</p><p class="tools">'
        f'<a class="button" href="{SIGN_IN}/leave">{escape(leave)}</a></p>'
    )
    return sheet(
        request,
        title,
        f'<div class="door"><h1>{escape(title)}</h1>{ways if provider else ""}<p class="tools">'
        f'<a class="button main" href="{SIGN_IN}">{escape(say("Sign in"))}</a></p></div>',
    )


def _password(label: str, name: str, autocomplete: str) -> str:
    length = f' minlength="{SHORTEST}"' if autocomplete == "new-password" else ""
    return (
        f'<label for="{name}">{escape(label)}</label><input id="{name}" name="{name}" '
        f'type="password" autocomplete="{autocomplete}" required{length} maxlength="{LONGEST}">'
    )


def _account(
    request: Request,
    call: Call,
    *told: str,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> Response:
    tongue, reader = _tongue(request), call.reader
    say, title = tongue.say, tongue.say("Account")
    sees = ", ".join(reader.collections) or say("the whole archive")
    about = say("You are {name}, and see: {collections}.", name=reader.name, collections=sees)
    admin = f"<p>{escape(say('You keep this archive: you may read articles in.'))}</p>"
    body = f"<h1>{escape(title)}</h1>{_note(*told, status=status)}<p>{as_words(about)}</p>"
    body += admin if reader.scope == "admin" else ""
    if reader.by == "session":
        people = _people(call)
        body += _leaving(tongue)
        has_one = people and people.has_password(reader.name)
        body += _of_password(tongue, reader.name) if has_one else ""
    reply = sheet(request, title, body, status=status)
    reply.headers.update(headers or {})
    return reply


def _note(*told: str, status: int) -> str:
    if told and status == 200:
        return f'<p class="undo" role="status">{as_words(" ".join(told))}</p>'
    return _alert(*told)


def _leaving(tongue: Tongue) -> str:
    return (
        f'<form method="post" action="{SIGN_OUT}" class="tools">'
        f"<button>{escape(tongue.say('Sign out'))}</button></form>"
    )


def _of_password(tongue: Tongue, name: str) -> str:
    """Return what only somebody does who has a password here; who keeps theirs learns whose."""
    say, heading = tongue.say, tongue.say("Change the password")
    return (
        f"<h2>{escape(heading)}</h2>"
        f'<form class="signing" method="post" action="{_ACCOUNT}/password"><input type="text" '
        f'name="username" autocomplete="username" value="{escape(name)}" hidden>'
        f"{_password(say('Current password'), 'password', 'current-password')}"
        f"{_password(say('New password'), 'new', 'new-password')}"
        f'<p class="meta">{escape(say("At least {n} characters.", n=SHORTEST))}</p>'
        f'<p class="tools"><button>{escape(heading)}</button></p></form>'
    )
