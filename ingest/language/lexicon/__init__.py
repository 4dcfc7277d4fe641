"""Look words up by what they are in a language: one data file a language, read once.

What a language has is what stands in its file, and `supports` says so: a caller that needs
negations of a language without any has to do without, not to guess from English.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

FEATURES = (
    "months", "weekdays", "dates", "numbers", "ordinals", "negations", "hedges", "reporting",
    "pronouns", "titles", "abbreviations", "sentences", "names", "measures", "percent",
    "questions", "follow_ups", "courtesy", "periods",
)  # fmt: skip
"""What may be known of a language; "dates" are the words around them: "last", "in", "ago".

"questions" are the words by which one asks, "follow_ups" those that point back, "courtesy" what
asks nothing, "periods" the words around the time that a question names.
"""

_ESSENTIAL = {
    "dates": "ago", "questions": "begins", "follow_ups": "back", "courtesy": "thanks",
    "periods": "since",
}  # fmt: skip
"""The group of a feature without which a language has too little of it."""

_FOLDER = Path(__file__).parent
_APOSTROPHES = re.compile("[’ʼ‘`´]")


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageCalendar:
    """The months (from 1) and weekdays (from 0, Monday) of a language, by each of their forms.

    `certain` are the forms that name nothing else in it: the others ("may", "sun", and every
    shortened one) count only beside a day or a year, and written as a name where names are.
    `month_names` are the months as a date prints them.
    """

    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    certain: frozenset[str]
    month_names: tuple[str, ...]


def plain(word: str) -> str:
    """Return a word as it is looked up: in lower case, its apostrophes all alike."""
    return _APOSTROPHES.sub("'", word.lower())


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that have a file, by their tags."""
    return tuple(sorted(file.stem for file in _FOLDER.glob("*.toml")))


@cache
def section(language: str, name: str) -> Mapping[str, Any]:
    """Return a section of a language's file as it stands there; empty where there is none."""
    return MappingProxyType(_file(language).get(name, {}))


def supports(language: str | None, feature: str) -> bool:
    """Say whether a language's file has what a feature needs; see `FEATURES`."""
    if feature not in FEATURES:
        raise ValueError(f"no feature of a language is named {feature!r}; known: {FEATURES}")
    if language is None:
        return False
    if feature in {"months", "weekdays"}:
        return bool(section(language, "calendar"))
    if feature in _ESSENTIAL:
        return _ESSENTIAL[feature] in section(language, feature)
    return any(section(language, feature).values())


@cache
def words(feature: str, *of: str) -> frozenset[str]:
    """Return the words of a feature, or of one group of it: "titles", "titles.she".

    `of` are the languages meant, all of them where none is named.
    """
    name, _, group = feature.partition(".")
    found: set[str] = set()
    for language in of or languages():
        for key, value in section(language, name).items():
            if not group or key == group:
                found.update(_listed(value))
    return frozenset(found)


@cache
def group_of(feature: str, *of: str) -> Mapping[str, str]:
    """Return for each word of a feature the group that it stands in: "her" to "she"."""
    return MappingProxyType(
        {
            word: key
            for language in of or languages()
            for key, value in section(language, feature).items()
            for word in _listed(value)
        }
    )


@cache
def calendar(language: str) -> LanguageCalendar:
    """Return the months and weekdays of a language; empty where it has no file."""
    told, more = section(language, "calendar"), section(language, "dates")
    also = {plain(word) for word in str(more.get("also_words", "")).split()}
    months = _numbered(told.get("months", ()), 1) | _numbered(more.get("months_more", ()), 1)
    days = _numbered(told.get("weekdays", ()), 0) | _numbered(more.get("weekdays_more", ()), 0)
    short = {
        **_numbered(told.get("months_short", ()), 1),
        **_numbered(more.get("months_short_more", ()), 1),
    }
    short_days = {
        **_numbered(told.get("weekdays_short", ()), 0),
        **_numbered(more.get("weekdays_short_more", ()), 0),
    }
    return LanguageCalendar(
        months=MappingProxyType(short | months),
        weekdays=MappingProxyType(short_days | days),
        certain=frozenset((months.keys() | days.keys()) - also),
        month_names=tuple(forms.split()[0] for forms in told.get("months", ())),
    )


@cache
def month_numbers() -> Mapping[str, int]:
    """Return every language's months by their forms, for a date that stands by itself.

    What two languages mean differently is left out: "listopada" is November in Polish and
    October in Croatian.
    """
    meant: dict[str, set[int]] = {}
    for language in languages():
        for form, number in calendar(language).months.items():
            meant.setdefault(form, set()).add(number)
    return MappingProxyType({form: min(ns) for form, ns in meant.items() if len(ns) == 1})


def any_of(words: Iterable[str]) -> str:
    """Return a pattern of any of some words, the longest first; of none, what never is.

    "word*" may end in more letters. Those that begin alike stand together, so that a text is
    held against a letter where it would be against every word.
    """
    longest = sorted(words, key=lambda word: (-len(word), word))
    if any(word[:1] != word[:1].lower() for word in longest):
        return "|".join(map(_escaped, longest))  # where case does not count, the order does
    alike: dict[str, list[str]] = {}
    for word in longest:
        letter = word[:1] if word[:1].isalpha() else ""
        alike.setdefault(letter, []).append(_escaped(word.removeprefix(letter)))
    every = (f"{letter}(?:{'|'.join(rest)})" for letter, rest in alike.items())
    return "|".join(every) or "(?!)"


def pattern(*features: str, of: Iterable[str] = ()) -> str:
    """Return a pattern of any word of some features or groups; `of` as in `words`."""
    return any_of(frozenset[str]().union(*(words(feature, *of) for feature in features)))


def having(feature: str) -> tuple[str, ...]:
    """Return the languages that have a feature."""
    return tuple(language for language in languages() if supports(language, feature))


def _escaped(word: str) -> str:
    escaped = re.escape(word).replace("'", "['’ʼ]").replace(r"\ ", r"\s+")
    return escaped.replace(r"\*", r"\w*")


def _numbered(names: Any, first: int) -> dict[str, int]:
    return {
        plain(form): number for number, forms in enumerate(names, first) for form in forms.split()
    }


def _listed(value: Any) -> list[str]:
    if isinstance(value, bool):
        return []
    return [plain(one) for one in (value.split() if isinstance(value, str) else value)]


@cache
def _file(language: str) -> dict[str, Any]:
    if language not in languages():
        return {}
    return tomllib.loads((_FOLDER / f"{language}.toml").read_text("utf-8"))
