"""A process of its own that works on an archive, for tests that kill it.

python -m tests.ingest.archive.desk put|hold|serve FOLDER [FIRST LAST] | fill FOLDER BYTES
"""

import resource
import sys
from pathlib import Path

from ingest.archive import Archive
from ingest.errors import MorgueError
from ingest.settings import IngestSettings
from tests.fakes import HashingEmbedder
from tests.ingest.archive.dispatches import dispatch

BATCH = 4


def opened(folder: Path) -> Archive:
    """Open an archive as every process of these tests does."""
    return Archive.open(
        folder, create=True, settings=IngestSettings(embedder="none"), embedder=HashingEmbedder(64)
    )


def say(words: str) -> None:
    """Acknowledge something."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def put(archive: Archive, first: int, last: int) -> None:
    """Put batches, acknowledging each, and embed after every third; some replace older ones."""
    for i in range(first, last, BATCH):
        numbers = range(i, i + BATCH)
        batch = [dispatch(n) for n in numbers]
        if i >= 2 * BATCH:
            batch.append(dispatch(i - 2 * BATCH, paragraphs=3))
        archive.put(batch)
        say("put " + " ".join(str(n) for n in numbers))
        if i // BATCH % 3 == 2:
            archive.embed()
            say("embedded")
    archive.embed()
    say("done")


def fill(archive: Archive, most: int) -> None:
    """Put articles until no file may grow any more, as on a full disk; say what went wrong."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
    try:
        for i in range(0, 4000, BATCH):
            archive.put([dispatch(n) for n in range(i, i + BATCH)])
            say(f"put {i} {i + BATCH}")
    except MorgueError as error:
        say(f"{type(error).__name__}: {error.message}")
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def main() -> None:
    """Do what the command line says, then wait until standard input closes."""
    verb, folder, *numbers = sys.argv[1:]
    with opened(Path(folder)) as archive:
        if verb == "put":
            put(archive, int(numbers[0]), int(numbers[1]))
        elif verb == "fill":
            fill(archive, int(numbers[0]))
        elif verb == "hold":
            with archive.writing():
                say("holding")
                sys.stdin.read()
        elif verb == "serve":
            with archive.serving(at_once=True):
                owner = archive.lock.owner()
                say(f"serving {owner.server_pid if owner else None}")
                sys.stdin.read()


if __name__ == "__main__":
    main()
