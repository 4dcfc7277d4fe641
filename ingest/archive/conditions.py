"""Whether an article fits a query, exactly, and where: by its own text, not by an index.

An index finds who may fit; what leaves the archive was read here. An exact phrase is compared by
the text that `normalise.fold` derives (case, kinds of quotation marks and dashes, spaces), and its
span is that of the printed words.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from ingest.archive.query import (
    AllOf,
    AnyOf,
    Condition,
    FieldIs,
    Leaf,
    PhraseIs,
    PrefixIs,
    PrintedIn,
    Together,
    Unit,
    Without,
    WordIs,
)
from ingest.archive.tokens import forms
from ingest.article import EVIDENCE, Article, Statement
from ingest.language.normalise import Folded, find, fold, may_stand
from ingest.language.sentences import sentences
from ingest.language.speech.statements import statements
from ingest.language.word_edges import is_spaced, whole_words

_WORD = re.compile(r"[^\W_]+")

Span = tuple[int, int]
Scope = tuple[Span, ...]


class Stemming(Protocol):
    """Says by which stems a word of a query is found in a text of a language."""

    def terms(self, text: str, *, all_words: bool = False) -> list[str]:
        """Return the stems of a text."""

    def found_by(self, term: str, language: str | None) -> frozenset[str]:
        """Return what stands for a stem in texts of a language."""

    def in_language(self, terms: Iterable[str], language: str | None) -> frozenset[str]:
        """Return stems, with those that they have in a language of their own."""


@dataclass(frozen=True, slots=True)
class Labels:
    """Which names of an archive's outlets, sections and languages a value of a field means."""

    of: Callable[[str, str], frozenset[str]]


