"""The words of an archive as a dictionary: other spellings of a name, and what was meant.

Spellings of one name (Zelensky, Zelenskyy, Зеленський) are found by the keys that the index keeps
beside each name; a word that stands nowhere is compared with those that do. What stands only where
a reader may not look is no word of theirs.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import process
from rapidfuzz.distance import OSA

from ingest.archive.catalogue import Catalogue
from ingest.archive.stopwords import STOPWORDS
from ingest.archive.tokens import forms
from ingest.archive.words import Words
from ingest.article import Filters
from ingest.language.name_spellings import keys
from ingest.language.word_spellings import other_spellings

_WORD = re.compile(r"[^\W\d_]+")
_LEAST = 5
"""Letters from which two spellings in one script are of one name; four between two scripts."""

_MOSTLY = 0.5
"""Share of its articles in which a word has a capital within a sentence, if it is a name."""

_SELDOM, _RARER = 2, 50
"""Articles in which a word may stand by chance, and how much more frequent what is meant is."""

_LONG = 6
"""Letters from which two may be wrong in a word; one in a shorter word."""

_BEGINNING = 4
"""Letters that all forms of one stem begin with."""

_COMPARED = 8
"""Words equally near of which it is looked up which stands with the others that are asked for."""


@dataclass(frozen=True, slots=True)
class Dictionary:
    """The words of an index in the articles that may be shown: of a scope, without some."""

    words: Words
    scope: Filters
    without: Sequence[int]

    def forms(self, prefix: str) -> list[tuple[str, int]]:
        """Return the forms that begin so, each with no fewer articles than may be shown."""
        return self.words.form_counts(prefix)

    def names(self, key: str) -> tuple[str, ...]:
        """Return the entries of the names that are spelled by a key."""
        return self.words.names(key)

    def holding(self, *entries: str) -> int:
        """Return how many articles hold all of some forms."""
        return self.words.holding_forms(entries, self.scope, self.without)

    def holding_stem(self, term: str) -> int:
        """Return how many articles hold a stem."""
        return self.words.holding_stem(term, self.scope, self.without)

    def terms(self, text: str) -> list[str]:
        """Return the stems of all words of a text."""
        return self.words.terms(text, all_words=True)


def shown_in(words: Words, catalogue: Catalogue, filters: Filters) -> Dictionary:
    """Return the words of an index as far as whoever asks may see where they stand."""
    scope = Filters(collections=filters.collections or filters.held)
    return Dictionary(words, scope, catalogue.embargoed())


def variants(there: Dictionary, text: str) -> dict[str, tuple[str, ...]]:
    """Return words of a text with their other spellings in the archive.

    Names as they are transliterated, and what two countries spell in two ways.
    """
    found: dict[str, tuple[str, ...]] = {}
    for word in dict.fromkeys(_WORD.findall(text)):
        if len(word) >= _LEAST - 1 and word.casefold() not in STOPWORDS:
            others = _variants(there, word) or _spelled_otherwise(there, word)
            if others:
                found[word] = others
    return found


def _spelled_otherwise(there: Dictionary, word: str) -> tuple[str, ...]:
    """Return the spellings of a word in the other English that the archive has."""
    own = there.terms(word)
    others = (form for form in other_spellings(word.lower()) if there.terms(form) != own)
    return tuple(form for form in others if _count(there, form))


def _variants(there: Dictionary, word: str) -> tuple[str, ...]:
    own = "".join(forms(word))
    counted: dict[str, int] = {}
    for key in keys(word):
        for entry in there.names(key):
            form = entry.rpartition(":")[2]
            counted[form] = max(there.holding(entry), counted.get(form, 0))
    as_own = counted.get(own, 0)
    if not _is_name(there, own, as_own) if as_own else _count(there, own):
        return ()  # the archive has it, and not as a name
    others = [form for form in counted if form != own and _comparable(own, form)]
    others = [form for form in others if _is_name(there, form, counted[form])]
    return tuple(sorted(others, key=lambda form: (-counted[form], form)))


def _comparable(own: str, other: str) -> bool:
    least = _LEAST if own.isascii() == other.isascii() else _LEAST - 1
    return min(len(own), len(other)) >= least


def _is_name(there: Dictionary, form: str, as_name: int) -> bool:
    return as_name > 0 and as_name >= _MOSTLY * _count(there, form)


def _count(there: Dictionary, form: str) -> int:
    return there.holding(f"w:{form}")


def corrections(there: Dictionary, text: str) -> dict[str, str]:
    """Return the words of a text that (next to) no article has, each with what may be meant.

    A word with a capital is taken for a name, and for a name only. Of equally near words it is the
    one that stands most of the time with the others that are asked for, as they are printed or, of
    others that are mistyped too, as they may be meant.
    """
    words = [w for w in dict.fromkeys(_WORD.findall(text)) if w.casefold() not in STOPWORDS]
    held = {word: _held(there, word) for word in words}
    known = {form: word for word in words if held[word] for form in _spelled(there, word)}
    mistyped = (word for word in words if len(word) > 3 and held[word] <= _SELDOM)
    near = {word: _nearest(there, word, held[word]) for word in mistyped}
    found: dict[str, str] = {}
    for word, meant in near.items():
        others = [form for form, typed in known.items() if typed != word]
        mistyped_too = [one for other in near if other != word for one in near[other]]
        chosen, stands = _beside(there, meant, [*others, *mistyped_too])
        if chosen and (stands or not others):
            found[word] = chosen.capitalize() if word[0].isupper() else chosen
    return found


def nowhere(there: Dictionary, text: str) -> list[str]:
    """Return the words of a text that no article has, in whatever inflection or spelling."""
    words = dict.fromkeys(_WORD.findall(text))
    return [w for w in words if w.casefold() not in STOPWORDS and not _held(there, w)]


def _held(there: Dictionary, word: str) -> int:
    """Return how many articles have a word, in whatever inflection or spelling."""
    stems = (there.holding_stem(term) for term in there.terms(word))
    return max(stems, default=0) or sum(_count(there, one) for one in _variants(there, word))


def _spelled(there: Dictionary, word: str) -> list[str]:
    """Return the forms in which a word is printed: as it is typed, else those of its stem."""
    others = _variants(there, word)
    printed = [form for form in forms(word) if _count(there, form)]
    if printed or others:
        return [*printed, *others]
    own, form = there.terms(word), "".join(forms(word))
    alike = (entry[2:] for entry, _ in there.forms(f"w:{form[:_BEGINNING]}"))
    return [one for one in alike if there.terms(one) == own and _count(there, one)]


def _nearest(there: Dictionary, word: str, held: int) -> dict[str, int]:
    """Return the words nearest to one that so many articles hold, each with its articles."""
    form = "".join(forms(word))
    there_may_be = [
        entry[2:]
        for entry, most in there.forms(f"w:{form[:1]}")
        if abs(len(entry) - 2 - len(form)) <= 2 and most > _RARER * held and entry[2:] != form
    ]
    far = 1 if len(form) < _LONG or held else 2
    near = process.extract(form, there_may_be, scorer=OSA.distance, score_cutoff=far, limit=None)
    counted = {one: _count(there, one) for one, _, _ in near}
    near = [one for one in near if counted[one[0]] > _RARER * held]
    if word[0].isupper():
        near = [one for one in near if _is_name(there, one[0], _as_name(there, one[0]))]
    best = min((distance for _, distance, _ in near), default=0)
    among = sorted((one for one, far, _ in near if far == best), key=lambda one: -counted[one])
    return {one: counted[one] for one in among[:_COMPARED]}


def _beside(
    there: Dictionary, meant: Mapping[str, int], others: Sequence[str]
) -> tuple[str | None, bool]:
    """Return which of some words stands most of its time with others, and whether it does."""
    beside = {
        one: sum(there.holding(f"w:{one}", f"w:{other}") for other in others) / (counted + 2)
        for one, counted in meant.items()
    }
    chosen = max(beside, key=lambda one: (beside[one], meant[one]), default=None)
    return chosen, chosen is not None and beside[chosen] > 0


def _as_name(there: Dictionary, form: str) -> int:
    """Return how many articles have a form with a capital within a sentence."""
    return max((there.holding(f"n:{key}:{form}") for key in keys(form)), default=0)


def replaced(text: str, meant: Mapping[str, str]) -> str:
    """Return a text with some of its words in the place of others."""
    return _WORD.sub(lambda found: meant.get(found[0], found[0]), text)


def groups(found: Mapping[str, tuple[str, ...]]) -> Iterator[list[str]]:
    """Yield the forms that are spellings of one name."""
    for word, others in found.items():
        yield ["".join(forms(word)), *others]
