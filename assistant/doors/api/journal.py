"""The log: one JSON object a line, with no words of a question unless they are asked for."""

import json
import logging
import re
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import TextIOBase
from typing import TextIO

from assistant.doors.api.seen import ITSELF, Ended

logger = logging.getLogger("morgue.requests")
printed = logging.getLogger("morgue.printed")

_PLACE = re.compile(
    r"\s*(?:\| *)*(?:Traceback \(most recent call last\):|File \".*\", line \d+, in .*)"
)
_RAISED = re.compile(r"[A-Za-z_][\w.]*(?:Error|Exception|Exit|Interrupt|Warning|Group)(?=:|\Z)")
"""What a line of a printed traceback says: a place, or what was raised there."""


class RequestLog:
    """Notes each request in the log: what failed within as an error, the rest as information."""

    def __init__(self, *, words: bool = False) -> None:
        self._words = words

    def note(self, request: Ended) -> None:
        """Log one request when it is over, but not each look whether we are well."""
        failed = request.status >= 500
        if request.route in ITSELF and not failed:
            return
        line = {
            "request_id": request.request_id,
            "key": request.reader.key_id if request.reader else None,
            "method": request.method,
            "route": request.route,
            "status": request.status,
            "ms": round(1000 * request.seconds, 1),
        }
        if self._words:
            line |= {"asked": request.asked}
        level = logging.ERROR if failed else logging.INFO
        logger.log(level, "request", extra={"fields": line})


class Lines(logging.Formatter):
    """Formats each entry of the log as one line of JSON.

    Of what was raised, without `words`, the kinds and the places are told: a message may hold
    what somebody asked.
    """

    def __init__(self, *, words: bool = False) -> None:
        super().__init__()
        self._words = words

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage().strip(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[1]:
            error = record.exc_info[1]
            line["exception"] = (
                self.formatException(record.exc_info) if self._words else _outline(error)
            )
        return json.dumps(line, ensure_ascii=True, default=str)


def _outline(error: BaseException) -> str:
    """Return where something was raised and of what kind, its causes first: nothing it says."""
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    told = f"{_outline(cause)}; then " if cause else ""
    places = [
        f"{frame.filename}:{frame.lineno} in {frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
    ]
    return told + " > ".join([*places, type(error).__qualname__])


class _Printed(TextIOBase):
    """Standard error while a log is written there: what is printed becomes lines of the log.

    Without `words`, of what others print no more is told than where something was raised.
    """

    def __init__(self, stream: TextIO, *, words: bool) -> None:
        self._stream = stream
        self._words = words
        self._rest = ""
        self._lock = threading.RLock()

    def write(self, text: str) -> int:
        """Log each line that is whole."""
        with self._lock:
            *lines, self._rest = (self._rest + text).split("\n")
        self._log(lines)
        return len(text)

    def flush(self) -> None:
        """Log what is left of a line."""
        with self._lock:
            rest, self._rest = self._rest, ""
        self._log([rest])
        self._stream.flush()

    def isatty(self) -> bool:
        """Say that nobody looks at it."""
        return False

    def _log(self, lines: list[str]) -> None:
        for line in lines:
            if line.strip():
                self._tell(line)

    def _tell(self, line: str) -> None:
        raised = _RAISED.match(line)
        if self._words or _PLACE.fullmatch(line):
            printed.warning("%s", line)
        elif raised:
            printed.warning("%s", raised[0])
        else:
            count = {"characters": len(line)}
            printed.warning("something was printed", extra={"fields": count})


@contextmanager
def logging_to(stream: TextIO, *, requests: bool, words: bool = False) -> Iterator[None]:
    """Let everything that this process says go to a stream, as lines; with `requests`, each."""
    log_to(stream, requests=requests, words=words)
    logging.captureWarnings(True)
    before, sys.stderr = sys.stderr, _Printed(stream, words=words)
    try:
        yield
    finally:
        sys.stderr.flush()
        sys.stderr = before
        logging.captureWarnings(False)


def log_to(stream: TextIO, *, requests: bool, words: bool = False) -> None:
    """Let everything that this process logs go to a stream; with `requests`, each of them."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Lines(words=words))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logger.setLevel(logging.INFO if requests else logging.WARNING)
