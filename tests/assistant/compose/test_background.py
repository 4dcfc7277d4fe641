"""Background on a subject: its stories in their order, each by the sentence that tells it."""

from datetime import date
from pathlib import Path

import pytest

from assistant.answer import Answer, NoAnswer
from assistant.ask import Assistant
from assistant.history import Records
from assistant.settings import Settings
from ingest.archive import Archive
from ingest.article import Article
from ingest.settings import IngestSettings
from tests.ingest.archive.dispatches import article, mark_of

SETTINGS = Settings(mode="quotes", model="none")


def told(archive: Archive, asked: str) -> Answer:
    outcome = Assistant(archive, SETTINGS, records=Records(most=0)).ask(asked)
    assert isinstance(outcome, Answer), outcome
    return outcome


@pytest.mark.parametrize(
    ("asked", "first", "holding"),
    [
        ("Give me background on Captain Joren Halloway", "Halloway", "had admitted endangering"),
        ("Give me background on Corvane Minerals", "Corvane Minerals", "not one litre"),
        ("A timeline of the wreck of the Perdita", "ran on to rocks", "2.4 million crowns"),
    ],
)
def test_the_stories_of_a_subject_are_told_in_their_order(
    sample: Archive, asked: str, first: str, holding: str
) -> None:
    answer = told(sample, asked)
    assert first in answer.claims[0].text
    assert any(holding in claim.text for claim in answer.claims)
    assert all(claim.verdict == "verbatim" for claim in answer.claims)
    days = [str(c.article.date) for c in answer.citations if c.article.date]
    assert days == sorted(days)
    assert len({c.article.article_id for c in answer.citations}) == len(answer.claims) > 2


def test_a_time_that_is_named_bounds_it(sample: Archive) -> None:
    answer = told(sample, "Summarise the coverage of the 2023 election")
    assert {c.article.date.year for c in answer.citations if c.article.date} == {2023}


def of_the_pier(n: int) -> Article:
    own = " ".join(mark_of(n * 90 + k) for k in range(30))
    body = f"The harbour pier of the town is told of in number {n}: {own}."
    return article(f"a{n}", ("headline", f"Pier {n}"), ("body", body), date=date(2022, 1, n))


def test_the_newest_is_there_among_many(tmp_path: Path) -> None:
    with Archive.open(
        tmp_path / "archive", create=True, settings=IngestSettings(embedder="none")
    ) as archive:
        archive.put([of_the_pier(n) for n in range(1, 21)])
        answer = told(archive, "What is known about the harbour pier?")
    assert "number 20" in answer.claims[-1].text
    assert len(answer.claims) == 8


def test_what_nobody_printed_has_no_background(sample: Archive) -> None:
    asking = Assistant(sample, SETTINGS, records=Records(most=0))
    assert isinstance(asking.ask("Give me background on Zebulon Quist"), NoAnswer)


def test_what_happened_at_a_place_is_not_all_that_did(sample: Archive) -> None:
    answer = told(sample, "Tell me about the storm at Marrow Bay")
    assert {c.article.title for c in answer.citations} == {
        "Lighthouse loses its light as storm reaches hurricane force at Marrow Bay"
    }
