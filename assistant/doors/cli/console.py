"""The edge of the command line: results on standard output, everything else on standard error."""

import json
import shutil
import sys
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Self

from ingest.errors import MorgueError, ReadError

_NOW_AND_THEN = 30.0
"""Seconds between two lines that say how far something has come, where there is no terminal."""

_INTAKE = ("files", "articles", "failed")


class Console:
    """Where a command speaks. As a context it shows a MorgueError and exits with 1."""

    def __init__(self, *, as_json: bool, every: float = _NOW_AND_THEN) -> None:
        self.as_json = as_json
        self._unended = False
        self._every, self._told = every, time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if isinstance(error, MorgueError):
            self.fail(error)
        if isinstance(error, BrokenPipeError):
            sys.stderr.close()
            sys.exit(1)

    def result(self, document: Mapping[str, object], text: str) -> None:
        """Print a result: the document with `--json`, else the text."""
        self._end_line()
        print(_json(document) if self.as_json else text, flush=True)

    def line(self, document: Mapping[str, object]) -> None:
        """Print one JSON line of many."""
        print(json.dumps(document, ensure_ascii=False, default=str), flush=True)

    def say(self, notice: str) -> None:
        """Tell the user something that is not the result."""
        self._end_line()
        print(notice, file=sys.stderr, flush=True)

    def progress(self, what: str, done: int, of: int) -> None:
        """Show how far something has come, where nobody is watching now and then."""
        end = "\n" if of and done >= of else ""
        self._progressed(f"{what}: {counted(done, of)} ", end)

    def intake(self) -> Callable[[str, int, int], None]:
        """Return what shows how far an ingest has come: a line that is written anew."""
        began = time.monotonic()
        seen: dict[str, tuple[int, int]] = {}

        def progress(what: str, done: int, of: int) -> None:
            if what not in _INTAKE:
                self.progress(what, done, of)
                return
            seen[what] = (done, of)
            if what == "articles":
                self._progressed(intake_line(seen, time.monotonic() - began))

        return progress

    def _progressed(self, line: str, end: str = "") -> None:
        if sys.stderr.isatty():
            self._shown(line, end)
        elif time.monotonic() - self._told >= self._every:
            self.say(line.rstrip())
            self._told = time.monotonic()

    def _shown(self, line: str, end: str) -> None:
        columns = shutil.get_terminal_size().columns - 1
        print(f"\r{line[:columns]:{min(columns, 79)}}", end=end, file=sys.stderr, flush=True)
        self._unended = not end

    def _end_line(self) -> None:
        if self._unended:
            print(file=sys.stderr, flush=True)
        self._unended = False

    def fail(self, error: MorgueError) -> None:
        """Show an error and exit with 1."""
        message = str(error) if isinstance(error, ReadError) else error.message
        if self.as_json:
            kind = type(error).__name__
            self.result({"error": {"kind": kind, "message": message, "hint": error.hint}}, "")
        else:
            self.say(f"morgue: {message}" + (f"\n  {error.hint}" if error.hint else ""))
        sys.exit(1)


def counted(done: int, of: int) -> str:
    """Return how many, and of how many if that is known."""
    return f"{done:,} of {of:,}" if of else f"{done:,}"


def intake_line(seen: Mapping[str, tuple[int, int]], seconds: float) -> str:
    """Say how far an ingest has come, how fast it is and how long it may still take."""
    articles, _ = seen["articles"]
    told = [f"{what}: {counted(*seen[what])}" for what in _INTAKE if what in seen]
    told.append(f"{articles / max(seconds, 0.1):.0f}/s")
    ended, of = seen.get("files", (0, 0))
    if 0 < ended < of:
        left = round(seconds * (of - ended) / ended)
        told.append(f"about {left // 60}:{left % 60:02} left")
    return "  ".join(told)


def _json(document: Mapping[str, object]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2, default=str)
