"""No pattern of the product can be made to try every way of reading a few words again."""

import importlib
import pkgutil
import re
import signal
import warnings
from collections.abc import Iterator
from types import FrameType

import assistant
import ingest
from assistant.understand import time_expressions as times

SECONDS = 20
"""For all ways in which one pattern is tried: a few milliseconds, unless there are endless ones."""
REPEATED = 40
"""Pieces: two ways of reading each are a million millions."""
ALONE = (
    " ", "\n", "\t ", "a", "A", "1", "Aa ", "a b ", "1,", "1.", "A. ", "1:", "é", "—", "a-", "a'",
    "<a ", "http://a", "a@a.", '"a" ',
)  # fmt: skip


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Yield every pattern that a module keeps, alone or among others, once; and what waits."""
    seen: set[tuple[str, int]] = set()
    for package in (ingest, assistant):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.endswith(("__main__", "reader_worker")):
                for name, value in vars(importlib.import_module(found.name)).items():
                    for pattern in kept(value):
                        if (pattern.pattern, pattern.flags) not in seen:
                            seen.add((pattern.pattern, pattern.flags))
                            yield f"{found.name}.{name}", pattern
    later = [one for one, _ in (*times._FIXED, *times._relatives())]
    for one in (*later, times._SINCE_MONTH, times._ANY):
        yield times.__name__, times._compiled(one)


def kept(value: object, deep: int = 2) -> Iterator[re.Pattern[str]]:
    """Yield the patterns that a value is or holds."""
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif isinstance(value, tuple | list) and deep:
        for one in value:
            yield from kept(one, deep - 1)
    elif isinstance(value, dict) and deep:
        for one in value.values():
            yield from kept(one, deep - 1)


def pieces(pattern: str) -> list[str]:
    """Return what a pattern may be made to read again and again: its own words and signs."""
    words = re.findall(r"[^\W\d_]{2,}", re.sub(r"\\[A-Za-z]|\(\?P<\w+>|\(\?[a-z]+\)", " ", pattern))
    signs = re.findall(r"[^\w\s]", pattern)
    own = [*dict.fromkeys([*words[:12], *signs])][:24]
    return [*dict.fromkeys([*ALONE, *own, *(f"{one} " for one in own), *(f"{s}a" for s in signs)])]


def test_every_pattern_reads_what_repeats_in_few_steps() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what a library says as it is imported is another matter
        at, every = "", [*patterns()]

    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise AssertionError(f"{at} did not come to an end")

    before = signal.signal(signal.SIGVTALRM, ring)
    try:
        for name, pattern in every:
            signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
            for piece in pieces(pattern.pattern):
                at = f"{name} over {piece!r}"
                for end in ("!\x00", ""):
                    text = piece * REPEATED + end
                    pattern.search(text)
                    pattern.fullmatch(text)
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
    assert len(every) > 300
