"""The server itself: what it lets in before it knows who asks, and how it ends.

The outermost layer: how long a request's head may be and may take to come is asked here, before
a key is looked at; what a body may be is asked in `entry`. A signal ends it in order: those who
are being answered may finish for a moment, then they are told, and it exits within seconds.
"""

import asyncio
import atexit
import os
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, cast

import h11
import uvicorn
from fastapi import FastAPI
from sse_starlette.sse import AppStatus
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from assistant.doors.api.entry import MOST_HEAD, Rules, head_too_long
from assistant.doors.api.pace import Pace, stopped
from assistant.doors.api.problems import RequestRefused, response
from ingest.errors import SettingsError

_GRACE_SECONDS = 1.5
"""How long those who are being answered may finish when the server is to end."""
_TOLD_SECONDS = 0.2
"""How long their streams take to tell them that it does not."""
_CLOSE_SECONDS = 1
"""How long their connections may take to close."""
_LINGER_SECONDS = 1
"""How long a client that is still sending may read why it is not listened to."""
_END_SECONDS = 4.5
"""After so long the process ends whatever still runs: what is written is whole at every moment."""


class Listener(uvicorn.Server):
    """Serves an application until `should_exit`; whoever starts it hears the signals."""

    def __init__(self, app: FastAPI) -> None:
        rules: Rules = app.state.rules
        self._pace: Pace = app.state.pace
        self._underway = _Underway(app)
        connection = partial(_Connection, seconds=rules.body_seconds)
        super().__init__(
            uvicorn.Config(
                self._underway,
                http=cast("Any", connection),
                ws="none",
                log_config=None,
                access_log=False,
                server_header=False,
                # `authentication` says which proxies are believed, and needs to know who is one.
                proxy_headers=False,
                h11_max_incomplete_event_size=MOST_HEAD,
                timeout_graceful_shutdown=_CLOSE_SECONDS,
            )
        )
        # It would cut our streams off before they could say anything.
        AppStatus.disable_automatic_graceful_drain()  # type: ignore[no-untyped-call]

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals to `Ending`: they come before and after the server too."""
        yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let nobody in, let who is inside finish for a moment, then tell them and end."""
        for server in self.servers:
            server.close()
        loop = asyncio.get_running_loop()
        until = loop.time() + _GRACE_SECONDS
        while self._pace.inside and loop.time() < until:
            await asyncio.sleep(0.05)
        self._pace.stop()
        until = loop.time() + _TOLD_SECONDS
        while self._underway and loop.time() < until:
            await asyncio.sleep(0.02)
        self._underway.end()
        await super().shutdown(sockets)


class Ending:
    """The wish that this process end: the first signal counts, a further one is heard already.

    When all is closed the process is left as it is: taking the interpreter apart takes longest of
    all where a machine is busy, and no thread of ours runs meanwhile that could cut it short.
    """

    def __init__(self) -> None:
        self.server: Listener | None = None
        self._asked = False
        atexit.register(self._closed)
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._heard)

    def _closed(self) -> None:
        if self._asked:
            _leave()

    def _heard(self, *_: object) -> None:
        if self._asked:
            return
        self._asked = True
        late = threading.Timer(_END_SECONDS, _leave)
        late.daemon = True
        late.start()
        if self.server is None:
            sys.exit(0)
        self.server.should_exit = True


