"""The edge of the command line: results on standard output, everything else on standard error."""

import json
import sys
from collections.abc import Mapping
from types import TracebackType
from typing import Self

from ingest.errors import MorgueError, ReadError


class Console:
    """Where a command speaks. As a context it shows a MorgueError and exits with 1."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json

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
        print(_json(document) if self.as_json else text, flush=True)

    def line(self, document: Mapping[str, object]) -> None:
        """Print one JSON line of many."""
        print(json.dumps(document, ensure_ascii=False, default=str), flush=True)

    def say(self, notice: str) -> None:
        """Tell the user something that is not the result."""
        print(notice, file=sys.stderr, flush=True)

    def progress(self, what: str, done: int, of: int) -> None:
        """Show how far something has come, where somebody is watching."""
        if sys.stderr.isatty():
            end = "\n" if of and done >= of else ""
            share = f" of {of:,}" if of else ""
            print(f"\r{what}: {done:,}{share} ", end=end, file=sys.stderr, flush=True)

    def fail(self, error: MorgueError) -> None:
        """Show an error and exit with 1."""
        message = str(error) if isinstance(error, ReadError) else error.message
        if self.as_json:
            kind = type(error).__name__
            self.result({"error": {"kind": kind, "message": message, "hint": error.hint}}, "")
        else:
            self.say(f"morgue: {message}" + (f"\n  {error.hint}" if error.hint else ""))
        sys.exit(1)


def _json(document: Mapping[str, object]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2, default=str)
