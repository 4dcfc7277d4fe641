"""The archive as a LlamaIndex retriever: TextNodes whose offsets are true."""

import warnings

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from ingest.archive.archive import Archive
from ingest.archive.search import Search
from ingest.article import Filters, Hit


class ArchiveRetriever(BaseRetriever):
    """Retrieve passages of an archive. `node.text == article.text[start_char_idx:end_char_idx]`.

    >>> node = archive.as_retriever(k=1).retrieve("What did Lucan Tesh withdraw?")[0].node
    >>> text = archive.get(node.metadata["article_id"], node.metadata["version"]).text
    >>> text[node.start_char_idx : node.end_char_idx] == node.text
    True

    Warns (RuntimeWarning) of what could not be searched by meaning, since its server is down.
    """

    def __init__(self, archive: Archive, *, k: int = 10, filters: Filters | None = None) -> None:
        super().__init__()
        self._archive = archive
        self._k = k
        self._filters = filters or Filters()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        search = Search(text=query_bundle.query_str, k=self._k, filters=self._filters)
        hits = self._archive.search(search)
        for held in sorted(search.missed):
            warnings.warn(f"{held} were not searched by meaning", RuntimeWarning, stacklevel=2)
        return [
            NodeWithScore(node=_node(hit), score=hit.score) for hit in hits if not hit.retracted
        ]


def _node(hit: Hit) -> TextNode:
    article, passage = hit.article, hit.passage
    return TextNode(
        id_=f"{article.article_id}:{article.version}:{passage.start}-{passage.end}",
        text=hit.text,
        start_char_idx=passage.start,
        end_char_idx=passage.end,
        metadata={
            "article_id": article.article_id,
            "version": article.version,
            "title": article.title,
            "outlet": article.outlet,
            "date": article.date.isoformat() if article.date else None,
            "url": article.url,
            "part": passage.part,
        },
        # For programs; to a model that writes they are noise.
        excluded_llm_metadata_keys=["article_id", "version", "url", "part"],
    )
