"""One reply of a model under way: how long it may take, who waits for it, how it ended.

The client libraries wait for a server within one call, for its headers, a word or the end. From
there nothing reaches them but the end of the connection: a thread keeps the time, and ends it.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from assistant.errors import MalformedReply, ServiceDown, ServiceError, ServiceRefused
from assistant.models.service_errors import HINT_DOWN, HINT_URL
from ingest.compute_slots import released

if TYPE_CHECKING:
    import httpx

_GLANCE_SECONDS = 0.2
"""Between two looks at the clock and at who waits; a look costs microseconds."""

_CONNECTED = ("connect_tcp.complete", "start_tls.complete")

_under_way: ContextVar["Reply | None"] = ContextVar("under_way", default=None)
_left: ContextVar[tuple[threading.Event, ...]] = ContextVar("left", default=())


def until(left: threading.Event) -> None:
    """Let the replies of this context end once `left` is set: nobody waits for them then.

    What would have ended them before still does.
    """
    _left.set((*_left.get(), left))


def waited_for() -> bool:
    """Tell whether anybody still waits for what is done in this context."""
    return not _any_set(_left.get())


def rest(seconds: float) -> bool:
    """Sleep, but no longer than somebody waits; return whether somebody still does."""
    ends = time.monotonic() + seconds
    while waited_for():
        remaining = ends - time.monotonic()
        if remaining <= 0:
            return True
        with released():
            time.sleep(min(remaining, _GLANCE_SECONDS))
    return False


def _any_set(events: tuple[threading.Event, ...]) -> bool:
    return any(event.is_set() for event in events)


class Reply:
    """One reply under way: how long it may take, and whether it came to its end."""

    def __init__(self, who: str, deadline: float) -> None:
        self._who = who
        self._deadline = deadline
        self._left = _left.get()
        self._responses: list[httpx.Response] = []
        self._sockets: list[socket.socket] = []
        self._over = threading.Event()
        self._seen = self._protocol = False
        self._finish: str | None = None
        threading.Thread(target=self._keep_time, name="morgue-time", daemon=True).start()

    @property
    def finished(self) -> bool:
        """Whether the server has said that there is no more; it may forget to hang up."""
        return self._finish is not None

    @contextmanager
    def begun(self) -> Iterator[None]:
        """Let the hooks of a client find this reply; say why it was ended, where we did that.

        Whoever waits for it computes nothing meanwhile, and holds no slot.
        """
        token = _under_way.set(self)
        try:
            with released():
                yield
        except ServiceError:
            self.in_time()
            raise
        finally:
            _under_way.reset(token)

    def begin(self, request: "httpx.Request") -> None:
        """Be told of the connection of a request before anything is sent."""
        request.extensions["trace"] = self._connected

    def watch(self, response: "httpx.Response") -> None:
        """Bound the response, and be able to end it.

        LlamaIndex keeps an abandoned stream open until the garbage collector comes by; and
        a server that only pings would never be silent for long enough to time out.
        """
        response.stream = _bounded(response.stream, self.in_time)
        self._responses.append(response)

    def in_time(self) -> None:
        """Raise ServiceDown where the time is over, or nobody waits any more."""
        if _any_set(self._left):
            raise ServiceDown(f"nobody waits for {self._who} any more")
        if time.monotonic() > self._deadline:
            raise ServiceDown(
                f"{self._who} did not come to the end of its reply in time",
                "take a faster model, or raise MORGUE_ANSWER_TIMEOUT",
            )

    def note(self, raw: Any) -> None:
        """Keep what the protocol says about the end; plug-ins of other protocols say nothing."""
        self.in_time()
        self._seen = True
        choices = getattr(raw, "choices", None)
        self._protocol = self._protocol or choices is not None
        if choices and choices[0].finish_reason:
            self._finish = choices[0].finish_reason

    def check(self) -> None:
        """Tell a whole reply from one that was cut: to the client libraries they are alike."""
        if not self.finished:
            self.in_time()
        if not self._seen:
            raise MalformedReply(f"{self._who} sent no chat completion", HINT_URL)
        if self._finish == "length":
            raise MalformedReply(
                f"{self._who} came to its length limit in the middle of its reply",
                "raise the server's limit of tokens, or lower MORGUE_BUDGET",
            )
        if self._finish == "content_filter":
            raise ServiceRefused(f"{self._who} cut its reply off by a content filter")
        if self._protocol and self._finish is None:
            raise ServiceDown(f"{self._who} broke off in the middle of its reply", HINT_DOWN)

    def close(self) -> None:
        """End the request, and the thread that keeps its time."""
        self._over.set()
        for response in self._responses:
            response.close()

    def _connected(self, event: str, info: Mapping[str, Any]) -> None:
        if event.endswith(_CONNECTED):
            self._sockets.append(info["return_value"].get_extra_info("socket"))

    def _keep_time(self) -> None:
        while not self._over.wait(_GLANCE_SECONDS):
            try:
                self.in_time()
            except ServiceDown:
                self._hang_up()

    def _hang_up(self) -> None:
        for connection in self._sockets:
            # What is encrypted need not be told goodbye, and what is closed is closed.
            with contextlib.suppress(OSError):
                socket.socket.shutdown(connection, socket.SHUT_RDWR)


def hooks() -> dict[str, list[Callable[..., None]]]:
    """Return what an httpx client must call so that the reply under way can be ended."""
    return {"request": [_begin], "response": [_watch]}


def _begin(request: "httpx.Request") -> None:
    reply = _under_way.get()
    if reply is not None:
        reply.begin(request)


def _watch(response: "httpx.Response") -> None:
    reply = _under_way.get()
    if reply is not None:
        reply.watch(response)


def _bounded(stream: Any, in_time: Callable[[], None]) -> Any:
    import httpx

    class Bounded(httpx.SyncByteStream):
        def __iter__(self) -> Iterator[bytes]:
            for data in stream:
                in_time()
                yield data

        def close(self) -> None:
            stream.close()

    return Bounded()
