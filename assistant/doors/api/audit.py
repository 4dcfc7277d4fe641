"""The audit: who asked what, and when."""

import json
import os
import threading
from datetime import UTC, datetime
from pathlib import Path

from assistant.doors.api.seen import FOR_PROGRAMS, Ended


class Audit:
    """A JSON line for each question and each request of a program, for its owner alone."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def begin(self) -> None:
        """Make the file if there is none. Raises OSError where it cannot be written."""
        os.close(self._open())

    def note(self, request: Ended) -> None:
        """Write down one request when it is over."""
        if request.asked is None and not request.path.startswith(FOR_PROGRAMS):
            return
        line = {
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "request_id": request.request_id,
            "key": request.reader.key_id if request.reader else None,
            "name": request.reader.name if request.reader else None,
            "method": request.method,
            "path": request.path,
            "asked": request.asked,
            "status": request.status,
            "seconds": round(request.seconds, 3),
        }
        told = (json.dumps(line, ensure_ascii=True) + "\n").encode()
        with self._lock:
            handle = self._open()
            try:
                os.write(handle, told)  # at once: another process may write its own
            finally:
                os.close(handle)

    def _open(self) -> int:
        return os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
