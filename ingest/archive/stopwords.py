"""Words too frequent to search by, in the languages that archives here are mostly written in."""

from collections.abc import Collection
from functools import cache

from ingest.language import lexicon, news_words

STOPWORDS = lexicon.words("search.stopwords")
"""Kept short in the lexicon's files: a word is left out only where nearly every article has it.

A question made of nothing else is searched with all its words.
"""

_SURE = 2
"""Words of another language's, and not English, that a text in it has: "war in Ukraine" has one."""


def stopwords_of(words: Collection[str]) -> frozenset[str]:
    """Return the words too frequent to search by in a text of some words.

    What is one in some language and tells something in the text's own is none: who "die" in an
    English question, a "war".
    """
    return STOPWORDS - _telling(_language(frozenset(words)))


def _language(words: frozenset[str]) -> str:
    """Return the language whose own frequent words a text has most of, if they are several."""
    own = {one: len(words & _own(one) - _own("en")) for one in news_words.languages()}
    most = max(own, key=lambda one: own[one])
    english = words & _own("en") - _own(most)
    return most if own[most] >= _SURE and own[most] > len(english) else "en"


@cache
def _own(language: str) -> frozenset[str]:
    return lexicon.words("search.stopwords", language)


@cache
def _telling(language: str) -> frozenset[str]:
    return news_words.words_of(language) - _own(language)
