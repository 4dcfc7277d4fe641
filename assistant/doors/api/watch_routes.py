"""Saved searches over HTTP: each reader's own; and the feed of each, opened by its token."""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Annotated, Literal

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from assistant.doors.alerts.watch_desk import WatchDesk
from assistant.doors.api.bodies import Name, RunWatchesBody, WatchBody
from assistant.doors.api.call import AnyCall, Call
from assistant.doors.api.problems import RequestRefused
from assistant.doors.api.shapes import HitShape, NoticeShape, Shape, ok
from assistant.render.alerts import alert_to_json, run_to_json
from assistant.render.documents import SCHEMA
from ingest.archive.watches import WatchKind
from ingest.errors import SettingsError

router = APIRouter(prefix="/v1/watches")
feeds = APIRouter()

_MOST = 100


class WatchFiltersShape(Shape):
    """What a watch leaves out."""

    since: str | None = Field(alias="from")
    to: str | None
    as_of: str | None
    outlet: list[str]
    language: list[str]
    section: list[str]
    collection: list[str]
    comments: bool


class WaitingShape(Shape):
    """A message that was not sent yet."""

    way: Literal["webhook", "mail"]
    tries: int
    due: str
    error: str | None


class WatchShape(Shape):
    """A saved search."""

    name: str
    query: str
    kind: WatchKind
    filters: WatchFiltersShape
    webhook: str | None
    mail: list[str]
    feed: bool
    created_at: str
    looked_at: str
    waiting: list[WaitingShape]


class WatchesShape(Shape):
    """What `GET /v1/watches` answers."""

    version: Literal[1] = Field(alias="schema")
    watches: list[WatchShape]


class FeedShape(Shape):
    """A watch's name and the address of its feed."""

    version: Literal[1] = Field(alias="schema")
    name: str
    feed: str | None


class SavedShape(FeedShape):
    """A watch that was saved: the address of its feed, what its webhook is signed with."""

    secret: str | None


class AlertShape(Shape):
    """Something that a watch told."""

    n: int
    watch: str
    event: Literal["new", "correction", "retraction"]
    at: str
    notice: NoticeShape | None
    hit: HitShape


class AlertsShape(Shape):
    """What a watch has told."""

    version: Literal[1] = Field(alias="schema")
    alerts: list[AlertShape]


class SkippedShape(Shape):
    """A watch of which not everything could be looked for."""

    watch: str
    why: str


class WatchRunShape(AlertsShape):
    """What a run over watches came to."""

    watches: int
    looked_at: int
    skipped: list[SkippedShape]


class RemovedShape(Shape):
    """A watch that was removed."""

    version: Literal[1] = Field(alias="schema")
    removed: str


@router.get("", responses=ok(WatchesShape))
async def watches(call: AnyCall) -> JSONResponse:
    """List the reader's own watches."""
    desk, owner = _desk(call.request), _owner(call)
    found = await call.run(lambda: desk.listed(owner))
    return JSONResponse({"schema": SCHEMA, "watches": found})


@router.post("", responses=ok(SavedShape))
async def add_watch(body: WatchBody, call: AnyCall) -> JSONResponse:
    """Save a search; what is new for it from now on is told.

    The address of its feed and the secret of its webhook are told this once.
    """
    call.note(body.query)
    desk, owner = _desk(call.request), _owner(call)
    wanted = body.wanted(call.narrowed(body.filters.filters()))
    try:
        saved = await call.run(lambda: desk.add(wanted, owner))
    except SettingsError as error:
        raise RequestRefused(422, "InvalidRequest", error.message, error.hint) from None
    feed, name = desk.address(saved.token), saved.watch.name
    return JSONResponse({"schema": SCHEMA, "name": name, "feed": feed, "secret": saved.secret})


_ALL = RunWatchesBody()


@router.post("/run", responses=ok(WatchRunShape))
async def run_watches(call: AnyCall, body: RunWatchesBody = _ALL) -> JSONResponse:
    """Tell what is new for the reader's watches since they were last run."""
    desk, owner = _desk(call.request), _owner(call)
    with _named():
        run = await call.run(lambda: desk.run(body.names, owner))
    return JSONResponse(run_to_json(run))


@router.get("/{name}/alerts", responses=ok(AlertsShape))
async def alerts(
    name: Name, call: AnyCall, k: Annotated[int, Query(ge=1, le=_MOST)] = 20
) -> JSONResponse:
    """Return again what a watch has told, the newest first."""
    desk, owner = _desk(call.request), _owner(call)
    with _named():
        found = await call.run(lambda: desk.alerts(name, owner, k))
    return JSONResponse({"schema": SCHEMA, "alerts": [alert_to_json(one) for one in found]})


@router.post("/{name}/feed", responses=ok(FeedShape))
async def renew_feed(name: Name, call: AnyCall) -> JSONResponse:
    """Give a watch's feed a new address; the one before opens nothing any more."""
    desk, owner = _desk(call.request), _owner(call)
    with _named():
        token = await call.run(lambda: desk.renew(name, owner))
    return JSONResponse({"schema": SCHEMA, "name": name, "feed": desk.address(token)})


@router.delete("/{name}/feed", responses=ok(FeedShape))
async def close_feed(name: Name, call: AnyCall) -> JSONResponse:
    """Take away the address of a watch's feed."""
    desk, owner = _desk(call.request), _owner(call)
    with _named():
        await call.run(lambda: desk.close_feed(name, owner))
    return JSONResponse({"schema": SCHEMA, "name": name, "feed": None})


@router.delete("/{name}", responses=ok(RemovedShape))
async def remove_watch(name: Name, call: AnyCall) -> JSONResponse:
    """Forget a watch, and what it told."""
    desk, owner = _desk(call.request), _owner(call)
    with _named():
        removed = await call.run(lambda: desk.remove(name, owner))
    return JSONResponse({"schema": SCHEMA, "removed": removed.name})


@feeds.get("/feeds/{token}", include_in_schema=False)
async def feed(
    token: str, request: Request, if_none_match: Annotated[str, Header()] = ""
) -> Response:
    """Return what a watch told as an Atom feed: whoever has the address may read it."""
    desk = _desk(request)
    told = await request.app.state.pace.run(lambda: desk.feed(token))
    if told is None:
        raise RequestRefused(404, "NotFound", "no feed is at this address", "ask for a new one")
    tag = f'"{sha256(told).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "private, max-age=60"}
    if tag in if_none_match:
        return Response(status_code=304, headers=headers)
    return Response(told, media_type="application/atom+xml", headers=headers)


@contextmanager
def _named() -> Iterator[None]:
    """Answer 404 where a reader has no watch of a name."""
    try:
        yield
    except SettingsError as error:
        raise RequestRefused(
            404, "NotFound", error.message, "GET /v1/watches lists yours"
        ) from None


def _owner(call: Call) -> str:
    return call.reader.key_id or ""


def _desk(request: Request) -> WatchDesk:
    desk: WatchDesk | None = request.app.state.watches
    if desk is None:
        raise RequestRefused(404, "NotFound", "this server keeps no watches", "ask who runs it")
    return desk
