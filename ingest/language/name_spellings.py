"""Tell which spellings are of one name: transliterated, with and without marks.

The rules are data (name_spellings.toml): Zelensky, Zelenskyy, Zelenskiy and Зеленський have a key
in common, Smith and Smyth have none.
"""

import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

_CYRILLIC = re.compile("[\u0400-\u052f]")
_LATIN = re.compile("[a-z]+")
_APOSTROPHES = re.compile("['’ʼ‘`´′]")


@lru_cache(maxsize=50_000)
def keys(word: str) -> frozenset[str]:
    """Return what all spellings of a name share, at least one of it; nothing for other scripts."""
    plain = _APOSTROPHES.sub("", word.casefold())
    ways = (plain,) if plain.isascii() else _latin(plain)
    return frozenset(key for latin in ways if (key := _key(latin)))


def _latin(word: str) -> Iterator[str]:
    """Yield a word in Latin letters, as many ways as its letters leave open."""
    if not _CYRILLIC.search(word):
        yield word
        digraphs = _rules()["digraphs"]
        if any(letter in digraphs for letter in word):
            yield "".join(digraphs.get(letter, letter) for letter in word)
        return
    for letters in _rules()["latin"].values():
        if all(letter in letters for letter in word):
            yield "".join(letters[letter] for letter in word)


def _key(latin: str) -> str:
    bare = latin if latin.isascii() else _without_marks(latin)
    if not _LATIN.fullmatch(bare):
        return ""
    if not _any_of_the_same().search(bare):
        return bare
    for written, same in _same():
        bare = written.sub(same, bare)
    return bare


def _without_marks(latin: str) -> str:
    letters = unicodedata.normalize("NFKD", latin)
    return "".join(c for c in letters if not unicodedata.combining(c))


@cache
def _any_of_the_same() -> re.Pattern[str]:
    """Match where any rule may begin to change a name: most names none does."""
    return re.compile("|".join(f"(?:{written.pattern})" for written, _ in _same()))


@cache
def _same() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(rule["written"]), rule["as"]) for rule in _rules()["same"])


@cache
def _rules() -> Mapping[str, Any]:
    file = Path(__file__).with_suffix(".toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))
