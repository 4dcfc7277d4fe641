"""Is what answers among what was found, and how far up?

Plain formulas: ir-measures, the library kept for them, brings SciPy with it. The tests hold
these against LlamaIndex's own metrics.
"""

import math
from collections.abc import Sequence

from assistant.evaluate.result import RowTally
from assistant.evaluate.rows import Gold, article_keys
from ingest.article import Article

DEPTH = 10


def keys_of(article: Article) -> frozenset[str]:
    """Return the keys of an article: of its URL, its title and every tail of its file's path."""
    parts = article.file.replace("\\", "/").split("/") if article.file else []
    tails = {f"file {'/'.join(parts[at:])}" for at in range(len(parts))}
    return article_keys(url=article.url, title=article.title) | tails


def wanted(found: Sequence[frozenset[str]], gold: Gold) -> tuple[list[str], int]:
    """Return for each thing found which gold it is ("" for none), and how much gold there is.

    Where any gold article will do they are one; a second copy of what was found is nothing new.
    """
    articles = gold.articles or frozenset()
    seen: set[str] = set()
    ranked = []
    for keys in found:
        names = sorted(keys & articles)
        name = (names[0] if gold.every else "any") if names else ""
        ranked.append("" if name in seen else name)
        seen.add(name)
    return ranked, len(articles) if gold.every else 1


def rank(tally: RowTally, found: Sequence[frozenset[str]], gold: Gold, suffix: str = "") -> None:
    """Count recall at 1, 5 and 10, the reciprocal rank and nDCG at 10.

    Recall: Manning, Raghavan and Schuetze, Introduction to Information Retrieval (2008), 8.3.
    Reciprocal rank: Voorhees, TREC-8 Question Answering Track Report (1999). nDCG: Jaervelin and
    Kekaelaeinen, ACM TOIS 20 (2002), gains of 0 and 1 discounted by log2(1 + rank).
    """
    ranked, of = wanted(found[:DEPTH], gold)
    relevant = [at for at, name in enumerate(ranked, 1) if name]
    for k in (1, 5, DEPTH):
        tally.add(f"recall@{k}{suffix}", sum(at <= k for at in relevant) / of)
    tally.add(f"mrr{suffix}", 1 / relevant[0] if relevant else 0.0)
    ideal = sum(1 / math.log2(1 + at) for at in range(1, min(of, DEPTH) + 1))
    gain = sum(1 / math.log2(1 + at) for at in relevant)
    tally.add(f"ndcg@{DEPTH}{suffix}", gain / ideal)
