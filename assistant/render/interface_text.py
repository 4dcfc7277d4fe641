"""What the interface itself says, put into a reader's language by whoever shows it."""

from collections.abc import Callable

Say = Callable[..., str]
"""A text of the interface, and the values to put in, to the text in some language."""


def in_english(text: str, **values: object) -> str:
    """Return a text of the interface as it stands in the code, its values put in."""
    return text.format(**values) if values else text


def counted(say: Say, n: int, one: str, many: str) -> str:
    """Return how many of something there are: `one` as it stands, `many` with its {n}."""
    return say(one) if n == 1 else say(many, n=f"{n:,}")
