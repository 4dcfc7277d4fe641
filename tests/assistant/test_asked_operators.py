"""Operators bind what is asked too; names and typing errors are met, and said."""

import json
from pathlib import Path

import pytest

from assistant.answer import Answer, NoAnswer, Outcome
from assistant.ask import Assistant
from assistant.render import hits_to_json, hits_to_text, to_json, to_text
from assistant.settings import Settings
from ingest.archive import Archive
from ingest.article import Filters
from ingest.errors import QueryError
from ingest.language.normalise import find
from ingest.settings import IngestSettings
from tests.ingest.archive.dispatches import article


@pytest.fixture
def assistant(sample: Archive) -> Assistant:
    return Assistant(sample, Settings(mode="quotes"))


def cited(outcome: Outcome) -> list[str]:
    assert isinstance(outcome, Answer), outcome
    return [citation.article.text for citation in outcome.citations]


@pytest.mark.parametrize(
    "typed", ["Who is Vosse? -Karin", "Vosse -Karin", "What did Vosse say -Karin -museum"]
)
def test_what_is_left_out_stands_in_no_article_that_is_cited(
    assistant: Assistant, typed: str
) -> None:
    texts = cited(assistant.ask(typed))
    assert texts
    assert not any("Karin" in text for text in texts)


@pytest.mark.parametrize(
    "typed", ['"folding chair"', '"folding chair" ministry', 'Who was offered a "folding chair"?']
)
def test_a_phrase_stands_in_every_article_that_is_cited(assistant: Assistant, typed: str) -> None:
    texts = cited(assistant.ask(typed))
    assert texts
    assert all(find("folding chair", text) for text in texts)


def test_a_phrase_alone_is_answered_by_the_sentences_that_hold_it(assistant: Assistant) -> None:
    outcome = assistant.ask('"folding chair"')
    assert outcome.claims
    assert all("folding chair" in claim.text for claim in outcome.claims)


def test_a_speaker_is_answered_by_what_they_said(assistant: Assistant) -> None:
    outcome = assistant.ask("speaker:Tesh litre")
    assert outcome.claims
    assert {claim.speaker for claim in outcome.claims} <= {"Lucan Tesh", None}


def test_a_title_that_no_article_prints_so_does_not_hide_the_answer(assistant: Assistant) -> None:
    outcome = assistant.ask('How many people were aboard the "Perdita of the Sea"?')
    assert outcome.searched.understood["unprinted"] == '"Perdita of the Sea"'
    assert "its words were searched" in to_text(outcome)
    assert outcome.claims


def test_a_phrase_that_nobody_prints_finds_nothing_and_says_so(assistant: Assistant) -> None:
    hits, searched = assistant.search('"a chair that folds" ministry')
    assert hits == ()
    assert searched.nothing == 'No article within the filters fits "a chair that folds".'
    assert isinstance(assistant.ask('"a chair that folds" ministry'), NoAnswer)


def test_an_outlet_that_is_not_there_is_named(assistant: Assistant) -> None:
    hits, searched = assistant.search("outlet:grevdall Tesh")
    assert hits == ()
    assert "There is no outlet of that name" in (searched.nothing or "")


def test_operators_only_narrow_the_filters(assistant: Assistant) -> None:
    filters = Filters(outlets=("Linna News Agency",))
    hits, _ = assistant.search("outlet:echo Tesh", filters=filters)
    assert hits == ()


def test_the_parts_of_a_question_are_bound_alike(assistant: Assistant) -> None:
    outcome = assistant.ask("Who said it and when was it said of Vosse -Karin")
    if isinstance(outcome, Answer):
        assert not any("Karin" in text for text in cited(outcome))


def test_what_a_hit_was_found_for_is_in_its_document(assistant: Assistant) -> None:
    hits, searched = assistant.search('"FOLDING chair"', k=2)
    document = json.loads(json.dumps(hits_to_json(hits, searched)))
    assert document["searched"]["understood"]["must"] == '"FOLDING chair"'
    for hit in document["hits"]:
        assert [mark["text"] for mark in hit["marks"]] == ["folding chair"]
    assert "» folding chair «" in hits_to_text(hits, searched)


@pytest.mark.parametrize("verb", ["ask", "search"])
def test_a_query_that_cannot_be_read_is_refused_with_its_place(
    assistant: Assistant, verb: str
) -> None:
    with pytest.raises(QueryError, match=r"at character 6.*⟨here⟩"):
        getattr(assistant, verb)('Tesh "not one litre')


def test_literal_takes_operators_as_words(assistant: Assistant) -> None:
    hits, searched = assistant.search("Vosse -Karin", literal=True)
    assert hits
    assert "must" not in searched.understood
    outcome = assistant.ask('Tesh "not one litre', literal=True)
    assert "must" not in outcome.searched.understood


def test_a_mistyped_name_is_answered_as_it_was_meant_and_said(assistant: Assistant) -> None:
    outcome = assistant.ask("What did Lucan Tech withdraw?")
    assert outcome.question == "What did Lucan Tech withdraw?"
    assert outcome.searched.understood["corrected"] == {"Tech": "Tesh"}
    assert "withdraw what I said" in outcome.claims[0].text
    assert "“Tech” gave no answer; searched for “Tesh” instead." in to_text(outcome)


def test_a_mistyped_word_is_asked_about_where_it_is_searched(assistant: Assistant) -> None:
    _, searched = assistant.search("Perdtia rocks")
    assert searched.understood["did_you_mean"] == {"Perdtia": "Perdita"}


def test_a_month_is_no_mistyped_name(tmp_path: Path) -> None:
    jane = article("jane", ("body", "The mill is shut, and Jane Lee of Marl is glad."))
    with Archive.open(tmp_path, create=True, settings=IngestSettings(embedder="none")) as shelf:
        shelf.put([jane])
        outcome = Assistant(shelf, Settings(mode="quotes")).ask("Who shut the quay in June 2021?")
    assert not {"did_you_mean", "corrected"} & outcome.searched.understood.keys()


def test_what_is_not_there_stays_unanswered(assistant: Assistant) -> None:
    outcome = assistant.ask("What did Quintessa Ovarg say about the xylophone?")
    assert to_json(outcome)["kind"] == "no_answer"
    assert "corrected" not in outcome.searched.understood
