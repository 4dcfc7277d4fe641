"""Many who ask at once, in threads and in an event loop: each gets what one alone would get."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant import AsyncAssistant
from assistant.answer import Finished, Outcome, Step
from assistant.ask import Assistant
from assistant.errors import ServiceDown
from assistant.history import Records
from assistant.settings import Settings
from ingest.archive import Archive
from ingest.pipeline import ingest
from ingest.settings import IngestSettings
from tests.fakes import HashingEmbedder, ScriptedModel

SAMPLE = Path(__file__).resolve().parents[2] / "ingest" / "sample" / "articles"
QUESTIONS = [
    "What did Lucan Tesh withdraw?",
    "How many people were aboard the Perdita?",
    "Who won the 1998 World Cup?",
    "When does the night ferry sail?",
]


@pytest.fixture(scope="module")
def near(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """Return the sample archive, searched by words and by (pretended) meaning."""
    folder = tmp_path_factory.mktemp("near")
    settings = IngestSettings(embedder="none")
    with Archive.open(
        folder, create=True, settings=settings, embedder=HashingEmbedder()
    ) as archive:
        ingest([SAMPLE], archive)
        archive.embed()
        yield archive


def same(outcome: Outcome) -> Outcome:
    return replace(outcome, seconds=0.0, record_id=None, reading=None)


def quoting(archive: Archive) -> Assistant:
    return Assistant(archive, Settings(mode="quotes", checker="words"), records=Records(most=0))


def test_many_threads_get_what_one_alone_gets(near: Archive) -> None:
    assistant = quoting(near)
    alone = {question: same(assistant.ask(question)) for question in QUESTIONS}
    with ThreadPoolExecutor(16) as pool:
        outcomes = list(pool.map(assistant.ask, QUESTIONS * 8))
    assert [same(outcome) for outcome in outcomes] == [alone[q] for q in QUESTIONS * 8]


def test_an_archive_is_written_while_many_ask(near: Archive, tmp_path: Path) -> None:
    assistant = quoting(near)
    alone = [same(assistant.ask(question)).text for question in QUESTIONS[:2]]
    files = [tmp_path / f"{number}.txt" for number in range(4)]
    for number, file in enumerate(files):
        file.write_text(f"Skiff {number}\n\nThe skiff {number} of Orm was painted.\n")
    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(assistant.ask, QUESTIONS[n % 2]) for n in range(16)]
        for file in files:
            ingest([file], near)
        texts = [outcome.result().text for outcome in asked]
    assert texts == alone * 8


def test_what_is_awaited_is_what_is_returned(sample: Archive) -> None:
    assistant = quoting(sample)

    async def all_at_once() -> list[Outcome]:
        desk = AsyncAssistant(assistant)
        return await asyncio.gather(*map(desk.ask, QUESTIONS))

    assert [same(o) for o in asyncio.run(all_at_once())] == [
        same(assistant.ask(question)) for question in QUESTIONS
    ]


def test_the_steps_come_in_their_order(sample: Archive) -> None:
    assistant = quoting(sample)

    async def steps() -> list[Step]:
        return [step async for step in AsyncAssistant(assistant).steps(QUESTIONS[0])]

    *came, last = asyncio.run(steps())
    *expected, end = assistant.steps(QUESTIONS[0])
    assert isinstance(last, Finished)
    assert isinstance(end, Finished)
    assert came == expected
    assert same(last.outcome) == same(end.outcome)


class Moody(HashingEmbedder):
    """An embedder that can be down."""

    down = False

    def query(self, text: str) -> NDArray[np.float32]:
        """Embed one question, unless it is down."""
        if self.down:
            raise ServiceDown("the embedder is down")
        return super().query(text)


def test_what_goes_wrong_in_the_thread_is_raised_where_it_is_awaited(tmp_path: Path) -> None:
    embedder, settings = Moody(), IngestSettings(embedder="none")
    (tmp_path / "a.txt").write_text("Skiff was painted\n\nThe skiff of Orm was painted grey.\n")
    with Archive.open(tmp_path / "a", create=True, settings=settings, embedder=embedder) as archive:
        ingest([tmp_path / "a.txt"], archive)
        archive.embed()
        embedder.down = True
        with pytest.raises(ServiceDown, match="the embedder is down"):
            asyncio.run(AsyncAssistant(quoting(archive)).ask("Who painted the skiff of Orm?"))


def test_who_leaves_ends_the_work(sample: Archive) -> None:
    model = ScriptedModel("The Perdita carried eleven people [1].\n")
    assistant = Assistant(sample, Settings(mode="written"), model, Records(most=0))

    async def leave() -> None:
        async with aclosing(AsyncAssistant(assistant).steps(QUESTIONS[1])) as steps:
            async for _ in steps:
                return

    asyncio.run(leave())
    assert model.heard == []


def test_a_draft_is_checked_while_others_wait(near: Archive) -> None:
    desk = AsyncAssistant(quoting(near))
    found = asyncio.run(desk.check("“It was like a door slamming,” said Berit Onsager."))
    assert [one.verdict for one in found.quotations] == ["exact"]
