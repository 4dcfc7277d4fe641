"""`/v1/ingest`: a file into the archive, by those who may."""

import asyncio
import re
import shutil
from collections.abc import AsyncIterator, Callable
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from fastapi.responses import JSONResponse

from assistant.doors.api.bodies import Id, IngestQuery
from assistant.doors.api.call import AdminsCall, Call
from assistant.doors.api.entry import Rules, too_long
from assistant.doors.api.jobs import IngestOrder, Jobs
from assistant.doors.api.problems import RequestRefused
from assistant.doors.api.shapes import JobShape, ok

router = APIRouter(prefix="/v1/ingest")

_SUFFIX = re.compile(r"(\.[a-z0-9]{1,8}){1,2}\Z", re.IGNORECASE)
_PIECE = 1 << 20
"""Bytes that are written at once."""
_FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            kind: {"schema": {"type": "string"}}
            for kind in ("application/x-ndjson", "application/octet-stream")
        },
    }
}


@router.post("", status_code=202, responses={202: {"model": JobShape}, **ok(JobShape)},
             openapi_extra=_FILE)  # fmt: skip
async def ingest(
    call: AdminsCall,
    how: Annotated[IngestQuery, Query()],
    idempotency_key: Annotated[Id | None, Header()] = None,
) -> JSONResponse:
    """Read a file into the archive: its bytes are the body, JSON lines or any format known.

    `name` tells its format where the bytes do not; `ocr` names the languages in which the text
    of scans and pictures is recognised ("eng+deu"). The same `Idempotency-Key` with the same
    file is the same job, for the same key of ours. Articles without an id or a URL are told
    apart by the file's content.
    """
    jobs = _jobs(call)
    call.note(how.name)
    file, digest = await _kept(call.request, jobs)
    file = file.rename(file.with_name(stored_name(how.name, digest)))
    order = IngestOrder(
        asked=f"{digest} {how}",
        name=how.name,
        format=how.format,
        collection=how.collection,
        outlet=how.outlet,
        ocr=how.ocr,
        owner=call.reader.key_id,
        key=idempotency_key,
    )
    job, new = jobs.begin(file, order)
    where = {"Location": f"/v1/ingest/{job.id}"}
    return JSONResponse(job.document(), 202 if new else 200, headers=where)


@router.get("/{job_id}", responses=ok(JobShape))
async def job(job_id: Id, call: AdminsCall) -> JSONResponse:
    """Say how far a file has come."""
    found = _jobs(call).get(job_id)
    if found is None:
        raise RequestRefused(
            404,
            "NotFound",
            f"there is no job {job_id!r}",
            "jobs that are over are forgotten when the server ends",
        )
    return JSONResponse(found.document())


def stored_name(name: str, digest: str) -> str:
    """Return the name that a file is kept by.

    The name that was sent is nobody's path: only what its end says of the format is kept.
    """
    suffix = _SUFFIX.search(name)
    return f"{digest[:16]}{suffix[0] if suffix else ''}"


def _jobs(call: Call) -> Jobs:
    jobs: Jobs | None = call.request.app.state.jobs
    if jobs is None:
        raise RequestRefused(501, "NotHere", "this server takes no articles", "use `morgue ingest`")
    return jobs


async def _kept(request: Request, jobs: Jobs) -> tuple[Path, str]:
    """Keep a body, in a folder of its own, as it comes. Returns it, and the hash of its bytes."""
    rules: Rules = request.app.state.rules
    file = jobs.place() / "body"
    try:
        async with asyncio.timeout(rules.seconds):
            with file.open("wb") as kept:
                return file, await taken_down(request.stream(), kept.write, rules.most_ingested)
    except BaseException as error:
        shutil.rmtree(file.parent)
        if isinstance(error, TimeoutError):
            raise RequestRefused(
                408, "Timeout", "the file did not arrive in time", "send less"
            ) from None
        raise


async def taken_down(
    body: AsyncIterator[bytes], write: Callable[[bytes], object], most: int
) -> str:
    """Write a body as it comes, and return the hash of its bytes.

    Hashing and writing happen on a thread: those who ask meanwhile do not wait for a disk.
    """
    hashed, size, come = sha256(), 0, bytearray()

    def put(piece: bytes) -> None:
        hashed.update(piece)
        write(piece)

    async for chunk in body:
        size += len(chunk)
        if size > most:
            raise too_long(most)
        come += chunk
        if len(come) >= _PIECE:
            await asyncio.to_thread(put, bytes(come))
            come.clear()
    await asyncio.to_thread(put, bytes(come))
    return hashed.hexdigest()
