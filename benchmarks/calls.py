"""What one answer costs in calls: `python -m benchmarks.calls`.

Counts, over the sample archive, how often an answer stems a text, opens a file, looks up a story
or reads an article's statements. Nothing is timed, so that the figures are the same everywhere.
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from assistant.ask import Assistant
from assistant.history import Records
from assistant.settings import Settings
from ingest.archive import Archive
from ingest.pipeline import ingest
from ingest.settings import IngestSettings

SAMPLE = Path(__file__).parents[1] / "ingest" / "sample" / "articles"
_OURS = tuple(str(SAMPLE.parents[2] / room) for room in ("assistant", "ingest"))
QUESTIONS = (
    "What did the foreign ministry say about associate membership of the Northern Customs Compact?",
    "What did Lucan Tesh withdraw and how many were ill with river fever?",
)
COUNTED = {
    "stems analysed": {"analyze"},
    "stems asked for": {"Words.terms"},
    "stories looked up": {"Catalogue.story", "story"},
    "notices looked up": {"notices"},
    "articles read": {"loads"},
    "statements read": {"statements"},
    "sentences cut": {"sentences"},
    "claims held against evidence": {"support"},
}
"""What is counted, by the names of the functions that do it."""


def counted(work: Callable[[], Any]) -> Counter[str]:
    """Return how often each function of ours, and each method of tantivy's, was called."""
    calls: Counter[str] = Counter()

    def note(frame: FrameType, event: str, called: Any) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(_OURS):
            calls[frame.f_code.co_qualname] += 1
        elif event == "c_call":
            calls[getattr(called, "__name__", "")] += 1

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return calls


def main() -> None:
    opened: Counter[str] = Counter()
    sys.addaudithook(
        lambda event, about: opened.update([Path(str(about[0])).name]) if event == "open" else None
    )
    shelf = IngestSettings(embedder="none")
    with (
        tempfile.TemporaryDirectory() as folder,
        Archive.open(Path(folder) / "archive", create=True, settings=shelf) as archive,
    ):
        ingest([SAMPLE], archive, embed=False)
        desk = Assistant(archive, Settings(mode="quotes"), records=Records(most=0))
        desk.ask("What is read once is read by now?")
        for question in QUESTIONS:
            opened.clear()
            calls = counted(lambda asked=question: desk.ask(asked))  # type: ignore[misc]
            print(question)
            for what, names in COUNTED.items():
                print(f"{sum(calls[name] for name in names):>8,}  {what}")
            print(f"{opened['at.json']:>8,}  times at.json opened")


if __name__ == "__main__":
    main()
