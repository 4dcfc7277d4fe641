"""Readers of claims by their names, and the small one that comes with the package."""

from collections.abc import Callable
from functools import cache
from typing import cast

from assistant.check.reader import ClaimReader, NearCopies, Remembering
from assistant.settings import Settings
from ingest import plugins
from ingest.errors import SettingsError

SMALL = "onnx:reader-small"


def load(named: str, settings: Settings) -> ClaimReader:
    """Return the reader of a name: "words", "onnx:NAME", "model:NAME", or a plug-in's.

    Raises SettingsError where it is unknown or cannot be had.
    """
    kind, _, name = named.partition(":")
    if kind == "words":
        return NearCopies()
    if kind not in plugins.names("checkers"):
        known = ", ".join(sorted({"words", *plugins.names("checkers")}))
        raise SettingsError(f"no checker is called {named!r}", f"known: {known}")
    make = cast("Callable[[str, Settings], ClaimReader]", plugins.load("checkers", kind))
    return Remembering(make(name, settings))


@cache
def small() -> ClaimReader:
    """Return the small reader of the package, or the rules where it is not there."""
    try:
        return load(SMALL, Settings())
    except SettingsError:
        return load("rules", Settings())
