"""The two tantivy indexes that follow the catalogue (whole articles, passages), in their folder."""

import contextlib
import errno
import os
import shutil
import tempfile
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path

import tantivy

from ingest.archive import checksums, record
from ingest.archive.bookmark import Bookmark, Reached
from ingest.archive.catalogue import Catalogue
from ingest.archive.tokens import STEMMERS, distinct_forms, named, spelt, stems
from ingest.archive.word_fields import Of, analyzer, fields_of
from ingest.article import EVIDENCE, Article, Passage
from ingest.errors import ArchiveDamaged

LAYOUT = "5"
"""Raised when what is indexed changes, so that an older index is built anew."""

_HEAP = 64_000_000
_BATCH = 500
_KINDS: tuple[Of, Of] = ("articles", "passages")
_LOCKS = {".tantivy-meta.lock", ".tantivy-writer.lock"}


class WordIndexes:
    """The indexes of an archive, in its folder `words`: what follows, and what reads them."""

    def __init__(self, folder: Path) -> None:
        self.bookmark = Bookmark(folder, layout=LAYOUT)
        self.analyzer = analyzer()
        self._door = threading.Lock()
        self._read = Reached()
        self._indexes: dict[Of, tantivy.Index] = {}
        self._links: Path | None = None
        self._writers: dict[tuple[str, Of], tantivy.IndexWriter] = {}

    @property
    def at(self) -> int:
        """The change number that the indexes have reached; 0 where they must be built anew."""
        return self.bookmark.read().change

    @property
    def outdated(self) -> bool:
        """Whether the indexes were built by another Morgue, and nothing is found in them."""
        return self.bookmark.outdated

    def damaged(self) -> list[str]:
        """Return the files of the indexes that are not as they were written."""
        place = self.bookmark.place(self.bookmark.read())
        return [name for of in _KINDS for name in checksums.damaged(place / of)]

    def come_back_to(self, change: int) -> None:
        """Be built anew if what was followed has not come to the change that was reached."""
        self.bookmark.come_back_to(change)

    def follow(self, catalogue: Catalogue) -> None:
        """Apply what the catalogue has since changed, then note the number reached."""
        mark = self.bookmark.read()
        with catalogue.snapshot():  # another host may shorten the log meanwhile
            until = catalogue.change
            whole = mark.change and mark.catalogue == catalogue.id and mark.change <= until
            whole = whole and mark.change >= catalogue.log_from
            changed = catalogue.changed(mark.change, ["article"]) if whole else []
        if not whole:
            self.rebuild(catalogue)
        elif mark.change < until:
            try:
                self._apply(catalogue, [i for _, i in changed], mark.folder)
            except ArchiveDamaged:  # an index is only a copy
                self.rebuild(catalogue)
            else:
                self.bookmark.note(mark._replace(change=until))

    def rebuild(self, catalogue: Catalogue) -> None:
        """Build both indexes anew from the catalogue's rows, beside those that are read."""
        self.rest()
        until = catalogue.change
        folder = self.bookmark.anew()
        rows = catalogue.connection.execute("SELECT a FROM articles").fetchall()
        self._apply(catalogue, [a for (a,) in rows], folder)
        self.bookmark.note(Reached(until, catalogue.id, folder))
        self.bookmark.clear_others(folder)

    def _apply(self, catalogue: Catalogue, ids: list[int], folder: str) -> None:
        with index_errors():
            articles, passages = (self._writer(of, folder) for of in _KINDS)
        for i in range(0, len(ids), _BATCH):
            chunk = ids[i : i + _BATCH]
            live = [(a, one, catalogue.passages_of(a)) for a, one in catalogue.live(chunk)]
            with index_errors():
                # By query: deleting by a term takes a Python int for a signed number, and
                # finds nothing.
                those = tantivy.Query.term_set_query(fields_of(), "a", chunk)
                articles.delete_documents_by_query(those)
                passages.delete_documents_by_query(those)
                for a, article, cut in live:
                    articles.add_document(self._article_document(a, article))
                    for p, passage in cut:
                        passages.add_document(self._passage_document(a, p, article, passage))
        with index_errors():
            articles.commit()
            passages.commit()

    def _article_document(self, a: int, article: Article) -> tantivy.Document:
        # What only readers wrote must not make an article look as if it reported it.
        words = "\n".join(record.words_of(article, EVIDENCE - {"headline"}))
        document = _labelled(a, article)
        for author in article.authors:
            document.add_text("author", spelt(author, kept=True))
        comments = "\n".join(record.words_of(article, {"comment"}))
        document.add_text("comments", spelt(comments, kept=True))
        document.add_text("forms", _forms(article, words, comments))
        return self._with_words(document, article, words)

    def _passage_document(
        self, a: int, p: int, article: Article, passage: Passage
    ) -> tantivy.Document:
        document = _labelled(a, article)
        document.add_unsigned("p", p)
        document.add_text("part", passage.part)
        return self._with_words(document, article, article.text[passage.start : passage.end])

    def _with_words(
        self, document: tantivy.Document, article: Article, words: str
    ) -> tantivy.Document:
        document.add_text("text", spelt(words, kept=True))
        if article.language in STEMMERS:
            terms = self.analyzer.analyze(spelt(f"{article.title}\n{words}"))
            document.add_text("stems", " ".join(stems(terms, article.language)))
        return document

    def rest(self) -> None:
        """Let go of what writing needs, so that another process may write."""
        for writer in self._writers.values():
            # What was not committed has failed already, or will be followed again.
            with contextlib.suppress(ArchiveDamaged, OSError), index_errors():
                writer.wait_merging_threads()
        self._writers.clear()

    def close(self) -> None:
        """Let the indexes go; what was committed stays."""
        self.rest()
        with self._door:
            self._read = Reached()
            self._indexes.clear()

    def _writer(self, of: Of, folder: str) -> tantivy.IndexWriter:
        if (folder, of) not in self._writers:
            index = self._open(of, Reached(folder=folder), create=True)
            writer = index.writer(_HEAP, 1)
            # A process that was killed may have left a file whose name will be wanted again.
            writer.garbage_collect_files()
            self._writers[folder, of] = writer
        return self._writers[folder, of]

    def _open(self, of: Of, mark: Reached, *, create: bool = False) -> tantivy.Index:
        folder = self.bookmark.place(mark) / of
        if create:
            folder.mkdir(parents=True, exist_ok=True)
        # To open an index is to write a lock beside it; one that may only be read is opened
        # through links in a folder of our own.
        index = tantivy.Index(
            fields_of(of), str(folder if _writable(folder) else self._linked(folder))
        )
        index.register_tokenizer("news", self.analyzer)
        return index

    def _linked(self, folder: Path) -> Path:
        if self._links is None:
            self._links = Path(tempfile.mkdtemp(prefix="morgue-"))
            weakref.finalize(self, shutil.rmtree, self._links, ignore_errors=True)
        links = Path(tempfile.mkdtemp(dir=self._links))
        shutil.copyfile(folder / "meta.json", links / "meta.json")
        for file in folder.iterdir():
            if file.name not in {"meta.json", *_LOCKS}:
                (links / file.name).symlink_to(file.absolute())
        return links

    def searcher(self, of: Of) -> tantivy.Searcher:
        """Return what reads an index as it stood at its mark."""
        with self._door:
            try:
                return self._searcher_at(self.bookmark.read(), of)
            except ValueError:  # perhaps it was built anew in this very moment
                return self._searcher_at(self.bookmark.read(), of)

    def _searcher_at(self, mark: Reached, of: Of) -> tantivy.Searcher:
        if mark.folder != self._read.folder or (mark != self._read and self._links):
            self._indexes.clear()
        if mark != self._read:
            for index in self._indexes.values():
                index.reload()
        self._read = mark
        if of not in self._indexes:
            self._indexes[of] = self._open(of, mark)
        return self._indexes[of].searcher()


