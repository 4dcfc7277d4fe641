"""What is seen of a request when it is over: never its words, unless whoever asks keeps them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from starlette.types import Scope

from assistant.doors.keyring import KeyHolder

FOR_PROGRAMS = ("/v1/", "/mcp")
"""Where a request is short, comes in time and is audited; what is mounted for programs joins."""
ITSELF = ("/health", "/ready", "/docs", "/openapi.json", "/metrics")
"""What the server tells of itself."""
FEEDS = "/feeds/"
"""Where a feed is read by whoever has its address, which is a secret: it is logged nowhere."""
NOWHERE = "/v1/{rest:path}"
"""What takes the addresses that no route of ours has."""
_METHODS = {"GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A request that is over: whose it was, where it went, how it ended, in how many seconds.

    `path` and `asked` are the client's own words; `route` and `method` are of a few known ones.
    """

    request_id: str
    reader: KeyHolder | None
    method: str
    path: str
    route: str
    asked: str | None
    status: int
    seconds: float


Note = Callable[[Ended], None]
"""Takes note of a request that is over."""


def ended(scope: Scope, status: int | None, seconds: float) -> Ended:
    """Return what is seen of a request; a bug that sent nothing is a 500."""
    state = scope["state"]
    return Ended(
        request_id=state["request_id"],
        reader=state.get("reader"),
        method=scope["method"] if scope["method"] in _METHODS else "other",
        path=scope["path"],
        route=route(scope),
        asked=state.get("asked"),
        status=status or 500,
        seconds=seconds,
    )


def asked_on_the_page(state: Mapping[str, Any], asked: str, status: int, seconds: float) -> Ended:
    """Return what is seen of a question on the page, which is answered beside its request."""
    return Ended(
        request_id=state.get("request_id", ""),
        reader=state.get("reader"),
        method="POST",
        path="/",
        route="page",
        asked=asked,
        status=status,
        seconds=seconds,
    )


def asked_of_a_tool(reader: KeyHolder, asked: str | None, status: int, seconds: float) -> Ended:
    """Return what is seen of a tool that an agent calls over a pipe, where there is no request."""
    return Ended(
        request_id=uuid4().hex,
        reader=reader,
        method="stdio",
        path="/mcp",
        route="/mcp",
        asked=asked,
        status=status,
        seconds=seconds,
    )


def route(scope: Scope) -> str:
    """Return which of our routes a request went to: never an address of the client's making."""
    path = scope["path"]
    if path in ITSELF:
        return str(path)
    if path.startswith(FEEDS):
        return FEEDS
    if not path.startswith(FOR_PROGRAMS):
        return "page"
    if path.startswith("/mcp"):
        return "/mcp"
    found = str(getattr(scope.get("route"), "path", "unknown"))
    return "unknown" if found == NOWHERE else found
