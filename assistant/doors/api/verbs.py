"""The verbs over HTTP. One more is a function here and its schema in `bodies`."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, replace
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Header, Query, Response
from fastapi.responses import JSONResponse

from assistant.answer import Step
from assistant.check.verify import (
    Claimed,
    PrintedSource,
    Source,
    against,
    against_archive,
    claims_of,
)
from assistant.doors.api.bodies import (
    FARTHEST,
    AskBody,
    CheckBody,
    ClaimBody,
    Id,
    ListBody,
    SearchBody,
    SourceBody,
    VerifyBody,
)
from assistant.doors.api.call import AnyCall, Call, StreamEvent
from assistant.doors.api.exported import as_file
from assistant.doors.api.problems import RequestRefused
from assistant.doors.api.shapes import (
    EXPORTED,
    STREAMED,
    ArticleShape,
    CheckedShape,
    HitsShape,
    ListShape,
    OutcomeShape,
    StatusShape,
    VerdictsShape,
    ok,
)
from assistant.find.listing import Browsing
from assistant.render import (
    SCHEMA,
    article_to_json,
    draft_to_json,
    hits_to_json,
    phrasing,
    span_to_json,
    step_to_json,
    to_json,
    verdicts_to_json,
)
from ingest.article import Article

router = APIRouter(prefix="/v1")

_EVIDENCE_FOR_A_CLAIM = 5


@router.post(
    "/ask",
    responses=ok(OutcomeShape, content={**STREAMED, **EXPORTED}),
    response_class=JSONResponse,
)
async def ask(
    body: AskBody, call: AnyCall, accept: Annotated[str, Header()] = "application/json"
) -> Response:
    """Answer a question from the archive, every sentence with what it rests on.

    With `"stream": true` or `Accept: text/event-stream` the steps come as they happen, each an
    event: understood, found, meanwhile (quotations, while a model writes), said (a checked
    sentence), finished (what is answered otherwise).
    With `"as"` the answer comes as a file of that format.
    """
    steps = asked(call, body)
    if body.as_:
        return as_file(await call.outcome(steps), body.as_, "answer")
    if body.stream or "text/event-stream" in accept:
        return await call.events(steps, _told, lambda failure: _event("error", failure))
    return JSONResponse(to_json(await call.outcome(steps)))


def asked(call: Call, body: AskBody) -> Callable[[], Iterator[Step]]:
    """Return what answers a question, for whoever waits for it."""
    call.note(body.question)
    filters = call.narrowed(body.filters.filters())
    history = [turn.turn() for turn in body.history]

    def steps() -> Iterator[Step]:
        return call.newsroom.steps(
            body.question,
            mode=body.mode,
            filters=filters,
            history=history,
            id=body.id,
            literal=body.literal,
            asker=call.reader.key_id,
        )

    return steps


def _told(step: Step) -> Iterator[StreamEvent]:
    yield _event(*step_to_json(step))


def _event(name: str, document: Mapping[str, object]) -> StreamEvent:
    return StreamEvent(json.dumps(document, ensure_ascii=False), name)


@router.post("/search", responses=ok(HitsShape))
async def search(body: SearchBody, call: AnyCall) -> JSONResponse:
    """Find passages in the archive, a page of them; `next` is the offset of the next page.

    The query may hold operators: "an exact phrase", -word, OR, prefix*, title: outlet: author:
    section: speaker: lang: before: after: on:, a /s b (one sentence), a /p b (one paragraph).

    An admin is told in `searched.nothing` that all that matches is under embargo.
    """
    call.note(body.query)
    filters = call.narrowed(body.filters.filters())
    hits, searched = await call.run(
        lambda: call.newsroom.search(
            body.query,
            k=body.k,
            by=body.by,
            sort=body.sort,
            filters=filters,
            offset=body.offset,
            literal=body.literal,
        )
    )
    if not hits and call.reader.scope == "admin":
        archive = call.newsroom.archive
        if counts := await call.run(lambda: archive.withheld_from(body.query, filters)):
            said = f"What matches is under embargo; {phrasing.withheld(counts)}."
            searched = replace(searched, nothing=said)
    counted = None
    if body.facets:
        how = Browsing(filters=filters, k=0, facets=body.facets, literal=body.literal)
        counted = await call.run(lambda: call.newsroom.browse(body.query, **how))
    document = hits_to_json(hits, searched, body.id, counted)
    return JSONResponse({**document, "next": _next(body, len(hits))})


@router.post("/list", responses=ok(ListShape, content=EXPORTED), response_class=JSONResponse)
async def list_articles(body: ListBody, call: AnyCall) -> Response:
    """List articles by filters and words, a page of them, and how many there are by what."""
    call.note(body.query)
    filters = call.narrowed(body.filters.filters())
    found = await call.run(
        lambda: call.newsroom.browse(
            body.query, filters=filters, sort=body.sort, k=body.k, next=body.next,
            facets=body.facets,
        )
    )  # fmt: skip
    if body.as_:
        return as_file(found, body.as_, "list")
    return JSONResponse(to_json(replace(found, id=body.id)))


def _next(body: SearchBody, found: int) -> int | None:
    """Return where the next page begins, None where there is none to ask for."""
    begins = body.offset + body.k
    return begins if found == body.k and begins <= FARTHEST else None


@router.get("/articles/{article_id}", responses=ok(ArticleShape))
async def article(
    article_id: Id,
    call: AnyCall,
    version: Annotated[int | None, Query(ge=1, le=2**31)] = None,
    start: Annotated[int | None, Query(ge=0, le=2**31)] = None,
    end: Annotated[int | None, Query(ge=0, le=2**31)] = None,
) -> JSONResponse:
    """Show an article: its text, parts, versions and story; with a start and an end, that span."""
    call.note(article_id)
    span = None if start is None and end is None else (start, end)
    return JSONResponse(await call.run(lambda: _article(call, article_id, version, span)))


def _article(
    call: Call, article_id: str, version: int | None, span: tuple[int | None, int | None] | None
) -> dict[str, object]:
    shelf = call.newsroom.archive
    found = _readable(call, article_id, version)
    story = shelf.story(article_id, call.collections)
    notices = shelf.notices(found, collections=call.collections)
    versions = shelf.versions(article_id)
    document = article_to_json(found, versions=versions, story=story, notices=notices)
    if span:
        document["span"] = span_to_json(found, *_within(found.text, *span))
    # Where it was read from is the business of who keeps the archive.
    return {k: v for k, v in document.items() if k not in {"file", "where"}}


def _readable(call: Call, article_id: str, version: int | None) -> Article:
    found = call.newsroom.archive.readable(article_id, version, collections=call.collections)
    if found is None:
        what = f"version {version} of {article_id!r}" if version else repr(article_id)
        raise RequestRefused(
            404, "NotFound", f"the archive has no {what}", "POST /v1/search finds what it has"
        )
    return found


def _within(text: str, start: int | None, end: int | None) -> tuple[int, int]:
    begins, ends = start or 0, len(text) if end is None else end
    if not begins <= ends <= len(text):
        raise RequestRefused(
            422, "InvalidRequest", f"no span {begins}:{ends} is in {len(text):,} characters",
            "`parts` says where the article's parts stand",
        )  # fmt: skip
    return begins, ends


@router.post("/verify", responses=ok(VerdictsShape))
async def verify(body: VerifyBody, call: AnyCall) -> JSONResponse:
    """Say of claims, or of an answer with its sources, how far each claim is supported."""
    call.note(body.answer or "\n".join(claim.text for claim in body.claims))
    return JSONResponse(await call.run(lambda: _verify(call, body)))


def _verify(call: Call, body: VerifyBody) -> dict[str, object]:
    sources = [_source(call, source) for source in _numbered(body.sources)]
    if body.answer is not None:
        claims = claims_of(body.answer, len(sources))
    else:
        claims = [_claimed(claim, len(sources)) for claim in body.claims]
    reader = call.newsroom.reader
    if sources:
        return verdicts_to_json(against(claims, sources, reader))
    filters = call.narrowed(body.filters.filters())
    plain = [Claimed(text=claim.text) for claim in claims]

    find = partial(call.newsroom.search, k=_EVIDENCE_FOR_A_CLAIM, filters=filters, literal=True)
    return verdicts_to_json(against_archive(plain, find, reader))


@router.post("/check", responses=ok(CheckedShape, content=EXPORTED), response_class=JSONResponse)
async def check(body: CheckBody, call: AnyCall) -> Response:
    """Hold a draft against the archive: each quotation, factual sentence and name of it.

    Places count in the characters of the draft's `text`, which is told.
    """
    draft = body.draft()
    call.note(draft.read)
    filters = call.narrowed(body.filters.filters())
    found = await call.run(lambda: call.newsroom.check(draft, filters=filters, day=body.date))
    if body.as_:
        return as_file(found, body.as_, "draft")
    return JSONResponse(draft_to_json(found))


def _numbered(sources: list[SourceBody]) -> list[SourceBody]:
    """Return sources in the order of their numbers, where every one has the right one."""
    ranked = sorted(sources, key=lambda source: source.n or 0)
    numbers = [source.n for source in ranked if source.n is not None]
    if numbers and numbers != list(range(1, len(sources) + 1)):
        raise RequestRefused(
            422, "InvalidRequest", "sources: n must count them from 1", "or leave n out"
        )
    return ranked


def _source(call: Call, source: SourceBody) -> Source:
    if source.article_id is None:
        return source.text or ""
    found = _readable(call, source.article_id, source.version)
    start, end = _within(found.text, source.start, source.end)
    return PrintedSource(article=found, start=start, end=end)


def _claimed(claim: ClaimBody, sources: int) -> Claimed:
    strange = [n for n in claim.citations if not 1 <= n <= sources] if sources else []
    faults = tuple(f"cites [{n}], which does not exist" for n in strange)
    return Claimed(text=claim.text, cites=tuple(claim.citations), faults=faults)


@router.get("/status", responses=ok(StatusShape))
async def status(call: AnyCall) -> JSONResponse:
    """Say what is in the archive, as far as this reader may see it."""
    found = await call.run(lambda: call.newsroom.archive.status(call.scope))
    admin = call.reader.scope == "admin"
    whole = await call.run(call.newsroom.archive.status) if admin else found
    shards = await call.run(call.newsroom.archive.shards) if admin else []
    days = {"from": found.since and found.since.isoformat()}
    days["to"] = found.until and found.until.isoformat()
    numbers = ("articles", "passages", "embedded", "pending", "failed")
    places = ("embedder", "change", "words_at", "meaning_at")
    return JSONResponse(
        {
            "schema": SCHEMA,
            **{name: getattr(found, name) for name in numbers},
            **days,
            "outlets": dict(found.outlets),
            "languages": dict(found.languages),
            **{name: getattr(found, name) for name in places},
            "withheld": dict(whole.withheld) if admin else {},
            "shards": [asdict(one) for one in shards],
        }
    )