@contextlib.contextmanager
def index_errors() -> Iterator[None]:
    """Make tantivy's errors ours: it raises ValueError and, where a thread of it died, panics."""
    try:
        yield
    except BaseException as error:
        if "No space left" in str(error) or "File too large" in str(error):
            raise OSError(errno.ENOSPC, f"the index by words cannot grow: {error}") from error
        if isinstance(error, ValueError) or type(error).__name__ == "PanicException":
            told = ArchiveDamaged("the index by words cannot be used", "run `morgue rebuild words`")
            raise told.detailed(str(error)) from error
        raise


def _writable(folder: Path) -> bool:
    return os.access(folder, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _forms(article: Article, words: str, comments: str) -> str:
    """Return the words of an article as they are written: reported, only in comments, as a name."""
    reported = distinct_forms(f"{article.title}\n{words}")
    only_there = distinct_forms(comments) - reported
    kinds = (("w:", reported), ("c:", only_there), ("n:", set(named(words))))
    return " ".join(kind + f" {kind}".join(those) for kind, those in kinds if those)


def _labelled(a: int, article: Article) -> tantivy.Document:
    document = tantivy.Document()
    document.add_unsigned("a", a)
    day = record.day_number(article.date)
    if day is not None:
        document.add_unsigned("day", day)
    for label, value in (
        ("outlet", article.outlet),
        ("language", article.language),
        ("section", article.section),
        ("collection", article.collection),
    ):
        if value is not None:
            document.add_text(label, value)
    document.add_text("title", spelt(article.title, kept=True))
    return document
