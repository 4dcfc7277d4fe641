"""What the client libraries of a model raise, as our errors: the one place that knows."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from assistant.errors import (
    MalformedReply,
    MorgueError,
    ServiceBusy,
    ServiceDown,
    ServiceError,
    ServiceRefused,
)
from ingest.errors import SettingsError
from ingest.outbound import without_secrets

PATIENCE_SECONDS = 20.0
"""The longest that a reader is kept waiting because a server asks to be called again later."""

_BUSY = frozenset({408, 409, 425, 429, 503, 529})

HINT_DOWN = "see whether the server runs; `morgue doctor` asks it"
HINT_URL = "see whether OPENAI_BASE_URL points at an OpenAI-compatible server (it ends in /v1)"
HINT_KEY = "check OPENAI_API_KEY"
HINT_NAME = "check MORGUE_MODEL and OPENAI_BASE_URL"
HINT_SIZE = "if it says that the prompt is too long, lower MORGUE_BUDGET"


class FailureKind(NamedTuple):
    """One kind of failure of a client library, and what it is to us."""

    theirs: type[Exception]
    ours: type[MorgueError]
    what: str
    hint: str | None = None


def table() -> tuple[FailureKind, ...]:
    """Return every failure that the client libraries know; the first that fits is meant."""
    import httpx
    import openai

    slow = "raise MORGUE_MODEL_TIMEOUT, or take a faster model"
    return (
        FailureKind(openai.APITimeoutError, ServiceDown, "did not answer in time", slow),
        FailureKind(openai.APIConnectionError, ServiceDown, "cannot be reached", HINT_DOWN),
        FailureKind(openai.RateLimitError, ServiceBusy, "asks to be called later"),
        FailureKind(openai.ConflictError, ServiceBusy, "is busy"),
        FailureKind(openai.AuthenticationError, ServiceRefused, "does not take the key", HINT_KEY),
        FailureKind(openai.PermissionDeniedError, ServiceRefused, "does not allow this", HINT_KEY),
        FailureKind(openai.NotFoundError, ServiceRefused, "is not there", HINT_NAME),
        FailureKind(openai.BadRequestError, ServiceRefused, "does not take the request", HINT_SIZE),
        FailureKind(openai.UnprocessableEntityError, ServiceRefused, "does not take the request"),
        FailureKind(openai.InternalServerError, ServiceDown, "failed", HINT_DOWN),
        FailureKind(
            openai.APIResponseValidationError, MalformedReply, "sent no completion", HINT_URL
        ),
        FailureKind(openai.LengthFinishReasonError, MalformedReply, "came to its length limit"),
        FailureKind(openai.ContentFilterFinishReasonError, ServiceRefused, "cut its reply off"),
        FailureKind(openai.WebSocketConnectionClosedError, ServiceDown, "broke off"),
        FailureKind(openai.WebSocketQueueFullError, ServiceBusy, "is busy"),
        FailureKind(openai.APIStatusError, ServiceRefused, "does not take the request"),
        FailureKind(openai.APIError, ServiceDown, "failed"),
        FailureKind(openai.OpenAIError, ServiceRefused, "cannot be asked", HINT_KEY),
        FailureKind(httpx.TimeoutException, ServiceDown, "fell silent in the middle", slow),
        FailureKind(httpx.DecodingError, MalformedReply, "sent what cannot be read", HINT_URL),
        FailureKind(httpx.InvalidURL, SettingsError, "has no address that can be used", HINT_URL),
        FailureKind(httpx.HTTPError, ServiceDown, "broke off", HINT_DOWN),
        FailureKind(httpx.StreamError, ServiceDown, "broke off", HINT_DOWN),
    )


@contextmanager
def as_ours(who: str, *secrets: str) -> Iterator[None]:
    """Raise what a client library raises within the block as one of our errors.

    `who` begins its message; no secret stands in it, even where the server repeats it.
    """
    import httpx
    import openai

    try:
        yield
    except MorgueError:
        raise
    except (openai.OpenAIError, httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
        raise _translated(error, who, secrets) from error
    except OSError as error:
        raise ServiceDown(f"{who} cannot be reached", HINT_DOWN) from error
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        # The clients stumble like this over replies that are not what the protocol says.
        raise MalformedReply(
            f"{who} sent something that is not a chat completion", HINT_URL
        ) from error


def _translated(error: Exception, who: str, secrets: Sequence[str]) -> MorgueError:
    if isinstance(error.__cause__, SettingsError):  # it is not connected to, and why is said
        return error.__cause__
    row = _row(error)
    said = without_secrets(_said(error), *secrets)
    return row.ours(f"{who} {row.what}" + (f": {said}" if said else ""), row.hint)


def _row(error: Exception) -> FailureKind:
    if getattr(error, "code", None) == "insufficient_quota":
        return FailureKind(
            type(error), ServiceRefused, "has no credit left", "see the account's balance"
        )
    if getattr(error, "status_code", None) in _BUSY:
        return FailureKind(type(error), ServiceBusy, "is busy", "try again in a minute")
    return next(row for row in table() if isinstance(error, row.theirs))


def _said(error: Exception) -> str:
    """Return the server's own words, short and on one line."""
    body = getattr(error, "body", None)
    said = body.get("message") if isinstance(body, Mapping) else None
    text = str(said) if said else str(error)
    printable = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(printable.split())[:300]


def pause(error: ServiceError, attempt: int) -> float | None:
    """Return the seconds to wait before asking again, None where that helps nobody."""
    import httpx
    import openai

    cause = error.__cause__
    slow = isinstance(cause, openai.APITimeoutError | httpx.TimeoutException)
    if isinstance(error, ServiceRefused) or slow:
        return None
    asked = _asked_pause(getattr(getattr(cause, "response", None), "headers", {}))
    if asked is None:
        return 0.25 * 2.0**attempt
    return asked if asked <= PATIENCE_SECONDS else None


def _asked_pause(headers: Mapping[str, str]) -> float | None:
    """Read Retry-After, in seconds or as a date (RFC 9110, 10.2.3)."""
    value = headers.get("retry-after", "")
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except ValueError:
        return None
