"""Morgue itself, in quotes mode with no language model: `words`, or `meaning` with e5-small."""

import json
import tempfile
from pathlib import Path

from assistant.answer import Answer
from assistant.ask import Assistant
from assistant.history import Records
from assistant.settings import Settings
from benchmarks.peers.adapters.protocol import Cited, K, Record, Reply, distinct, serve
from ingest.archive import Archive, Search
from ingest.article import Article
from ingest.embed.embedders import load
from ingest.pipeline import ingest
from ingest.settings import IngestSettings


class Morgue:
    """An archive in a folder of its own, and its assistant."""

    def __init__(self, given: list[str]) -> None:
        self._by = "both" if "meaning" in given else "words"
        embedder = "onnx:e5-small" if self._by == "both" else "none"
        self._settings = IngestSettings(embedder=embedder)
        self._folder = tempfile.TemporaryDirectory()
        place = Path(self._folder.name) / "archive"
        self._archive = Archive.open(place, create=True, settings=self._settings)
        records = Records(most=0)
        self._desk = Assistant(
            self._archive, Settings(mode="quotes", model="none"), records=records
        )
        self._ids: list[str] = []

    def read(self, articles: list[Record]) -> None:
        """Ingest, and embed every passage."""
        self._ids = [one["id"] for one in articles]
        file = Path(self._folder.name) / "articles.jsonl"
        rows = ({name: value for name, value in one.items() if value} for one in articles)
        file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        if self._by == "both":
            embedder = load(self._settings)
            assert embedder is not None
            self._archive.use(embedder)
        ingest([file], self._archive, embed=False)
        if self._by == "both":
            self._archive.embed()

    def ask(self, question: str) -> Reply:
        """Search, and ask."""
        hits = self._archive.search(Search(text=question, k=K, by=self._by))  # type: ignore[arg-type]
        outcome = self._desk.ask(question)
        spoke = {n: claim.speaker for claim in outcome.claims for n in claim.citations}
        cited = [
            Cited(id=self._id(one.article), text=one.text, speaker=spoke.get(one.n))
            for one in outcome.citations
        ]
        answered = isinstance(outcome, Answer)
        return Reply(
            found=distinct([self._id(hit.article) for hit in hits]),
            cited=cited if answered else [], answered=answered,
            text=outcome.text if answered else None,
        )  # fmt: skip

    def _id(self, article: Article) -> str:
        return self._ids[int(article.where.rpartition(" ")[2]) - 1]


if __name__ == "__main__":
    serve(Morgue)
