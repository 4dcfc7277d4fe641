"""From a question to a checked outcome, over the sample archive."""

import itertools
import re
from datetime import date
from pathlib import Path

import pytest

from assistant.answer import Answer, Finished, Found, NoAnswer, Outcome, Said, Turn, Understood
from assistant.ask import Assistant
from assistant.errors import ServiceDown, ServiceError
from assistant.render import hits_to_text
from assistant.settings import Settings
from ingest.archive import Archive
from ingest.article import Filters
from ingest.settings import IngestSettings
from tests.fakes import ScriptedModel

PERDITA = "How many people were aboard the Perdita?"


@pytest.fixture
def assistant(sample: Archive) -> Assistant:
    return Assistant(sample, Settings(mode="quotes"))


def answered(outcome: Outcome) -> Answer:
    assert isinstance(outcome, Answer), outcome
    return outcome


def unanswered(outcome: Outcome) -> NoAnswer:
    assert isinstance(outcome, NoAnswer), outcome
    return outcome


def test_every_claim_is_the_words_of_the_article_it_cites(assistant: Assistant) -> None:
    answer = answered(assistant.ask("What did Lucan Tesh withdraw?"))
    cited = {citation.n: citation for citation in answer.citations}
    assert answer.claims
    for claim in answer.claims:
        (n,) = claim.citations
        citation = cited[n]
        assert claim.text == citation.article.text[citation.start : citation.end]
        assert answer.text[claim.at[0] : claim.at[1]] == claim.text
        assert claim.verdict == "verbatim"


def test_a_quotation_comes_with_its_speaker(assistant: Assistant) -> None:
    answer = answered(
        assistant.ask("Who said the wreck of the Perdita was like a door slamming under the sea?")
    )
    claim = next(c for c in answer.claims if "said Berit Onsager" in c.text)
    assert claim.speaker == "Berit Onsager"
    assert {quote.verdict for quote in claim.quotes} == {"exact"}


def test_a_namesake_does_not_answer_for_who_is_named_in_full(assistant: Assistant) -> None:
    answer = answered(assistant.ask("What did Karin Vosse say?"))
    speakers = {claim.speaker for claim in answer.claims}
    assert "Karin Vosse" in speakers
    assert "Pieter Vosse" not in speakers


def test_a_part_that_is_not_answered_is_told_as_it_was_asked(assistant: Assistant) -> None:
    asked = "When was the Dray Cup stolen and who won the 1998 World Cup?"
    answer = answered(assistant.ask(asked))
    assert "Dray Cup" in answer.claims[0].text
    assert "The archive does not say: “Who won the 1998 World Cup?”" in {
        notice.text for notice in answer.warnings if notice.code == "partly"
    }


def test_a_part_is_not_answered_by_its_subject_alone(assistant: Assistant) -> None:
    asked = "Where did the Perdita run aground and how many cheeses were eaten?"
    answer = answered(assistant.ask(asked))
    assert "The archive does not say: “How many cheeses were eaten?”" in {
        notice.text for notice in answer.warnings if notice.code == "partly"
    }


def test_more_parts_than_are_answered_are_told_too(assistant: Assistant) -> None:
    asked = "Who leads Corvane Minerals" + " and when was the Dray Cup stolen" * 4 + "?"
    answer = answered(assistant.ask(asked))
    assert "partly" in {notice.code for notice in answer.warnings}


def test_who_asks_in_an_interview_is_told_by_its_form(assistant: Assistant) -> None:
    answer = answered(assistant.ask("What did Kettle ask about a child in the beck?"))
    asked = next(c for c in answer.claims if "let a child paddle" in c.text)
    assert asked.speaker == "Jory Kettle"


