"""The application: its verbs, its doors, what holds for all of them, and what it says of itself."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from html import escape
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Match

from assistant.doors.alerts.watch_desk import WatchDesk
from assistant.doors.api import (
    chat,
    intake,
    record_routes,
    responses,
    speech_routes,
    verbs,
    watch_routes,
)
from assistant.doors.api.audit import Audit
from assistant.doors.api.call import AdminsCall
from assistant.doors.api.entry import Entry, Rules
from assistant.doors.api.jobs import Intake, Jobs
from assistant.doors.api.journal import RequestLog
from assistant.doors.api.newsroom import Newsroom
from assistant.doors.api.pace import Pace
from assistant.doors.api.problems import RequestRefused, answer_failures
from assistant.doors.api.response_headers import GuardedResponses
from assistant.doors.api.seen import ITSELF, NOWHERE, Note
from assistant.doors.api.shapes import ProblemShape
from assistant.doors.api.tally import CONTENT_TYPE, Meters
from assistant.doors.keyring import KeyHolder
from assistant.models import llm
from ingest.article import Filters

ROUTERS: Sequence[APIRouter] = (
    verbs.router,
    speech_routes.router,
    record_routes.router,
    chat.router,
    responses.router,
    intake.router,
    watch_routes.router,
)
"""What is served under /v1, one line a door."""

_FAILURES: dict[int | str, dict[str, Any]] = {
    status: {
        "description": what,
        "content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemShape"}}
        },
    }
    for status, what in (
        ("4XX", "The request is refused: why, and what to do next."),
        ("5XX", "The archive or a service does not serve."),
    )
}


def create_app(
    newsroom: Newsroom,
    rules: Rules | None = None,
    read_in: Intake | None = None,
    notes: Sequence[Note] = (),
    watches: WatchDesk | None = None,
) -> FastAPI:
    """Serve an assistant over HTTP; with `read_in`, admins may fill its archive too.

    With `rules.hosts`, requests that name another host are refused: a page of another site
    cannot read an archive on loopback through a name of its own. Further doors (a page, other
    protocols) are mounted on what is returned; `scope["state"]["reader"]` tells them who asks.
    `notes` hear of every request that is over; `watches` keeps the readers' saved searches.
    """
    rules = rules or Rules()
    # The built-in documentation pages load scripts from another host.
    api = FastAPI(
        title="Morgue", docs_url=None, redoc_url=None, responses=_FAILURES, lifespan=_lifespan
    )
    api.state.newsroom, api.state.pace = newsroom, Pace(rules.seconds, rules.computing)
    files = newsroom.archive.papers.accepted(newsroom.archive.folder)
    api.state.rules, api.state.jobs = rules, Jobs(read_in, files) if read_in else None
    api.state.watches = watches
    api.state.farewells = {}  # the last words of a stream that is broken off, by its path
    api.state.writes = llm.load(newsroom.settings) is not None
    answer_failures(api)
    for router in (_ITSELF, *ROUTERS, watch_routes.feeds):
        api.include_router(router)
    for address in (NOWHERE, *ITSELF):
        api.add_api_route(address, nothing_here, methods=_METHODS, include_in_schema=False)
    _describe(api, rules)
    api.add_middleware(Entry, rules=rules, notes=[*_notes(api, newsroom, rules), *notes])
    # It stands there without origins too: the page's framework has a rule of its own otherwise.
    allowed = ["Authorization", "Content-Type", "Idempotency-Key", "X-Request-ID"]
    api.add_middleware(
        CORSMiddleware, allow_origins=rules.origins, allow_headers=allowed,
        allow_methods=["GET", "POST"],
        expose_headers=["X-Request-ID", "Retry-After"] if rules.origins else [],
    )  # fmt: skip
    api.add_middleware(GuardedResponses)
    return api


def _notes(api: FastAPI, newsroom: Newsroom, rules: Rules) -> list[Note]:
    """Return who takes note of each request: the figures, the log, the audit."""
    jobs: Jobs | None = api.state.jobs
    tally = Meters(newsroom.archive.status, jobs.states if jobs else dict)
    api.state.tally = tally
    newsroom.heard.append(tally.answered)
    audit = [Audit(rules.audit).note] if rules.audit else []
    # What the page is asked is not a request of its own: it tells who keeps account of questions.
    api.state.audit = audit
    return [tally.ended, RequestLog(words=rules.log_questions).note, *audit]


@asynccontextmanager
async def _lifespan(api: FastAPI) -> AsyncIterator[None]:
    if api.state.jobs:
        api.state.jobs.resume()
    yield
    if api.state.jobs:
        api.state.jobs.close()
    api.state.pace.close()


def nothing_here(request: Request) -> Response:
    """Refuse what goes to none of our routes: the page, which takes the rest, is no answer to it.

    Raises HTTPException: 405 with what is allowed there, 404 where nothing is.
    """
    partly = [
        route
        for router in (_ITSELF, *ROUTERS)
        for route in router.routes
        if isinstance(route, APIRoute) and route.matches(request.scope)[0] is Match.PARTIAL
    ]
    allowed = sorted({method for route in partly for method in route.methods or ()})
    if allowed:
        raise HTTPException(405, headers={"Allow": ", ".join(allowed)})
    raise HTTPException(404)


_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
_ITSELF = APIRouter()


@_ITSELF.head("/health", include_in_schema=False)
@_ITSELF.get("/health")
def health(request: Request) -> JSONResponse:
    """Say that it serves, and how much of the archive can be found."""
    reader: KeyHolder = request.state.reader
    if reader.by == "nobody":
        return JSONResponse({"status": "ok"})
    status = request.app.state.newsroom.archive.status(Filters(collections=reader.collections))
    counts = {"embedded": status.embedded, "pending": status.pending}
    return JSONResponse({"status": "ok", "articles": status.articles, **counts})


@_ITSELF.head("/ready", include_in_schema=False)
@_ITSELF.get("/ready")
def ready(request: Request) -> JSONResponse:
    """Say whether everything that was read can be found by words.

    What is being read at this moment is found in a moment: that is no reason to ask elsewhere.
    """
    jobs: Jobs | None = request.app.state.jobs
    status = request.app.state.newsroom.archive.status()
    if status.words_at < status.change and not (jobs and jobs.busy):
        raise RequestRefused(
            503, "NotReady", "the index by words is behind", "wait, or run `morgue rebuild words`"
        )
    return JSONResponse({"status": "ready"})


@_ITSELF.get("/metrics", include_in_schema=False)
async def metrics(call: AdminsCall) -> Response:
    """Tell Prometheus what was done. Admins only: the figures are of every key's doings."""
    tally: Meters = call.request.app.state.tally
    return Response(await call.run(tally.text), media_type=CONTENT_TYPE)


