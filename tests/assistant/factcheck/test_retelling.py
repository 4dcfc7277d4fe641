"""A true sentence of a draft that prints its days otherwise, or leaves a clause out."""

from dataclasses import replace
from datetime import date

import pytest

from assistant.factcheck.draft_evidence import ComparedArticle
from assistant.factcheck.retelling import printed_otherwise
from tests.newsroom import article, hit

FERRY = replace(
    article(
        "ferry",
        "The ferry",
        "Ada Quill, who has run the port for nine years, opened the new pier on Friday.\n\n"
        "The mayor, Lee said, has closed the school.\n\n"
        "All boats, few of which were sound, left the harbour.\n\n"
        "“The yard, which burned down, was insured.”",
    ),
    date=date(2024, 5, 18),
    language="en",
)


def found(text: str, of: str = "en") -> str | None:
    printed = ComparedArticle(hit=hit(replace(FERRY, language=of)))
    there = printed_otherwise(text, of, None, [printed])
    return there.text if there else None


@pytest.mark.parametrize(
    "text",
    [
        "Ada Quill, who has run the port for nine years, opened the new pier on 17 May 2024.",
        "Ada Quill opened the new pier on Friday.",
        "Ada Quill opened the new pier on 17 May 2024.",
        "All boats left the harbour.",
    ],
)
def test_a_day_written_otherwise_or_a_clause_left_out_is_printed(text: str) -> None:
    assert found(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        "Ada Quill opened the new pier on 24 May 2024.",
        "Ada Quill opened the pier on Friday.",
        "The mayor has closed the school.",
        "The yard was insured.",
        "Ada Quill, who has run the port for nine years, opened the new pier.",
    ],
)
def test_another_day_word_or_speaker_is_not(text: str) -> None:
    assert found(text) is None


def test_where_commas_stand_around_every_clause_none_is_left_out() -> None:
    assert found("All boats left the harbour.", "de") is None
