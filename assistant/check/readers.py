"""Readers of claims by their names, and the small one that comes with the package."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, cast

from assistant.check.reader import ClaimReader, NearCopies, Remembering
from assistant.check.rules.rules_reader import RulesReader
from ingest import plugins
from ingest.errors import SettingsError

if TYPE_CHECKING:
    from assistant.settings import Settings

SMALL = "onnx:reader-small"


def load(named: str, settings: "Settings") -> ClaimReader:
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
    """Return the small reader where it stands in the package, else the rules.

    The ruler alone has neither settings nor what runs a network.
    """
    try:
        from assistant.settings import Settings

        return load(SMALL, Settings())
    except (SettingsError, ImportError):
        return Remembering(RulesReader())
