"""Our splitter beside LlamaIndex's SentenceSplitter on the same texts, in one run.

    python -m benchmarks.splitting [ARTICLES]

Generated articles of about 800 words; the fastest of five rounds each, in CPU seconds.
"""

import random
import sys
import time
from collections.abc import Callable, Sequence

from ingest.article import Article, RawArticle
from ingest.clean.assemble import clean
from ingest.language.chunk import split

_WORDS = (
    "the harbour council of said that a ferry and pier was on by with report it storm will from"
    " minister Ostrova Dahl closed before after night budget repairs not union for an in to at"
).split()


def article(number: int) -> Article:
    """Return an invented article of about 800 words in paragraphs and sentences."""
    chance = random.Random(number)
    paragraphs = []
    for _ in range(16):
        sentences = [
            " ".join(chance.choices(_WORDS, k=chance.randint(8, 24))).capitalize() + "."
            for _ in range(chance.randint(2, 4))
        ]
        paragraphs.append(" ".join(sentences))
    return clean(
        RawArticle(file=f"{number}", title=f"Matter {number}", text="\n\n".join(paragraphs))
    )


def seconds(work: Callable[[], int]) -> tuple[float, int]:
    """Return the CPU seconds of the fastest of five rounds, and what it made."""
    best, made = float("inf"), 0
    for _ in range(5):
        started = time.process_time()
        made = work()
        best = min(best, time.process_time() - started)
    return best, made


def compare(articles: Sequence[Article]) -> None:
    """Print both speeds and their ratio."""
    from llama_index.core.node_parser import SentenceSplitter

    theirs = SentenceSplitter(chunk_size=512, chunk_overlap=50)
    ours, passages = seconds(lambda: sum(len(split(one)) for one in articles))
    other, chunks = seconds(lambda: sum(len(theirs.split_text(one.text)) for one in articles))
    words = sum(len(one.text.split()) for one in articles)
    print(f"{len(articles)} articles, {words:,} words")
    for name, spent, made in (("ours", ours, passages), ("SentenceSplitter", other, chunks)):
        print(f"{name:<16} {spent:7.3f} s  {len(articles) / spent:9,.0f} articles/s  {made} pieces")
    print(f"ratio            {other / ours:7.1f}")


if __name__ == "__main__":
    compare([article(i) for i in range(int(sys.argv[1]) if len(sys.argv) > 1 else 200)])
