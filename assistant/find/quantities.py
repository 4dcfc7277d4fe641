"""Whether a sentence holds a number that may be what a question asks for.

A day of a month, a year, an hour, a part of a name ("COVID-19") and an age are numbers of something
else, and so is what is counted in another unit than the question's.
"""

import re
from functools import cache, lru_cache

from ingest.language import lexicon

_DIGITS = r"(?<![\w#:/.,-])(?:[$€£¥]\s?)?\d[\d.,]*\d?"
_HOUR = r"(?![.,]?\d|:\d|/\d|\s?[ap]\.?m\b)"
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d[.,]?")
_UNIT = re.compile(r"[\s\u00a0-]+([^\W\d_]+|%)|(%)")


def holds_quantity(sentence: str, language: str, asked: str) -> bool:
    """Tell whether a sentence of a language holds a number such as a question asks for.

    What is counted in another measure is none: "14 times", "16 per cent" of "how many people"; nor
    is two boats of "how long".
    """
    numbers = list(_pattern(language).finditer(sentence))
    if not numbers:
        return False
    dates = [found.span() for found in _dates(language).finditer(sentence)]
    counts, units = _measure_asked(asked)
    for found in numbers:
        start, end = found.span()
        if _YEAR.fullmatch(found[0]) or any(a <= start < b for a, b in dates):
            continue
        unit = _UNIT.match(sentence, end)
        measured = (unit[1] or unit[2]).lower() if unit else ""
        aged = unit is not None and sentence[end : end + 1] == "-" and measured in _TIMES
        other = measured in _MEASURES and measured[:4] not in asked.lower()
        fits = measured in units if units else not (counts and (aged or other))
        if fits:
            return True
    return False


@lru_cache(maxsize=256)
def _measure_asked(asked: str) -> tuple[bool, frozenset[str]]:
    """Return whether a question asks how many, and the units that it asks for."""
    units = (of for asks, of in _IN.items() if asks.search(asked))
    return bool(COUNTS.search(asked)), frozenset[str]().union(*units)


COUNTS = re.compile(rf"\b(?:{lexicon.pattern('questions.counts')})\b", re.IGNORECASE)
_IN = {
    re.compile(rf"\b(?:{lexicon.pattern(f'questions.in_{what}')})\b", re.IGNORECASE): (
        lexicon.words(f"measures.{what}")
    )
    for what in ("length", "time")
}
"""How one asks for what is given in some measure: "how long" in metres or in years."""

_TIMES = lexicon.words("measures.time")
_MEASURES = lexicon.words("measures") | lexicon.words("percent.words") | {"per", "times"}


@cache
def _pattern(language: str) -> re.Pattern[str]:
    """Return the pattern of a number in digits, or in words but for one: it is an article too."""
    values = {
        word
        for feature in ("numbers", "scales", "fractions")
        for key in lexicon.section(language, feature)
        if key[:1].isdigit() and key != "1"
        for word in lexicon.words(f"{feature}.{key}", language)
    }
    values -= lexicon.words("numbers.article", language)
    return re.compile(rf"{_DIGITS}{_HOUR}|\b(?:{lexicon.any_of(values)})s?\b", re.IGNORECASE)


@cache
def _dates(language: str) -> re.Pattern[str]:
    """Return the pattern of a day and its month, in either order."""
    months = lexicon.any_of(lexicon.calendar(language).months)
    day = r"\d{1,2}(?:st|nd|rd|th|er|\.|º)?"
    return re.compile(
        rf"\b(?:{months})\.?\s+{day}(?![\d.,]*\d)|\b{day}\s+(?:de\s+|of\s+)?(?:{months})\b",
        re.IGNORECASE,
    )
