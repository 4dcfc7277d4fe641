"""What an answer says besides its sentences: conflicts, order, newsrooms, what is not there."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from assistant.answer import Answer, Conflict, NoAnswer, Outcome, Understood
from assistant.ask import Assistant
from assistant.find.independence import Witnesses, witnesses
from assistant.render import answer_html, to_markdown, to_text
from assistant.settings import Settings
from ingest.archive import Archive
from ingest.article import Filters, Story
from ingest.pipeline import ingest
from ingest.settings import IngestSettings
from tests.newsroom import HARBOUR, SEARCHED, TIDES, citing, quoting


@pytest.fixture
def assistant(sample: Archive) -> Assistant:
    return Assistant(sample, Settings(mode="quotes"))


def answered(outcome: Outcome) -> Answer:
    assert isinstance(outcome, Answer), outcome
    return outcome


def reason(outcome: Outcome) -> str:
    assert isinstance(outcome, NoAnswer), outcome
    return outcome.reason


def test_a_later_correction_is_named_as_one(assistant: Assistant) -> None:
    asked = "How many people in Kesselbrook had fallen ill with river fever?"
    first = answered(assistant.ask(asked)).conflicts[0]
    assert first.kind == "correction"


def test_both_sides_of_a_conflict_are_quoted(assistant: Assistant) -> None:
    answer = answered(assistant.ask("How much will the clean-up at Grevdal cost?"))
    said = {n for claim in answer.claims for n in claim.citations}
    assert {n for conflict in answer.conflicts for n in conflict.citations} <= said


def test_sources_that_agree_are_in_no_conflict(assistant: Assistant) -> None:
    assert answered(assistant.ask("How many people were aboard the Perdita?")).conflicts == ()


def test_what_happened_is_told_in_its_order_by_day(assistant: Assistant) -> None:
    answer = answered(assistant.ask("What happened to the Perdita?"))
    days = [claim.day for claim in answer.claims]
    told = [day for day in days if day]
    assert len(told) == len(days) > 3
    assert told == sorted(told)
    lines = answer.text.splitlines()
    assert [line[:10] for line in lines] == [day.isoformat() for day in told]
    assert all(claim.citations for claim in answer.claims)


def test_a_time_that_is_named_is_preferred_and_told(assistant: Assistant) -> None:
    answer = answered(assistant.ask("What was found out about the Perdita in September 2022?"))
    assert answer.citations[0].article.date == date(2022, 9, 21)
    assert answer.searched.understood == {
        "when": {
            "words": "in September 2022",
            "from": date(2022, 9, 1),
            "to": date(2022, 9, 30),
            "only": False,
        }
    }


def test_this_week_says_nothing_to_an_old_archive(assistant: Assistant) -> None:
    step = next(iter(assistant.steps("What did Lucan Tesh say this week?")))
    assert isinstance(step, Understood)
    assert step.question.period is None


def test_this_week_is_this_week_in_an_archive_of_today(tmp_path: Path) -> None:
    today = datetime.now(UTC).date()
    page = tmp_path / "page.jsonl"
    page.write_text(f'{{"title": "Fair", "text": "The fair opened.", "date": "{today}"}}\n')
    settings = IngestSettings(embedder="none")
    with Archive.open(tmp_path / "new", create=True, settings=settings) as archive:
        ingest([page], archive, embed=False)
        step = next(iter(Assistant(archive).steps("What opened this week?")))
    assert isinstance(step, Understood)
    assert step.question.period is not None
    assert step.question.period.since in {today - timedelta(days=d) for d in (5, 6, 7)}


def test_what_is_still_to_come_is_said_to_be_so(assistant: Assistant) -> None:
    assert reason(assistant.ask("What will happen to the tax on bread?")) == "about_the_future"
    assert reason(assistant.ask("Who won the cup in March 2031?")) == "about_the_future"
    early = Filters(as_of=date(2022, 1, 1))
    assert reason(assistant.ask("Who cast a vote in May 2022?", filters=early)) != "nothing_found"


def test_a_question_is_answered_in_part_and_the_rest_is_named(assistant: Assistant) -> None:
    asked = "What did Lucan Tesh withdraw and what is the salary of Karin Vosse?"
    answer = answered(assistant.ask(asked))
    assert "I withdraw what I said" in " ".join(claim.text for claim in answer.claims)
    assert [w.text for w in answer.warnings if w.code == "partly"] == [
        "The archive does not say: “What is the salary of Karin Vosse?”"
    ]


def test_copies_of_one_dispatch_are_one_newsroom() -> None:
    printed = Story(id="s", outlets=("A", "B", "C"), article_ids=("a1", "a2", "a3"))
    dispatch = citing(1, HARBOUR, "Harbour talks collapse", printed)
    own = replace(citing(2, TIDES, "Few ships came in."))
    assert witnesses([dispatch, own]) == Witnesses(newsrooms=2, copies=(3,))
    assert witnesses([own, own]) == Witnesses(newsrooms=1, copies=())


def conflicting() -> Answer:
    answer = quoting(
        "How many?", citing(1, HARBOUR, "Harbour talks collapse"), citing(2, TIDES, "Few ships")
    )
    conflict = Conflict(about="<b>x", citations=(1, 2), kind="correction")
    when = {"words": "in <i>", "from": date(2022, 1, 1), "to": None, "only": False}
    searched = replace(SEARCHED, understood={"when": when})
    return replace(answer, conflicts=(conflict,), searched=searched)


def test_a_conflict_shows_both_sides_with_outlet_and_day() -> None:
    shown = to_text(conflicting())
    assert "Corrected later:" in shown
    assert "The Ostrova Post, 12 March 2024: " in shown
    assert "- outlet unknown, undated: " in to_markdown(conflicting())


def test_no_markup_of_an_archive_or_a_question_reaches_the_page_through_a_conflict() -> None:
    page = answer_html(conflicting())
    assert "<b>" not in page
    assert "<i>" not in page
    assert "<p>Corrected later</p>" in page
    assert "understood as from 1 January 2022&#58; what was printed then first" in page
