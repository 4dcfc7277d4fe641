"""newsrag, with no generator: `words`, or `meaning` with e5-small."""

from datetime import UTC, datetime
from typing import Any

from newsrag import NewsroomRAG, Source

from benchmarks.peers.adapters.protocol import Cited, K, Record, Reply, encoder, serve


class Newsrag:
    """A corpus in memory."""

    def __init__(self, given: list[str]) -> None:
        self._rag: Any = NewsroomRAG(embed=_embed() if "meaning" in given else None)

    def read(self, articles: list[Record]) -> None:
        """Add the sources, with the day of each."""
        self._rag.add(*(_source(one) for one in articles))

    def ask(self, question: str) -> Reply:
        """Ask as it is asked by default: what it found is its answer, or that nothing matches."""
        found = self._rag.search(question, top_k=K, one_per_source=True)
        answer = self._rag.ask(question)
        cited = [Cited(id=e.source_id, text=e.excerpt, speaker=None) for e in answer.evidence]
        ids = [one.source_id for one in found]
        return Reply(found=ids, cited=cited, answered=bool(cited), text=None)


def _embed() -> Any:
    model = encoder()

    def embed(texts: list[str]) -> list[list[float]]:
        rows = model.queries(texts) if len(texts) == 1 else model.passages(texts)
        return [list(map(float, row)) for row in rows]

    return embed


def _source(one: Record) -> Any:
    day = datetime.fromisoformat(one["date"]) if one["date"] else None
    if day is not None and day.tzinfo is None:
        day = day.replace(tzinfo=UTC)
    title = one["title"] or one["text"].partition("\n")[0]
    return Source(
        id=one["id"], title=title, text=one["text"], url=one["url"],
        published_at=day, publisher=one["outlet"],
    )  # fmt: skip


if __name__ == "__main__":
    serve(Newsrag)
