"""Whose words a quotation is, and who says so."""

from collections.abc import Sequence

import pytest

from assistant.answer import DraftClaim, Evidence
from assistant.check.reader import AskedSentence, NearCopies, Probabilities
from assistant.compose.attribution import signed
from assistant.errors import ServiceDown
from ingest.article import Article
from tests.newsroom import article, hit

PIER = article(
    "pier",
    "The pier stands",
    "Ilse Marant walked on the pier on Monday.\n\n“It is sound,” said Ilse Marant.\n\n"
    "“I have counted the planks,” she said.\n\nOdo Brey said that it was rotten.\n\nGeese passed.",
)
TALK = article(
    "talk",
    "A walk on the pier",
    "Ilse Marant met Odo Brey.\n\nBrey: Is it sound?\n\nMarant: It is, as you were told.\n\n"
    "Brey: Who said that?\n\nMarant: The county did.",
)
SOUND, PLANKS, ROTTEN, GEESE = (
    "“It is sound,” said Ilse Marant.",
    "“I have counted the planks,” she said.",
    "Odo Brey said that it was rotten.",
    "Geese passed.",
)


class TellingReader:
    """A reader that supports what it was told to, and notes each batch that it is given."""

    name = "asked"
    reads = True
    dear = False

    def __init__(self, *supported: str) -> None:
        self.supported = supported
        self.batches: list[list[tuple[str, str]]] = []

    def supports(self, pairs: Sequence[tuple[str, str]]) -> list[Probabilities]:
        self.batches.append(list(pairs))
        shares = [0.9 if claim in self.supported else 0.1 for claim, _ in pairs]
        return [Probabilities(share, 1 - share, 0.0) for share in shares]

    def answers(self, asked: Sequence[AskedSentence]) -> list[float]:
        return [0.5] * len(asked)


class UnreachableReader(TellingReader):
    """A reader whose server is gone."""

    def supports(self, pairs: Sequence[tuple[str, str]]) -> list[Probabilities]:
        raise ServiceDown("nobody answers", "start the server")


def quoting(of: Article, *words: str) -> list[DraftClaim]:
    starts = [of.text.index(one) for one in words]
    return [
        DraftClaim(
            text=one,
            evidence=(Evidence(hit=hit(of), start=start, end=start + len(one)),),
            verbatim=True,
        )
        for one, start in zip(words, starts, strict=True)
    ]


def speakers(drafts: Sequence[DraftClaim]) -> list[str | None]:
    return [one.speaker for one in drafts]


def test_a_speaker_is_named_where_the_reader_supports_that_they_said_it() -> None:
    reader = TellingReader(
        "Ilse Marant said: “I have counted the planks”", "Odo Brey said that it was rotten"
    )
    told = signed(quoting(PIER, SOUND, PLANKS, ROTTEN, GEESE), reader)
    assert speakers(told) == [None, "Ilse Marant", "Odo Brey", None]


def test_whoever_is_spoken_of_is_not_the_one_who_says_so_whatever_a_reader_holds() -> None:
    told = "Ilse Marant “may well win the vote,” she said."
    of = article("won", "The vote", f"Ilse Marant stood again on Monday.\n\n{told}")
    reader = TellingReader("Ilse Marant said: “may well win the vote”")
    assert speakers(signed(quoting(of, told), reader)) == [None]
    assert len(reader.batches) == 1


def test_a_reader_is_asked_once_by_the_paragraph_and_the_one_before() -> None:
    reader = TellingReader()
    signed(quoting(PIER, SOUND, PLANKS, ROTTEN, GEESE), reader)
    ((_, (claim, evidence), _),) = reader.batches
    assert claim == "Ilse Marant said: “I have counted the planks”"
    assert evidence.endswith(f"{SOUND}\n\n{PLANKS}")
    assert "The pier stands" in evidence


def test_the_form_of_a_transcript_is_believed_unread() -> None:
    reader = TellingReader()
    told = signed(quoting(TALK, "Brey: Is it sound?", "Marant: It is, as you were told."), reader)
    assert speakers(told) == ["Odo Brey", "Ilse Marant"]
    assert reader.batches == []


@pytest.mark.parametrize("reader", [NearCopies(), UnreachableReader()])
def test_where_nobody_reads_a_sentence_or_what_stands_before_names_its_speaker(
    reader: TellingReader,
) -> None:
    told = signed(quoting(PIER, SOUND, PLANKS, ROTTEN, GEESE), reader)
    assert speakers(told) == ["Ilse Marant", "Ilse Marant", "Odo Brey", None]


@pytest.mark.parametrize("reader", [NearCopies(), UnreachableReader()])
def test_where_nobody_reads_and_two_may_be_meant_nobody_is_named(reader: TellingReader) -> None:
    of = article("two", "The pier", f"A report of Vera Marant and Anna Brey was read.\n\n{PLANKS}")
    assert speakers(signed(quoting(of, PLANKS), reader)) == [None]


def test_what_was_written_is_left_as_it_is() -> None:
    written = DraftClaim(text="It is sound.", evidence=(), speaker="Ilse Marant")
    assert signed([written], TellingReader()) == [written]


def test_a_last_name_alone_is_nobodys_where_two_of_that_name_speak() -> None:
    text = (
        "“It is sound,” said Ilse Marant.\n\n“It is rotten,” said Tove Marant.\n\n"
        "“I shall count the planks,” said Marant."
    )
    of = article("two", "Two of a name", text)
    reader = TellingReader("Ilse Marant said: “I shall count the planks”",
                           "Tove Marant said: “I shall count the planks”")  # fmt: skip
    assert speakers(signed(quoting(of, "“I shall count the planks,” said Marant."), reader)) == [
        None
    ]
