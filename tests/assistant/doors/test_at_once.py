"""How much is worked on at once, over real sockets: eight places, at every door the same ones."""

import statistics
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
import pytest

from app import mount as mount_page
from assistant.answer import Searched, Step
from assistant.doors import mcp
from assistant.doors.api import Rules, create_app
from assistant.doors.api.pace import AT_ONCE
from ingest.article import Hit
from ingest.compute_slots import released
from tests.loopback import PATIENT, serving
from tests.newsroom import ScriptedNewsroom


@dataclass
class CountingNewsroom(ScriptedNewsroom):
    """Works on a question until the gate opens, whoever waits; counts what is worked on.

    It waits as for a model: no place is free meanwhile, but the others begin at once.
    """

    at_work: int = 0
    most: int = 0
    counting: threading.Lock = field(default_factory=threading.Lock)

    def work(self) -> None:
        """Be at work."""
        with self.counting:
            self.at_work += 1
            self.most = max(self.most, self.at_work)
        with released():
            self.gate.wait(PATIENT)
        with self.counting:
            self.at_work -= 1

    def search(self, query: str, **how: Any) -> tuple[tuple[Hit, ...], Searched]:
        """Work, then find."""
        self.work()
        return super().search(query, **how)

    def steps(self, question: str, **how: Any) -> Iterator[Step]:
        """Work, then answer."""
        self.work()
        yield from super().steps(question, **how)


def called(address: str, tool: str, **arguments: str) -> httpx.Response:
    call = {"name": tool, "arguments": arguments}
    return httpx.post(
        f"{address}/mcp",
        headers={"Accept": "application/json, text/event-stream"},
        json={"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call},
        timeout=PATIENT,
    )


def posted(address: str, path: str, **body: object) -> httpx.Response:
    return httpx.post(f"{address}{path}", json=body, timeout=PATIENT)


def asked_on_the_page(address: str) -> httpx.Response:
    """Ask as the page's own script does; return the stream of what it is shown, until the end."""
    config = httpx.get(f"{address}/config", timeout=PATIENT).json()
    event = next(one for one in config["dependencies"] if one["targets"][0][1] == "submit")
    session = uuid4().hex
    asked = ["The ministry?", *[None] * (len(event["inputs"]) - 1)]
    joining = {"data": asked, "fn_index": event["id"], "session_hash": session}
    httpx.post(f"{address}/gradio_api/queue/join", json=joining, timeout=PATIENT)
    shown = {"session_hash": session}
    return httpx.get(f"{address}/gradio_api/queue/data", params=shown, timeout=PATIENT)


DOORS: dict[str, Callable[[str], httpx.Response]] = {
    "search": lambda at: posted(at, "/v1/search", query="harbour"),
    "ask": lambda at: posted(at, "/v1/ask", question="What did the ministry say?"),
    "stream": lambda at: posted(at, "/v1/ask", question="The ministry?", stream=True),
    "a tool that searches": lambda at: called(at, "search_archive", query="harbour"),
    "a tool that asks": lambda at: called(at, "ask_archive", question="The ministry?"),
    "the page": asked_on_the_page,
}


def application(newsroom: CountingNewsroom, rules: Rules) -> Any:
    """Return all doors over a newsroom."""
    api = mcp.mount(create_app(newsroom, rules), newsroom)  # type: ignore[arg-type]
    return mount_page(api, newsroom)


@pytest.mark.parametrize("door", DOORS)
def test_who_is_told_that_it_took_too_long_frees_no_place_of_the_eight(door: str) -> None:
    newsroom, ask = CountingNewsroom(), DOORS[door]
    rules = Rules(seconds=1.0, hosts=("127.0.0.1",))
    with (
        serving(application(newsroom, rules)) as address,
        ThreadPoolExecutor(AT_ONCE + 4) as clients,
    ):
        try:
            told = list(clients.map(lambda _: ask(address).text, range(AT_ONCE + 4)))
            told.append(ask(address).text)  # after all of them have gone
            held = newsroom.at_work, newsroom.most
            alive = httpx.get(f"{address}/health", timeout=PATIENT).status_code
        finally:
            newsroom.gate.set()
        assert all("this took longer than 1 seconds" in one for one in told)
        assert (held, alive) == ((AT_ONCE, AT_ONCE), 200)
        assert "this took longer" not in ask(address).text
    assert newsroom.at_work == 0


def test_the_tools_and_the_api_share_the_eight() -> None:
    newsroom = CountingNewsroom()
    rules = Rules(seconds=PATIENT, hosts=("127.0.0.1",))
    with (
        serving(application(newsroom, rules)) as address,
        ThreadPoolExecutor(4 * len(DOORS)) as clients,
    ):
        waiting = [clients.submit(ask, address) for ask in DOORS.values() for _ in range(4)]
        opens = threading.Timer(2.0, newsroom.gate.set)
        opens.start()
        told = [one.result().text for one in waiting]
        opens.join()
    assert newsroom.most <= AT_ONCE
    assert not any("this took longer" in one for one in told)


@dataclass
class ComputingNewsroom(CountingNewsroom):
    """Computes for a moment; notes how many did so then."""

    computing: list[int] = field(default_factory=list)

    def work(self) -> None:
        """Compute."""
        with self.counting:
            self.at_work += 1
            self.computing.append(self.at_work)
        time.sleep(0.05)
        with self.counting:
            self.at_work -= 1


@pytest.mark.parametrize("computing", [1, 2])
def test_of_eight_at_once_as_many_compute_as_the_rules_say(computing: int) -> None:
    newsroom = ComputingNewsroom()
    newsroom.gate.set()
    rules = Rules(hosts=("127.0.0.1",), computing=computing)
    with (
        serving(application(newsroom, rules)) as address,
        ThreadPoolExecutor(AT_ONCE) as clients,
    ):
        told = list(clients.map(lambda _: DOORS["search"](address).status_code, range(24)))
    assert told == [200] * 24
    # On a machine that is busy one may be held up, and is passed then.
    assert statistics.median(newsroom.computing) == computing
