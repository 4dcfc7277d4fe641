"""Search by words: two tantivy indexes (whole articles, passages) that follow the catalogue."""

import contextlib
import errno
import os
import shutil
import tempfile
import threading
import weakref
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import tantivy

from ingest.archive import checksums, record
from ingest.archive.bookmark import Bookmark, Reached
from ingest.archive.catalogue import Catalogue
from ingest.archive.conditions import Labels
from ingest.archive.stopwords import stopwords_of
from ingest.archive.tokens import STEMMERS, forms, named, spelt, stems, unified
from ingest.archive.word_fields import Of, analyzer, fields_of, plain_analyzer
from ingest.archive.word_query import Narrowing
from ingest.article import EVIDENCE, Article, Filters, Passage
from ingest.errors import ArchiveDamaged

LAYOUT = "5"
"""Raised when what is indexed changes, so that an older index is built anew."""

_HEAP = 64_000_000
_BATCH = 500
_KINDS: tuple[Of, Of] = ("articles", "passages")
_LOCKS = {".tantivy-meta.lock", ".tantivy-writer.lock"}
_STEMMED = 4_096
"""Texts whose stems are kept: the parts of a question are held against the same sentences."""

_A_RUN = 1000.0
"""What a run of words is worth: more than any words apart."""

_TITLE_AND_TEXT = ("title", "text")

_TITLE_WEIGHT = 1.5
"""Tried 1, 1.5, 2 and 3 on the 86 questions of realtimeqa with gold."""


class Scored(NamedTuple):
    """An article's or a passage's number in the catalogue, and how well it fits."""

    id: int
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SomeWords:
    """Stems of which at least so many must be there; `runs` of them stand side by side.

    What is of an article that holds a run comes before all that is of no such article.
    """

    terms: Sequence[str]
    least: int
    runs: Sequence[Sequence[str]] = ()