def _leave() -> None:
    """End the process, whatever its threads are waiting for."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)


def bound(host: str, port: int) -> socket.socket:
    """Return a socket that listens at an address. Raises SettingsError where none can."""
    host = host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise SettingsError(
            f"nothing can be served at {host}:{port}: {error.strerror or error}",
            "name another place with --host and --port",
        ) from error


class _Underway:
    """The requests that are being served, each in a task of its own."""

    def __init__(self, app: FastAPI) -> None:
        self._app: ASGIApp = app
        self._farewells: dict[str, bytes] = app.state.farewells
        self._tasks: set[asyncio.Task[Any]] = set()
        self._ended = False

    def __bool__(self) -> bool:
        return bool(self._tasks)

    def end(self) -> None:
        """End every request; who was told nothing yet is told that the server stops."""
        self._ended = True
        for task in self._tasks:
            task.cancel()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        task = asyncio.current_task()
        if scope["type"] != "http" or task is None:
            await self._app(scope, receive, send)
            return
        sent: list[Message] = [{"type": "nothing"}]
        farewell = self._farewells.get(scope["path"].removeprefix(scope.get("root_path", "")), b"")

        async def sending(message: Message) -> None:
            if self._ended and _is_last(message):
                message = {**message, "body": message.get("body", b"") + farewell}
            sent[0] = message
            await send(message)

        self._tasks.add(task)
        try:
            await self._app(scope, receive, sending)
        except asyncio.CancelledError:
            if not self._ended:
                raise
            task.uncancel()
            await _last_words(sent[0], scope, receive, send, farewell)
        finally:
            self._tasks.discard(task)


def _is_last(message: Message) -> bool:
    return message["type"] == "http.response.body" and not message.get("more_body")


async def _last_words(
    sent: Message, scope: Scope, receive: Receive, send: Send, farewell: bytes
) -> None:
    """Complete a response after the last message of it that was sent."""
    if sent["type"] == "nothing":
        await response(stopped())(scope, receive, send)
    elif sent["type"] == "http.response.start" or sent.get("more_body"):
        await send({"type": "http.response.body", "body": farewell, "more_body": False})


class _Connection(H11Protocol):
    """A connection whose client must bring the head of each request in time."""

    def __init__(self, *args: Any, seconds: float, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._seconds = seconds
        self._begun = self._over = False
        self._coming: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for nothing more."""
        self._came()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Begin to wait for a further request with its first byte; end it with its head."""
        if self._over:
            return
        if self._coming is None and self.conn.their_state is h11.IDLE:
            self._expect()
        self._begun = True
        super().data_received(data)
        if self.conn.their_state is not h11.IDLE:
            self._came()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no request, or one whose head is too long, as every failure is told."""
        self._came()
        error = sys.exc_info()[1]
        if isinstance(error, h11.RemoteProtocolError) and error.error_status_hint == 431:
            self._refuse(head_too_long())
        else:
            self._refuse(RequestRefused(400, "InvalidRequest", "this is no HTTP", "see GET /docs"))

    def on_response_complete(self) -> None:
        """Go on with the next request; a body that nobody wanted is not waited for."""
        super().on_response_complete()
        if self.conn.their_state is h11.SEND_BODY and not self.transport.is_closing():
            self._linger()

    def _linger(self) -> None:
        """Close, but let the client read first what it was told: a reset would take that away."""
        self._over = True
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._unset_keepalive_if_required()
        self._came()
        self._coming = self.loop.call_later(_LINGER_SECONDS, self.transport.close)

    def _expect(self) -> None:
        self._coming = self.loop.call_later(self._seconds, self._too_slow)

    def _came(self) -> None:
        self._begun = False
        if self._coming is not None:
            self._coming.cancel()
        self._coming = None

    def _too_slow(self) -> None:
        if self._begun:
            within = f"the request did not arrive within {self._seconds:g} seconds"
            self._refuse(RequestRefused(408, "Timeout", within, "send it in one piece"))
        else:
            self.transport.close()

    def _refuse(self, refused: RequestRefused) -> None:
        if not self.transport.is_closing() and self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            reply = response(refused)
            headers = [*reply.raw_headers, (b"connection", b"close")]
            for event in (
                h11.Response(status_code=refused.status, headers=headers),
                h11.Data(data=bytes(reply.body)),
                h11.EndOfMessage(),
            ):
                self.transport.write(self.conn.send(event) or b"")
            self._linger()
