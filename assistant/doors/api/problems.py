"""Failures as problem details (RFC 9457), our hints beside them.

Each is `{"type", "title", "status", "detail", "hint", "request_id", "error"}`; `error` is what
the command line prints, in the shape that OpenAI's clients read too.
"""

import logging
import re
from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from assistant.doors.api.response_headers import REFUSED
from assistant.errors import MalformedReply
from ingest.errors import MorgueError, QueryError, ReadError, ServiceRefused

logger = logging.getLogger("morgue.api")

Document = dict[str, object]


_OPENAIS = {"KeyNeeded": "invalid_api_key", "TooMany": "rate_limit_exceeded"}
"""Failures that OpenAI's clients know by a code of their own."""


class RequestRefused(Exception):
    """A request that is not served: with which status, why, and what to do next."""

    def __init__(
        self,
        status: int,
        kind: str,
        message: str,
        hint: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.kind = self.type = kind
        self.code: str | None = _OPENAIS.get(kind, kind)
        self.param: str | None = None
        self.message = message
        self.hint = hint
        self.headers = headers


def problem(error: Exception, request_id: str | None = None) -> Document:
    """Return a failure as a problem's document."""
    refused = refusal(error)
    said = {"kind": refused.kind, "message": refused.message, "hint": refused.hint}
    return {
        "type": f"/docs#{refused.kind}",
        "title": re.sub(r"(?<=[a-z])(?=[A-Z])", " ", refused.kind).capitalize(),
        "status": refused.status,
        "detail": refused.message,
        "hint": refused.hint,
        "request_id": request_id,
        "error": {**said, "type": refused.type, "code": refused.code, "param": refused.param},
    }


def response(error: Exception, request_id: str | None = None) -> JSONResponse:
    """Return a failure as a response."""
    refused = refusal(error)
    return JSONResponse(
        problem(refused, request_id),
        refused.status,
        headers={**REFUSED, **(refused.headers or {})},
        media_type="application/problem+json",
    )


def refusal(error: Exception) -> RequestRefused:
    """Return any failure as a refusal; of a bug, nothing of the inside."""
    match error:
        case RequestRefused():
            return error
        case MorgueError():
            log_detail(error)
            wait = {"Retry-After": "5"} if _status(error) == 503 else None
            kind = type(error).__name__
            return RequestRefused(_status(error), kind, str(error), error.hint, wait)
        case RequestValidationError():
            return RequestRefused(422, "InvalidRequest", _complaints(error), "see GET /docs")
        case HTTPException():
            known = {404: "NotFound", 405: "NotAllowed"}
            kind = known.get(error.status_code, "InvalidRequest")
            return RequestRefused(
                error.status_code, kind, str(error.detail), "see GET /docs", error.headers
            )
    return RequestRefused(500, "InternalError", "Morgue failed", "the server's log says where")


def log_detail(error: MorgueError) -> None:
    """Tell the log what whoever asks over the network is not told: where a store is, say."""
    if error.detail:
        logger.warning("%s", error.whole)


def answer_failures(api: FastAPI) -> None:
    """Let an application answer every failure as a problem."""

    def failed(request: Request, error: Exception) -> JSONResponse:
        return response(error, request.scope.get("state", {}).get("request_id"))

    for kind in (RequestValidationError, HTTPException, MorgueError, RequestRefused, Exception):
        api.add_exception_handler(kind, failed)


def _status(error: MorgueError) -> int:
    if isinstance(error, ReadError | QueryError):
        return 422
    return 502 if isinstance(error, ServiceRefused | MalformedReply) else 503


def _complaints(error: RequestValidationError) -> str:
    complaints = []
    for complaint in error.errors():
        where = ".".join(str(step) for step in complaint["loc"] if step != "body")
        complaints.append(f"{where}: {complaint['msg']}" if where else str(complaint["msg"]))
    return "; ".join(complaints)
