"""A small archive of invented reports to hold drafts against."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest.archive import Archive
from ingest.pipeline import ingest
from ingest.settings import IngestSettings

REPORTS = [
    {
        "id": "1",
        "title": "Ferry talks end without a deal",
        "outlet": "The Ostrova Post",
        "author": "Mira Dahl",
        "date": "2024-03-13",
        "url": "https://post.example/ferry",
        "text": (
            "OSTROVA - Talks over the night ferry ended without a deal on Tuesday, after 14 hours "
            "in the old customs house.\n\n"
            "“We will not trade the harbour for promises,” said Ada Quill, the harbour master. "
            "“Nothing was ever signed, and nobody on my side believes that it will be.”\n\n"
            "“I do not believe that the council is guilty of fraud,” said Oran Mell, who leads the "
            "seamen's union. “If the mayor pays, we sail on Friday.”\n\n"
            "The union has 312 members. Its strike fund holds 40,000 crowns, Mell said."
        ),
    },
    {
        "id": "2",
        "title": "Union wants the ferry back",
        "outlet": "Coast Daily",
        "date": "2024-03-20",
        "text": (
            "Oran Mell said on Wednesday that the seamen's union would go back to the table.\n\n"
            "“The boats have rusted long enough in this weather,” he said. “We are ready to paint "
            "them ourselves, and we will bring our own brushes to the quay.”\n\n"
            "The harbour master, Ada Quill, declined to comment."
        ),
    },
    {
        "id": "3",
        "title": "Mell names his terms",
        "outlet": "Coast Daily",
        "date": "2024-03-27",
        "text": (
            "“I will sign the paper if the council signs it first,” said Oran Mell on Tuesday.\n\n"
            "“You call that a promise? It was a joke,” Mell told the mayor.\n\n"
            "“My father told me: ‘The sea always takes its pay.’ I laughed,” said Ada Quill.\n\n"
            "Nobody in Ostrova believes that the night ferry will sail again in April."
        ),
    },
]


@pytest.fixture(scope="session")
def harbour(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """Return an archive of three reports, searched by words alone."""
    folder: Path = tmp_path_factory.mktemp("harbour")
    file = folder / "reports.jsonl"
    file.write_text("\n".join(map(json.dumps, REPORTS)), encoding="utf-8")
    settings = IngestSettings(embedder="none")
    with Archive.open(folder / "archive", create=True, settings=settings) as archive:
        ingest([file], archive)
        yield archive
