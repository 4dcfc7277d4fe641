"""Citations as ALCE counts them, with an entailment that is plain to see."""

from collections.abc import Sequence

import pytest

from assistant.evaluate.citations import alce, of_gold
from assistant.evaluate.result import RowTally
from assistant.evaluate.rows import AnsweredRow, Gold, Source, article_keys
from assistant.evaluate.saying import CitedSentence


def entails(sentence: CitedSentence, sources: Sequence[Source]) -> bool:
    """Say that a sentence is entailed where every letter of it stands in some source."""
    return set(sentence.text) <= {letter for source in sources for letter in source.text or ""}


def answered(*said: tuple[str, tuple[int, ...]], texts: Sequence[str | None]) -> AnsweredRow:
    sentences = tuple(CitedSentence(text=text, cites=cites) for text, cites in said)
    return AnsweredRow(
        id="1",
        question="?",
        text="",
        sentences=sentences,
        sources=tuple(Source(n=n, text=text) for n, text in enumerate(texts, 1)),
        abstained=not said,
        cites=any(sentence.cites for sentence in sentences),
    )


@pytest.mark.parametrize(
    ("said", "recall", "precision"),
    [
        ([("ab", (1,))], 1.0, 1.0),
        ([("ab", (2,))], 0.0, 0.0),
        ([("abc", (1, 2))], 1.0, 1.0),  # only both together carry it
        ([("ab", (1, 3))], 1.0, 0.5),  # the third is not needed and carries nothing
        ([("ab", (1, 4))], 1.0, 1.0),  # each carries it by itself
        ([("ab", (1,)), ("ab", ())], 0.5, 1.0),  # a sentence that cites nothing is not recalled
        ([("ab", (1, 9))], 1.0, 0.5),  # a number that is no source's is never precise
        ([("ab", (9,))], 0.0, 0.0),
    ],
)
def test_recall_and_precision_are_those_of_alce(
    said: list[tuple[str, tuple[int, ...]]], recall: float, precision: float
) -> None:
    tally = RowTally()
    alce(tally, answered(*said, texts=["ab", "c", "x", "abd"]), entails)
    assert tally.shares == {
        "citation_recall": [recall, 1.0],
        "citation_precision": [precision, 1.0],
    }


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (answered(("a", ()), texts=["a"]), "citations: the answer marks none"),
        (answered(("a", (1,)), texts=[None]), "citations: a cited source has no text"),
    ],
)
def test_what_cannot_be_scored_is_a_reason_and_no_figure(row: AnsweredRow, reason: str) -> None:
    tally = RowTally()
    alce(tally, row, entails)
    assert (tally.shares, tally.unscored) == ({}, [reason])


def test_an_abstention_cites_nothing_and_is_not_counted() -> None:
    tally = RowTally()
    alce(tally, answered(texts=["a"]), entails)
    assert (tally.shares, tally.unscored) == ({}, [])


def test_citations_are_held_against_the_articles_that_answer() -> None:
    gold = article_keys(url="https://tarn.example/a")
    row = AnsweredRow(
        id="1",
        question="?",
        text="",
        sentences=(CitedSentence(text="a", cites=(1, 2)),),
        sources=(
            Source(n=1, text="a", keys=article_keys(url="http://www.tarn.example/a/")),
            Source(n=2, text="a", keys=article_keys(url="http://tarn.example/b")),
            Source(n=3, text="never cited", keys=gold),
        ),
        abstained=False,
        cites=True,
        gold=Gold(articles=gold),
    )
    tally = RowTally()
    of_gold(tally, row)
    assert tally.shares == {
        "citation_gold_precision": [0.5, 1.0],
        "citation_gold_recall": [1.0, 1.0],
    }
