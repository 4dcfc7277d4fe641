"""Questions of what somebody said: by name or office, wherever the article says "he" or "she"."""

import pytest

from assistant.answer import Answer, NoAnswer, Outcome, Turn
from assistant.ask import Assistant
from assistant.find.galleries import galleries
from assistant.history import Records
from assistant.settings import Settings
from ingest.archive import Archive
from ingest.article import Filters


@pytest.fixture
def desk(sample: Archive) -> Assistant:
    return Assistant(sample, Settings(mode="quotes", model="none"), records=Records(most=0))


def answered(outcome: Outcome) -> Answer:
    assert isinstance(outcome, Answer), outcome
    return outcome


def told(answer: Answer) -> str:
    return "\n".join(claim.text for claim in answer.claims)


def test_what_is_said_under_a_pronoun_is_found(desk: Assistant) -> None:
    answer = answered(desk.ask("What did Edvin Harrowgate say about the Compact?"))
    assert "A no is also a reason to have dinner" in told(answer)


def test_an_office_finds_whoever_an_article_says_has_it(desk: Assistant) -> None:
    answer = answered(desk.ask("What did the transport minister say about the sand?"))
    speakers = {claim.speaker for claim in answer.claims if claim.speaker}
    assert any("met the sand" in claim.text for claim in answer.claims)
    assert "Pieter Vosse" not in speakers


def test_both_sides_of_a_comparison_are_kept_by_their_own_words(desk: Assistant) -> None:
    asked = "Compare the ministry's and the county auditor's estimate of the Grevdal clean-up"
    answer = answered(desk.ask(asked))
    assert "41 million" in told(answer)
    assert "57 million" in told(answer)
    assert not [one for one in answer.warnings if one.code == "partly"]


def test_both_speakers_that_are_compared_are_quoted(desk: Assistant) -> None:
    asked = "Compare what Edvin Harrowgate and Imke Dorrit said about the Compact"
    answer = answered(desk.ask(asked))
    speakers = {claim.speaker for claim in answer.claims}
    assert {"Edvin Harrowgate", "Imke Dorrit"} <= speakers


def test_a_side_that_says_nothing_on_the_matter_is_named(desk: Assistant) -> None:
    asked = "Compare what Edvin Harrowgate and Karin Vosse said about the Compact"
    answer = answered(desk.ask(asked))
    assert "Karin Vosse said about the Compact" in " ".join(
        one.text for one in answer.warnings if one.code == "partly"
    )


def test_a_last_name_alone_is_nobodys_where_two_of_that_name_speak(desk: Assistant) -> None:
    answer = answered(desk.ask("What did Karin Vosse promise about the evening train?"))
    promise = next(claim for claim in answer.claims if "look again at the evening" in claim.text)
    assert promise.speaker in {None, "Karin Vosse"}


def test_captions_that_are_counted_up_are_no_sentences_of_an_article() -> None:
    captions = " ".join(
        f"Bild {n} von 9 Der Hafen: Boote liegen am Kai, und niemand ist auf ihnen zu sehen."
        for n in range(1, 7)
    )
    speech = "I counted 3 boats on Monday, and 3 on Tuesday; I counted 9 in all. " * 6
    text = f"The harbour\n\n{captions}\n\n{speech}"
    assert [text[start:end] for start, end in galleries(text)] == [captions]


def test_what_a_reader_wrote_is_found_by_the_name_over_the_comment(desk: Assistant) -> None:
    answer = answered(desk.ask("What did the commenter low_tide_lil write?"))
    assert {citation.part for citation in answer.citations} == {"comment"}
    authors = {c.article.part_at(c.start).author for c in answer.citations}  # type: ignore[union-attr]
    assert authors == {"low_tide_lil"}


def test_whoever_only_comments_is_said_to_be_found_in_comments_alone(desk: Assistant) -> None:
    outcome = desk.ask("What did Quartermaster say?")
    assert isinstance(outcome, NoAnswer)
    assert outcome.reason == "only_in_comments"
    switched = answered(desk.ask("What did Quartermaster say?", filters=Filters(comments=True)))
    assert "using the reference section" in switched.claims[0].text


@pytest.mark.parametrize(
    ("first", "second", "name"),
    [
        ("Who leads the Pit and Quarry Union?", "What did he say about the ladder?", "Vosse"),
        ("Who became First Minister of Halvoria?", "When did he take office?", "Aldergate"),
    ],
)
def test_a_follow_up_finds_its_person_where_no_answer_is_given_along(
    desk: Assistant, first: str, second: str, name: str
) -> None:
    heard: list[Outcome] = []
    desk.heard.append(heard.append)
    outcome = desk.ask(second, history=[Turn(question=first)])
    assert name in str(outcome.searched.understood["question"])
    assert heard == [outcome]


def test_what_is_said_since_a_time_is_told_of_each_article_under_a_pronoun_too(
    desk: Assistant,
) -> None:
    answer = answered(desk.ask("What has Karin Vosse said about the Orchard Line since 2022?"))
    days = [citation.article.date for citation in answer.citations]
    assert len(set(days)) > 1
    assert days == sorted(days, key=str, reverse=True)


def test_a_number_may_stand_in_the_sentence_after_the_one_that_is_asked_of(
    desk: Assistant,
) -> None:
    answer = answered(desk.ask("How many public wells in the country are to be tested?"))
    assert any("1,306" in claim.text for claim in answer.claims)
