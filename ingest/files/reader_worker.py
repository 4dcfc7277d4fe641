"""The process that reads files for another: `python -m ingest.files.reader_worker HANDLE`."""

import os
import signal
import sys
import time
from contextlib import closing, suppress
from multiprocessing.connection import Connection
from queue import SimpleQueue
from threading import Thread

from ingest.article import RawArticle
from ingest.files.read import FileReading, Found, articles_in, contents, look_beside, readers_for
from ingest.files.subprocess_reader import Progress, ReadJob
from ingest.readers import Reader

_MANY = 50  # articles or errors that are told together
_LONG = 1_000_000  # characters of their texts
_SECONDS = 0.5  # that a found article waits to be told
_BEAT = 2.0  # seconds between signs of life


def main(handle: int) -> None:
    """Read what is asked for until nobody asks any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who asked is interrupted, and ends this
    asker = Connection(handle)
    how = asker.recv()
    assert isinstance(how, FileReading)
    _bound_memory(how.bounds.memory)
    jobs = SimpleQueue[ReadJob]()
    Thread(target=_listen, args=(asker, jobs), daemon=True).start()
    readers = readers_for(how)
    asker.send(True)  # it has started
    while True:
        _Telling(asker).read(jobs.get(), readers, how)


def _listen(asker: Connection, jobs: "SimpleQueue[ReadJob]") -> None:
    """Take what is asked for; end with the one who asks, even in the middle of a file."""
    with suppress(EOFError, OSError):
        while True:
            jobs.put(asker.recv())
    os._exit(0)


def _bound_memory(limit: int) -> None:
    try:
        import resource
    except ImportError:  # no such bounds on this system
        return
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_DATA, (limit, resource.RLIM_INFINITY))


class _Telling:
    """Tells what is found in one file, some at a time."""

    def __init__(self, asker: Connection) -> None:
        self._asker = asker
        self._at = Progress(-1, "")
        self._found: list[Found] = []
        self._length = 0
        self._told = time.monotonic()

    def read(self, job: ReadJob, readers: tuple[Reader, ...], how: FileReading) -> None:
        """Read a file and tell all that it holds."""
        held = contents(job.path, job.shown, how.bounds, self._alive)
        for number, (name, stream) in enumerate(held):
            if number < job.skip:
                continue
            self._at = Progress(number, name)
            self._tell()
            look = look_beside(job.path)
            with closing(articles_in(name, stream, readers, how, self._alive, look)) as articles:
                for one in articles:
                    self._add(one)
        self._tell(done=True)

    def _add(self, one: Found) -> None:
        self._found.append(one)
        self._length += len(one.text) if isinstance(one, RawArticle) else 0
        late = time.monotonic() - self._told > _SECONDS
        if late or len(self._found) >= _MANY or self._length > _LONG:
            self._tell()

    def _alive(self) -> None:
        if self._at.name and time.monotonic() - self._told > _BEAT:
            self._tell()

    def _tell(self, *, done: bool = False) -> None:
        self._asker.send(Progress(self._at.number, self._at.name, self._found, done))
        self._found, self._length, self._told = [], 0, time.monotonic()


if __name__ == "__main__":
    main(int(sys.argv[1]))
