"""The edge of the command line: results on standard output, everything else on standard error.

Whatever a command prints, it prints here, and no character of it commands a terminal: names
come from articles, from keys and from whoever wrote them.
"""

import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self, TypeVar

from ingest.errors import MorgueError, ReadError
from ingest.language.control_characters import commands, harmless

_NOW_AND_THEN = 30.0
"""Seconds between two lines that say how far something has come, where there is no terminal."""

if TYPE_CHECKING:
    from rich.live import Live

_INTAKE = ("files", "articles", "failed")


class Closable(Protocol):
    """What is open until it is closed."""

    def close(self) -> None:
        """Let it go."""


Held = TypeVar("Held", bound=Closable)


class Console:
    """Where a command speaks. As a context it shows a MorgueError and exits with 1."""

    def __init__(self, *, as_json: bool, every: float = _NOW_AND_THEN) -> None:
        self.as_json = as_json
        self._live: Live | None = None
        self._every, self._told = every, time.monotonic()
        self._closing = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end_line()
        self._closing.close()
        if isinstance(error, MorgueError):
            self.fail(error)
        if isinstance(error, BrokenPipeError):
            sys.stderr.close()
            sys.exit(1)

    def holding(self, opened: Held) -> Held:
        """Return what was opened, and close it when the command ends."""
        self._closing.callback(opened.close)
        return opened

    def result(self, document: Mapping[str, object], text: str | Sequence[str]) -> None:
        """Print a result: the document with `--json`, else the text.

        Of lines that are given one by one, none can be broken by a name that it holds.
        """
        self._end_line()
        print(_json(document, indent=2) if self.as_json else _printable(text), flush=True)

    def line(self, document: Mapping[str, object]) -> None:
        """Print one JSON line of many."""
        print(_json(document), flush=True)

    def say(self, notice: str) -> None:
        """Tell the user something that is not the result."""
        self._end_line()
        print(_printable(notice), file=sys.stderr, flush=True)

    def progress(self, what: str, done: int, of: int) -> None:
        """Show how far something has come, where nobody is watching now and then."""
        self._progressed(f"{what}: {counted(done, of)}", ended=bool(of) and done >= of)

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

    def _progressed(self, line: str, *, ended: bool = False) -> None:
        if sys.stderr.isatty():
            self._show(line)
            if ended:
                self._end_line()
        elif time.monotonic() - self._told >= self._every:
            self.say(line)
            self._told = time.monotonic()

    def _show(self, line: str) -> None:
        """Show a line that is written anew where the one before it stood."""
        from rich.text import Text

        if self._live is None:
            self._live = _live_line()
            self._live.start()
        text = Text(harmless(line), no_wrap=True, overflow="ellipsis")
        self._live.update(text, refresh=True)

    def _end_line(self) -> None:
        if self._live is not None:
            self._live.stop()
        self._live = None

    def fail(self, error: MorgueError) -> None:
        """Show an error and exit with 1."""
        if self.as_json:
            self.result(failure(error), "")
        else:
            self.say(in_words(error))
        sys.exit(1)


def failure(error: MorgueError) -> dict[str, object]:
    """Return a failure as whoever runs the command is told of it: with its detail."""
    told = {"kind": type(error).__name__, "message": _whole(error), "hint": error.hint}
    return {"error": told}


def in_words(error: MorgueError) -> str:
    """Return a failure as it is said at a terminal: with its detail, and what to do next."""
    return f"morgue: {_whole(error)}" + (f"\n  {error.hint}" if error.hint else "")


def _whole(error: MorgueError) -> str:
    return str(error) if isinstance(error, ReadError) else error.whole


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


def _live_line() -> "Live":
    from rich.console import Console as Screen
    from rich.live import Live

    screen = Screen(stderr=True)
    return Live(console=screen, auto_refresh=False, redirect_stdout=False, redirect_stderr=False)


def _printable(text: str | Sequence[str]) -> str:
    """Return text without what a terminal would obey."""
    lines = text.split("\n") if isinstance(text, str) else text
    return "\n".join(map(harmless, lines))


def _json(document: Mapping[str, object], indent: int | None = None) -> str:
    """Return a document as JSON, with what a terminal would obey written as an escape."""
    text = json.dumps(document, ensure_ascii=False, indent=indent, default=str)
    return "".join(
        f"\\u{ord(character):04x}" if character != "\n" and commands(character) else character
        for character in text
    )