class Words:
    """The word indexes of an archive, in its folder `words`."""

    def __init__(self, folder: Path) -> None:
        self._bookmark = Bookmark(folder, layout=LAYOUT)
        self._analyzer = analyzer()
        self._plain = plain_analyzer()
        self._stemmed = lru_cache(maxsize=_STEMMED)(self._stem)
        self._same: dict[str, tuple[str, ...]] = {}
        self._door = threading.Lock()
        self._read = Reached()
        self._indexes: dict[Of, tantivy.Index] = {}
        self._links: Path | None = None
        self._writers: dict[tuple[str, Of], tantivy.IndexWriter] = {}

    # Following

    @property
    def at(self) -> int:
        """The change number that the indexes have reached; 0 where they must be built anew."""
        return self._bookmark.read().change

    @property
    def outdated(self) -> bool:
        """Whether the indexes were built by another Morgue, and nothing is found in them."""
        return self._bookmark.outdated

    def damaged(self) -> list[str]:
        """Return the files of the indexes that are not as they were written."""
        place = self._bookmark.place(self._bookmark.read())
        return [name for of in _KINDS for name in checksums.damaged(place / of)]

    def come_back_to(self, change: int) -> None:
        """Be built anew if what was followed has not come to the change that was reached."""
        self._bookmark.come_back_to(change)

    def follow(self, catalogue: Catalogue) -> None:
        """Apply what the catalogue has since changed, then note the number reached."""
        mark, until = self._bookmark.read(), catalogue.change
        whole = mark.change and mark.catalogue == catalogue.id and mark.change <= until
        if not whole or mark.change < catalogue.log_from:
            self.rebuild(catalogue)
        elif mark.change < until:
            changed = [i for _, i in catalogue.changed(mark.change, ["article"])]
            try:
                self._apply(catalogue, changed, mark.folder)
            except ArchiveDamaged:  # an index is only a copy
                self.rebuild(catalogue)
            else:
                self._bookmark.note(mark._replace(change=until))

    def rebuild(self, catalogue: Catalogue) -> None:
        """Build both indexes anew from the catalogue's rows, beside those that are read."""
        self.rest()
        until = catalogue.change
        folder = self._bookmark.anew()
        rows = catalogue.connection.execute("SELECT a FROM articles").fetchall()
        self._apply(catalogue, [a for (a,) in rows], folder)
        self._bookmark.note(Reached(until, catalogue.id, folder))
        self._bookmark.clear_others(folder)

    def _apply(self, catalogue: Catalogue, ids: list[int], folder: str) -> None:
        with _ours():
            articles, passages = (self._writer(of, folder) for of in _KINDS)
        for i in range(0, len(ids), _BATCH):
            chunk = ids[i : i + _BATCH]
            live = [(a, one, catalogue.passages_of(a)) for a, one in catalogue.live(chunk)]
            with _ours():
                # By query: deleting by a term takes a Python int for a signed number, and
                # finds nothing.
                those = tantivy.Query.term_set_query(fields_of(), "a", chunk)
                articles.delete_documents_by_query(those)
                passages.delete_documents_by_query(those)
                for a, article, cut in live:
                    articles.add_document(self._article_document(a, article))
                    for p, passage in cut:
                        passages.add_document(self._passage_document(a, p, article, passage))
        with _ours():
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
            terms = self._analyzer.analyze(spelt(f"{article.title}\n{words}"))
            document.add_text("stems", " ".join(stems(terms, article.language)))
        return document

    def rest(self) -> None:
        """Let go of what writing needs, so that another process may write."""
        for writer in self._writers.values():
            # What was not committed has failed already, or will be followed again.
            with contextlib.suppress(ArchiveDamaged, OSError), _ours():
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
        folder = self._bookmark.place(mark) / of
        if create:
            folder.mkdir(parents=True, exist_ok=True)
        # To open an index is to write a lock beside it; one that may only be read is opened
        # through links in a folder of our own.
        index = tantivy.Index(
            fields_of(of), str(folder if _writable(folder) else self._linked(folder))
        )
        index.register_tokenizer("news", self._analyzer)
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

    # Searching

    def terms(self, text: str, *, all_words: bool = False) -> list[str]:
        """Return the stems that a text is searched by, each once, in order."""
        return list(self._stemmed(text, all_words=all_words))

    def sequence(self, text: str) -> list[str]:
        """Return the stems of a text in their order, each as often as it stands there."""
        return list(self._analyzer.analyze(spelt(text)))

    def _stem(self, text: str, *, all_words: bool) -> tuple[str, ...]:
        if not all_words:
            tokens = self._plain.analyze(unified(text))
            frequent = stopwords_of(tokens)
            kept = [t for t in tokens if t not in frequent] or tokens
            text = " ".join(kept)
        same = self._same
        stemmed = self._analyzer.analyze(spelt(text))
        return tuple(dict.fromkeys([same[s][0] if s in same else s for s in stemmed]))

    def take_for_one(self, spelled: Iterable[str]) -> None:
        """Take spellings of one name for one word from now on, in texts and in questions.

        Their stem is that of the spelling which most articles have.
        """
        stems_of = {form: self._analyzer.analyze(spelt(form)) for form in spelled}
        single = {stem[0] for stem in stems_of.values() if len(stem) == 1}
        single |= {other for stem in single for other in self._same.get(stem, ())}
        ranked = tuple(sorted(single, key=lambda stem: (-self._counted(stem)[0], stem)))
        if len(ranked) > 1 and any(self._same.get(stem) != ranked for stem in ranked):
            self._same = self._same | dict.fromkeys(ranked, ranked)
            self._stemmed.cache_clear()

    def form_counts(self, prefix: str) -> list[tuple[str, int]]:
        """Return the forms that begin so, each with at least the number of its articles."""
        if not self.at:
            return []
        with _ours():
            return list(self._searcher("articles").terms_with_prefix("forms", prefix))

    def holding_forms(
        self, entries: Iterable[str], filters: Filters, without: Sequence[int]
    ) -> int:
        """Return how many articles that may be found hold all of some forms."""
        schema = fields_of()
        return self._counting(
            [tantivy.Query.term_query(schema, "forms", one, "basic") for one in entries],
            filters, without,
        )  # fmt: skip

    def holding_stem(self, term: str, filters: Filters, without: Sequence[int]) -> int:
        """Return how many articles that may be found hold a stem, in any spelling."""
        return self._counting([self._anywhere(term, "articles")], filters, without)

    def _counting(
        self, every: Iterable[tantivy.Query], filters: Filters, without: Sequence[int]
    ) -> int:
        if not self.at:
            return 0
        parts = [(tantivy.Occur.Must, query) for query in every]
        parts += _conditions(filters, "articles", without)
        with _ours():
            query = tantivy.Query.boolean_query(parts)
            return int(self._searcher("articles").search(query, limit=1, count=True).count)

    def search(
        self,
        terms: Iterable[str],
        of: Of,
        filters: Filters,
        k: int,
        without: Sequence[int] = (),
        among: Sequence[int] | None = None,
    ) -> list[Scored]:
        """Return the `k` articles or passages that fit best, by BM25 over headline and text.

        `without` are the numbers of articles that are left out; `among`, those that may be found.
        """
        terms = list(terms)
        if not terms or not self.at:
            return []
        query = _any_of(self._spelled(terms), self._other_stems(terms, of))
        parts = [(tantivy.Occur.Must, query), *_conditions(filters, of, without)]
        if among is not None:
            those = tantivy.Query.term_set_query(fields_of(), "a", list(among))
            parts.append((tantivy.Occur.Must, tantivy.Query.const_score_query(those, 0.0)))
        narrowed = tantivy.Query.boolean_query(parts)
        number = "a" if of == "articles" else "p"
        with _ours():
            searcher = self._searcher(of)
            found = searcher.search(narrowed, limit=k, count=False).hits
            ids = searcher.fast_field_values(number, [at for _, at in found])
        return [
            Scored(int(i), float(score))
            for i, (score, _) in zip(ids, found, strict=True)
            if i is not None
        ]

    def _other_stems(self, terms: list[str], of: Of) -> list[str]:
        """Return the stems of the words in the other languages that are held."""
        if not self.at:
            return []
        with _ours():
            searcher = self._searcher(of)
            held = [name for name in STEMMERS if searcher.doc_freq("language", name)]
        return [stem for language in held for stem in stems(terms, language)]

    def narrowing(self, labels: Labels, *, comments: bool) -> Narrowing:
        """Return what makes queries of conditions, as this index takes them."""
        return Narrowing(fields_of("articles"), self._alike, labels, comments=comments)

    def _alike(self, text: str) -> list[tuple[str, ...]]:
        """Return the stems of all words of a text, each with those that stand for it."""
        stemmed = self._analyzer.analyze(spelt(text))
        return [
            (stem, *self._other_stems([stem], "articles"), *self._same.get(stem, ()))
            for stem in stemmed
        ]

    def _spelled(self, terms: Iterable[str]) -> list[tuple[str, ...]]:
        """Return stems, each with those of its other spellings."""
        return [self._same.get(term, (term,)) for term in terms]

    def found_by(self, term: str, language: str | None) -> frozenset[str]:
        """Return what stands for a stem in texts of a language."""
        return self.in_language([term], language)

    def in_language(self, terms: Iterable[str], language: str | None) -> frozenset[str]:
        """Return stems, with those that they have in a language of their own."""
        terms = list(terms)
        return frozenset([*terms, *stems(terms, language)])

    def matching(
        self,
        query: tantivy.Query,
        filters: Filters,
        without: Sequence[int] = (),
        among: Sequence[int] | None = None,
    ) -> list[int]:
        """Return the numbers of all articles that a query finds within filters, `among` some."""
        if not self.at:
            return []
        parts = [(tantivy.Occur.Must, query), *_conditions(filters, "articles", without)]
        if among is not None:
            those = tantivy.Query.term_set_query(fields_of(), "a", list(among))
            parts.append((tantivy.Occur.Must, those))
        with _ours():
            searcher = self._searcher("articles")
            most = max(1, searcher.num_docs if among is None else len(among))
            narrowed = tantivy.Query.const_score_query(tantivy.Query.boolean_query(parts), 0.0)
            found = searcher.search(narrowed, limit=most, count=False).hits
            ids = searcher.fast_field_values("a", [at for _, at in found])
        return [int(a) for a in ids if a is not None]

    def holds(self, of: Of, number: int, terms: Iterable[str]) -> bool:
        """Tell whether an article or a passage can be found by all of these words."""
        schema = fields_of()
        numbered = tantivy.Query.term_query(schema, "a" if of == "articles" else "p", number)
        worded = (
            tantivy.Query.boolean_query(
                [
                    (tantivy.Occur.Should, tantivy.Query.term_query(schema, "text", one, "freq"))
                    for one in alike
                ]
            )
            for alike in self._spelled(terms)
        )
        query = tantivy.Query.boolean_query([(tantivy.Occur.Must, q) for q in (numbered, *worded)])
        with _ours():
            return bool(self._searcher(of).search(query, limit=1, count=False).hits)

    def holding_some(
        self,
        some: SomeWords,
        of: Of,
        filters: Filters,
        *,
        k: int,
        without: Sequence[int] = (),
    ) -> list[int]:
        """Return the articles or passages that hold some words, best first.

        `without` are the numbers of articles that are left out.
        """
        if not some.terms or not self.at:
            return []
        words = tantivy.Query.boolean_query(
            [(tantivy.Occur.Should, self._anywhere(term, of)) for term in some.terms],
            minimum_number_should_match=some.least,
        )
        narrowed = [(tantivy.Occur.Must, words), *_conditions(filters, of, without)]
        if some.runs:
            with_a_run = self._with_a_run(some.runs, narrowed, k)
            among = tantivy.Query.term_set_query(fields_of(), "a", with_a_run)
            worth = tantivy.Query.const_score_query(among, _A_RUN)
            narrowed.append((tantivy.Occur.Should, worth))
        with _ours():
            searcher = self._searcher(of)
            query = tantivy.Query.boolean_query(narrowed)
            found = searcher.search(query, limit=k, count=False).hits
            number = "a" if of == "articles" else "p"
            ids = searcher.fast_field_values(number, [at for _, at in found])
        return [int(i) for i in ids if i is not None]

    def _with_a_run(
        self, runs: Sequence[Sequence[str]], narrowed: list[tuple[tantivy.Occur, tantivy.Query]],
        k: int,
    ) -> list[int]:  # fmt: skip
        """Return the articles that hold most of some runs: places are kept of articles alone."""
        schema = fields_of("articles")
        phrases = [
            (tantivy.Occur.Should, tantivy.Query.phrase_query(schema, field, list(run)))
            for run in runs
            for field in _TITLE_AND_TEXT
        ]
        some = tantivy.Query.boolean_query(phrases, minimum_number_should_match=1)
        with _ours():
            searcher = self._searcher("articles")
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, some), *narrowed])
            found = searcher.search(query, limit=k, count=False).hits
            return [int(a) for a in searcher.fast_field_values("a", [at for _, at in found]) if a]

    def _anywhere(self, term: str, of: Of) -> tantivy.Query:
        """Return the query for a word in headline or text, in any spelling or language held."""
        ways = [(field, one) for one in self._same.get(term, (term,)) for field in _TITLE_AND_TEXT]
        ways += [("stems", stem) for stem in self._other_stems([term], of)]
        parts = [
            (tantivy.Occur.Should, tantivy.Query.term_query(fields_of(), field, word, "freq"))
            for field, word in ways
        ]
        return tantivy.Query.boolean_query(parts)

    def count(self, of: Of) -> int:
        """Return how many articles or passages are held."""
        with _ours():
            return int(self._searcher(of).num_docs)

    def frequency(self, term: str) -> tuple[int, int]:
        """Return how many articles hold a stem, and how many articles there are."""
        counts = [self._counted(stem) for stem in self._same.get(term, (term,))]
        held, there = (sum(held for held, _ in counts), counts[0][1])
        return min(held, there), there

    def _counted(self, term: str) -> tuple[int, int]:
        if not self.at:
            return 0, 0
        with _ours():
            searcher = self._searcher("articles")
            return max(searcher.doc_freq(f, term) for f in ("text", "title")), searcher.num_docs

    def holding(self, terms: Iterable[str], filters: Filters) -> list[Scored]:
        """Return every article that holds all of some stems, best first."""
        terms = list(terms)
        if not terms or not self.at:
            return []
        every = [(tantivy.Occur.Must, self._anywhere(term, "articles")) for term in terms]
        query = tantivy.Query.boolean_query([*every, *_conditions(filters, "articles", ())])
        with _ours():
            searcher = self._searcher("articles")
            found = searcher.search(query, limit=max(1, searcher.num_docs), count=False).hits
            ids = searcher.fast_field_values("a", [at for _, at in found])
        pairs = zip(ids, found, strict=True)
        return [Scored(int(a), float(score)) for a, (score, _) in pairs if a is not None]

    def _searcher(self, of: Of) -> tantivy.Searcher:
        with self._door:
            try:
                return self._searcher_at(self._bookmark.read(), of)
            except ValueError:  # perhaps it was built anew in this very moment
                return self._searcher_at(self._bookmark.read(), of)

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
def _ours() -> Iterator[None]:
    """Make tantivy's errors ours: it raises ValueError and, where a thread of it died, panics."""
    try:
        yield
    except BaseException as error:
        if "No space left" in str(error) or "File too large" in str(error):
            raise OSError(errno.ENOSPC, f"the index by words cannot grow: {error}") from error
        if isinstance(error, ValueError) or type(error).__name__ == "PanicException":
            raise ArchiveDamaged(
                f"the index by words cannot be used: {error}", "run `morgue rebuild words`"
            ) from error
        raise


