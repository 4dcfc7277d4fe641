"""Search by words: two tantivy indexes (whole articles, passages) that follow the catalogue."""

import json
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal, NamedTuple

import tantivy

from ingest.archive import record
from ingest.archive.catalogue import Catalogue
from ingest.archive.stopwords import STOPWORDS
from ingest.article import EVIDENCE, Article, Filters, Passage
from ingest.errors import ArchiveDamaged

Of = Literal["articles", "passages"]

LAYOUT = "1"
"""Raised when what is indexed changes, so that an older index is built anew."""

_HEAP = 64_000_000
_BATCH = 500
_TITLE_WEIGHT = 1.5
"""Tried 1, 1.5, 2 and 3 on the 86 questions of realtimeqa with gold."""


class Scored(NamedTuple):
    """An article's or a passage's number in the catalogue, and how well it fits."""

    id: int
    score: float


class Words:
    """The word indexes of an archive, in its folder `words`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._analyzer = _analyzer()
        self._plain = _plain()
        self._indexes: dict[Of, tantivy.Index] = {}
        self._writers: dict[Of, tantivy.IndexWriter] = {}
        self._seen = -1

    # Following

    @property
    def at(self) -> int:
        """The change number that the indexes have reached; 0 where they must be built anew."""
        try:
            kept = json.loads((self._folder / "at.json").read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return 0
        return int(kept["change"]) if kept.get("layout") == LAYOUT else 0

    def follow(self, catalogue: Catalogue) -> None:
        """Apply what the catalogue has since changed, then note the number reached."""
        at, until = self.at, catalogue.change
        if at == until and self._folder.exists():
            return
        if at < catalogue.log_from or not at:
            self.rebuild(catalogue)
            return
        changed = [i for _, i in catalogue.changed(at, ["article"])]
        self._apply(catalogue, changed)
        self._reached(until)

    def rebuild(self, catalogue: Catalogue) -> None:
        """Build both indexes anew from the catalogue's rows."""
        self.close()
        until = catalogue.change
        shutil.rmtree(self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True)
        rows = catalogue.connection.execute("SELECT a FROM articles").fetchall()
        self._apply(catalogue, [a for (a,) in rows])
        self._reached(until)

    def _apply(self, catalogue: Catalogue, ids: list[int]) -> None:
        articles, passages = self._writer("articles"), self._writer("passages")
        for i in range(0, len(ids), _BATCH):
            chunk = ids[i : i + _BATCH]
            for a in chunk:
                articles.delete_documents_by_term("a", a)
                passages.delete_documents_by_term("a", a)
            for a, article in catalogue.live(chunk):
                articles.add_document(_article_document(a, article))
                for p, passage in catalogue.passages_of(a):
                    passages.add_document(_passage_document(a, p, article, passage))
        articles.commit()
        passages.commit()

    def _reached(self, change: int) -> None:
        noted = self._folder / "at.json.new"
        noted.write_text(json.dumps({"change": change, "layout": LAYOUT}), encoding="utf-8")
        noted.replace(self._folder / "at.json")

    def close(self) -> None:
        """Let the indexes go; what was committed stays."""
        for writer in self._writers.values():
            writer.wait_merging_threads()
        self._writers.clear()
        self._indexes.clear()
        self._seen = -1

    def _writer(self, of: Of) -> tantivy.IndexWriter:
        if of not in self._writers:
            self._writers[of] = self._index(of, create=True).writer(_HEAP, 1)
        return self._writers[of]

    def _index(self, of: Of, *, create: bool = False) -> tantivy.Index:
        if of not in self._indexes:
            folder = self._folder / of
            if create:
                folder.mkdir(parents=True, exist_ok=True)
            try:
                index = tantivy.Index(_schema(), str(folder))
            except ValueError as error:
                raise ArchiveDamaged(
                    f"the index of {of} by words cannot be opened: {error}",
                    "run `morgue rebuild words`",
                ) from error
            index.register_tokenizer("news", self._analyzer)
            self._indexes[of] = index
        return self._indexes[of]

    # Searching

    def terms(self, text: str, *, all_words: bool = False) -> list[str]:
        """Return the stems that a text is searched by, each once, in order."""
        if all_words:
            return list(dict.fromkeys(self._analyzer.analyze(text)))
        tokens = self._plain.analyze(text)
        kept = [t for t in tokens if t not in STOPWORDS] or tokens
        return list(dict.fromkeys(self._analyzer.analyze(" ".join(kept))))

    def search(self, terms: Iterable[str], of: Of, filters: Filters, k: int) -> list[Scored]:
        """Return the `k` articles or passages that fit best, by BM25 over headline and text."""
        query = _any_of(terms)
        if query is None or not self.at:
            return []
        searcher = self._searcher(of)
        narrowed = tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, query), *_conditions(filters, of)]
        )
        found = searcher.search(narrowed, limit=k, count=False).hits
        ids = searcher.fast_field_values("a" if of == "articles" else "p", [at for _, at in found])
        return [
            Scored(int(i), float(score))
            for i, (score, _) in zip(ids, found, strict=True)
            if i is not None
        ]

    def frequency(self, term: str) -> tuple[int, int]:
        """Return how many articles hold a stem, and how many articles there are."""
        if not self.at:
            return 0, 0
        searcher = self._searcher("articles")
        return max(searcher.doc_freq(f, term) for f in ("text", "title")), searcher.num_docs

    def _searcher(self, of: Of) -> tantivy.Searcher:
        at = self.at
        if at != self._seen:
            for index in self._indexes.values():
                index.reload()
            self._seen = at
        return self._index(of).searcher()


def _analyzer() -> tantivy.TextAnalyzer:
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    for step in (
        tantivy.Filter.remove_long(60),
        tantivy.Filter.lowercase(),
        tantivy.Filter.ascii_fold(),
        tantivy.Filter.stemmer("english"),
    ):
        builder = builder.filter(step)
    return builder.build()


def _plain() -> tantivy.TextAnalyzer:
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.lowercase())
        .build()
    )


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for number in ("a", "p", "day"):
        builder.add_unsigned_field(number, indexed=True, fast=True)
    for label in ("outlet", "language", "section", "collection", "part"):
        builder.add_text_field(label, tokenizer_name="raw", index_option="basic")
    for text in ("title", "text"):
        builder.add_text_field(text, tokenizer_name="news", index_option="freq")
    return builder.build()


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
    document.add_text("title", article.title)
    return document


def _article_document(a: int, article: Article) -> tantivy.Document:
    document = _labelled(a, article)
    # What only readers wrote must not make an article look as if it reported it.
    document.add_text("text", "\n".join(record.words_of(article, EVIDENCE - {"headline"})))
    return document


def _passage_document(a: int, p: int, article: Article, passage: Passage) -> tantivy.Document:
    document = _labelled(a, article)
    document.add_unsigned("p", p)
    document.add_text("part", passage.part)
    document.add_text("text", article.text[passage.start : passage.end])
    return document


def _any_of(terms: Iterable[str]) -> tantivy.Query | None:
    schema = _schema()
    parts = []
    for term in terms:
        title = tantivy.Query.term_query(schema, "title", term, "freq")
        parts.append((tantivy.Occur.Should, tantivy.Query.boost_query(title, _TITLE_WEIGHT)))
        text = tantivy.Query.term_query(schema, "text", term, "freq")
        parts.append((tantivy.Occur.Should, text))
    return tantivy.Query.boolean_query(parts) if parts else None


def _conditions(filters: Filters, of: Of) -> Iterator[tuple[tantivy.Occur, tantivy.Query]]:
    schema = _schema()
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
