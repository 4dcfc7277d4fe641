"""Search by words: what the indexes that follow the catalogue are asked."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import tantivy

from ingest.archive import record
from ingest.archive.bookmark import Reached
from ingest.archive.conditions import Labels
from ingest.archive.stopwords import stopwords_of
from ingest.archive.tokens import STEMMERS, spelt, stems, unified
from ingest.archive.word_fields import Of, fields_of, plain_analyzer
from ingest.archive.word_index import WordIndexes, index_errors
from ingest.archive.word_query import Narrowing
from ingest.article import Filters
from ingest.compute_slots import OutsideCalls

_STEMMED = 4_096
"""Texts whose stems are kept: the parts of a question are held against the same sentences."""

_COUNTED = 4_096
"""Counts that are kept: each step of an answer asks of the same words who holds them."""

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


class _Held(NamedTuple):
    """Which articles are counted: those that hold forms and a stem, of those that may be found."""

    forms: tuple[str, ...]
    stem: str
    filters: Filters
    without: tuple[int, ...]


class Words(WordIndexes):
    """The words of an archive, searched: articles and passages that hold them, best first."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._plain = plain_analyzer()
        self._stemmed = lru_cache(maxsize=_STEMMED)(self._stem)
        self._counts = lru_cache(maxsize=_COUNTED)(self._count)
        self._named = lru_cache(maxsize=_COUNTED)(self._forms_named)
        self._languages = lru_cache(maxsize=2)(self._languages_held)
        self._same: dict[str, tuple[str, ...]] = {}
        self._searches = OutsideCalls()

    def terms(self, text: str, *, all_words: bool = False) -> list[str]:
        """Return the stems that a text is searched by, each once, in order."""
        return list(self._stemmed(text, all_words=all_words))

    def sequence(self, text: str) -> list[str]:
        """Return the stems of a text in their order, each as often as it stands there."""
        return list(self.analyzer.analyze(spelt(text)))

    def _stem(self, text: str, *, all_words: bool) -> tuple[str, ...]:
        if not all_words:
            tokens = self._plain.analyze(unified(text))
            frequent = stopwords_of(tokens)
            kept = [t for t in tokens if t not in frequent] or tokens
            text = " ".join(kept)
        same = self._same
        stemmed = self.analyzer.analyze(spelt(text))
        return tuple(dict.fromkeys([same[s][0] if s in same else s for s in stemmed]))

    def take_for_one(self, spelled: Iterable[str]) -> None:
        """Take spellings of one name for one word from now on, in texts and in questions.

        Their stem is that of the spelling which most articles have.
        """
        stems_of = {form: self.analyzer.analyze(spelt(form)) for form in spelled}
        single = {stem[0] for stem in stems_of.values() if len(stem) == 1}
        single |= {other for stem in single for other in self._same.get(stem, ())}
        ranked = tuple(sorted(single, key=lambda stem: (-self._counted(stem)[0], stem)))
        if len(ranked) > 1 and any(self._same.get(stem) != ranked for stem in ranked):
            self._same = self._same | dict.fromkeys(ranked, ranked)
            self._stemmed.cache_clear()
            self._counts.cache_clear()

    def form_counts(self, prefix: str) -> list[tuple[str, int]]:
        """Return the forms that begin so, each with at least the number of its articles."""
        if not self.at:
            return []
        with index_errors():
            return list(self.searcher("articles").terms_with_prefix("forms", prefix))

    def names(self, key: str) -> tuple[str, ...]:
        """Return the entries of the names that are spelled by a key."""
        return self._named(self.bookmark.read(), key)

    def _forms_named(self, mark: Reached, key: str) -> tuple[str, ...]:
        """Find names in what was followed up to a mark."""
        return tuple(entry for entry, _ in self.form_counts(f"n:{key}:")) if mark.change else ()

    def holding_forms(
        self, entries: Iterable[str], filters: Filters, without: Sequence[int]
    ) -> int:
        """Return how many articles that may be found hold all of some forms."""
        held = _Held(tuple(entries), "", filters, tuple(without))
        return self._counts(self.bookmark.read(), held)

    def holding_stem(self, term: str, filters: Filters, without: Sequence[int]) -> int:
        """Return how many articles that may be found hold a stem, in any spelling."""
        return self._counts(self.bookmark.read(), _Held((), term, filters, tuple(without)))

    def _count(self, mark: Reached, held: _Held) -> int:
        """Count in what was followed up to a mark: until it moves, it is the same."""
        if not mark.change:
            return 0
        schema = fields_of()
        every = [tantivy.Query.term_query(schema, "forms", one, "basic") for one in held.forms]
        every += [self._anywhere(held.stem, "articles")] if held.stem else []
        parts = [(tantivy.Occur.Must, query) for query in every]
        parts += _conditions(held.filters, "articles", held.without)
        with index_errors():
            query = tantivy.Query.boolean_query(parts)
            return int(self.searcher("articles").search(query, limit=1, count=True).count)

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
        with index_errors():
            searcher = self.searcher(of)
            found = self._best(searcher, narrowed, k)
            ids = searcher.fast_field_values(number, [at for _, at in found])
        return [
            Scored(int(i), float(score))
            for i, (score, _) in zip(ids, found, strict=True)
            if i is not None
        ]

    def _other_stems(self, terms: list[str], of: Of) -> list[str]:
        """Return the stems of the words in the other languages that are held."""
        held = self._languages(self.bookmark.read(), of)
        return [stem for language in held for stem in stems(terms, language)]

    def _languages_held(self, mark: Reached, of: Of) -> tuple[str, ...]:
        """Return the languages with stems of their own in what was followed up to a mark."""
        if not mark.change:
            return ()
        with index_errors():
            searcher = self.searcher(of)
            return tuple(name for name in STEMMERS if searcher.doc_freq("language", name))

    def narrowing(self, labels: Labels, *, comments: bool) -> Narrowing:
        """Return what makes queries of conditions, as this index takes them."""
        return Narrowing(fields_of("articles"), self._alike, labels, comments=comments)

    def _alike(self, text: str) -> list[tuple[str, ...]]:
        """Return the stems of all words of a text, each with those that stand for it."""
        stemmed = self.analyzer.analyze(spelt(text))
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
        with index_errors():
            searcher = self.searcher("articles")
            most = max(1, searcher.num_docs if among is None else len(among))
            narrowed = tantivy.Query.const_score_query(tantivy.Query.boolean_query(parts), 0.0)
            found = self._best(searcher, narrowed, most)
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
        with index_errors():
            return bool(self.searcher(of).search(query, limit=1, count=False).hits)

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
        with index_errors():
            searcher = self.searcher(of)
            query = tantivy.Query.boolean_query(narrowed)
            found = self._best(searcher, query, k)
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
        with index_errors():
            searcher = self.searcher("articles")
            query = tantivy.Query.boolean_query([(tantivy.Occur.Must, some), *narrowed])
            found = self._best(searcher, query, k)
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

    def _best(
        self, searcher: tantivy.Searcher, query: tantivy.Query, most: int
    ) -> list[tuple[float, tantivy.DocAddress]]:
        """Return what fits a query best. It takes long in a large index: others compute then."""
        with self._searches.one():
            found: list[tuple[float, tantivy.DocAddress]]
            found = searcher.search(query, limit=most, count=False).hits
        return found

    def count(self, of: Of) -> int:
        """Return how many articles or passages are held."""
        with index_errors():
            return int(self.searcher(of).num_docs)

    def frequency(self, term: str) -> tuple[int, int]:
        """Return how many articles hold a stem, and how many articles there are."""
        counts = [self._counted(stem) for stem in self._same.get(term, (term,))]
        held, there = (sum(held for held, _ in counts), counts[0][1])
        return min(held, there), there

    def _counted(self, term: str) -> tuple[int, int]:
        if not self.at:
            return 0, 0
        with index_errors():
            searcher = self.searcher("articles")
            return max(searcher.doc_freq(f, term) for f in ("text", "title")), searcher.num_docs

    def holding(self, terms: Iterable[str], filters: Filters) -> dict[int, float]:
        """Return every article that holds all of some stems, with how well, best first."""
        terms = list(terms)
        if not terms or not self.at:
            return {}
        every = [(tantivy.Occur.Must, self._anywhere(term, "articles")) for term in terms]
        query = tantivy.Query.boolean_query([*every, *_conditions(filters, "articles", ())])
        with index_errors():
            searcher = self.searcher("articles")
            found = self._best(searcher, query, max(1, searcher.num_docs))
            ids = searcher.fast_field_values("a", [at for _, at in found])
        return dict(zip(ids, [score for score, _ in found], strict=True))


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
