"""The plain LlamaIndex stack: SentenceSplitter and VectorStoreIndex as they are, no model."""

from typing import Any

from llama_index.core import Document, VectorStoreIndex
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.node_parser import SentenceSplitter
from pydantic import PrivateAttr

from benchmarks.peers.adapters.protocol import (
    Cited,
    Record,
    Reply,
    distinct,
    encoder,
    headed,
    serve,
)  # fmt: skip

_HANDED_ON = 2
"""Nodes that as_query_engine() hands to its model unless told otherwise."""
_READ = 40


class SameEmbedder(BaseEmbedding):
    """Morgue's encoder as LlamaIndex wants it."""

    _encoder: Any = PrivateAttr(default_factory=encoder)

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return [list(map(float, row)) for row in self._encoder.passages(texts)]

    def _get_query_embedding(self, query: str) -> list[float]:
        return list(map(float, self._encoder.query(query)))

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


class Plain:
    """An index in memory and its retriever."""

    def __init__(self, given: list[str]) -> None:
        del given
        self._embedder = SameEmbedder()
        self._index: VectorStoreIndex | None = None

    def read(self, articles: list[Record]) -> None:
        """Split and embed, with the metadata that an article has."""
        documents = [
            Document(
                text=headed(one), id_=one["id"],
                metadata={name: one[name] or "" for name in ("url", "date", "outlet")},
            )
            for one in articles
        ]  # fmt: skip
        self._index = VectorStoreIndex.from_documents(
            documents, embed_model=self._embedder, transformations=[SentenceSplitter()]
        )

    def ask(self, question: str) -> Reply:
        """Retrieve; the first nodes are what a model would be given."""
        assert self._index is not None
        found = self._index.as_retriever(similarity_top_k=_READ).retrieve(question)
        nodes = [Cited(id=one.node.ref_doc_id or "", text=one.text, speaker=None) for one in found]
        ids = distinct([one["id"] for one in nodes])
        return Reply(found=ids, cited=nodes[:_HANDED_ON], answered=None, text=None)


if __name__ == "__main__":
    serve(Plain)