def test_copies_of_one_dispatch_are_one_witness(assistant: Assistant) -> None:
    answer = answered(assistant.ask(PERDITA))
    stories = [citation.story.id for citation in answer.citations if citation.story.copies > 1]
    ids = {c.article.article_id for c in answer.citations if c.story.copies > 1}
    assert len(ids) == len(set(stories)) == 1
    story = next(c.story for c in answer.citations if c.story.copies > 1)
    assert story.copies == 3
    assert len(story.outlets) == 3


def test_nothing_is_said_twice(assistant: Assistant) -> None:
    answer = answered(assistant.ask(PERDITA))
    assert len({claim.text for claim in answer.claims}) == len(answer.claims) <= 5


def test_what_the_archive_does_not_say_is_said_to_be_not_there(assistant: Assistant) -> None:
    outcome = unanswered(assistant.ask("Who won the 1998 World Cup?"))
    assert outcome.reason == "nothing_found"
    assert outcome.searched.articles == 45
    assert outcome.claims == ()
    assert all(c.part != "comment" for c in outcome.nearest)


def test_what_only_readers_say_is_no_answer(assistant: Assistant) -> None:
    outcome = assistant.ask("Where did the radar of the new Skarn ferry come from?")
    assert unanswered(outcome).reason == "only_in_comments"


def test_readers_comments_are_marked_when_they_are_asked_for(assistant: Assistant) -> None:
    answer = answered(
        assistant.ask(
            "Where did the radar of the new Skarn ferry come from?", filters=Filters(comments=True)
        )
    )
    comments = [c for c in answer.citations if c.part == "comment"]
    assert comments
    for claim in answer.claims:
        if claim.citations[0] in {c.n for c in comments}:
            line = next(x for x in answer.text.splitlines() if claim.text.split("\n")[0] in x)
            assert line.startswith("Reader’s comment")


def test_what_was_printed_after_the_day_asked_is_not_told(assistant: Assistant) -> None:
    question = "What did Lucan Tesh withdraw?"
    early = assistant.ask(question, filters=Filters(as_of=date(2021, 6, 10)))
    assert unanswered(early).reason == "only_after_as_of"


@pytest.mark.parametrize("asked", ["", "   ", "?!", "hello", "Thanks!"])
def test_a_question_without_words_is_not_one(assistant: Assistant, asked: str) -> None:
    assert unanswered(assistant.ask(asked)).reason == "not_a_question"


def test_an_empty_archive_says_that_it_is_empty(tmp_path: Path) -> None:
    settings = IngestSettings(embedder="none")
    with Archive.open(tmp_path / "new", create=True, settings=settings) as archive:
        outcome = Assistant(archive).ask("Who won?")
        assert unanswered(outcome).reason == "empty_archive"


def test_what_was_searched_is_counted_under_every_filter_and_without_embargoed_articles(
    assistant: Assistant,
) -> None:
    whole = assistant.ask(PERDITA).searched
    early = assistant.ask(PERDITA, filters=Filters(as_of=date(2021, 6, 10))).searched
    posts = assistant.ask(PERDITA, filters=Filters(outlets=("The Grevdal Echo",))).searched
    assert (whole.articles, whole.until) == (45, date(2024, 9, 30))
    assert early.articles < whole.articles
    assert early.until == date(2021, 6, 5)
    assert posts.articles == 8


@pytest.mark.parametrize(
    ("filters", "why"),
    [
        (Filters(since=date(2030, 1, 1)), "Nothing in the archive was printed in that time."),
        (
            Filters(outlets=("The Courier",)),
            (
                "There is no outlet of that name in the archive: “The Courier”;"
                " near it: “The Tarnholt Courier”."
            ),
        ),
        (
            Filters(since=date(2024, 1, 1), until=date(2023, 1, 1)),
            "From is after To: nothing can have been printed between them.",
        ),
        (
            Filters(outlets=("La Gaceta de Albamar",), languages=("uk",)),
            "No article fits every filter.",
        ),
    ],
)
def test_filters_that_leave_nothing_are_said_to(
    assistant: Assistant, filters: Filters, why: str
) -> None:
    outcome = unanswered(assistant.ask(PERDITA, filters=filters))
    assert (outcome.searched.articles, outcome.reason) == (0, "nothing_found")
    assert outcome.text == f"The archive does not say. {why}"
    hits, searched = assistant.search(PERDITA, filters=filters)
    assert f"Nothing found. {why}" in hits_to_text(hits, searched).replace("\n", " ")


