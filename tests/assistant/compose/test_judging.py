"""Claims are judged while the next is written, and told in their order."""

import threading
import time
from collections.abc import Generator

import pytest

from assistant.answer import DraftClaim
from assistant.compose.generative import Refused
from assistant.compose.judging import in_order
from assistant.errors import ServiceDown

Drafts = Generator[DraftClaim | Refused, None, None]


def claim(text: str) -> DraftClaim:
    return DraftClaim(text=text, evidence=())


def ours() -> list[str]:
    return [one.name for one in threading.enumerate() if one.name.startswith("morgue-judges")]


def gone_in_time() -> bool:
    until = time.monotonic() + 10
    while ours() and time.monotonic() < until:
        time.sleep(0.01)
    return not ours()


def test_a_claim_is_told_while_the_next_is_still_being_written() -> None:
    told, first = threading.Event(), claim("One.")

    def drafts() -> Drafts:
        yield first
        assert told.wait(10), "the first claim waited for the second"
        yield claim("Two.")

    heard = []
    for one, _ in in_order(drafts(), lambda _: None, ahead=True):
        heard.append(one)
        told.set()
    assert [getattr(one, "text", None) for one in heard] == ["One.", "Two."]


def test_what_is_judged_sooner_waits_for_what_was_written_sooner() -> None:
    second = threading.Event()

    def judge(one: DraftClaim) -> None:
        if one.text == "One.":
            assert second.wait(10), "the second claim was not judged beside the first"
        else:
            second.set()

    def drafts() -> Drafts:
        yield claim("One.")
        yield claim("Two.")
        yield Refused(text="no more")

    heard = [one.text for one, _ in in_order(drafts(), judge, ahead=True)]
    assert heard == ["One.", "Two.", "no more"]
    assert gone_in_time()


@pytest.mark.parametrize("ahead", [True, False])
def test_what_goes_wrong_in_writing_comes_after_all_that_was_written(ahead: bool) -> None:
    def drafts() -> Drafts:
        yield claim("One.")
        raise ServiceDown("the model is gone")

    heard: list[str] = []
    with pytest.raises(ServiceDown, match="gone"):
        heard.extend(one.text for one, _ in in_order(drafts(), lambda _: None, ahead=ahead))
    assert heard == ["One."]
    assert gone_in_time()


@pytest.mark.parametrize("ahead", [True, False])
def test_what_goes_wrong_in_judging_is_raised_and_ends_the_writing(ahead: bool) -> None:
    closed = threading.Event()

    def drafts() -> Drafts:
        try:
            for n in range(1000):
                yield claim(f"{n}.")
        finally:
            closed.set()

    def judge(one: DraftClaim) -> None:
        if one.text == "3.":
            raise ServiceDown("the judge is gone")

    with pytest.raises(ServiceDown, match="judge"):
        for _ in in_order(drafts(), judge, ahead=ahead):
            pass
    assert closed.wait(10)
    assert gone_in_time()


def test_without_threads_nothing_is_written_before_the_last_was_judged() -> None:
    done: list[str] = []

    def drafts() -> Drafts:
        for text in ("One.", "Two."):
            done.append(f"write {text}")
            yield claim(text)

    for one, _ in in_order(drafts(), lambda one: done.append(f"judge {one.text}"), ahead=False):
        done.append(f"tell {one.text}")
    assert done == [f"{what} {text}" for text in ("One.", "Two.") for what in
                    ("write", "judge", "tell")]  # fmt: skip
