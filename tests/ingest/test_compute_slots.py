"""As many compute at once as there are slots, in their order, and nobody holds one by waiting."""

import contextlib
import threading
import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest

from assistant.answer import DraftClaim
from assistant.compose.generative import Refused
from assistant.compose.judging import in_order
from assistant.errors import ServiceError
from assistant.models.llm import Message, load
from assistant.settings import Settings
from ingest.compute_slots import ComputeSlots, ComputeThreads, OutsideCalls, cores, released, taken
from tests.openai_server import OpenAIServer, Reply

LONG = 30.0


class Crowd:
    """Counts who computes, and the most that did at once."""

    def __init__(self) -> None:
        self.counting = threading.Lock()
        self.now = self.most = 0

    def compute(self, seconds: float) -> None:
        with self.counting:
            self.now += 1
            self.most = max(self.most, self.now)
        time.sleep(seconds)
        with self.counting:
            self.now -= 1


def enters(slots: ComputeSlots, seconds: float = LONG) -> bool:
    """Tell whether somebody else gets a slot in time."""
    inside = threading.Event()

    def enter() -> None:
        with slots.shared():
            inside.set()

    threading.Thread(target=enter, daemon=True).start()
    return inside.wait(seconds)


def test_no_more_compute_at_once_than_there_are_slots() -> None:
    slots, crowd = ComputeSlots(2, LONG), Crowd()

    def work(_: int) -> None:
        with slots.shared():
            crowd.compute(0.005)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(40)))
    assert crowd.most == 2


def test_who_came_first_computes_first() -> None:
    slots, order = ComputeSlots(1, LONG), list[int]()

    def work(n: int) -> None:
        with slots.shared():
            order.append(n)

    with ThreadPoolExecutor(6) as pool, slots.shared():
        for n in range(6):
            pool.submit(work, n)
            time.sleep(0.02)
        assert order == []
    assert order == list(range(6))


def test_who_waits_for_somebody_else_holds_no_slot_and_takes_one_again() -> None:
    slots = ComputeSlots(1, LONG)
    with slots.shared():
        with released():
            assert enters(slots)
        assert not enters(slots, 0.1)
    assert enters(slots)


def test_a_slot_that_is_held_for_long_is_given_on_and_given_back_once() -> None:
    slots, stays = ComputeSlots(1, 1.0), threading.Event()

    def overstay() -> None:
        with slots.shared():
            stays.wait(LONG)

    with ThreadPoolExecutor(1) as pool:
        late = pool.submit(overstay)
        assert enters(slots)  # by what nobody said is a wait
        stays.set()
        late.result()
    with slots.shared():
        assert not enters(slots, 0.3)


def test_a_slow_reply_of_a_model_holds_no_slot() -> None:
    slots = ComputeSlots(1, LONG)
    asked = threading.Event()

    def answering(_: object) -> Reply:
        asked.set()
        return Reply(text="late", delay=LONG)

    with OpenAIServer(answering=answering) as server:
        settings = Settings(base_url=server.url, model="scripted", model_timeout=2 * LONG)
        model = load(settings)
        assert model is not None

        def ask() -> None:
            # The server goes before it has answered.
            with contextlib.suppress(ServiceError), slots.shared():
                model.complete([Message("user", "Who?")])

        threading.Thread(target=ask, daemon=True).start()
        assert asked.wait(LONG)
        assert enters(slots, 5)


def test_who_judges_for_an_answer_shares_its_slots_and_the_answer_none() -> None:
    slots, crowd = ComputeSlots(1, LONG), Crowd()

    def judge(_: object) -> None:
        crowd.compute(0.005)

    def answer() -> int:
        with slots.shared():
            return len(list(in_order(drafts(), judge, ahead=True)))

    assert answer() == 6
    assert crowd.most == 1


def drafts() -> Generator[DraftClaim | Refused, None, None]:
    for _ in range(6):
        yield DraftClaim(text="One.", evidence=())


def test_without_slots_nobody_waits() -> None:
    with taken(), released(), taken(), OutsideCalls().one():
        pass


def long_calls() -> OutsideCalls:
    """Return calls that took long of late."""
    calls = OutsideCalls()
    for _ in range(3):
        with calls.one():
            time.sleep(0.05)
    return calls