class QueriedArticle:
    """An article as a query reads it: what was reported, and readers' comments if asked for."""

    def __init__(
        self, article: Article, stemming: Stemming, labels: Labels, *, comments: bool = False
    ) -> None:
        self.article = article
        self._stemming = stemming
        self._labels = labels
        wanted = EVIDENCE | {"comment"} if comments else EVIDENCE
        self._whole: Scope = tuple((p.start, p.end) for p in article.parts if p.part in wanted)
        self._stemmed: dict[Span, frozenset[str]] = {}
        self._wanted: dict[str, list[frozenset[str]]] = {}
        self._found: dict[str, tuple[Span, ...]] = {}

    def fits(self, condition: Condition | None) -> bool:
        """Tell whether the article fits."""
        return condition is None or self._holds(condition, self._whole)

    def marks(self, condition: Condition | None) -> tuple[Span, ...]:
        """Return the spans that fit, in order: phrases, sentences, paragraphs, what was said."""
        return tuple(sorted(set(self._marks(condition)))) if condition else ()

    # Whether

    def _holds(self, condition: Condition, scope: Scope) -> bool:
        match condition:
            case AllOf(parts):
                return all(self._holds(part, scope) for part in parts)
            case AnyOf(parts):
                return any(self._holds(part, scope) for part in parts)
            case Without(part):
                return not self._holds(part, scope)
            case Together(unit, parts):
                return any(True for _ in self._units(unit, parts, scope))
        return self._leaf(condition, scope)

    def _leaf(self, leaf: Leaf, scope: Scope) -> bool:
        match leaf:
            case FieldIs():
                return self._known(leaf, scope)
            case PrintedIn(since, until):
                day = self.article.date
                return day is not None and (since or day) <= day <= (until or day)
        return self._printed(leaf, scope)

    def _printed(self, condition: WordIs | PrefixIs | PhraseIs, scope: Scope) -> bool:
        text = self.article.text
        match condition:
            case WordIs(word):
                held = [self._stems_at(span) for span in scope]
                return all(
                    any(not stems.isdisjoint(alike) for stems in held)
                    for alike in self._alike(word)
                )
            case PrefixIs(beginning):
                begins = "".join(forms(beginning))
                return any(
                    form.startswith(begins)
                    for start, end in scope
                    for form in forms(text[start:end])
                )
        return any(True for _ in self._phrases(condition, scope))

    def _stems(self, text: str) -> frozenset[str]:
        terms = self._stemming.terms(text, all_words=True)
        return self._stemming.in_language(terms, self.article.language)

    def _stems_at(self, span: Span) -> frozenset[str]:
        """Return the stems of a stretch of the text; each word of a query is looked for there."""
        if span not in self._stemmed:
            self._stemmed[span] = self._stems(self.article.text[slice(*span)])
        return self._stemmed[span]

    def _alike(self, word: str) -> list[frozenset[str]]:
        """Return of each stem of a word what stands for it."""
        if word not in self._wanted:
            terms = self._stemming.terms(word, all_words=True)
            self._wanted[word] = [self._found_by(term) for term in terms]
        return self._wanted[word]

    def _found_by(self, term: str) -> frozenset[str]:
        return self._stemming.found_by(term, self.article.language)

    def _known(self, condition: FieldIs, scope: Scope) -> bool:
        value, article = condition.value, self.article
        match condition.field:
            case "title":
                if condition.whole:
                    return any(True for _ in printed_at(article.title, value))
                return self._names(value, article.title)
            case "author":
                return any(self._names(value, author) for author in article.authors)
            case "speaker":
                return any(_meet(span, scope) for span in self._said_by(value))
        known = {"outlet": article.outlet, "section": article.section, "lang": article.language}
        return known[condition.field] in self._labels.of(condition.field, value)

    def _names(self, value: str, name: str) -> bool:
        held = self._stems(name)
        wanted = self._stemming.terms(value, all_words=True)
        return bool(wanted) and all(not held.isdisjoint(self._found_by(term)) for term in wanted)

    # Where

    def _marks(self, condition: Condition) -> Iterator[Span]:
        match condition:
            case AllOf(parts) | AnyOf(parts):
                for part in parts:
                    yield from self._marks(part)
            case Together(unit, parts):
                yield from self._units(unit, parts, self._whole)
            case PhraseIs():
                yield from self._phrases(condition, self._whole)
            case FieldIs(field="speaker", value=value):
                yield from self._said_by(value)

    def _units(self, unit: Unit, parts: Sequence[Condition], scope: Scope) -> Iterator[Span]:
        """Yield the sentences or paragraphs that hold all of some conditions."""
        for start, end in scope:
            if unit == "sentence" and not self._may_hold(parts, (start, end)):
                continue
            for span in self._cut(unit, start, end):
                if all(self._holds(part, (span,)) for part in parts):
                    yield span

    def _may_hold(self, parts: Sequence[Condition], span: Span) -> bool:
        """Tell whether a sentence of a stretch may hold conditions: a word it lacks, none has.

        In scripts without spaces the pairs of characters of a sentence are not all the text's.
        """
        words = [part for part in parts if _is_of_words(part)]
        return not is_spaced(self.article.text[slice(*span)]) or all(
            self._holds(part, (span,)) for part in words
        )

    def _cut(self, unit: Unit, start: int, end: int) -> Iterator[Span]:
        if unit == "sentence":
            yield from sentences(self.article.text, start, end)
            return
        at = start
        for line in self.article.text[start:end].splitlines(keepends=True):
            words = line.strip()
            if words:
                first = at + line.index(words)
                yield first, first + len(words)
            at += len(line)

    def _phrases(self, phrase: PhraseIs, scope: Scope) -> Iterator[Span]:
        if phrase.apart is None:
            for first, last in self._printed_at(phrase.text):
                if any(start <= first and last <= end for start, end in scope):
                    yield first, last
            return
        for start, end in scope:
            text = self.article.text[start:end]
            spans = self._near(text, phrase.text, phrase.apart)
            yield from ((start + first, start + last) for first, last in spans)

    def _printed_at(self, phrase: str) -> tuple[Span, ...]:
        """Return where a phrase stands in the whole text; what is asked of it looks there."""
        if phrase not in self._found:
            printed = self.article.text
            spans = find(phrase, self._folded) if may_stand(phrase, printed) else ()
            self._found[phrase] = tuple(s for s in spans if whole_words(printed, *s))
        return self._found[phrase]

    def _near(self, text: str, words: str, apart: int) -> Iterator[Span]:
        """Yield the shortest stretches that hold all words, with at most some others among them."""
        wanted = self._stemming.terms(words, all_words=True)
        accepted = {stem: term for term in wanted for stem in self._found_by(term)}
        held = self._stems(text)
        if not wanted or any(held.isdisjoint(self._found_by(term)) for term in wanted):
            return
        places: dict[str, list[int]] = {term: [] for term in wanted}
        spans = list(_words_of(text))
        for n, (start, end) in enumerate(spans):
            for stem in self._stems(text[start:end]):
                if stem in accepted:
                    places[accepted[stem]].append(n)
        room = len(wanted) + apart
        for first, last in _windows(places, room):
            yield spans[first][0], spans[last][1]

    def _said_by(self, name: str) -> Iterator[Span]:
        for statement in self._statements:
            there = self.article.text[slice(*statement.speaker_at)] if statement.speaker_at else ""
            if statement.speaker and self._names(name, f"{statement.speaker} {there}"):
                yield statement.start, statement.end

    @cached_property
    def _folded(self) -> Folded:
        return fold(self.article.text)

    @cached_property
    def _statements(self) -> tuple[Statement, ...]:
        return statements(self.article.text, self.article.parts)


def _is_of_words(condition: Condition) -> bool:
    """Tell whether what holds a condition makes all that holds that hold it too."""
    match condition:
        case AllOf(parts) | AnyOf(parts):
            return all(map(_is_of_words, parts))
    return isinstance(condition, WordIs | PrefixIs)


def printed_at(text: str, phrase: str) -> Iterator[Span]:
    """Yield where a phrase stands in a text as it is printed, no word of it cut in two."""
    for start, end in find(phrase, text):
        if whole_words(text, start, end):
            yield start, end


def _meet(span: Span, scope: Scope) -> bool:
    return any(span[0] < end and start < span[1] for start, end in scope)


def _words_of(text: str) -> Iterator[Span]:
    return (word.span() for word in _WORD.finditer(text))


def _windows(places: dict[str, list[int]], room: int) -> Iterator[Span]:
    """Yield the first and last word of stretches of at most `room` words that hold each term."""
    last = -1
    for first in sorted(n for held in places.values() for n in held):
        if first <= last:
            continue
        nexts = []
        for held in places.values():
            i = bisect_left(held, first)
            if i == len(held):
                return
            nexts.append(held[i])
        if min(nexts) == first and max(nexts) - first < room:
            last = max(nexts)
            yield first, last
