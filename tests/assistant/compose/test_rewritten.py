"""An article rewritten in silence leaves a trace: its citations say what stood there before."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answer import Answer
from assistant.compose.rewritten import told
from ingest.archive import Archive
from ingest.pipeline import ingest
from ingest.settings import IngestSettings
from tests.newsroom import citing, quoting

FIRST = "The bridge at Veld will open in May. It cost forty million crowns."
SECOND = "The bridge at Veld will open in September. It cost forty million crowns."
THIRD = f"{SECOND} The mayor has resigned over it."


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    settings = IngestSettings(embedder="none")
    with Archive.open(tmp_path / "news", create=True, settings=settings) as archive:
        for text, updated in ((FIRST, "2024-05-01"), (SECOND, "2024-05-03"), (THIRD, None)):
            row = {"id": "7", "outlet": "Mast", "title": "Bridge", "date": "2024-05-01"}
            page = tmp_path / "page.jsonl"
            page.write_text(json.dumps({**row, "text": text, "updated_at": updated}))
            ingest([page], archive, embed=False)
        yield archive


def notices(archive: Archive, words: str, version: int | None = None) -> list[str]:
    (row,) = archive.newest(1)
    article = archive.get(row.article_id, version)
    assert article
    answer: Answer = told(archive, quoting("?", citing(1, article, words)), ())
    return [notice.text for notice in answer.citations[0].notices]


def test_a_sentence_that_was_changed_says_when_and_what_it_said(archive: Archive) -> None:
    said = notices(archive, "The bridge at Veld will open in September.")
    assert len(said) == 1
    assert "was changed" in said[0]
    assert "(version 2). Before: “The bridge at Veld will open in May.”" in said[0]


def test_a_sentence_that_came_later_says_so(archive: Archive) -> None:
    (said,) = notices(archive, "The mayor has resigned over it.")
    assert said.startswith("This sentence was added by ")
    assert said.endswith("(version 3).")


def test_a_sentence_that_always_stood_there_says_nothing(archive: Archive) -> None:
    assert notices(archive, "It cost forty million crowns.") == []
    assert notices(archive, "The bridge at Veld will open in May.", version=1) == []
