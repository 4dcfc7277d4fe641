"""What is an operator and what is a plain question, and where a query goes wrong."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.archive.query import (
    AllOf,
    AnyOf,
    Condition,
    FieldIs,
    PhraseIs,
    PrefixIs,
    PrintedIn,
    Together,
    Without,
    WordIs,
    read_query,
    written,
)
from ingest.article import Filters
from ingest.errors import QueryError

A, B, C = WordIs("ash"), WordIs("bay"), WordIs("cod")

READ: list[tuple[str, str, Condition]] = [
    ('"folding chair"', "", PhraseIs("folding chair")),
    ("“folding  chair” ferry", "ferry", PhraseIs("folding chair")),
    ('"chair folding"~5', "", PhraseIs("chair folding", 5)),
    ("ferry tide -ash", "ferry tide", Without(A)),
    ("ferry −ash", "ferry", Without(A)),
    ("ferry NOT ash", "ferry", Without(A)),
    ('ferry -"ash tree"', "ferry", Without(PhraseIs("ash tree"))),
    ("-(ash OR bay)", "", Without(AnyOf((A, B)))),
    ("ash OR bay ferry", "ferry", AnyOf((A, B))),
    ("ash AND bay OR cod", "", AnyOf((AllOf((A, B)), C))),
    ("ash AND (bay OR cod)", "", AllOf((A, AnyOf((B, C))))),
    ("(ash bay) OR cod", "", AnyOf((AllOf((A, B)), C))),
    ("+ash ferry", "ferry", A),
    ("harb* ferry", "ferry", PrefixIs("harb")),
    ("ash /s bay /s cod", "", Together("sentence", (A, B, C))),
    ("ash /p bay /s cod", "", Together("paragraph", (A, Together("sentence", (B, C))))),
    ("ash /s (bay OR cod)", "", Together("sentence", (A, AnyOf((B, C))))),
    ("ash /s -bay", "", Together("sentence", (A, Without(B)))),
    ("title:ash ferry", "ferry", FieldIs("title", "ash")),
    ('author:"Mira Dahl"', "", FieldIs("author", "Mira Dahl", whole=True)),
    ("outlet:(ash OR bay)", "", AnyOf((FieldIs("outlet", "ash"), FieldIs("outlet", "bay")))),
    ("-section:ash", "", Without(FieldIs("section", "ash"))),
    ("language:uk ferry", "ferry", FieldIs("lang", "uk")),
    ("on:2022-07-18", "", PrintedIn(date(2022, 7, 18), date(2022, 7, 18))),
    ("on:2022-02", "", PrintedIn(date(2022, 2, 1), date(2022, 2, 28))),
    ("on:2022-12", "", PrintedIn(date(2022, 12, 1), date(2022, 12, 31))),
    ("before:2022-07-18", "", PrintedIn(None, date(2022, 7, 17))),
    ("after:2022", "", PrintedIn(date(2023, 1, 1), None)),
]


@pytest.mark.parametrize(("typed", "words", "must"), READ, ids=[typed for typed, *_ in READ])
def test_an_operator_is_read(typed: str, words: str, must: Condition) -> None:
    query = read_query(typed)
    assert (query.words, query.must) == (words, must)


@pytest.mark.parametrize("must", [must for *_, must in READ], ids=[typed for typed, *_ in READ])
def test_a_condition_is_written_so_that_it_is_read_again(must: Condition) -> None:
    again = read_query(f"ferry {written(must)}")
    assert again.must in {must, None} or isinstance(must, AllOf | PrintedIn)


PLAIN = [
    "What did the foreign ministry say about alternatives to membership?",
    "Is it war or peace?",
    "a well-known post-war plan",
    "the deal -which nobody liked- was signed",
    "temperatures of -5 degrees",
    "Biden: what now",
    "Re: the harbour, at 10:30",
    "Portland, OR wildfire",
    "WHAT DID THE MINISTER SAY OR DO ABOUT IT",
    "What is the WHO (World Health Organization) doing?",
    'a 5" gun',
    "he said and/or wrote it",
    "https://example.org/a?b=title",
    "What is * for",
    "f**k and s*x",
    "«Азов» у Маріуполі",
    "the so-called 'peace' deal",
    "Twitter - what happened",
    "- a list of things",
    "first line -second\n-third line",
    "Title: the harbour",
    "OR",
    "the ferry to Portland OR",
    "READ THIS OR",
    "1) ferry 2) mill",
    "a) the ferry b) the mill",
    "no ferry today :(",
    "sad :) ferry",
    "the harbour (old and new) at night",
    "What did Lee (the mayor say?",
    "what did Lee (the mayor say",
    "wer sagte (laut Bericht das",
    "Speaker: the ferry is late",
    "Where is the speaker: in Marl?",
    "first line (with one\nand the next",
    "Where is the harbour? Or the bay?",
]


@pytest.mark.parametrize("typed", PLAIN)
def test_a_plain_question_holds_no_operator(typed: str) -> None:
    query = read_query(typed)
    assert (query.words, query.must) == (typed, None)


def test_a_title_in_a_question_binds_only_softly() -> None:
    query = read_query('Who wrote "Top Gun: Maverick" (2022)?')
    assert query.questioned
    assert query.words == 'Who wrote "Top Gun: Maverick" (2022)?'
    assert query.must == PhraseIs("Top Gun: Maverick")


def test_another_operator_makes_a_question_a_query() -> None:
    assert not read_query('Who wrote "Top Gun" -sequel?').questioned


WRONG = [
    ('ferry "folding chair', 6, "quotation mark is not closed"),
    ("ferry (ash OR bay", 6, "parenthesis is not closed"),
    ("ash OR bay) ferry", 10, "not opened"),
    ("ash OR bay /s ", 11, "stands between"),
    ("before:yesterday ferry", 0, "before:2022-07-18"),
    ("on:2022-02-30 ferry", 0, "takes a day"),
    ('"?!" -ferry', 0, "no word"),
    ("auther:Kim ferry", 0, "author"),
    ("(ferry", 0, "parenthesis is not closed"),
    ("ferry (ash", 6, "parenthesis is not closed"),
    ("((ferry) ash", 0, "parenthesis is not closed"),
    ("ferry)", 5, "not opened"),
    ("ferry OR", 6, "stands between"),
    ("ferry NOT", 6, "stands between"),
    ("AND ferry", 0, "stands between"),
    ("ferry OR OR ash", 9, "stands between"),
    ("(ferry OR ash) AND", 15, "stands between"),
    ("ferry /s", 6, "stands between"),
    ("/p ferry", 0, "stands between"),
    ("title: ferry", 0, "takes a word right behind it"),
    ("ferry speaker:", 6, "takes a word right behind it"),
    ("ferry -title:(ash /s bay)", 7, "takes a word"),
]


@pytest.mark.parametrize(("typed", "at", "why"), WRONG, ids=[typed for typed, *_ in WRONG])
def test_what_is_wrong_is_said_with_its_place(typed: str, at: int, why: str) -> None:
    with pytest.raises(QueryError, match=why) as raised:
        read_query(typed)
    assert raised.value.at == at
    assert f"character {at + 1}" in raised.value.message
    assert raised.value.hint


@given(st.text(st.sampled_from('ab "“”()-+*:/~?\n\\sORANDtitle'), max_size=40))
def test_whatever_is_typed_is_read_or_refused_in_words(typed: str) -> None:
    at = 0
    try:
        query = read_query(typed)
    except QueryError as error:
        at = error.at
    else:
        assert query.must is not None or query.words == typed
    assert 0 <= at <= len(typed)


def test_days_become_filters_that_only_narrow() -> None:
    query = read_query("ferry after:2022-03-01 before:2022-04-01 -ash")
    rest, filters = query.dated(Filters(since=date(2022, 3, 10)))
    assert (filters.since, filters.until) == (date(2022, 3, 10), date(2022, 3, 31))
    assert rest.must == Without(A)


def test_a_strict_query_asks_for_every_word() -> None:
    assert read_query("the ferry -ash").strict == AllOf((WordIs("ferry"), Without(A)))


@pytest.mark.parametrize("opened", ["(", "-(", "+(", "ash OR (", "title:(", "ash /s ("])
def test_brackets_deeper_than_anybody_follows_are_told(opened: str) -> None:
    deep = min(31, 960 // (len(opened) + 1))
    for many in (deep, 960 // (len(opened) + 1)):
        with pytest.raises(QueryError):
            read_query(f"ash OR bay {opened * many}cod{')' * many}")


def test_brackets_that_are_deep_and_whole_are_read_and_written() -> None:
    must = read_query(f"{'-(ash OR (' * 15}bay{'))' * 15}").must
    assert must is not None
    assert read_query(written(must)).must == must
