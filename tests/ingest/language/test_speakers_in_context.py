"""Whom an article leaves no doubt about, though the sentence says no more than "she said"."""

from ingest.article import Article, Part
from ingest.language.speech.sayings import sayings, speaker_from


def named(text: str) -> list[tuple[str | None, str | None]]:
    """Return of each direct quotation who is named as its speaker, and by what."""
    body = Part(part="body", start=0, end=len(text))
    article = Article(
        article_id="a", key="a", version=1, text=text, parts=(body,), title="", language="en"
    )
    return [
        (one.statement.speaker, speaker_from(one.statement, text)) if one.named else (None, None)
        for one in sayings(article)
        if one.statement.direct
    ]


PLANKS = "Mary Quill, the harbour master, said the planks were rotten.\n\n"


def test_a_pronoun_is_whoever_spoke_before_it() -> None:
    text = PLANKS + "“We shall close the pier,” she said."
    assert named(text) == [("Mary Quill", "context")]


def test_whom_a_speaker_names_is_not_the_one_who_goes_on() -> None:
    told = "Mary Quill said that Anna Reed had not been asked.\n\n“She never is,” she said."
    assert named(told) == [("Mary Quill", "context")]


def test_another_whom_a_sentence_begins_with_leaves_a_doubt() -> None:
    text = PLANKS + "Anna Reed was not so sure and left early. “It will hold,” she said."
    assert named(text) != [("Mary Quill", "context")]


def test_whoever_is_asked_answers() -> None:
    text = "Tom Reed asked George Lee whether the pier was safe.\n\n“It is not,” he said."
    assert ("Tom Reed", "context") not in named(text)


def test_a_pronoun_is_not_whom_its_own_sentence_speaks_of() -> None:
    assert named("Mary Quill “may well win”, she said, and laughed.") == [(None, None)]


def test_a_name_that_only_owns_something_speaks_no_more_than_it() -> None:
    text = "Mary Quill's office was closed on Monday.\n\n“We shall see,” she said."
    assert named(text) == [(None, None)]


def test_somebody_without_a_name_leaves_a_doubt() -> None:
    text = PLANKS + "A nurse who lives beside it came to look. “It is a scandal,” she said."
    assert named(text) == [(None, None)]


def test_what_somebody_is_brings_in_nobody_else() -> None:
    text = "Mary Quill is a nurse and lives beside the pier.\n\n“It is a scandal,” she said."
    assert named(text) == [("Mary Quill", "context")]


def test_a_first_name_tells_a_woman_from_a_man() -> None:
    text = "Clarissa Ott met Desmond Pike on Monday.\n\n“He was late,” she said."
    assert named(text) == [("Clarissa Ott", "context")]


def test_a_quotation_goes_on_in_its_paragraph() -> None:
    text = "“We close,” said Mary Quill. “Nobody will be let in before May.”"
    assert named(text) == [("Mary Quill", "sentence"), ("Mary Quill", "context")]


def test_a_quotation_in_another_paragraph_names_nobody() -> None:
    text = "“We close,” said Mary Quill.\n\n“Nobody will be let in before May.”"
    assert named(text) == [("Mary Quill", "sentence"), (None, None)]


def test_a_role_is_whoever_alone_bears_it() -> None:
    text = "Mary Quill, the director of the port, came.\n\n“We close,” the director said."
    assert named(text) == [("Mary Quill", "context")]


def test_the_stop_of_a_title_ends_no_sentence() -> None:
    text = "Tom Reed and Mary Quill met.\n\n“We close in May,” Ms. Quill said."
    assert named(text) == [("Mary Quill", "sentence")]


def test_a_quotation_is_signed_behind_a_dash() -> None:
    text = "“It was cold and nobody came.” ― Mary Quill\n“The band was late again.” — Tom Reed"
    assert named(text) == [("Mary Quill", "sentence"), ("Tom Reed", "sentence")]


def test_a_title_behind_a_dash_signs_nothing() -> None:
    assert named("They played “The Long Pier” – Tom Reed and all.") == []
