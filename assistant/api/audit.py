"""The audit: who asked what, and when."""

import json
import os
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from starlette.types import Scope

from assistant.keyring import Reader


class Audit:
    """A JSON line for each request, in a file for its owner alone."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def note(self, scope: Scope, status: int, seconds: float) -> None:
        """Write down one request when it is over."""
        state: dict[str, Any] = scope["state"]
        reader: Reader | None = state.get("reader")
        line = {
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "request_id": state["request_id"],
            "key": reader.key_id if reader else None,
            "name": reader.name if reader else None,
            "method": scope["method"],
            "path": scope["path"],
            "asked": state.get("asked"),
            "status": status,
            "seconds": round(seconds, 3),
        }
        with self._lock:
            handle = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            with os.fdopen(handle, "a", encoding="utf-8") as file:
                file.write(json.dumps(line, ensure_ascii=True) + "\n")
