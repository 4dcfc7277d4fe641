"""Tell what kind of thing a question asks for, a number, a time or a name, and what holds one."""

import re
from functools import cache

from ingest.language import lexicon

_YEAR = r"\b(?:1[5-9]|20)\d\d\b"
_NAME = re.compile(r"\b[A-ZÀ-ÖØ-ÞА-ЯІЇЄҐ][\w’'-]+")
_CLAUSE = rf"(?:^|[,;:] |\b(?:{lexicon.pattern('questions.and')}) )"

_ASKS = {
    "number": re.compile(rf"\b(?:{lexicon.pattern('questions.number')})\b", re.IGNORECASE),
    "time": re.compile(
        rf"\b(?:{lexicon.pattern('questions.time')})\b"
        rf"|{_CLAUSE}(?:{lexicon.pattern('questions.time_first')})\b",
        re.IGNORECASE,
    ),
    "name": re.compile(rf"\b(?:{lexicon.pattern('questions.name')})\b", re.IGNORECASE),
}


def kinds_asked(asked: str) -> tuple[str, ...]:
    """Return the kinds of thing that a question asks for."""
    return tuple(kind for kind, asks in _ASKS.items() if asks.search(asked))


def holds(kind: str, sentence: str, language: str | None) -> bool:
    """Tell whether a sentence holds a thing of a kind, beyond its first letter.

    What its language has no words for is read as English, in digits that is.
    """
    if kind == "name":
        return bool(_NAME.search(sentence, 1))
    known = language if language and lexicon.supports(language, "numbers") else "en"
    return bool((_number if kind == "number" else _time)(known).search(sentence, 1))


@cache
def _number(language: str) -> re.Pattern[str]:
    """Return the pattern of a number; an article that may be one ("ein", "un") is none."""
    values = {
        word
        for feature in ("numbers", "scales", "fractions")
        for key in lexicon.section(language, feature)
        if key[:1].isdigit()
        for word in lexicon.words(f"{feature}.{key}", language)
    }
    values -= lexicon.words("numbers.article", language)
    return re.compile(rf"\d|\b(?:{lexicon.any_of(values)})s?\b", re.IGNORECASE)


@cache
def _time(language: str) -> re.Pattern[str]:
    days = (lexicon.words(f"dates.{day}", language) for day in ("today", "yesterday", "tomorrow"))
    known = lexicon.calendar(language)
    named = known.certain.union(known.month_names, *days)
    return re.compile(rf"{_YEAR}|\b(?:{lexicon.any_of(named)})\b", re.IGNORECASE)