@_ITSELF.get("/docs", response_class=HTMLResponse)
def docs(request: Request) -> HTMLResponse:
    """Show the verbs, for a person; it loads nothing from anywhere."""
    rows = []
    for path, methods in request.app.openapi()["paths"].items():
        for method, operation in methods.items():
            said = escape(operation.get("description", "")).replace("\n\n", "<p>")
            rows.append(f"<h2><code>{method.upper()} {escape(path)}</code></h2><p>{said}")
    return HTMLResponse(_PAGE.format("\n".join(rows)))


_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Morgue: the API</title>
<style>body{{max-width:44rem;margin:2rem auto;padding:0 1rem;font:1rem/1.5 system-ui}}</style>
<h1>Morgue</h1>
<p>What each verb takes and answers is in <a href="/openapi.json">openapi.json</a>. Every failure
is a problem document (RFC 9457) whose <code>hint</code> says what to do next.</p>
{}
"""


def _describe(api: FastAPI, rules: Rules) -> None:
    """Add to the OpenAPI document what holds for every verb: failures, and keys if needed."""
    described = api.openapi

    def openapi() -> dict[str, Any]:
        document = described()
        components = document.setdefault("components", {})
        problem = ProblemShape.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas = components.setdefault("schemas", {})
        schemas.update(problem.pop("$defs", {}))
        schemas["ProblemShape"] = problem
        if rules.keys_needed:
            components["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
            document["security"] = [{"key": []}]
        for methods in document["paths"].values():
            for operation in methods.values():
                operation["responses"].pop("422", None)  # it is one of 4XX
        return document

    api.openapi = openapi  # type: ignore[method-assign]