def test_an_embargoed_article_is_never_told(assistant: Assistant, sample: Archive) -> None:
    held = sample.catalogue.connection.execute(
        "SELECT article_id FROM articles WHERE embargo IS NOT NULL"
    ).fetchall()
    assert held
    hits, _ = assistant.search("budget tax minister leak secret Halvoria", k=50)
    assert not {hit.article.article_id for hit in hits} & {article_id for (article_id,) in held}


def test_the_steps_come_in_their_order(assistant: Assistant) -> None:
    kinds = [type(step) for step in assistant.steps(PERDITA)]
    collapsed = [kind for kind, _ in itertools.groupby(kinds)]
    assert collapsed == [Understood, Found, Said, Finished]


def test_a_follow_up_takes_the_last_question_with_it(assistant: Assistant) -> None:
    history = [Turn(question="What did Lucan Tesh say about the river?", answer="...")]
    step = next(iter(assistant.steps("And when did he take it back?", history=history)))
    assert isinstance(step, Understood)
    assert step.question.understood == {
        "question": "When did Lucan Tesh take it back?",
        "follows": history[0].question,
    }


def test_what_was_understood_can_be_taken_back(assistant: Assistant) -> None:
    history = [Turn(question="What did Lucan Tesh say about the river?", answer="...")]
    asked = "And what did he withdraw in June 2021?"
    step = next(iter(assistant.steps(asked, history=history, literal=True)))
    assert isinstance(step, Understood)
    assert (step.question.text, step.question.period, step.question.understood) == (asked, None, {})


def test_search_in_order_of_time_is_a_plain_list_by_date(assistant: Assistant) -> None:
    hits, searched = assistant.search("Perdita", sort="date")
    days = [hit.article.date for hit in hits if hit.article.date]
    assert days == sorted(days)
    assert searched.articles == 45


def test_the_archive_suggests_questions_that_it_answers(assistant: Assistant) -> None:
    suggested = assistant.examples()
    assert suggested
    assert all(isinstance(assistant.ask(question), Answer) for question in suggested)


# With a model


ABOARD = "187 people aboard"


def written(sample: Archive, *reply: str | ServiceError) -> Outcome:
    """Let a model answer; where it writes [1] it means the passage that says how many."""
    n = str(_number_of_the_passage(sample))
    said = [one.replace("[1]", f"[{n}]") if isinstance(one, str) else one for one in reply]
    return Assistant(sample, Settings(mode="auto"), ScriptedModel(said)).ask(PERDITA)


def _number_of_the_passage(sample: Archive) -> int:
    reader = ScriptedModel("NOT IN THE ARCHIVE")
    Assistant(sample, Settings(mode="auto"), reader).ask(PERDITA)
    before = reader.asked[0][-1].text.partition(ABOARD)[0]
    return int(re.findall(r"^\[(\d+)\]", before, re.MULTILINE)[-1])


def test_a_written_sentence_rests_on_what_supports_it(sample: Archive) -> None:
    answer = answered(written(sample, "The Perdita carried 187 people. [1]"))
    assert answer.mode == "written"
    (claim,) = answer.claims
    assert claim.text == "The Perdita carried 187 people."
    cited = " ".join(citation.text for citation in answer.citations)
    assert "187" in cited


def test_a_written_answer_says_how_much_of_it_its_sources_support(sample: Archive) -> None:
    answer = answered(written(sample, "The Perdita carried 187 people. [1]"))
    (claim,) = answer.claims
    assert (claim.verdict, answer.faithfulness) == ("supported", 1.0)
    assert claim.score is not None
    assert 0.5 <= claim.score <= 1


