"""Readers of claims by their names, and the small one that comes with the package."""

from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, cast

from assistant.check.reader import ClaimReader, NearCopies, Remembering
from ingest import plugins
from ingest.errors import SettingsError

if TYPE_CHECKING:
    from assistant.settings import Settings

SMALL = "onnx:reader-small"
_NETWORK = ("onnxruntime", "tokenizers", "numpy", "py3langid", "pydantic_settings")
"""What runs a network: where Morgue is installed with nothing it needs, there is none of it."""


def load(named: str, settings: "Settings") -> ClaimReader:
    """Return the reader of a name: "small", "words", "onnx:NAME", "model:NAME", or a plug-in's.

    Raises SettingsError where it is unknown or cannot be had.
    """
    if named == "small":
        from assistant.check import onnx_reader

        return Remembering(onnx_reader.shipped())
    kind, _, name = named.partition(":")
    if kind == "words":
        return NearCopies()
    if kind not in plugins.names("checkers"):
        known = ", ".join(sorted({"small", "words", *plugins.names("checkers")}))
        raise SettingsError(f"no checker is called {named!r}", f"known: {known}")
    make = cast("Callable[[str, Settings], ClaimReader]", plugins.load("checkers", kind))
    return Remembering(make(name, settings))


@cache
def small() -> ClaimReader:
    """Return the small reader of the package; where nothing runs a network, who reads nothing."""
    if not all(map(find_spec, _NETWORK)):
        return NearCopies()
    from assistant.settings import Settings

    return load("small", Settings())