def _writable(folder: Path) -> bool:
    return os.access(folder, os.W_OK, effective_ids=os.access in os.supports_effective_ids)


def _forms(article: Article, words: str, comments: str) -> str:
    """Return the words of an article as they are written: reported, only in comments, as a name."""
    reported = set(forms(f"{article.title}\n{words}"))
    kinds = (("w:", reported), ("c:", set(forms(comments)) - reported), ("n:", set(named(words))))
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


def _any_of(terms: Iterable[tuple[str, ...]], stemmed: Iterable[str]) -> tantivy.Query:
    """Return the query for any word, however it is spelled."""
    schema = fields_of()
    parts = []
    for alike in terms:
        titles = [tantivy.Query.term_query(schema, "title", term, "freq") for term in alike]
        title = _best(titles)
        parts.append((tantivy.Occur.Should, tantivy.Query.boost_query(title, _TITLE_WEIGHT)))
        texts = [tantivy.Query.term_query(schema, "text", term, "freq") for term in alike]
        parts.append((tantivy.Occur.Should, _best(texts)))
    for stem in stemmed:
        other = tantivy.Query.term_query(schema, "stems", stem, "freq")
        parts.append((tantivy.Occur.Should, other))
    return tantivy.Query.boolean_query(parts)


def _best(ways: Sequence[tantivy.Query]) -> tantivy.Query:
    return ways[0] if len(ways) == 1 else tantivy.Query.disjunction_max_query(list(ways))


