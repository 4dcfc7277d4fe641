"""What the interface itself says, put into a reader's language by whoever shows it."""

from collections.abc import Callable
from datetime import date

Say = Callable[..., str]
"""A text of the interface, and the values to put in, to the text in some language."""


def in_english(text: str, **values: object) -> str:
    """Return a text of the interface as it stands in the code, its values put in."""
    return text.format(**values) if values else text


def is_english(say: Say) -> bool:
    """Tell whether texts are said as they stand in the code."""
    return say is in_english or say("undated") == "undated"


def counted(say: Say, n: int, one: str, many: str) -> str:
    """Return how many of something there are: `one` as it stands, `many` with its {n}."""
    return say(one) if n == 1 else say(many, n=f"{n:,}")


def to_say(text: str) -> str:
    """Mark a text of the interface that stands in a table, to be said by whoever looks it up."""
    return text


_DAYS = (
    to_say("{d} January {y}"), to_say("{d} February {y}"), to_say("{d} March {y}"),
    to_say("{d} April {y}"), to_say("{d} May {y}"), to_say("{d} June {y}"),
    to_say("{d} July {y}"), to_say("{d} August {y}"), to_say("{d} September {y}"),
    to_say("{d} October {y}"), to_say("{d} November {y}"), to_say("{d} December {y}"),
)  # fmt: skip


def day_told(when: date | None, say: Say) -> str:
    """Return a day as it is written in a language: "12 March 2024", "12. März 2024"."""
    return say(_DAYS[when.month - 1], d=when.day, y=when.year) if when else say("undated")


def days_told(since: date | None, until: date | None, say: Say) -> str:
    """Return from when to when, or nothing."""
    if since and since == until:
        return day_told(since, say)
    if since and until:
        return say("{since} to {until}", since=day_told(since, say), until=day_told(until, say))
    if since:
        return say("from {day}", day=day_told(since, say))
    return say("up to {day}", day=day_told(until, say)) if until else ""
