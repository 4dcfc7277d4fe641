"""A newspaper's archive that answers: `from morgue import Archive, Assistant, ingest`.

The wheel lays this package as `morgue` beside `assistant` and `ingest`, and its plug-in for
pytest as `morgue_pytest`.
"""

from importlib import import_module
from importlib.machinery import PathFinder
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.answer import Answer, Listing, NoAnswer
    from assistant.ask import Assistant
    from assistant.asynchronous import AsyncAssistant
    from assistant.evaluate.faithful import AssertFaithful, Faithfulness, check
    from assistant.settings import Settings
    from ingest.archive import Archive, Search
    from ingest.article import Filters
    from ingest.errors import MorgueError
    from ingest.pipeline import Report, ingest
    from ingest.settings import IngestSettings

    __version__: str

__all__ = [
    "Answer",
    "Archive",
    "AssertFaithful",
    "Assistant",
    "AsyncAssistant",
    "Faithfulness",
    "Filters",
    "IngestSettings",
    "Listing",
    "MorgueError",
    "NoAnswer",
    "Report",
    "Search",
    "Settings",
    "__version__",
    "check",
    "ingest",
]

_FROM = {
    "Answer": "assistant.answer",
    "Archive": "ingest.archive",
    "AssertFaithful": "assistant.evaluate.faithful",
    "Assistant": "assistant.ask",
    "AsyncAssistant": "assistant.asynchronous",
    "Faithfulness": "assistant.evaluate.faithful",
    "Filters": "ingest.article",
    "IngestSettings": "ingest.settings",
    "Listing": "assistant.answer",
    "MorgueError": "ingest.errors",
    "NoAnswer": "assistant.answer",
    "Report": "ingest.pipeline",
    "Search": "ingest.archive",
    "Settings": "assistant.settings",
    "check": "assistant.evaluate.faithful",
    "ingest": "ingest.pipeline",
}
_SIGNS = {"assistant": "ask.py", "ingest": "pipeline.py"}
"""A file of ours in each of the two packages, by which one of the same name is told from it."""


def __getattr__(name: str) -> object:
    """Import a public name when it is first asked for: importing the package loads nothing."""
    if name == "__version__":
        return version("morgue")
    if name not in _FROM:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    refuse_namesakes()
    return getattr(import_module(_FROM[name]), name)


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)


def refuse_namesakes() -> None:
    """Raise ImportError where another `assistant` or `ingest` stands before ours on the path.

    Theirs is only looked for, never imported: it may be a script that does something.
    """
    for name, sign in _SIGNS.items():
        spec = PathFinder.find_spec(name)
        folders = list(spec.submodule_search_locations or ()) if spec else []
        if spec and not any((Path(folder) / sign).exists() for folder in folders):
            raise ImportError(
                f"{spec.origin or folders[0]} hides Morgue's own package {name!r}: run this from "
                "another folder, with `python -P`, or take that folder from PYTHONPATH"
            )