def test_what_computes_outside_for_long_leaves_its_slot_to_others() -> None:
    slots, calls = ComputeSlots(1, LONG), long_calls()
    with slots.shared():
        with calls.one():
            assert enters(slots)
        assert not enters(slots, 0.1)
        with OutsideCalls().one():  # what was short so far
            assert not enters(slots, 0.1)
    assert enters(slots)


def test_no_more_compute_outside_at_once_than_there_are_cores() -> None:
    slots, crowd, calls = ComputeSlots(1, LONG), Crowd(), long_calls()

    def work(_: int) -> None:
        with slots.shared(), calls.one():
            crowd.compute(0.05)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(16)))
    assert crowd.most == min(cores(), 8)


def crew(slots: int = 1, seconds: float = LONG, most: int = 8) -> ComputeThreads:
    return ComputeThreads(ComputeSlots(slots, seconds), most, "crew")


def test_who_computed_last_computes_next_and_first_what_was_asked_first() -> None:
    threads, order, gate = crew(), list[tuple[int, int]](), threading.Event()

    def work(n: int) -> None:
        gate.wait(LONG)
        order.append((n, threading.get_ident()))

    asked = [threads.submit(partial(work, n)) for n in range(20)]
    gate.set()
    for one in asked:
        one.result(LONG)
    assert [n for n, _ in order] == list(range(20))
    assert len({thread for _, thread in order}) == 1
    threads.close()


def test_threads_compute_as_many_at_once_as_there_are_slots() -> None:
    threads, crowd = crew(2), Crowd()
    for one in [threads.submit(lambda: crowd.compute(0.005)) for _ in range(40)]:
        one.result(LONG)
    assert crowd.most == 2
    threads.close()


def test_as_many_may_wait_for_others_as_there_are_threads() -> None:
    threads, gate, waiting = crew(most=3), threading.Event(), threading.Semaphore(0)

    def wait() -> None:
        with released():
            waiting.release()
            gate.wait(LONG)

    asked = [threads.submit(wait) for _ in range(3)]
    for _ in asked:
        assert waiting.acquire(timeout=LONG)
    late = threads.submit(lambda: "answered")
    assert not late.done()
    gate.set()
    assert late.result(LONG) == "answered"
    threads.close()


def test_a_short_answer_waits_no_longer_for_a_long_one_than_a_slot_is_held() -> None:
    threads, gate = crew(seconds=0.2), threading.Event()
    long = [threads.submit(lambda: gate.wait(LONG)) for _ in range(2)]
    began = time.monotonic()
    assert threads.submit(lambda: "short").result(LONG) == "short"
    assert time.monotonic() - began < LONG / 2
    gate.set()
    assert all(one.result(LONG) for one in long)
    threads.close()


def test_what_fails_is_raised_to_who_asked_and_what_is_given_up_is_not_begun() -> None:
    threads, gate, begun = crew(), threading.Event(), threading.Event()
    first = threads.submit(lambda: gate.wait(LONG))
    failing, given_up = threads.submit(lambda: 1 // 0), threads.submit(begun.set)
    assert given_up.cancel()
    gate.set()
    assert first.result(LONG)
    with pytest.raises(ZeroDivisionError):
        failing.result(LONG)
    assert threads.submit(lambda: "goes on").result(LONG) == "goes on"
    assert not begun.is_set()
    threads.close()


def test_closing_waits_for_what_runs_and_begins_nothing_more() -> None:
    threads, gate, running = crew(), threading.Event(), threading.Event()

    def run() -> str:
        running.set()
        gate.wait(LONG)
        return "done"

    first, second = threads.submit(run), threads.submit(run)
    assert running.wait(LONG)
    threading.Timer(0.1, gate.set).start()
    threads.close()
    assert first.done()
    assert first.result() == "done"
    assert second.cancelled()
    with pytest.raises(RuntimeError):
        threads.submit(run)


def test_a_thread_that_nobody_needs_ends_and_another_begins_when_it_is_needed() -> None:
    threads = ComputeThreads(ComputeSlots(1, LONG), 8, "crew", idle=0.01)
    first = threads.submit(threading.current_thread).result(LONG)
    first.join(LONG)
    assert not first.is_alive()
    assert threads.submit(threading.current_thread).result(LONG) is not first
    threads.close()
