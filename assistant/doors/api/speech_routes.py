"""Who said what, and where words are printed, over HTTP."""

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse

from assistant.doors.api.bodies import QuoteBody, SaidBody
from assistant.doors.api.call import AnyCall
from assistant.doors.api.exported import as_file
from assistant.doors.api.shapes import EXPORTED, ok
from assistant.doors.api.speech_shapes import QuoteFoundShape, SaidShape
from assistant.render import quote_to_json, sayings_to_json

router = APIRouter(prefix="/v1")


@router.post("/said", responses=ok(SaidShape, content=EXPORTED), response_class=JSONResponse)
async def said(body: SaidBody, call: AnyCall) -> Response:
    """Tell what a speaker said, in order of time, or who said something with some words.

    `next` is the offset of the next page. Names are shown where they are confirmed.
    """
    call.note(f"{body.speaker} {body.words}".strip())
    filters = call.narrowed(body.filters.filters())
    found = await call.run(
        lambda: call.newsroom.said(
            body.speaker or None,
            body.words,
            k=body.k,
            offset=body.offset,
            newest_first=body.newest_first,
            filters=filters,
        )
    )
    if body.as_:
        return as_file(found, body.as_, "said")
    return JSONResponse(sayings_to_json(found, body.id))


@router.post("/quote", responses=ok(QuoteFoundShape, content=EXPORTED), response_class=JSONResponse)
async def quote(body: QuoteBody, call: AnyCall) -> Response:
    """Tell where words are printed, exactly or altered, whose they are, and where first."""
    call.note(body.words)
    filters = call.narrowed(body.filters.filters())
    found = await call.run(lambda: call.newsroom.quote(body.words, filters=filters))
    if body.as_:
        return as_file(found, body.as_, "quote")
    return JSONResponse(quote_to_json(found, body.id))