def test_quotations_alone_have_no_score(assistant: Assistant) -> None:
    answer = answered(assistant.ask(PERDITA))
    assert (answer.faithfulness, {claim.score for claim in answer.claims}) == (None, {None})


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("The Perdita carried 178 people.", "sources"),
        ("The Perdita was painted in Norburg by monks.", "is not in its sources"),
    ],
)
def test_what_its_source_does_not_say_is_left_out_and_counted(
    sample: Archive, sentence: str, reason: str
) -> None:
    answer = answered(written(sample, f"The Perdita carried 187 people. [1]\n{sentence} [1]"))
    assert [claim.text for claim in answer.claims] == ["The Perdita carried 187 people."]
    (left_out,) = answer.omitted
    assert left_out.text == sentence
    assert reason in left_out.reason


def test_a_quotation_that_no_source_prints_is_left_out_and_counted(sample: Archive) -> None:
    reply = 'The Perdita carried 187 people. [1]\nThe captain said "we all danced". [1]'
    answer = answered(written(sample, reply))
    assert [claim.text for claim in answer.claims] == ["The Perdita carried 187 people."]
    (left_out,) = answer.omitted
    assert left_out.text == "The captain said we all danced."


def test_what_is_at_fault_is_written_once_more_and_told_what_is_wrong(sample: Archive) -> None:
    model = ScriptedModel(
        "The Perdita carried 178 people. [1]", "A ferry with 187 people aboard ran on to rocks."
    )
    answer = answered(Assistant(sample, Settings(), model).ask(PERDITA))
    assert [claim.text for claim in answer.claims] == [
        "A ferry with 187 people aboard ran on to rocks."
    ]
    assert (answer.omitted, len(model.asked)) == ((), 2)
    assert "its sources" in model.asked[1][-1].text
    assert model.asked[1][: len(model.asked[0])] == model.asked[0]


def test_a_citation_that_does_not_exist_is_left_out(sample: Archive) -> None:
    reply = "The Perdita carried 187 people. [1]\nShe sank in Norburg. [99]"
    answer = answered(written(sample, reply))
    assert len(answer.claims) == 1
    assert "[99]" in answer.omitted[0].reason


def test_a_dead_model_falls_back_to_quotations_and_says_so(sample: Archive) -> None:
    answer = answered(written(sample, ServiceDown("the model does not answer")))
    assert answer.mode == "quotes"
    told = [warning.text for warning in answer.warnings if warning.code == "model_failed"]
    assert told == ["The model does not answer, so the answer is quotations."]
    assert all(claim.verdict == "verbatim" for claim in answer.claims)


def test_a_model_that_dies_in_the_middle_leaves_its_checked_sentences(sample: Archive) -> None:
    gone = ServiceDown("the model at 10.0.0.7 broke off: Connection error.")
    answer = answered(written(sample, "The Perdita carried 187 people. [1]\n", gone))
    told = [warning.text for warning in answer.warnings if warning.code == "model_failed"]
    assert told == ["The model broke off; the rest is quotations."]
    assert answer.claims[0].text == "The Perdita carried 187 people."
    assert any(claim.verdict == "verbatim" for claim in answer.claims[1:])


def test_what_a_model_wrote_before_it_died_is_not_quoted_once_more(
    sample: Archive, assistant: Assistant
) -> None:
    printed = answered(assistant.ask(PERDITA)).claims[0].text
    answer = answered(written(sample, f"{printed} [1]\n", ServiceDown("the model is gone")))
    assert [claim.text for claim in answer.claims].count(printed) == 1
    assert answer.claims[0].verdict == "supported"


def test_a_model_that_finds_no_answer_is_believed(sample: Archive) -> None:
    assert unanswered(written(sample, "NOT IN THE ARCHIVE")).reason == "not_enough"
