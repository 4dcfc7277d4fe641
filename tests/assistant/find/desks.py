"""A desk over a few articles of one's own, answering in quotations and by words alone."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from assistant.ask import Assistant
from assistant.history import Records
from assistant.settings import Settings
from ingest.archive import Archive
from ingest.pipeline import ingest
from ingest.settings import IngestSettings


@contextmanager
def desk_over(articles: Sequence[dict[str, str]], folder: Path) -> Iterator[Assistant]:
    """Open a desk over articles that are read as rows of JSON."""
    rows = folder / "rows.jsonl"
    rows.write_text("\n".join(map(json.dumps, articles)), "utf-8")
    settings = IngestSettings(embedder="none")
    with Archive.open(folder / "archive", create=True, settings=settings) as archive:
        ingest([rows], archive, embed=False)
        yield Assistant(
            archive, Settings(mode="quotes", model="none", checker="words"), records=Records(most=0)
        )
