"""One article into the catalogue: which it is, what it prints, whose copy it is, what it corrects.

All of it within the transaction of a batch.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from ingest.archive import copies, folders, notices, record, recurring, versions
from ingest.archive.catalogue import Catalogue, Fate
from ingest.archive.stories import sketch
from ingest.article import Article
from ingest.language.chunk import split


class Put(NamedTuple):
    """What became of one article of a batch."""

    article_id: str
    fate: Fate
    passages: int
    copy: bool


@dataclass(frozen=True, slots=True)
class Filing:
    """What filing the articles of one batch needs.

    `known` are the paragraphs that are known to recur, `words` is how long a passage is.
    """

    catalogue: Catalogue
    known: set[recurring.Block]
    change: int
    words: int

    def file(self, read: Article) -> Put:
        """Keep one article: a new one, a new version of one, or what is there already."""
        hashed = read.hashed or record.text_hash(read)
        there = versions.known(self.catalogue, read, hashed)
        if there and there.unchanged:
            return self._same(there.a)
        blocks = recurring.blocks_of(read) if read.blocks is None else read.blocks
        article = recurring.mark(read, blocks, self.known)
        alike = copies.alike(self.catalogue, article, copies.hashes_of(article))
        a = there.a if there else versions.edited(article, alike)
        if a:
            _, earlier = next(self.catalogue.live([a]))
            versions.note(self.catalogue, a, read, hashed)
            article = versions.under(article, earlier)
            if article.key != read.key and versions.same_words(article, earlier):
                return self._same(a)
        passages = split(article, words=self.words)
        a, fate = self.catalogue.put(article, passages, self.change, hashed)
        if fate == "added":
            versions.note(self.catalogue, a, read, hashed)
        recurring.keep(self.catalogue, a, article, blocks)
        if fate == "updated":
            copies.leave(self.catalogue, a)
        copies.join(self.catalogue, a, article, [one for one in alike if one.a != a])
        notices.keep(self.catalogue, a, article)
        copy = self.catalogue.story(a).copies > 1
        return Put(article.article_id, fate, len(passages), copy)

    def relabel(self, numbers: Sequence[int]) -> None:
        """Mark what recurs in articles that are there, and cut them into passages again."""
        for a, article in list(self.catalogue.live(numbers)):
            marked = recurring.mark(article, recurring.blocks_of(article), self.known)
            passages = split(marked, words=self.words)
            self.catalogue.relabel(a, marked, passages, self.change)
            if marked is not article:
                copies.keep(self.catalogue, a, marked)

    def _same(self, a: int) -> Put:
        passages = len(self.catalogue.passages_of(a))
        return Put(self.catalogue.id_of(a), "unchanged", passages, copy=False)


def prepared(article: Article) -> Article:
    """Return an article with all that filing it needs and that can be made beforehand."""
    return replace(
        article,
        sketch=sketch(article),
        blocks=recurring.blocks_of(article),
        hashed=record.text_hash(article),
    )


def drop(catalogue: Catalogue, article_id: str, change: int) -> bool:
    """Forget an article, by any id it was given; return whether it was there."""
    numbers = catalogue.numbers([article_id])
    for a in numbers:
        folders.read_again(catalogue, a)
        copies.leave(catalogue, a)
        corrected = notices.forget(catalogue, a)
        catalogue.drop(catalogue.id_of(a), change)
        notices.refresh(catalogue, corrected)
    return bool(numbers)
