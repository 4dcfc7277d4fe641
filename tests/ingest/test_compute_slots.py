"""As many compute at once as there are slots, in their order, and nobody holds one by waiting."""

import contextlib
import threading
import time
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor

from assistant.answer import DraftClaim
from assistant.compose.generative import Refused
from assistant.compose.judging import in_order
from assistant.errors import ServiceError
from assistant.models.llm import Message, load
from assistant.settings import Settings
from ingest.compute_slots import ComputeSlots, released, taken
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
    with taken(), released(), taken():
        pass