def _conditions(
    filters: Filters, of: Of, without: Sequence[int]
) -> Iterator[tuple[tantivy.Occur, tantivy.Query]]:
    schema = fields_of()
    if without:
        yield tantivy.Occur.MustNot, tantivy.Query.term_set_query(schema, "a", list(without))
    for label, wanted in (
        ("outlet", filters.outlets),
        ("language", filters.languages),
        ("section", filters.sections),
        ("collection", filters.collections),
    ):
        if wanted:
            among = tantivy.Query.term_set_query(schema, label, list(wanted))
            yield tantivy.Occur.Must, tantivy.Query.const_score_query(among, 0.0)
    if of == "passages" and not filters.comments:
        comment = tantivy.Query.term_query(schema, "part", "comment", "basic")
        yield tantivy.Occur.MustNot, comment
    since, until = record.day_number(filters.since), record.day_number(filters.until)
    if since or until:
        dated = tantivy.Query.range_query(schema, "day", tantivy.FieldType.Unsigned, since, until)
        yield tantivy.Occur.Must, tantivy.Query.const_score_query(dated, 0.0)
    as_of = record.day_number(filters.as_of)
    if as_of:
        later = tantivy.Query.range_query(
            schema, "day", tantivy.FieldType.Unsigned, as_of, None, include_lower=False
        )
        yield tantivy.Occur.MustNot, later
