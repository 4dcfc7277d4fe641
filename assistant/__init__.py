"""A question in, a checked answer out."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.answer import Answer, Listing, NoAnswer
    from assistant.ask import Assistant
    from assistant.asynchronous import AsyncAssistant

__all__ = ["Answer", "Assistant", "AsyncAssistant", "Listing", "NoAnswer"]

_FROM = {
    "Answer": "assistant.answer",
    "Assistant": "assistant.ask",
    "AsyncAssistant": "assistant.asynchronous",
    "Listing": "assistant.answer",
    "NoAnswer": "assistant.answer",
}


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for: a cold start stays short."""
    if name not in _FROM:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_FROM[name]), name)
