"""A question that names a day finds that day's news, though nothing of it prints the day."""

import json
from pathlib import Path

from assistant.find.retrieve import retrieve
from assistant.understand.question import understand
from ingest.archive import Archive
from ingest.pipeline import ingest
from ingest.settings import IngestSettings


def _own(n: int) -> str:
    """Return a sentence that no other article has."""
    return " ".join(f"{word}{n}" for word in ("Quay", "pier", "crane", "buoy", "mast")) + "."


def _written(folder: Path) -> Path:
    of_the_day = {
        "id": "ferry-of-the-day",
        "date": "2022-05-18",
        "title": "Lena on the rocks",
        "text": "The ferry Lena struck a reef off Holm. Forty people were taken ashore.",
    }
    other_days = [
        {
            "id": f"ferry-{n}",
            "date": f"2021-0{n % 9 + 1}-11",
            "title": f"Ferry timetable {n}",
            "text": f"A ferry ran aground here. {_own(n)} The ferry runs aground no more.",
        }
        for n in range(30)
    ]
    beside_the_point = [
        {
            "id": f"list-{n}",
            "date": "2022-05-19",
            "title": f"From 18 to 22 May: what is on, part {n}",
            "text": f"18 May 2022: a fair for those of 18. {_own(n)} 18 May 2022: a dance.",
        }
        for n in range(30)
    ]
    file = folder / "articles.jsonl"
    rows = [of_the_day, *other_days, *beside_the_point]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return file


def test_the_words_of_a_day_are_not_what_its_news_is_found_by(tmp_path: Path) -> None:
    question = understand("Which ferry ran aground on 18 May 2022?")
    with Archive.open(
        tmp_path / "archive", create=True, settings=IngestSettings(embedder="none")
    ) as archive:
        ingest([_written(tmp_path)], archive, embed=False)
        found = {hit.article.title for hit in retrieve(archive, question).hits}
    assert "Lena on the rocks" in found
