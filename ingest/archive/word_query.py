"""A query's conditions as the index by words takes them: who may fit, and whether that is exact.

What an index cannot tell (an exact phrase, one sentence, a speaker) it narrows down as far as it
can; nobody who fits is left out.
"""

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

import tantivy

from ingest.archive import record
from ingest.archive.conditions import Labels
from ingest.archive.query import (
    AllOf,
    AnyOf,
    Condition,
    FieldIs,
    PhraseIs,
    PrefixIs,
    PrintedIn,
    Together,
    Without,
    WordIs,
    all_of,
    conjuncts,
)
from ingest.archive.tokens import forms, spelt

_LABEL = {"outlet": "outlet", "section": "section", "lang": "language"}
_MUST, _SHOULD, _NOT = tantivy.Occur.Must, tantivy.Occur.Should, tantivy.Occur.MustNot


class Narrowed(NamedTuple):
    """A query that finds every article that fits; `exact` where it finds no other."""

    query: tantivy.Query
    exact: bool


class Narrowing:
    """Makes the queries of one search."""

    def __init__(
        self,
        schema: tantivy.Schema,
        stems: Callable[[str], Sequence[tuple[str, ...]]],
        labels: Labels,
        *,
        comments: bool,
    ) -> None:
        self._schema = schema
        self._stems = stems
        self._labels = labels
        self._texts = ("title", "text", "comments") if comments else ("title", "text")
        self._kinds = "wc" if comments else "w"

    def unproven(self, condition: Condition | None) -> Condition | None:
        """Return what of a condition must still be read in the article itself."""
        return all_of([part for part in conjuncts(condition) if not self.narrow(part).exact])

    def narrow(self, condition: Condition, *, within: bool = False) -> Narrowed:
        """Return the query of a condition; `within` a sentence what is not there proves nothing."""
        match condition:
            case AllOf(parts):
                made = [self.narrow(part, within=within) for part in parts]
                return Narrowed(self._every([one.query for one in made]), _exact(made))
            case AnyOf(parts):
                made = [self.narrow(part, within=within) for part in parts]
                return Narrowed(self._some([one.query for one in made]), _exact(made))
            case Without(part):
                left_out = self.narrow(part)
                if within or not left_out.exact:
                    return Narrowed(tantivy.Query.all_query(), False)
                every = (_MUST, tantivy.Query.all_query())
                return Narrowed(tantivy.Query.boolean_query([every, (_NOT, left_out.query)]), True)
            case Together(_, parts):
                made = [self.narrow(part, within=True) for part in parts]
                return Narrowed(self._every([one.query for one in made]), False)
        return self._leaf(condition)

    def _leaf(self, condition: Condition) -> Narrowed:
        match condition:
            case WordIs(text):
                return Narrowed(self._words(text, self._texts), True)
            case PrefixIs(text):
                begins = re.escape("".join(forms(text)))
                pattern = f"[{self._kinds}]:{begins}.*"
                return Narrowed(tantivy.Query.regex_query(self._schema, "forms", pattern), True)
            case PhraseIs(text, None):
                return Narrowed(self._phrase(text, self._texts), False)
            case PhraseIs(text):
                return Narrowed(self._words(text, self._texts), False)
            case PrintedIn(since, until):
                return Narrowed(self._days(since, until), True)
            case FieldIs():
                return self._field(condition)
        raise AssertionError(condition)

    def _field(self, condition: FieldIs) -> Narrowed:
        match condition.field:
            case "title" if condition.whole:
                return Narrowed(self._phrase(condition.value, ("title",)), False)
            case "title":
                return Narrowed(self._words(condition.value, ("title",)), True)
            case "author":
                return Narrowed(self._words(condition.value, ("author",)), False)
            case "speaker":
                return Narrowed(self._words(condition.value, ("title", "text")), False)
        named = sorted(self._labels.of(condition.field, condition.value))
        if not named:
            return Narrowed(tantivy.Query.empty_query(), True)
        field = _LABEL[condition.field]
        return Narrowed(tantivy.Query.term_set_query(self._schema, field, named), True)

    def _words(self, text: str, fields: Sequence[str]) -> tantivy.Query:
        """Return the query that finds all words, each by any of the stems that stand for it."""
        words = []
        for alike in self._stems(text):
            ways = [
                self._term(field, stem) for stem in alike if ":" not in stem for field in fields
            ]
            ways += [self._term("stems", stem) for stem in alike if ":" in stem]
            words.append(self._some(ways))
        return self._every(words)

    def _phrase(self, text: str, fields: Sequence[str]) -> tantivy.Query:
        """Return the query that finds words side by side, where the index keeps them so.

        Each of them is there as it is written, too: most of what has the stems in a row, in
        another inflection, need not be read.
        """
        printed = forms(text)
        if spelt(text, kept=True) != spelt(text) or any(len(form) > 40 for form in printed):
            return self._words(text, fields)
        stems = [stem for word in printed for stem, *_ in self._stems(word)]
        if len(stems) < 2:
            in_a_row = self._words(text, fields)
        else:
            in_a_row = self._some(
                [tantivy.Query.phrase_query(self._schema, field, list(stems)) for field in fields]
            )
        written = [
            self._some([self._term("forms", f"{kind}:{form}") for kind in self._kinds])
            for form in dict.fromkeys(printed)
        ]
        return self._every([in_a_row, *written])

    def _term(self, field: str, term: str) -> tantivy.Query:
        return tantivy.Query.term_query(self._schema, field, term, "freq")

    def _days(self, since: object, until: object) -> tantivy.Query:
        first, last = record.day_number(since), record.day_number(until)  # type: ignore[arg-type]
        kind = tantivy.FieldType.Unsigned
        return tantivy.Query.range_query(self._schema, "day", kind, first, last)

    def _every(self, queries: Sequence[tantivy.Query]) -> tantivy.Query:
        return tantivy.Query.boolean_query([(_MUST, query) for query in queries] or _ANY)

    def _some(self, queries: Sequence[tantivy.Query]) -> tantivy.Query:
        return tantivy.Query.boolean_query([(_SHOULD, query) for query in queries])


_ANY = [(_MUST, tantivy.Query.all_query())]


def _exact(made: Sequence[Narrowed]) -> bool:
    return all(one.exact for one in made)
