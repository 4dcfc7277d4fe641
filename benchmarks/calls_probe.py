"""Count and time in one state of the house: `python -m benchmarks.calls` runs it in two of them.

It imports by whichever name a state has, and prints what it counted as JSON. Nothing of the
product is replaced: the interpreter itself tells of each call, and the model is an ordinary one.
"""

import gzip
import importlib
import json
import resource
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from types import FrameType
from typing import Any

TREE = Path.cwd()
SAMPLE = TREE / "ingest" / "sample" / "articles"
_OURS = tuple(str(TREE / room) for room in ("assistant", "ingest"))
ARTICLES = 200
"""Articles whose ingest is timed, where there are as many; else the sample's."""

ROUNDS = 5
TWO_PARTS = "What did Lucan Tesh withdraw and how many were ill with river fever?"
SAID = (
    "What did the foreign ministry say about associate membership of the Northern Customs Compact?"
)
ABOARD = "How many people were aboard the Perdita?"
SEARCHED = "river fever"
WRITTEN = """\
The Perdita carried 187 people. [1]
The Perdita carried 178 people. [1]
The Perdita was painted in Norburg by monks. [1]
Nobody aboard the Perdita was rescued. [1]
The captain of the Perdita said "we all danced until the morning". [1]
The Perdita had left the harbour of Veldmark a week before. [1]
"""
"""A true sentence and five bad ones: a wrong number, two inventions, a reversal, a quotation."""

COUNTED = {
    "statements read of a text": {"statements"},
    "claims judged": {"judge", "support"},
    "sentences cut": {"sentences"},
    "stems asked for": {"Words.terms"},
    "texts stemmed": {"analyze"},
    "stories looked up": {"Catalogue.story", "story"},
    "notices looked up": {"notices"},
    "articles read from the catalogue": {"loads"},
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


def writer() -> Any:
    """Return a model that writes the same answer, whatever it is asked."""
    for name in ("assistant.models.llm", "assistant.llm"):
        try:
            model = importlib.import_module(name).Model
        except ModuleNotFoundError:
            continue

        class ByHeart(model):  # type: ignore[misc, valid-type]
            """A model that has one answer."""

            @property
            def name(self) -> str:
                return "by heart"

            def stream(self, messages: Sequence[Any]) -> Generator[str, None, None]:
                yield from WRITTEN.splitlines(keepends=True)

        return ByHeart()
    raise SystemExit("this state of the house has no interface of a model that is known here")


def seconds(work: Callable[[], Any]) -> float:
    """Return the CPU seconds of some work, its processes' too: others use this machine as well."""
    before = _spent()
    work()
    return _spent() - before


def _spent() -> float:
    own, others = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, _CHILDREN))
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


_CHILDREN = resource.RUSAGE_CHILDREN


def probe(articles: Path | None, folder: Path) -> dict[str, Any]:
    """Return the counts of four pieces of work over the sample, and the seconds of two."""
    open_archive = importlib.import_module("ingest.archive").Archive.open
    ingest = importlib.import_module("ingest.pipeline").ingest
    settings = importlib.import_module("ingest.settings")
    shelf = (vars(settings).get("IngestSettings") or settings.Settings)(embedder="none")
    with open_archive(folder / "sample", create=True, settings=shelf) as archive:
        ingest([SAMPLE], archive, embed=False)
        counts, asked = _over(archive)
    with open_archive(folder / "ingest", create=True, settings=shelf) as archive:
        read = seconds(lambda: ingest([articles or SAMPLE], archive, embed=False))
    return {"counts": counts, "seconds": {"ask": asked, "ingest": read}}


def _over(archive: Any) -> tuple[dict[str, dict[str, int]], float]:
    """Return what each piece of work calls, and the median seconds of two questions."""
    assistant = importlib.import_module("assistant.ask").Assistant
    settings = importlib.import_module("assistant.settings").Settings
    records = importlib.import_module("assistant.history").Records
    search = importlib.import_module("ingest.archive").Search
    desk = assistant(archive, settings(mode="quotes"), records=records(most=0))
    wrote = assistant(archive, settings(mode="auto"), writer(), records=records(most=0))
    desk.ask("What is read once is read by now?")
    opened: Counter[str] = Counter()
    sys.addaudithook(lambda event, _: opened.update([event]))
    works: dict[str, Callable[[], Any]] = {
        "a written answer with five bad sentences": lambda: wrote.ask(ABOARD),
        "a question of two parts": lambda: desk.ask(TWO_PARTS),
        "a question of what somebody said": lambda: desk.ask(SAID),
        "a search": lambda: archive.search(search(text=SEARCHED)),
    }
    counts = {}
    for name, work in works.items():
        opened.clear()
        calls = counted(work)
        counts[name] = {what: sum(calls[one] for one in of) for what, of in COUNTED.items()}
        counts[name]["files opened"] = opened["open"]
    questions = (SAID, TWO_PARTS)
    asked = [seconds(lambda: [desk.ask(one) for one in questions]) for _ in range(ROUNDS)]
    return counts, statistics.median(asked)


def first_of(articles: Path, folder: Path) -> Path | None:
    """Return a file with the first of some articles, None where there are none."""
    if not articles.exists():
        return None
    few = folder / "articles.jsonl"
    with gzip.open(articles, "rt", encoding="utf-8") as lines:
        few.write_text("".join(line for line, _ in zip(lines, range(ARTICLES), strict=False)))
    return few


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(json.dumps(probe(first_of(Path(sys.argv[1]), folder), folder)))


if __name__ == "__main__":
    main()
