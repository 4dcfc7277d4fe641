"""Tell what kind of thing a question asks for (a number, a time, somebody), and what holds one."""

import re
from collections.abc import Callable
from functools import cache

from assistant.find.quantities import holds_quantity
from assistant.understand.coreference import names
from ingest.language import lexicon
from ingest.language.letter_case import LOWER, UPPER
from ingest.language.speech import naming

_YEAR = r"\b(?:1[5-9]|20)\d\d\b"
_NAME = re.compile(r"\b[A-ZÀ-ÖØ-ÞА-ЯІЇЄҐ][\w’'-]+")
_CLAUSE = rf"(?:^|[,;:] |\b(?:{lexicon.pattern('questions.and')}) )"

_ASKS = {
    "number": re.compile(
        rf"\b(?:{lexicon.pattern('questions.number')})\b"
        rf"|\A\W*(?:{lexicon.pattern('questions.asks')})\b(?:\W+\w+){{1,5}}?"
        rf"\W+(?={lexicon.pattern('questions.quantities')}\b)",
        re.IGNORECASE,
    ),
    "time": re.compile(
        rf"\b(?:{lexicon.pattern('questions.time')})\b"
        rf"|{_CLAUSE}(?:{lexicon.pattern('questions.time_first')})\b",
        re.IGNORECASE,
    ),
    "name": re.compile(rf"\b(?:{lexicon.pattern('questions.name')})\b", re.IGNORECASE),
}


_ASKING = re.compile(
    rf"\b(?:{lexicon.pattern('questions.number', 'questions.time')})\b", re.IGNORECASE
)

_WHO = re.compile(
    rf"\W*(?:[^\W\d_]{{1,4}}\s+)?(?:{lexicon.pattern('questions.who')})\b", re.IGNORECASE
)
"""Asks for somebody, at its beginning: "for whom", "mit wem", "à qui"."""

_SAYS = re.compile(rf"\s+(?:{lexicon.pattern('questions.speech')})\b", re.IGNORECASE)
"""Who said something is told beside the words."""

_WHO_IS = re.compile(rf"\W*(?:{lexicon.pattern('questions.who_is')})\s+", re.IGNORECASE)
_COPULA = lexicon.pattern("follow_ups.copula")
_REPORTS = lexicon.any_of(lexicon.words("reporting.say") - lexicon.words("reporting.noun_like"))
_DAYS = frozenset().union(*(lexicon.calendar(one).certain for one in lexicon.languages()))
_MARKS = " “”„«»\"'‘’(—-"
_LAST_NAME = 2
"""Letters of what may be somebody's last name, at least."""


def kinds_asked(asked: str) -> tuple[str, ...]:
    """Return the kinds of thing that a question asks for.

    "Who is Ann Lee?" asks what she is, "Who won?" for somebody whom it does not name.
    """
    whose = _WHO.match(asked)
    if whose and not _SAYS.match(asked, whose.end()):
        who_is = _WHO_IS.match(asked)
        rest = asked[who_is.end() if who_is else whose.end() :].strip(" ?.!")
        return ("what somebody is",) if who_is and names(rest) == [rest] else ("somebody",)
    kinds = tuple(kind for kind, asks in _ASKS.items() if asks.search(asked))
    return ("number",) if kinds == ("number", "name") else kinds


def names_somebody_else(sentence: str, known: Callable[[str], bool]) -> bool:
    """Tell whether a sentence names somebody, or a body, that is not known from the question.

    One word that begins it need be no name, nor is a weekday, a month or an abbreviation.
    """
    for name in names(sentence):
        alone = " " not in name
        if alone and (sentence.lstrip(_MARKS).startswith(name) or name.lower() in _DAYS):
            continue
        if not naming.acronym(name) and not known(name):
            return True
    return False


def tells_what_somebody_is(sentence: str, asked: str) -> bool:
    """Tell whether a sentence says of whom a question names what they are.

    By a role before the name, or what stands behind it: a comma and a word that reports nothing,
    a bracket, a form of "to be".
    """
    last = (names(asked)[-1:] or [""])[0].rsplit(" ", 1)[-1]
    if len(last) < _LAST_NAME:
        return False
    after = rf"\s*(?:\(|,\s+(?!(?:{_REPORTS})\b)(?-i:[{LOWER}])|\s(?:{_COPULA})\b)"
    if re.search(rf"\b{re.escape(last)}\b{after}", sentence):
        return True
    before = re.findall(rf"([^\W\d_]+),?\s+(?:[{UPPER}][\w.’'-]*\s+)*{re.escape(last)}\b", sentence)
    return any(word.lower() in naming.ROLES for word in before)


def asking_words(asked: str) -> str:
    """Return the words that ask for a number or a time: what answers prints the thing, not them."""
    return " ".join(found[0] for found in _ASKING.finditer(asked))


def holds(kind: str, sentence: str, language: str | None, asked: str = "") -> bool:
    """Tell whether a sentence holds a thing of a kind, beyond its first letter.

    What its language has no words for is read as English, in digits that is.
    """
    if kind == "name":
        return bool(_NAME.search(sentence, 1))
    known = language if language and lexicon.supports(language, "numbers") else "en"
    if kind == "number":
        return holds_quantity(sentence, known, asked)
    return bool(_time(known).search(sentence, 1))


@cache
def _time(language: str) -> re.Pattern[str]:
    days = (lexicon.words(f"dates.{day}", language) for day in ("today", "yesterday", "tomorrow"))
    known = lexicon.calendar(language)
    named = known.certain.union(known.month_names, *days)
    return re.compile(rf"{_YEAR}|\b(?:{lexicon.any_of(named)})\b", re.IGNORECASE)
