"""Where one name stands in another's place."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.answer import Answer
from assistant.ask import Assistant
from assistant.check.reading import read
from assistant.compose.differences import Stated
from assistant.compose.substitution import other_name
from assistant.settings import Settings
from ingest.archive import Archive
from ingest.pipeline import ingest
from ingest.settings import IngestSettings

WON = "Imke Sorrel won the Grevdal regatta in a boat of her own."


def names(question: str, one: str, other: str) -> tuple[str, str] | None:
    asked = frozenset(word.stem for word in read(question).words if word.content)
    found = other_name(Stated(text=one), Stated(text=other), asked)
    return (one[slice(*found.one)], other[slice(*found.other)]) if found else None


@pytest.mark.parametrize(
    ("question", "one", "other", "apart"),
    [
        (
            "Who won the Grevdal regatta?",
            WON,
            "On Sunday Odo Pell won the Grevdal regatta in a boat he had borrowed.",
            ("Imke Sorrel", "Odo Pell"),
        ),
        (
            "Who is the harbour master of Skarn?",
            "The harbour master of Skarn, Tilda Voss, closed the pier.",
            "The harbour master of Skarn, Bo Renning, closed the pier.",
            ("Tilda Voss", "Bo Renning"),
        ),
        ("Which town won the Grevdal regatta?", "Skarn won the Grevdal regatta in May.",
         "Ostrova won the Grevdal regatta in May.", ("Skarn", "Ostrova")),
    ],
)  # fmt: skip
def test_a_name_in_another_s_place_is_found(
    question: str, one: str, other: str, apart: tuple[str, str]
) -> None:
    assert names(question, one, other) == apart
    assert names(question, other, one) == apart[::-1]


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        ("Who won the Grevdal regatta?", WON, WON),
        ("Who won the Grevdal regatta?", WON, "Sorrel won the Grevdal regatta in a boat."),
        ("Who won the Grevdal regatta?", WON, "Odo Pell watched the Grevdal regatta in a boat."),
        ("Who mended the boat?", WON, "Odo Pell won the Grevdal regatta in a boat of his own."),
        (
            "Who met the harbour master?",
            "SKARN (Wire) The harbour master met Odo Pell.",
            "OSTROVA (Wire) The harbour master met Odo Pell.",
        ),
        (
            "Which ferry is the harbour's oldest?",
            "Owner: the harbour company. The oldest ferry.",
            "Built: the harbour company. The oldest ferry.",
        ),
    ],
)
def test_what_tells_another_thing_or_the_same_has_no_other_name(
    question: str, one: str, other: str
) -> None:
    assert names(question, one, other) is None


@pytest.fixture
def ask(tmp_path: Path) -> Callable[..., Answer]:
    """Return a way to ask about articles, each given as day, outlet and text."""

    def asked(question: str, *articles: tuple[str, str, str]) -> Answer:
        records = [
            {"id": f"a{n}", "date": day, "outlet": outlet, "text": text, "title": "The regatta"}
            for n, (day, outlet, text) in enumerate(articles)
        ]
        file = tmp_path / "articles.jsonl"
        file.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
        shelf = Archive.open(tmp_path / "a", create=True, settings=IngestSettings(embedder="none"))
        ingest([file], shelf, embed=False)
        answer = Assistant(shelf, Settings(mode="quotes")).ask(question)
        shelf.close()
        assert isinstance(answer, Answer), answer
        return answer

    return asked


def test_a_copy_that_names_another_is_laid_beside_its_dispatch(ask: Callable[..., Answer]) -> None:
    dispatch = (
        "{} won the Grevdal regatta on Sunday, ahead of nineteen other boats. The wind had "
        "dropped by noon and most of the fleet lay still off the lighthouse for an hour. The "
        "prize was handed over on the quay by the harbour master while the town band played."
    )
    answer = ask(
        "Who won the Grevdal regatta?",
        ("2023-05-08", "The Grevdal Echo", dispatch.format("Imke Sorrel")),
        ("2023-05-09", "The Skarn Post", dispatch.format("Odo Pell")),
    )
    assert [conflict.about for conflict in answer.conflicts] == [
        "Imke Sorrel (The Grevdal Echo, 2023-05-08); Odo Pell (The Skarn Post, 2023-05-09)"
    ]
    assert {citation.article.outlet for citation in answer.citations} == {
        "The Grevdal Echo", "The Skarn Post",
    }  # fmt: skip


def test_another_winner_a_year_later_is_no_conflict(ask: Callable[..., Answer]) -> None:
    answer = ask(
        "Who won the Grevdal regatta?",
        ("2022-05-08", "The Grevdal Echo", "Imke Sorrel won the Grevdal regatta by a length."),
        ("2023-05-09", "The Skarn Post", "Odo Pell won the Grevdal regatta in light winds."),
    )
    assert answer.conflicts == ()


def test_who_is_named_in_both_articles_is_no_conflict(ask: Callable[..., Answer]) -> None:
    answer = ask(
        "Who won the Grevdal regatta?",
        ("2023-05-08", "The Grevdal Echo",
         "Imke Sorrel won the Grevdal regatta on Sunday. Odo Pell sailed with her."),
        ("2023-05-08", "The Skarn Post", "Odo Pell won the Grevdal regatta on Sunday."),
    )  # fmt: skip
    assert answer.conflicts == ()
