"""Other words for those of a question: of the same meaning, and as other languages have them.

A question asks who died; the article says who was killed, or says it in another language. What
they have in common are names, numbers and what a table of the news's words knows (`news_words`).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from math import log

from assistant.understand.coreference import names
from ingest.archive import Archive
from ingest.archive.tokens import STEMMERS, forms, stems
from ingest.language import lexicon, name_spellings, news_words
from ingest.language.letter_case import UPPER
from ingest.language.lexicon import plain

_FEW = 0.1
"""Share of an archive's articles up to which a name is seldom."""

_STEM, _ENDING = 4, 3
"""Letters of a name at least, and of the ending that it is declined by at most."""

_WORD = re.compile(r"[^\W\d_]+(?:['’ʼ][^\W\d_]+)?")
_ENDED = re.compile(r"[.?!:;…]\W*\Z")
_CAPITAL = re.compile(rf"\b[{UPPER}][\w’'-]+")

Key = str
"""A stem by which a word is found in texts of a language: the archive's, or the language's own."""


def language_of(question: str) -> str:
    """Return the language that most words of a question are known of; English where none is."""
    words = frozenset(plain(word) for word in _WORD.findall(question))
    held = {one: len(words & _known_words(one)) for one in news_words.languages()}
    return max(held, key=lambda one: (held[one], one == "en"))


def words_that_ask(question: str) -> str:
    """Return the words of a question that only ask: no text in another language prints them."""
    asks = _asking(language_of(question))
    return " ".join(word for word in _WORD.findall(question) if asks.fullmatch(word))


@cache
def _asking(language: str) -> re.Pattern[str]:
    groups = ("asks", "begins", "does", "speech")
    words = (lexicon.words(f"questions.{one}", language) for one in groups)
    return re.compile(lexicon.any_of(frozenset[str]().union(*words)), re.IGNORECASE)


@cache
def _known_words(language: str) -> frozenset[str]:
    asking = lexicon.words("questions.asks", language) | lexicon.words("questions.begins", language)
    frequent = lexicon.words("search.stopwords", language)
    return frequent.union(asking, news_words.words_of(language))


def keys(archive: Archive, text: str, language: str | None) -> frozenset[Key]:
    """Return the stems of a text, with those that its own language gives its words."""
    found = frozenset(archive.stems(text, all_words=True))
    return found.union(stems(forms(text), language)) if language in STEMMERS else found


def other_words(archive: Archive, question: str, language: str) -> Mapping[Key, str]:
    """Return by which keys the words of a question are found besides their own stems.

    In texts of a language; each with the stem in the question that it stands for.
    """
    own = language_of(question)
    found: dict[Key, str] = {}
    for word in forms(question):
        stem = next(iter(archive.stems(word)), None)
        if stem is None:
            continue
        same = keys(archive, word, own)
        if own == language:
            found.update(dict.fromkeys(same - {stem}, stem))
        for meaning in _meant(archive, same, own):
            for other in news_words.meanings()[meaning].get(language, ()):
                for key in keys(archive, other, language):
                    found.setdefault(key, stem)
    return found


def in_other_languages(
    archive: Archive, question: str
) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """Return a question's words as the other languages of an archive have them, and which.

    None where all of it is in the question's own.
    """
    own = language_of(question)
    there = archive.counts.overview().languages.keys() & set(news_words.languages()) - {own}
    words = [
        other
        for word in forms(question)
        for meaning in _meant(archive, keys(archive, word, own), own)
        for language, others in news_words.meanings()[meaning].items()
        if language in there
        for other in others
    ]
    return (tuple(dict.fromkeys(words)), tuple(sorted(there))) if there else None


def seldom(archive: Archive, stems: Iterable[str]) -> frozenset[str]:
    """Return those of some stems that few articles have: an archive's own country goes unsaid."""
    articles = archive.counts.overview().articles
    return frozenset(
        stem
        for stem in stems
        if archive.rarity(stem) > log((articles + 201) / (_FEW * articles + 1))
    )


def known_languages(archive: Archive) -> list[str]:
    """Return the languages of an archive whose words are known."""
    return [one for one in archive.counts.overview().languages if one in news_words.languages()]


def named_stems(archive: Archive, text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the stems of names and numbers that mean nothing else, and those of seldom ones.

    In German every noun is written as a name is.
    """
    told = names(text)
    known = news_words.words_of(language_of(text))
    alone = [word for word in _words_named(text, told) if plain(word) not in known]
    proper, everything = (
        archive.stems(" ".join(words)) for words in (alone, _words_named(text, told))
    )
    return frozenset(proper), seldom(archive, everything)


def surely_named(archive: Archive, text: str) -> frozenset[str]:
    """Return the stems of names and numbers, but of no single word that begins a sentence.

    "Approximately" is written as a name is.
    """
    told = [name for name in names(text) if " " in name or not _begins(name, text)]
    return frozenset(archive.stems(" ".join(_words_named(text, told))))


def _words_named(text: str, told: Iterable[str]) -> list[str]:
    named = [word for name in told for word in name.split()]
    return named + [word for word in re.findall(r"\w+", text) if word[0].isdigit()]


def _begins(name: str, text: str) -> bool:
    """Tell whether a word stands only where a sentence begins."""
    there = [found.start() for found in re.finditer(rf"\b{re.escape(name)}\b", text)]
    return all(not text[:at].strip() or _ENDED.search(text[:at]) for at in there)


def spelled_names(archive: Archive, told: Iterable[str]) -> Mapping[str, str]:
    """Return the stem of each word of some names by how it is spelled, whatever its letters."""
    found: dict[str, str] = {}
    for word in (word for name in told for word in name.split()):
        for stem in archive.stems(word)[:1]:
            found.update(dict.fromkeys(name_spellings.keys(word), stem))
    return found


def names_in_other_letters(text: str, spelled: Mapping[str, str]) -> set[str]:
    """Return the stems of the names that a text has, spelled alike but for how they end.

    "Гревдалі" is Grevdal, declined.
    """
    found: set[str] = set()
    for word in _CAPITAL.findall(text):
        for key in name_spellings.keys(word):
            for other, stem in spelled.items():
                short, long = sorted((key, other), key=len)
                declined = len(long) - len(short) <= _ENDING and long.startswith(short)
                if len(short) >= _STEM and declined:
                    found.add(stem)
    return found


def _meant(archive: Archive, of_word: Iterable[Key], language: str) -> Iterator[str]:
    known = _meaning_of(language)
    told = (meaning for key in of_word for meaning in known(archive).get(key, ()))
    yield from dict.fromkeys(told)


class _Meanings:
    """The meanings of a language's words by their keys, read once."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.by_key: dict[Key, list[str]] = {}

    def __call__(self, archive: Archive) -> Mapping[Key, list[str]]:
        if not self.by_key:
            for meaning, told in news_words.meanings().items():
                for word in told.get(self.language, ()):
                    for key in keys(archive, word, self.language):
                        self.by_key.setdefault(key, []).append(meaning)
        return self.by_key


@cache
def _meaning_of(language: str) -> _Meanings:
    return _Meanings(language)
