"""Whether two names may be one person's."""

import re

from ingest.language.name_spellings import keys
from ingest.language.speech import naming

_WORD = re.compile(r"[^\W\d_][\w’']*")


def same_person(one: str, other: str) -> bool:
    """Say whether two names may be one person's.

    Karin Vosse is neither Pieter Vosse nor Karin Holm; Vosse may be, and Karin Vosse Holm.
    """
    first, second = _names(one), _names(other)
    if not first or not second:
        return True  # "the school" is how a paper goes on about a university
    if not set(first) & set(second):
        return False
    if len(first) < 2 or len(second) < 2:
        return True
    if first[-1] != second[-1]:
        return first[-1] in second or second[-1] in first or not _are_two(first, second)
    return bool(set(first[:-1]) & set(second[:-1])) or _initials(first, second)


def _are_two(one: list[str], other: list[str]) -> bool:
    """Say whether the last names are two, and not one in two spellings (Zelensky, Zelenskyy)."""
    return keys(one[-1]).isdisjoint(keys(other[-1]))


def _initials(one: list[str], other: list[str]) -> bool:
    """Say whether a first name is the short form of the other: J. Smith, Jo Smith."""
    a, b = one[0].rstrip("."), other[0].rstrip(".")
    return a.startswith(b) or b.startswith(a) or (len(a) > 2 and a[:3] == b[:3])


def _names(name: str) -> list[str]:
    """Return the given and family names of a name, in lower case."""
    found = [word for word in _WORD.findall(name) if word[0].isupper()]
    return [word.casefold() for word in found if not naming.title(word)]
