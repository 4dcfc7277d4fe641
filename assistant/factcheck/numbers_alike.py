"""Numbers of a sentence that what it rests on does not print.

A reader takes 870 for 850 easily where all else is the same; who counts does not. And a number is
printed where it is of the same thing: 870 men are no wall of 870 metres.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from assistant.check.judge import stems
from assistant.factcheck.days_alike import DatedText
from assistant.understand.coreference import names
from ingest.language import lexicon
from ingest.language.numbers import NumberAt, numbers
from ingest.language.sentences import sentences

_BESIDE = 2
"""Words before a number, and after it, of which a sentence that prints it must have one."""

_WORD = re.compile(r"\w{3,}")


def values(dated: DatedText, language: str | None) -> dict[float, str]:
    """Return the numbers of a text with how it writes them, without those of its days."""
    return {one.value: dated.text[one.start : one.end] for one in _undated(dated, language)}


def unprinted(
    claim: DatedText, language: str | None, printed: Iterable[tuple[str, str | None]]
) -> str:
    """Return the first number of a sentence, as written, that no text prints of the same thing.

    Nothing where each is printed, in a sentence that has a word too that stands beside it here.
    """
    told = [
        (stems(text[start:end]), {one.value for one in numbers(text[start:end], tag)})
        for text, tag in printed
        for start, end in sentences(text)
    ]
    light = frequent(language)
    for one in _undated(claim, language):
        beside = _beside(claim.text, one) - light
        if not any(one.value in known and (not beside or beside & words) for words, known in told):
            return claim.text[one.start : one.end]
    return ""


def _undated(dated: DatedText, language: str | None) -> Iterator[NumberAt]:
    for one in numbers(dated.text, language):
        if not any(day.start < one.end and one.start < day.end for day in dated.named):
            yield one


def _beside(text: str, number: NumberAt) -> frozenset[str]:
    """Return the words next to a number, without their endings.

    Who is named before it has numbers of many things: an eight-time champion, eight years.
    """
    before = stems(" ".join(_WORD.findall(text[: number.start])[-_BESIDE:]))
    return (before - stems(" ".join(names(text[: number.start])))) | _after(text, number)


@cache
def frequent(language: str | None) -> frozenset[str]:
    """Return the stems of a language's frequent words, of all languages where it is not known."""
    return stems(" ".join(lexicon.words("search.stopwords", *filter(None, [language]))))


def instead(claim: DatedText, language: str | None, printed: DatedText, tag: str | None) -> str:
    """Return the one number that a printed sentence has where a sentence has another; else nothing.

    Of several that the sentence does not have it is the one of the same thing: of eight years and
    a "31-year-old" who got nine, the years. Else nobody can tell which.
    """
    known = values(claim, language)
    theirs = [one for one in _undated(printed, tag) if one.value not in known]
    if len({one.value for one in theirs}) > 1:
        light = frequent(language) | frequent(tag)
        of_mine = [_after(claim.text, one) - light for one in _undated(claim, language)]
        alike = [_after(printed.text, one) for one in theirs]
        theirs = [
            one
            for one, after in zip(theirs, alike, strict=True)
            if any(mine & after for mine in of_mine)
        ]
    values_left = {one.value for one in theirs}
    return printed.text[theirs[0].start : theirs[0].end] if len(values_left) == 1 else ""


def _after(text: str, number: NumberAt) -> frozenset[str]:
    """Return the words after a number, without their endings: what it counts stands there."""
    return stems(" ".join(_WORD.findall(text[number.end :])[:_BESIDE]))
