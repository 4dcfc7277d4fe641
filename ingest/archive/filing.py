"""One article into the catalogue: which it is, what it prints, whose copy it is, what it corrects.

All of it within the transaction of a batch.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ingest.archive import copies, folders, notices, record, recurring, shown, versions
from ingest.archive.catalogue import Catalogue, Fate
from ingest.archive.stories import sketch
from ingest.article import Article
from ingest.errors import ReadError
from ingest.language.chunk import split


class Put(NamedTuple):
    """What became of one article of a batch."""

    article_id: str
    fate: Fate
    passages: int
    copy: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """An article with all that filing it needs and that can be made beforehand.

    `sketch` is what copies are found by, `blocks` what stands for each part, `hashed` what
    stands for all that was read.
    """

    article: Article
    sketch: tuple[int, ...]
    blocks: tuple[int | None, ...]
    hashed: bytes

    @classmethod
    def of(cls, article: Article) -> "Prepared":
        """Prepare an article."""
        return cls(
            article=article,
            sketch=sketch(article),
            blocks=recurring.blocks_of(article),
            hashed=record.text_hash(article),
        )


@dataclass(frozen=True, slots=True)
class Filing:
    """What filing the articles of one batch needs.

    `known` are the paragraphs that are known to recur, `words` is how long a passage is.
    """

    catalogue: Catalogue
    known: set[recurring.Block]
    change: int
    words: int

    def file(self, given: Article | Prepared) -> Put:
        """Keep one article: a new one, a new version of one, or what is there already."""
        made = given if isinstance(given, Prepared) else Prepared.of(given)
        read, hashed = made.article, made.hashed
        if erased(self.catalogue, read):
            why = "it was erased, and is not taken in again"
            self.catalogue.note_failed(ReadError(read.file, read.where, why))
            return Put(read.article_id, "unchanged", 0, copy=False)
        there = versions.known(self.catalogue, read, hashed)
        if there and there.unchanged:
            return self._same(there.a)
        article = recurring.mark(read, made.blocks, self.known)
        hashes = made.sketch if article is read else sketch(article)
        alike = copies.alike(self.catalogue, article, hashes)
        a = there.a if there else versions.edited(article, alike)
        if a:
            _, earlier = next(self.catalogue.live([a]))
            versions.note(self.catalogue, a, read, hashed)
            article = versions.under(article, earlier)
            if article.key != read.key and versions.same_words(article, earlier):
                return self._same(a)
            if shown.must_wait(article, earlier):
                self.catalogue.let_wait(a, article, hashed)
                return Put(article.article_id, "updated", 0, copy=False)
        passages = split(article, words=self.words)
        a, fate = self.catalogue.put(article, passages, self.change, hashed)
        if fate == "added":
            versions.note(self.catalogue, a, read, hashed)
        recurring.keep(self.catalogue, a, article, made.blocks)
        if fate == "updated":
            copies.leave(self.catalogue, a)
        copies.join(self.catalogue, a, article, hashes, [one for one in alike if one.a != a])
        notices.keep(self.catalogue, a, article)
        copy = copies.has_copies(self.catalogue, a)
        return Put(article.article_id, fate, len(passages), copy)

    def relabel(self, numbers: Sequence[int]) -> None:
        """Mark what recurs in articles that are there, and cut them into passages again."""
        for a, article in list(self.catalogue.live(numbers)):
            marked = self._relabelled(a, article, recurring.blocks_of(article))
            if marked is not article:
                copies.keep(self.catalogue, a, marked)

    def release(self, due: Iterable[tuple[int, int]]) -> None:
        """Put versions whose embargo is over in the place of the earlier ones."""
        for a, version in due:
            article = self.catalogue.article(self.catalogue.id_of(a), version)
            if article is None:
                continue
            blocks = recurring.blocks_of(article)
            marked = self._relabelled(a, article, blocks)
            self.catalogue.shelved(a, self.change)
            recurring.keep(self.catalogue, a, marked, blocks)
            copies.keep(self.catalogue, a, marked)
            notices.keep(self.catalogue, a, marked)

    def _relabelled(self, a: int, article: Article, blocks: Sequence[int | None]) -> Article:
        marked = recurring.mark(article, blocks, self.known)
        passages = split(marked, words=self.words)
        self.catalogue.relabel(a, marked, passages, self.change)
        return marked

    def _same(self, a: int) -> Put:
        passages = len(self.catalogue.passages_of(a))
        return Put(self.catalogue.id_of(a), "unchanged", passages, copy=False)


def erased(catalogue: Catalogue, article: Article) -> bool:
    """Tell whether an article was erased, by its id or by the very words of it."""
    found = catalogue.connection.execute(
        "SELECT 1 FROM erased WHERE mark IN (?, ?)", marks_of(article.article_id, article.text)
    )
    return found.fetchone() is not None


def marks_of(article_id: str, text: str) -> tuple[str, str]:
    """Return what an article that was erased is known by: nothing that can be read."""
    return record.digest(article_id).hex(), record.digest(text).hex()


def drop(catalogue: Catalogue, article_id: str, change: int) -> bool:
    """Forget an article, by any id it was given; return whether it was there."""
    numbers = catalogue.numbers([article_id])
    for a in numbers:
        folders.read_again(catalogue, a)
        copies.leave(catalogue, a)
        notices.forget(catalogue, a)
        catalogue.drop(catalogue.id_of(a), change)
    return bool(numbers)
