"""Which sources are laid side by side as differing, and which only look as if they did."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.answer import Answer
from assistant.ask import Assistant
from assistant.settings import Settings
from ingest.archive import Archive
from ingest.pipeline import ingest
from ingest.settings import IngestSettings

Article = tuple[str, str, str, str]
Values = list[tuple[tuple[str, str], bool]]


@pytest.fixture
def apart(tmp_path: Path) -> Callable[..., Values]:
    """Return a way to ask about articles, each given as day, outlet, headline and text."""

    def asked(question: str, *articles: Article) -> Values:
        records = [
            {"id": f"a{n}", "date": day, "outlet": outlet, "text": text, "title": title}
            for n, (day, outlet, title, text) in enumerate(articles)
        ]
        file = tmp_path / "articles.jsonl"
        file.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
        shelf = Archive.open(tmp_path / "a", create=True, settings=IngestSettings(embedder="none"))
        ingest([file], shelf, embed=False)
        answer = Assistant(shelf, Settings(mode="quotes")).ask(question)
        shelf.close()
        assert isinstance(answer, Answer), answer
        return [(one.values, one.corrected) for one in answer.conflicts if one.values]

    return asked


FEVER: Article = (
    "2022-08-10",
    "The Ostrova Standard",
    "Marsh fever: 212 ill in Ostrova",
    "In Ostrova 212 people had fallen ill with marsh fever by Tuesday, the ministry said.",
)
RIGHT: Article = (
    "2022-08-12",
    "The Ostrova Standard",
    "Corrections and clarifications",
    "Our report on marsh fever in Ostrova said 212 people had fallen ill. The right number is 121.",
)
WIRE: Article = (
    "2022-08-19",
    "Skarn Wire",
    "Well named as source of fever",
    "A well was the source of the marsh fever with which 143 people had fallen ill in Ostrova.",
)


def test_what_a_correction_says_is_right_stands_against_the_others(
    apart: Callable[..., Values],
) -> None:
    question = "How many people in Ostrova had fallen ill with marsh fever?"
    assert apart(question, FEVER, RIGHT, WIRE) == [
        (("212", "121"), True),
        (("121", "143 people"), False),
    ]


@pytest.mark.parametrize(
    "later",
    [
        "The Orchard Tunnel will cost 815 million crowns, 175 million more than the house voted.",
        "The Orchard Tunnel will cost 815 million crowns, up from 640 million, the minister said.",
        "The Orchard Tunnel will cost 815 million crowns instead of 640 million crowns by May.",
    ],
)
def test_a_sum_that_the_later_article_says_has_risen_is_no_conflict(
    apart: Callable[..., Values], later: str
) -> None:
    voted = "The Orchard Tunnel will cost 640 million crowns, the minister told the house."
    assert (
        apart(
            "How much will the Orchard Tunnel cost?",
            ("2021-03-17", "The Ostrova Standard", "Tunnel voted", voted),
            ("2022-11-02", "The Skarn Post", "Tunnel bill rises", later),
        )
        == []
    )


def test_a_number_set_against_the_one_that_was_announced_is_a_conflict(
    apart: Callable[..., Values],
) -> None:
    found = apart(
        "How much will the Orchard Tunnel cost?",
        ("2022-03-17", "The Ostrova Standard", "Tunnel", ("The Orchard Tunnel will cost 41 million"
         " crowns, the minister told the house.")),
        ("2022-03-18", "The Skarn Post", "Audit", ("The Orchard Tunnel will cost 57 million crowns,"
         " 16 million more than the figure the minister told the house.")),
    )  # fmt: skip
    assert found == [(("41 million crowns", "57 million crowns"), False)]


def test_one_of_several_by_its_number_is_not_how_many_there_are(
    apart: Callable[..., Values],
) -> None:
    found = apart(
        "How many samples did Corvan take?",
        ("2021-06-05", "The Ostrova Standard", "Clean", ("Corvan had to take 60 samples between the"
         " mine and the river, and all of them were clean.")),
        ("2021-06-24", "The Skarn Post", "Not clean", ("The missing row was Corvan sample 41, which"
         " they did take where the beck meets the river between mine and mill.")),
    )  # fmt: skip
    assert found == []


def test_two_counts_of_one_wreck_differ_though_their_sentences_share_little(
    apart: Callable[..., Values],
) -> None:
    found = apart(
        "How many people were injured when the Perdrix ran aground?",
        ("2022-02-15", "The Ostrova Standard", "Ferry aground", ("The ferry Perdrix ran aground on"
         " Monday with 187 people aboard, killing one and injuring 31, the coastguard said.")),
        ("2022-09-21", "The Skarn Post", "Inquiry into the Perdrix", ("The Perdrix went too fast."
         " The report puts the number of the injured at 38 and tells of people left out.")),
    )  # fmt: skip
    assert found == [(("31", "38"), False)]


def test_how_many_fell_ill_asks_for_people_and_not_for_the_ill(
    apart: Callable[..., Values],
) -> None:
    question = "How many people fell ill with marsh fever in Ostrova?"
    assert (("121", "143 people"), False) in apart(question, FEVER, RIGHT, WIRE)
