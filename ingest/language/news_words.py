"""Words that mean one thing in the news: within a language, and across those that are known.

They stand in a data file, a table each; the names of countries in another, which CLDR has.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from ingest.language.lexicon import plain

_FOLDER = Path(__file__).parent

Meaning = str
"""What the words of a table mean, by the table's name."""


@cache
def meanings() -> Mapping[Meaning, Mapping[str, tuple[str, ...]]]:
    """Return the words of each meaning, by language."""
    tables: dict[str, dict[str, str]] = {}
    for file in ("news_words.toml", "countries.toml"):
        tables |= tomllib.loads((_FOLDER / file).read_text("utf-8"))
    return {
        meaning: {language: tuple(plain(words).split()) for language, words in told.items()}
        for meaning, told in tables.items()
    }


@cache
def languages() -> tuple[str, ...]:
    """Return the languages whose words are known."""
    return tuple(sorted({language for told in meanings().values() for language in told}))


@cache
def words_of(language: str) -> frozenset[str]:
    """Return all the words of a language that mean something here."""
    return frozenset(word for told in meanings().values() for word in told.get(language, ()))
