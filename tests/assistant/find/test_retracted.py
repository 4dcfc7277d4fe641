"""What was retracted is no evidence, and the outcome says that it was left out."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answer import Answer, NoAnswer, Outcome
from assistant.ask import Assistant
from assistant.settings import Settings
from ingest.archive import Archive
from ingest.article import Notice
from ingest.settings import IngestSettings
from tests.ingest.archive.wire import BACKGROUND, LEAD, MIDDLE, printed

QUESTION = "Why did Velden's harbour board vote to close the old grain pier?"
LEFT_OUT = Notice(
    code="retracted", text="Left out, since it was retracted: “Pier to close” (Coast Daily)."
)


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path, create=True, settings=IngestSettings(embedder="none")) as archive:
        yield archive


def asked(archive: Archive, *, retracted: bool, second: bool) -> Outcome:
    pier = printed("pier", "Coast Daily", LEAD, MIDDLE, headline="Pier to close")
    archive.put([pier, printed("trade", "Tisk Mail", BACKGROUND, headline="Exports fall")])
    if retracted:
        notice = "Coast Daily withdraws its report on the pier. Its source lied."
        kill = printed("kill", "Coast Daily", notice, headline="Retraction: Pier to close")
        archive.put([kill])
    if second:
        told = LEAD.replace("saying that divers", "after divers said they")
        archive.put([printed("own", "Tisk Mail", told, headline="Board shuts grain pier")])
    return Assistant(archive, Settings(mode="quotes", model="none")).ask(QUESTION)


def test_an_answer_rests_on_what_was_not_retracted_and_says_what_was_left_out(
    archive: Archive,
) -> None:
    answer = asked(archive, retracted=True, second=True)
    assert isinstance(answer, Answer)
    assert {citation.article.outlet for citation in answer.citations} == {"Tisk Mail"}
    assert LEFT_OUT in answer.warnings


def test_what_is_only_in_a_retracted_article_the_archive_does_not_say(archive: Archive) -> None:
    outcome = asked(archive, retracted=True, second=False)
    assert isinstance(outcome, NoAnswer)
    assert outcome.reason == "only_in_retracted"
    assert LEFT_OUT in outcome.warnings
    assert [c.article.title for c in outcome.nearest if c.article.title == "Pier to close"] == []


@pytest.mark.parametrize("second", [True, False])
def test_without_the_retraction_it_answers(archive: Archive, second: bool) -> None:
    answer = asked(archive, retracted=False, second=second)
    assert isinstance(answer, Answer)
    assert answer.warnings != (LEFT_OUT,)
