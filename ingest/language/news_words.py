"""Words that mean one thing in the news: within a language, and across those that are known.

They stand in a data file, a table each; the names of countries and languages in another, which CLDR
has; those of days and months are the lexicon's.
"""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from ingest.language import lexicon
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
    known = {
        meaning: {language: tuple(plain(words).split()) for language, words in told.items()}
        for meaning, told in tables.items()
    }
    return known | _days_and_months({one for told in known.values() for one in told})


def _days_and_months(of: Iterable[str]) -> dict[Meaning, dict[str, tuple[str, ...]]]:
    found: dict[Meaning, dict[str, list[str]]] = {}
    for language in of:
        calendar = lexicon.calendar(language)
        for kind, forms in (("day", calendar.weekdays), ("month", calendar.months)):
            for form, number in forms.items():
                if form in calendar.certain:
                    told = found.setdefault(f"{kind}_{number}", {})
                    told.setdefault(language, []).append(form)
    return {
        meaning: {language: tuple(forms) for language, forms in told.items()}
        for meaning, told in found.items()
    }


def named_language(word: str) -> str | None:
    """Return the tag of the language that a word names: "Ukrainian", "español"."""
    return _names_of_languages().get(plain(word))


@cache
def _names_of_languages() -> Mapping[str, str]:
    names: dict[str, str] = {}
    for meaning, told in meanings().items():
        kind, _, tag = meaning.partition("language_")
        if tag and not kind:
            for words in told.values():
                names = dict.fromkeys(words, tag) | names
    return names


@cache
def languages() -> tuple[str, ...]:
    """Return the languages whose words are known."""
    return tuple(sorted({language for told in meanings().values() for language in told}))


@cache
def words_of(language: str) -> frozenset[str]:
    """Return all the words of a language that mean something here."""
    return frozenset(word for told in meanings().values() for word in told.get(language, ()))
