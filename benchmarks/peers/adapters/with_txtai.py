"""txtai: `words` (its BM25), or `hybrid`, with e5-small. No torch: the encoder is handed to it."""

from typing import Any

from txtai import Embeddings

from benchmarks.peers.adapters.protocol import Cited, K, Record, Reply, encoder, headed, serve

_HANDED_ON = 3
"""Results of a search unless told otherwise."""


class Txtai:
    """An index with its content, an article a row: txtai splits nothing by itself."""

    def __init__(self, given: list[str]) -> None:
        if "hybrid" not in given:
            self._index: Any = Embeddings(keyword=True, content=True)
            return
        model = encoder()

        def embed(texts: list[str]) -> Any:
            return model.queries(texts) if len(texts) == 1 else model.passages(list(texts))

        self._index = Embeddings(hybrid=True, content=True, method="external", transform=embed)

    def read(self, articles: list[Record]) -> None:
        """Index the articles."""
        self._index.index([(one["id"], headed(one)) for one in articles])

    def ask(self, question: str) -> Reply:
        """Search; the first rows are what its RAG pipeline would be given."""
        rows = self._index.search(question, K)
        cited = [Cited(id=row["id"], text=row["text"], speaker=None) for row in rows[:_HANDED_ON]]
        return Reply(found=[row["id"] for row in rows], cited=cited, answered=None, text=None)


if __name__ == "__main__":
    serve(Txtai)
