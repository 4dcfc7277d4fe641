"""Whose name stands under a statement: confirmed where somebody reads, else told by its form."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assistant.ask import Assistant
from assistant.check.reader import ClaimReader, NearCopies
from assistant.compose.who_said import quote, quoted_claims, said, words_quoted
from assistant.history import Records
from assistant.render import quote_to_json, quote_to_text, sayings_to_json, sayings_to_text
from assistant.settings import Settings
from ingest.archive import Archive
from ingest.archive.statement_store import Speech
from ingest.article import Filters
from ingest.errors import MorgueError
from ingest.settings import IngestSettings
from tests.assistant.compose.test_attribution import TellingReader
from tests.ingest.archive.dispatches import article

PIER = article(
    "pier",
    ("headline", "The pier stands"),
    ("body", "“It is sound,” said Ilse Marant."),
    ("body", "“I have counted the planks,” she added."),
    ("body", "Ilse Marant’s rival thought otherwise. “It leans,” he said."),
    ("comment", "“It is sound,” my foot.", "gull"),
    date=date(2024, 5, 7),
    outlet="Coast Daily",
    kind="news",
    language="en",
)
LATER = article(
    "later",
    ("body", "Ilse Marant said: “It is quite sound.” Nobody laughed."),
    date=date(2024, 6, 1),
    outlet="Echo",
    language="en",
)
SOUND, PLANKS = "It is sound,", "I have counted the planks,"


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    folder: Path = tmp_path_factory.mktemp("pier")
    with Archive.open(folder, create=True, settings=IngestSettings(embedder="none")) as opened:
        opened.put([PIER, LATER])
        yield opened


@pytest.mark.parametrize(
    ("words", "speaker"),
    [
        ("I will never come back", None),
        ("The money is gone", None),
        ("I believed him", "Edda Kroon"),
        ("The treasurer told me", "Edda Kroon"),
    ],
)
def test_what_a_speaker_quotes_is_not_the_speakers_own(
    tmp_path: Path, words: str, speaker: str | None
) -> None:
    quoting = article(
        "quoting",
        ("body", "“He told me, ‘I will never come back,’ and left,” said Ann Reed."),
        ("body", "Edda Kroon said: “The treasurer told me: ‘The money is gone.’ I believed him.”"),
        date=date(2024, 5, 7),
        language="en",
    )
    with Archive.open(tmp_path, create=True, settings=IngestSettings(embedder="none")) as desk:
        desk.put([quoting])
        (one,) = quote(desk, NearCopies(), words).appearances
    assert one.speaker == speaker


def told(
    archive: Archive, reader: ClaimReader, speaker: str, words: str = ""
) -> list[tuple[str | None, str]]:
    found = said(archive, reader, Speech(speaker=speaker, words=words))
    return [
        (one.speaker, one.article.text[one.statement.start : one.statement.end])
        for one in found.statements
    ]


def test_where_nobody_reads_only_what_an_article_leaves_no_doubt_about_is_a_speakers(
    archive: Archive,
) -> None:
    assert told(archive, NearCopies(), "Ilse Marant") == [
        ("Ilse Marant", SOUND), ("Ilse Marant", PLANKS), ("Ilse Marant", "It is quite sound."),
    ]  # fmt: skip


def test_a_reader_confirms_what_a_pronoun_signs_and_turns_the_rest_away(archive: Archive) -> None:
    reader = TellingReader("Ilse Marant said: “I have counted the planks”")
    assert told(archive, reader, "Marant") == [("Ilse Marant", PLANKS)]
    found = said(archive, reader, Speech(speaker="Marant"))
    assert (found.total, found.left_out, found.next) == (3, 2, None)


def test_a_page_that_the_reader_empties_is_filled_from_the_next(archive: Archive) -> None:
    reader = TellingReader("Ilse Marant said: “It is quite sound.”")
    found = said(archive, reader, Speech(speaker="Marant"), k=1)
    assert [one.article.key for one in found.statements] == ["later"]


def test_whoever_said_some_words_is_named_only_where_that_is_confirmed(archive: Archive) -> None:
    assert told(archive, TellingReader(), "", "planks") == [(None, PLANKS)]
    sure = TellingReader("Ilse Marant said: “I have counted the planks”")
    assert told(archive, sure, "", "planks") == [("Ilse Marant", PLANKS)]


def test_pages_go_on_where_the_last_one_ended(archive: Archive) -> None:
    first = said(archive, NearCopies(), Speech(speaker="Marant"), k=1)
    assert (len(first.statements), first.next) == (1, 1)
    rest = said(archive, NearCopies(), Speech(speaker="Marant"), k=5, offset=1)
    assert (rest.numbered_from, rest.next, len(rest.statements)) == (2, None, 2)


def test_neither_a_speaker_nor_words_is_told_in_words(archive: Archive) -> None:
    with pytest.raises(MorgueError, match="nobody is named"):
        said(archive, NearCopies(), Speech(speaker=" ", words=" "))


def test_statements_as_a_document_are_exact_places_and_say_how_it_was_said(
    archive: Archive,
) -> None:
    document: Any = sayings_to_json(said(archive, NearCopies(), Speech(speaker="Marant")))
    (one, context, other) = document["statements"]
    assert [said["speaker_from"] for said in (one, context)] == ["sentence", "context"]
    assert (one["n"], one["kind"], one["article_kind"], one["speaker_as_printed"]) == (
        1, "direct", "news", "Ilse Marant",
    )  # fmt: skip
    assert PIER.text[one["start"] : one["end"]] == one["text"] == SOUND
    assert other["n"] == 3
    assert document["facets"]["speaker"] == {"Ilse Marant": 3}
    text = sayings_to_text(said(archive, NearCopies(), Speech(speaker="Marant")))
    assert SOUND in text
    assert max(map(len, text.splitlines())) <= 80


def test_a_quotation_has_its_speaker_its_first_place_and_its_altered_forms(
    archive: Archive,
) -> None:
    found = quote(archive, NearCopies(), "It is sound")
    assert (found.verdict, [one.speaker for one in found.appearances]) == (
        "exact", ["Ilse Marant", "Ilse Marant"],
    )  # fmt: skip
    document: Any = quote_to_json(found)
    first, later = document["appearances"]
    assert document["first"] == first
    assert (first["difference"], first["outlet"]) == (None, "Coast Daily")
    assert [change["printed"] for change in later["changes"]] == ["quite"]
    assert later["difference"] == "It is {+quite+} sound"
    assert "{+quite+}" in quote_to_text(found)


def test_an_unconfirmed_speaker_of_a_quotation_is_nobody(archive: Archive) -> None:
    found = quote(archive, TellingReader(), "It is sound")
    assert {one.speaker for one in found.appearances} == {None}


def test_what_is_not_printed_is_absent_and_its_nearest_are_told_as_such(archive: Archive) -> None:
    found = quote(archive, NearCopies(), "The lighthouse keeper counted his geese")
    assert (found.verdict, found.first, found.appearances) == ("absent", None, ())
    assert "Not in this archive." in quote_to_text(found)


def test_a_quotation_makes_claims_of_the_sentences_that_print_it_first_one_first(
    archive: Archive,
) -> None:
    claims = quoted_claims(quote(archive, NearCopies(), "It is quite sound"))
    assert [one.text for one in claims] == [
        "Ilse Marant said: “It is quite sound.”", "“It is sound,” said Ilse Marant.",
    ]  # fmt: skip
    assert all(one.verbatim and one.evidence[0].text == one.text for one in claims)


def test_before_words_whose_speaker_is_not_sure_stands_the_sentence_before_them(
    archive: Archive,
) -> None:
    claims = quoted_claims(quote(archive, TellingReader(), "It leans"))
    assert [one.text for one in claims] == [
        "Ilse Marant’s rival thought otherwise.", "“It leans,” he said.",
    ]  # fmt: skip


def test_no_quotation_is_torn_for_the_words_within_it(tmp_path: Path) -> None:
    said = "“It has a crack. I have stood there. My boots are wet.”"
    with Archive.open(
        tmp_path / "a", create=True, settings=IngestSettings(embedder="none")
    ) as opened:
        opened.put([article("boots", ("body", f"It rained. {said} That was all."))])
        claims = quoted_claims(quote(opened, NearCopies(), "I have stood there"))
    assert [one.text for one in claims] == ["It rained.", said]


def test_filters_narrow_a_quotation_and_comments_are_not_quoted(archive: Archive) -> None:
    early = Filters(until=date(2024, 5, 30))
    assert quote(archive, NearCopies(), "It is quite sound", early).verdict == "altered"
    assert quote(archive, NearCopies(), "my foot, it is").verdict == "absent"


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Who said 'It is quite sound'?", "It is quite sound"),
        ("Who said that the pier was “sound, and always will be”?", None),
        ("Who called it “a pier that is sound, and always will be”?",
         "a pier that is sound, and always will be"),
        ("What did Ilse Marant say about the ‘pier’?", None),
        ("Who said that it was sound?", None),
        ("", None),
    ],
)  # fmt: skip
def test_a_question_is_about_the_words_that_it_mostly_quotes(
    question: str, words: str | None
) -> None:
    assert words_quoted(question) == words


def test_a_question_about_remembered_words_is_answered_by_where_they_stand(
    archive: Archive,
) -> None:
    desk = Assistant(archive, Settings(mode="quotes", model="none"), records=Records(most=0))
    answer = desk.ask("Who said “It is quite sound”?")
    assert [claim.text for claim in answer.claims] == [
        "Ilse Marant said: “It is quite sound.”", "“It is sound,” said Ilse Marant.",
    ]  # fmt: skip
    nobody = desk.ask("Who said “the geese have all gone south”?")
    assert "geese" not in " ".join(claim.text for claim in nobody.claims)


def test_words_within_a_question_of_whose_they_are_come_where_the_rest_of_it_stands(
    archive: Archive,
) -> None:
    desk = Assistant(archive, Settings(mode="quotes", model="none"), records=Records(most=0))
    answer = desk.ask("Who told Ilse Marant's people that 'it is sound'?")
    assert answer.claims[0].text == "“It is sound,” said Ilse Marant."
