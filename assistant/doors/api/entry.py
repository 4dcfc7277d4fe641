"""The entry of every request: its id, from where it comes, how often, how much, and the audit."""

import asyncio
import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.doors.api.authentication import OPEN, SIGN_IN, SIGN_OUT, Authentication, Proxies
from assistant.doors.api.problems import RequestRefused, response
from assistant.doors.api.response_headers import NOTHING
from assistant.doors.api.seen import FEEDS, FOR_PROGRAMS, ITSELF, Note, ended, route
from assistant.doors.keyring import KeyHolder, Keyring
from assistant.doors.sign_in import People
from ingest import spans
from ingest.archive.tallies import OwnTallies, Tallies, Tally

if TYPE_CHECKING:
    from assistant.doors.openid import OpenIdProvider

STREAMED = ("/v1/ingest", "/ingest/drop")
"""Where a body is too long to be read before anything is done with it."""
MOST_HEAD = 32_768
"""Bytes that a request's line and headers may have: a browser's cookies are a few thousand."""
_OURS = (*FOR_PROGRAMS, FEEDS, *ITSELF)
"""What is no page."""
_PLAIN_PAGES = (
    "/a/", "/article/", "/draft", "/ingest", "/list", "/looks/", "/quote", "/said", "/talks",
    "/watches", SIGN_IN, SIGN_OUT, "/account",
)  # fmt: skip
"""The pages beside the chat."""
_UNCOUNTED = (*OPEN, "/assets/", "/static/", "/looks/")
"""What a page is made of costs nobody anything."""
_ID = re.compile(r"[\w.-]{1,64}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What holds for every request.

    `keys_needed` is for an address that others can reach: who asks has a key, has signed in as
    one of the `people`, here or at a provider (`openid`), or is named by one of the `proxies`.
    `site` is the address by which browsers reach it, `origins` are other sites whose pages may
    ask, `rate` is requests a minute for a key that has no rate of its own, 0 for any number;
    `seconds` an answer may take, `body_seconds` a request may take to arrive or a reader to take
    what was sent;
    `log_questions` lets the log hold what was asked; `keeper` is whom readers ask for articles;
    in `tallies` is counted how often a key asks; so many answers compute at once as `computing`
    says, more than one only where each waits much for others.
    """

    keys: Keyring | None = None
    people: People | None = None
    openid: "OpenIdProvider | None" = None
    proxies: Proxies = field(default_factory=Proxies)
    keys_needed: bool = False
    site: str = ""
    hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    most_bytes: int = 1_000_000
    most_ingested: int = 256_000_000
    seconds: float = 600.0
    body_seconds: float = 30.0
    rate: int = 0
    audit: Path | None = None
    log_questions: bool = False
    keeper: str = ""
    tallies: Tallies = field(default_factory=OwnTallies)
    computing: int = 1

    @property
    def people_sign_in(self) -> bool:
        """Whether there is anybody who signs in, or a provider that may name somebody."""
        return self.people is not None and bool(self.openid or self.people.all())


class Entry:
    """Lets a request in, or says why not. `scope["state"]` then holds `reader`, `request_id`."""

    def __init__(self, app: ASGIApp, rules: Rules, notes: Sequence[Note] = ()) -> None:
        self._app = app
        self._rules = rules
        self._authentication = Authentication(rules)
        self._allowances = _Allowances(rules.tallies)
        self._notes = notes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        given = headers.get("x-request-id", "")
        state = scope.setdefault("state", {})
        state["request_id"] = given if _ID.fullmatch(given) else uuid4().hex
        began, sent = time.monotonic(), _Sent(send, scope, self._rules.body_seconds)
        try:
            with spans.request(dict(headers)):
                await self._serve(scope, receive, sent, headers)
        except asyncio.CancelledError:  # the server stops; the listener tells it to who waits
            sent.status = sent.status or 503
            raise
        except Exception as error:
            if sent.status is None:
                await response(error, state["request_id"])(scope, receive, sent)
            raise
        finally:
            over = ended(scope, sent.status, time.monotonic() - began)
            for note in self._notes:
                note(over)

    async def _serve(self, scope: Scope, receive: Receive, sent: "_Sent", headers: Headers) -> None:
        state = scope["state"]
        try:
            state["reader"] = self._let_in(scope, headers)
            if scope["path"] not in STREAMED:
                receive = await self._body(receive)
            await self._app(scope, receive, sent)
        except RequestRefused as refused:
            await response(refused, state["request_id"])(scope, receive, sent)
        finally:
            method, status = "http.request.method", "http.response.status_code"
            spans.note(**{method: scope["method"], "http.route": route(scope)})
            spans.note(**{status: sent.status, "request_id": state["request_id"]})

    def _let_in(self, scope: Scope, headers: Headers) -> KeyHolder:
        if sum(len(name) + len(value) for name, value in headers.raw) > MOST_HEAD:
            raise head_too_long()
        self._right_host(headers)
        if scope["method"] not in {"GET", "HEAD", "OPTIONS"}:
            self._same_site(headers)
        reader = self._authentication.of(scope, headers)
        if reader.key_id and not scope["path"].startswith(_UNCOUNTED):
            self._allowances.take(reader.key_id, reader.rate or self._rules.rate)
        return reader

    def _right_host(self, headers: Headers) -> None:
        """Refuse who came by a name of another site's: its pages must not read what is here."""
        hosts = self._rules.hosts
        if hosts and _name(headers.get("host", "")) not in {_name(host) for host in hosts}:
            raise RequestRefused(
                400, "WrongHost", "this server does not go by that name", f"use {hosts[0]}"
            )

    def _same_site(self, headers: Headers) -> None:
        """Refuse what a page of another site sends: it may write, if not read."""
        origin = headers.get("origin")
        if origin is None or origin in {self._rules.site, *self._rules.origins}:
            return
        if urlsplit(origin).netloc != headers.get("host"):
            raise RequestRefused(
                403, "Forbidden", "this page is of another site", "name its origin in MORGUE_CORS"
            )

    async def _body(self, receive: Receive) -> Receive:
        """Read a body, before anything else is done with it, if it is short and comes in time."""
        try:
            body = await asyncio.wait_for(self._read(receive), self._rules.body_seconds)
        except TimeoutError:
            within = f"within {self._rules.body_seconds:g} seconds"
            raise RequestRefused(
                408, "Timeout", f"the request did not arrive {within}", "send it in one piece"
            ) from None
        return _replay(body, receive)

    async def _read(self, receive: Receive) -> bytes:
        body = bytearray()
        more = True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
            if len(body) > self._rules.most_bytes:
                raise too_long(self._rules.most_bytes)
        return bytes(body)


def too_long(most: int) -> RequestRefused:
    """Return the refusal of a body that is longer than it may be."""
    return RequestRefused(413, "TooLong", f"the request is longer than {most:,} bytes", "send less")


def head_too_long() -> RequestRefused:
    """Return the refusal of a request whose line and headers are longer than they may be."""
    most = f"the request's line and headers are longer than {MOST_HEAD:,} bytes"
    return RequestRefused(431, "TooLong", most, "send less")


def _name(host: str) -> str:
    """Return the name of a host without its port."""
    if host.count(":") > 1 and not host.startswith("["):
        return host
    return host.partition("]")[0].strip("[") if host[:1] == "[" else host.partition(":")[0]


class _Allowances:
    """How many requests each key has left: as many at once as in a minute, then evenly."""

    def __init__(self, tallies: Tallies) -> None:
        self._tallies = tallies

    def take(self, key_id: str, rate: int) -> None:
        if not rate:
            return
        name, now = f"rate {key_id}", time.time()
        with self._tallies.changing([name]) as held:
            left, at = held.get(name, Tally(float(rate), now))
            left = min(float(rate), left + max(0.0, now - at) * rate / 60)
            enough = left >= 1
            held[name] = Tally(left - enough, now)
        if not enough:
            wait = max(1, round((1 - left) * 60 / rate))
            raise RequestRefused(
                429, "TooMany", f"this key may ask {rate:,} times a minute",
                f"wait {wait} seconds", {"Retry-After": str(wait)},
            )  # fmt: skip


class _Sent:
    """What is sent, with the request's id; who takes nothing of it for long is left alone."""

    def __init__(self, send: Send, scope: Scope, seconds: float) -> None:
        self._send = send
        self._scope = scope
        self._seconds = seconds
        self.status: int | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Request-ID"] = self._scope["state"]["request_id"]
            headers["Content-Security-Policy"] = _policy(self._scope["path"])
            if self._scope["path"].startswith(_PLAIN_PAGES):
                # A form without any referrer has no origin either, and would be another site's.
                headers["Referrer-Policy"] = "same-origin"
        await asyncio.wait_for(self._send(message), self._seconds)


_PAGE = (
    "default-src 'self'; img-src 'self' data: blob:; media-src 'self' data: blob:; "
    "font-src 'self' data:; style-src 'self' 'unsafe-inline'; worker-src 'self' blob:; "
    # The page's framework compiles what its components do in the browser.
    "script-src 'self' 'unsafe-inline' 'unsafe-eval'; object-src 'none'; base-uri 'self'; "
    "form-action 'self'; frame-ancestors 'none'"
)


_PLAIN = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def _policy(path: str) -> str:
    """Return what a browser may load and run for an address: nothing where it is no page."""
    if path.startswith(_PLAIN_PAGES):
        return _PLAIN
    if path == "/docs":
        return f"{NOTHING}; style-src 'unsafe-inline'"
    return NOTHING if path.startswith(_OURS) else _PAGE


def _replay(body: bytes, receive: Receive) -> Receive:
    chunks: Iterable[bytes] = iter((body,))

    async def replayed() -> Message:
        for chunk in chunks:
            return {"type": "http.request", "body": chunk, "more_body": False}
        return await receive()

    return replayed
