"""Drafted claims judged while the next is being written, and told in their order."""

import contextvars
import threading
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from queue import SimpleQueue
from typing import TypeVar

from assistant.answer import DraftClaim
from assistant.check.evidence import Grounded
from assistant.check.model_reader import AT_ONCE
from assistant.compose.generative import Refused
from assistant.models import deadline
from ingest.compute_slots import released, taken

T = TypeVar("T")

Drafts = Generator[DraftClaim | Refused, None, None]
Judge = Callable[[DraftClaim], Grounded | None]
Judged = Generator[tuple[DraftClaim | Refused, Grounded | None], None, None]


def in_order(drafts: Drafts, judge: Judge, *, ahead: bool) -> Judged:
    """Yield what is written, each claim with its judgement, as soon as it is there.

    `ahead`, claims are judged on threads of their own and writing goes on meanwhile; else one
    thing is done after the other. Closing it ends both at once. Raises what writing or judging
    raises, writing after all that was written before.
    """
    if ahead:
        yield from _ahead(drafts, judge)
        return
    with closing(drafts):
        for one in drafts:
            yield one, None if isinstance(one, Refused) else judge(one)


def _ahead(drafts: Drafts, judge: Judge) -> Judged:
    line: SimpleQueue[tuple[DraftClaim | Refused, Future[Grounded | None] | None] | None]
    line = SimpleQueue()
    left = threading.Event()
    pool = ThreadPoolExecutor(1 + AT_ONCE, thread_name_prefix="morgue-judges")

    def write() -> None:
        try:
            with closing(drafts):
                for one in drafts:
                    if left.is_set():
                        return
                    line.put((one, None if isinstance(one, Refused) else begun(one)))
        finally:
            line.put(None)

    def begun(one: DraftClaim) -> Future[Grounded | None]:
        return pool.submit(contextvars.copy_context().run, judged, one)

    def judged(one: DraftClaim) -> Grounded | None:
        with taken():
            return judge(one)

    context = contextvars.copy_context()
    context.run(deadline.until, left)
    writing = pool.submit(context.run, write)
    try:
        while (written := _waited(line.get)) is not None:
            one, judging = written
            yield one, _waited(judging.result) if judging else None
        _waited(writing.result)
    finally:
        # Nobody waits for what is still under way: the end of its connection ends it.
        left.set()
        pool.shutdown(wait=False, cancel_futures=True)


def _waited(wait: Callable[[], T]) -> T:
    """Return what other threads work out; whoever only waits for them computes nothing."""
    with released():
        return wait()
