"""A byline as it is given to the names in it: "Ada Marl und Ben Orr" are two."""

import re

from ingest.language import lexicon
from ingest.language.letter_case import UPPER

_BY = re.compile(r"(?:by|von|por|par)\s+(?=\S)", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*;\s*|\s+and\s+")
_JOINED = re.compile(rf"\s+(&|{lexicon.pattern('bylines.and')})\s+")
_PLACE = re.compile(rf"\s+(?:{lexicon.pattern('bylines.in')})\s+[{UPPER}].*")


def names_in(given: str) -> list[str]:
    """Return the names of a byline, without "by" and where it was written; `given` is one line.

    A word that joins names in one language stands within them in others ("Ortega y Gasset"):
    it parts them only between names of two words and more.
    """
    match = _BY.match(given)
    bare = given[match.end() :] if match else given
    return [_placeless(name) for one in _BETWEEN.split(bare) for name in _parted(one) if name]


def spoken(name: str) -> str:
    """Return "Ada Marl" of "Marl, Ada"."""
    last, comma, first = name.strip().partition(", ")
    return f"{first} {last}" if comma and "," not in first else name.strip()


_DIRECTORY = re.compile(
    rf"(?:[^\W\d_{UPPER}]+ ){{0,3}}[{UPPER}][\w'’-]*,"
    rf" (?:[{UPPER}][\w'’-]*(?: [{UPPER}][\w.'’-]*)?|[{UPPER}]\.(?:[ -]?[{UPPER}]\.){{0,3}})"
)


def of_sender(name: str) -> str:
    """Return a name as spoken, where a directory or a press database gives the last first."""
    return spoken(name) if _DIRECTORY.fullmatch(name.strip()) else name


def _parted(given: str) -> list[str]:
    first, *rest = _JOINED.split(given)
    names = [first]
    for joined_by, name in zip(rest[::2], rest[1::2], strict=True):
        if " " in name and " " in names[-1] and names[-1].count("(") == names[-1].count(")"):
            names.append(name)
        else:
            names[-1] = f"{names[-1]} {joined_by} {name}"
    return names


def _placeless(name: str) -> str:
    """Return a name of two words without where its bearer was."""
    found = _PLACE.search(name)
    return name[: found.start()] if found and " " in name[: found.start()] else name
