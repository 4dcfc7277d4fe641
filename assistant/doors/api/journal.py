"""The log: one JSON object a line, with no words of a question unless they are asked for."""

import json
import logging
from datetime import UTC, datetime
from typing import TextIO

from assistant.doors.api.seen import ITSELF, Ended

logger = logging.getLogger("morgue.requests")


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
    """Formats each entry of the log as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=True, default=str)


def log_to(stream: TextIO, *, requests: bool) -> None:
    """Let everything that this process logs go to a stream; with `requests`, each of them."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Lines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logger.setLevel(logging.INFO if requests else logging.WARNING)
