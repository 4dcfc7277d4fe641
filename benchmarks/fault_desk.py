"""A process of its own that works on an archive, for `benchmarks.faults`, which kills it.

python -m benchmarks.fault_desk put|ask|look|rebuild|serve FOLDER ... ; a line of JSON for each
thing done.
"""

import json
import sys
from collections.abc import Callable, Sequence
from functools import partial
from hashlib import sha256
from pathlib import Path

from assistant.answer import Answer, Citation, Listing
from assistant.ask import Assistant
from assistant.doors.api import create_app
from assistant.doors.api.listener import Ending, Listener, bound
from assistant.doors.serving import read_in, rules
from assistant.history import Records
from assistant.settings import Settings
from ingest.archive import Archive, Search, care
from ingest.archive.search import By
from ingest.archive.verification import verify
from ingest.errors import MorgueError
from ingest.pipeline import ingest
from ingest.settings import IngestSettings
from tests.fakes import HashingEmbedder

FEW = 40
"""Vectors up to which each is scored, and Chroma not asked: few, so that it is."""

_AT_ONCE = 20


def say(**what: object) -> None:
    """Tell whoever listens."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def opened(folder: Path) -> Archive:
    """Open an archive as every process of a run does."""
    archive = Archive.open(
        folder, create=True, settings=IngestSettings(embedder="none"), embedder=HashingEmbedder(64)
    )
    archive.meaning.exact = FEW
    return archive


def assistant_of(archive: Archive) -> Assistant:
    """Return who answers from an archive, by quotations, and keeps no record."""
    return Assistant(archive, Settings(mode="quotes", model="none"), records=Records(most=0))


def put(archive: Archive, *files: str) -> None:
    """Read files, acknowledging each once it is kept and embedded."""
    for file in files:
        report = ingest([file], archive)
        say(kept=Path(file).name, failed=len(report.failed))


def ask(archive: Archive) -> None:
    """Answer the questions that come on standard input, each with the words that it shows."""
    desk = assistant_of(archive)
    say(ready=True)
    for line in sys.stdin:
        asked = json.loads(line)
        try:
            say(shown=_shown(archive, desk, asked["by"], asked["text"]))
        except MorgueError as error:
            say(error=type(error).__name__, message=error.message)


def _shown(archive: Archive, desk: Assistant, by: str, text: str) -> list[dict[str, object]]:
    """Return every place that is shown for a question: whose words, where, and which."""
    if by == "ask":
        outcome = desk.ask(text)
        if isinstance(outcome, Listing):
            return []
        cited = outcome.citations if isinstance(outcome, Answer) else outcome.nearest
        return [_place(one) for one in cited]
    kind: By = "meaning" if by == "meaning" else "both"
    found = archive.search(Search(text=text, k=_AT_ONCE, by=kind))
    return [
        {"id": hit.article.article_id, "version": hit.article.version,
         "start": hit.passage.start, "end": hit.passage.end, "text": hit.text}
        for hit in found
    ]  # fmt: skip


def _place(one: Citation) -> dict[str, object]:
    return {"id": one.article.article_id, "version": one.article.version,
            "start": one.start, "end": one.end, "text": one.text}  # fmt: skip


def look(archive: Archive, wanted: str) -> None:
    """Tell what the doctor and `verify` find, and of each article what is kept and found."""
    say(doctor=_checks(care.doctor(archive)))
    say(verify=_checks(verify(archive)))
    for article_id, mark in json.loads(Path(wanted).read_text(encoding="utf-8")).items():
        kept = archive.get(article_id)
        hits = archive.search(Search(text=mark, k=3, by="words"))
        found = article_id in {hit.article.article_id for hit in hits}
        say(id=article_id, text=kept and digest(kept.text), found=found)
    told = archive.status()
    say(articles=told.articles, pending=told.pending)


def digest(text: str) -> str:
    """Return a text's hash."""
    return sha256(text.encode()).hexdigest()


def rebuild(archive: Archive, *what: str) -> None:
    """Build indexes anew, and tell what the doctor finds then."""
    for one in what:
        care.rebuild(archive, one)  # type: ignore[arg-type]
    say(doctor=_checks(care.doctor(archive)))


def _checks(checks: Sequence[care.Check]) -> list[str]:
    return [f"{one.name}: {one.found}" for one in checks if not one.ok]


def serve(archive: Archive) -> None:
    """Serve the API as `morgue serve` does, without the page; Chroma is a child from the start."""
    ending = Ending()
    with archive.serving(at_once=True):
        kept = rules(archive.folder, "127.0.0.1", archive.papers)
        app = create_app(assistant_of(archive), kept, partial(read_in, archive))
        with bound("127.0.0.1", 0) as listening:
            owner = archive.lock.owner()
            say(port=listening.getsockname()[1], chroma=owner and owner.server_pid)
            ending.server = Listener(app)
            ending.server.run([listening])


VERBS: dict[str, Callable[..., None]] = {
    "put": put, "ask": ask, "look": look, "rebuild": rebuild, "serve": serve,
}  # fmt: skip


def main() -> None:
    """Do what the command line says; what goes wrong in words is told, too."""
    verb, folder, *rest = sys.argv[1:]
    try:
        with opened(Path(folder)) as archive:
            VERBS[verb](archive, *rest)
    except MorgueError as error:
        say(error=type(error).__name__, message=error.message)


if __name__ == "__main__":
    main()
