"""`/v1/records`: earlier answers with what they rested on, for who asked and for admins."""

import contextlib
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic import Field, StringConstraints

from assistant.doors.api.bodies import Id
from assistant.doors.api.call import AnyCall, Call
from assistant.doors.api.problems import RequestRefused
from assistant.doors.api.shapes import Shape, ok
from assistant.doors.cli.replaying import gone, told
from assistant.history import Record
from assistant.render import SCHEMA
from ingest.article import Article
from ingest.errors import MorgueError

router = APIRouter(prefix="/v1/records")

_LOOKED_AT = 500
"""Records that are read for one page: where few are the reader's own, a page is short."""
Cursor = Annotated[str, StringConstraints(max_length=40, pattern=r"^[0-9T-]+[0-9a-f-]*$")]


class ReadShape(Shape):
    """A passage that was read for an answer."""

    article_id: str
    version: int
    start: int
    end: int
    score: float
    by: list[Literal["words", "meaning"]]


class KeptShape(Shape):
    """One answer and how it came about; words of articles that are gone are withheld."""

    id: str
    at: str
    change: int
    question: dict[str, Any]
    history: list[dict[str, str]]
    passages: list[ReadShape]
    model: str | None
    prompts: dict[str, str]
    replies: list[str]
    outcome: dict[str, Any] | None


class RecordShape(Shape):
    """What `/v1/records/{record_id}` answers."""

    version: Literal[1] = Field(alias="schema")
    record: KeptShape
    change_now: int
    gone: list[str]


class ListedShape(Shape):
    """An answer that is on record."""

    id: str
    at: str
    question: str
    kind: Literal["answer", "no_answer", "list"]


class RecordsShape(Shape):
    """What `/v1/records` answers; `next` is the cursor of the page after this one."""

    version: Literal[1] = Field(alias="schema")
    records: list[ListedShape]
    next: str | None


@router.get("", responses=ok(RecordsShape))
async def records(
    call: AnyCall,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
    cursor: Annotated[Cursor | None, Query()] = None,
) -> JSONResponse:
    """List the answers on record, the newest first: a key's own, for an admin everybody's.

    A page may be short; only where `next` is null is there no more.
    """
    return JSONResponse(await call.run(lambda: _page(call, limit, cursor)))


@router.get("/{record_id}", responses=ok(RecordShape))
async def record(record_id: Id, call: AnyCall) -> JSONResponse:
    """Show an answer as it was given: what was asked, read, said and checked.

    Words of an article that is no more, or that this key may not see, are withheld. What a model
    wrote before it was checked is for admins.
    """
    call.note(record_id)
    return JSONResponse(await call.run(lambda: _document(call, record_id)))


def _page(call: Call, limit: int, cursor: str | None) -> dict[str, object]:
    before = [
        record_id
        for record_id in reversed(call.newsroom.records.ids())
        if cursor is None or record_id < cursor
    ]
    rows: list[dict[str, object]] = []
    last = ""
    for last in before[:_LOOKED_AT]:
        rows += map(_row, _own(call, last))
        if len(rows) == limit:
            break
    more = bool(before) and last != before[-1]
    return {"schema": SCHEMA, "records": rows, "next": last if more else None}


def _own(call: Call, record_id: str) -> Iterator[Record]:
    """Yield a record if the reader may see it."""
    with contextlib.suppress(MorgueError):  # it went meanwhile, or cannot be read
        found = call.newsroom.records.read(record_id)
        if found.archive == call.newsroom.archive.papers.archive:
            own = found.asker is not None and found.asker == call.reader.key_id
            if own or call.reader.scope == "admin":
                yield found


def _row(record: Record) -> dict[str, object]:
    return {
        "id": record.id,
        "at": record.at.isoformat(),
        "question": record.question.asked,
        "kind": record.outcome["kind"],
    }


def _document(call: Call, record_id: str) -> dict[str, object]:
    found = next(_own(call, record_id), None)
    if found is None:
        raise RequestRefused(
            404, "NotFound", f"there is no record {record_id!r}", "GET /v1/records lists yours"
        )
    shelf = call.newsroom.archive

    def readable(article_id: str, version: int) -> Article | None:
        return shelf.readable(article_id, version, collections=call.collections)

    missing = gone(found, readable)
    document = told(found, withhold=bool(missing))
    if call.reader.scope != "admin":
        document["replies"] = []
    # Where the archive stands, and whose key it was, is the business of who keeps it.
    shown = {name: value for name, value in document.items() if name not in {"archive", "asker"}}
    now = shelf.status().change
    return {"schema": SCHEMA, "record": shown, "change_now": now, "gone": missing}
